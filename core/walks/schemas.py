"""What is asked and told about walks and observations."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields
from core.walks.models import NATURES, POSITION_SOURCES, THEMES
from core.walks.states import OBSERVATION, WALK

ROLES = {"iakttagelse": N_("Iakttagelse"), "fore": N_("Före"), "efter": N_("Efter")}
"""What a photo shows of its observation."""
FURTHEST = 100_000
"""Metres of accuracy beyond which a position says nothing."""
MOST_BYTES = 2_000_000_000
"""What a photo may be said to have; how large it may be is a setting."""


class PositionIn(Schema):
    """Where, in WGS 84 degrees, and how surely, in metres."""

    latitude = fields.Latitude(required=True)
    longitude = fields.Longitude(required=True)
    accuracy_m = fields.Float(min=0, max=FURTHEST, allow_none=True, load_default=None)
    source = fields.Choice(POSITION_SOURCES, load_default="gps")


class PhotoIn(Schema):
    """A photo that belongs to the record; its bytes come apart, before or after."""

    uid = fields.Uid(required=True)
    sha256 = fields.Sha256(allow_none=True, load_default=None)
    bytes = fields.Integer(min=1, max=MOST_BYTES, allow_none=True, load_default=None)
    type = fields.String(max=60, allow_none=True, load_default=None)
    role = fields.Choice(ROLES, load_default="iakttagelse")
    taken_at = fields.Instant(allow_none=True, load_default=None)
    position = fields.Nested(PositionIn, allow_none=True, load_default=None)


class ObservationIn(Schema):
    """An observation as the phone sends it."""

    walk = fields.Uid(required=True)
    kind = fields.String(required=True, min=1, max=80, label=N_("Vad ser du?"))
    nature = fields.Choice(NATURES, load_default="brist")
    severity = fields.Integer(min=1, max=4, load_default=2)
    seen_at = fields.Instant(allow_none=True, load_default=None)
    position = fields.Nested(PositionIn, allow_none=True, load_default=None)
    description = fields.String(max=4000, multiline=True, load_default="")
    details = fields.Object(load_default=dict)
    photos = fields.List(fields.Nested(PhotoIn), max=50, load_default=list)


class ObservationChange(Schema):
    """What may be changed afterwards; fields that are left out stay."""

    nature = fields.Choice(NATURES)
    severity = fields.Integer(min=1, max=4)
    position = fields.Nested(PositionIn)
    description = fields.String(max=4000, multiline=True)


class PhotoState(Schema):
    """A photo of an observation, and whether its bytes are here."""

    uid = fields.Uid(required=True)
    role = fields.String(required=True, max=20)
    state = fields.String(required=True, max=20)
    sha256 = fields.String(required=True, allow_none=True, max=64)
    received_at = fields.Instant(required=True, allow_none=True)


class DetailOut(Schema):
    """An answer to one of the kind's own questions, in words."""

    label = fields.String(required=True, max=200)
    text = fields.String(required=True, max=10_000)


class ObservationOut(Schema):
    """An observation, whole."""

    uid = fields.Uid(required=True)
    walk = fields.Uid(required=True)
    number = fields.Integer(required=True)
    kind = fields.String(required=True, max=80)
    title = fields.String(required=True, max=120)
    nature = fields.Choice(NATURES, required=True)
    severity = fields.Integer(required=True, min=1, max=4)
    seen_at = fields.Instant(required=True)
    received_at = fields.Instant(required=True)
    position = fields.Nested(PositionIn, required=True, allow_none=True)
    place = fields.Uid(required=True, allow_none=True)
    organisation = fields.String(required=True, allow_none=True, max=200)
    coordinator = fields.String(required=True, allow_none=True, max=200)
    description = fields.String(required=True, blank=True, max=4000, multiline=True)
    details = fields.List(fields.Nested(DetailOut), required=True)
    state = fields.Choice({key: state.label for key, state in OBSERVATION.states.items()}, required=True)
    photos = fields.List(fields.Nested(PhotoState), required=True)
    warnings = fields.List(fields.String(max=300), required=True)
    version = fields.Integer(required=True)


class WalkIn(Schema):
    """A walk to plan."""

    title = fields.String(required=True, min=1, max=200, label=N_("Vad heter vandringen?"))
    theme = fields.Choice(THEMES, load_default="allman", label=N_("Tema"))
    planned_at = fields.Instant(required=True, label=N_("När börjar den?"))
    organiser = fields.String(required=True, min=1, max=60, label=N_("Vem leder den?"))
    places = fields.List(fields.Uid(), max=100, load_default=list)
    purpose = fields.String(max=2000, load_default="", label=N_("Syfte"))


class WalkLine(Schema):
    """A walk in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    theme = fields.Choice(THEMES, required=True)
    planned_at = fields.Instant(required=True)
    state = fields.Choice({key: state.label for key, state in WALK.states.items()}, required=True)
    organiser = fields.String(required=True, max=200)
    observations = fields.Integer(required=True)


class WalkOut(Schema):
    """A walk, whole."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    theme = fields.Choice(THEMES, required=True)
    planned_at = fields.Instant(required=True)
    purpose = fields.String(required=True, blank=True, max=2000)
    state = fields.Choice({key: state.label for key, state in WALK.states.items()}, required=True)
    organiser = fields.String(required=True, max=200)
    places = fields.List(fields.Uid(), required=True)
    observations = fields.List(fields.Uid(), required=True)
    version = fields.Integer(required=True)


class WalkPage(Schema):
    """A page of walks; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(WalkLine), required=True)
    next = fields.String(required=True, allow_none=True, max=300)


class WalkQuery(Schema):
    """Which walks to list."""

    after = fields.String(max=300)


class ObservationMove(Schema):
    """A move of an observation, with its reason where it needs one."""

    move = fields.Choice({move.key: move.label for move in OBSERVATION.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")


class WalkMove(Schema):
    """A move of a walk, with its reason where it needs one."""

    move = fields.Choice({move.key: move.label for move in WALK.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")


class Reason(Schema):
    """Why a move is made."""

    reason = fields.String(max=1000, multiline=True, load_default="", label=N_("Varför?"))


class Added(Schema):
    """A photo to add to an observation."""

    photo = fields.Upload(required=True, accept="image/*", label=N_("Foto efter åtgärden"))
