"""Working days, against the real holiday list, an Easter of our own, and the facts of domain.md 10.5."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.upkeep.calendar import (
    Calendar,
    OutsideCalendar,
    days,
    holidays_of,
    is_working_day,
    local_end_of_day,
)

FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
CALENDAR = Calendar(days(FIRST, LAST))
in_calendar = st.dates(FIRST, date(2029, 12, 31))


def rows(shared_data, name):
    with (shared_data / "calendar" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_holidays_are_those_of_the_list(shared_data):
    listed = rows(shared_data, "se_helgdagar_2024-2030.csv")
    off = {
        date.fromisoformat(row["datum"]): row["namn"]
        for row in listed
        if row["slag"] in {"allmän_helgdag", "likställd_afton"}
    }
    ours = {day: name for year in range(2024, 2031) for day, name in holidays_of(year).items()}
    assert ours.keys() == off.keys()
    differing = {(name, off[day]) for day, name in ours.items() if name not in off[day]}
    assert differing == {("Nationaldagen", "Sveriges nationaldag")}
    eves = {row["datum"] for row in listed} - {day.isoformat() for day in off}
    assert all(date.fromisoformat(day) not in ours for day in eves)  # skärtorsdag, klämdagar: people are at work


@pytest.mark.parametrize(
    ("year", "count"), [(2024, 251), (2025, 249), (2026, 251), (2027, 253), (2028, 251), (2029, 250), (2030, 250)]
)
def test_working_days_per_year(year, count):
    assert sum(day.is_working for day in days(date(year, 1, 1), date(year, 12, 31))) == count


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian method, as an oracle apart from the library."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * moon) // 451
    month, day = divmod(h + moon - 7 * m + 114, 31)
    return date(year, month, day + 1)


def saturday_from(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7)


@pytest.mark.parametrize("year", range(2024, 2041))
def test_holidays_agree_with_the_law_and_an_independent_easter(year):
    sunday, midsummer = easter(year), saturday_from(date(year, 6, 20))
    expected = {date(year, month, day) for month, day in
                [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]}  # fmt: skip
    expected |= {sunday + timedelta(days=offset) for offset in (-2, 0, 1, 39, 49)}
    expected |= {midsummer - timedelta(days=1), midsummer, saturday_from(date(year, 10, 31))}
    assert set(holidays_of(year)) == expected


def test_holidays_have_swedish_names():
    assert holidays_of(2027)[date(2027, 6, 25)] == "Midsommarafton"
    assert holidays_of(2027)[date(2027, 11, 6)] == "Alla helgons dag"


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-12-23", 5, "2027-01-05"),  # domain.md 10.5, acceptance scenario 6
        ("2027-06-23", 5, "2027-07-01"),
        ("2027-03-25", 1, "2027-03-30"),  # Easter
        ("2027-03-27", 1, "2027-03-30"),  # from a Saturday
        ("2026-06-18", 1, "2026-06-22"),  # midsommarafton is the Friday
        ("2026-11-20", 10, "2026-12-04"),
    ],
)
def test_a_term_in_working_days(start, count, due):
    assert CALENDAR.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(due)


@given(in_calendar, st.integers(1, 60))
def test_a_term_ends_on_the_nth_working_day_after_its_start(start, count):
    due = CALENDAR.add_working_days(start, count)
    walked = [start + timedelta(days=step) for step in range(1, (due - start).days + 1)]
    assert sum(is_working_day(day) for day in walked) == count
    assert is_working_day(due)
    assert CALENDAR.number(due) - CALENDAR.number(start) == count


def test_a_term_of_no_days_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.add_working_days(FIRST, 0)


def test_the_calendar_says_where_it_ends():
    for ask in (
        lambda: CALENDAR.number(date(2031, 1, 1)),
        lambda: CALENDAR.is_working_day(date(2023, 12, 31)),
        lambda: CALENDAR.add_working_days(date(2030, 12, 30), 5),
        lambda: CALENDAR.add_working_days(date(2031, 1, 2), 1),
    ):
        with pytest.raises(OutsideCalendar):
            ask()


def test_the_citys_own_closed_days_are_no_working_days():
    bridge_day = date(2027, 5, 7)
    closed = {bridge_day: "Klämdag"}
    calendar = Calendar(days(FIRST, LAST, closed=closed))
    assert is_working_day(bridge_day)
    assert not is_working_day(bridge_day, closed)
    assert calendar.add_working_days(date(2027, 5, 5), 1) == date(2027, 5, 10)
    assert [row.name for row in days(bridge_day, bridge_day, closed=closed)] == ["Klämdag"]


def test_a_calendar_can_be_continued_where_it_ended():
    whole = list(days(FIRST, LAST))
    first = list(days(FIRST, date(2026, 12, 31)))
    assert first + list(days(date(2027, 1, 1), LAST, before=first[-1].number)) == whole
    assert Calendar(reversed(whole)).add_working_days(date(2026, 12, 23), 5) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2027-03-15", "2027-03-15T23:00:00+00:00"),
        ("2027-03-28", "2027-03-28T22:00:00+00:00"),  # the clocks went forward that morning
        ("2027-07-01", "2027-07-01T22:00:00+00:00"),
        ("2027-10-31", "2027-10-31T23:00:00+00:00"),  # and back
        ("2027-12-31", "2027-12-31T23:00:00+00:00"),
    ],
)
def test_a_day_ends_at_midnight_in_stockholm(day, end):
    assert local_end_of_day(date.fromisoformat(day)).isoformat() == end


def test_a_local_day_has_23_24_or_25_hours():
    lengths = {
        day.day: local_end_of_day(day.day) - local_end_of_day(day.day - timedelta(days=1))
        for day in days(date(2027, 1, 1), date(2027, 12, 31))
    }
    odd = {day: length for day, length in lengths.items() if length != timedelta(hours=24)}
    assert odd == {date(2027, 3, 28): timedelta(hours=23), date(2027, 10, 31): timedelta(hours=25)}
