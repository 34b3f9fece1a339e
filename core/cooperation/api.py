"""Cycles in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import geo
from core.cooperation import services
from core.cooperation.models import OWN, Cycle
from core.cooperation.models.cycles import LEAD, READ
from core.cooperation.schemas import CycleMove, CycleOut, CyclePage, CycleQuery, DrawingQuery
from core.cooperation.services.drawings import ground_of
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place
from core.places.api import GEOJSON, drawn
from core.places.maps import feature
from core.places.schemas import FeaturesOut

api = Api("cooperation-api", __name__, description="Samverkan: cykler i fem steg.")


@api.route("/cycles", methods=["GET"], needs=READ)
@api.asks(CycleQuery)
@api.response(200, CyclePage)
def list_cycles(asked: dict[str, Any]) -> Any:
    """Samverkanscykler, den senast startade först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = services.list_cycles(actor(), services.Wish(asked["step"], asked.get("organisation")), after=after)
    return {"items": [_line(row) for row in found.rows], "next": mark(found.after)}


@api.route("/cycles/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, CycleOut)
def read_cycle(uid: UUID) -> Any:
    """En samverkanscykel med sina parter; vem som har lämnat in sin lägesbild, aldrig vad som står i den."""
    return _cycle(services.read_cycle(actor(), uid))


@api.route("/cycles/<uuid:uid>/moves", methods=["POST"], needs=LEAD)
@api.doc(**{"x-version": "changes"})
@api.reads(CycleMove)
@api.response(200, CycleOut)
def move_cycle(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett steg framåt, eller tillbaka med ett skäl. Ett steg som inte går ger 409 med allt som hindrar."""
    services.move_cycle(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    return _cycle(services.read_cycle(actor(), uid))


@api.route("/cycles/<uuid:uid>/drawings.geojson", methods=["GET"], needs=READ)
@api.asks(DrawingQuery)
@api.doc(**{"x-version": "reads"})
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw_cycle(asked: dict[str, Any], uid: UUID) -> Any:
    """Det som cykeln gäller, och det som är ritat i de lägesbilder som du får läsa nu, eller i en av dem."""
    found = services.read_cycle(actor(), uid)
    ground = {"uid": uid, "number": found.number, "name": found.title, "part": "place"}
    shown = [feature(geo.to_geojson(ground_of(found)), ground)] if services.reads_where(actor(), found) else []
    for one in services.readable_pictures(actor(), found, asked.get("picture")):
        whose = one.report.organisation.name if one.report.kind == OWN else ""
        for row in one.drawings:
            told = {"uid": row.uid, "part": "drawing", "kind": row.kind, "name": row.label, "title": whose}
            shown.append(feature(geo.to_geojson(row.geom), told))
    return drawn(shown)


def _line(found: Cycle) -> dict[str, Any]:
    names = ("uid", "number", "title", "turn", "started_on")
    return {name: getattr(found, name) for name in names} | {"step": found.state}


def _cycle(found: Cycle) -> Any:
    names = ("purpose", "decision", "decided_on", "opens_at", "opened_at", "ended_on", "version")
    told = services.handed_in(actor(), found, services.parties_of(actor(), found))
    return with_etag(
        _line(found)
        | {name: getattr(found, name) for name in names}
        | {
            "place": found.place.uid if found.place else None,
            "area": found.area.uid if found.area else None,
            "organisation": found.organisation.uid,
            "previous": found.previous.uid if found.previous else None,
            "parties": [
                {
                    "organisation": one.party.organisation.uid,
                    "name": one.party.organisation.name,
                    "role": one.party.role,
                    "mandate": one.party.mandate,
                    "picture": one.state,
                }
                for one in told
            ],
        },
        found.version,
    )
