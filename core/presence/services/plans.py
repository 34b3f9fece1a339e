"""Presence that is promised and what came of it: hours month by month, planned beside done, and contacts as numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.places.models import places_behind
from core.presence import few
from core.presence.bands import DAY, PRESENCE, between, known_kind
from core.presence.few import Told
from core.presence.models import PresenceCount, PresencePlan
from core.presence.models.plans import EDIT, READ, REPORT
from core.presence.services.choosing import (
    PAGE,
    Page,
    at,
    falls_on,
    in_order,
    level_of,
    organisation_chosen,
    own_organisation,
    paged,
    times_written,
    where_chosen,
)
from core.schema import Invalid
from core.upkeep.counting import after_months

WHOLE = (PresencePlan.place, PresencePlan.area, PresencePlan.organisation, PresencePlan.done_by)
MONTHS = 6
"""Months that a promise is followed over on its page."""


@dataclass(frozen=True)
class Month:
    """A month of a promise: hours that were promised and done (none where nothing is told), and contacts."""

    month: date
    planned: Decimal
    done: Decimal | None
    contacts: Told
    note: str

    @property
    def lacks(self) -> bool:
        """Whether less was done than was promised, in a month that is over."""
        return self.done is not None and self.done < self.planned


def add_plan(
    actor: Actor,
    *,
    uid: UUID,
    organisation: str,
    place: UUID | None = None,
    area: UUID | None = None,
    done_by: UUID | None = None,
    **facts: Any,
) -> PresencePlan:
    """Promise presence for an organisation (its code) on a place or in an area; once for each `uid`.

    Raises Denied, Invalid, Conflict.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(organisation=organisation, place=place, area=area, done_by=done_by, **facts)
    if (known := access.made_before(actor, PresencePlan, uid, content)) is not None:
        return known
    row = PresencePlan(
        uid=uid,
        content=content,
        organisation_id=own_organisation(actor, organisation, EDIT).id,
        done_by_id=organisation_chosen(done_by, "done_by"),
        **where_chosen(actor, place, area),
        **_checked(facts),
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "presence:add", "presence_plan", uid, level=level_of(row.place_id), kind=row.kind)
    return row


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    if "kind" in facts:
        known_kind(PRESENCE, facts["kind"])
    in_order(facts.get("valid_from"), facts.get("valid_to"), "valid_to")
    facts = times_written(facts, "begins", "ends")
    if facts.get("begins", "-") == "":
        raise Invalid({"begins": [N_("Skriv ett klockslag, till exempel 18.00.")]})
    return facts


def change_plan(
    actor: Actor,
    uid: UUID,
    *,
    following: UUID,
    first: date,
    valid_to: date | None,
    done_by: UUID | None,
    version: int | None = None,
    **facts: Any,
) -> PresencePlan:
    """Change a promise from a day on; what was promised before that day stays, and so do the hours of months past.

    The promise ends the day before and continues under the uid `following`; one that is changed from its own first day
    is just changed. Raises Missing, Denied, Stale, Invalid, Conflict, Refused.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(continues=uid, first=first, valid_to=valid_to, done_by=done_by, **facts)
    if (known := access.made_before(actor, PresencePlan, following, content)) is not None:
        return known
    row = _changeable(actor, uid, version)
    _check_first(row, first)
    facts = _checked(facts | {"valid_from": first, "valid_to": valid_to})
    facts["done_by_id"] = organisation_chosen(done_by, "done_by")
    facts["ended_why"] = row.ended_why if valid_to is not None else ""
    changed = row
    if first > row.valid_from:
        stays = {name: getattr(row, name) for name in ("kind", "place_id", "area_id", "organisation_id")}
        changed = PresencePlan(uid=following, content=content, continues_id=row.id, **stays)
        db.session().add(changed)
        row.valid_to = first - DAY
    for name, value in facts.items():
        setattr(changed, name, value)
    db.session().flush()
    told = update(PresenceCount).where(PresenceCount.plan_id == row.id, PresenceCount.month >= first)
    db.session().execute(told.values(plan_id=changed.id))
    journal.write(actor, "presence:change", "presence_plan", uid, level=level_of(row.place_id), first=first)
    return changed


def _changeable(actor: Actor, uid: UUID, version: int | None) -> PresencePlan:
    row = access.find(PresencePlan, uid, actor, EDIT, lock=True)
    db.refuse_stale("presence_plan", uid, row.version, version)
    after = db.session().scalar(select(PresencePlan.valid_from).where(PresencePlan.continues_id == row.id))
    if after is not None:
        raise flow.Refused(
            [Objection(Text(N_("Åtagandet är ändrat från {day}. Gå till det som gäller då."), day=after))]
        )
    return row


def _check_first(row: PresencePlan, first: date) -> None:
    earliest = max(row.valid_from, clock.today().replace(day=1))
    if first < earliest:
        words = N_("Månader som har varit ändras inte. Välj {day} eller en senare dag.")
        raise Invalid({"first": [Text(words, day=earliest)]})
    if row.valid_to is not None and first > row.valid_to:
        raise Invalid({"first": [Text(N_("Åtagandet gäller till och med {day}."), day=row.valid_to)]})


def end_plan(actor: Actor, uid: UUID, *, valid_to: date, reason: str, version: int | None = None) -> PresencePlan:
    """Let a promise end with a day, and say why. Raises Missing, Denied, Stale, Invalid, Refused."""
    row = _changeable(actor, uid, version)
    in_order(row.valid_from, valid_to, "valid_to")
    row.valid_to, row.ended_why = valid_to, reason
    db.session().flush()
    journal.write(actor, "presence:end", "presence_plan", uid, level=level_of(row.place_id), valid_to=valid_to)
    return row


def report_month(
    actor: Actor, uid: UUID, *, month: date, hours: Decimal, contacts: int, note: str, version: int | None = None
) -> PresenceCount:
    """Write what a promise came to in the month of a day: hours, and contacts as a number.

    `version` is that of what stands for the month, 0 for nothing. Raises Missing, Denied, Stale, Invalid for a month
    that has not begun or in which nothing was promised.
    """
    row = access.find(PresencePlan, uid, actor, REPORT, lock=True)
    first = month.replace(day=1)
    if first > clock.today():
        raise Invalid({"month": [N_("Månaden har inte börjat.")]})
    if after_months(first, 1) <= row.valid_from or (row.valid_to is not None and row.valid_to < first):
        raise Invalid({"month": [N_("Åtagandet gällde inte den månaden.")]})
    count = db.session().scalar(select(PresenceCount).filter_by(plan_id=row.id, month=first))
    if count is None:
        count = PresenceCount(plan_id=row.id, month=first)
        db.session().add(count)
    else:
        db.refuse_stale("presence_plan", uid, count.version, version)
    count.hours, count.contacts, count.note = hours, contacts, note
    db.session().flush()
    known = {"month": first, "hours": str(hours), "contacts": contacts}
    journal.write(actor, "presence:report", "presence_plan", uid, level=level_of(row.place_id), **known)
    return count


# --- Reckoned -------------------------------------------------------------------------------------------------------


def planned_hours(row: PresencePlan, month: date) -> Decimal:
    """Return the hours that were promised in a month, all people together.

    Real time: an evening over the change of clocks is an hour longer or shorter. A night belongs to the day it begins.
    """
    first, seconds = month.replace(day=1), 0.0
    last = after_months(first, 1) - DAY
    day = max(first, row.valid_from)
    end = min(last, row.valid_to or last)
    while day <= end:
        if falls_on(day, row.weekdays):
            begins, ends = between(day, at(row.begins), at(row.ends))
            seconds += (ends - begins).total_seconds()
        day += DAY
    return (Decimal(int(seconds)) * row.people / 3600).quantize(Decimal("0.1"))


def months_of(actor: Actor, row: PresencePlan, *, months: int = MONTHS) -> tuple[list[Month], Told]:
    """Return the latest months of a promise, the newest first, and all contacts in them, as the actor may be told."""
    access.require(actor, READ, row)
    return _told(actor, row, _firsts(months), _counted([row.id], _firsts(months)).get(row.id, {}))


def written_of(actor: Actor, row: PresencePlan, months: Sequence[Month]) -> list[PresenceCount]:
    """Return what is written of some months of a promise, for whoever writes it. Raises Missing, Denied."""
    access.require(actor, REPORT, row)
    rows = select(PresenceCount).where(PresenceCount.plan_id == row.id)
    rows = rows.where(PresenceCount.month.in_([one.month for one in months])).order_by(PresenceCount.month.desc())
    return list(db.session().scalars(rows))


def months_of_all(actor: Actor, rows: Sequence[PresencePlan], *, months: int) -> list[list[Month]]:
    """Return the latest months of each promise of a page that the actor has been given, in one query."""
    access.require(actor, READ)
    firsts = _firsts(months)
    counted = _counted([row.id for row in rows], firsts)
    return [_told(actor, row, firsts, counted.get(row.id, {}))[0] for row in rows]


def _firsts(months: int) -> list[date]:
    this = clock.today().replace(day=1)
    return [after_months(this, -back) for back in range(months)]


def _counted(plans: list[int], firsts: list[date]) -> dict[int, dict[date, PresenceCount]]:
    found: dict[int, dict[date, PresenceCount]] = {}
    rows = select(PresenceCount).where(PresenceCount.plan_id.in_(plans), PresenceCount.month.in_(firsts))
    for count in db.session().scalars(rows):
        found.setdefault(count.plan_id, {})[count.month] = count
    return found


def _told(
    actor: Actor, row: PresencePlan, firsts: list[date], known: Mapping[date, PresenceCount]
) -> tuple[list[Month], Told]:
    firsts = [first for first in firsts if _valid_in(row, first)]
    written = [first for first in firsts if first in known]
    shown, whole = few.told_with_sum([known[first].contacts for first in written], own=is_own(actor, row))
    contacts = dict(zip(written, shown, strict=True))
    told = [
        Month(
            first,
            planned_hours(row, first),
            known[first].hours if first in known else None,
            contacts.get(first),
            known[first].note if first in known else "",
        )
        for first in firsts
    ]
    return told, whole if written else None


def _valid_in(row: PresencePlan, first: date) -> bool:
    return after_months(first, 1) > row.valid_from and (row.valid_to is None or row.valid_to >= first)


def is_own(actor: Actor, row: Any) -> bool:
    """Whether the actor is of the organisation that counted, or of whoever does it for them: they know all numbers."""
    holders = {row.organisation_id, getattr(row, "done_by_id", None), getattr(row, "executor_id", None)}
    return any(holders & grant.organisations for grant in actor.grants) or actor.kind == "system"


# --- Read -----------------------------------------------------------------------------------------------------------


def read_plan(actor: Actor, uid: UUID, permission: str = READ) -> PresencePlan:
    """Return a promise with where it is and who does it. Raises Denied, Missing."""
    access.require(actor, permission)
    rows = select(PresencePlan).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(PresencePlan.uid == uid, access.rule_of(PresencePlan, actor, permission)))
    if found is None:
        raise access.Missing("presence_plan", uid)
    return found


def around(actor: Actor, row: PresencePlan) -> tuple[PresencePlan | None, PresencePlan | None]:
    """Return the promise that one continues, and the one that it continues as."""
    rows = select(PresencePlan).where(or_(PresencePlan.id == row.continues_id, PresencePlan.continues_id == row.id))
    found = list(db.session().scalars(access.visible(rows, actor)))
    before = next((one for one in found if one.id == row.continues_id), None)
    return before, next((one for one in found if one.continues_id == row.id), None)


def list_plans(actor: Actor, *, ended: bool = False, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the promises that the actor reaches, those that hold or are ahead, or those that have ended."""
    access.require(actor, READ)
    rows = select(PresencePlan).options(*(joinedload(part) for part in WHOLE))
    rows = rows.where(access.rule_of(PresencePlan, actor))
    past = PresencePlan.valid_to < clock.today()
    rows = rows.where(past if ended else or_(PresencePlan.valid_to.is_(None), ~past))
    if after is not None:
        rows = rows.where(PresencePlan.id < after[0])
    found = list(db.session().scalars(rows.order_by(PresencePlan.id.desc()).limit(limit + 1)))
    return paged(found, limit, lambda row: (row.id,))


def counts_in(actor: Actor, plans: Collection[PresencePlan], month: date) -> Mapping[int, PresenceCount]:
    """Return what several promises came to in a month, by their keys, in one query."""
    keys = [row.id for row in plans]
    rows = select(PresenceCount).where(PresenceCount.plan_id.in_(keys), PresenceCount.month == month.replace(day=1))
    return {count.plan_id: count for count in db.session().scalars(access.visible(rows, actor))}


def plans_at(actor: Actor, place: UUID, *, limit: int = 12) -> list[PresencePlan]:
    """Return the promises of presence on a place that hold today."""
    if not actor.may(READ):
        return []
    today = clock.today()
    rows = select(PresencePlan).options(joinedload(PresencePlan.organisation))
    rows = rows.where(PresencePlan.place_id.in_(places_behind(place)), PresencePlan.valid_from <= today)
    rows = rows.where(or_(PresencePlan.valid_to.is_(None), PresencePlan.valid_to >= today))
    return list(db.session().scalars(access.visible(rows, actor).order_by(PresencePlan.id).limit(limit)))


def unwritten(actor: Actor, limit: int) -> list[tuple[PresencePlan, date]]:
    """Return the promises of which nobody has written what last month came to, for those who write it."""
    if not actor.may(REPORT):
        return []
    month = after_months(clock.today().replace(day=1), -1)
    told = select(PresenceCount.plan_id).where(PresenceCount.month == month)
    rows = select(PresencePlan).options(joinedload(PresencePlan.place), joinedload(PresencePlan.area))
    rows = rows.where(PresencePlan.id.not_in(told), PresencePlan.valid_from < after_months(month, 1))
    rows = rows.where(or_(PresencePlan.valid_to.is_(None), PresencePlan.valid_to >= month))
    rows = rows.where(access.rule_of(PresencePlan, actor, REPORT)).order_by(PresencePlan.id)
    return [(row, month) for row in db.session().scalars(rows.limit(limit))]


def is_of(actor: Actor, organisation: int) -> bool:
    """Whether the actor has a role in an organisation (its key), or over it."""
    return any(organisation in grant.organisations for grant in actor.grants)
