"""From what was seen to what was approved: ordered, shown, rejected, done again; and what is told of it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.flow import Refused
from core.upkeep.hooks import tryggplats_todo as upkeep_todo
from core.upkeep.models import Deadline
from core.walks import services as walks
from core.walks.models import Observation
from core.works import services
from core.works.hooks import tryggplats_todo as works_todo
from core.works.limits import FIX, MAKE_SAFE, RESPOND
from tests.works.conftest import order_row

pytestmark = pytest.mark.other_database_long


def seen(database, uid):
    with database.transaction(write=False) as session:
        return session.scalars(select(Observation).where(Observation.uid == uid)).one()


def frister(database, order):
    with database.transaction(write=False) as session:
        rows = session.scalars(select(Deadline).where(Deadline.subject_uid == order))
        return {row.kind: row for row in rows}


def refused(database, act, *args, **kwargs):
    """What stands in the way of something."""
    with pytest.raises(Refused) as caught, database.transaction():
        act(*args, **kwargs)
    return [str(one.message) for one in caught.value.objections]


def order(database, actor, observation, **said):
    with database.transaction():
        return walks.order_work(actor, observation, uuid4(), walks.Order(**said)).uid


def test_from_observation_to_approved(database, clock, sides, routed, move, show):
    """The reporter sees each step; the clock stops when it is said to be done, and runs on if that is not approved."""
    clock.stop_at("2026-12-23T10:00")
    what = routed(description="Lyktan vid bänken blinkar.")
    made = order(database, sides.orderer, what)
    row, thing = order_row(database, made), seen(database, what)
    assert (row.state, row.priority, row.category, row.number) == ("tilldelad", "p3", "belysning", "AO-00001")
    assert (thing.state, thing.answer) == ("atgardas", "Vi har beställt arbetet.")
    planned = frister(database, made)
    assert set(planned) == {RESPOND, FIX}, "P3 has no time to make safe in"
    assert planned[RESPOND].due_on.isoformat() == "2026-12-30"
    assert (planned[FIX].due_on.isoformat(), thing.done_on) == ("2027-01-22", planned[FIX].due_on)

    clock.pass_by(days=1)
    move(sides.doer, made, "kvittera")
    assert frister(database, made)[RESPOND].state == "klar"
    assert seen(database, what).answer == "Den som ska göra arbetet har tagit emot beställningen."
    assert refused(database, services.move_order, sides.doer, made, "fardiganmal") == [
        "Lägg till ett nytt foto, taget efter arbetet."
    ]
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal", reason="Bytt lampa.")
    assert seen(database, what).state == "atgardas", "nobody has judged it yet"

    clock.pass_by(days=1)
    move(sides.orderer, made, "underkann", reason="Den blinkar fortfarande.")
    again = frister(database, made)[FIX]
    assert (again.state, again.due_on.isoformat()) == ("oppen", "2027-01-22"), "it runs on from its own start"
    assert refused(database, services.move_order, sides.doer, made, "fardiganmal") == [
        "Lägg till ett nytt foto, taget efter arbetet."
    ], "that photo has been judged"
    clock.pass_by(days=1)
    show(sides.doer, made, width=50)
    done = core_clock.now()
    move(sides.doer, made, "fardiganmal", reason="Bytt hela lyktan.")
    clock.pass_by(days=3)
    move(sides.orderer, made, "godkann", reason="Ser bra ut.")
    assert frister(database, made)[FIX].met_at == done, "what is approved was done when it was said to be"
    thing = seen(database, what)
    assert (thing.state, thing.answer) == ("atgardad", "Arbetet är utfört och kontrollerat.")
    assert move(sides.orderer, made, "avsluta") == "avslutad"


def test_what_is_seen_beside_an_open_order_joins_it(database, sides, routed):
    """Within the radius of its kind; farther away it is another thing, and of another kind too."""
    first, near, far = routed(spot=(500, 500)), routed(spot=(506, 504)), routed(spot=(540, 500))
    made = order(database, sides.orderer, first)
    with database.transaction(write=False):
        assert [one.uid for one in walks.propose_order(sides.orderer, near).near] == [made]
        assert walks.propose_order(sides.orderer, far).near == []
    assert order(database, sides.orderer, near, join=made) == made
    assert seen(database, near).state == "atgardas"
    with database.transaction(write=False):
        about = services.orders_about("observation", [first, near, far])
        assert {uid: [one.number for one in rows] for uid, rows in about.items()} == {
            first: ["AO-00001"], near: ["AO-00001"], far: []
        }  # fmt: skip


def test_both_that_an_order_is_about_follow_it(database, sides, routed, move, show):
    first, near = routed(spot=(500, 500)), routed(spot=(506, 504))
    made = order(database, sides.orderer, first)
    order(database, sides.orderer, near, join=made)
    move(sides.doer, made, "kvittera")
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    move(sides.orderer, made, "godkann", reason="Ser bra ut.")
    assert {seen(database, uid).state for uid in (first, near)} == {"atgardad"}


def test_danger_is_ordered_as_danger_and_goes_first(database, sides, routed):
    """P0 has three clocks: one responds, makes safe and mends."""
    made = order(database, sides.orderer, routed(severity=4))
    assert order_row(database, made).priority == "p0"
    planned = frister(database, made)
    assert set(planned) == {RESPOND, MAKE_SAFE, FIX}
    assert {one.urgency for one in planned.values()} == {0}
    hours = {kind: (one.due_at - one.starts_at).total_seconds() / 3600 for kind, one in planned.items()}
    assert hours == {RESPOND: 0.25, MAKE_SAFE: 2, FIX: 24}


def test_what_is_done_by_ones_own_people_needs_no_contract(database, sides, routed):
    made = order_row(database, order(database, sides.orderer, routed(), own=True))
    assert (made.contract_id, made.executor_id) == (None, made.organisation_id)


def test_what_nobody_has_been_sent_is_not_ordered(database, sides, routed):
    said = refused(database, walks.order_work, sides.orderer, routed(send=False), uuid4(), walks.Order())
    assert said == ["Det går inte att beställa nu: läget är ”Ny”."]


def test_a_day_that_was_given_goes_before_the_count(database, clock, sides, routed):
    clock.stop_at("2027-03-01T08:00")
    made = order(database, sides.orderer, routed(), due_on=core_clock.today().replace(day=20))
    assert frister(database, made)[FIX].due_on.isoformat() == "2027-03-20"
    with database.transaction():
        services.reprioritise(sides.orderer, made, priority="p0", reason="Någon kan skära sig.")
    assert frister(database, made)[FIX].due_on.isoformat() == "2027-03-20", "whatever the new priority counts"


def test_an_order_is_one_thing_to_do_for_whoever_does_it(database, sides, ordered):
    """Its three clocks are not three things to do, nor is the order another beside them."""
    ours, theirs = ordered(contract=False), ordered()
    with database.transaction(write=False):
        waits = {actor: [*upkeep_todo(actor, 20), *works_todo(actor)] for actor in (sides.orderer, sides.doer)}
    assert [todo.link for todo in waits[sides.orderer] if not todo.whose] == [f"/arbeten/{ours}"]
    assert [todo.link for todo in waits[sides.doer] if not todo.whose] == [f"/arbeten/{theirs}"]


def test_what_two_orders_are_about_is_mended_when_both_are_done(database, sides, routed, ordered, move, show):
    """Opened again or withdrawn takes the word back, so that nobody is promised what nobody does."""
    what = routed()
    first = order(database, sides.orderer, what)
    second = order(database, sides.orderer, what, title="Gräv fram kabeln")

    def finish(made, width):
        move(sides.doer, made, "kvittera")
        show(sides.doer, made, width=width)
        move(sides.doer, made, "fardiganmal")
        move(sides.orderer, made, "godkann", reason="Bra.")

    finish(first, 40)
    assert seen(database, what).state == "atgardas", "the other is open"
    finish(second, 50)
    assert seen(database, what).state == "atgardad"
    move(sides.orderer, second, "avsluta")
    move(sides.orderer, second, "oppna_igen", reason="Kabeln ligger bar.")
    thing = seen(database, what)
    assert (thing.state, thing.answer) == ("atgardas", "Arbetet är inte klart än. Det görs om.")
    assert thing.done_on == max(frister(database, second)[FIX].due_on, core_clock.today())


def test_what_is_no_longer_ordered_is_no_longer_promised(database, sides, routed, move):
    what = routed()
    made = order(database, sides.orderer, what)
    move(sides.orderer, made, "aterkalla", reason="Lyktan ska bort.")
    thing = seen(database, what)
    assert (thing.state, thing.done_on, thing.answer) == ("mottagen", None, "Beställningen är återkallad.")
    move(sides.orderer, made, "ta_upp_igen", reason="Den blir kvar.")
    thing = seen(database, what)
    assert (thing.state, thing.done_on) == ("atgardas", frister(database, made)[FIX].due_on)


def test_what_has_no_day_is_planned_without_one(database, sides, routed):
    what = routed()
    made = order(database, sides.orderer, what, priority="p4")
    assert FIX not in frister(database, made)
    thing = seen(database, what)
    assert (thing.state, thing.done_on) == ("planerad", None)
    assert thing.answer == "Arbetet är planerat. Dagen är inte bestämd än."
