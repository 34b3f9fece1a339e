"""The clocks of an order through what is undone: opened again, taken up again, given another priority or executor."""

from datetime import date

import pytest

from core.works import services
from core.works.limits import FIX, MAKE_SAFE, RESPOND
from tests.works.conftest import order_row
from tests.works.test_chain import frister, order

pytestmark = pytest.mark.other_database_long


def done(move, show, sides, made, *, reason="Bra."):
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    move(sides.orderer, made, "godkann", reason=reason)
    move(sides.orderer, made, "avsluta")


def test_an_order_opened_again_keeps_its_pauses_and_what_was_made_safe(database, clock, sides, ordered, move, show):
    clock.stop_at("2027-03-01T10:00")
    made = ordered(priority="p1")  # made safe in 4 hours, mended in 24
    clock.pass_by(hours=1)
    move(sides.doer, made, "kvittera")
    move(sides.doer, made, "sakra", reason="Avspärrat.")
    move(sides.doer, made, "pausa", pause="tilltrade", reason="Låst grind.")
    clock.pass_by(days=10)
    move(sides.doer, made, "ateruppta")
    clock.pass_by(hours=1)
    due = frister(database, made)[FIX].due_at
    done(move, show, sides, made)
    clock.pass_by(days=30)
    move(sides.orderer, made, "oppna_igen", reason="Trasig igen.")
    legs = frister(database, made)
    assert (legs[FIX].state, legs[FIX].due_at, legs[FIX].paused_seconds) == ("oppen", due, 10 * 86_400)
    assert legs[MAKE_SAFE].state == "klar", "that was done in time"


def test_an_order_taken_up_again_begins_anew(database, clock, sides, ordered, move):
    clock.stop_at("2027-03-01T10:00")
    made = ordered(priority="p1")
    move(sides.doer, made, "kvittera")
    move(sides.orderer, made, "aterkalla", reason="Ingen brådska.")
    clock.stop_at("2027-04-01T10:00")
    move(sides.orderer, made, "ta_upp_igen", reason="Den behövs ändå.")
    legs = frister(database, made)
    assert {leg.state for leg in legs.values()} == {"oppen"}
    assert {leg.due_on for leg in (legs[RESPOND], legs[MAKE_SAFE])} == {date(2027, 4, 1)}
    assert legs[FIX].due_on == date(2027, 4, 2)


def test_another_priority_lets_a_day_that_was_given_stand(database, clock, sides, routed):
    clock.stop_at("2027-03-01T08:00")
    made = order(database, sides.orderer, routed(), due_on=date(2027, 3, 20))
    with database.transaction():
        services.reprioritise(sides.orderer, made, priority="p1", reason="Någon har snubblat.")
    assert frister(database, made)[FIX].due_on == date(2027, 3, 20)
    assert order_row(database, made).terms["source"] == "Dagen som beställaren har satt"
