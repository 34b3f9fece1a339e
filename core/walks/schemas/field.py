"""What a phone fetches of a walk, and what it is told of what it has sent."""

from __future__ import annotations

from core import sync
from core.schema import ListPage, ListQuery, Schema, fields
from core.walks.models import LIGHTS
from core.walks.schemas.observations import FURTHEST, PhotoState
from core.walks.schemas.walks import WalkFacts
from core.walks.states import OBSERVATION

_MANY = 1000


def _text(most: int = 300) -> fields.String:
    return fields.String(required=True, blank=True, max=most, multiline=True)


def _spot(*, allow_none: bool = False) -> fields.List:
    """A point: longitude and latitude in WGS 84."""
    return fields.List(fields.Float(), required=True, max=2, allow_none=allow_none)


class ToFetch(WalkFacts):
    """A walk that can be fetched."""

    stops = fields.Integer(required=True)
    version = fields.Integer(required=True)
    place = _text()


class ToFetchPage(Schema):
    """The walks that can be fetched."""

    items = fields.List(fields.Nested(ToFetch), required=True)


class FieldWalk(WalkFacts):
    """A walk as the phone has it; `light` is in words, `leads` whether the one who asks leads it."""

    version = fields.Integer(required=True)
    purpose = _text(2000)
    sunset = fields.Instant(required=True, allow_none=True)
    dark_from = fields.Instant(required=True, allow_none=True)
    light = fields.Choice(LIGHTS, required=True)
    follows = fields.Uid(required=True, allow_none=True)
    leads = fields.Boolean(required=True)


class FieldStop(Schema):
    """A stop, with what to ask there."""

    seq = fields.Integer(required=True)
    name = _text()
    point = _spot(allow_none=True)
    questions = fields.List(fields.String(max=300), required=True)


class FieldPlace(Schema):
    """A place on the way or near it."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    name = _text()
    shape = fields.GeoJSON(shapes=("Polygon", "MultiPolygon"), required=True)
    photo_policy = _text()
    oncall = _text()


class Labelled(Schema):
    """Something that can be chosen."""

    key = fields.String(required=True, blank=True, max=80)
    title = _text()


class Question(Schema):
    """One of a kind's own questions, as `FieldDescription` tells it."""

    name = _text()
    label = _text()
    hint = _text(1000)
    widget = _text()
    required = fields.Boolean(required=True)
    options = fields.List(fields.List(fields.String(blank=True, max=300), max=2), required=True)
    suffix = _text()
    maxlength = fields.Integer(required=True, allow_none=True)
    inputmode = _text()


class FieldKind(Schema):
    """What can be seen, with its own questions."""

    key = fields.String(required=True, max=80)
    title = _text()
    icon = _text()
    nature = fields.String(required=True, max=30)
    questions = fields.List(fields.Nested(Question), required=True)


class FieldChoices(Schema):
    """When and for whom something matters."""

    time_of_day = fields.List(fields.Nested(Labelled), required=True)
    weekday = fields.List(fields.Nested(Labelled), required=True)
    season = fields.List(fields.Nested(Labelled), required=True)
    affected = fields.List(fields.Nested(Labelled), required=True)


class EarlierPhoto(Schema):
    """A photo of before; `small` is the address of a picture that everybody may see."""

    uid = fields.Uid(required=True)
    role = fields.String(required=True, max=20)
    direction = fields.Float(required=True, allow_none=True)
    point = _spot(allow_none=True)
    small = _text()


class Earlier(Schema):
    """Something seen here before; within `radius_m` metres the same kind may be the same thing."""

    uid = fields.Uid(required=True)
    walk = fields.Uid(required=True, allow_none=True)
    walk_title = _text()
    number = fields.Integer(required=True)
    kind = fields.String(required=True, max=80)
    title = _text()
    place = _text()
    point = _spot(allow_none=True)
    accuracy_m = fields.Float(required=True, allow_none=True)
    severity = fields.Integer(required=True)
    state = fields.Choice({key: state.label for key, state in OBSERVATION.states.items()}, required=True)
    state_label = _text()
    seen_at = fields.Instant(required=True)
    answer = _text(2000)
    done_on = fields.Date(required=True, allow_none=True)
    sun_elevation = fields.Float(required=True, allow_none=True)
    radius_m = fields.Integer(required=True)
    photos = fields.List(fields.Nested(EarlierPhoto), required=True)


class Responsible(Schema):
    """Who answers for what on the way; `role` is empty for who leads the walk."""

    role = _text()
    title = _text()
    organisation = _text()


class FieldAsset(Schema):
    """A thing of the city with a number."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=80)
    kind = _text()
    point = _spot()


class Telephone(Schema):
    """A number to ring about a danger."""

    title = _text()
    number = _text()


class Tile(Schema):
    """A picture of the ground, the box that it shows (west, south, east, north in WGS 84), and whose it is."""

    url = _text(2000)
    attribution = _text()
    box = fields.List(fields.Float(), required=True, max=4)


class ServerKey(Schema):
    """The city's public key, to which hand-over files are sealed (RFC 7517)."""

    kty = fields.String(required=True, max=10)
    crv = fields.String(required=True, max=10)
    x = fields.String(required=True, max=43)
    y = fields.String(required=True, max=43)


class UsualOut(Schema):
    """What is chosen from and needed on any walk, and without one."""

    kinds = fields.List(fields.Nested(FieldKind), required=True)
    first = fields.List(fields.String(max=80), required=True)
    severities = fields.List(fields.Nested(Labelled), required=True)
    natures = fields.List(fields.Nested(Labelled), required=True)
    choices = fields.Nested(FieldChoices, required=True)
    numbers = fields.List(fields.Nested(Telephone), required=True)
    server_key = fields.Nested(ServerKey, required=True)
    oldest_app = fields.Integer(required=True)


class WorkingSetOut(UsualOut):
    """A walk with all that is needed out there; the phone itself notes when it was fetched."""

    walk = fields.Nested(FieldWalk, required=True)
    stops = fields.List(fields.Nested(FieldStop), required=True)
    route = fields.GeoJSON(shapes=("LineString",), required=True, allow_none=True)
    places = fields.List(fields.Nested(FieldPlace), required=True)
    box = fields.List(fields.Float(), required=True, max=4)
    earlier = fields.List(fields.Nested(Earlier), required=True, max=_MANY)
    responsible = fields.List(fields.Nested(Responsible), required=True)
    assets = fields.List(fields.Nested(FieldAsset), required=True, max=_MANY)
    tiles = fields.List(fields.Nested(Tile), required=True, max=_MANY)
    ends_at = fields.Instant(required=True)


class ReceiptsQuery(ListQuery):
    """Of which walk; of all without one."""

    walk = fields.Uid()


class SentOut(Schema):
    """Something that the one who asks has sent, and which of its photos are with the city."""

    uid = fields.Uid(required=True)
    state = fields.Choice({key: state.label for key, state in OBSERVATION.states.items()}, required=True)
    version = fields.Integer(required=True)
    number = fields.Integer(required=True)
    photos = fields.List(fields.Nested(PhotoState), required=True)


class SentChangeOut(Schema):
    """A change, or an observation that is kept: where it stands, and why (docs/reference/sync.md).

    An observation that is kept has its own uid as `record`.
    """

    uid = fields.Uid(required=True)
    record = fields.Uid(required=True)
    state = fields.Choice(sync.STATES, required=True)
    reason = fields.String(required=True, blank=True, max=40)
    title = fields.String(required=True, blank=True, max=300)


class ReceiptsPage(ListPage):
    """A page of what somebody has sent, the latest first; with the first one what was sent of changes."""

    items = fields.List(fields.Nested(SentOut), required=True)
    changes = fields.List(fields.Nested(SentChangeOut), required=True, max=_MANY)


class TrackIn(Schema):
    """The way that was gone so far: longitude, latitude, accuracy in metres or null, time."""

    points = fields.List(
        fields.Tuple(
            fields.Longitude(required=True),
            fields.Latitude(required=True),
            fields.Float(min=0, max=FURTHEST, allow_none=True),
            fields.Instant(required=True),
        ),
        required=True,
        max=20_000,
    )
    ended = fields.Boolean(load_default=False)


class TrackOut(Schema):
    """How much of a track the city has."""

    uid = fields.Uid(required=True)
    points = fields.Integer(required=True)
    ended = fields.Boolean(required=True)
    received_at = fields.Instant(required=True)
