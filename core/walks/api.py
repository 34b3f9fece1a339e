"""Walks and observations in the API: what a phone sends and reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import request

from core import geo, media, sync
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, moment, place
from core.http.sync_api import APPLIED_LENIENTLY, PREFER, AnswerOut, KeptOut, answered, kept_answer, prefers_lenient
from core.http.texts import translate
from core.i18n import N_
from core.places import services as places
from core.places.api import GEOJSON, drawn
from core.places.schemas import FeaturesOut
from core.schema import WARNINGS, Invalid, warns_of_persons
from core.walks import maps, services
from core.walks.models import Observation, ObservationEvent, Walk, WalkStop
from core.walks.phone_api import photo_told
from core.walks.recording import listed_in, position_of, told
from core.walks.schemas import (
    AnswerIn,
    Call,
    DebtFilter,
    InboxFilter,
    InboxPage,
    ObservationChange,
    ObservationIn,
    ObservationMove,
    ObservationOut,
    PhoneChange,
    PhotoAdded,
    PhotoState,
    WalkChange,
    WalkIn,
    WalkMove,
    WalkOut,
    WalkPage,
    WalkQuery,
)
from core.walks.schemas.ordering import OrderMade, WorkIn
from core.walks.services import Stop, Wanted
from core.walks.states import LOG

api = Api("walks-api", __name__, description="Trygghetsvandringar och iakttagelser.")


@api.route("/walks", methods=["GET"], needs="walks:walk:read")
@api.asks(WalkQuery)
@api.response(200, WalkPage)
def list_walks(asked: dict[str, Any]) -> Any:
    """Vandringar, den senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), moment, int)
    wanted = Wanted(
        state=asked.get("state", ""),
        theme=asked.get("theme", ""),
        year=asked.get("year"),
        district=asked.get("organiser"),
    )
    found = services.list_walks(actor(), after=after, wanted=wanted)
    return {"items": found.rows, "next": mark(found.after)}


@api.route("/walks/<uuid:uid>", methods=["GET"], needs="walks:walk:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, WalkOut)
def read_walk(uid: UUID) -> Any:
    """En vandring med uid för sina platser och iakttagelser."""
    return _walk(services.read_walk(actor(), uid))


@api.route("/walks/<uuid:uid>.geojson", methods=["GET"], needs="walks:walk:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw_walk(uid: UUID) -> Any:
    """Vandringens platser, rutt och stopp, för en karta."""
    return drawn(maps.walk(actor(), uid))


@api.route("/walks/<uuid:uid>", methods=["PUT"], needs="walks:walk:lead")
@api.reads(WalkIn)
@api.response(201, WalkOut)
def add_walk(known: dict[str, Any], uid: UUID) -> Any:
    """Planera en vandring under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    return _walk(services.add_walk(actor(), uid=uid, **_planned(known)), 201)


@api.route("/walks/<uuid:uid>", methods=["PATCH"], needs="walks:walk:lead")
@api.doc(**{"x-version": "changes"})
@api.reads(WalkChange)
@api.response(200, WalkOut)
def change_walk(known: dict[str, Any], uid: UUID) -> Any:
    """Ändra planen för en vandring, byggt på den version som står i If-Match; fält som utelämnas står kvar."""
    services.change_walk(actor(), uid, version=expected_version(), **_planned(known))
    return _walk(services.read_walk(actor(), uid))


def _planned(known: dict[str, Any]) -> dict[str, Any]:
    """Return a plan with its shapes read: they come as GeoJSON."""
    if known.get("route") is not None:
        known["route"] = _shape(known["route"], geo.LINES, "route")
    if "stops" in known:
        known["stops"] = [
            Stop(
                stop["name"],
                _shape(stop["point"], geo.POINTS, f"stops.{number}.point") if stop["point"] else None,
                stop["questions"],
            )
            for number, stop in enumerate(known["stops"])
        ]
    return known


def _shape(value: Any, kinds: frozenset[str], field: str) -> Any:
    try:
        return geo.from_geojson(value, kinds=kinds, within=places.bounds())
    except geo.GeometryRefused as refused:
        refused.field = field
        raise


@api.route("/walks/<uuid:uid>/moves", methods=["POST"], needs="walks:walk:read")
@api.doc(**{"x-version": "changes"})
@api.reads(WalkMove)
@api.response(200, WalkOut)
def move_walk(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett steg med vandringen, med skäl där det behövs."""
    services.move_walk(actor(), uid, known.pop("move"), **known, version=expected_version())
    return _walk(services.read_walk(actor(), uid))


@api.route("/observations/unanswered.geojson", methods=["GET"], needs="walks:observation:read")
@api.asks(DebtFilter)
@api.doc(**{"x-version": "reads"})
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw_unanswered(asked: dict[str, Any]) -> Any:
    """Iakttagelser som väntar på svar, de äldsta först, för en karta."""
    return drawn(maps.unanswered(actor(), **asked))


@api.route("/observations/<uuid:uid>", methods=["GET"], needs="walks:observation:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, ObservationOut)
def read_observation(uid: UUID) -> Any:
    """En iakttagelse, och vilka av dess foton som är hos staden."""
    return _observation(services.read_observation(actor(), uid))


@api.route("/observations/<uuid:uid>", methods=["PUT"], needs=LOG)
@api.doc(parameters=[PREFER])
@api.reads(ObservationIn)
@api.response(201, ObservationOut)
@api.alt_response(202, schema=KeptOut, description="Behållet: `state` är held eller review, `title` säger varför.")
def log_observation(known: dict[str, Any], uid: UUID) -> Any:
    """Logga en iakttagelse under telefonens uid, en gång; `walk` är null för en utan vandring.

    Samma innehåll igen ger samma svar, annat innehåll 409. Fotona listas här; deras bytes skickas för sig.
    Med `Prefer: handling=lenient` behålls det som inte går att föra in, och svaret är 202 som säger varför.
    """
    if prefers_lenient():
        kept = sync.create(actor(), "observation", uid, request.get_json())
        if kept is not None:
            return kept_answer(kept)
        return _observation(services.read_observation(actor(), uid), 201, APPLIED_LENIENTLY)
    services.log_observation(actor(), uid=uid, **told(known))
    return _observation(services.read_observation(actor(), uid), 201)


@api.route("/observations/<uuid:uid>", methods=["PATCH"], needs="walks:observation:edit")
@api.doc(**{"x-version": "changes"})
@api.reads(ObservationChange)
@api.response(200, ObservationOut)
def change_observation(known: dict[str, Any], uid: UUID) -> Any:
    """Ändra en iakttagelse, byggt på den version som står i If-Match."""
    version = expected_version()
    if (walk := known.pop("walk", None)) is not None:
        version = services.join_walk(actor(), uid, walk, version=version).version
    if "position" in known:
        known["position"] = services.Position(**known["position"])
    services.change_observation(actor(), uid, version=version, **known)
    return _observation(services.read_observation(actor(), uid))


@api.route("/observations/<uuid:uid>/photos/<uuid:photo>", methods=["PUT"], needs="media:photo:add")
@api.reads(PhotoAdded)
@api.response(201, PhotoState)
def add_photo(known: dict[str, Any], uid: UUID, photo: UUID) -> Any:
    """Lista ett foto till på en iakttagelse som redan är hos staden; dess bytes skickas för sig.

    Samma innehåll igen ger samma svar, annat innehåll 409.
    """
    if known["uid"] not in (None, photo):
        raise Invalid({"uid": [N_("Skriv samma uid som i adressen.")]})
    return photo_told(services.add_photo(actor(), uid, listed_in(known | {"uid": photo}))), 201


@api.route("/observations/<uuid:uid>/changes/<uuid:change>", methods=["PUT"], needs="walks:observation:edit")
@api.reads(PhoneChange)
@api.response(200, AnswerOut)
def change_by_phone(known: dict[str, Any], uid: UUID, change: UUID) -> Any:
    """En ändring som en telefon har gjort, under telefonens egen uid, i vilken ordning som helst.

    Fält för fält: det som står som i `before` ändras, det andra har ändrats av någon annan och då väljer en människa.
    Samma igen ger samma svar, annat innehåll 409. Det som saknar iakttagelsen eller ändringen före väntar.
    """
    return answered(sync.receive(actor(), "observation", change, uid, **sync.as_written("observation", known)))


@api.route("/observations/<uuid:uid>/calls", methods=["POST"], needs="walks:observation:edit")
@api.reads(Call)
@api.response(200, ObservationOut)
def note_call(known: dict[str, Any], uid: UUID) -> Any:
    """Kvittera att någon har ringt om en fara: vem som fick samtalet."""
    services.note_call(actor(), uid, **known)
    return _observation(services.read_observation(actor(), uid))


@api.route("/observations/<uuid:uid>/moves", methods=["POST"], needs="walks:observation:read")
@api.doc(**{"x-version": "changes"})
@api.reads(ObservationMove)
@api.response(200, ObservationOut)
def move_observation(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett steg med iakttagelsen, med skäl där det behövs."""
    services.move_observation(actor(), uid, known.pop("move"), services.Answer(**known), version=expected_version())
    return _observation(services.read_observation(actor(), uid))


@api.route("/observations/<uuid:uid>/orders/<uuid:order>", methods=["PUT"], needs="works:order:make")
@api.doc(**{"x-version": "changes"})
@api.reads(WorkIn)
@api.response(201, OrderMade)
def order_work(known: dict[str, Any], uid: UUID, order: UUID) -> Any:
    """Beställ arbete om iakttagelsen under din egen uid, som stadens regler säger, eller lägg den till en öppen order.

    Det är svaret på iakttagelsen: den åtgärdas. Samma uid igen ger samma svar.
    """
    said = services.Order(**known)
    return services.order_work(actor(), uid, order, said, version=expected_version()), 201


@api.route("/inbox", methods=["GET"], needs="walks:observation:answer")
@api.asks(InboxFilter)
@api.response(200, InboxPage)
def list_inbox(asked: dict[str, Any]) -> Any:
    """Det som den egna organisationen ska besvara, fara först, sedan det som ska besvaras först."""
    after: Any = place(asked.get("after"), int, moment, int)
    found = services.list_inbox(actor(), tab=asked["part"], after=after)
    return {"items": [_waiting(row) for row in found.rows], "next": mark(found.after)}


@api.route("/inbox/<uuid:uid>", methods=["POST"], needs="walks:observation:answer")
@api.doc(**{"x-version": "changes"})
@api.reads(AnswerIn)
@api.response(200, ObservationOut)
def answer(known: dict[str, Any], uid: UUID) -> Any:
    """Svara på en iakttagelse som den som ska göra något åt den; den tas emot om det inte redan är gjort."""
    services.answer(actor(), uid, known.pop("choice"), services.Answer(**known), version=expected_version())
    return _observation(services.read_observation(actor(), uid))


def _waiting(row: Any) -> dict[str, Any]:
    names = ("uid", "number", "severity", "description", "state", "due_on", "done_on", "place_name", "version")
    told = {name: getattr(row, name) for name in names} | {"title": translate(row.kind_title), "walk": row.walk_title}
    return told | {"place": row.place_uid, "due_at": row.due_at if row.due_on else None}


def _walk(walk: Walk, status: int = 200) -> Any:
    names = (
        "uid", "number", "title", "theme", "planned_at", "purpose", "state", "version", "pre_meeting_at",
        "feedback_meeting_at", "invitation", "steps", "rest", "language_support", "lone_worker", "police", "risks",
        "weather", "groups",
    )  # fmt: skip
    body = {name: getattr(walk, name) for name in names} | {"organiser": walk.organiser.name}
    sun, route = services.sun_of(walk), services.route_of(walk)
    body |= {"light": services.light_of(walk), "sunset": sun.sunset, "dark_from": sun.dusk}
    body |= {"route": geo.to_geojson(route) if route else None, "length_m": round(route.length) if route else None}
    body["stops"] = [_stop(stop) for stop in walk.stops]
    body["partners"] = [row.uid for row in walk.partners]
    body["follows"] = walk.follows.uid if walk.follows else None
    body["warnings"] = [translate(words) for words in services.warnings_about(walk, route)]
    body["places"] = [one.place.uid for one in services.places_of(actor(), walk) if one.reached]
    body["observations"] = [row.uid for row in services.observations_of(actor(), walk)]
    return with_etag(body, walk.version, status)


def _stop(stop: WalkStop) -> dict[str, Any]:
    point = geo.to_geojson(stop.point) if stop.point is not None else None
    return {"name": stop.name, "point": point, "questions": stop.questions}


def _observation(found: Observation, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> Any:
    names = (
        "uid", "number", "kind", "nature", "severity", "seen_at", "received_at", "description", "state", "version",
        "answer", "done_on", "time_of_day", "weekday", "season", "affected", "asset_ref", "proposed_measure",
        "heading", "torch", "sun_elevation", "after_sunset_min",
    )  # fmt: skip
    body = {name: getattr(found, name) for name in names}
    body |= {
        "steps": [step | {"at": datetime.fromisoformat(step["at"])} for step in found.steps],
        "walk": found.walk.uid if found.walk else None,
        "title": translate(found.kind_title),
        "position": position_of(found),
        "place": found.place.uid if found.place else None,
        "asset": found.asset.uid if found.asset and actor().may("places:asset:read") else None,
        "organisation": found.organisation.name if found.organisation else None,
        "coordinator": found.coordinator.name if found.coordinator else None,
        "details": [{name: translate(text) for name, text in shown.items()} for shown in found.details["shown"]],
        "photos": [photo_told(photo) for photo in media.photos_of("observation", [found.uid])[found.uid]],
        "duplicate_of": found.kept.uid if found.kept and found.state == "dubblett" else None,
        "changes": [_change(change) for change in services.changes_of(actor(), [found])],
        "warnings": [translate(WARNINGS[kind]) for kind in warns_of_persons(found.description)],
    }
    body, status, etag = with_etag(body, found.version, status)
    return body, status, {**etag, **headers}


def _change(change: ObservationEvent) -> dict[str, Any]:
    names = ("at", "kind", "state", "reason", "answer", "done_on", "called")
    who = {name: getattr(change, name) for name in ("organisation", "receiver")}
    return {name: getattr(change, name) for name in names} | {
        name: organisation.name if organisation else None for name, organisation in who.items()
    }
