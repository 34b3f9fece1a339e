"""The measures that money is sought for: each of a kind, on a place, against a cause, of the cycle's plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.models import Application, ApplicationMeasure, ApplicationPlace, Promise
from core.applications.services import applications, parts
from core.applications.services.content import cycle_read
from core.cooperation import catalogue
from core.cooperation.models import Cause, Cycle, Measure, Problem
from core.cooperation.models.cycles import READ as READ_CYCLES
from core.i18n import N_, Text
from core.places.models import Place
from core.schema import Invalid

KEY = "atgarder"
LIKELY = "trolig"
MOST = 200
WHOLE = (ApplicationMeasure.place, ApplicationMeasure.cause, ApplicationMeasure.measure)


def add_measure(actor: Actor, uid: UUID, *, measure_uid: UUID, **facts: Any) -> ApplicationMeasure:
    """Write down a measure, however little is known of it; once for each `measure_uid`.

    `place`, `cause` and `measure` are uids. Raises Missing, Denied, Conflict, Invalid, Refused.
    """
    application, _ = applications.part_to_write(actor, uid, KEY, version=None)
    known = _known(actor, application, facts)
    highest = db.session().scalar(
        select(func.max(ApplicationMeasure.number)).where(ApplicationMeasure.application_id == application.id)
    )
    row = ApplicationMeasure(uid=measure_uid, number=(highest or 0) + 1, **known)
    added: ApplicationMeasure = parts.add_row(actor, uid, KEY, row)
    return added


def change_measure(actor: Actor, uid: UUID, *, version: int | None = None, **facts: Any) -> Application:
    """Change a measure. Raises Missing, Denied, Stale, Invalid, Refused."""
    application, row = parts.row_of(actor, ApplicationMeasure, uid)
    known = _known(actor, application, facts, row)
    parts.change_row(actor, KEY, ApplicationMeasure, uid, version=version, **known)
    return application


def take_measure(actor: Actor, uid: UUID) -> Application:
    """Take a measure out, with the promise of who would look after it. Raises Missing, Denied, Refused."""
    application, row = parts.row_of(actor, ApplicationMeasure, uid)
    applications.part_to_write(actor, application.uid, KEY, version=None)
    db.session().execute(delete(Promise).where(Promise.measure_id == row.id))
    return parts.take_row(actor, KEY, ApplicationMeasure, uid)


def _known(actor: Actor, application: Application, facts: dict[str, Any], was: Any = None) -> dict[str, Any]:
    """Return the facts with the keys of what they name, which the actor reads or which stood there. Raises Invalid."""
    catalogue.check({"kind": facts.get("kind")}, was)
    known = dict(facts)
    if known.get("quantity") is not None:
        known["quantity"] = round(known["quantity"], 2)
    about = select(ApplicationPlace.place_id).where(ApplicationPlace.application_id == application.id)
    reads = actor.may(READ_CYCLES)
    for name, model, mine, words in (
        ("place", Place, Place.id.in_(about), N_("Välj en av ansökans platser.")),
        ("cause", Cause, access.rule_of(Cause, actor) if reads else None, N_("Välj orsaken i listan.")),
        ("measure", Measure, access.rule_of(Measure, actor) if reads else None, N_("Välj åtgärden i listan.")),
    ):
        if name not in known:
            continue
        chosen: Any = known.pop(name)
        had = getattr(was, f"{name}_id", None)
        rule = model.id == had if mine is None else mine | (model.id == had)
        key = db.session().scalar(select(model.id).where(model.uid == chosen, rule)) if chosen else None
        if chosen and key is None:
            raise Invalid({name: [words]})
        known[f"{name}_id"] = key
    return known


def measures_of(application: Application) -> list[ApplicationMeasure]:
    """Return the measures of an application that the actor reads, by number, one query."""
    rows = select(ApplicationMeasure).options(*(joinedload(one) for one in WHOLE))
    rows = rows.where(ApplicationMeasure.application_id == application.id)
    return list(db.session().scalars(rows.order_by(ApplicationMeasure.number).limit(MOST)))


def flags(application: Application, measures: list[ApplicationMeasure]) -> dict[UUID, Text | str]:
    """Return what is wrong with what each measure hangs on, by its uid: saved all the same, told of here."""
    keys = [one.cause_id for one in measures if one.cause_id is not None]
    rows = select(Cause.id, Problem.cycle_id).join(Problem, Problem.id == Cause.problem_id).where(Cause.id.in_(keys))
    cycles = {row.id: row.cycle_id for row in db.session().execute(rows)}
    told: dict[UUID, Text | str] = {}
    for one in measures:
        if one.cause is None:
            told[one.uid] = N_("Välj den orsak som åtgärden riktar sig mot.")
        elif one.cause.state != LIKELY:
            told[one.uid] = N_("Orsaken är inte prövad som trolig.")
        elif cycles.get(one.cause.id) != application.cycle_id:
            told[one.uid] = N_("Orsaken hör till en annan samverkan än den som ansökan bygger på.")
    return told


def causes_to_choose(actor: Actor, application: Application) -> list[tuple[Cause, Problem]]:
    """Return the likely causes of the application's cycle that the actor reads, with their problems."""
    cycle = cycle_read(actor, application)
    return causes_of(actor, cycle, likely=True) if cycle else []


def causes_of(actor: Actor, cycle: Cycle, *, likely: bool = False) -> list[tuple[Cause, Problem]]:
    """Return the causes of a cycle that the actor reads, with their problems: all, or only the likely ones."""
    rows = select(Cause, Problem).join(Problem, Problem.id == Cause.problem_id).where(Problem.cycle_id == cycle.id)
    if likely:
        rows = rows.where(Cause.state == LIKELY)
    rows = rows.where(access.rule_of(Cause, actor)).order_by(Problem.number, Cause.number).limit(MOST)
    return [(cause, problem) for cause, problem in db.session().execute(rows)]


def plan_to_choose(actor: Actor, application: Application) -> list[Measure]:
    """Return the measures of the cycle's plan that the actor reads, by number."""
    if application.cycle_id is None or not actor.may(READ_CYCLES):
        return []
    rows = select(Measure).where(Measure.cycle_id == application.cycle_id).order_by(Measure.number).limit(MOST)
    return list(db.session().scalars(access.visible(rows, actor)))
