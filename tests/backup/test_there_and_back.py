"""A backup is only one when what comes back is what was there (R1, D18)."""

import stat

import pytest
from sqlalchemy import func, select

from core import backup, journal, media, upgrade
from core.backup import BackupRefused, restoring
from core.clock import now
from core.media import Photo
from core.people.models import Token, UserSession
from core.upkeep.models import Feed
from core.upkeep.services.feeds import make_feed
from core.walks.models import Observation
from tests.backup.conftest import HOUSE, counts, files, lines

LEFT = {"backup", "journal_detail", "journal_line", "restoration", "upload", "worker_lease"}
"""Tables in which a backup and its restoring leave something, or take something away."""


def logged_in(database):
    """How many sessions, keys to the API and addresses of calendars count now."""
    with database.transaction(write=False) as session:
        sessions = select(func.count()).select_from(UserSession).where(UserSession.ends_at > now())
        tokens = select(func.count()).select_from(Token).where(Token.ended_at.is_(None))
        feeds = select(func.count()).select_from(Feed).where(Feed.ended_at.is_(None))
        return session.scalar(sessions) + session.scalar(tokens) + session.scalar(feeds)


def test_all_is_there_again_row_by_row_and_file_by_file(
    database, lived, settings, scene, client, empty, opened, make, locks
):
    """Rows of every table, a plugin's too; files by hash; the journal's chain. All of it encrypted on its way."""
    client.login(scene.leader)
    with database.transaction():
        make_feed(scene.leader, None)
    secret, public = locks
    before, chain, stored = counts(database), lines(database), files(settings)
    assert before["klotter_incident"] == 1
    assert len(stored) == 3
    made = backup.make(HOUSE, database, make.folder / "kopia.tar.age", keys=backup.read_public(public))
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert b"tables/" not in made.file.read_bytes()
    copy = opened(empty)
    done = backup.restore(HOUSE, copy, made.file, keys=backup.read_secret(secret))
    after = counts(copy)
    assert {name for name in before if before[name] != after[name]} <= LEFT
    assert done.checked.count.all_rows == sum(before.values()) + 1, "the lease of the backup itself"
    assert files(empty) == stored
    assert lines(copy)[:-1] == chain
    heads = "journal/heads.jsonl"
    assert (empty.data_dir / heads).read_text() == (settings.data_dir / heads).read_text()
    with copy.transaction(write=False):
        assert list(journal.verify()) == list(media.verify()) == []
    assert upgrade.check(copy) == []
    assert (logged_in(database), logged_in(copy)) == (3, 0), "who was logged out since would be logged in again"
    with copy.transaction() as session:
        last = session.scalar(select(func.max(Photo.id)))
        session.add(photo := Photo())
        session.flush()
        assert photo.id == last + 1, "what comes later gets keys of its own"


@pytest.mark.other_database_long
def test_it_moves_to_the_other_kind_of_database(database, lived, empty_of, opened, make):
    other = empty_of("sqlite" if not database.embedded else "postgres")
    copy = opened(other)
    backup.restore(HOUSE, copy, make().file)
    with copy.transaction(write=False) as session:
        assert list(journal.verify()) == []
        assert session.scalar(select(func.count()).select_from(Observation)) == 3


@pytest.mark.one_database
def test_it_is_put_over_nothing(database, lived, make, run):
    made, before = make(), counts(database)
    status, said = run("restore", made.file)
    assert status == 1
    assert "Här finns redan data" in said
    assert counts(database) == before


@pytest.mark.other_database_long
@pytest.mark.parametrize("step", [pytest.param("_refuse_other_rows", marks=pytest.mark.long), "_move"])
def test_cut_off_after_a_step_nothing_is_there_and_it_can_be_done_again(
    lived, settings, empty, opened, make, monkeypatch, step
):
    made, copy, true_step = make(), opened(empty), getattr(restoring, step)

    def cut(*arguments):
        true_step(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(restoring, step, cut)
        backup.restore(HOUSE, copy, made.file)
    assert (counts(copy)["observation"], lines(copy)) == (0, [])
    backup.restore(HOUSE, copy, made.file)
    assert counts(copy)["observation"] == 3
    assert files(empty) == files(settings)
    heads = "journal/heads.jsonl"
    assert (empty.data_dir / heads).read_text() == (settings.data_dir / heads).read_text()


@pytest.mark.one_database
def test_what_became_something_else_on_its_way_is_refused(lived, empty, opened, make, monkeypatch):
    """A trigger or a default that changes a row is seen before anything is kept."""
    made, copy = make(), opened(empty)
    true_fill = restoring.tables.fill

    def fill(connection, table, values):
        true_fill(connection, table, values)
        if table.name == "place":
            connection.exec_driver_sql("UPDATE place SET name = 'Sergels torg'")

    monkeypatch.setattr(restoring.tables, "fill", fill)
    kept = empty.data_dir / "journal" / "heads.jsonl"
    kept.parent.mkdir()
    kept.write_text("of another installation")
    with pytest.raises(BackupRefused, match="place blev inte som"):
        backup.restore(HOUSE, copy, made.file)
    assert counts(copy)["place"] == 0
    assert kept.read_text() == "of another installation", "nothing is changed, beside the database either"
    assert not (empty.data_dir / "restoring").exists()
