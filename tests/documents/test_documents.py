"""A document is asked for, made by the worker with the asker's rights, kept for a while, handed out to her alone."""

import logging
import os
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from core import clock, media, outbox
from core.documents import Document, making, rendering
from core.documents.rendering import CannotRender
from core.documents.services import KEPT, sweep
from core.outbox import ATTEMPTS, Task
from core.people.models import RoleGrant
from tests.documents.conftest import KIND, TABLE
from tests.documents.papers import Paper

pytestmark = pytest.mark.other_database_long

HOSTILE = '<img src="file:///etc/passwd"></p><link rel="attachment" href="http://127.0.0.1:1/"> {{ 7*7 }}'


@pytest.fixture
def row_of(database):
    """A document as the database has it."""

    def read(uid):
        with database.transaction(write=False) as session:
            return session.scalar(select(Document).where(Document.uid == UUID(uid)))

    return read


@pytest.fixture
def quick(monkeypatch):
    """Let each PDF be a few bytes, for what is not about how it looks."""

    def render(html, pdf, parts, limits=None, **_):
        render.seen.append((html.read_text(), parts))
        pdf.write_bytes(b"%PDF " + html.read_bytes())

    render.seen = []
    monkeypatch.setattr(making, "render", render)
    return render.seen


@pytest.mark.one_database
def test_it_is_made_by_the_worker_and_handed_out(things, desk, work, row_of):
    """The whole way, with the real renderer: what somebody wrote stands in it as text, whatever it is."""
    asked = desk.ask(KIND, things.subject, word=HOSTILE)
    assert (asked.status_code, asked.json["state"], asked.json["percent"]) == (202, "waiting", 0)
    uid = asked.json["uid"]
    assert desk.fetch(uid).status_code == 404, "nothing to fetch yet"
    work()
    told = desk.read(uid).json
    assert (told["state"], told["percent"], told["failure"]) == ("done", 100, "")
    assert (told["filename"], told["media_type"]) == ("saken-at-alla.pdf", "application/pdf")
    answer = desk.fetch(uid)
    assert answer.headers["Content-Disposition"] == "attachment; filename=saken-at-alla.pdf"
    assert (len(answer.data), row_of(uid).bytes) == (told["bytes"], told["bytes"])
    paper = Paper(answer.data)
    assert (paper.language, paper.title) == ("sv", HOSTILE), "it is no markup here"
    assert "<pdfaid:part>3</pdfaid:part>" in paper.xmp.replace('pdfaid:part="3"', "<pdfaid:part>3</pdfaid:part>")
    assert things.gathered_by == [desk.actor.id], "with the rights of who asked"


@pytest.mark.one_database
def test_the_page_says_how_far_it_has_come_and_gives_the_file(things, client, actors, work, quick):
    asker = actors("sdn_samordnare", "sdn-farsta")
    client.login(asker)
    with_token = {"kind": KIND, "subject": str(things.subject), "word": "Hej"}
    answer = client.submit("/dokument", with_token, page="/")
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert 'data-module="watch"' in page.text
    assert client.get(f"{answer.location}/lage").json == {"state": "waiting"}
    assert "Saken" in client.get("/dokument").text
    work()
    assert client.get(f"{answer.location}/lage").json == {"state": "done"}
    done = client.get(answer.location).text
    assert f"{answer.location}/fil" in done
    assert client.get(f"{answer.location}/fil", buffered=True).data.startswith(b"%PDF")
    assert client.submit(f"{answer.location}/ta-bort", page=answer.location).status_code == 303
    assert client.get(answer.location).status_code == 404


@pytest.mark.one_database
def test_a_form_that_asks_for_what_there_is_not_is_told_so(things, client, actors):
    client.login(actors("sdn_samordnare", "sdn-farsta"))
    for fields, words in (
        ({"kind": "test:nothing", "subject": str(things.subject)}, "Välj ett alternativ i listan."),
        ({"kind": KIND, "subject": str(things.subject), "word": "x" * 6000}, "Korta texten till högst 5000 tecken."),
    ):
        answer = client.submit("/dokument", fields, page="/")
        assert (answer.status_code, words in answer.text) == (422, True), answer.text


@pytest.mark.one_database
def test_bad_questions_are_told_at_their_field(things, desk):
    def errors(answer):
        assert answer.status_code == 422, answer.json
        return [one["field"] for one in answer.json["errors"]]

    assert errors(desk.ask("test:nothing", things.subject)) == ["kind"]
    assert errors(desk.ask(KIND, things.subject, colour="red")) == ["options.colour"]
    assert errors(desk.ask(TABLE, things.subject, format="exe")) == ["options.format"]
    assert desk.ask(KIND, uuid4()).status_code == 404
    assert desk.listed() == []


@pytest.mark.one_database
def test_nothing_protected_becomes_a_document(things, desk):
    things.level = 3
    answer = desk.ask(KIND, things.subject)
    assert answer.status_code == 409
    assert answer.json["errors"][0]["message"] == "Om skyddade ärenden görs inga dokument."


def test_asked_for_twice_while_it_is_made_it_is_one(things, desk, work, quick):
    first = desk.ask(TABLE, things.subject).json["uid"]
    assert desk.ask(TABLE, things.subject).json["uid"] == first
    assert desk.ask(TABLE, things.subject, format="csv").json["uid"] != first
    work()
    assert desk.ask(TABLE, things.subject).json["uid"] != first, "made anew, for what it says may have changed"


@pytest.mark.one_database
def test_somebody_who_asks_for_too_many_at_once_waits(things, desk, monkeypatch):
    monkeypatch.setattr("core.documents.services.MOST_WAITING", 2)
    assert [desk.ask(KIND, things.subject, word=word).status_code for word in "abc"] == [202, 202, 409]


def test_nobody_else_sees_it_and_who_lost_the_right_has_lost_the_file(things, desk, desk_of, actors, work, quick):
    uid = desk.ask(KIND, things.subject).json["uid"]
    work()
    other = desk_of(actors("sdn_samordnare", "sdn-farsta"))
    assert [other.read(uid).status_code, other.fetch(uid).status_code, other.remove(uid).status_code] == [404] * 3
    assert other.listed() == []
    things.lost.add(desk.actor.id)
    assert desk.fetch(uid).status_code == 404


def test_who_lost_the_right_meanwhile_gets_no_document(things, desk, database, work, quick):
    uid = desk.ask(KIND, things.subject).json["uid"]
    with database.transaction() as session:
        session.execute(update(RoleGrant).where(RoleGrant.person_id == desk.actor.id).values(role="medarbetare"))
    work()
    told = desk.read(uid).json
    assert (told["state"], things.gathered_by) == ("failed", [])
    assert "får du inte läsa det" in told["failure"]


WHY = [("time", "för lång tid"), ("memory", "för stort"), ("crashed", "inte att rita")]


@pytest.mark.one_database
@pytest.mark.parametrize(("reason", "words"), WHY)
def test_one_that_cannot_be_made_says_why_and_what_to_do(things, desk, work, monkeypatch, reason, words, client):
    def render(*_, **__):
        raise CannotRender(reason)

    monkeypatch.setattr(making, "render", render)
    uid = desk.ask(KIND, things.subject).json["uid"]
    work()
    told = desk.read(uid).json
    assert (told["state"], told["percent"]) == ("failed", 100)
    assert words in told["failure"]
    client.login(desk.actor)
    assert words in client.get(f"/dokument/{uid}").text
    again = {"kind": KIND, "subject": str(things.subject), "word": "Hej"}
    assert client.submit("/dokument", again, page=f"/dokument/{uid}").status_code == 303


@pytest.mark.one_database
def test_a_fault_of_ours_is_tried_again_and_told_when_it_goes_on(things, desk, database, work, monkeypatch, caplog):
    def render(*_, **__):
        raise rendering.NotRendered("disk full")

    monkeypatch.setattr(making, "render", render)
    uid = desk.ask(KIND, things.subject).json["uid"]
    caplog.set_level(logging.CRITICAL)
    work()
    assert desk.read(uid).json["state"] == "waiting"
    with database.transaction() as session:
        session.execute(update(Task).values(attempts=ATTEMPTS - 1, run_at=clock.now()))
    work()
    assert desk.read(uid).json["state"] == "failed"
    assert "Något gick fel hos oss" in desk.read(uid).json["failure"]


def test_a_worker_killed_at_any_step_does_no_harm(things, desk, database, work, quick, monkeypatch, settings, row_of):
    """Ended before or after the file is there, it is made again; there is one file, and no stray one is named."""
    uid = desk.ask(TABLE, things.subject).json["uid"]
    for step in ("_note_progress", "_claim", "_waiting"):
        with monkeypatch.context() as patch:

            def die(*_, **__):
                raise SystemExit

            patch.setattr(making, step, die)
            with database.transaction():
                [task] = outbox.claim("killed", limit=1)
            with pytest.raises(SystemExit):
                making.make(task, database)
        with database.transaction() as session:  # as a dead worker's claim runs out
            session.execute(update(Task).values(claimed_until=None))
        assert desk.read(uid).json["state"] == "waiting", step
    work()
    row = row_of(uid)
    assert (row.state, desk.fetch(uid).status_code) == ("done", 200)
    with database.transaction(write=False):
        assert row.sha256 in {file.sha256 for file in media.store().whole.listed(row.sha256[:2])}


@pytest.mark.one_database
def test_what_a_killed_worker_left_is_swept(things, desk, database, work, quick, settings):
    """Of a document that is being made nothing goes, and nothing is left of one that was."""
    left, young = settings.data_dir / "making" / "left", settings.data_dir / "making" / "young"
    for folder in (left, young):
        folder.mkdir(parents=True)
        (folder / "document.html").write_text("Hej")
    long_ago = (clock.now() - timedelta(days=1)).timestamp()
    os.utime(left, (long_ago, long_ago))
    desk.ask(KIND, things.subject)
    work()
    with database.transaction():
        making.sweep_work()
    assert list((settings.data_dir / "making").iterdir()) == [young]


def test_made_twice_it_is_one(things, desk, database, quick, row_of):
    """Two workers, the first of whom was thought dead."""
    uid = desk.ask(KIND, things.subject).json["uid"]
    with database.transaction():
        [task] = outbox.claim("first", limit=1)
    making.make(task, database)
    first = row_of(uid).sha256
    making.make(task, database)
    assert row_of(uid).sha256 == first


@pytest.mark.one_database
def test_taken_back_while_it_is_made_it_leaves_no_file(things, desk, database, monkeypatch, work, settings):
    def render(html, pdf, parts, limits=None, **_):
        pdf.write_bytes(b"%PDF borttagen")
        assert desk.remove(uid).status_code == 204

    monkeypatch.setattr(making, "render", render)
    uid = desk.ask(KIND, things.subject).json["uid"]
    work()
    assert [path for path in (settings.data_dir / "photos").rglob("*") if path.is_file()] == []


def test_its_day_comes_and_its_file_goes_unless_another_has_it(things, desk, database, work, quick, settings):
    uids = [desk.ask(KIND, things.subject, word="Samma").json["uid"]]
    work()
    uids.append(desk.ask(KIND, things.subject, word="Samma").json["uid"])
    work()

    def files():
        return [path for path in (settings.data_dir / "photos").rglob("*") if path.is_file()]

    assert len(files()) == 1, "the same content is one file"
    with database.transaction() as session:
        row = session.scalars(select(Document).where(Document.uid == UUID(uids[0]))).one()
        assert row.ends_at - row.asked_at == KEPT
        row.ends_at = clock.now() - timedelta(seconds=1)
    with database.transaction():
        sweep()
    work()
    assert [desk.read(uid).status_code for uid in uids] == [404, 200]
    assert desk.fetch(uids[1]).status_code == 200
    assert desk.remove(uids[1]).status_code == 204
    work()
    assert files() == []


def test_files_of_documents_are_no_stray_ones(things, desk, database, work, quick, row_of):
    """The nightly look at the store leaves them, however old they are."""
    uid = desk.ask(KIND, things.subject).json["uid"]
    work()
    with clock.frozen(clock.now() + timedelta(days=3)), database.transaction():
        for _ in range(24):
            media.sweep_files()
        assert list(media.extra()) == []
    assert desk.fetch(uid).status_code == 200


@pytest.mark.one_database
def test_tables_are_made_of_the_same_rows(things, desk, work):
    things.rows = [(number, f"=Rad {number}") for number in range(1, 4)]
    uids = [desk.ask(TABLE, things.subject, format=kind).json["uid"] for kind in ("xlsx", "csv")]
    work()
    assert [desk.read(uid).json["filename"] for uid in uids] == ["tabell.xlsx", "tabell.csv"]
    assert desk.fetch(uids[0]).data.startswith(b"PK")
    assert desk.fetch(uids[1]).headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = desk.fetch(uids[1]).data.decode("utf-8-sig").splitlines()
    assert lines == ["Nr;Namn", "1;'=Rad 1", "2;'=Rad 2", "3;'=Rad 3"]


@pytest.mark.one_database
def test_a_long_list_is_read_in_as_many_questions_as_a_short_one(things, desk, database):
    from sqlalchemy import event

    asked = []
    for number in range(6):
        desk.ask(KIND, things.subject, word=str(number))
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(desk.listed()) == 6
    assert len(asked) < 12
