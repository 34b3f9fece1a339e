"""What is asked and told about walks."""

from __future__ import annotations

from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields
from core.walks.models import LIGHTS, THEMES
from core.walks.states import WALK


class StopIn(Schema):
    """A stop on the way."""

    name = fields.String(required=True, min=1, max=200)
    point = fields.GeoJSON(shapes=("Point",), allow_none=True, load_default=None)
    questions = fields.List(fields.String(max=300), max=20, load_default=list)


class WalkChange(Schema):
    """What may be changed of a plan; fields that are left out stay."""

    title = fields.String(min=1, max=200)
    theme = fields.Choice(THEMES)
    planned_at = fields.Instant()
    purpose = fields.String(max=2000, multiline=True)
    pre_meeting_at = fields.Instant(allow_none=True)
    feedback_meeting_at = fields.Instant(allow_none=True)
    invitation = fields.String(max=4000, multiline=True)
    steps = fields.String(max=500, multiline=True)
    rest = fields.String(max=500, multiline=True)
    language_support = fields.String(max=500, multiline=True)
    lone_worker = fields.Boolean()
    police = fields.String(max=500, multiline=True)
    risks = fields.String(max=2000, multiline=True)
    weather = fields.String(max=200)
    light = fields.Choice({"": "", **LIGHTS})
    light_reason = fields.String(max=500, multiline=True)
    groups = fields.Integer(min=1, max=20)
    places = fields.List(fields.Uid(), max=100)
    partners = fields.List(fields.Uid(), max=50)
    leader = fields.Uid(allow_none=True)
    note_taker = fields.Uid(allow_none=True)
    photographer = fields.Uid(allow_none=True)
    route = fields.GeoJSON(shapes=("LineString",), allow_none=True)
    stops = fields.List(fields.Nested(StopIn), max=50)


class WalkIn(WalkChange):
    """A walk to plan."""

    title = fields.String(required=True, min=1, max=200, label=N_("Vad heter vandringen?"))
    theme = fields.Choice(THEMES, load_default="allman", label=N_("Tema"))
    planned_at = fields.Instant(required=True, label=N_("När börjar den?"))
    organiser = fields.String(required=True, min=1, max=60, label=N_("Vem leder den?"))
    places = fields.List(fields.Uid(), max=100, load_default=list)
    purpose = fields.String(max=2000, multiline=True, load_default="", label=N_("Syfte"))
    follows = fields.Uid(allow_none=True, load_default=None)


class WalkFacts(Schema):
    """What is told of a walk wherever it is told of."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    theme = fields.Choice(THEMES, required=True)
    planned_at = fields.Instant(required=True)
    state = fields.Choice({key: state.label for key, state in WALK.states.items()}, required=True)


class WalkLine(WalkFacts):
    """A walk in a list."""

    organiser = fields.String(required=True, max=200)
    observations = fields.Integer(required=True)


class WalkOut(WalkFacts):
    """A walk, whole."""

    organiser = fields.String(required=True, max=200)
    purpose = fields.String(required=True, blank=True, max=2000)
    pre_meeting_at = fields.Instant(required=True, allow_none=True)
    feedback_meeting_at = fields.Instant(required=True, allow_none=True)
    invitation = fields.String(required=True, blank=True, max=4000, multiline=True)
    steps = fields.String(required=True, blank=True, max=500, multiline=True)
    rest = fields.String(required=True, blank=True, max=500, multiline=True)
    language_support = fields.String(required=True, blank=True, max=500, multiline=True)
    lone_worker = fields.Boolean(required=True)
    police = fields.String(required=True, blank=True, max=500, multiline=True)
    risks = fields.String(required=True, blank=True, max=2000, multiline=True)
    weather = fields.String(required=True, blank=True, max=200)
    light = fields.Choice(LIGHTS, required=True)
    sunset = fields.Instant(required=True, allow_none=True)
    dark_from = fields.Instant(required=True, allow_none=True)
    groups = fields.Integer(required=True)
    partners = fields.List(fields.Uid(), required=True)
    route = fields.GeoJSON(shapes=("LineString",), required=True, allow_none=True)
    length_m = fields.Integer(required=True, allow_none=True)
    stops = fields.List(fields.Nested(StopIn), required=True)
    follows = fields.Uid(required=True, allow_none=True)
    warnings = fields.List(fields.String(max=400), required=True)
    places = fields.List(fields.Uid(), required=True)
    observations = fields.List(fields.Uid(), required=True)
    version = fields.Integer(required=True)


class WalkPage(ListPage):
    """A page of walks; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(WalkLine), required=True)


class WalkQuery(ListQuery):
    """Which walks to list."""

    state = fields.Choice({key: state.label for key, state in WALK.states.items()})
    theme = fields.Choice(THEMES)
    year = fields.Integer(min=1990, max=2200)
    organiser = fields.Uid()


class WalkFilter(ListFilter):
    """The list's filter, and where its next page begins."""

    lage = fields.Choice({key: state.label for key, state in WALK.states.items()}, widget="select", label=N_("Läge"))
    tema = fields.Choice(THEMES, widget="select", label=N_("Tema"))
    leder = fields.Uid(widget="select", label=N_("Leds av"))
    ar = fields.Year(min=1990, max=2200, label=N_("År"))
    mina = fields.Boolean(load_default=False, label=N_("Bara mina"))


class WalkMove(Schema):
    """A move of a walk, with its reason where it needs one; `sure` ends one that seems not to have been held."""

    move = fields.Choice({move.key: move.label for move in WALK.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")
    sure = fields.Boolean(load_default=False)
