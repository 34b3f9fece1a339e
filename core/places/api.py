"""Places, who answers for them, areas and assets in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from shapely import Point

from core import geo
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place
from core.places import maps, services
from core.places.models import Asset, Place, PlaceControl, PlaceLabel
from core.places.outline import read_box, read_spot
from core.places.schemas import (
    AreaMapQuery,
    AreaQuery,
    AreasOut,
    AssetQuery,
    AssetsOut,
    ControlOut,
    EndIn,
    Features,
    FeaturesOut,
    LabelOut,
    MapQuery,
    NewControl,
    NewLabel,
    PlaceChange,
    PlaceHistory,
    PlaceIn,
    PlaceMove,
    PlaceOut,
    PlacePage,
    PlaceQuery,
)

api = Api("places-api", __name__, description="Platser, vem som svarar för vad på dem, områden och anläggningar.")
MAP_PAGE = 1000
"""Places in one answer for a map."""
GEOJSON = "application/geo+json"


@api.route("/places", methods=["GET"], needs="places:place:read")
@api.asks(PlaceQuery)
@api.response(200, PlacePage)
def list_places(asked: dict[str, Any]) -> Any:
    """Platser i bokstavsordning; `next` är `after` för nästa sida. Bara öppna, om `state` inte säger annat."""
    after: Any = place(asked.get("after"), str, int)
    found = services.list_places(actor(), wanted(asked), after=after)
    return {"items": found.rows, "count": found.count, "next": mark(found.after)}


@api.route("/places.geojson", methods=["GET"], needs="places:place:read")
@api.asks(MapQuery)
@api.response(200, Features, content_type=GEOJSON)
def map_places(asked: dict[str, Any]) -> Any:
    """Samma platser som GeoJSON. `state`: forsenad, oppen eller ingen frist. Längd och bredd har sex decimaler."""
    after: Any = place(asked.get("after"), str, int)
    srid = geo.SWEREF_1800 if asked.get("crs") == "EPSG:3011" else geo.WGS84
    found = services.list_places(actor(), wanted(asked), after=after, limit=MAP_PAGE, shapes=True)
    features = [_feature(row, found.standings, srid) for row in found.rows]
    body: dict[str, Any] = {"type": "FeatureCollection", "features": features, "next": mark(found.after)}
    if srid != geo.WGS84:
        body["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{srid}"}}
    answer = flask.jsonify(body)
    answer.mimetype = GEOJSON
    return answer


def _feature(row: Any, standings: Any, srid: int) -> dict[str, Any]:
    decimals = geo.DECIMALS_SHOWN if srid == geo.WGS84 else 2
    names = ("uid", "number", "name", "kind")
    properties = {name: getattr(row, name) for name in names} | {
        "url": flask.url_for("places.read_place", uid=row.uid),
        "state": standings.get(row.id, services.Standing()).key,
        "closed": row.state != "oppen",
    }
    shape = geo.to_geojson(row.geom, decimals, srid)
    return {"type": "Feature", "id": row.uid, "geometry": shape, "properties": properties}


def wanted(asked: dict[str, Any]) -> services.Wanted:
    """Return what a query asks for; near and bbox as they are stored. Raises Invalid."""
    state = asked.get("state", "oppen")
    near, box = asked.get("near"), asked.get("bbox")
    return services.Wanted(
        text=asked.get("q", ""),
        kind=asked.get("kind", ""),
        district=asked.get("district", ""),
        label=asked.get("label", ""),
        state="" if state == "alla" else state,
        near=read_spot(near, field="near") if near else None,
        within_m=asked.get("within_m", 500),
        box=read_box(box, field="bbox") if box else None,
        day=asked.get("day"),
    )


@api.route("/places/<uuid:uid>", methods=["GET"], needs="places:place:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, PlaceOut)
def read_place(uid: UUID) -> Any:
    """En plats med form (GeoJSON), områden, rådighet och märkning."""
    return _answer(services.read_place(actor(), uid))


@api.route("/places/<uuid:uid>", methods=["PUT"], needs="places:place:edit")
@api.reads(PlaceIn)
@api.response(201, PlaceOut)
def add_place(known: dict[str, Any], uid: UUID) -> Any:
    """Lägg upp en plats under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    services.add_place(actor(), uid=uid, **_stored(known))
    return _answer(services.read_place(actor(), uid), 201)


@api.route("/places/<uuid:uid>", methods=["PATCH"], needs="places:place:edit")
@api.doc(**{"x-version": "changes"})
@api.reads(PlaceChange)
@api.response(200, PlaceOut)
def change_place(known: dict[str, Any], uid: UUID) -> Any:
    """Ändra en plats. Det som inte står med är kvar som det är."""
    services.change_place(actor(), uid, version=expected_version(), **_stored(known))
    return _answer(services.read_place(actor(), uid))


@api.route("/places/<uuid:uid>/moves", methods=["POST"], needs="places:place:close")
@api.doc(**{"x-version": "changes"})
@api.reads(PlaceMove)
@api.response(200, PlaceOut)
def move_place(known: dict[str, Any], uid: UUID) -> Any:
    """Stäng en plats, slå ihop den med en annan, eller öppna den igen, med skäl."""
    services.move_place(
        actor(), uid, known["move"], reason=known["reason"], into=known["into"], version=expected_version()
    )
    return _answer(services.read_place(actor(), uid))


@api.route("/places/<uuid:uid>/history", methods=["GET"], needs="places:place:read")
@api.response(200, PlaceHistory)
def history(uid: UUID) -> Any:
    """All rådighet och märkning som platsen har och har haft; en rad ändras aldrig, den avslutas."""
    found = services.read_place(actor(), uid)
    controls = [_control(row) for row in services.all_controls(actor(), found)]
    return {"controls": controls, "labels": services.labels_of(actor(), found, past=True)}


@api.route("/controls/<uuid:uid>", methods=["PUT"], needs="places:control:edit")
@api.reads(NewControl)
@api.response(201, ControlOut)
def add_control(known: dict[str, Any], uid: UUID) -> Any:
    """Ange rådighet från en dag. Den som hade hela platsen innan slutar dagen före."""
    services.add_control(actor(), uid=uid, **known)
    return _control(services.read_row(actor(), PlaceControl, uid)), 201


@api.route("/controls/<uuid:uid>/end", methods=["POST"], needs="places:control:edit")
@api.reads(EndIn)
@api.response(200, ControlOut)
def end_control(known: dict[str, Any], uid: UUID) -> Any:
    """Avsluta en rad rådighet efter en sista dag, med skäl."""
    services.end_row(actor(), PlaceControl, uid, **known)
    return _control(services.read_row(actor(), PlaceControl, uid))


@api.route("/labels/<uuid:uid>", methods=["PUT"], needs="places:label:edit")
@api.reads(NewLabel)
@api.response(201, LabelOut)
def add_label(known: dict[str, Any], uid: UUID) -> Any:
    """Märk en plats från en dag, med källan som säger det."""
    found: PlaceLabel = services.add_label(actor(), uid=uid, **known)
    return found, 201


@api.route("/labels/<uuid:uid>/end", methods=["POST"], needs="places:label:edit")
@api.reads(EndIn)
@api.response(200, LabelOut)
def end_label(known: dict[str, Any], uid: UUID) -> Any:
    """Avsluta en märkning efter en sista dag, med skäl."""
    return services.end_row(actor(), PlaceLabel, uid, **known)


@api.route("/areas", methods=["GET"], needs="areas:area:read")
@api.asks(AreaQuery)
@api.response(200, AreasOut)
def areas_at(asked: dict[str, Any]) -> Any:
    """Vilka områden en punkt ligger i på en dag; en tom lista betyder utanför alla områden."""
    return {"items": services.areas_at(actor(), **asked)}


@api.route("/areas.geojson", methods=["GET"], needs="areas:area:read")
@api.asks(AreaMapQuery)
@api.doc(**{"x-version": "reads"})
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw_areas(asked: dict[str, Any]) -> Any:
    """Stadens områden av en sort en dag (i dag), grovt ritade för kartan."""
    return drawn(maps.areas(actor(), **asked))


@api.route("/places/<uuid:uid>.geojson", methods=["GET"], needs="places:place:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw_place(uid: UUID) -> Any:
    """En plats form, och de delar av den som någon har egen rådighet över."""
    return drawn(maps.place(actor(), uid))


def drawn(found: maps.Features) -> flask.Response:
    """Answer with what a map draws."""
    response = flask.jsonify({"type": "FeatureCollection", "features": found})
    response.mimetype = GEOJSON
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for again with its tag
    response.set_etag("0")  # what it is like is in the digest behind the point
    return response


@api.route("/assets", methods=["GET"], needs="places:asset:read")
@api.asks(AssetQuery)
@api.response(200, AssetsOut)
def list_assets(asked: dict[str, Any]) -> Any:
    """Anläggningar efter slag och nummer, eller de närmaste först om `near` står med."""
    near, box = asked.get("near"), asked.get("bbox")
    found = services.list_assets(
        actor(),
        kind=asked.get("kind", ""),
        number=asked.get("number", ""),
        box=read_box(box, field="bbox") if box else None,
        near=read_spot(near, field="near") if near else None,
        within_m=asked.get("within_m", 200),
        after=_pair(asked.get("after")),
    )
    return {"items": [_asset(row) for row in found.rows], "next": mark(found.after)}


def _pair(after: str | None) -> Any:
    return place(after, str, str)


def _asset(row: Asset) -> dict[str, Any]:
    longitude, latitude = geo.to_geojson(row.point, geo.DECIMALS_SHOWN)["coordinates"]
    names = ("uid", "kind", "number", "source", "valid_from")
    return {name: getattr(row, name) for name in names} | {"longitude": longitude, "latitude": latitude}


def _stored(known: dict[str, Any]) -> dict[str, Any]:
    """Return what was loaded with the ways in as they are stored."""
    if "entries" not in known:
        return known
    return known | {"entries": [_entry(entry) for entry in known["entries"]]}


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    spot = {"type": "Point", "coordinates": [entry["longitude"], entry["latitude"]]}
    try:
        return {"name": entry["name"], "point": Point(geo.from_geojson(spot, within=services.bounds()))}
    except geo.GeometryRefused as refused:
        refused.field = "entries"
        raise


def _control(row: PlaceControl) -> dict[str, Any]:
    names = ("uid", "role", "organisation", "valid_from", "valid_to", "source", "ended_why")
    return {name: getattr(row, name) for name in names} | {"part": geo.to_geojson(row.geom) if row.geom else None}


def _answer(found: Place, status: int = 200) -> Any:
    names = (
        "uid", "number", "name", "kind", "public_access", "description", "photo_policy", "confidentiality", "oncall",
        "state", "district", "version",
    )  # fmt: skip
    body = {name: getattr(found, name) for name in names}
    doors = [(entry.name, geo.to_geojson(entry.point)["coordinates"]) for entry in found.entries]
    body |= {
        "geometry": geo.to_geojson(found.geom),
        "merged_into": found.merged_into.uid if found.merged_into else None,
        "entries": [{"name": name, "longitude": at[0], "latitude": at[1]} for name, at in doors],
        "areas": services.areas_of(found),
        "controls": [_control(row) for row in services.controls_of(actor(), found)],
        "labels": services.labels_of(actor(), found),
    }
    return with_etag(body, found.version, status)
