"""Bands of the day, over midnight and over the change of clocks; and small counts."""

from datetime import UTC, date, datetime

import pytest

from core import clock
from core.presence import few
from core.presence.bands import bands, evening_of, minutes_of


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.STOCKHOLM).astimezone(UTC)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("moment", "day", "band"),
    [
        ("2027-01-15T22:59", date(2027, 1, 15), "20-23"),
        ("2027-01-15T23:00", date(2027, 1, 15), "23-02"),
        ("2027-01-16T00:30", date(2027, 1, 15), "23-02"),
        ("2027-01-16T03:00", date(2027, 1, 15), "02-05"),
        ("2027-01-16T05:00", date(2027, 1, 16), "05-09"),
        ("2027-03-28T03:30", date(2027, 3, 27), "02-05"),
        ("2027-10-31T02:30", date(2027, 10, 30), "02-05"),
    ],
)
def test_what_is_after_midnight_belongs_to_the_evenings_date(database, moment, day, band):
    with database.transaction(write=False):
        assert evening_of(at(moment)) == (day, band)


@pytest.mark.one_database
def test_the_night_of_the_change_of_clocks_is_an_hour_shorter_or_longer(database):
    with database.transaction(write=False):
        night, late = bands()["02-05"], bands()["23-02"]
        assert minutes_of(date(2027, 3, 26), night) == 180
        assert minutes_of(date(2027, 3, 27), night) == 120
        assert minutes_of(date(2027, 10, 30), night) == 240
        assert minutes_of(date(2027, 10, 30), late) == 180
        repeated = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # half past two for the second time
        assert evening_of(repeated) == (date(2027, 10, 30), "02-05")


def test_few_are_not_told_and_cannot_be_reckoned_from_the_sum():
    assert few.told_with_sum([3, 20], own=True) == ([3, 20], 23)
    assert few.told_with_sum([3, 20], own=False) == ([few.FEWER, 20], few.UNTOLD)
    assert few.told_with_sum([1, 2, 20], own=False) == ([few.FEWER, few.FEWER, 20], few.UNTOLD)
    assert few.told_with_sum([4, 4, 20], own=False) == ([few.FEWER, few.FEWER, 20], 28)
    assert few.told_with_sum([0, 20], own=False) == ([0, 20], 20)
    assert few.told_with_sum([3], own=False) == ([few.FEWER], few.FEWER)
