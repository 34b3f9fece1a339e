"""What the phone's app asks the API for: the walks that it can fetch, one of them whole, and what has come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import flask

from core import db, geo, handover, media, sync
from core.http import Api, actor, app_version, maps, takes, with_etag
from core.http.paging import mark, place
from core.http.sent import why
from core.http.texts import translate
from core.i18n import N_
from core.places.models import ASSET_KINDS, CONTROL_ROLES, Place
from core.walks import services
from core.walks.kinds import TILES, kinds, radius_of
from core.walks.models import AFFECTED, NATURES, SEASONS, SEVERITIES, TIMES_OF_DAY, WEEKDAYS, Observation
from core.walks.schemas import ReceiptsPage, ReceiptsQuery, ToFetchPage, TrackIn, TrackOut, UsualOut, WorkingSetOut
from core.walks.services.working_set import WorkingSet, degrees, spot
from core.walks.states import LOG, WITHOUT_WALK, shown_state

LEADS = N_("Leder vandringen")
TRACK_BYTES = 3_000_000
GOOD = "positivt_bevara"
"""The kind of what is to be kept as it is."""

api = Api("field-api", __name__, description="Fältappen: vad telefonen hämtar, och vad staden har fått.")


@api.route("/field/walks", methods=["GET"], needs=LOG)
@api.response(200, ToFetchPage)
def list_walks() -> Any:
    """Vandringar att hämta: de som pågår först, sedan de kommande, sedan de som är gångna men inte justerade."""
    return {"items": [row._asdict() | {"place": row.place or ""} for row in services.walks_to_fetch(actor())]}


@api.route("/field/walks/<uuid:uid>", methods=["GET"], needs=LOG)
@api.doc(**{"x-version": "reads"})
@api.response(200, WorkingSetOut)
def fetch_walk(uid: UUID) -> Any:
    """Allt som behövs av en vandring utan täckning: stopp, platser, sorter, tidigare iakttagelser, ansvar, karta.

    Med If-None-Match svarar den 304 när inget är ändrat.
    """
    found = services.working_set(actor(), uid)
    box = degrees(found.box)
    body = _walk(found) | _usual(found.walk.theme, found.numbers) | _around(found)
    body |= {"box": list(box), "tiles": maps.pictures_of(box) if found.walk.places else [], "ends_at": found.ends_at}
    return with_etag(body, found.walk.version)


@api.route("/field/usual", methods=["GET"], needs=LOG)
@api.doc(**{"x-version": "reads"})
@api.response(200, UsualOut)
def fetch_usual() -> Any:
    """Det som behövs för en iakttagelse utan vandring: sorter, val, vem man ringer, och nyckeln till en fil.

    Samma värden som i en vandring. Med If-None-Match svarar den 304 när inget är ändrat.
    """
    return with_etag(_usual("", services.usual_numbers(actor())), 0)


@api.route("/field/receipts", methods=["GET"], needs=LOG)
@api.asks(ReceiptsQuery)
@api.response(200, ReceiptsPage)
def list_receipts(asked: dict[str, Any]) -> Any:
    """Det som du har skickat och staden har, med läget för varje foto; telefonen stämmer av mot det.

    Första sidan har också de senaste ändringarna och de iakttagelser som väntar, oavsett vandring.
    """
    after: Any = place(asked.get("after"), int)
    rows, more = services.receipts(actor(), walk=asked.get("walk"), after=after[0] if after else None)
    items = [row._asdict() | {"photos": [photo_told(one) for one in photos]} for row, photos in rows]
    changes = [] if after else services.changes_sent(actor())
    return {"items": items, "changes": [_sent(one) for one in changes], "next": mark((more,)) if more else None}


@api.route("/walks/<uuid:uid>/tracks/<uuid:track>", methods=["PUT"], needs=LOG)
@takes(TRACK_BYTES)
@api.reads(TrackIn)
@api.response(200, TrackOut)
def keep_track(known: dict[str, Any], uid: UUID, track: UUID) -> Any:
    """Spara vägen som har gåtts hittills, hel varje gång; bara den som leder vandringen gör det.

    Samma eller en tidigare del av den igen ändrar inget. En annan väg under samma uid ger 409.
    """
    kept = services.keep_track(actor(), uid, track, **known)
    return {"uid": kept.uid, "points": len(kept.points), "ended": kept.ended, "received_at": kept.received_at}


def photo_told(photo: media.Photo) -> dict[str, Any]:
    """Return how a photo of an observation stands."""
    names = ("uid", "role", "state", "received_at", "direction", "pairs_with")
    return {name: getattr(photo, name) for name in names} | {"sha256": photo.received_sha256}


def _sent(change: sync.Change) -> dict[str, Any]:
    told = {name: getattr(change, name) for name in ("uid", "state", "reason")}
    return told | {"record": change.record_uid, "title": why(change)}


def _walk(found: WorkingSet) -> dict[str, Any]:
    walk = found.walk
    names = ("uid", "number", "title", "theme", "planned_at", "state", "version", "purpose")
    sun = services.sun_of(walk)
    told = {name: getattr(walk, name) for name in names} | {"leads": found.leads}
    told |= {"sunset": sun.sunset, "dark_from": sun.dusk, "light": services.light_of(walk)}
    told["follows"] = walk.follows.uid if walk.follows else None
    stops = [
        {"seq": one.seq, "name": one.name, "point": spot(one.point), "questions": one.questions} for one in walk.stops
    ]
    return {
        "walk": told,
        "stops": stops,
        "route": geo.to_geojson(found.route, geo.DECIMALS_SHOWN) if found.route is not None else None,
    }


def _usual(theme: str, numbers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return what is chosen from and needed on any walk, and on none."""
    sorts = kinds(theme)
    return _choices() | {
        "kinds": [_kind(key, sort) for key, sort in sorts.items()],
        "first": list(sorts)[:TILES],
        "numbers": [{"title": title, "number": number} for title, number in numbers],
        "server_key": handover.public_key(db.settings()),
        "oldest_app": app_version.OLDEST,
    }


def _kind(key: str, sort: Any) -> dict[str, Any]:
    asked = sort.details().describe() if sort.details is not None else ()
    nature = "positivt" if key == GOOD else "brist"
    told = {"key": key, "title": translate(sort.short or sort.title), "icon": sort.icon, "nature": nature}
    return told | {"questions": [_question(one) for one in asked]}


def _question(one: Any) -> dict[str, Any]:
    words = {name: translate(getattr(one, name)) for name in ("label", "hint", "suffix")}
    told = {name: getattr(one, name) for name in ("name", "widget", "required", "maxlength", "inputmode")}
    return told | words | {"options": [[value, translate(label)] for value, label in one.options]}


def _choices() -> dict[str, Any]:
    chosen = {"time_of_day": TIMES_OF_DAY, "weekday": WEEKDAYS, "season": SEASONS, "affected": AFFECTED}
    severities = {str(key): words for key, words in SEVERITIES.items()}
    return {
        "severities": _labelled(severities),
        "natures": _labelled(NATURES),
        "choices": {name: _labelled(words) for name, words in chosen.items()},
    }


def _labelled(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "title": translate(title)} for key, title in words.items()]


def _around(found: WorkingSet) -> dict[str, Any]:
    return {
        "places": [_place(one) for one in found.places],
        "earlier": [_earlier(row, photos) for row, photos in found.earlier],
        "responsible": [
            {"role": role, "title": translate(CONTROL_ROLES.get(role, LEADS)), "organisation": name}
            for role, name in found.responsible
        ],
        "assets": [
            {"uid": one.uid, "number": one.number, "kind": translate(ASSET_KINDS[one.kind]), "point": spot(one.point)}
            for one in found.assets
        ],
    }


def _place(one: Place) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("uid", "number", "name", "photo_policy", "oncall")}
    return told | {"shape": geo.to_geojson(one.geom, geo.DECIMALS_SHOWN)}


def _earlier(row: Observation, photos: list[media.Photo]) -> dict[str, Any]:
    names = (
        "uid", "number", "kind", "accuracy_m", "severity", "state", "seen_at", "answer", "done_on", "sun_elevation",
    )  # fmt: skip
    told = {name: getattr(row, name) for name in names} | {
        "walk": row.walk.uid if row.walk else None,
        "walk_title": row.walk.title if row.walk else translate(WITHOUT_WALK),
    }
    return told | {
        "title": translate(row.kind_title),
        "place": row.place.name if row.place else "",
        "point": spot(row.point),
        "state_label": translate(shown_state(row.nature, row.state).label),
        "radius_m": radius_of(row.kind),
        "photos": [_photo(photo) for photo in photos],
    }


def _photo(photo: media.Photo) -> dict[str, Any]:
    told = {name: getattr(photo, name) for name in ("uid", "role", "direction")}
    known = photo.longitude is not None and photo.latitude is not None
    where = [photo.longitude, photo.latitude] if known else None
    return told | {"point": where, "small": flask.url_for("photos.picture", uid=photo.uid, size="liten")}
