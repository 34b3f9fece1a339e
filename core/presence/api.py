"""What happens on places, in the API: read only."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from core.http import Api, actor, with_etag
from core.http.paging import mark, place
from core.presence import few, services
from core.presence.models import Activation
from core.presence.models.activations import READ
from core.presence.models.counts import READ as READ_COUNTS
from core.presence.models.patrols import READ as READ_PATROLS
from core.presence.models.plans import READ as READ_PLANS
from core.presence.models.projects import READ as READ_PROJECTS
from core.presence.schemas import (
    ActivationOut,
    ActivationPage,
    ActivationQuery,
    CountPage,
    CountQuery,
    PatrolPage,
    PatrolQuery,
    PresencePage,
    ProjectPage,
    ProjectQuery,
    SurveyPage,
)
from core.schema import ListQuery

api = Api("presence-api", __name__, description="Aktivering och närvaro på platser, bara som antal.")


@api.route("/activations", methods=["GET"], needs=READ)
@api.asks(ActivationQuery)
@api.response(200, ActivationPage)
def list_activations(asked: dict[str, Any]) -> Any:
    """Platsaktiveringar; de som är på väg först i tiden, de andra senast först. `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), date.fromisoformat, int)
    found = services.list_activations(actor(), services.Wish(asked["part"], asked["kind"]), after=after)
    return {"items": [_activation(row) for row in found.rows], "next": mark(found.after)}


@api.route("/activations/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, ActivationOut)
def read_activation(uid: UUID) -> Any:
    """En platsaktivering med sina tillstånd och det den gav."""
    found = services.read_activation(actor(), uid)
    names = ("purpose", "cost", "yearly", "visitors", "visitors_how", "outcome", "version")
    permits = ("kind", "state", "number", "applied_on", "granted_on", "valid_to")
    body = _activation(found) | {name: getattr(found, name) for name in names}
    body["permits"] = [{name: getattr(one, name) for name in permits} for one in services.permits_of(found)]
    return with_etag(body, found.version)


def _activation(row: Activation) -> dict[str, Any]:
    names = ("uid", "number", "title", "kind", "starts_on", "ends_on", "weekdays", "opens", "closes", "state")
    told = {name: getattr(row, name) for name in names}
    return told | _whose(row) | {"host": row.host.uid if row.host else None}


def _whose(row: Any) -> dict[str, Any]:
    return {"place": row.place.uid if row.place else None, "organisation": row.organisation.uid}


def _area(row: Any) -> dict[str, Any]:
    return {"area": row.area.uid if row.area else None}


@api.route("/presence", methods=["GET"], needs=READ_PLANS)
@api.asks(ListQuery)
@api.response(200, PresencePage)
def list_presence(asked: dict[str, Any]) -> Any:
    """Planerad närvaro som gäller eller kommer; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = services.list_plans(actor(), after=after)
    names = ("uid", "kind", "weekdays", "begins", "ends", "people", "valid_from", "valid_to")
    items = [
        {name: getattr(row, name) for name in names}
        | _whose(row)
        | _area(row)
        | {"done_by": row.done_by.uid if row.done_by else None}
        for row in found.rows
    ]
    return {"items": items, "next": mark(found.after)}


@api.route("/patrol-requests", methods=["GET"], needs=READ_PATROLS)
@api.asks(PatrolQuery)
@api.response(200, PatrolPage)
def list_patrols(asked: dict[str, Any]) -> Any:
    """Begärda ordningsvakter med begärda, beviljade och utförda timmar; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = services.list_requests(actor(), asked["part"], after=after)
    names, hours = ("uid", "number", "starts_on", "ends_on", "state"), ("hours", "granted", "done")
    items = [
        {name: getattr(row, name) for name in names}
        | _whose(row)
        | _area(row)
        | {name: float(getattr(row, name)) for name in hours}
        for row in found.rows
    ]
    return {"items": items, "next": mark(found.after)}


@api.route("/flow-counts", methods=["GET"], needs=READ_COUNTS)
@api.asks(CountQuery)
@api.response(200, CountPage)
def list_counts(asked: dict[str, Any]) -> Any:
    """Flödesmätningar, den senaste först. Antal som är färre än fem och som någon annan räknat är null."""
    after: Any = place(asked.get("after"), date.fromisoformat, int)
    found = services.list_counts(actor(), asked.get("place"), after=after)
    items = [
        {name: getattr(row.count, name) for name in ("uid", "day", "band", "minutes")}
        | _whose(row.count)
        | dict(zip(row.numbers, few.numbers(row.numbers.values()), strict=True))
        | {"per_hour": row.per_hour}
        for row in found.rows
    ]
    return {"items": items, "next": mark(found.after)}


@api.route("/experience-surveys", methods=["GET"], needs=READ_COUNTS)
@api.asks(CountQuery)
@api.response(200, SurveyPage)
def list_surveys(asked: dict[str, Any]) -> Any:
    """Upplevelseindex, den senaste mätningen först. För färre än fem svar visas inget."""
    after: Any = place(asked.get("after"), date.fromisoformat, int)
    found = services.list_surveys(actor(), asked.get("place"), after=after)
    indexes = services.indexes_of(actor(), found.rows)
    parts = ("question", "text", "n", "mean", "low", "high")
    items = [
        {name: getattr(row, name) for name in ("uid", "title", "phase", "first_on", "last_on")}
        | _whose(row)
        | {"indexes": [{part: getattr(one, part) for part in parts} for one in indexes[row.id]]}
        for row in found.rows
    ]
    return {"items": items, "next": mark(found.after)}


@api.route("/planning-projects", methods=["GET"], needs=READ_PROJECTS)
@api.asks(ProjectQuery)
@api.response(200, ProjectPage)
def list_projects(asked: dict[str, Any]) -> Any:
    """Planprojekt, det senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = services.list_projects(actor(), over=asked["part"] == "avslutade", after=after)
    names = ("uid", "number", "title", "kind", "starts_on", "ready_on", "state")
    items = [{name: getattr(row, name) for name in names} | _whose(row) for row in found.rows]
    return {"items": items, "next": mark(found.after)}
