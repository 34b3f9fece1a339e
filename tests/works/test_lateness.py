"""What counts as late: within the days of a rule, without what stood still, with the contract that had the order."""

from datetime import date

import pytest

from core.schema import Invalid
from core.works import services
from core.works.models import Penalty, PenaltyRule
from core.works.services import proposing
from tests.works.conftest import add_contract, order_row
from tests.works.test_penalties import START, costly, penalties, run

__all__ = ["costly"]
pytestmark = pytest.mark.other_database_long
FIX = {"leg": "fix", "priority": "", "per": "dygn", "source": "AFD.51"}


@pytest.fixture
def late(clock, sides, costly, ordered, move):
    """An order that should have been mended yesterday: P1, acknowledged in time."""
    clock.stop_at("2026-12-01T10:00")
    made = ordered(priority="p1")
    move(sides.doer, made, "kvittera")
    clock.pass_by(days=2, minutes=-1)
    return made


def fix(database, sides, tab="att_gora"):
    return penalties(database, sides.orderer, tab).get("fix")


def test_what_is_no_longer_late_is_withdrawn_and_what_is_again_is_proposed_again(database, clock, sides, late):
    run(database)
    assert fix(database, sides).count == 1
    with database.transaction():
        services.reprioritise(sides.orderer, late, priority="p3", reason="Fel prioritet.")
    run(database)
    assert fix(database, sides) is None
    gone = fix(database, sides, "eftergivna")
    with database.transaction(write=False):
        assert [event.kind for event in services.penalty_events(sides.orderer, gone)] == ["aterta", "foresla"]
        assert services.tallies(sides.orderer) == []
    with database.transaction():
        services.reprioritise(sides.orderer, late, priority="p1", reason="Det var rätt ändå.")
    run(database)
    assert fix(database, sides).uid == gone.uid


def test_a_withdrawn_order_costs_nothing(database, sides, late, move):
    run(database)
    move(sides.orderer, late, "aterkalla", reason="Behövs inte.")
    run(database)
    assert fix(database, sides) is None


def test_what_stood_still_after_the_day_does_not_count(database, clock, sides, late, move):
    move(sides.doer, late, "pausa", pause="tilltrade", reason="Låst grind.")
    clock.pass_by(days=20)
    run(database)
    move(sides.doer, late, "ateruppta")
    run(database)
    assert fix(database, sides).count == 1
    clock.pass_by(hours=1)
    run(database)
    row = fix(database, sides)
    assert row.count == 2
    with database.transaction(write=False):
        told = services.penalty_events(sides.orderer, row)
        assert [event.kind for event in told] == ["raknat_om", "foresla"]
        assert told[0].reason == "Från 1000 till 2000 kr"


def test_only_lateness_within_the_days_of_a_rule_counts(database, clock, sides, ordered, move, show):
    """A new rule ends the one before; one that came later costs nothing for what was late before it."""
    clock.stop_at("2026-12-01T10:00")
    ordered(priority="p1")  # to be mended on 2 December at ten
    clock.stop_at("2026-12-10T09:00")

    def rule(amount, day):
        with database.transaction():
            services.add_penalty_rule(
                sides.orderer, sides.contract, **FIX, amount=amount, valid_from=date(2026, 12, day)
            )

    rule(1000, 8)
    run(database)
    assert (fix(database, sides).count, fix(database, sides).amount) == (3, 3000), "8, 9 and 10 December"
    rule(9000, 11)
    clock.stop_at("2026-12-20T09:00")
    run(database)
    assert (fix(database, sides).count, fix(database, sides).amount) == (3, 3000), "the rule that it was counted by"
    with database.transaction(write=False) as session:
        days = session.query(PenaltyRule.valid_from, PenaltyRule.valid_to).order_by(PenaltyRule.id).all()
        assert days == [(date(2026, 12, 8), date(2026, 12, 10)), (date(2026, 12, 11), None)]
    with pytest.raises(Invalid):
        rule(5000, 11)


def test_a_rule_that_has_ended_counts_for_what_was_late_before(database, clock, sides, late, move, show):
    with database.transaction() as session:
        uids = [uid for (uid,) in session.query(PenaltyRule.uid).filter(PenaltyRule.leg == "fix")]
        for uid in uids:
            services.end_penalty_rule(sides.orderer, uid, reason="Omförhandlat.")
    show(sides.doer, late)
    move(sides.doer, late, "fardiganmal")
    run(database)
    assert fix(database, sides).count == 1, "it held when the work was late"


def test_another_contract_pays_for_its_own_lateness_only(database, clock, sides, late, move):
    run(database)
    move(sides.doer, late, "overlamna", reason="Vi saknar folk.")
    clock.pass_by(days=20)
    with database.transaction():
        other = add_contract(sides.orderer, title="Jour för belysning")
        services.add_penalty_rule(sides.orderer, other.uid, **FIX, amount=700, valid_from=START)
    move(sides.orderer, late, "tilldela", contract=other.uid)
    run(database)
    row = fix(database, sides)
    assert (row.count, row.amount) == (1, 1000), "until it was handed back"
    assert order_row(database, late).starts_at > row.late_until, "the other begins by its own clocks"
    clock.pass_by(days=2)
    run(database)
    with database.transaction(write=False) as session:
        found = session.query(Penalty.contract_id, Penalty.amount).filter(Penalty.leg == "fix").order_by(Penalty.id)
        assert found.all() == [(row.contract_id, 1000), (other.id, 700)]


def test_who_gets_an_order_back_pays_for_both_times(database, clock, sides, late, move):
    run(database)
    move(sides.doer, late, "overlamna", reason="Vi saknar folk.")
    with database.transaction():
        other = add_contract(sides.orderer, title="Jour för belysning")
        other_doer = other.contractor_id
    move(sides.orderer, late, "tilldela", contract=other.uid)
    clock.pass_by(hours=1)
    assert order_row(database, late).executor_id == other_doer
    move(sides.doer, late, "overlamna", reason="Inte vårt.")
    move(sides.orderer, late, "tilldela", contract=sides.contract)
    run(database)
    assert counts(database) == [("foreslagen", 1)], "what it was late the first time is owed still"
    clock.pass_by(days=20)
    run(database)
    first, second = counts(database)
    assert first == ("foreslagen", 1)
    assert second[0] == "foreslagen"
    assert second[1] > 1, "and the second time is counted for itself"


def counts(database):
    with database.transaction(write=False) as session:
        rows = session.query(Penalty.state, Penalty.count).filter(Penalty.leg == "fix").order_by(Penalty.id)
        return [tuple(row) for row in rows]


def test_what_somebody_confirms_meanwhile_is_left_as_it_is(database, clock, sides, late):
    """The job has read what is late; a person confirms before it writes."""
    run(database)
    clock.pass_by(days=2)
    with database.transaction() as session:
        row = session.query(Penalty).filter(Penalty.leg == "fix").one()
        order, frist = session.execute(proposing._late_query(proposing.clock.now())).first()
        services.move_penalty(sides.orderer, row.uid, "bekrafta")
        proposing._propose(order, frist, proposing.clock.now())
        proposing._withdraw(row)
        assert (row.state, row.count) == ("bekraftad", 1)


def test_what_was_handed_back_costs_no_more_while_it_lies_with_who_ordered_it(database, clock, sides, late, move):
    run(database)
    move(sides.doer, late, "overlamna", reason="Vi saknar folk.")
    clock.pass_by(days=20)
    run(database)
    assert fix(database, sides).count == 1


def test_a_given_day_that_had_passed_is_not_the_next_contractors_to_keep(database, clock, sides, costly, ordered, move):
    clock.stop_at("2026-12-01T10:00")
    made = ordered(priority="p4", due_on=date(2026, 12, 2), due_source="Skötselplan SP-0001, 2026-12-02")
    move(sides.doer, made, "kvittera")
    clock.stop_at("2026-12-05T10:00")
    move(sides.doer, made, "overlamna", reason="Vi saknar folk.")
    with database.transaction():
        other = add_contract(sides.orderer, title="Jour för belysning")
        services.add_penalty_rule(sides.orderer, other.uid, **FIX, amount=700, valid_from=START)
    clock.stop_at("2026-12-07T10:00")
    move(sides.orderer, made, "tilldela", contract=other.uid)
    clock.stop_at("2026-12-20T10:00")
    run(database)
    with database.transaction(write=False) as session:
        counted = session.query(Penalty.contract_id, Penalty.count).filter(Penalty.leg == "fix").all()
        first = services.read_contract(sides.orderer, sides.contract).id
    assert counted == [(first, 3)], "3, 4 and 5 December, and nothing of whom it came to on the 7th"
