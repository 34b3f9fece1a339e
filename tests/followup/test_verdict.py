"""What a measuring shows: better or worse only when the intervals lie apart and enough have answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.followup.effect import BETTER, FEW, NO_INTERVAL, OTHER_UNIT, OVERLAP, UNTOLD, WORSE, Measured, verdict, wilson

percents, answers = st.floats(0, 100), st.integers(1, 100_000)


def share(value, n):
    return Measured(value, n, unit="procent")


@given(percents, answers)
def test_an_interval_holds_its_value_and_lies_within_all(percent, n):
    low, high = wilson(percent, n)
    assert 0 <= low <= percent <= high <= 100


@given(percents, answers, st.integers(2, 50))
def test_more_answers_never_make_it_less_sure(percent, n, times):
    low, high = wilson(percent, n)
    narrower, lower = wilson(percent, n * times)
    assert lower - narrower <= high - low + 1e-9


@given(percents, percents, answers, answers, st.floats(-1000, 1000))
def test_which_way_is_better_turns_with_the_goal_and_nothing_else(first, second, n, m, target):
    before, after = share(first, n), share(second, m)
    told = verdict(before, after, target).key
    other = verdict(before, after, 2 * first - target).key
    if target == first or 2 * first - target == first:
        assert told == UNTOLD
    else:
        assert {told, other} in ({UNTOLD}, {BETTER, WORSE})


@given(percents, percents, st.integers(1, 29), answers)
def test_fewer_than_thirty_say_nothing(first, second, few, many):
    assert verdict(share(first, few), share(second, many), first + 1).key == UNTOLD
    assert verdict(share(first, many), share(second, few), first + 1).key == UNTOLD


@given(percents, percents, answers, answers)
def test_the_order_turns_better_into_worse(first, second, n, m):
    there = verdict(share(first, n), share(second, m), first + 1).key
    back = verdict(share(second, m), share(first, n), second + 1).key
    assert {there, back} in ({UNTOLD}, {BETTER, WORSE})


@pytest.mark.parametrize(
    ("before", "after", "target", "key", "why"),
    [
        (share(40, 400), share(55, 400), 60, BETTER, ""),
        (share(40, 400), share(25, 400), 60, WORSE, ""),
        (share(40, 400), share(25, 400), 20, BETTER, ""),
        (share(40, 60), share(50, 60), 60, UNTOLD, OVERLAP),
        (share(40, 400), share(90, 29), 60, UNTOLD, FEW),
        (Measured(120, unit="antal"), Measured(60, unit="antal"), 50, UNTOLD, NO_INTERVAL),
        (Measured(120, None, 110, 130, "antal"), Measured(60, None, 50, 70, "antal"), 50, BETTER, ""),
        (share(40, 400), Measured(60, None, 50, 70, "antal"), 60, UNTOLD, OTHER_UNIT),
    ],
)
def test_what_is_told(before, after, target, key, why):
    told = verdict(before, after, target)
    assert (told.key, told.why) == (key, why)
