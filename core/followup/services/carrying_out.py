"""Carrying out what was granted: begun with its reference in the budget, milestones done, finished on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import WRITE, Application, ApplicationMeasure, Milestone
from core.applications.services import applications, promises_live
from core.applications.states import APPLICATION, GRANTED_STATES, UNDERWAY
from core.followup.models import READ
from core.followup.services import outturn
from core.hookspecs import Objection
from core.i18n import N_
from core.schema import Invalid

GRANTED = (*GRANTED_STATES, "delvis_beviljad", "avbruten", "avslutad", "avstadd")
"""States of an application that has, or has had, money."""
WHOLE = 100


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
        raise Invalid({"done_on": [N_("Dagen har inte varit än.")]})
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
