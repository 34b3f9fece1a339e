"""What each part of an application holds, in one line: for the task list, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, literal, select, union_all

from core import db
from core.applications.models import (
    SAMRAD,
    Application,
    ApplicationAsk,
    ApplicationEvidence,
    ApplicationGoal,
    ApplicationMeasure,
    ApplicationPart,
    ApplicationPermit,
    ApplicationPerspective,
    ApplicationPlace,
    ApplicationText,
    Attachment,
    CostLine,
    Milestone,
    Promise,
    RunningCost,
)
from core.applications.services.applications import parts_of
from core.applications.services.rounds import closes_words
from core.cooperation.models import Cause, Problem
from core.flow import State
from core.i18n import N_, Text, counted
from core.places.models import PUBLIC_ACCESS, Place
from core.schema.amounts import grouped

DONE = State(N_("Klar"), "success", "done")
WANTED = State(N_("Begärd komplettering"), "warning", "missing")
BEGUN = State(N_("Påbörjad"), "info", "ongoing")
NOT_YET = State(N_("Ej påbörjad"), "plain", "open")
NAMED = 3
"""Places that are named in the line of a part; more are counted."""


@dataclass(frozen=True)
class Summary:
    """A part as its line in the task list: what it holds, in words, and how it stands."""

    part: ApplicationPart
    told: list[Text | str]
    stands: State

    def with_left(self, n: int) -> Summary:
        """Return it with how many things the coach says are left, once it has been begun."""
        if not n or self.stands in (NOT_YET, WANTED):
            return self
        return replace(self, stands=State(counted(n, N_("1 sak kvar"), N_("{n} saker kvar")), "warning", "missing"))


def parts_summary(application: Application) -> dict[str, Summary]:
    """Return each part of an application that the actor reaches with what it holds and how it stands; three queries."""
    text, counts = _counts(application)
    places, costs = _places_and_costs(application)
    told: dict[str, list[Text | str]] = {
        "plats": _places(places),
        "problem": [Text(N_("{n} tecken"), n=len(text.problem))] if text.problem else [],
        "underlag": _evidence(counts),
        "orsaker": _causes(counts),
        "atgarder": _measures(counts),
        "mal": _some(counts["goals"], N_("1 mål"), N_("{n} mål")),
        "perspektiv": _perspectives(text, counts),
        "tidplan": _schedule(text, counts),
        "samrad": _some(counts["asked"], N_("1 tillfrågad"), N_("{n} tillfrågade")),
        "radighet": _some(counts["consents"], N_("1 medgivande"), N_("{n} medgivanden")),
        "utgifter": _costs(costs),
        "drift": _some(counts["running"], N_("1 år ifyllt av 5"), N_("{n} år ifyllda av 5")),
        "skotsel": _promises(counts),
        "bilagor": _some(counts["attachments"], N_("1 bilaga"), N_("{n} bilagor")),
    }
    return {key: Summary(part, told[key], _stands(application, part)) for key, part in parts_of(application).items()}


def _stands(application: Application, part: ApplicationPart) -> State:
    if part.done_at is not None:
        return DONE
    if part.wanted and application.state == "komplettering":
        return WANTED
    return BEGUN if part.changed_at is not None else NOT_YET


def _counts(application: Application) -> tuple[ApplicationText, dict[str, int]]:
    """Return the text of an application, and count all that the parts hold of rows, in one query."""

    def of(model: Any, *where: Any, what: Any = None) -> Any:
        rows = select(func.count() if what is None else func.count(what.distinct())).select_from(model)
        return rows.where(model.application_id == application.id, *where).scalar_subquery()

    stays = ApplicationMeasure.dropped_on.is_(None)
    causes = select(func.count()).select_from(Cause).join(Problem, Problem.id == Cause.problem_id)
    causes = causes.where(Problem.cycle_id == application.cycle_id)
    asked = {
        "evidence": of(ApplicationEvidence),
        "kinds": of(ApplicationEvidence, what=ApplicationEvidence.kind),
        "causes": causes.scalar_subquery(),
        "likely": causes.where(Cause.state == "trolig").scalar_subquery(),
        "measures": of(ApplicationMeasure, stays),
        "loose": of(ApplicationMeasure, stays, ApplicationMeasure.cause_id.is_(None)),
        "built": of(ApplicationMeasure, stays, ApplicationMeasure.built),
        "goals": of(ApplicationGoal),
        "perspectives": of(ApplicationPerspective, ApplicationPerspective.impact != ""),
        "milestones": of(Milestone),
        "permits": of(ApplicationPermit, ApplicationPermit.stands != "oklart"),
        "asked": of(ApplicationAsk, ApplicationAsk.asked_for == SAMRAD),
        "consents": of(ApplicationAsk, ApplicationAsk.asked_for != SAMRAD),
        "running": of(RunningCost),
        "promises": of(Promise, Promise.owner_id.is_not(None)),
        "attachments": of(Attachment, Attachment.removed_on.is_(None)),
    }
    rows = select(ApplicationText, *(value.label(name) for name, value in asked.items()))
    row = db.session().execute(rows.where(ApplicationText.application_id == application.id)).one()
    return row.ApplicationText, {name: getattr(row, name) for name in asked}


def _some(n: int, one: str, many: str) -> list[Text | str]:
    return [counted(n, one, many)] if n else []


def _places_and_costs(application: Application) -> tuple[list[Any], list[Any]]:
    """Return the places by name, and what each year costs, in one query."""
    places = select(literal("plats").label("what"), Place.name, Place.public_access, Place.id.label("key"))
    places = places.add_columns(literal(0).label("amount"))
    places = places.join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    places = places.where(ApplicationPlace.application_id == application.id)
    costs = select(literal("utgift"), literal(""), literal(""), CostLine.year, func.sum(CostLine.amount))
    costs = costs.where(CostLine.application_id == application.id).group_by(CostLine.year)
    both = union_all(places, costs).subquery()
    found = list(db.session().execute(select(both).order_by(both.c.what, both.c.name, both.c.key)))
    return [row for row in found if row.what == "plats"], [row for row in found if row.what == "utgift"]


def _places(found: list[Any]) -> list[Text | str]:
    if len(found) == 1:
        return [found[0].name, PUBLIC_ACCESS.get(found[0].public_access, found[0].public_access)]
    rest = len(found) - NAMED
    return [*(row.name for row in found[:NAMED]), *([Text(N_("{n} till"), n=rest)] if rest > 0 else [])]


def _evidence(counts: dict[str, int]) -> list[Text | str]:
    if not counts["evidence"]:
        return []
    return [Text(N_("{n} underlag av {kinds} slag"), n=counts["evidence"], kinds=counts["kinds"])]


def _causes(counts: dict[str, int]) -> list[Text | str]:
    told = _some(counts["causes"], N_("1 orsak"), N_("{n} orsaker"))
    return [*told, *_some(counts["likely"], N_("1 trolig"), N_("{n} troliga"))]


def _measures(counts: dict[str, int]) -> list[Text | str]:
    told = _some(counts["measures"], N_("1 åtgärd"), N_("{n} åtgärder"))
    return [*told, *_some(counts["loose"], N_("1 saknar orsak"), N_("{n} saknar orsak"))]


def _perspectives(text: ApplicationText, counts: dict[str, int]) -> list[Text | str]:
    told = _some(counts["perspectives"], N_("1 perspektiv"), N_("{n} perspektiv"))
    heard = {"ja": N_("barn har hörts"), "nej": N_("barn har inte hörts")}.get(text.children_heard)
    return [*told, *([heard] if heard else [])]


def _schedule(text: ApplicationText, counts: dict[str, int]) -> list[Text | str]:
    told: list[Text | str] = []
    if text.starts_on:
        told.append(Text(N_("Start {day}"), day=text.starts_on.isoformat()))
    if text.completes_on:
        told.append(Text(N_("klart {day}"), day=text.completes_on.isoformat()))
    told += _some(counts["milestones"], N_("1 milstolpe"), N_("{n} milstolpar"))
    return [*told, *_some(counts["permits"], N_("1 tillstånd utrett"), N_("{n} tillstånd utredda"))]


def _costs(found: list[Any]) -> list[Text | str]:
    return [Text(N_("{amount} kr {year}"), amount=grouped(int(row.amount)), year=row.key) for row in found]


def _promises(counts: dict[str, int]) -> list[Text | str]:
    if not counts["built"]:
        return []
    return [Text(N_("{n} av {built} byggda delar har ansvarig"), n=counts["promises"], built=counts["built"])]


def last_day(application: Application) -> str:
    """Return when the round of an application closes, as it is said; empty where it is in none."""
    if application.round is None:
        return ""
    return closes_words(application.round)
