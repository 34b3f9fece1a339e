"""A part was granted: the applicant writes a new plan that fits and accepts, or declines and gives the money back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    GRANTS,
    HANDLE,
    SUBMIT,
    Application,
    ApplicationMeasure,
    GrantDecision,
    Milestone,
)
from core.applications.services import by_measure, granting, plan_whole
from core.applications.services.amounts import planned_by_year
from core.applications.services.applications import follows, make_move
from core.applications.states import APPLICATION
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid
from core.schema.amounts import grouped

TOO_LATE = N_("Tiden för en ny plan gick ut {day}. Be stadsledningskontoret om mer tid.")

WHICH_STEPS = N_("En åtgärd utgår. Välj de milstolpar som hör till den, eller kryssa för att alla står kvar.")
NONE_DROPPED = N_("Välj de åtgärder som utgår, eller ta bort kryssen här: milstolpar utgår bara med en åtgärd.")
BOTH_WAYS = N_("Välj milstolpar som utgår eller kryssa för att alla står kvar, inte båda.")


def accept(
    actor: Actor,
    uid: UUID,
    *,
    dropped: Sequence[UUID] = (),
    struck: Sequence[UUID] = (),
    all_hold: bool = False,
    version: int | None = None,
) -> Application:
    """Accept a part of the money, with a plan that fits it; `dropped` are the measures that are not done after all.

    `struck` are the milestones that go with them, never without one; with `all_hold` none does.
    Raises Missing, Denied, Stale, Invalid; Refused with all that does not fit yet.
    """
    application = access.find(Application, uid, actor, SUBMIT, lock=True)
    db.refuse_stale("application", uid, application.version, version)
    if struck and not dropped:
        raise Invalid({"struck": [NONE_DROPPED]})
    if application.state == "delvis_beviljad" and dropped:
        rows = select(ApplicationMeasure).where(ApplicationMeasure.application_id == application.id)
        rows = rows.where(ApplicationMeasure.uid.in_(list(dropped)), ApplicationMeasure.dropped_on.is_(None))
        for measure in db.session().scalars(rows.order_by(ApplicationMeasure.id)).all():
            measure.dropped_on = clock.today()
        _strike(application, struck, all_hold=all_hold)
        db.session().flush()
    return make_move(actor, application, "acceptera")


def _strike(application: Application, struck: Sequence[UUID], *, all_hold: bool) -> None:
    """Take away milestones of what is not done: when the work goes on the plan is locked, and they would be late."""
    steps = steps_of(application)
    gone = [one for one in steps if one.uid in struck]
    if steps and bool(gone) == all_hold:
        raise Invalid({"struck": [BOTH_WAYS if gone else WHICH_STEPS]})
    if gone and len(gone) == len(steps):
        raise Invalid({"struck": [N_("Låt minst en milstolpe stå kvar för det som ska göras.")]})
    for one in gone:
        db.session().delete(one)


def decline(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> Application:
    """Decline what was granted: all of it is given back. Raises Missing, Denied, Stale, Refused."""
    application = access.find(Application, uid, actor, SUBMIT, lock=True)
    db.refuse_stale("application", uid, application.version, version)
    return make_move(actor, application, "avsta", reason=reason)


def more_time(actor: Actor, uid: UUID, *, until: date, reason: str, version: int | None = None) -> GrantDecision:
    """Let an applicant have until a later day for the new plan. Raises Missing, Denied, Stale, Refused, Invalid."""
    application = access.find(Application, uid, actor, HANDLE, lock=True)
    row = decision_in_force(application)
    if application.state != "delvis_beviljad" or row is None or row.plan_by is None:
        raise flow.Refused([Objection(N_("Ingen ny plan väntas för ansökan."))])
    db.refuse_stale("decision", row.uid, row.version, version)
    if until <= max(row.plan_by, clock.today()):
        raise Invalid({"until": [N_("Välj en senare dag.")]})
    granting.move_plan(application, until, reason)
    row.plan_by = until
    db.session().flush()
    detail = {"number": application.number, "until": until.isoformat(), "reason": reason}
    journal.write(actor, "decision:more_time", "decision", row.uid, level=row.level, **detail)
    return row


def decision_in_force(application: Application) -> GrantDecision | None:
    """Return the decision by which an application has its money; None when there is none."""
    rows = select(GrantDecision).where(GrantDecision.application_id == application.id)
    rows = rows.where(GrantDecision.state == "bekraftad", GrantDecision.outcome.in_(GRANTS))
    return db.session().scalar(rows.order_by(GrantDecision.id.desc()).limit(1))


def planned(application: Application) -> dict[int, int]:
    """Return what the costs of an application are now, in kronor by year."""
    return planned_by_year([application.id]).get(application.id, {})


def in_the_plan(actor: Actor, application: Application) -> list[str]:
    """Return what does not add up yet in a plan of what is granted, beside what is answered as it is accepted."""
    return [one.message for one in _plan_fits(application, actor) if one.field != "dropped"]


@APPLICATION.guard("acceptera")
def _plan_fits(application: Application, _actor: Actor) -> Iterable[Objection]:
    """The costs are what was granted each year, what is kept costs no more and is granted (domain.md 1.3)."""
    row = decision_in_force(application)
    if row is not None and row.plan_by is not None and row.plan_by < clock.today():
        yield Objection(Text(TOO_LATE, day=row.plan_by.isoformat()))
    given, now = granting.granted_now(application), planned(application)
    for year in sorted({*given, *now}):
        if given.get(year, 0) != now.get(year, 0):
            words = N_("Utgifterna för {year} är {now} kr. Beviljat är {given} kr. Ändra utgifterna så att de stämmer.")
            known = {"now": grouped(now.get(year, 0)), "given": grouped(given.get(year, 0))}
            yield Objection(Text(words, year=str(year), **known))
    kept = select(func.coalesce(func.sum(ApplicationMeasure.amount), 0)).where(
        ApplicationMeasure.application_id == application.id, ApplicationMeasure.dropped_on.is_(None)
    )
    over = int(db.session().scalar(kept) or 0) - sum(given.values())
    if over > 0:
        words = N_(
            "Åtgärderna kostar {over} kr mer än vad som är beviljat. Välj vilka som utgår, eller ändra beloppen."
        )
        yield Objection(Text(words, over=grouped(over)), "dropped")
    yield from plan_whole.lacking(application, row, given)
    for one in by_measure.must_go(row, application):
        yield Objection(by_measure.refusal(one), "dropped")


@follows("acceptera")
def _accepted(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    granting.meet_plan(application, APPLICATION.states[application.state].label)


@follows("avsta")
def _declined(actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """Give back all that is granted, so that others can have it."""
    reason = APPLICATION.states[application.state].label
    granting.book_back(actor, decision_in_force(application), application, "aterlamning", reason)
    granting.end_plan(application, reason)


def kept_measures(application: Application) -> list[ApplicationMeasure]:
    """Return the measures of an application that are still to be done."""
    rows = select(ApplicationMeasure).where(ApplicationMeasure.application_id == application.id)
    rows = rows.where(ApplicationMeasure.dropped_on.is_(None))
    return list(db.session().scalars(rows.order_by(ApplicationMeasure.number)))


def steps_of(application: Application) -> list[Milestone]:
    """Return the milestones of an application in the order of their days."""
    rows = select(Milestone).where(Milestone.application_id == application.id)
    return list(db.session().scalars(rows.order_by(Milestone.due_on, Milestone.id)))
