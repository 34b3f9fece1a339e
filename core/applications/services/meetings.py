"""Meetings (sammanträden) of the body that decides: when, about which round, which applications are on its list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, not_, or_, select
from sqlalchemy.orm import joinedload, load_only

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    DECIDE,
    ROUND_READ,
    Application,
    BodyMeeting,
    GrantDecision,
    Round,
    aside_from,
)
from core.applications.services import by_order, proposed, rounds
from core.applications.services.applications import Page
from core.applications.services.proposed import Offer
from core.applications.states import DECISION, MEETING
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.reserve.models import Programme
from core.reserve.services.programmes import body_on
from core.schema import Invalid

NOBODY = N_("Ingen har rätt att besluta om satsningen den dagen. Välj en annan dag.")
STANDING = tuple(key for key in DECISION.states if key not in ("aterkallad", "rattad"))
"""States of a decision that stands at a meeting: another cannot be recorded beside it."""
CALLED_OFF = "installt"
"""The state of a meeting that was called off: its day is free for another."""
PAGE = 20
"""Meetings on a page of them: those of some years."""
MOST = 300
"""Applications on the list of one meeting, and so the most that are chosen there in one go."""
LOOKED_AT = 100
"""Meetings that have been, the latest ones, among which that of each application is found."""
WAITS_IN = "forslag"
"""The state of an application that waits for a decision."""


@dataclass(frozen=True)
class Item:
    """An application on the list of a meeting: its place, what is sought and proposed, and what was decided there.

    `elsewhere` is a decision of another meeting that waits for its second person: until then none is recorded here.
    """

    number: int
    application: Application
    offer: Offer
    decision: GrantDecision | None
    elsewhere: GrantDecision | None = None


def add_meeting(
    actor: Actor, *, uid: UUID, of_round: UUID | None, programme: UUID | None, held_on: date, diary: str = ""
) -> BodyMeeting:
    """Plan a meeting of whoever decides for a programme on a day, about a round of it or none; once for each `uid`.

    Raises Denied, Missing, Conflict; Invalid for a day on which nobody decides, or that has a meeting which stands.
    """
    access.require(actor, DECIDE)
    content = db.fingerprint(round=of_round, programme=programme, held_on=held_on, diary=diary)
    known = db.session().scalar(select(BodyMeeting).where(BodyMeeting.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("meeting_of_body", uid)
        return known
    about = access.find(Round, of_round, actor, ROUND_READ) if of_round is not None else None
    if about is None and programme is None:
        raise Invalid({"of_round": [N_("Välj i listan.")]})
    key = about.programme_id if about else access.find(Programme, programme, actor, "").id  # type: ignore[arg-type]
    body = body_on(key, "beslut", held_on)
    if body is None:
        raise Invalid({"held_on": [NOBODY]})
    if about is not None and (early := before_the_end(about, held_on) or before_frozen(about, held_on)):
        raise Invalid({"held_on": [early]})
    taken = select(BodyMeeting.id).filter_by(programme_id=key, organisation_id=body.organisation_id, held_on=held_on)
    if db.session().scalar(taken.where(BodyMeeting.state != CALLED_OFF)) is not None:
        raise Invalid({"held_on": [N_("Det finns redan ett sammanträde den dagen.")]})
    row = BodyMeeting(
        uid=uid,
        content=content,
        programme_id=key,
        organisation_id=body.organisation_id,
        round_id=about.id if about else None,
        held_on=held_on,
        diary=diary,
        state=MEETING.start,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "meeting_of_body:add", "meeting_of_body", uid, level=row.level, held_on=held_on)
    return row


def before_the_end(about: Round, held_on: date) -> Text | None:
    """Return why a meeting on a day cannot be about a round: it lies before its last day. None where it can."""
    last = rounds.last_day(about)
    return Text(rounds.BEFORE_CLOSING, day=last.isoformat()) if held_on < last else None


def before_frozen(about: Round, held_on: date) -> Text | None:
    """Return why nothing is decided by the order of a round on a day: it was frozen later. None where it can be."""
    frozen = clock.local(about.frozen_at).date() if about.frozen_at is not None else held_on
    told = N_("Ordningen är fryst {day} som underlag för beslut. Sammanträdet är den dagen eller senare.")
    return Text(told, day=frozen.isoformat()) if held_on < frozen else None


def move_meeting(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", adjusted_on: date | None = None, version: int | None = None
) -> BodyMeeting:
    """Note that a meeting was held, that its minutes are confirmed (on a day), or that it was called off.

    Raises Missing, Denied, Stale, Refused; Invalid for a day that cannot be.
    """
    row = access.find(BodyMeeting, uid, actor, MEETING.move(key).needs, lock=True)
    db.refuse_stale("meeting_of_body", uid, row.version, version)
    if key == "justera":
        if adjusted_on is None or not row.held_on <= adjusted_on <= clock.today():
            raise Invalid({"adjusted_on": [N_("Välj en dag från sammanträdet till i dag.")]})
        row.adjusted_on = adjusted_on
    flow.move(MEETING, row, key, actor, reason=reason)
    if key == "ratta":
        row.adjusted_on = None
    db.session().flush()
    return row


@MEETING.guard("hall")
def _has_come(row: BodyMeeting, _actor: Actor) -> Iterable[Objection]:
    if row.held_on > clock.today():
        yield Objection(Text(N_("Sammanträdet är {day}. Det är inte hållet än."), day=row.held_on.isoformat()))


@MEETING.guard("justera")
def _nothing_waits(row: BodyMeeting, _actor: Actor) -> Iterable[Objection]:
    """Minutes are confirmed when everything that was decided is in force here (ux-desktop h)."""
    waits = select(func.count()).select_from(GrantDecision)
    n = db.session().scalar(waits.where(GrantDecision.meeting_id == row.id, GrantDecision.state == DECISION.start))
    if n:
        yield Objection(Text(N_("Bekräfta besluten först. Så många väntar på bekräftelse: {n}."), n=n))


@MEETING.guard("stall_in")
def _nothing_decided(row: BodyMeeting, _actor: Actor) -> Iterable[Objection]:
    stands = select(GrantDecision.id).where(GrantDecision.meeting_id == row.id, GrantDecision.state.in_(STANDING))
    if db.session().scalar(stands.limit(1)) is not None:
        yield Objection(N_("Det finns beslut från sammanträdet. Det går inte att ställa in."))


# --- Reading ------------------------------------------------------------------------------------------------------

WHOLE = (BodyMeeting.organisation, BodyMeeting.programme, BodyMeeting.round)


def read_meeting(actor: Actor, uid: UUID, permission: str = ROUND_READ) -> BodyMeeting:
    """Return a meeting with its body, programme and round; Missing when the actor does not reach it."""
    access.require(actor, permission)
    rows = select(BodyMeeting).options(*(joinedload(part) for part in WHOLE)).where(BodyMeeting.uid == uid)
    found = db.session().scalar(rows.where(access.rule_of(BodyMeeting, actor, permission)))
    if found is None:
        raise access.Missing("meeting_of_body", uid)
    return found


def list_meetings(actor: Actor, *, after: tuple[date, int] | None = None, limit: int = PAGE) -> Page:
    """Return meetings, the latest first; each with how many decisions stand and how many of them wait."""
    access.require(actor, ROUND_READ)
    rows = select(BodyMeeting).options(*(joinedload(part) for part in WHOLE)).where(access.rule_of(BodyMeeting, actor))
    if after is not None:
        day, key = after
        rows = rows.where(or_(BodyMeeting.held_on < day, (BodyMeeting.held_on == day) & (BodyMeeting.id < key)))
    rows = rows.order_by(BodyMeeting.held_on.desc(), BodyMeeting.id.desc()).limit(limit + 1)
    found = list(db.session().scalars(rows))
    more, found = len(found) > limit, found[:limit]
    told = _counts(actor, found)
    last = found[-1] if more else None
    rows_told = [(row, *told.get(row.id, (0, 0))) for row in found]
    return Page(rows_told, (last.held_on, last.id) if last else None)  # type: ignore[arg-type]


def _counts(actor: Actor, meetings: Sequence[BodyMeeting]) -> dict[int, tuple[int, int]]:
    """Return how many decisions of each meeting stand, and how many of them wait, in one query."""
    waits = func.coalesce(func.sum(case((GrantDecision.state == DECISION.start, 1), else_=0)), 0)
    rows = select(GrantDecision.meeting_id, func.count(), waits).group_by(GrantDecision.meeting_id)
    rows = rows.where(GrantDecision.meeting_id.in_([row.id for row in meetings]))
    rows = rows.where(GrantDecision.state.in_(STANDING), access.rule_of(GrantDecision, actor))
    return {key: (n, int(waiting)) for key, n, waiting in db.session().execute(rows)}


def items_of(actor: Actor, meeting: BodyMeeting) -> list[Item]:
    """Return what is on the list of a meeting: what waits for a decision in its round, and what was decided there.

    In the frozen order; before that in the order as it stands.
    """
    decided = select(GrantDecision).where(
        GrantDecision.meeting_id == meeting.id,
        GrantDecision.state.in_(STANDING),
        access.rule_of(GrantDecision, actor),
    )
    decisions = {row.application_id: row for row in db.session().scalars(decided)}
    waiting = (Application.state == WAITS_IN) & (Application.programme_id == meeting.programme_id)
    if meeting.round_id is not None:
        waiting &= Application.round_id == meeting.round_id
    ordered = joinedload(Application.round).load_only(Round.state, Round.frozen_at)
    rows = select(Application).options(joinedload(Application.organisation), ordered)
    rows = rows.where(access.rule_of(Application, actor))
    rows = rows.where(or_(waiting, Application.id.in_(decisions)))
    found = list(db.session().scalars(rows.order_by(Application.id).limit(MOST)))
    frozen = meeting.round.frozen if meeting.round else None
    offers = proposed.offers(found, frozen)
    fixed, now = proposed.frozen_order(frozen), proposed.positions(found)
    found.sort(key=lambda one: (fixed.get(one.uid, MOST), now.get(one.id, 10**6), one.number))
    waits = waiting_elsewhere(actor, meeting, [one.id for one in found])
    return [
        Item(place, one, offers[one.id], decisions.get(one.id), waits.get(one.id)) for place, one in enumerate(found, 1)
    ]


def waiting_elsewhere(actor: Actor, meeting: BodyMeeting, applications: Iterable[int]) -> dict[int, GrantDecision]:
    """Return the decisions of other meetings that wait for a second person, with those meetings, by the keys of the
    applications, in one query.
    """
    rows = select(GrantDecision).options(joinedload(GrantDecision.meeting)).where(access.rule_of(GrantDecision, actor))
    rows = rows.where(GrantDecision.application_id.in_(list(applications)), GrantDecision.meeting_id != meeting.id)
    found = db.session().scalars(rows.where(GrantDecision.state == DECISION.start))
    return {one.application_id: one for one in found}


def rounds_to_decide(actor: Actor) -> list[Round]:
    """Return the rounds that a meeting can be about: those with applications that wait for a decision first."""
    rows = select(Round).options(joinedload(Round.programme)).where(access.rule_of(Round, actor))
    rows = rows.where(Round.state.in_(("oppnad", "bereds", "fryst")))
    return list(db.session().scalars(rows.order_by(Round.closes_at.desc()).limit(50)))


def to_decide(actor: Actor, limit: int) -> list[tuple[Application, BodyMeeting]]:
    """Return what waits for a decision to be recorded, each with the meeting that it was on the list of.

    The first one since its order was frozen at which nothing of it is recorded: what one put off goes on to the next.
    Only when that meeting's day has come; not what waits for a second person anywhere, nor what the actor stands
    aside from. Three queries.
    """
    access.require(actor, DECIDE)
    found = _meetings_of(actor)
    if not found:
        return []
    of_it = GrantDecision.application_id == Application.id
    meeting = case(*((about & ~_stands_at(of_it, one), one.id) for about, one in found))
    waits = select(GrantDecision.id).where(of_it, GrantDecision.state == DECISION.start)
    rows = select(Application, meeting).options(joinedload(Application.organisation))
    rows = rows.where(Application.state == WAITS_IN, meeting.is_not(None), ~waits.exists())
    rows = rows.where(access.rule_of(Application, actor, DECIDE), not_(aside_from(actor.id)))
    by_key = {one.id: one for _, one in found}
    return [(row, by_key[key]) for row, key in db.session().execute(rows.order_by(Application.id).limit(limit))]


def _stands_at(of_it: Any, meeting: BodyMeeting) -> Any:
    stands = select(GrantDecision.id).where(of_it, GrantDecision.meeting_id == meeting.id)
    return stands.where(GrantDecision.state.in_(STANDING)).exists()


def _meetings_of(actor: Actor) -> list[tuple[Any, BodyMeeting]]:
    """Return which applications the meetings that have been can decide of: a condition and it, the earliest first.

    Only of rounds of which anything waits, and of meetings since their orders were frozen: a handful.
    """
    rows = select(BodyMeeting).where(BodyMeeting.held_on <= clock.today(), BodyMeeting.state != CALLED_OFF)
    rows = rows.where(access.rule_of(BodyMeeting, actor)).order_by(BodyMeeting.held_on.desc(), BodyMeeting.id.desc())
    been = list(db.session().scalars(rows.limit(LOOKED_AT)))[::-1]
    waits = select(Application.round_id).where(Application.state == WAITS_IN)
    ordered = select(Round).options(load_only(Round.programme_id, Round.closes_at, Round.frozen_at))
    ordered = ordered.where(Round.state.in_(by_order.STANDS_IN), Round.id.in_(waits))
    found: list[tuple[Any, BodyMeeting]] = []
    for about in db.session().scalars(ordered):
        for one in been:
            of_it = one.round_id in (None, about.id) and one.programme_id == about.programme_id
            if of_it and not (before_the_end(about, one.held_on) or before_frozen(about, one.held_on)):
                found.append((Application.round_id == about.id, one))
    for one in been:
        if one.round_id is None:
            after = clock.first_moment(one.held_on + timedelta(days=1))
            there = or_(Application.submitted_at.is_(None), Application.submitted_at < after)
            found.append(
                (and_(Application.round_id.is_(None), Application.programme_id == one.programme_id, there), one)
            )
    return found
