"""Graffiti cases in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.kit import Api, actor, expected_version, with_etag
from plugins.klotter import services
from plugins.klotter.models import Incident
from plugins.klotter.schemas import Case, IncidentOut

api = Api("klotter-api", __name__, description="Klotterärenden, kända genom sin iakttagelses uid.")


@api.route("/incidents/<uuid:uid>", methods=["GET"], needs="klotter:incident:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, IncidentOut)
def read_incident(uid: UUID) -> Any:
    """Ärendet för en iakttagelse av klotter."""
    return _answer(services.read_incident(actor(), uid))


@api.route("/incidents/<uuid:uid>", methods=["PATCH"], needs="klotter:incident:edit")
@api.doc(**{"x-version": "changes"})
@api.reads(Case)
@api.response(200, IncidentOut)
def change_incident(known: dict[str, Any], uid: UUID) -> Any:
    """Ändra vad som är känt om klottret."""
    return _answer(services.change_incident(actor(), uid, version=expected_version(), **known))


def _answer(incident: Incident) -> Any:
    return with_etag(incident, incident.version)
