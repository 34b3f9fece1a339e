"""What the parts of an application hold beside their words: places, the cycle, goals, perspectives, permits, steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.models import (
    PERMIT_KINDS,
    PERSPECTIVES,
    Application,
    ApplicationGoal,
    ApplicationPermit,
    ApplicationPerspective,
    ApplicationPlace,
    Milestone,
)
from core.applications.parts import PARTS
from core.applications.services import costs, parts
from core.cooperation import catalogue
from core.cooperation import services as cooperation
from core.cooperation.models import Cycle, Goal
from core.cooperation.models.cycles import READ as READ_CYCLES
from core.i18n import N_, Text
from core.places.models import PUBLIC_ACCESS, Place
from core.reserve.models import Programme
from core.schema import Invalid

MOST_PLACES = 50
MOST_CYCLES = 200

# --- Places -------------------------------------------------------------------------------------------------------


@parts.writes("plats")
def _write_places(actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Keep which places it is about, also those that the public does not reach: they are told of, and stop later."""
    if "places" not in facts:
        return
    wanted = list(dict.fromkeys(facts.pop("places")))
    if len(wanted) > MOST_PLACES:
        raise Invalid({"places": [Text(N_("Välj högst {n} platser."), n=MOST_PLACES)]})
    had = set(db.session().scalars(select(ApplicationPlace.place_id).filter_by(application_id=application.id)))
    mine = access.rule_of(Place, actor) | Place.id.in_(had)
    keys = set(db.session().scalars(select(Place.id).where(Place.uid.in_(wanted), mine)))
    if len(keys) < len(wanted):
        raise Invalid({"places": [N_("En av platserna finns inte, eller så har du inte rätt att se den.")]})
    gone = had - keys
    if gone:
        same = ApplicationPlace.application_id == application.id
        db.session().execute(delete(ApplicationPlace).where(same, ApplicationPlace.place_id.in_(gone)))
    db.session().add_all(ApplicationPlace(application_id=application.id, place_id=key) for key in sorted(keys - had))
    db.session().flush()


def places_of(application: Application) -> list[Place]:
    """Return the places that an application that the actor reads is about, by name."""
    rows = select(Place).join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    rows = rows.where(ApplicationPlace.application_id == application.id)
    return list(db.session().scalars(rows.order_by(Place.name, Place.id).limit(MOST_PLACES)))


def not_reached(programme: Programme, places: Iterable[Place]) -> dict[UUID, Text]:
    """Return why the programme gives nothing to some of the places, by their uid: the public does not reach them."""
    allowed = programme.access.split()
    words = N_("Platsen är {access}. Medel ges bara till platser som allmänheten når.")
    return {
        one.uid: Text(words, access=_NOT_OPEN.get(one.public_access, PUBLIC_ACCESS.get(one.public_access, "")))
        for one in places
        if allowed and one.public_access not in allowed
    }


_NOT_OPEN = {
    "kvartersmark_begransad": N_("kvartersmark med begränsat tillträde"),
    "ej_tilltrade": N_("kvartersmark utan tillträde"),
}

# --- The cycle, its causes and goals ------------------------------------------------------------------------------


@parts.writes("orsaker")
def _write_cycle(actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Keep which cycle the causes were tested in; what hangs on another one stays, and is told of."""
    if "cycle" not in facts:
        return
    chosen = facts.pop("cycle")
    if chosen is None:
        application.cycle_id = None
    else:
        rows = select(Cycle).where(Cycle.uid == chosen, access.rule_of(Cycle, actor))
        found = db.session().scalar(rows) if actor.may(READ_CYCLES) else None
        if found is None:
            raise Invalid({"cycle": [N_("Välj en samverkan i listan.")]})
        application.cycle_id = found.id
    db.session().flush()


def cycles_to_choose(actor: Actor, application: Application) -> list[Cycle]:
    """Return the cycles that the actor reads, those about the application's places first."""
    if not actor.may(READ_CYCLES):
        return []
    about = select(ApplicationPlace.place_id).where(ApplicationPlace.application_id == application.id)
    rows = select(Cycle).options(joinedload(Cycle.organisation)).where(access.rule_of(Cycle, actor))
    nearest = Cycle.place_id.in_(about).desc()
    return list(db.session().scalars(rows.order_by(nearest, Cycle.id.desc()).limit(MOST_CYCLES)))


def cycle_read(actor: Actor, application: Application) -> Cycle | None:
    """Return the cycle of an application, if the actor reads it."""
    if application.cycle_id is None or not actor.may(READ_CYCLES):
        return None
    rows = select(Cycle).options(joinedload(Cycle.organisation), joinedload(Cycle.place), joinedload(Cycle.area))
    return db.session().scalar(rows.where(Cycle.id == application.cycle_id, access.rule_of(Cycle, actor)))


@parts.writes("mal")
def _write_goals(actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Keep which goals it is for: those of the cycle, or those it had."""
    catalogue.check(facts)
    if "goals" not in facts:
        return
    wanted = list(dict.fromkeys(facts.pop("goals")))
    had = set(db.session().scalars(select(ApplicationGoal.goal_id).filter_by(application_id=application.id)))
    rows = select(Goal.id).where(Goal.uid.in_(wanted))
    mine: ColumnElement[bool] = Goal.id.in_(had)
    if actor.may(READ_CYCLES):
        mine |= (Goal.cycle_id == application.cycle_id) & access.rule_of(Goal, actor)
    keys = set(db.session().scalars(rows.where(mine)))
    if len(keys) < len(wanted):
        raise Invalid({"goals": [N_("Välj bland målen i den samverkan som ansökan bygger på.")]})
    same = ApplicationGoal.application_id == application.id
    db.session().execute(delete(ApplicationGoal).where(same, ApplicationGoal.goal_id.not_in(keys)))
    db.session().add_all(ApplicationGoal(application_id=application.id, goal_id=key) for key in sorted(keys - had))
    db.session().flush()


def goals_chosen(application: Application) -> list[Goal]:
    """Return the goals that an application that the actor reads is for, by number."""
    rows = select(Goal).join(ApplicationGoal, ApplicationGoal.goal_id == Goal.id)
    rows = rows.where(ApplicationGoal.application_id == application.id).options(joinedload(Goal.owner))
    return list(db.session().scalars(rows.order_by(Goal.number, Goal.id)))


def goals_to_choose(actor: Actor, application: Application) -> list[Goal]:
    """Return the goals of the cycle that the actor reads, and those that the application has already."""
    cycle = cycle_read(actor, application)
    found = [one.goal for one in cooperation.goals_of(actor, cycle)] if cycle else []
    return found + [one for one in goals_chosen(application) if one.id not in {goal.id for goal in found}]


# --- Perspectives, permits, steps of the work ---------------------------------------------------------------------


@parts.writes("perspektiv")
def _write_perspectives(actor: Actor, application: Application, facts: dict[str, Any]) -> None:  # noqa: ARG001
    _keep(ApplicationPerspective, "perspective", application, facts.pop("perspectives", {}), PERSPECTIVES)


@parts.writes("tidplan")
def _write_schedule(actor: Actor, application: Application, facts: dict[str, Any]) -> None:  # noqa: ARG001
    _keep(ApplicationPermit, "kind", application, facts.pop("permits", {}), PERMIT_KINDS)


def _keep(
    model: Any, name: str, application: Application, said: dict[str, dict[str, Any]], keys: Iterable[str]
) -> None:
    """Keep a row for each key of which something is said."""
    for key, facts in said.items():
        if key not in keys:
            raise Invalid({key: [N_("Välj i listan.")]})
        row = db.session().get(model, (application.id, key))
        if row is None and any(facts.values()):
            row = model(application_id=application.id, **{name: key})
            db.session().add(row)
        for column, value in facts.items():
            if row is not None:
                setattr(row, column, value)
    db.session().flush()


def perspectives_of(application: Application) -> dict[str, ApplicationPerspective]:
    """Return what is said from each perspective, by its key."""
    rows = select(ApplicationPerspective).where(ApplicationPerspective.application_id == application.id)
    return {row.perspective: row for row in db.session().scalars(rows)}


def permits_of(application: Application) -> dict[str, ApplicationPermit]:
    """Return what is said of each permit, by its key."""
    rows = select(ApplicationPermit).where(ApplicationPermit.application_id == application.id)
    return {row.kind: row for row in db.session().scalars(rows)}


def milestones_of(application: Application) -> list[Milestone]:
    """Return the steps of the work, by their day."""
    rows = select(Milestone).where(Milestone.application_id == application.id)
    return list(db.session().scalars(rows.order_by(Milestone.due_on, Milestone.id).limit(200)))


# --- What a part's form holds -------------------------------------------------------------------------------------


def held(found: parts.Read) -> dict[str, Any]:
    """Return what the form of a part says as it stands: its words, and what it names by uid or by key."""
    key, application = found.part.part, found.application
    told: dict[str, Any] = {name: getattr(found.text, name) for name in PARTS[key].texts}
    if key == "plats":
        told["places"] = [one.uid for one in places_of(application)]
    elif key == "orsaker":
        told["cycle"] = application.cycle.uid if application.cycle else None
    elif key == "mal":
        told["goals"] = [one.uid for one in goals_chosen(application)]
    elif key == "perspektiv":
        told |= _said(perspectives_of(application), PERSPECTIVES, {"impact": "", "considered": "", "heard": ""})
    elif key == "drift":
        told |= costs.running_held(application)
    elif key == "tidplan":
        told |= _said(permits_of(application), PERMIT_KINDS, {"stands": "oklart", "reference": "", "note": ""})
    return told


def _said(rows: dict[str, Any], keys: Iterable[str], empty: dict[str, str]) -> dict[str, dict[str, str]]:
    return {key: {name: getattr(rows[key], name) for name in empty} if key in rows else dict(empty) for key in keys}
