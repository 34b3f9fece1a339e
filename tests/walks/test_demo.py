"""The demo city whole, as it is shown to somebody who tries Tryggplats."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core import access, demo, journal
from core import clock as core_clock
from core.app import house
from core.media import READY, Photo
from core.people.models import DEMO_ADDRESS, Organisation, Person
from core.people.services import actor_of
from core.places.models import DISTRICT, Area, Place, PlaceArea
from core.walks import services
from core.walks.models import Observation, Walk, WalkRoute, WalkStop
from core.walks.states import OBSERVATION


@pytest.fixture
def city(settings):
    """The demo city as `script/server` fills it, on an October day."""
    opened = house(replace(settings, demo_observations=300))
    with opened.transaction():
        demo.fill(access.system("demo"), day=date(2026, 10, 14))
    yield opened
    opened.dispose()


def to_take_again(session):
    """A coming walk, and the photos of before that a phone fetches with it."""
    coming = session.scalars(select(Walk).where(Walk.title == "Uppföljning Rinkebytorget")).one()
    walker = session.scalars(select(Person).where(Person.email == f"falt.sdn-jarva{DEMO_ADDRESS}")).one()
    found = services.working_set(actor_of(walker), coming.uid)
    return coming, [photo for _, photos in found.earlier for photo in photos]


@pytest.mark.long
@pytest.mark.one_database
def test_the_demo_city_is_one_that_a_stadsdel_could_recognise(city):
    with city.transaction(write=False) as session:
        districts = select(func.count(Place.district_id.distinct()))
        assert (session.scalar(select(func.count(Place.id))), session.scalar(districts)) == (40, 11)
        walks = Counter(session.scalars(select(Walk.state)))
        assert (walks.total(), len(walks)) == (13, 11), "thirteen walks, in every state there is"
        stops = select(WalkStop.walk_id).group_by(WalkStop.walk_id).having(func.count() == 3)
        whole = select(func.count(Walk.id)).where(
            Walk.id.in_(stops), Walk.purpose != "", Walk.id.in_(select(WalkRoute.walk_id))
        )
        assert session.scalar(whole) == 13, "each has a purpose, a way and its stops"
        seen = Counter(session.scalars(select(Observation.state)))
        assert 375 <= seen.total() <= 390, "three hundred on walks, the rest reported"
        assert (
            {"ny", "fordelad", "planerad", "atgardas_ej", "atgardad", "verifierad"}
            <= set(seen)
            <= set(OBSERVATION.states)
        )
        photographed = select(func.count(Photo.record_uid.distinct())).where(Photo.state == READY)
        assert session.scalar(photographed) >= seen.total() - 3 - 5, (
            "all but what is seen on the walk of today, and a few reports without a picture"
        )
        coming, photos = to_take_again(session)
        assert core_clock.local(coming.planned_at).date() > date(2026, 10, 14)
        assert len(photos) >= 5, "the same picture again, from where it was taken, the same way"
        assert all(photo.direction is not None and photo.longitude is not None for photo in photos)
        answering = select(Organisation.code).join(Observation, Observation.organisation_id == Organisation.id)
        assert len(set(session.scalars(answering))) > 4
        assert list(journal.verify()) == []


@pytest.mark.long
@pytest.mark.one_database
def test_a_demo_made_in_the_morning_tells_nothing_of_the_afternoon(database, clock):
    clock.stop_at("2026-10-14T08:30")
    with database.transaction() as session:
        demo.fill(access.system("demo"), day=date(2026, 10, 14))
        assert session.scalar(select(func.max(Observation.seen_at))) <= core_clock.now()
        begun = select(Walk.planned_at).where(Walk.state == "pagar")
        assert session.scalar(begun) <= core_clock.now() - timedelta(minutes=30), "what goes on has begun"
        boards = (
            select(Area.name).join(PlaceArea, PlaceArea.area_id == Area.id).join(Place, Place.id == PlaceArea.place_id)
        )
        boards = boards.where(Place.name == "Rinkebytorget", Area.kind == DISTRICT).order_by(Area.valid_from)
        assert session.scalars(boards).all() == ["Rinkeby-Kista", "Järva"], "as it was in 2022, and as it is"
