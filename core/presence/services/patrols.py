"""Patrols of ordningsvakter (Z48): a board asks, the city answers within its hours of the year, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, case, extract, func, select, type_coerce
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.dated import valid_on
from core.hookspecs import Objection
from core.hours import TENTHS
from core.i18n import N_, Text
from core.people.models import Organisation
from core.people.services import organisation
from core.places.models import Area, Place, places_behind
from core.presence import few
from core.presence.bands import EVENTS, kinds_of
from core.presence.few import Told
from core.presence.limits import ONLY, RULES
from core.presence.limits import PATROL as PATROL_FRIST
from core.presence.models import PatrolFrame, PatrolOutcome, PatrolRequest
from core.presence.models.patrols import ASK, DECIDE, READ, REPORT
from core.presence.services.choosing import (
    PAGE,
    Page,
    in_order,
    level_of,
    organisation_chosen,
    own_organisation,
    paged,
    times_written,
    where_chosen,
)
from core.presence.services.plans import is_own
from core.presence.states import DECISIONS, GRANTED, HOLDING, PATROL
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep

HOUSE = access.system("presence")
DECIDERS = "slk"
"""The organisation that answers, and calls off."""
WHOLE = (PatrolRequest.place, PatrolRequest.area, PatrolRequest.organisation, PatrolRequest.executor)
PARTS = {
    "vantar": ("utkast", "skickad"),
    "beviljade": (*GRANTED, "avropad"),
    "avslutade": ("genomford", "avslagen", "aterkallad"),
}


@dataclass(frozen=True)
class Frame:
    """The hours of a year: all, those that are held by what has been granted, and those that were done."""

    year: int
    row: PatrolFrame | None
    held: Decimal
    done: Decimal

    @property
    def hours(self) -> Decimal | None:
        """All of them; none where nobody has written them."""
        return self.row.hours if self.row else None

    @property
    def left(self) -> Decimal | None:
        """What can still be granted."""
        return None if self.hours is None else self.hours - self.held


def ask_for_patrols(
    actor: Actor, *, uid: UUID, organisation: str, place: UUID | None = None, area: UUID | None = None, **facts: Any
) -> PatrolRequest:
    """Write a request for patrols for a board (its code); once for each `uid`. Raises Denied, Invalid, Conflict."""
    access.require(actor, ASK)
    content = db.fingerprint(organisation=organisation, place=place, area=area, **facts)
    if (known := access.made_before(actor, PatrolRequest, uid, content)) is not None:
        return known
    where = where_chosen(actor, place, area)
    row = PatrolRequest(
        uid=uid,
        content=content,
        number=f"BO-{db.next_number('BO'):05d}",
        organisation_id=own_organisation(actor, organisation, ASK).id,
        state=PATROL.start,
        level=level_of(where.get("place_id")),
        **where,
        **_checked(facts),
    )
    db.session().add(row)
    db.session().flush()
    hours = str(row.hours)
    journal.write(actor, "patrol:ask", "patrol_request", uid, level=row.level, number=row.number, hours=hours)
    return row


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    in_order(facts.get("starts_on"), facts.get("ends_on"))
    if facts["starts_on"].year != facts["ends_on"].year:
        raise Invalid({"ends_on": [N_("Timmarna hör till ett år. Skriv en begäran för varje år.")]})
    return times_written(facts, "begins", "ends")


def change_request(actor: Actor, uid: UUID, *, version: int | None, **changes: Any) -> PatrolRequest:
    """Change a request that has not been sent. Raises Missing, Denied, Stale, Invalid, Refused."""
    row = access.find(PatrolRequest, uid, actor, ASK, lock=True)
    db.refuse_stale("patrol_request", uid, row.version, version)
    if row.state != PATROL.start:
        raise flow.Refused([Objection(N_("Begäran är skickad. Återkalla den om något ska ändras."))])
    for name, value in _checked(changes).items():
        setattr(row, name, value)
    db.session().flush()
    journal.write(actor, "patrol:change", "patrol_request", uid, level=row.level, changed=sorted(changes))
    return row


def move_request(
    actor: Actor,
    uid: UUID,
    key: str,
    *,
    reason: str = "",
    hours: Decimal | None = None,
    executor: UUID | None = None,
    version: int | None = None,
) -> PatrolRequest:
    """Send a request, answer it with hours and reason, call the patrols off from a firm, end or withdraw it.

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    row = access.find(PatrolRequest, uid, actor, PATROL.move(key).needs, lock=True)
    db.refuse_stale("patrol_request", uid, row.version, version)
    before = row.state
    if key in DECISIONS:
        row.granted = _hours_granted(row, key, hours)
        row.answer, row.answered_at = reason.strip(), clock.now()
    elif key == "avropa":
        row.executor_id = organisation_chosen(executor, "executor")
        if row.executor_id is None:
            raise Invalid({"executor": [N_("Välj vilket företag ordningsvakterna avropas från.")]})
    elif key == "aterkalla":
        row.answer = reason.strip() or row.answer
    elif key == "begar_igen":
        row.granted, row.answered_at = Decimal(0), None
    db.session().flush()
    flow.move(PATROL, row, key, actor, reason=reason)
    _keep_in_time(row, before)
    return row


def _hours_granted(row: PatrolRequest, key: str, hours: Decimal | None) -> Decimal:
    """Return how many hours a decision grants, within the request and the year's frame. Raises Invalid, Refused."""
    if key == "avsla":
        return Decimal(0)
    granted = row.hours if key == "bevilja" else hours
    if granted is None or not 0 < granted <= row.hours:
        raise Invalid({"hours": [Text(N_("Skriv högst {n} timmar, och mer än noll."), n=hours_said(row.hours))]})
    if key == "bevilja_delvis" and granted == row.hours:
        raise Invalid({"hours": [N_("Det är alla timmar. Välj ”Bevilja alla timmar”.")]})
    year = row.starts_on.year
    frame = db.session().scalar(select(PatrolFrame).where(PatrolFrame.year == year).with_for_update())
    if frame is None:
        raise flow.Refused([Objection(Text(N_("Ingen har skrivit in hur många timmar {year} har."), year=year), "ram")])
    left = frame.hours - _held(year)
    if granted > left:
        words = N_("Det finns {left} timmar kvar {year}. Bevilja högst så många.")
        raise Invalid({"hours": [Text(words, left=hours_said(left), year=year)]})
    return granted


def _held(year: int) -> Decimal:
    """Return the hours of a year that cannot be granted again: granted ones, and of what is ended those done."""
    granted, done = (type_coerce(column, Integer) for column in (PatrolRequest.granted, PatrolRequest.done))
    kept = case((PatrolRequest.state.in_(HOLDING), granted), else_=done)
    return _tenths(kept, year)


def _tenths(column: Any, year: int) -> Decimal:
    """Return the sum of a column of tenths of hours over the requests of a year, in hours."""
    rows = select(func.coalesce(func.sum(column), 0)).where(extract("year", PatrolRequest.starts_on) == year)
    return Decimal(int(db.session().scalar(rows) or 0)) / TENTHS


def _keep_in_time(row: PatrolRequest, before: str) -> None:
    """Let the answer have its frist from when the request is sent; a withdrawn one is owed no answer."""
    place = db.session().get(Place, row.place_id) if row.place_id else None
    about = Subject("patrol_request", row.uid, row.number, place=place.uid if place else None, level=row.level)
    if row.state == "skickad":
        row.sent_at = clock.now()
        frist = upkeep.plan_deadline(
            HOUSE, PATROL_FRIST, rule=ONLY, subject=about, starts_at=row.sent_at, owner=organisation(DECIDERS).id
        )
        if frist.starts_at != row.sent_at:  # sent before, and answered or withdrawn: the answer has all its time again
            anew: dict[str, Any] = {"terms": RULES[PATROL_FRIST], "starts_at": row.sent_at, "reason": row.number}
            upkeep.restart_deadline(HOUSE, PATROL_FRIST, about, rule=ONLY, **anew)
    elif before == "skickad" and row.state != "aterkallad":
        upkeep.meet_deadline(HOUSE, PATROL_FRIST, about, reason=PATROL.states[row.state].label)
    elif before == "skickad":
        upkeep.drop_deadline(HOUSE, PATROL_FRIST, about, reason=PATROL.states[row.state].label)
    db.session().flush()


@PATROL.guard("avsluta")
def _has_ended(row: PatrolRequest, _actor: Actor) -> Iterable[Objection]:
    """What has not ended yet is not done, unless all of its hours are."""
    if row.ends_on > clock.today() and row.done < row.granted:
        yield Objection(Text(N_("Den pågår till och med {day}."), day=row.ends_on.isoformat()))


def report_patrol(
    actor: Actor, uid: UUID, *, outcome: UUID, day: date, hours: Decimal, events: Mapping[str, int]
) -> PatrolOutcome:
    """Write what was done until a day: hours, never more than were granted, and events as numbers. Once for `outcome`.

    Raises Missing, Denied, Invalid, Refused, Conflict.
    """
    row = access.find(PatrolRequest, uid, actor, REPORT, lock=True)
    counted = {key: number for key, number in events.items() if number}
    content = db.fingerprint(request=uid, day=day, hours=hours, events=counted)
    if (known := access.made_before(actor, PatrolOutcome, outcome, content)) is not None:
        return known
    if row.state != "avropad":
        raise flow.Refused([Objection(N_("Timmar skrivs in när begäran är avropad."))])
    if unknown := set(counted) - set(kinds_of(EVENTS)):
        raise Invalid({"events": [Text(N_("{key} finns inte i listan."), key=min(unknown))]})
    if not row.starts_on <= day <= min(row.ends_on, clock.today()):
        raise Invalid({"day": [N_("Välj en dag som har varit, inom tiden för begäran.")]})
    if row.done + hours > row.granted:
        words = N_("Det är fler timmar än som beviljats. Högst {n} återstår.")
        raise Invalid({"hours": [Text(words, n=hours_said(row.granted - row.done))]})
    made = PatrolOutcome(uid=outcome, content=content, request_id=row.id, day=day, hours=hours, events=counted)
    db.session().add(made)
    row.done += hours
    db.session().flush()
    journal.write(actor, "patrol:report", "patrol_request", uid, level=row.level, hours=str(hours), events=counted)
    return made


def set_frame(actor: Actor, *, year: int, hours: Decimal, source: str, version: int | None = None) -> PatrolFrame:
    """Write how many hours a year has, and who decided; never fewer than are held.

    `version` is that of what stands for the year, 0 for nothing. Raises Denied, Stale, Invalid.
    """
    access.require(actor, DECIDE)
    db.alone("presence:frame")
    about = db.uid_of(f"patrol_frame {year}")
    frame = db.session().get(PatrolFrame, year, with_for_update=True)
    if frame is not None:
        db.refuse_stale("patrol_frame", about, frame.version, version)
    if (held := _held(year)) > hours:
        raise Invalid({"hours": [Text(N_("{n} timmar är redan beviljade."), n=hours_said(held))]})
    if frame is None:
        frame = PatrolFrame(year=year)
        db.session().add(frame)
    frame.hours, frame.source = hours, source
    db.session().flush()
    journal.write(actor, "patrol:frame", "patrol_frame", about, year=year, hours=str(hours), source=source)
    return frame


def hours_said(hours: Decimal) -> str:
    """Return hours as a sentence writes them: 19,5."""
    return f"{hours:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{hours:f}" else f"{hours:f}"


# --- Read -----------------------------------------------------------------------------------------------------------


def frame_of(actor: Actor, year: int) -> Frame:
    """Return the hours of a year, what is held of them and what was done, for whoever reads requests."""
    access.require(actor, READ)
    row = db.session().get(PatrolFrame, year)
    done = _tenths(type_coerce(PatrolRequest.done, Integer), year)
    return Frame(year, row, _held(year), done)


def read_request(actor: Actor, uid: UUID, permission: str = READ) -> PatrolRequest:
    """Return a request with where it is, who asks and who does it. Raises Denied, Missing."""
    access.require(actor, permission)
    rows = select(PatrolRequest).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(PatrolRequest.uid == uid, access.rule_of(PatrolRequest, actor, permission)))
    if found is None:
        raise access.Missing("patrol_request", uid)
    return found


def list_requests(actor: Actor, part: str = "", *, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the requests that the actor reaches, the latest first, in one query."""
    access.require(actor, READ)
    rows = select(PatrolRequest).options(*(joinedload(one) for one in WHOLE))
    rows = rows.where(access.rule_of(PatrolRequest, actor))
    if part:
        rows = rows.where(PatrolRequest.state.in_(PARTS[part]))
    if after is not None:
        rows = rows.where(PatrolRequest.id < after[0])
    found = list(db.session().scalars(rows.order_by(PatrolRequest.id.desc()).limit(limit + 1)))
    return paged(found, limit, lambda row: (row.id,))


def outcomes_of(actor: Actor, row: PatrolRequest) -> tuple[list[PatrolOutcome], dict[str, Told]]:
    """Return what was done of a request, the latest first, and all events of each kind as the actor may be told."""
    rows = select(PatrolOutcome).where(PatrolOutcome.request_id == row.id)
    rows = access.visible(rows, actor).order_by(PatrolOutcome.day.desc(), PatrolOutcome.id.desc())
    found = list(db.session().scalars(rows))
    own = is_own(actor, row) or actor.may(DECIDE)
    sums = {key: sum(one.events.get(key, 0) for one in found) for key in kinds_of(EVENTS)}
    return found, {key: few.told(count, own=own) for key, count in sums.items() if count}


def patrols_at(actor: Actor, place: UUID, *, limit: int = 12) -> list[PatrolRequest]:
    """Return the patrols that have been granted for a place, the latest first."""
    if not actor.may(READ):
        return []
    rows = select(PatrolRequest).where(PatrolRequest.place_id.in_(places_behind(place)))
    rows = rows.where(PatrolRequest.state.in_((*HOLDING, "genomford")))
    return list(db.session().scalars(access.visible(rows, actor).order_by(PatrolRequest.id.desc()).limit(limit)))


def waiting_requests(actor: Actor, limit: int) -> list[PatrolRequest]:
    """Return the requests that wait for the actor's next step and have no frist."""
    found: list[PatrolRequest] = []
    rows = select(PatrolRequest).options(joinedload(PatrolRequest.place), joinedload(PatrolRequest.area))
    rows = rows.order_by(PatrolRequest.id)
    for right, states in ((ASK, ("utkast",)), (DECIDE, ("skickad", *GRANTED))):
        if actor.may(right):
            mine = rows.where(PatrolRequest.state.in_(states), access.rule_of(PatrolRequest, actor, right))
            found += db.session().scalars(mine.limit(limit))
    return found[:limit]


def firms(actor: Actor) -> list[tuple[str, str]]:
    """Return the firms that patrols can be called off from: uid and name."""
    rows = access.visible(select(Organisation), actor)
    rows = rows.where(Organisation.kind == "entreprenor", valid_on(Organisation, clock.today()))
    return [(str(row.uid), row.name) for row in db.session().scalars(rows.order_by(Organisation.name).limit(200))]


def where_named(row: Any) -> str:
    """Return the name of the place or the area that something is about."""
    found: Place | Area | None = row.place or row.area
    return found.name if found is not None else ""
