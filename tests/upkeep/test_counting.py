"""Terms counted around pauses, holidays and changes of clocks (domain.md 10.5; reliability.md T)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import STOCKHOLM
from core.upkeep.calendar import Calendar, Day, days, local_end_of_day
from core.upkeep.counting import (
    Pause,
    Window,
    after_hours,
    after_months,
    after_open_hours,
    count_days,
    merged,
    next_season,
    next_weekday,
)

TABLE = list(days(date(2025, 12, 1), date(2029, 1, 31)))
CALENDAR = Calendar(TABLE)
DAYTIME = Window(time(7), time(16))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=20))
PAUSES = st.lists(st.builds(lambda since, length: Pause(since, since + length), MOMENTS, LENGTHS), max_size=4)


def at(text):
    """A moment of Stockholm's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def pause(since, until, reason=""):
    return Pause(at(since).astimezone(UTC), at(until).astimezone(UTC), reason)


def last(start, count, *pauses, calendar=CALENDAR):
    return count_days(at(start), count, pauses, calendar=calendar)[-1].day.isoformat()


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-12-23 10:00", 5, "2027-01-05"),
        ("2026-06-18 10:00", 1, "2026-06-22"),
        ("2026-12-23 10:00", 1, "2026-12-28"),
        ("2026-11-21 12:00", 5, "2026-11-27"),
        ("2026-10-25 00:30", 1, "2026-10-26"),
    ],
    ids=["scenario 6", "midsommarafton", "julafton", "from a Saturday", "a day of 25 hours is one day"],
)
def test_working_days(start, count, due):
    assert last(start, count) == due
    assert CALENDAR.add_working_days(at(start).date(), count).isoformat() == due


@pytest.mark.parametrize(
    ("pauses", "due", "costs"),
    [
        ([], "2026-09-08", 0),
        ([("2026-09-02 09:00", "2026-09-02 15:00")], "2026-09-08", 0),
        ([("2026-09-02 09:00", "2026-09-04 10:00")], "2026-09-10", 2),
        ([("2026-09-04 12:00", "2026-09-07 07:00")], "2026-09-09", 1),
        ([("2026-09-02 09:00", "2026-09-03 09:00"), ("2026-09-03 08:00", "2026-09-04 10:00")], "2026-09-10", 2),
    ],
    ids=["none", "within a day", "two midnights", "a weekend takes no more than its Friday", "overlapping"],
)
def test_a_working_day_counts_that_ends_while_nothing_is_paused(pauses, due, costs):
    counted = count_days(at("2026-09-01 08:00"), 5, [pause(*one) for one in pauses], calendar=CALENDAR)
    assert counted[-1].day.isoformat() == due
    assert sum(CALENDAR.is_working_day(one.day) for one in counted if one.pause) == costs


def test_each_skipped_day_is_there_with_its_pause():
    reason = "Väntar på polisens spärr"
    counted = count_days(
        at("2026-09-01 08:00"), 2, [pause("2026-09-02 09:00", "2026-09-03 10:00", reason)], calendar=CALENDAR
    )
    assert [(one.day.day, one.number, one.pause.reason if one.pause else "") for one in counted] == [
        (2, None, reason), (3, 1, ""), (4, 2, ""),
    ]  # fmt: skip


@given(MOMENTS, st.integers(1, 30), PAUSES)
def test_days_are_unbroken_and_the_last_counts(start, count, pauses):
    counted = count_days(start, count, pauses, calendar=CALENDAR)
    assert all(other.day - one.day == timedelta(days=1) for one, other in pairwise(counted))
    assert [one.number for one in counted if one.number] == list(range(1, count + 1))
    assert counted[-1].number == count
    assert all(CALENDAR.is_working_day(one.day) for one in counted if one.number)
    without = CALENDAR.add_working_days(start.astimezone(STOCKHOLM).date(), count)
    assert counted[-1].day == without if not pauses else counted[-1].day >= without


@given(MOMENTS, LENGTHS, PAUSES)
def test_hours_run_outside_pauses_for_just_so_long(start, length, pauses):
    end = after_hours(start, length, pauses)
    paused = sum((max(timedelta(), min(one.until, end) - max(one.since, start)) for one in merged(pauses)), timedelta())
    assert end - start - paused == length


def test_hours_run_through_the_change_of_clocks():
    assert after_hours(at("2027-03-27 10:00"), timedelta(hours=24)).astimezone(STOCKHOLM).hour == 11
    assert after_hours(at("2026-10-24 10:00"), timedelta(hours=24)).astimezone(STOCKHOLM).hour == 9


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-01 08:00", 4, "2026-09-01 12:00"),
        ("2026-09-01 15:00", 2, "2026-09-02 08:00"),
        ("2026-09-04 15:30", 1, "2026-09-07 07:30"),
        ("2026-09-05 12:00", 9, "2026-09-07 16:00"),
        ("2026-09-01 03:00", 1, "2026-09-01 08:00"),
        ("2027-03-25 12:00", 3, "2027-03-30 08:00"),
    ],
    ids=["the same day", "over night", "over a weekend", "a whole day", "before it opens", "skärtorsdag until 14.00"],
)
def test_open_hours(start, hours, end):
    half = [
        Day(*(row.day, row.is_working, row.number, row.name), time(14)) if row.day == date(2027, 3, 25) else row
        for row in TABLE
    ]
    found = after_open_hours(at(start), timedelta(hours=hours), DAYTIME, Calendar(half))
    assert found == at(end)


def test_open_hours_stand_still_in_a_pause():
    paused = [pause("2026-09-01 10:00", "2026-09-02 09:00")]
    assert after_open_hours(at("2026-09-01 08:00"), timedelta(hours=4), DAYTIME, CALENDAR, paused) == at(
        "2026-09-02 11:00"
    )


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=2)), PAUSES)
def test_open_hours_end_while_it_is_open_and_nothing_is_paused(start, length, pauses):
    end = after_open_hours(start, length, DAYTIME, CALENDAR, pauses)
    local = end.astimezone(STOCKHOLM)
    assert CALENDAR.is_working_day(local.date())
    assert DAYTIME.opens < local.time() <= DAYTIME.closes
    assert not any(one.since < end <= one.until for one in merged(pauses))


def test_a_window_in_which_nothing_runs_is_a_mistake():
    with pytest.raises(ValueError, match="nothing runs"):
        after_open_hours(at("2026-09-01 08:00"), timedelta(hours=1), Window(time(16), time(7)), CALENDAR)


@pytest.mark.parametrize(
    ("first", "months", "day"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-15", 3, "2027-02-15"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_of_the_month(first, months, day):
    assert after_months(date.fromisoformat(first), months).isoformat() == day


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2026-12-24", "2026-12-28"),
        ("2026-12-31", "2027-01-04"),
        ("2026-06-19", "2026-06-22"),
        ("2027-03-26", "2027-03-30"),
        ("2026-11-25", "2026-11-25"),
    ],
    ids=["julafton", "nyårsafton", "midsommarafton", "långfredag", "a Wednesday"],
)
def test_a_statutory_term_ends_on_a_weekday(day, ends):
    assert next_weekday(date.fromisoformat(day)).isoformat() == ends


@pytest.mark.parametrize(
    ("first", "opens", "closes", "season"),
    [
        ("2026-11-25", (4, 15), (6, 15), ("2027-04-15", "2027-06-15")),
        ("2026-04-15", (4, 15), (6, 15), ("2027-04-15", "2027-06-15")),
        ("2026-09-01", (11, 15), (3, 15), ("2026-11-15", "2027-03-15")),
        ("2026-11-25", (2, 29), (3, 31), ("2027-02-28", "2027-03-31")),
    ],
    ids=["next spring", "one that has begun is not the next", "over new year", "29 February"],
)
def test_the_next_season(first, opens, closes, season):
    assert tuple(map(date.isoformat, next_season(date.fromisoformat(first), opens, closes))) == season


@given(st.dates(date(2026, 1, 2), date(2028, 12, 31)))
def test_a_pause_of_no_length_is_none(day):
    moment = local_end_of_day(day)
    assert merged([Pause(moment, moment)]) == []
