"""What comes again: from the plan or from when it was done (features G8), on days that every month has."""

from datetime import date

import pytest

from core.upkeep.recurring import DONE, PLANNED, RuleUnreadable, next_of


def day(text):
    return text and date.fromisoformat(text)


def days(rule, first, number, base=PLANNED):
    found, last = [], None
    for _ in range(number):
        last = next_of(rule, base, first=day(first), planned=last, done=last)
        found.append(last and last.isoformat())
    return found


def test_from_the_plan_it_keeps_its_days_however_late_it_was_done():
    """A round every three months: done six weeks late, the next one is still where it was planned."""
    rule = "FREQ=MONTHLY;INTERVAL=3"
    assert days(rule, "2027-01-15", 4) == ["2027-01-15", "2027-04-15", "2027-07-15", "2027-10-15"]
    late = {"first": day("2027-01-15"), "planned": day("2027-04-15"), "done": day("2027-05-28")}
    assert next_of(rule, PLANNED, **late) == day("2027-07-15")
    assert next_of(rule, DONE, **late) == day("2027-08-28")
    assert next_of(rule, DONE, first=day("2027-01-15")) == day("2027-01-15"), "never done yet"


@pytest.mark.parametrize(
    ("rule", "first", "told"),
    [
        ("FREQ=MONTHLY", "2027-01-31", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("FREQ=YEARLY", "2028-02-29", ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31", ["2027-01-31", "2027-03-31"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-12-28", ["2026-12-28", "2026-12-31", "2027-01-04"]),
        ("FREQ=YEARLY;BYMONTH=4,10;BYDAY=1MO", "2027-01-01", ["2027-04-05", "2027-10-04", "2028-04-03"]),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-12-21", ["2026-12-21", "2027-01-04", "2027-01-18"]),
        ("FREQ=DAILY;INTERVAL=10;COUNT=2", "2027-01-01", ["2027-01-01", "2027-01-11", None]),
        ("FREQ=MONTHLY;COUNT=2", "2027-01-31", ["2027-01-31", "2027-02-28", None]),
        ("FREQ=MONTHLY;UNTIL=20270228T000000Z", "2027-01-31", ["2027-01-31", "2027-02-28", None]),
        ("freq=weekly;byday=fr", "2027-01-01", ["2027-01-01", "2027-01-08"]),
    ],
    ids=["31 January", "29 February", "as written", "twice a week", "spring and autumn", "over week 53", "count",
         "count of months", "until", "small letters"],
)  # fmt: skip
def test_days_of_a_rule(rule, first, told):
    assert days(rule, first, len(told)) == told


def test_what_comes_only_far_ahead_does_not_come():
    assert next_of("FREQ=YEARLY;INTERVAL=60", PLANNED, first=day("2027-01-01"), planned=day("2027-01-01")) is None


@pytest.mark.parametrize(
    "wrong",
    ["", "varje vecka", "FREQ=", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=x",
     "FREQ=YEARLY;INTERVAL=9999", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;BYHOUR=3", "FREQ=DAILY;UNTIL=i morgon",
     "FREQ=WEEKLY;BYDAY=XX", "DTSTART:20270101\nRRULE:FREQ=DAILY", "FREQ=MONTHLY;BYSETPOS=400",
     "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTHDAY=31"],
)  # fmt: skip
def test_what_is_no_rule_is_refused(wrong):
    with pytest.raises(RuleUnreadable):
        next_of(wrong, PLANNED, first=day("2027-01-01"))
