"""What shows that work was done: new pictures, added while it is worked with, and a sample that nobody foresees."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from core import clock as core_clock
from core.media import Listed
from core.schema import Invalid
from core.walks import services as walks
from core.walks.models import Observation
from core.works import services
from core.works.services import Said
from tests.works.conftest import order_row
from tests.works.test_chain import order, refused

pytestmark = pytest.mark.other_database_long


def test_a_picture_that_was_judged_is_no_new_one(database, clock, sides, ordered, move, show):
    clock.stop_at("2026-12-01T10:00")
    made = ordered()
    move(sides.doer, made, "kvittera")
    show(sides.doer, made, width=40)
    move(sides.doer, made, "fardiganmal")
    clock.pass_by(hours=1)
    move(sides.orderer, made, "underkann", reason="Trasig.")
    clock.pass_by(hours=1)
    show(sides.doer, made, width=40)
    said = refused(database, services.move_order, sides.doer, made, "fardiganmal", Said("Nu."))
    assert said == ["Lägg till ett nytt foto, taget efter arbetet."]
    show(sides.doer, made, width=41)
    assert move(sides.doer, made, "fardiganmal") == "klaranmald"


def test_photos_are_added_only_while_somebody_works_with_it(database, sides, ordered, move, show, client):
    made = ordered()
    move(sides.doer, made, "kvittera")
    first = show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    client.login(sides.doer)
    said = refused(database, services.add_photo, sides.doer, made, Listed(uuid4(), role="efter"))
    assert said == ["Ingen arbetar med arbetsordern nu, så foton läggs inte till."]
    with database.transaction():
        assert services.add_photo(sides.doer, made, Listed(first, role="efter")).uid == first, "the same again"
    assert "Lägg till foto" not in client.get(f"/arbeten/{made}").text


def test_who_does_the_work_cannot_know_what_is_in_the_sample(database, sides, ordered, move, show, monkeypatch):
    """It is drawn when it is said to be done; what was drawn stays drawn."""

    def done(made, drawn):
        monkeypatch.setattr("core.works.services.moves.randbelow", lambda _: drawn)
        show(sides.doer, made, width=40 + len(shown))
        shown.append(made)
        move(sides.doer, made, "fardiganmal")
        return order_row(database, made).on_site

    shown = []
    orders = [ordered() for _ in range(6)]
    for made in orders:
        move(sides.doer, made, "kvittera")
    assert {done(made, 1) for made in orders[:5]} == {False}
    assert done(orders[5], 0)
    move(sides.orderer, orders[5], "underkann", reason="Trasig.")
    assert done(orders[5], 1)


def test_joining_the_same_order_again_is_the_first_time(database, sides, routed):
    """A form that is sent twice carries the version that it was drawn with."""
    made, near = order(database, sides.orderer, routed()), routed(spot=(502, 500))
    version = walks_version(database, near)
    for _ in "ab":
        with database.transaction():
            joined = walks.order_work(sides.orderer, near, uuid4(), walks.Order(join=made), version=version)
            assert joined.uid == made
    with database.transaction(write=False):
        events = services.events_of(sides.orderer, [services.read_order(sides.orderer, made)])
        assert [event.kind for event in events].count("tillagd") == 1


def walks_version(database, uid):
    with database.transaction(write=False) as session:
        return session.query(Observation).filter(Observation.uid == uid).one().version


def test_a_day_of_another_age_is_a_mistyped_year(database, sides, ordered):
    with pytest.raises(Invalid) as wrong:
        ordered(due_on=date(2199, 12, 31))
    assert list(wrong.value.flat()) == ["due_on"]
    ordered(due_on=core_clock.today() + timedelta(days=4 * 365))
