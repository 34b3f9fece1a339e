"""What the coach tells in the API."""

from __future__ import annotations

from core.applications.parts import PARTS
from core.i18n import N_
from core.schema import Schema, fields

BLOCKING = {
    "nej": N_("Stoppar inget"),
    "granskning": N_("Stoppar granskning och inskick"),
    "skicka_in": N_("Stoppar inskick"),
}


class LackOut(Schema):
    """A rule that is not met: what is missing, why it is asked, and in which part and field it is mended."""

    key = fields.String(required=True, max=40)
    part = fields.Choice({key: part.title for key, part in PARTS.items()}, required=True)
    field = fields.String(required=True, blank=True, max=80)
    text = fields.String(required=True, max=1000)
    why = fields.String(required=True, blank=True, max=500)
    weight = fields.Integer(required=True)
    blocking = fields.Choice(BLOCKING, required=True)


class TriedOut(Schema):
    """An application that was granted: `granted` are kronor, `near` whether it lies within 200 metres."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=120)
    board = fields.String(required=True, max=200)
    year = fields.Integer(required=True)
    granted = fields.Integer(required=True)
    near = fields.Boolean(required=True)
    measures = fields.List(fields.String(max=500), required=True)
    effect = fields.String(required=True, blank=True, max=1000)


class CoachOut(Schema):
    """How far an application has come, by weight and rounded down; what is missing with the heaviest first."""

    percent = fields.Integer(required=True)
    ready_at = fields.Integer(required=True)
    met = fields.Integer(required=True)
    applicable = fields.Integer(required=True)
    missing = fields.List(fields.Nested(LackOut), required=True)
    advice = fields.List(fields.Nested(LackOut), required=True)
    tried = fields.List(fields.Nested(TriedOut), required=True)
