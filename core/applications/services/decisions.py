"""Reading decisions: one of them, those of an application, a list; and as JSON, as it goes with the decision (E14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.models import (
    CONFIRM,
    DECISION_READ,
    Allocation,
    Application,
    BodyMeeting,
    GrantDecision,
    Round,
    aside_from,
)
from core.applications.services import by_measure, by_order
from core.applications.services.applications import PAGE, Page
from core.applications.states import APPLICATION, DECIDED_IN
from core.i18n import N_, Text
from core.people.models import Person

WHOLE = (
    joinedload(GrantDecision.application).joinedload(Application.organisation),
    joinedload(GrantDecision.application).joinedload(Application.round).load_only(Round.state, Round.frozen_at),
    joinedload(GrantDecision.meeting).joinedload(BodyMeeting.organisation),
    joinedload(GrantDecision.meeting).joinedload(BodyMeeting.round),
    joinedload(GrantDecision.meeting).joinedload(BodyMeeting.programme),
    joinedload(GrantDecision.booking),
)
ELSEWHERE = N_("Ansökan väntar inte på beslut: läget är ”{state}”. Det som är inskrivet kan bara tas tillbaka.")


@dataclass(frozen=True)
class Wish:
    """Which decisions to list: in a state, of a meeting, of an application."""

    state: str = ""
    meeting: UUID | None = None
    application: UUID | None = None


EVERYTHING = Wish()


def list_decisions(
    actor: Actor, wish: Wish = EVERYTHING, *, after: tuple[int] | None = None, limit: int = PAGE
) -> Page:
    """Return the decisions that the actor reaches, the latest recorded first, in one query."""
    access.require(actor, DECISION_READ)
    rows = select(GrantDecision).options(*WHOLE).where(access.rule_of(GrantDecision, actor))
    if wish.state:
        rows = rows.where(GrantDecision.state == wish.state)
    for model, column, uid in (
        (BodyMeeting, GrantDecision.meeting_id, wish.meeting),
        (Application, GrantDecision.application_id, wish.application),
    ):
        if uid is not None:
            named: Any = model
            rows = rows.where(column == select(named.id).where(named.uid == uid).scalar_subquery())
    if after is not None:
        rows = rows.where(GrantDecision.id < after[0])
    found = list(db.session().scalars(rows.order_by(GrantDecision.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def read_decision(actor: Actor, uid: UUID) -> GrantDecision:
    """Return a decision with its application, meeting and booking; Missing when the actor does not reach it."""
    access.require(actor, DECISION_READ)
    rows = select(GrantDecision).options(*WHOLE).where(GrantDecision.uid == uid)
    found = db.session().scalar(rows.where(access.rule_of(GrantDecision, actor)))
    if found is None:
        raise access.Missing("decision", uid)
    return found


def cannot_hold(row: GrantDecision, application: Application) -> str:
    """Return why a decision that waits can only be taken back; empty when its second person can confirm it.

    By the order of the application's round: a meeting may be about none.
    """
    if application.state != DECIDED_IN:
        return Text(ELSEWHERE, state=APPLICATION.states[application.state].label)
    return by_order.not_by_it(row, application.round)


def amounts_of(rows: Iterable[GrantDecision]) -> dict[int, dict[int, int]]:
    """Return what each of some decisions grants, in kronor by year, by key, in one query."""
    found: dict[int, dict[int, int]] = {row.id: {} for row in rows}
    told = select(Allocation).where(Allocation.decision_id.in_(found)).order_by(Allocation.year)
    for one in db.session().scalars(told):
        found[one.decision_id][one.year] = one.amount
    return found


def recorders(rows: Iterable[GrantDecision]) -> dict[int, str]:
    """Return the names of those who recorded, confirmed or doubt some decisions, by key."""
    keys = {key for row in rows for key in (row.recorded_by_id, row.confirmed_by_id, row.wrong_by_id) if key}
    known = select(Person.id, Person.name).where(Person.id.in_(keys))
    return {one.id: one.name for one in db.session().execute(known)}


def to_confirm(actor: Actor, limit: int) -> list[GrantDecision]:
    """Return what waits for the actor as the second person: decisions and corrections that others have recorded.

    None of an application with one's own jäv. A decision of an application that waits for none any more, or that was
    recorded by an older order than the round's, can only be taken back, by those who record.
    """
    if not actor.may(CONFIRM) or actor.id is None:
        return []
    waits = (GrantDecision.state == "registrerad") & (GrantDecision.recorded_by_id != actor.id)
    ordered = Application.round_id.is_(None) | Round.state.in_(by_order.STANDS_IN) | Round.frozen_at.is_not(None)
    since = Round.frozen_at.is_(None) | (Round.frozen_at <= GrantDecision.recorded_at)
    can_hold = select(Application.id).outerjoin(Round, Round.id == Application.round_id)
    can_hold = can_hold.where(Application.id == GrantDecision.application_id, Application.state == DECIDED_IN)
    waits &= can_hold.where(ordered, since).exists()
    wrong = (GrantDecision.state == "bekraftad") & (GrantDecision.wrong_by_id != actor.id)
    mine = select(Application.id).where(aside_from(actor.id))
    rows = select(GrantDecision).options(*WHOLE).where(waits | wrong, access.rule_of(GrantDecision, actor, CONFIRM))
    rows = rows.where(GrantDecision.application_id.not_in(mine))
    return list(db.session().scalars(rows.order_by(GrantDecision.id).limit(limit)))


def as_json(row: GrantDecision, amounts: dict[int, int]) -> dict[str, Any]:
    """Return a decision as data, for the API and the file that goes with it; whole kronor."""
    names = ("uid", "state", "outcome", "paragraph", "motive", "motive_text", "conditions", "reservation", "departs")
    told = {name: getattr(row, name) for name in names}
    more = ("returns_to", "recorded_at", "confirmed_at", "plan_by", "wrong_because", "version")
    return (
        told
        | {name: getattr(row, name) for name in more}
        | {
            "application": row.application.uid,
            "number": row.application.number,
            "title": row.application.title,
            "organisation": row.application.organisation.uid,
            "meeting": row.meeting.uid,
            "body": row.meeting.organisation.name,
            "held_on": row.meeting.held_on,
            "adjusted_on": row.meeting.adjusted_on,
            "left_out": by_measure.left_out_of(row),
            "amounts": [{"year": year, "kronor": kronor} for year, kronor in amounts.items()],
            "booking": row.booking.number if row.booking else "",
        }
    )


def of_meeting(actor: Actor, meeting: BodyMeeting) -> list[GrantDecision]:
    """Return the decisions of a meeting that the actor reaches, in the order of their paragraphs' recording."""
    rows = select(GrantDecision).options(*WHOLE).where(GrantDecision.meeting_id == meeting.id)
    return list(db.session().scalars(rows.where(access.rule_of(GrantDecision, actor)).order_by(GrantDecision.id)))
