"""What is open when a platssamverkan ends: its commitments end or are handed over, its meetings' decisions written off.

Who ends it says which, on the form that ends it: no frist lapses without somebody having said so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, db, flow, journal
from core.access import Actor
from core.agreements.models import Agreement, Collaboration, Commitment, Meeting, MeetingDecision
from core.agreements.models.together import LEAD
from core.agreements.services.collaborations import move_collaboration
from core.agreements.services.commitments import end_those
from core.agreements.services.decisions import move_decision
from core.agreements.services.keeping import HOUSE, next_of, note
from core.agreements.services.parties import refuse_closed, taking_part
from core.agreements.states import APPLIES, COLLABORATION, COMMITMENT, DECISION, END, ENDS, HAND_OVER
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid

MOST = 100
"""Other collaborations to choose among."""


@dataclass(frozen=True)
class Left:
    """What is open in a platssamverkan: commitments, decisions, and agreements that go on applying after it."""

    commitments: int
    decisions: int
    agreements: int


def left_in(actor: Actor, row: Collaboration) -> Left:
    """Return what is open in a platssamverkan that the actor reaches, counted."""
    access.require(actor, LEAD, row)
    applying = select(Agreement).where(Agreement.collaboration_id == row.id, Agreement.state.in_(APPLIES))
    return Left(_count(_commitments(row)), _count(_decisions(row)), _count(applying))


def _count(rows: Any) -> int:
    return db.session().scalar(select(func.count()).select_from(rows.subquery())) or 0


def _commitments(row: Collaboration) -> Any:
    waiting = Commitment.state.in_(COMMITMENT.open_states())
    return select(Commitment).where(Commitment.collaboration_id == row.id, waiting)


def _decisions(row: Collaboration) -> Any:
    rows = select(MeetingDecision).join(Meeting, Meeting.id == MeetingDecision.meeting_id)
    return rows.where(Meeting.collaboration_id == row.id, MeetingDecision.state == DECISION.start)


def others(actor: Actor, row: Collaboration) -> list[tuple[UUID, str]]:
    """Return the collaborations that what is open may be handed over to: those that the actor leads and that go on."""
    closed = [key for key, state in COLLABORATION.states.items() if state.closed]
    rows = select(Collaboration.uid, Collaboration.name, Collaboration.number)
    rows = rows.where(Collaboration.id != row.id, Collaboration.state.not_in(closed))
    rows = rows.where(access.rule_of(Collaboration, actor, LEAD)).order_by(Collaboration.name).limit(MOST)
    return [(found.uid, f"{found.name} ({found.number})") for found in db.session().execute(rows)]


def end_collaboration(
    actor: Actor,
    uid: UUID,
    key: str,
    *,
    reason: str = "",
    rest: str = "",
    to: UUID | None = None,
    version: int | None = None,
) -> Collaboration:
    """End a platssamverkan, or lay it down; `rest` says what becomes of its commitments, `to` who they go to.

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    row = access.find(Collaboration, uid, actor, LEAD, lock=True)
    db.refuse_stale("collaboration", uid, row.version, version)
    commitments = list(db.session().scalars(_commitments(row).order_by(Commitment.number).with_for_update()))
    if commitments and rest == HAND_OVER:
        _hand_over(actor, row, to, commitments, reason)
    elif rest == END:
        end_those(actor, row, commitments, reason)
    for decision in db.session().scalars(_decisions(row)).all():
        move_decision(HOUSE, decision.uid, "avskriv", reason=reason)
    return move_collaboration(actor, uid, key, reason=reason)


@COLLABORATION.guard(*ENDS)
def _nothing_is_left(row: Collaboration, _actor: Actor) -> Iterable[Objection]:
    if commitments := _count(_commitments(row)):
        words = N_("Välj vad som händer med åtagandena som är öppna. De är {n}.")
        yield Objection(Text(words, n=commitments), "rest")
    if decisions := _count(_decisions(row)):
        yield Objection(Text(N_("Beslut från möten är öppna. De är {n}."), n=decisions))


def _hand_over(actor: Actor, row: Collaboration, to: UUID | None, commitments: list[Commitment], reason: str) -> None:
    """Let commitments go on in another platssamverkan, as they stand: each party that has promised takes part there."""
    if to is None or to == row.uid:
        raise Invalid({"to": [N_("Välj vilken platssamverkan som tar över.")]})
    after = access.find(Collaboration, to, actor, LEAD, lock=True)
    refuse_closed(after)
    whose = {one.organisation_id for one in commitments}
    if strangers := [key for key in whose if not taking_part(after, key)]:
        rows = select(Organisation.name).where(Organisation.id.in_(strangers)).order_by(Organisation.name)
        names = ", ".join(db.session().scalars(rows))
        words = Text(N_("Lägg först till {names} som part i {to}."), names=names, to=after.name)
        raise flow.Refused([Objection(words, "to")])
    number = next_of(Commitment, collaboration_id=after.id)
    for place, one in enumerate(commitments):
        one.collaboration_id, one.number = after.id, number + place
        one.goal_id = one.goal_id if after.cycle_id == row.cycle_id else None
        note(actor, row, "lamnat", text=one.what, about_id=one.organisation_id, reason=after.name)
        note(actor, after, "overtaget", text=one.what, about_id=one.organisation_id, reason=reason)
        journal.write(actor, "commitment:hand_over", "commitment", one.uid, to=after.number, number=one.number)
    db.session().flush()
