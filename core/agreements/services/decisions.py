"""Decisions of meetings: what, who does it, by when; open until it is done, however many meetings that takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.agreements.limits import DECIDED
from core.agreements.models import Meeting, MeetingCarried, MeetingDecision
from core.agreements.models.together import LEAD, READ, WRITE
from core.agreements.services.keeping import (
    OWNERS,
    PAGE,
    acts_for,
    dropped,
    kept,
    next_of,
    note,
    on_day,
    promise,
    reaches,
    subject,
)
from core.agreements.services.meetings import carry, owner_of
from core.agreements.services.parties import HAS_ENDED, has_ended, party_called, refuse_closed
from core.agreements.states import DECISION
from core.flow import State
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid

RED_AFTER = 14
"""Days after which what is not done is red (domain.md 4.4)."""
WHOLE = (MeetingDecision.meeting, MeetingDecision.organisation)


@dataclass(frozen=True)
class Told:
    """A decision, how it stands today, and its number as people say it."""

    decision: MeetingDecision
    stands: State
    number: str


def add_decision(
    actor: Actor, meeting: UUID, *, uid: UUID, text: str, organisation: UUID | None = None, **facts: Any
) -> MeetingDecision:
    """Write down what a meeting decided, once for each `uid`: with who does it and a day it gets a frist.

    Raises Missing, Denied, Invalid, Refused, Conflict.
    """
    row = access.find(Meeting, meeting, actor, LEAD, lock=True)
    content = db.fingerprint(meeting=meeting, text=text, organisation=organisation, **facts)
    if (known := access.made_before(actor, MeetingDecision, uid, content)) is not None:
        return known
    if row.state == "installt":
        raise flow.Refused([Objection(N_("Mötet är inställt."))])
    thing = owner_of(row)
    refuse_closed(thing)
    whose = party_called(thing, organisation, "organisation")
    if whose is not None and facts.get("due_on") is None:
        raise Invalid({"due_on": [N_("Skriv när det ska vara klart.")]})
    held_on, due_on = clock.local(row.held_at).date(), facts.get("due_on")
    if due_on is not None and due_on < held_on:
        raise Invalid({"due_on": [Text(N_("Mötet är {day}. Välj den dagen eller en senare."), day=held_on)]})
    number = next_of(MeetingDecision, meeting_id=row.id)
    known_facts = {"meeting_id": row.id, "number": number, "text": text, "organisation_id": whose, "level": row.level}
    made = MeetingDecision(uid=uid, content=content, state=DECISION.start, **known_facts, **facts)
    db.session().add(made)
    db.session().flush()
    _frist(made, row, thing)
    note(actor, thing, "beslut", text=f"{row.number}.{number} {text}", about_id=whose)
    carry(actor, thing)
    journal.write(actor, "meeting_decision:add", "meeting_decision", uid, number=number, due_on=made.due_on)
    return made


def _frist(decision: MeetingDecision, meeting: Meeting, thing: Any) -> None:
    if decision.organisation_id is not None and decision.due_on is not None:
        source = Text(N_("Möte {number}"), number=meeting.number)
        terms = on_day(DECIDED, decision.due_on, source)
        about = subject("meeting_decision", decision, decision.text, thing)
        promise(DECIDED, about, decision.organisation_id, starts_at=clock.now(), terms=terms)


def move_decision(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None
) -> MeetingDecision:
    """Say that a decision is done (by who was to do it, or who leads), write it off, or take it up again.

    Raises Missing, Denied, Stale, Refused.
    """
    row = access.find(MeetingDecision, uid, actor, READ, lock=True)
    db.refuse_stale("meeting_decision", uid, row.version, version)
    flow.move(DECISION, row, key, actor, reason=reason)
    meeting = db.session().get_one(Meeting, row.meeting_id)
    thing, about = owner_of(meeting), subject("meeting_decision", row, row.text, owner_of(meeting))
    row.done_on, row.told = (clock.today(), reason) if key != "ta_upp_igen" else (None, "")
    db.session().flush()
    if key == "gor":
        kept(DECIDED, about, N_("Gjort"))
        note(actor, thing, "gjort", text=f"{meeting.number}.{row.number} {row.text}", about_id=row.organisation_id)
    elif key == "avskriv":
        dropped(DECIDED, about, reason)
    else:
        _frist(row, meeting, thing)
        carry(actor, thing)
    return row


@DECISION.guard("gor")
def _by_who_does_it(row: MeetingDecision, actor: Actor) -> Iterable[Objection]:
    """A party marks what is its own; who leads marks any."""
    if not acts_for(actor, row.organisation_id) and not reaches(actor, row, LEAD):
        yield Objection(N_("Det markeras av den som ska göra det, eller av den som leder."))


@DECISION.guard("ta_upp_igen")
def _not_when_all_has_ended(row: MeetingDecision, _actor: Actor) -> Iterable[Objection]:
    if has_ended(owner_of(db.session().get_one(Meeting, row.meeting_id))):
        yield Objection(HAS_ENDED)


def standing_of(row: MeetingDecision) -> State:
    """Return how a decision stands: red when it should have been done a fortnight ago."""
    stands = DECISION.states[row.state]
    if stands.closed or row.due_on is None:
        return stands
    late = (clock.today() - row.due_on).days
    if late > 0:
        words = Text(N_("{n} dygn sent"), n=late)
        return State(words, "danger", "late") if late >= RED_AFTER else State(words, "warning", "soon")
    return stands


def told(row: MeetingDecision) -> Told:
    """Return a decision that was read with its meeting, as it stands today."""
    return Told(row, standing_of(row), f"{row.meeting.number}.{row.number}")


def decisions_of(actor: Actor, meeting: Meeting) -> list[Told]:
    """Return what a meeting decided, in order."""
    rows = select(MeetingDecision).options(*(joinedload(part) for part in WHOLE))
    rows = rows.where(MeetingDecision.meeting_id == meeting.id).order_by(MeetingDecision.number)
    return [told(row) for row in db.session().scalars(access.visible(rows, actor))]


def carried_to(actor: Actor, meeting: Meeting) -> list[Told]:
    """Return what earlier meetings decided and was open when this one was called, the oldest first."""
    rows = select(MeetingDecision).options(*(joinedload(part) for part in WHOLE))
    rows = rows.join(MeetingCarried, MeetingCarried.decision_id == MeetingDecision.id)
    rows = rows.where(MeetingCarried.meeting_id == meeting.id).order_by(MeetingDecision.id)
    return [told(row) for row in db.session().scalars(access.visible(rows, actor))]


def open_decisions(actor: Actor, thing: Any) -> list[Told]:
    """Return what is decided and not done in a collaboration or a council, what is late first."""
    column, _ = OWNERS[type(thing)]
    rows = select(MeetingDecision).options(*(joinedload(part) for part in WHOLE)).join(MeetingDecision.meeting)
    rows = rows.where(getattr(Meeting, column) == thing.id, MeetingDecision.state == "oppet")
    order = (MeetingDecision.due_on.asc().nulls_last(), MeetingDecision.id)
    return [told(row) for row in db.session().scalars(access.visible(rows, actor).order_by(*order).limit(PAGE))]


def own_open(actor: Actor, organisations: Any, limit: int) -> list[MeetingDecision]:
    """Return what is decided that some organisations have to do, what is late first."""
    rows = select(MeetingDecision).options(joinedload(MeetingDecision.meeting))
    rows = rows.where(MeetingDecision.organisation_id.in_(organisations))
    rows = rows.where(MeetingDecision.state == "oppet", access.rule_of(MeetingDecision, actor, WRITE))
    return list(db.session().scalars(rows.order_by(MeetingDecision.due_on.asc().nulls_last()).limit(limit)))


def meeting_of(actor: Actor, decision: UUID) -> UUID:
    """Return the uid of the meeting of a decision; Missing of one that the actor does not reach."""
    rows = select(Meeting.uid).join(MeetingDecision, MeetingDecision.meeting_id == Meeting.id)
    found = db.session().scalar(rows.where(MeetingDecision.uid == decision, access.rule_of(MeetingDecision, actor)))
    if found is None:
        raise access.Missing("meeting_decision", decision)
    return found
