"""An observation is logged once, whatever the line does (sync-cases.md 1-8, reliability.md S1-S5, C4, C5, T6)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import clock as core_clock
from core import flow, journal, outbox
from core.access import Missing
from core.media import Photo
from core.places.models import Place
from core.walks import services
from core.walks.models import Observation
from plugins.klotter.models import Incident
from tests.media.samples import encoded
from tests.walks.scene import Phone, at


def counted(database, model):
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(model))


def errors_of(answer):
    return {entry["field"]: entry["message"] for entry in answer.json["errors"]}


def test_the_same_again_gets_the_first_answer(scene, phone, database):
    uid, said = uuid4(), {"description": "Mörkt vid trappan.", "position": at(500, 500), "severity": 3}
    first = phone.log(uid, scene.walk, **said)
    again = phone.log(uid, scene.walk, **said)
    assert (first.status_code, first.json["number"], first.json["state"]) == (201, 1, "ny")
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    assert counted(database, Observation) == 1


def test_what_was_changed_since_does_not_make_the_first_sending_another(scene, phone):
    """The phone did not get the answer; at the desk somebody has already mended the text."""
    uid = uuid4()
    phone.log(uid, scene.walk, description="Trasig lykta")
    phone.change(uid, version=1, description="Två trasiga lyktor")
    again = phone.log(uid, scene.walk, description="Trasig lykta")
    assert (again.status_code, again.json["description"], again.json["version"]) == (201, "Två trasiga lyktor", 2)


OTHERS = (
    {"description": "Annat"},
    {"kind": "skrap_dumpning"},
    {"severity": 4},
    {"position": at(501, 500)},
    {"seen_at": "2026-06-01T20:00:00Z"},
    {"photos": [{"uid": str(uuid4())}]},
)


@pytest.mark.one_database
def test_other_content_under_the_same_uid_changes_and_tells_nothing(scene, phone):
    uid, said = uuid4(), {"description": "HEMLIGT 4711", "position": at(500, 500)}
    first = phone.log(uid, scene.walk, **said).json
    for other in OTHERS:
        refused = phone.log(uid, scene.walk, **(said | other))
        assert refused.status_code == 409, other
        assert set(refused.json) == {"type", "title", "status", "instance", "detail"}
        assert "4711" not in refused.text
    assert phone.read(uid).json == first


def test_another_person_with_the_same_uid_is_told_the_same_and_overwrites_nothing(scene, phone, phone_of, actors):
    uid, said = uuid4(), {"description": "HEMLIGT 4711"}
    first = phone.log(uid, scene.walk, **said).json
    own = phone.log(uid, scene.walk, description="Något annat")
    for thief in (actors("falt", "sdn-farsta"), actors("sdn_samordnare", "sdn-jarva")):
        for content in (said, {"description": "Något annat"}):
            refused = phone_of(thief).log(uid, scene.walk, **content)
            assert (refused.status_code, refused.json) == (409, own.json)
    assert phone.read(uid).json == first


def test_eight_equal_requests_at_once_make_one_row(app, scene, phone, database):
    """Klotter, so that the plugin's case, the frist and the photo's row are made once too."""
    uid, photo = uuid4(), uuid4()
    said = {"kind": "klotter:klotter", "position": at(500, 500), "photos": [{"uid": str(photo)}]}
    with ThreadPoolExecutor(8) as pool:
        phones = [Phone(app.test_client(), phone.headers) for _ in range(8)]
        answers = list(pool.map(lambda one: one.log(uid, scene.walk, **said), phones))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_data() for answer in answers}) == 1
    assert [counted(database, model) for model in (Observation, Photo, Incident)] == [1, 1, 1]
    with database.transaction(write=False) as session:
        lines = session.scalars(select(journal.JournalLine.action).where(journal.JournalLine.subject_uid == uid)).all()
    assert lines == ["observation:log"]


def test_numbers_in_a_walk_have_no_holes(app, scene, phone):
    """Twelve phones at once; some log what is refused."""

    def log(turn):
        one = Phone(app.test_client(), phone.headers)
        return one.log(uuid4(), scene.walk, kind="finns_inte" if turn % 4 == 0 else "belysning")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(log, range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 9 + [422] * 3
    assert sorted(answer.json["number"] for answer in answers if answer.status_code == 201) == list(range(1, 10))


def test_a_queue_sent_again_and_again_in_any_order_gives_the_same_state(scene, phone, database):
    """The observation and two photos in every order, the whole queue twice (S1, S2)."""
    states = set()
    for order in permutations(("record", "first", "second")):
        uid, photos = uuid4(), {"first": uuid4(), "second": uuid4()}
        pictures = {name: encoded("image/jpeg", comment=name) for name in photos}
        for step in order * 2:
            if step == "record":
                listed = [{"uid": str(photo)} for photo in photos.values()]
                assert phone.log(uid, scene.walk, photos=listed).status_code == 201
            else:
                assert phone.resume(photos[step], pictures[step]).status_code == 200
        found = phone.read(uid).json
        known = {str(photo): name for name, photo in photos.items()}
        states.add(tuple(sorted((known[photo["uid"]], photo["state"]) for photo in found["photos"])))
    assert states == {(("first", "mottagen"), ("second", "mottagen"))}
    assert counted(database, Observation) == 6
    assert counted(database, Photo) == 12


UNMEANT = (
    ({"okänt": 1}, "okänt"),
    ({"severity": 5}, "severity"),
    ({"severity": True}, "severity"),
    ({"description": 7}, "description"),
    ({"description": "x" * 4001}, "description"),
    ({"description": "a\0b"}, "description"),
    ({"kind": "finns_inte"}, "kind"),
    ({"nature": "annan"}, "nature"),
    ({"seen_at": "2026-06-01T20:00:00"}, "seen_at"),
    ({"seen_at": "i går"}, "seen_at"),
    ({"position": {"latitude": 91, "longitude": 18}}, "position.latitude"),
    ({"position": {"latitude": 18.09, "longitude": 59.24}}, "position"),
    ({"position": {"latitude": 57.7, "longitude": 11.97}}, "position"),
    ({"photos": [{"uid": "inte en uid"}]}, "photos.0.uid"),
    ({"photos": [{"uid": str(uuid4()), "bytes": 2**40}]}, "photos.0.bytes"),
    ({"photos": [{"uid": str(uuid4()), "role": "annan"}]}, "photos.0.role"),
    ({"kind": "klotter:klotter", "details": {"hateful": "kanske"}}, "details.hateful"),
    ({"kind": "klotter:klotter", "details": {"färg": "röd"}}, "details.färg"),
    ({"kind": "belysning", "details": {"hateful": True}}, "details.hateful"),
    ({"state": "verifierad"}, "state"),
    ({"reporter_id": 1}, "reporter_id"),
)


@pytest.mark.one_database
def test_what_cannot_be_meant_is_refused_by_its_field(scene, phone, database):
    for said, field in UNMEANT:
        answer = phone.log(uuid4(), scene.walk, **said)
        assert (answer.status_code, field in errors_of(answer)) == (422, True), (said, answer.text)
    assert counted(database, Observation) == 0


TEXTS = ("Trasig 💡 lykta", "שלום עולם", "a\u202eb", "å\u0301 ä", "<script>alert(1)</script>", "rad 1\nrad 2")


def test_any_writing_comes_back_as_it_was_or_is_refused(scene, phone):
    kept = 0
    for text in TEXTS:
        uid = uuid4()
        answer = phone.log(uid, scene.walk, description=text)
        if answer.status_code == 201:
            kept += 1
            assert phone.read(uid).json["description"] == text
        else:
            assert errors_of(answer)["description"], text
            assert phone.read(uid).status_code == 404
    assert kept >= 4


CLOCKS = (
    (timedelta(0), True),
    (timedelta(minutes=9), True),
    (timedelta(minutes=11), False),
    (timedelta(days=-365), True),
    (timedelta(days=-367), False),
    (datetime(1970, 1, 1, tzinfo=UTC), False),
    (datetime(2099, 12, 31, tzinfo=UTC), False),
)


@pytest.mark.one_database
def test_the_clock_of_a_phone_is_believed_within_bounds(scene, phone, clock):
    """The server's time stands beside it in any case."""
    clock.stop_at(core_clock.now())
    now = core_clock.now()
    for said, believed in CLOCKS:
        told = now + said if isinstance(said, timedelta) else said
        answer = phone.log(uuid4(), scene.walk, seen_at=told.isoformat()).json
        assert datetime.fromisoformat(answer["seen_at"]) == (told if believed else now), said
        assert datetime.fromisoformat(answer["received_at"]) == now


def test_a_walk_that_is_closed_takes_in_nothing_more(scene, phone):
    logged = uuid4()
    phone.log(logged, scene.walk, description="I tid")
    assert phone.move(scene.walk, "stalla_in", "Det regnar", version=1, what="walks").status_code == 200
    refused = phone.log(uuid4(), scene.walk)
    assert refused.status_code == 409
    assert "inte att lägga till eller ändra iakttagelser" in refused.json["errors"][0]["message"]
    late = phone.change(logged, version=1, severity=1)
    assert (late.status_code, late.json["errors"]) == (409, refused.json["errors"]), "the protocol says what it says"
    assert phone.log(logged, scene.walk, description="I tid").status_code == 201, "the same again is still the first"


def test_a_walk_out_of_reach_looks_like_no_walk(scene, phone, phone_of, actors):
    stranger = phone_of(actors("sdn_samordnare", "sdn-jarva"))
    closed, missing = stranger.log(uuid4(), scene.walk), stranger.log(uuid4(), uuid4())
    assert (closed.status_code, missing.status_code) == (404, 404)
    assert closed.json | {"instance": ""} == missing.json | {"instance": ""}


def test_who_may_not_log_is_refused_before_the_body_is_read(scene, phone_of, actors):
    for role in ("polis", "tk_drift", "revisor"):
        answer = phone_of(actors(role, "sdn-farsta")).log(uuid4(), scene.walk, severity="rappakalja")
        assert answer.status_code == 403


def test_a_change_says_which_version_it_is_based_on(scene, phone, database):
    uid = uuid4()
    phone.log(uid, scene.walk, description="Mörkt", position=at(500, 500))
    assert phone.change(uid, description="Becksvart").status_code == 428
    changed = phone.change(uid, version=1, description="Becksvart", position=at(510, 500))
    newest = changed.json["version"]
    assert (changed.status_code, newest > 1, changed.json["description"]) == (200, True, "Becksvart")
    late = phone.change(uid, version=1, description="Inte så mörkt")
    assert (late.status_code, late.json["version"]) == (412, newest)
    assert phone.change(uid, version=newest + 1, severity=4).status_code == 412
    assert phone.read(uid).json["description"] == "Becksvart"
    with database.transaction(write=False) as session:
        line = select(journal.JournalDetail.detail).join(
            journal.JournalLine, journal.JournalLine.seq == journal.JournalDetail.seq
        )
        before = session.scalars(line.where(journal.JournalLine.action == "observation:change")).one()["before"]
    assert before["description"] == "Mörkt"
    assert before["point"].startswith("POINT")


def test_of_two_changes_at_once_one_is_told_that_it_was_late(app, scene, phone):
    uid = uuid4()
    phone.log(uid, scene.walk)
    with ThreadPoolExecutor(4) as pool:
        phones = [Phone(app.test_client(), phone.headers) for _ in range(4)]
        answers = list(pool.map(lambda one: one.change(uid, version=1, severity=3), phones))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert phone.read(uid).json["version"] == 2


def test_a_moved_position_moves_who_answers(scene, phone):
    uid = uuid4()
    first = phone.log(uid, scene.walk, position=at(500, 500)).json
    moved = phone.change(uid, version=1, position=at(1500, 500)).json
    assert (first["organisation"], first["coordinator"]) == ("Trafiknämnden", "Farsta stadsdelsnämnd")
    assert (moved["place"], moved["organisation"]) == (None, "Skarpnäcks stadsdelsnämnd")


def test_answers_to_a_kinds_own_questions_stay_readable(scene, phone, database):
    uid = uuid4()
    phone.log(uid, scene.walk, kind="klotter:klotter", details={"hateful": True})
    assert phone.read(uid).json["details"] == [{"label": "Det är hat, rasism eller hot", "text": "Ja"}]
    with database.transaction(write=False) as session:
        kept = session.scalars(select(Observation.details)).one()
    assert kept["schema"] == 1
    assert kept["values"] == {"hateful": True}


@pytest.mark.one_database
def test_the_rules_know_no_web(scene, actors, database):
    """The same service without any request (design.md 7)."""
    uid, stranger = uuid4(), actors("sdn_samordnare", "sdn-jarva")
    with database.transaction():
        services.log_observation(scene.leader, uid=uid, walk=scene.walk, kind="belysning")
    with database.transaction(), pytest.raises(Missing):
        services.read_observation(stranger, uid)
    with database.transaction():
        services.move_walk(scene.leader, scene.walk, "stalla_in", reason="Regn")
    with database.transaction(), pytest.raises(flow.Refused):
        services.log_observation(scene.leader, uid=uuid4(), walk=scene.walk, kind="belysning")
    assert counted(database, outbox.Task) == 0


@pytest.mark.one_database
def test_half_a_body_is_not_stored(scene, phone, database):
    headers = phone.headers | {"Content-Type": "application/json"}
    for body in (b"", b"{", b"[]", b'{"walk": NaN}', b'"x"', json.dumps({"walk": str(scene.walk)}).encode()[:-1]):
        answer = phone.client.put(f"/api/v1/observations/{uuid4()}", data=body, headers=headers)
        assert answer.status_code in (400, 422), body
    assert counted(database, Observation) == 0


def test_an_observation_is_as_protected_as_its_place(scene, phone, database):
    uid = uuid4()
    with database.transaction() as session:
        session.scalars(select(Place).where(Place.uid == scene.place)).one().level = 2
    phone.log(uid, scene.walk, position=at(500, 500))
    with database.transaction(write=False) as session:
        seen = session.scalars(select(Observation).where(Observation.uid == uid)).one()
        assert seen.level == 2, "its walk has level 1"
