"""The phone's page: photo, kind, save. A plain form, whose questions depend on the kinds there are."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

from werkzeug.datastructures import FileStorage, MultiDict

from core import db, geo, media
from core.access import Actor
from core.i18n import N_
from core.media import Listed
from core.schema import Schema, fields
from core.walks import services
from core.walks.kinds import kind_of, kinds
from core.walks.models import DANGER, Observation
from core.walks.schemas import FURTHEST

CHOOSE = {"required": N_("Välj vad du ser.")}
PREFIX = "d_"
"""Fields of a kind's own questions begin so, then the kind's key with _ for the colon."""


def log_schema(chosen: str = "", theme: str = "", places: Mapping[str, str] | None = None) -> type[Schema]:
    """Return the page's schema: the photo, the kinds there are now, those of the walk's theme first, their questions.

    Those of the `chosen` kind must be answered. `places`, by uid, are asked about where a walk comes to several.
    """
    sorts = {key: kind.short or kind.title for key, kind in kinds(theme).items()}
    asked: dict[str, Any] = {
        "uid": fields.Uid(required=True),
        "photo": fields.Upload(accept="image/*", label=N_("Ta foto")),
        "kind": fields.Choice(sorts, required=True, label=N_("Vad ser du?"), widget="radios", error_messages=CHOOSE),
        "danger": fields.Boolean(load_default=False, label=N_("Fara"), hint=N_("Någon kan skadas nu")),
        "description": fields.String(max=4000, multiline=True, label=N_("Vad är det, och var?"), load_default=""),
        "latitude": fields.Latitude(widget="hidden"),
        "longitude": fields.Longitude(widget="hidden"),
        "accuracy_m": fields.Float(min=0, widget="hidden"),
        "source": fields.String(max=20, widget="hidden"),
    }
    if places and len(places) > 1:
        asked["place"] = fields.Choice(
            dict(places),
            load_default="",
            widget="select",
            label=N_("Var är du?"),
            hint=N_("Gäller när telefonen inte hittar läget."),
        )
    for key, kind in kinds().items():
        if kind.details is not None:
            must: dict[str, Any] = {"required": True} if key == chosen else {"load_default": dict}
            asked[questions_of(key)] = fields.Nested(kind.details, **must)
    return Schema.from_dict(asked, name="LogObservation")  # type: ignore[return-value]


def questions_of(key: str) -> str:
    """Return the name under which the page asks the own questions of a kind."""
    return PREFIX + key.replace(":", "_")


def answers_to(chosen: str, written: MultiDict[str, str]) -> MultiDict[str, str]:
    """Leave out what was answered about other kinds: the page asks about all of them and hides what is not chosen."""
    own = f"{questions_of(chosen)}."
    texts = written.items(multi=True)
    return MultiDict((name, text) for name, text in texts if name.startswith(own) or not name.startswith(PREFIX))


def log(actor: Actor, walk: UUID, known: dict[str, Any]) -> Observation:
    """Log what the page sent: the observation, and its photo if there is one, in one go.

    Without a position from the phone the photo's own is taken, if it lies along the walk; one that cannot be
    right does not keep anybody from saving. Raises what `log_observation` and the photo's intake raise; then nothing
    of it is saved.
    """
    upload, good = known.get("photo"), kind_of(known["kind"]).good
    with media.spooled(media.whole(upload.stream)) if upload else nullcontext() as spool:
        position = _position(known) or (_position_of(spool, actor, walk) if spool else None)
        photo = Listed(media.twin(known["uid"])) if spool else None
        observation = services.log_observation(
            actor,
            uid=known["uid"],
            walk=walk,
            kind=known["kind"],
            nature="positivt" if good else "brist",
            severity=DANGER if known["danger"] else 1 if good else services.GRAVE,
            position=position,
            place=UUID(known["place"]) if position is None and known.get("place") else None,
            description=known["description"],
            details=known.get(questions_of(known["kind"]), {}),
            photos=[photo] if photo else [],
        )
        if photo and spool:
            media.receive_file(actor, photo.uid, spool)
    return observation


def add_photo(actor: Actor, observation: UUID, upload: FileStorage, role: str) -> None:
    """Add one photo to an observation, such as the one taken after the work."""
    with media.spooled(media.whole(upload.stream)) as spool:
        listed = Listed(db.new_uid(), role=role)
        services.add_photo(actor, observation, listed)
        media.receive_file(actor, listed.uid, spool)


def _position(known: dict[str, Any]) -> services.Position | None:
    """Return the phone's position, unless it says nothing: outside the city, or off by a hundred kilometres."""
    if known.get("latitude") is None or known.get("longitude") is None or (known.get("accuracy_m") or 0) > FURTHEST:
        return None
    source = known.get("source") or "gps"
    position = services.Position(known["latitude"], known["longitude"], known.get("accuracy_m"), source)
    try:
        position.point()
    except geo.GeometryRefused:
        return None
    return position


def _position_of(spool: Path, actor: Actor, walk: UUID) -> services.Position | None:
    """Return the position that a photo tells of itself, if it was taken where the walk goes.

    A photo from the phone's gallery may have been taken anywhere, and a place must not be guessed from it.
    """
    seen = media.look(spool)
    if seen is None or seen.latitude is None or seen.longitude is None:
        return None
    position = services.Position(seen.latitude, seen.longitude, None, "exif")
    return position if services.on_the_way(actor, walk, position) else None
