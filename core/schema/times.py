"""Fields for dates and moments."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import fields

from core.clock import STOCKHOLM
from core.i18n import N_, Text
from core.schema.described import Described
from core.schema.messages import messages

YEARS = range(1900, 2201)
MONTHS = (
    N_("Januari"),
    N_("Februari"),
    N_("Mars"),
    N_("April"),
    N_("Maj"),
    N_("Juni"),
    N_("Juli"),
    N_("Augusti"),
    N_("September"),
    N_("Oktober"),
    N_("November"),
    N_("December"),
)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOCAL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})", re.IGNORECASE
)


class Date(Described, fields.Date):
    """A day, written 2027-02-28, in the years 1900 to 2200."""

    widget = "date"
    default_error_messages = messages(
        {
            "required": N_("Skriv ett datum, till exempel 2027-02-28."),
            "null": N_("Skriv ett datum, till exempel 2027-02-28."),
            "year": N_("Skriv ett år mellan 1900 och 2200, till exempel 2027-02-28."),
            "month": N_("Skriv en månad mellan 01 och 12, till exempel 2027-02-28."),
            "day": N_("{month} {year} har {days} dagar. Skriv till exempel {example}."),
        }
    )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        written = _DATE.fullmatch(value) if isinstance(value, str) else None
        if not written:
            raise self.make_error("invalid")
        year, month, day = map(int, written.groups())
        if year not in YEARS:
            raise self.make_error("year")
        if not 1 <= month <= len(MONTHS):
            raise self.make_error("month")
        last = monthrange(year, month)[1]
        if not 1 <= day <= last:
            raise self.make_error(
                "day", month=Text(MONTHS[month - 1]), year=year, days=last, example=date(year, month, last)
            )
        return date(year, month, day)

    def from_text(self, text: str) -> str:
        return text.strip()


class Instant(Described, fields.DateTime):
    """A moment, aware and in UTC.

    JSON: RFC 3339 with its offset. A form writes Stockholm's wall clock ("2027-03-27 23.30"); an hour that the
    change of clocks skips or repeats is refused, because nobody can know which moment is meant.
    """

    widget = "datetime"
    default_error_messages = messages(
        {
            "required": N_("Skriv datum och tid, till exempel 2027-02-28 18.30."),
            "null": N_("Skriv datum och tid, till exempel 2027-02-28 18.30."),
            "invalid": N_("Skriv datum och tid, till exempel 2027-02-28 18.30."),
            "zone": N_("Skriv tiden med tidszon, till exempel 2027-02-28T18:30:00+01:00."),
            "skipped": N_("Välj en annan tid. Klockan ställs fram den natten, så {time} finns inte."),
            "repeated": N_("Välj en annan tid. Klockan ställs tillbaka den natten, så {time} finns två gånger."),
            "year": N_("Skriv ett år mellan 1900 och 2200, till exempel 2027-02-28 18.30."),
        }
    )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not _INSTANT.fullmatch(value):
            self._refuse_local(value)
            raise self.make_error("invalid")
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            raise self.make_error("invalid") from None
        if moment.year not in YEARS:
            raise self.make_error("year")
        return moment.astimezone(UTC)

    def _refuse_local(self, value: str) -> None:
        """Say what is wrong with a wall clock's time that `from_text` left as it is, or that JSON held."""
        wall = _wall_clock(value)
        if wall is None:
            if written := _LOCAL.fullmatch(value):
                Date().deserialize(written[1])  # of a day that there is not it says how many there are
            return
        if not _exists(wall):
            raise self.make_error("skipped", time=f"{wall:%H.%M}")
        if _offset(wall, 0) != _offset(wall, 1):
            raise self.make_error("repeated", time=f"{wall:%H.%M}")
        raise self.make_error("zone")

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{self.name}: a moment without a time zone"
            raise ValueError(message)
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def from_text(self, text: str) -> str:
        text = text.strip()
        wall = _wall_clock(text)
        if wall is None or wall.year not in YEARS or not _exists(wall) or _offset(wall, 0) != _offset(wall, 1):
            return text
        return wall.replace(tzinfo=STOCKHOLM).isoformat()

    def to_text(self, value: Any) -> str:
        return f"{datetime.fromisoformat(value).astimezone(STOCKHOLM):%Y-%m-%d %H.%M}"


def _wall_clock(text: str) -> datetime | None:
    written = _LOCAL.fullmatch(text)
    if not written:
        return None
    try:
        day, *clock = written.groups("00")
        return datetime.fromisoformat(f"{day}T{':'.join(clock)}")
    except ValueError:
        return None


def _offset(wall: datetime, fold: int) -> object:
    return wall.replace(tzinfo=STOCKHOLM, fold=fold).utcoffset()


def _exists(wall: datetime) -> bool:
    there = wall.replace(tzinfo=STOCKHOLM)
    if wall.year not in YEARS:
        return True
    return there.astimezone(UTC).astimezone(STOCKHOLM).replace(tzinfo=None) == wall
