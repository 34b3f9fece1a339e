"""What an application costs: sums that always hold, capital cost that can be reckoned after, who runs it (F7)."""

from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import access, db, flow
from core.applications.models import COST_KINDS, Component
from core.applications.services import applications, costs, parts
from core.people.services import organisation
from core.schema import Invalid
from tests.applications.draft_scene import at_state, draft, scene

pytestmark = pytest.mark.other_database_long

__all__ = ["draft", "scene"]
LINE = {"kind": "entreprenad", "what": "", "capital": True}


def add(draft, amount, year=2027, **facts):
    return costs.add_row(draft.writer, draft.uid, "rad", uid=uuid4(), year=year, amount=amount, **(LINE | facts))


def test_what_is_sought_is_the_sum_of_the_lines_of_each_year(database, draft):
    with database.transaction():
        add(draft, 3_800_000)
        add(draft, 250_000, kind="projektering")
        last = add(draft, 2_000_000, 2028)
        years = costs.by_year(costs.rows_of(draft.row, "rad"))
        assert [(one.year, one.total) for one in years] == [(2027, 4_050_000), (2028, 2_000_000)]
        assert years[0].by_kind["projektering"] == 250_000
        assert draft.row.sought == 6_050_000
    with database.transaction():
        costs.change_row(draft.writer, "rad", last.uid, version=last.version, amount=1_000_000)
        assert draft.row.sought == 5_050_000
        with pytest.raises(db.Stale):
            costs.change_row(draft.writer, "rad", last.uid, version=last.version + 7, amount=1)
        costs.remove_row(draft.writer, "rad", last.uid, version=None)
        assert draft.row.sought == 4_050_000


def test_a_row_that_is_sent_twice_is_one_and_other_content_under_its_uid_is_told_apart(database, draft):
    line = LINE | {"uid": uuid4(), "year": 2027, "amount": 5}
    with database.transaction():
        first = costs.add_row(draft.writer, draft.uid, "rad", **line)
        assert costs.add_row(draft.writer, draft.uid, "rad", **line) is first
        with pytest.raises(db.Conflict):
            costs.add_row(draft.writer, draft.uid, "rad", **(line | {"amount": 6}))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "change", "remove")),
        st.integers(1, costs.MOST),
        st.integers(2026, 2030),
        st.sampled_from(sorted(COST_KINDS)),
    ),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_sums_are_the_same_whatever_is_done_in_whatever_order(database, draft, steps):
    """The sum that is kept, that of the years and that of the lines; what would be too much changes nothing."""
    with database.transaction():
        for row in costs.rows_of(draft.row, "rad"):
            costs.remove_row(draft.writer, "rad", row.uid, version=None)
    pick = count()
    for step, amount, year, kind in steps:
        try:
            with database.transaction():
                there = costs.rows_of(draft.row, "rad")
                if step == "add" or not there:
                    add(draft, amount, year, kind=kind)
                elif step == "change":
                    one = there[next(pick) % len(there)]
                    costs.change_row(draft.writer, "rad", one.uid, version=None, amount=amount, year=year)
                else:
                    costs.remove_row(draft.writer, "rad", there[next(pick) % len(there)].uid, version=None)
        except Invalid:
            pass  # what is refused leaves the sum as it was, which is looked at below
        with database.transaction():
            lines = costs.rows_of(draft.row, "rad")
            total = sum(line.amount for line in lines)
            assert draft.row.sought == total == sum(one.total for one in costs.by_year(lines)) <= costs.MOST


def test_capital_cost_is_written_off_in_equal_parts_with_interest_on_the_average_book_value():
    """1 000 000 over 10 years at 1,25 %: 100 000 a year, and 1,25 % of 950 000, 850 000 … (domain.md 1.2)."""
    lights, signs = Component(amount=1_000_000, years=10), Component(amount=30_000, years=2)
    told = costs.capital_cost([lights, signs], 1_250)
    assert [(one.written_off, one.book_value, one.interest) for one in told[:3]] == [
        (115_000, 950_000 + 22_500, 11_875 + 281),
        (115_000, 850_000 + 7_500, 10_625 + 94),
        (100_000, 750_000, 9_375),
    ]
    assert len(told) == 5


@given(st.integers(1, costs.MOST), st.integers(1, 100), st.integers(0, 10_000))
def test_what_is_written_off_in_all_is_what_was_invested(amount, years, rate):
    told = costs.capital_cost([Component(amount=amount, years=years)], rate, years)
    assert abs(sum(one.written_off for one in told) - amount) <= years
    assert all(one.interest >= 0 for one in told)
    assert [one.book_value for one in told] == sorted((one.book_value for one in told), reverse=True)


def test_running_for_nothing_needs_a_reason_and_a_year_may_wait(database, draft):
    trafik = organisation_uid(database, "trafik")
    known, later = {"amount": 40_000, "payer": trafik, "why": ""}, {"amount": None, "payer": None, "why": ""}

    def write(years):
        parts.write_part(draft.writer, draft.uid, "drift", **{f"ar{year}": known for year, known in years.items()})

    with database.transaction():
        write({1: known, 2: known, 3: later, 4: later, 5: later})
        found = costs.running_of(draft.row)
        assert {year: row.payer.code for year, row in found.items()} == {1: "trafik", 2: "trafik"}
        assert costs.lacks_of_running(found) == [3, 4, 5]
    nothing = known | {"amount": 0, "payer": None}
    with pytest.raises(Invalid) as refused, database.transaction():
        write({1: known, 2: nothing})
    assert list(refused.value.flat()) == ["ar2.why"]
    with database.transaction():
        write({1: later, 2: nothing | {"why": "Ingår i det som redan sköts."}})
        assert list(costs.running_of(draft.row)) == [2]


def organisation_uid(database, code):
    with database.transaction():
        return organisation(code).uid


def test_costs_are_locked_with_the_application_and_nobody_elses(database, draft, actors):
    other = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction():
        row = add(draft, 1_000)
        with pytest.raises(access.Missing):
            costs.add_row(other, draft.uid, "rad", uid=uuid4(), year=2027, amount=1, **LINE)
        with pytest.raises(access.Missing):
            costs.change_row(other, "rad", row.uid, version=None, amount=1)
        at_state(draft, "inskickad")
        with pytest.raises(flow.Refused, match="låst"):
            add(draft, 1)
        with pytest.raises(flow.Refused, match="låst"):
            costs.remove_row(draft.writer, "rad", row.uid, version=None)
        at_state(draft, "delvis_beviljad")
        assert add(draft, 1)  # the new plan
        assert applications.read_application(draft.writer, draft.uid).sought == 1_000, "what was applied for"
