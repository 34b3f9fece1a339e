"""What is asked and told about walks."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields
from core.walks.models import THEMES
from core.walks.states import WALK


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


class WalkMove(Schema):
    """A move of a walk, with its reason where it needs one."""

    move = fields.Choice({move.key: move.label for move in WALK.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")
