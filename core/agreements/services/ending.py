"""What is open when a platssamverkan or a local council ends.

Commitments end or are handed over, as who ends it says on the form that ends it: no frist lapses without somebody
having said so. Decisions of meetings are written off, meetings that lie ahead are called off, drafts of agreements are
laid down, all with the reason that was given; the page says so, and how many they are, before it is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.agreements.models import Agreement, Collaboration, Commitment, Council, Meeting, MeetingDecision
from core.agreements.models.together import LEAD
from core.agreements.services.collaborations import move_collaboration
from core.agreements.services.commitments import end_those, stand_on_its_place
from core.agreements.services.councils import move_council
from core.agreements.services.decisions import move_decision
from core.agreements.services.keeping import HOUSE, OWNERS, next_of, note, protect
from core.agreements.services.meetings import move_meeting
from core.agreements.services.parties import refuse_closed, taking_part
from core.agreements.services.signing import move_agreement
from core.agreements.states import (
    AGREEMENT,
    APPLIES,
    COLLABORATION,
    COMMITMENT,
    COUNCIL,
    DECISION,
    END,
    ENDS,
    HAND_OVER,
    MEETING,
)
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid

NOT_YET = AGREEMENT.move("lagg_ned").sources
"""States of an agreement that does not apply yet: its draft may be laid down."""
MOST = 100
"""Other collaborations to choose among."""


@dataclass(frozen=True)
class Left:
    """What is open in a platssamverkan or a council, counted.

    Of `agreements` those that go on applying after it, of `drafts` those that are laid down with it, and of
    `others_drafts` those that somebody else leads, and that stay.
    """

    commitments: int = 0
    decisions: int = 0
    meetings: int = 0
    agreements: int = 0
    drafts: int = 0
    others_drafts: int = 0


def left_in(actor: Actor, row: Collaboration | Council) -> Left:
    """Return what is open in a platssamverkan or a council that the actor leads, counted."""
    access.require(actor, LEAD, row)
    decisions, meetings = _count(_decisions(row)), _count(_ahead(row))
    if isinstance(row, Council):
        return Left(decisions=decisions, meetings=meetings)
    applying = select(Agreement).where(Agreement.collaboration_id == row.id, Agreement.state.in_(APPLIES))
    drafts, own = _count(_drafts(row)), _count(_own_drafts(actor, row))
    return Left(
        commitments=_count(_commitments(row)),
        decisions=decisions,
        meetings=meetings,
        agreements=_count(applying),
        drafts=own,
        others_drafts=drafts - own,
    )


def _count(rows: Any) -> int:
    return db.session().scalar(select(func.count()).select_from(rows.subquery())) or 0


def _commitments(row: Collaboration) -> Any:
    waiting = Commitment.state.in_(COMMITMENT.open_states())
    return select(Commitment).where(Commitment.collaboration_id == row.id, waiting)


def _decisions(row: Collaboration | Council) -> Any:
    rows = select(MeetingDecision).join(Meeting, Meeting.id == MeetingDecision.meeting_id)
    return rows.where(_of(row), MeetingDecision.state == DECISION.start)


def _ahead(row: Collaboration | Council) -> Any:
    """Select the meetings that are called and have not been; of one that has been the minutes may still be written."""
    return select(Meeting).where(_of(row), Meeting.state == MEETING.start, Meeting.held_at > clock.now())


def _of(row: Collaboration | Council) -> ColumnElement[bool]:
    found: ColumnElement[bool] = getattr(Meeting, OWNERS[type(row)][0]) == row.id
    return found


def _drafts(row: Collaboration) -> Any:
    return select(Agreement).where(Agreement.collaboration_id == row.id, Agreement.state.in_(NOT_YET))


def _own_drafts(actor: Actor, row: Collaboration) -> Any:
    return _drafts(row).where(access.rule_of(Agreement, actor, LEAD))


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
    _end_meetings(row, reason)
    for draft in db.session().scalars(_own_drafts(actor, row)).all():
        move_agreement(actor, draft.uid, "lagg_ned", reason=reason)
    return move_collaboration(actor, uid, key, reason=reason)


def end_council(actor: Actor, uid: UUID, *, reason: str = "", version: int | None = None) -> Council:
    """End a local council with what its meetings have left. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Council, uid, actor, LEAD, lock=True)
    db.refuse_stale("council", uid, row.version, version)
    _end_meetings(row, reason)
    return move_council(actor, uid, "avsluta", reason=reason)


def _end_meetings(row: Collaboration | Council, reason: str) -> None:
    """Write off what meetings have decided and nobody has done, and call off those that lie ahead."""
    for decision in db.session().scalars(_decisions(row)).all():
        move_decision(HOUSE, decision.uid, "avskriv", reason=reason)
    for meeting in db.session().scalars(_ahead(row)).all():
        move_meeting(HOUSE, meeting.uid, "stalla_in", reason=reason)


@COLLABORATION.guard(*ENDS)
def _nothing_is_left(row: Collaboration, actor: Actor) -> Iterable[Objection]:
    if commitments := _count(_commitments(row)):
        words = N_("Välj vad som händer med åtagandena som är öppna. De är {n}.")
        yield Objection(Text(words, n=commitments), "rest")
    yield from _no_decision_is_left(row, actor)


@COUNCIL.guard("avsluta")
def _no_decision_is_left(row: Collaboration | Council, _actor: Actor) -> Iterable[Objection]:
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
    stand_on_its_place(actor, after, commitments)
    protect(actor, after)
