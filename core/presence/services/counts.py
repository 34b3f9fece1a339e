"""Counts of people in bands of the day, and how they compare: the same place, weekday and band over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_, Text
from core.places.models import Place, places_behind
from core.presence import few
from core.presence.bands import band_called, minutes_of, span_of
from core.presence.few import Told
from core.presence.models import FlowCount
from core.presence.models.counts import READ, WRITE
from core.presence.services.choosing import PAGE, Page, own_organisation, paged, place_chosen
from core.presence.services.plans import is_own
from core.schema import Invalid

NUMBERS = ("adults_passing", "children_passing", "adults_staying", "children_staying")
COMPARED = 400
"""Counts of a place that are compared, the latest."""


@dataclass(frozen=True)
class Counted:
    """A count as somebody may be told it: its numbers, and how many that is in an hour."""

    count: FlowCount
    numbers: dict[str, Told]
    people: Told
    per_hour: int | None
    staying_percent: int | None

    @property
    def passing(self) -> Told:
        """Those who passed, as they may be told."""
        return _sum_of(self.numbers, "passing")

    @property
    def staying(self) -> Told:
        """Those who stayed, as they may be told."""
        return _sum_of(self.numbers, "staying")


def _sum_of(numbers: dict[str, Told], what: str) -> Told:
    """Return adults and children together; where one of them is not told, the sum is not either."""
    parts = [numbers[name] for name in NUMBERS if name.endswith(what)]
    known = [part for part in parts if isinstance(part, int)]
    return sum(known) if len(known) == len(parts) else few.UNTOLD


@dataclass(frozen=True)
class Line:
    """Counts of one place on the same weekday in the same band, the oldest first."""

    weekday: int
    band: str
    counts: list[Counted]


def add_count(actor: Actor, *, uid: UUID, organisation: str, place: UUID | None, **facts: Any) -> FlowCount:
    """Write down a count for an organisation (its code); once for each `uid`. Raises Denied, Invalid, Conflict."""
    access.require(actor, WRITE)
    content = db.fingerprint(organisation=organisation, place=place, **facts)
    if (known := access.made_before(actor, FlowCount, uid, content)) is not None:
        return known
    where = place_chosen(actor, place)
    _check(facts)
    row = FlowCount(
        uid=uid,
        content=content,
        place_id=where.id,
        organisation_id=own_organisation(actor, organisation, WRITE).id,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "flow_count:add", "flow_count", uid, level=where.level, day=row.day, band=row.band)
    return row


def _check(facts: dict[str, Any]) -> None:
    """Refuse what cannot have been: a band that has not begun, more minutes than it has, more women than people."""
    band = band_called(facts["band"])
    begins, _ = span_of(facts["day"], band)
    if begins > clock.now():
        raise Invalid(
            {"day": [N_("Välj i dag eller en tidigare dag. Efter midnatt är det fortfarande kvällens datum.")]}
        )
    if facts["minutes"] > (most := minutes_of(facts["day"], band)):
        raise Invalid({"minutes": [Text(N_("Tidsbandet är {n} minuter den dagen."), n=most)]})
    people = sum(facts[name] for name in NUMBERS)
    if (facts.get("women") or 0) + (facts.get("men") or 0) > people:
        raise Invalid({"women": [Text(N_("Kvinnor och män är fler än alla som räknats, {n}."), n=people)]})


def told(actor: Actor, row: FlowCount) -> Counted:
    """Return a count as the actor may be told it."""
    own = is_own(actor, row)
    shown = {name: few.told(getattr(row, name), own=own) for name in (*NUMBERS, "women", "men")}
    hidden = any(isinstance(number, str) for number in shown.values())
    people = few.told(row.people, own=own)
    if hidden and not isinstance(people, str):
        shown = _no_small_sum(row, shown)
    per_hour = None if isinstance(people, str) else round(row.people * 60 / row.minutes)
    share = None if people in (None, 0) or hidden else round(100 * row.staying / row.people)
    return Counted(row, shown, people, per_hour, share)


def _no_small_sum(row: FlowCount, shown: dict[str, Told]) -> dict[str, Told]:
    """Return the numbers, the whole being told: where one or few in all are hidden, the others are not told either."""
    result = dict(shown)
    for names in (NUMBERS, ("women", "men")):
        hidden = [name for name in names if isinstance(shown[name], str)]
        if len(hidden) == 1 or (hidden and sum(getattr(row, name) for name in hidden) < few.FEW):
            result |= {name: few.UNTOLD for name in names if name not in hidden and shown[name] is not None}
    return result


def list_counts(
    actor: Actor, place: UUID | None = None, *, after: tuple[date, int] | None = None, limit: int = PAGE
) -> Page:
    """Return counts as the actor may be told them, the latest first; of one place or all, in one query."""
    access.require(actor, READ)
    rows = select(FlowCount).options(joinedload(FlowCount.place), joinedload(FlowCount.organisation))
    rows = rows.where(access.rule_of(FlowCount, actor))
    if place is not None:
        rows = rows.where(FlowCount.place_id.in_(places_behind(place)))
    if after is not None:
        day, key = after
        rows = rows.where((FlowCount.day < day) | ((FlowCount.day == day) & (FlowCount.id < key)))
    rows = rows.order_by(FlowCount.day.desc(), FlowCount.id.desc())
    found = paged(list(db.session().scalars(rows.limit(limit + 1))), limit, lambda row: (row.day, row.id))
    return Page([told(actor, row) for row in found.rows], found.after)


def compared(actor: Actor, place: UUID) -> list[Line]:
    """Return the counts of a place by weekday and band, each over time: what is compared is as alike as can be."""
    access.require(actor, READ)
    rows = select(FlowCount).options(joinedload(FlowCount.organisation))
    rows = access.visible(rows.where(FlowCount.place_id.in_(places_behind(place))), actor)
    rows = rows.order_by(FlowCount.day.desc(), FlowCount.id.desc()).limit(COMPARED)
    lines: dict[tuple[int, str], list[Counted]] = {}
    for row in reversed(list(db.session().scalars(rows))):
        lines.setdefault((row.day.weekday(), row.band), []).append(told(actor, row))
    return [Line(weekday, band, counts) for (weekday, band), counts in sorted(lines.items())]


def counted_place(actor: Actor, uid: UUID) -> Place:
    """Return a place whose counts the actor reads. Raises Denied, Missing."""
    access.require(actor, READ)
    reached = access.rule_of(Place, actor) | access.within(actor, READ, Place.district_id)
    found = db.session().scalar(select(Place).where(Place.uid == uid, reached))
    if found is None:
        raise access.Missing("place", uid)
    return found


def place_uid(row: FlowCount) -> UUID:
    """Return the uid of the place of a count."""
    return db.session().get_one(Place, row.place_id).uid
