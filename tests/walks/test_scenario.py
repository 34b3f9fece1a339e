"""Scenario 3 of the domain, online; and what walks report afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock, geo
from core.media import READY, Listed, Photo
from core.people.services import organisation
from core.places.models import POLICE, Area, Place, PlaceArea
from core.walks import services
from core.walks.models import Walk, WalkPlace
from tests.walks.scene import DAY, add_place, at, sha256_of, square

LOGGED = (
    *(("belysning", 460 + 20 * n) for n in range(3)),
    ("belysning", 465),
    *(("skrap_dumpning", 460 + 25 * n) for n in range(2)),
    ("skrap_dumpning", 470),
    *(("entre_fasad", 460 + 20 * n) for n in range(2)),
    *(("vaxtlighet_sikt", 460 + 40 * n) for n in range(2)),
    *(("positivt_bevara", 460 + 40 * n) for n in range(2)),
)
"""Thirteen: two of them twice, two good, nine that four organisations answer for."""
BOARDS = (
    ("tk_drift", "trafik"),
    ("fack_handlaggare", "svoa"),
    ("fack_handlaggare", "sisab"),
    ("sdn_handlaggare", "sdn-farsta"),
)


@pytest.fixture
def thirteen(scene, phone, database):
    with database.transaction():
        scene.control("renhallning", "svoa", part=square(450, 450, 100))
        scene.control("byggnadsagare", "sisab")
    uids = []
    for kind, metres in LOGGED:
        uids.append(uuid4())
        good = {"nature": "positivt"} if kind == "positivt_bevara" else {}
        assert phone.log(uids[-1], scene.walk, kind=kind, position=at(metres, 500), **good).status_code == 201
    return uids


def test_thirteen_observations_two_twice_two_good_nine_sent_to_four(scene, thirteen, database, actors, client):
    with database.transaction() as session:
        walk = services.read_walk(scene.leader, scene.walk)
        pairs = services.pairs_of(scene.leader, walk)
        assert sorted(pair.kept.kind for pair in pairs if pair.metres <= 10) == ["belysning", "skrap_dumpning"]
        for pair in (pair for pair in pairs if pair.metres <= 10):
            services.merge(scene.leader, kept=pair.kept.uid, other=pair.other.uid)
        session.flush()
        waiting = services.waiting_on(scene.leader, walk)
        assert len(waiting) == 9
        assert services.send_all(scene.leader, scene.walk, [row.uid for row in waiting]) == 9
    counts = {}
    for role, board in BOARDS:
        receiver = actors(role, board)
        with database.transaction(write=False):
            rows = services.list_inbox(receiver).rows
            counts[board] = len(rows)
            assert len({row.kind_title for row in rows}) == 1, "only what they have rådighet over"
    assert sum(counts.values()) == 9
    assert min(counts.values()) > 0


def test_the_report_tells_what_came_of_it(scene, phone, phone_of, actors, database, client, queries):
    office, uids = phone_of(actors("tk_drift", "trafik")), [uuid4() for _ in range(3)]
    for uid in uids:
        phone.log(uid, scene.walk)
    with database.transaction():
        services.send_all(scene.leader, scene.walk, uids)
    for key in ("ta_emot", "atgarda"):
        office.move(uids[0], key, version=phone.read(uids[0]).json["version"])
    phone.move(uids[0], "verifiera", version=phone.read(uids[0]).json["version"])
    for version, key in enumerate(("starta", "avsluta"), 1):
        phone.move(scene.walk, key, version=version, what="walks")
    with database.transaction():
        other = services.add_walk(
            scene.leader, uid=uuid4(), title="=Igen", theme="allman", organiser="sdn-farsta",
            planned_at=scene.now, places=[scene.place],
        )  # fmt: skip
    phone.log(uuid4(), other.uid)
    with database.transaction(write=False), queries() as asked:
        found = services.report(scene.leader)
    assert len(asked) <= 7, "four, and how the transaction begins"
    [trafik] = found.receivers
    assert (trafik.name, trafik.open, trafik.answered, trafik.in_time, trafik.done, trafik.verified) == (
        "Trafiknämnden", [2, 0, 0, 0], 1, 1, 1, 1,
    )  # fmt: skip
    assert [(name, day + dark) for name, _, day, dark in found.walks] == [("Farsta stadsdelsnämnd", 1)]
    assert [(place, kind, count) for place, kind, count, *_ in found.again] == [("Farsta torg", "Belysning", 2)]
    client.login(scene.leader)
    page = client.get("/vandringar/rapport").text
    assert "Trafiknämnden" in page
    assert "Farsta torg" in page
    with database.transaction() as session:
        session.scalars(select(Place).where(Place.uid == scene.place)).one().level = 3
    assert "Farsta torg" not in client.get("/vandringar/rapport").text, "a protected place is not named"
    file = client.get("/vandringar/rapport.csv")
    assert file.headers["Content-Disposition"] == 'attachment; filename="vandringar.csv"'
    assert "Svar;Trafiknämnden;i tid;1" in file.text
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert "Trafiknämnden" not in client.get("/vandringar/rapport").text


def test_in_time_is_a_share_of_what_is_answered_or_late(scene, phone, database):
    uids = [uuid4() for _ in range(2)]
    for uid in uids:
        phone.log(uid, scene.walk)
    with database.transaction():
        services.send_all(scene.leader, scene.walk, uids)
    with clock.frozen(clock.now() + timedelta(days=60)), database.transaction(write=False):
        [trafik] = services.report(scene.leader).receivers
        assert (trafik.answered, trafik.owed, sum(trafik.open)) == (0, 2, 2)


def test_walks_are_counted_in_the_police_area_of_their_day(scene, phone, database, client):
    """The police promise so many a year (domain.md 2.1): twice in an area counts once, and as it was then."""
    with database.transaction() as session:
        second = session.scalars(
            select(Place.id).where(Place.uid == add_place("Gångvägen", square(600, 600, 50)))
        ).one()
        session.add(WalkPlace(walk_id=session.scalars(select(Walk.id)).one(), place_id=second))
        held = clock.local(session.scalars(select(Walk.planned_at)).one()).date()
        areas = [
            Area(
                kind=POLICE, code=code, name=code, geom=geo.multipolygon(square(0, 0, 1000)), source="Prov",
                organisation_id=home and organisation(home).id, valid_from=held + first * DAY,
                valid_to=held + last * DAY,
            )
            for code, home, first, last in (
                ("farsta", "polis-farsta", 0, 9), ("globen", None, -99, -1), ("soder", None, 10, 99)
            )
        ]  # fmt: skip
        session.add_all(areas)
        session.flush()
        places = session.scalars(select(Place.id)).all()
        session.add_all([PlaceArea(place_id=place, area_id=area.id) for place in places for area in areas])
    for version, key in enumerate(("starta", "avsluta"), 1):
        phone.move(scene.walk, key, version=version, what="walks")
    with database.transaction(write=False):
        [(name, year, day, dark)] = services.report(scene.leader).police
        assert (name, year, day + dark) == (organisation("polis-farsta").name, held.year, 1)
    client.login(scene.leader)
    assert name in client.get("/vandringar/rapport").text
    assert f"Lokalpolisområde;{name};{year}" in client.get("/vandringar/rapport.csv").text


def test_before_and_after_stand_beside_each_other_on_the_place(scene, phone, database, client):
    uid = uuid4()
    phone.log(uid, scene.walk)
    for role in ("iakttagelse", "efter"):
        listed = Listed(uuid4(), role=role)
        with database.transaction() as session:
            services.add_photo(scene.leader, uid, listed)
            photo = session.query(Photo).where(Photo.uid == listed.uid).one()
            photo.state, photo.received_sha256 = READY, sha256_of(role.encode())
        client.login(scene.leader)
        assert ("Före och efter" in client.get(f"/platser/{scene.place}").text) == (role == "efter")


def test_what_was_answered_stands_in_the_places_line_of_time(scene, phone, phone_of, actors, client, database):
    office, uid = phone_of(actors("tk_drift", "trafik")), uuid4()
    phone.log(uid, scene.walk)
    with database.transaction():
        services.send_all(scene.leader, scene.walk, [uid])
        assert organisation("trafik").name == "Trafiknämnden"
    for key in ("ta_emot", "planera"):
        office.move(uid, key, version=phone.read(uid).json["version"], answer="Vi byter lampan.")
    client.login(scene.leader)
    page = client.get(f"/platser/{scene.place}").text
    assert "Trafiknämnden: Vi byter lampan." in page
    assert "Svar på iakttagelse 1" in page
