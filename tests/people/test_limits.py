"""Roles limited to areas: named so that they outlive an import, of any kind of area, and never wider than said."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import geo
from core.journal import JournalDetail, JournalLine
from core.people import services
from core.people.models import Person
from core.places import areafiles
from core.places import services as places
from core.places.models import Area
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.walks import services as walks
from tests.walks.scene import add_place, scene, square

from .conftest import HOUSE

__all__ = ["scene"]
FARSTA = "stadsdelsnamndsomrade:farsta"
STADSDELAR = ("Norra Farsta", square(0, 600, 400)), ("Södra Farsta", square(0, 0, 600))


def bring_in(kind, *named, first=date(2023, 7, 1)):
    features = [
        areafiles.AreaFeature(name, areafiles.code_of(name), geo.multipolygon(shape), {}) for name, shape in named
    ]
    places.import_areas(HOUSE, features, kind=kind, valid_from=first, source="test")


@pytest.fixture
def reads(database):
    """Return the names of the places that somebody sees now, whatever was known of her roles before."""

    def names(actor):
        with database.transaction(write=False) as session:
            today = services.actor_of(session.get_one(Person, actor.id))
            return {row.name for row in places.list_places(today).rows}

    return names


@pytest.fixture
def corners(database, scene):
    """A place in each of two stadsdelar of Farsta, beside the scene's own."""
    with database.transaction():
        bring_in("stadsdel", *STADSDELAR)
        add_place("Norra torget", square(50, 900, 50))
        add_place("Södra torget", square(50, 50, 50))


def test_a_limit_outlives_an_import(database, actors, scene, corners, reads):
    """A new file, the same again in its place, one from a later day as another row: the limit is the same."""
    limited = actors("sdn_handlaggare", "sdn-farsta", areas=[FARSTA])
    everything = reads(limited)
    assert "Farsta torg" in everything
    for first, added in ((date(2024, 7, 1), 1), (date(2024, 7, 1), 0), (date(2025, 7, 1), 1)):
        with database.transaction() as session:
            before = set(session.scalars(select(Area.uid).where(Area.code == "farsta")))
            bring_in(places.DISTRICT, ("Farsta", square(0, 0, 1000)), first=first)
            after = set(session.scalars(select(Area.uid).where(Area.code == "farsta")))
            assert (before <= after, len(after - before)) == (True, added)
        assert reads(limited) == everything


def test_a_role_may_be_limited_to_a_stadsdel(database, actors, corners, reads):
    north = actors("sdn_handlaggare", "sdn-farsta", areas=["stadsdel:norra-farsta"])
    both = actors("sdn_handlaggare", "sdn-farsta", areas=["stadsdel:norra-farsta", "stadsdel:sodra-farsta"])
    assert reads(north) == {"Norra torget"}
    assert reads(both) >= {"Norra torget", "Södra torget"}
    with database.transaction():
        add_place("Nya torget", square(150, 900, 50))
    assert reads(north) == {"Norra torget", "Nya torget"}


def test_a_limit_whose_area_has_ended_gives_nothing(database, actors, corners, reads):
    """And not everything: a limit that cannot be found is still one."""
    north = actors("sdn_handlaggare", "sdn-farsta", areas=["stadsdel:norra-farsta"])
    with database.transaction():
        bring_in("stadsdel", ("Hela Farsta", square(0, 0, 1000)), first=date(2024, 1, 1))
    assert reads(north) == set()


def grant(database, **limits):
    """Let somebody new be a field worker in Farsta, with limits; return her uid."""
    with database.transaction():
        person = services.add_person(HOUSE, email="ny@tryggplats.example", name="Ny")
        home = services.organisation("sdn-farsta")
        services.grant_role(HOUSE, person, role="falt", organisation=home, valid_from=date(2020, 1, 1), **limits)
        return person.uid


def test_a_limit_that_names_no_area_is_refused(database):
    for limits, field in (({"areas": ["stadsdel:atlantis"]}, "areas"), ({"categories": ["belysnig"]}, "categories")):
        with pytest.raises(Invalid) as refused:
            grant(database, **limits)
        assert list(refused.value.flat()) == [field]


def test_what_was_seen_and_its_frist_are_limited_too(database, actors, scene):
    with database.transaction():
        walks.log_observation(scene.leader, uid=uuid4(), walk=scene.walk, kind="klotter:klotter")
    seen = {}
    for limit in (FARSTA, "stadsdelsnamndsomrade:skarpnack"):
        actor = actors("sdn_handlaggare", "sdn-farsta", areas=[limit])
        with database.transaction(write=False):
            rows = walks.observations_of(actor, walks.read_walk(scene.leader, scene.walk))
            seen[limit] = len(rows), len(upkeep.list_open(actor).rows)
    assert seen == {FARSTA: (1, 2), "stadsdelsnamndsomrade:skarpnack": (0, 0)}, "to clean it, and to send it on"


def test_the_journal_says_what_a_role_was_limited_to(database, scene):
    uid = grant(database, areas=[FARSTA], categories=["belysning"], valid_to=date(2099, 12, 31))
    with database.transaction(write=False) as session:
        lines = select(JournalDetail.detail).join(JournalLine, JournalLine.seq == JournalDetail.seq)
        said = session.scalars(lines.where(JournalLine.action == "role:grant", JournalLine.subject_uid == uid))
        assert said.one() == {
            "role": "falt",
            "organisation": "sdn-farsta",
            "valid_from": "2020-01-01",
            "valid_to": "2099-12-31",
            "areas": [FARSTA],
            "categories": ["belysning"],
        }
