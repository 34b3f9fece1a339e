"""Maintenance plans, and the control of contracts, in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.http import Api, actor, expected_version, with_etag
from core.works import services
from core.works.models import ControlVisit, Deviation, MaintenancePlan
from core.works.schemas.control import (
    DeviationIn,
    DeviationList,
    DeviationMove,
    DeviationOut,
    PlanChange,
    PlanIn,
    PlanList,
    PlanOut,
    PlanQuery,
    VisitDone,
    VisitIn,
    VisitList,
    VisitOut,
)
from core.works.schemas.plans import EndForm

api = Api("control-api", __name__, description="Skötselplaner, och kontrollen av avtal.")
PLAN = "works:plan:edit"
CONTROL, SEE = "works:control:do", "works:control:read"
VISIT, DEVIATION = "<uuid:visit>", "<uuid:deviation>"


@api.route("/plans", methods=["GET"], needs="works:plan:read")
@api.asks(PlanQuery)
@api.response(200, PlanList)
def list_plans(asked: dict[str, Any]) -> Any:
    """Skötselplaner, den som kommer först överst: de som gäller, eller de som är avslutade."""
    return {"items": [_plan(row) for row in services.list_plans(actor(), ended=asked["ended"])]}


@api.route("/plans/<uuid:uid>", methods=["GET"], needs="works:plan:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, PlanOut)
def read_plan(uid: UUID) -> Any:
    """En skötselplan."""
    return _plan_answer(uid)


@api.route("/plans/<uuid:uid>", methods=["PUT"], needs=PLAN)
@api.reads(PlanIn)
@api.response(201, PlanOut)
def add_plan(known: dict[str, Any], uid: UUID) -> Any:
    """Lägg upp en skötselplan under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    services.add_plan(actor(), uid=uid, **known)
    return _plan_answer(uid, 201)


@api.route("/plans/<uuid:uid>", methods=["PATCH"], needs=PLAN)
@api.doc(**{"x-version": "changes"})
@api.reads(PlanChange)
@api.response(200, PlanOut)
def change_plan(known: dict[str, Any], uid: UUID) -> Any:
    """Ändra en skötselplan. Det som inte står med är kvar, och det som redan är beställt."""
    services.change_plan(actor(), uid, version=expected_version(), **known)
    return _plan_answer(uid)


@api.route("/plans/<uuid:uid>/end", methods=["POST"], needs=PLAN)
@api.doc(**{"x-version": "changes"})
@api.reads(EndForm)
@api.response(200, PlanOut)
def end_plan(known: dict[str, Any], uid: UUID) -> Any:
    """Avsluta en skötselplan, med skäl."""
    services.end_plan(actor(), uid, reason=known["reason"], version=expected_version())
    return _plan_answer(uid)


def _plan(found: MaintenancePlan) -> dict[str, Any]:
    names = (
        "uid", "number", "title", "description", "rrule", "basis", "starts_on", "ends_on", "season_from", "season_to",
        "lead_days", "reach_days", "next_on", "ended_why", "version",
    )  # fmt: skip
    told = {name: getattr(found, name) for name in names} | {"organisation": found.organisation.name}
    told["contract"] = found.contract.uid if found.contract else None
    return told | {"place": found.place.uid if found.place else None}


def _plan_answer(uid: UUID, status: int = 200) -> Any:
    found = services.read_plan(actor(), uid)
    return with_etag(_plan(found), found.version, status)


@api.route("/contracts/<uuid:uid>/visits", methods=["GET"], needs=SEE)
@api.response(200, VisitList)
def list_visits(uid: UUID) -> Any:
    """Ett avtals entreprenadkontroller, de som ska göras först."""
    found = services.read_contract(actor(), uid)
    return {"items": [_visit(row) for row in services.visits_of(actor(), found)]}


@api.route(f"/contracts/<uuid:uid>/visits/{VISIT}", methods=["PUT"], needs=CONTROL)
@api.reads(VisitIn)
@api.response(201, VisitOut)
def plan_visit(known: dict[str, Any], uid: UUID, visit: UUID) -> Any:
    """Planera en entreprenadkontroll under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    services.plan_visit(actor(), uid, uid=visit, **known)
    return _visit_answer(visit, 201)


@api.route("/visits/<uuid:uid>", methods=["GET"], needs=SEE)
@api.doc(**{"x-version": "reads"})
@api.response(200, VisitOut)
def read_visit(uid: UUID) -> Any:
    """En entreprenadkontroll."""
    return _visit_answer(uid)


@api.route("/visits/<uuid:uid>/result", methods=["POST"], needs=CONTROL)
@api.doc(**{"x-version": "changes"})
@api.reads(VisitDone)
@api.response(200, VisitOut)
def do_visit(known: dict[str, Any], uid: UUID) -> Any:
    """Skriv in hur en entreprenadkontroll gick."""
    services.do_visit(actor(), uid, **known, version=expected_version())
    return _visit_answer(uid)


def _visit(found: ControlVisit) -> dict[str, Any]:
    names = ("uid", "planned_on", "done_on", "minutes", "note", "version")
    told = {name: getattr(found, name) for name in names}
    return told | {"contract": found.contract.uid, "result": found.result or None}


def _visit_answer(uid: UUID, status: int = 200) -> Any:
    found = services.read_visit(actor(), uid)
    return with_etag(_visit(found), found.version, status)


@api.route("/contracts/<uuid:uid>/deviations", methods=["GET"], needs="works:deviation:read")
@api.response(200, DeviationList)
def list_deviations(uid: UUID) -> Any:
    """Ett avtals avvikelser, den senaste först."""
    found = services.read_contract(actor(), uid)
    return {"items": [_deviation(row) for row in services.deviations_of(actor(), found)]}


@api.route(f"/contracts/<uuid:uid>/deviations/{DEVIATION}", methods=["PUT"], needs="works:deviation:note")
@api.reads(DeviationIn)
@api.response(201, DeviationOut)
def note_deviation(known: dict[str, Any], uid: UUID, deviation: UUID) -> Any:
    """Anmäl en avvikelse under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    services.note_deviation(actor(), uid, uid=deviation, **known)
    return _deviation_answer(deviation, 201)


@api.route("/deviations/<uuid:uid>", methods=["GET"], needs="works:deviation:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, DeviationOut)
def read_deviation(uid: UUID) -> Any:
    """En avvikelse."""
    return _deviation_answer(uid)


@api.route("/deviations/<uuid:uid>/moves", methods=["POST"], needs="works:deviation:read")
@api.doc(**{"x-version": "changes"})
@api.reads(DeviationMove)
@api.response(200, DeviationOut)
def move_deviation(known: dict[str, Any], uid: UUID) -> Any:
    """Svara på en avvikelse, stäng den eller öppna den igen, med skäl."""
    services.move_deviation(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    return _deviation_answer(uid)


def _deviation(found: Deviation) -> dict[str, Any]:
    names = ("uid", "what", "found_on", "answer", "answered_at", "closed_why", "state", "version")
    return {name: getattr(found, name) for name in names} | {"contract": found.contract.uid}


def _deviation_answer(uid: UUID, status: int = 200) -> Any:
    found = services.read_deviation(actor(), uid)
    return with_etag(_deviation(found), found.version, status)
