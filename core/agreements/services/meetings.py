"""Meetings: called, held with those who were there, and the rhythm between them; open decisions come along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.agreements.limits import NEXT_MEETING, RULES
from core.agreements.models import (
    Collaboration,
    CollaborationGroup,
    Council,
    Meeting,
    MeetingCarried,
    MeetingDecision,
    MeetingPresence,
)
from core.agreements.models.together import LEAD, READ
from core.agreements.services import collaborations
from core.agreements.services.keeping import (
    HOUSE,
    OWNERS,
    PAGE,
    dropped,
    kept,
    next_of,
    note,
    promise,
    reaches,
    subject,
)
from core.agreements.services.parties import refuse_closed, taking_part
from core.agreements.states import MEETING
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid

WHOLE = (Meeting.collaboration, Meeting.council, Meeting.group)
IN_RHYTHM = {
    Collaboration: ("organiserad", "overenskommen", "pagar", "utvarderas", "fornyad"),
    Council: ("verksamt",),
}
"""States in which meetings are to be held again and again."""
DAYS_A_WEEK = 7


def call_meeting(
    actor: Actor, owner: Any, about: UUID, *, uid: UUID, held_at: datetime, group: UUID | None = None, **facts: Any
) -> Meeting:
    """Call a meeting of a collaboration or a council (`owner` is the model), once for each `uid`.

    What was decided before and is not done stands on its agenda. Raises Missing, Denied, Invalid, Refused, Conflict.
    """
    thing = access.find(owner, about, actor, LEAD, lock=True)
    content = db.fingerprint(about=about, held_at=held_at, group=group, **facts)
    if (known := access.made_before(actor, Meeting, uid, content)) is not None:
        return known
    refuse_closed(thing)
    _refuse_before(thing, held_at)
    column, _ = OWNERS[owner]
    where = {column: thing.id}
    row = Meeting(
        uid=uid,
        content=content,
        number=next_of(Meeting, **where),
        held_at=held_at,
        group_id=_group(thing, group),
        state=MEETING.start,
        level=thing.level,
        **where,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    carry(actor, thing)
    journal.write(actor, "meeting:call", "meeting", uid, number=row.number, held_at=held_at)
    return row


def _refuse_before(thing: Any, held_at: datetime) -> None:
    if clock.local(held_at).date() < thing.started_on:
        words = N_("{name} började {day}. Välj den dagen eller en senare.")
        raise Invalid({"held_at": [Text(words, name=thing.name, day=thing.started_on)]})


def _group(thing: Any, uid: UUID | None) -> int | None:
    if uid is None:
        return None
    rows = select(CollaborationGroup.id).where(CollaborationGroup.uid == uid)
    rows = rows.where(CollaborationGroup.collaboration_id == (thing.id if isinstance(thing, Collaboration) else None))
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({"group": [N_("Välj en grupp i listan.")]})
    return found


def carry(actor: Actor, thing: Any) -> None:
    """Put what is decided and not done on the agenda of every meeting that is called and comes after it."""
    access.require(actor, READ, thing)
    column, _ = OWNERS[type(thing)]
    whose = getattr(Meeting, column) == thing.id
    ahead = select(Meeting.id, Meeting.held_at).where(whose, Meeting.state == "kallat")
    waiting = select(MeetingDecision.id, Meeting.held_at).join(Meeting, Meeting.id == MeetingDecision.meeting_id)
    waiting = waiting.where(whose, MeetingDecision.state == "oppet")
    decisions = list(db.session().execute(waiting))
    for meeting in list(db.session().execute(ahead)):
        for decision in decisions:
            line = {"meeting_id": meeting.id, "decision_id": decision.id}
            if decision.held_at >= meeting.held_at:  # the meeting was moved to an earlier day
                db.session().execute(delete(MeetingCarried).filter_by(**line))
            else:
                db.session().execute(db.insert(MeetingCarried).values(**line).on_conflict_do_nothing())


def write_minutes(
    actor: Actor, uid: UUID, *, present: Mapping[UUID, str] | None = None, version: int | None = None, **changes: Any
) -> Meeting:
    """Write what stands about a meeting: day, agenda, minutes, and who was there (uid of organisation -> function).

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    row = access.find(Meeting, uid, actor, LEAD, lock=True)
    db.refuse_stale("meeting", uid, row.version, version)
    if row.state != MEETING.start:
        raise flow.Refused([Objection(N_("Mötet är avslutat. Öppna det igen om något ska ändras."))])
    if "held_at" in changes:
        _refuse_before(owner_of(row), changes["held_at"])
    for name, value in changes.items():
        setattr(row, name, value)
    db.session().flush()
    if present is not None:
        _seat(row, present)
    carry(actor, owner_of(row))
    journal.write(actor, "meeting:write", "meeting", uid, changed=sorted(changes))
    return row


def _seat(row: Meeting, present: Mapping[UUID, str]) -> None:
    rows = select(Organisation.uid, Organisation.id).where(Organisation.uid.in_(present))
    known = {found.uid: found.id for found in db.session().execute(rows)}
    thing = owner_of(row)
    if known.keys() != present.keys() or not all(taking_part(thing, key) for key in known.values()):
        raise Invalid({"present": [N_("Välj bland dem som är med.")]})
    for seat in db.session().scalars(select(MeetingPresence).where(MeetingPresence.meeting_id == row.id)).all():
        db.session().delete(seat)
    db.session().flush()
    for organisation, function in present.items():
        facts = {"meeting_id": row.id, "organisation_id": known[organisation], "function": function}
        db.session().add(MeetingPresence(**facts))
    db.session().flush()


def move_meeting(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Meeting:
    """Hold a meeting, call it off, or open it again. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Meeting, uid, actor, READ, lock=True)
    db.refuse_stale("meeting", uid, row.version, version)
    was = row.state
    flow.move(MEETING, row, key, actor, reason=reason)
    thing = owner_of(row)
    if key == "halla":
        note(actor, thing, "mote", text=str(row.number))
    if "hallet" in (was, row.state):
        if row.state != "hallet":
            dropped(NEXT_MEETING, subject("meeting", row, "", thing), MEETING.states[row.state].label)
        keep_rhythm(actor, thing)
    carry(actor, thing)
    return row


@MEETING.guard("halla")
def _was_held(row: Meeting, _actor: Actor) -> Iterable[Objection]:
    if row.held_at > clock.now():
        yield Objection(N_("Mötet har inte varit än."), "held_at")
    if not row.minutes.strip():
        yield Objection(N_("Skriv minnesanteckningarna."), "minutes")
    if not db.session().scalar(select(func.count()).where(MeetingPresence.meeting_id == row.id)):
        yield Objection(N_("Skriv vilka som var med."))


def keep_rhythm(actor: Actor, thing: Any) -> None:
    """Let the next meeting have a frist, counted from the last one; none where no meetings are held any more."""
    access.require(actor, READ, thing)
    column, kind = OWNERS[type(thing)][0], type(thing).__tablename__
    held = select(Meeting).where(getattr(Meeting, column) == thing.id, Meeting.state == "hallet")
    rows = list(db.session().scalars(held.order_by(Meeting.held_at.desc(), Meeting.id.desc()).limit(2)))
    called: str = thing.name
    itself, meetings = subject(kind, thing, called), [subject("meeting", row, called, thing) for row in rows]
    last, before = [*meetings, itself][0], [*meetings[1:], *([itself] if meetings else [])]
    for one in before:
        kept(NEXT_MEETING, one, N_("Nästa möte hölls"))
    if thing.state in IN_RHYTHM[type(thing)]:
        terms = Rule(
            thing.meeting_weeks * DAYS_A_WEEK,
            "calendar_days",
            RULES[NEXT_MEETING][1].title
            if thing.meeting_weeks * DAYS_A_WEEK == RULES[NEXT_MEETING][1].fix
            else Text(N_("Möte minst var {n}:e vecka"), n=thing.meeting_weeks),
        )
        since = rows[0].held_at if rows else clock.now()
        promise(NEXT_MEETING, last, thing.organisation_id, starts_at=since, terms=terms)
    else:
        dropped(NEXT_MEETING, last, N_("Det hålls inga fler möten"))


@collaborations.follows
def _in_another_phase(row: Collaboration) -> None:
    keep_rhythm(HOUSE, row)


# --- Reading ------------------------------------------------------------------------------------------------------


def owner_of(row: Meeting) -> Any:
    """Return the collaboration or the council of a meeting that somebody has been let reach."""
    model: Any = Collaboration if row.collaboration_id is not None else Council
    return db.session().get_one(model, row.collaboration_id or row.council_id)


def read_meeting(actor: Actor, uid: UUID) -> Meeting:
    """Return a meeting with what it is of; Missing when the actor does not reach it."""
    access.require(actor, READ)
    rows = select(Meeting).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(Meeting.uid == uid, access.rule_of(Meeting, actor)))
    if found is None:
        raise access.Missing("meeting", uid)
    return found


def meetings_of(actor: Actor, thing: Any) -> list[Meeting]:
    """Return the meetings of a collaboration or a council, the newest first."""
    column, _ = OWNERS[type(thing)]
    rows = select(Meeting).options(joinedload(Meeting.group)).where(getattr(Meeting, column) == thing.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Meeting.held_at.desc()).limit(PAGE)))


def present_at(actor: Actor, row: Meeting) -> list[MeetingPresence]:
    """Return who was at a meeting: organisations, by name."""
    rows = select(MeetingPresence).options(joinedload(MeetingPresence.organisation))
    rows = rows.join(MeetingPresence.organisation).where(MeetingPresence.meeting_id == row.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Organisation.name)))


def may_lead(actor: Actor, row: Meeting) -> bool:
    """Whether the actor leads what the meeting is of."""
    return reaches(actor, row, LEAD)
