"""What the pages of the parts hold beside words: places, evidence, causes, measures, goals, perspectives, the plan."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.applications.models import (
    EVIDENCE_KINDS,
    NEEDED,
    PERMIT_STANDS,
    PERSPECTIVES,
    WRITE,
    ApplicationMeasure,
    Milestone,
)
from core.applications.schemas.evidence import (
    FiguresForm,
    NewEvidenceForm,
    ObservationFilter,
    ObservationsForm,
    ToldForm,
)
from core.applications.schemas.parts import NewMeasureLineForm, NewMilestoneForm
from core.applications.services import content, evidence, measures, parts
from core.applications.services.parts import Read
from core.applications.views.blueprint import pages, sent
from core.applications.views.parts import PAGES, PartPage, draw
from core.cooperation import catalogue
from core.cooperation import services as cooperation
from core.cooperation.states import CAUSE, GOAL
from core.http import actor, see_other
from core.http.forms import Form, Forms, fresh, none, read_filter
from core.http.texts import day, translate
from core.i18n import N_
from core.places import services as places
from core.places.models import PUBLIC_ACCESS
from core.schema import Schema

# --- Places -------------------------------------------------------------------------------------------------------


def _places_kept(found: Read) -> dict[str, Any]:
    chosen = content.places_of(found.application)
    return {"places": "\n".join(f"{one.number} {one.name}" for one in chosen), "one_more": ""}


def _places_meant(known: dict[str, Any]) -> dict[str, Any]:
    """Return what was written with the places that it means, and the one more that was chosen in the list."""
    written = places.places_written(actor(), known["places"])
    more = places.places_written(actor(), known.pop("one_more"), "one_more")
    return known | {"places": [*written, *more]}


def _places_shown(found: Read) -> dict[str, Any]:
    chosen = content.places_of(found.application)
    return {
        "places": chosen,
        "stops": content.not_reached(found.application.programme, chosen),
        "access": PUBLIC_ACCESS,
    }


PAGES["plats"] = PartPage(
    N_("Var är det? Medel ges bara till platser som allmänheten når."),
    "applications/part_places.html",
    kept=_places_kept,
    options=lambda _: {"one_more": [(text, text) for text in places.places_to_choose(actor())]},
    meant=_places_meant,
    shown=_places_shown,
)

# --- Causes and goals ---------------------------------------------------------------------------------------------


def _causes_options(found: Read) -> dict[str, Any]:
    chosen = content.cycles_to_choose(actor(), found.application)
    now = found.application.cycle
    rest = [now] if now is not None and now.id not in {one.id for one in chosen} else []
    named = [(str(one.uid), f"{one.title} ({one.number})") for one in [*chosen, *rest]]
    return {"cycle": [none(N_("Ingen än")), *named]}


def _causes_shown(found: Read) -> dict[str, Any]:
    cycle = content.cycle_read(actor(), found.application)
    problems = [one.problem for one in cooperation.problems_of(actor(), cycle)] if cycle else []
    known = [(one, problem) for problem in problems for one in cooperation.tree_of(actor(), problem)][: measures.MOST]
    lines = measures.measures_of(found.application)
    return {
        "cycle": cycle,
        "causes": [(one, problem, CAUSE.states[one.cause.state]) for one, problem in known],
        "measures": lines,
        "flags": measures.flags(found.application, lines),
    }


PAGES["orsaker"] = PartPage(
    N_("Varför uppstår problemet? Orsakerna prövas i samverkan, mot det ni vet. Minst en ska vara trolig."),
    "applications/part_causes.html",
    options=_causes_options,
    shown=_causes_shown,
)


def _goals_options(found: Read) -> dict[str, Any]:
    goals = content.goals_to_choose(actor(), found.application)
    areas = [none(N_("Inget")), *((key, translate(title)) for key, title in catalogue.focus_areas().items())]
    return {"goals": [(str(one.uid), f"{one.number}. {one.text}") for one in goals], "focus_area": areas}


def _goals_shown(found: Read) -> dict[str, Any]:
    chosen = content.goals_chosen(found.application)
    return {"goals": [(one, GOAL.states[one.state]) for one in chosen], "cycle": found.application.cycle}


PAGES["mal"] = PartPage(
    N_("Vad ska bli annorlunda, från vilket läge till vilket, och när? Målen skrivs i samverkan."),
    "applications/part_goals.html",
    options=_goals_options,
    shown=_goals_shown,
)

# --- Perspectives and the plan ------------------------------------------------------------------------------------


PAGES["perspektiv"] = PartPage(
    N_("Barn, jämställdhet och tillgänglighet behövs alltid. De andra skrivs där de betyder något."),
    "applications/part_perspectives.html",
    shown=lambda _: {"needed": [translate(PERSPECTIVES[key]) for key in NEEDED]},
)


PAGES["tidplan"] = PartPage(
    N_("När görs vad, och vilka tillstånd behövs? Milstolparnas delar av arbetet ska bli hundra procent tillsammans."),
    "applications/part_plan.html",
    rows=lambda _: fresh(NewMilestoneForm, "milstolpe", uid=db.new_uid()),
    shown=lambda found: {"milestones": content.milestones_of(found.application), "permits": PERMIT_STANDS},
)

# --- Evidence -----------------------------------------------------------------------------------------------------


def _evidence_options(found: Read) -> dict[str, dict[str, Any]]:
    """Return what can be picked, by the form that it is picked in."""
    asked, _ = read_filter(ObservationFilter, request.args)
    wish = evidence.Wish(asked["sort"], asked["lage"])
    seen = [
        (str(one.uid), f"{one.number}. {translate(one.kind_title)}, {day(one.seen_at)}{_after(one.description)}")
        for one in evidence.observations_to_choose(actor(), found.application, wish)
    ]
    measured = [
        (str(one.uid), f"{one.title}, {one.area}, {one.period}: {one.text}")
        for one in evidence.figures_to_choose(actor(), found.application)
    ]
    told = [
        (str(one.uid), f"{one.what[:160]} ({one.source[:80]})")
        for one in evidence.told_to_choose(actor(), found.application)
    ]
    kinds = [(key, translate(title)) for key, title in EVIDENCE_KINDS.items()]
    return {
        "iakttagelser": {"observations": seen},
        "siffror": {"figures": measured, "kind": kinds},
        "lagesbilder": {"told": told},
    }


def _after(said: str) -> str:
    return f": {said[:120]}" if said else ""


def _evidence_rows(found: Read) -> Forms:
    options = _evidence_options(found)
    forms = fresh(NewEvidenceForm, "underlag", uid=db.new_uid())
    for ids, schema in (("iakttagelser", ObservationsForm), ("siffror", FiguresForm), ("lagesbilder", ToldForm)):
        if next(iter(options[ids].values())):
            forms |= {ids: Form(schema, options=options[ids], ids=ids)}
    return forms


def _evidence_shown(found: Read) -> dict[str, Any]:
    kinds = [none(N_("Alla")), *evidence.kinds_to_choose(actor(), found.application).items()]
    states = [none(N_("Alla")), *((key, translate(label)) for key, label in evidence.states().items())]
    asked, _ = read_filter(ObservationFilter, request.args)
    return {
        "evidence": evidence.evidence_of(actor(), found.application),
        "kinds": EVIDENCE_KINDS,
        "filter": Form(ObservationFilter, asked, options={"sort": kinds, "lage": states}, ids="filter"),
        "filtered": bool(asked["sort"] or asked["lage"]),
        "has_places": bool(content.places_of(found.application)),
    }


PAGES["underlag"] = PartPage(
    N_("Vad visar att problemet finns? Minst två underlag av två slag behövs. Varje krona ska peka på ett underlag."),
    "applications/part_evidence.html",
    rows=_evidence_rows,
    shown=_evidence_shown,
)


def _picked(uid: UUID, ids: str, schema: type[Schema]) -> dict[str, Any]:
    found = partial(parts.read_part, actor(), uid, "underlag")
    return sent(partial(draw, uid, "underlag"), ids, schema, lambda: _evidence_options(found())[ids])


@pages.post("/ansokningar/<uuid:uid>/underlag/iakttagelser", needs=WRITE)
def pick_observations(uid: UUID) -> flask.Response:
    """Take observations in as evidence."""
    known = _picked(uid, "iakttagelser", ObservationsForm)
    evidence.pick_observations(actor(), uid, known["observations"])
    return see_other("applications.read_part", uid=uid, key="underlag")


@pages.post("/ansokningar/<uuid:uid>/underlag/siffror", needs=WRITE)
def pick_figures(uid: UUID) -> flask.Response:
    """Take figures of the city's in as evidence."""
    known = _picked(uid, "siffror", FiguresForm)
    evidence.pick_figures(actor(), uid, known["figures"], known["kind"])
    return see_other("applications.read_part", uid=uid, key="underlag")


@pages.post("/ansokningar/<uuid:uid>/underlag/lagesbilder", needs=WRITE)
def pick_told(uid: UUID) -> flask.Response:
    """Take in what the pictures of the cycle say."""
    evidence.pick_told(actor(), uid, _picked(uid, "lagesbilder", ToldForm)["told"])
    return see_other("applications.read_part", uid=uid, key="underlag")


@pages.post("/ansokningar/<uuid:uid>/underlag/nytt", needs=WRITE)
def add_evidence(uid: UUID) -> flask.Response:
    """Write evidence down by hand."""
    known = sent(partial(draw, uid, "underlag"), "underlag", NewEvidenceForm)
    evidence.add_evidence(actor(), uid, evidence=known.pop("uid"), **known)
    return see_other("applications.read_part", uid=uid, key="underlag")


# --- Measures -----------------------------------------------------------------------------------------------------


def measure_options(found: Read, row: ApplicationMeasure | None = None) -> dict[str, Any]:
    """Return what can be chosen for a measure: what it has stays, whether others may choose it or not."""
    application = found.application
    kinds = {key: kind.title for key, kind in catalogue.measure_kinds().items()}
    here = {str(one.uid): one.name for one in content.places_of(application)}
    causes = {
        str(cause.uid): f"{problem.number}.{cause.number} {cause.text}"
        for cause, problem in measures.causes_to_choose(actor(), application)
    }
    plan = {str(one.uid): f"{one.number}. {one.text}" for one in measures.plan_to_choose(actor(), application)}
    if row is not None:
        old = catalogue.measure_kind(row.kind)
        kinds = ({row.kind: old.title if old else row.kind} if row.kind else {}) | kinds
        here = _kept_choice(row.place, "name") | here
        causes = _kept_choice(row.cause, "text") | causes
        plan = _kept_choice(row.measure, "text") | plan
    return {
        "kind": [none(N_("Inte valt")), *((key, translate(title)) for key, title in kinds.items())],
        "place": [none(N_("Inte valt")), *here.items()],
        "cause": [none(N_("Ingen än")), *causes.items()],
        "measure": [none(N_("Ingen")), *plan.items()],
    }


def _kept_choice(thing: Any, name: str) -> dict[str, str]:
    return {str(thing.uid): getattr(thing, name)} if thing is not None else {}


def _measures_rows(found: Read) -> Forms:
    own = content.places_of(found.application)
    known: dict[str, Any] = {"uid": db.new_uid(), "built": True}
    known |= {"place": own[0].uid} if len(own) == 1 else {}
    return fresh(NewMeasureLineForm, "atgard", measure_options(found), **known)


def _measures_shown(found: Read) -> dict[str, Any]:
    lines = measures.measures_of(found.application)
    large = found.application.programme.large
    return {
        "measures": lines,
        "flags": measures.flags(found.application, lines),
        "kind_of": catalogue.measure_kind,
        "total": sum(one.amount or 0 for one in lines if one.dropped_on is None),
        "large": large,
    }


PAGES["atgarder"] = PartPage(
    N_("Vad vill ni göra, hur mycket, var, och mot vilken orsak?"),
    "applications/part_measures.html",
    rows=_measures_rows,
    shown=_measures_shown,
)


@pages.post("/ansokningar/<uuid:uid>/atgarder/ny", needs=WRITE)
def add_measure(uid: UUID) -> flask.Response:
    """Write a measure down."""
    options = partial(_options_of, uid)
    known = sent(partial(draw, uid, "atgarder"), "atgard", NewMeasureLineForm, options)
    measures.add_measure(actor(), uid, measure_uid=known.pop("uid"), **known)
    return see_other("applications.read_part", uid=uid, key="atgarder")


def _options_of(uid: UUID) -> dict[str, Any]:
    return measure_options(parts.read_part(actor(), uid, "atgarder"))


# --- Steps of the work --------------------------------------------------------------------------------------------


@pages.post("/ansokningar/<uuid:uid>/tidplan/milstolpar", needs=WRITE)
def add_milestone(uid: UUID) -> flask.Response:
    """Write a step of the work down."""
    known = sent(partial(draw, uid, "tidplan"), "milstolpe", NewMilestoneForm)
    parts.add_row(actor(), uid, "tidplan", Milestone(**known))
    return see_other("applications.read_part", uid=uid, key="tidplan")
