"""Carrying out what was granted: begun with its reference in the budget, milestones done, finished on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    GRANTS,
    WRITE,
    Application,
    ApplicationMeasure,
    BodyMeeting,
    GrantDecision,
    Milestone,
)
from core.applications.services import applications, promises_live
from core.applications.states import APPLICATION, GRANTED_STATES, UNDERWAY
from core.followup.models import READ
from core.followup.services import outturn
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid

GRANTED = (*GRANTED_STATES, "delvis_beviljad", "avbruten", "avslutad", "avstadd")
"""States of an application that has, or has had, money."""
WHOLE = 100
NOT_YET = N_("Dagen har inte varit än.")
BEFORE_BEGUN = N_("Ansökan påbörjades {day}. Skriv den dagen eller en senare.")
BEFORE_GRANTED = N_("Pengarna beviljades {day}. Skriv den dagen eller en senare.")
NOT_ALL_DONE = N_(
    "Milstolpar som inte är klara: {milestones}. Åtgärder som inte är helt gjorda: {measures}. "
    "Skriv in det som är gjort, eller skriv här varför arbetet är färdigt ändå."
)
MILESTONES_LEFT = N_(
    "Milstolpar som inte är klara: {milestones}. "
    "Skriv in det som är gjort, eller skriv här varför arbetet är färdigt ändå."
)
MEASURES_LEFT = N_(
    "Åtgärder som inte är helt gjorda: {measures}. "
    "Skriv in det som är gjort, eller skriv här varför arbetet är färdigt ändå."
)


@dataclass(frozen=True)
class Progress:
    """How far the work has come, in percent of its weight, and what should have been done by today."""

    done: int
    planned: int
    late: list[Milestone]


def progress(milestones: Sequence[Milestone], today: date) -> Progress:
    """Return how much of the weight is done and how much should be; without weights each weighs the same."""
    weights = {one.id: one.weight for one in milestones}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    total = sum(weights.values())
    done = sum(weights[one.id] for one in milestones if one.done_on is not None)
    planned = sum(weights[one.id] for one in milestones if one.due_on <= today)
    late = [one for one in milestones if one.done_on is None and one.due_on < today]
    return Progress(done * WHOLE // total if total else 0, planned * WHOLE // total if total else 0, late)


def measures_progress(measures: Sequence[ApplicationMeasure]) -> int:
    """Return how much of the measures is done, in percent of their weight; one that was dropped counts no more."""
    kept = [one for one in measures if one.dropped_on is None]
    weights = [one.weight for one in kept] if any(one.weight for one in kept) else [1] * len(kept)
    total = sum(weights)
    return sum(weight * one.done for weight, one in zip(weights, kept, strict=True)) // total if total else 0


def milestones_of(application: Application) -> list[Milestone]:
    """Return the milestones of an application that the actor reaches, the first day first."""
    rows = select(Milestone).where(Milestone.application_id == application.id)
    return list(db.session().scalars(rows.order_by(Milestone.due_on, Milestone.id)))


def measures_of(application: Application) -> list[ApplicationMeasure]:
    """Return the measures of an application that the actor reaches, in their order."""
    rows = select(ApplicationMeasure).where(ApplicationMeasure.application_id == application.id)
    return list(db.session().scalars(rows.order_by(ApplicationMeasure.number)))


def begun_on(application: Application) -> date:
    """Return the day from which anything of it can have been done: it was begun, or had been decided on before."""
    begun, granted = clock.local(application.begun_at).date(), granted_on(application)
    return min(begun, granted) if granted else begun


def granted_on(application: Application) -> date | None:
    """Return the day when it was granted money; None where the decision is not here."""
    rows = select(func.min(BodyMeeting.held_on)).join(GrantDecision, GrantDecision.meeting_id == BodyMeeting.id)
    rows = rows.where(GrantDecision.application_id == application.id, GrantDecision.state == "bekraftad")
    return db.session().scalar(rows.where(GrantDecision.outcome.in_(GRANTS)))


def _underway(actor: Actor, uid: UUID) -> Application:
    application = access.find(Application, uid, actor, WRITE, lock=True)
    if application.state not in UNDERWAY:
        raise flow.Refused([Objection(N_("Arbetet pågår inte. Starta genomförandet först."))])
    return application


def finish_milestone(
    actor: Actor, application: UUID, milestone: UUID, *, done_on: date, note: str, version: int | None
) -> Milestone:
    """Tell that a milestone is done. Raises Missing, Denied, Stale, Refused, Invalid."""
    about = _underway(actor, application)
    rows = select(Milestone).where(Milestone.uid == milestone, Milestone.application_id == about.id)
    row = db.session().scalar(rows.with_for_update())
    if row is None:
        raise access.Missing("application_milestone", milestone)
    db.refuse_stale("application_milestone", milestone, row.version, version)
    if done_on > clock.today():
        raise Invalid({"done_on": [NOT_YET]})
    if done_on < (first := begun_on(about)):
        raise Invalid({"done_on": [Text(BEFORE_BEGUN, day=first.isoformat())]})
    row.done_on, row.note = done_on, note
    db.session().flush()
    journal.write(actor, "application:milestone", "application", about.uid, level=about.level, title=row.title)
    return row


def tell_progress(
    actor: Actor, application: UUID, measure: UUID, *, done: int, delivered: str, version: int | None
) -> ApplicationMeasure:
    """Tell how much of a measure is done, in percent, and what has been delivered. Raises as `finish_milestone`."""
    about = _underway(actor, application)
    rows = select(ApplicationMeasure).where(
        ApplicationMeasure.uid == measure, ApplicationMeasure.application_id == about.id
    )
    row = db.session().scalar(rows.with_for_update())
    if row is None:
        raise access.Missing("application_measure", measure)
    db.refuse_stale("application_measure", measure, row.version, version)
    row.done, row.delivered = done, delivered
    db.session().flush()
    journal.write(actor, "application:progress", "application", about.uid, level=about.level, number=row.number)
    return row


def name_project(
    actor: Actor, application: UUID, *, project_code: str, budget_reference: str, version: int | None
) -> Application:
    """Write the project code of the finance system, and the reference of the changed budget.

    Raises Missing, Denied, Stale, Refused, Invalid for a code that another application has.
    """
    about = access.find(Application, application, actor, WRITE, lock=True)
    db.refuse_stale("application", application, about.version, version)
    if about.state not in GRANTED_STATES:
        raise flow.Refused([Objection(N_("Ansökan har inga beviljade medel."))])
    taken = select(Application.id).where(Application.project_code == project_code, Application.id != about.id)
    if project_code and db.session().scalar(taken.limit(1)) is not None:
        raise Invalid({"project_code": [N_("En annan ansökan har redan projektkoden. Kontrollera numret.")]})
    about.project_code, about.budget_reference = project_code, budget_reference
    about.version += 1
    db.session().flush()
    outturn.forget_codes()
    journal.write(actor, "application:project", "application", about.uid, level=about.level, code=project_code)
    return about


@APPLICATION.guard("starta")
def _in_the_budget(application: Application, _actor: Actor) -> Iterable[Objection]:
    if not application.budget_reference:
        yield Objection(N_("Skriv in referensen till budgetjusteringen först."), "#projekt")


@applications.takes("fardigstall")
def _may_be_finished(_actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Refuse a day that cannot be, from which every promise would be counted, and to leave things undone in silence."""
    day, granted, begun = facts.get("finished_on") or clock.today(), granted_on(application), begun_on(application)
    wrong: dict[str, list[str]] = {}
    if day > clock.today():
        wrong["finished_on"] = [NOT_YET]
    elif granted is not None and day < granted:
        wrong["finished_on"] = [Text(BEFORE_GRANTED, day=granted.isoformat())]
    elif day < begun:
        wrong["finished_on"] = [Text(BEFORE_BEGUN, day=begun.isoformat())]
    undone = _left_undone(application)
    if undone and not facts["reason"].strip():
        wrong["reason"] = [undone]
    if wrong:
        raise Invalid(wrong)


def _left_undone(application: Application) -> str:
    """Ask why, with how many are left undone, whatever they weigh; empty when none is."""
    steps = sum(1 for one in milestones_of(application) if one.done_on is None)
    measures = sum(1 for one in measures_of(application) if one.dropped_on is None and one.done < WHOLE)
    if not steps and not measures:
        return ""
    asked = NOT_ALL_DONE if steps and measures else MILESTONES_LEFT if steps else MEASURES_LEFT
    return Text(asked, milestones=steps, measures=measures)


@applications.follows("fardigstall")
def _finished(_actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """The day of the final inspection is when it was finished; from then on what was promised is looked after."""
    application.finished_on = facts.get("finished_on") or clock.today()
    db.session().flush()
    promises_live.make_live(application, application.finished_on)


@applications.follows("ratta_fardig")
def _not_finished(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    application.finished_on = None
    db.session().flush()
    promises_live.end_live(application, APPLICATION.states[application.state].label)


def read_granted(actor: Actor, uid: UUID) -> Application:
    """Return an application that has, or has had, money; Missing for any other."""
    access.require(actor, READ)
    found = applications.read_application(actor, uid)
    if found.state not in GRANTED:
        raise access.Missing("application", uid)
    return found
