"""What the pages of a picture's review ask."""

from __future__ import annotations

from typing import Any

from core.i18n import N_
from core.media.review import THINNEST, WHOLE, Box, ReviewRefused, faults_of
from core.media.states import BOX_KINDS
from core.schema import Invalid, ListFilter, Schema, fields

MOST = 30
"""Rectangles of one picture; a form has no room for more, and a picture with more needs hiding."""
EMPTY = 4
"""Empty rectangles that a page without script has room for beyond those there are."""


class BoxRow(Schema):
    """One rectangle in percent of the picture; all four numbers empty: there is none."""

    kind = fields.Choice(BOX_KINDS, load_default="face", widget="select", label=N_("Vad täcker den?"))
    left = fields.Float(min=0, max=WHOLE, load_default=None, label=N_("Från vänster"), suffix="%")
    top = fields.Float(min=0, max=WHOLE, load_default=None, label=N_("Uppifrån"), suffix="%")
    width = fields.Float(min=0, max=WHOLE, load_default=None, label=N_("Bredd"), suffix="%")
    height = fields.Float(min=0, max=WHOLE, load_default=None, label=N_("Höjd"), suffix="%")


class BoxIn(Schema):
    """One rectangle in percent of the upright picture."""

    kind = fields.Choice(BOX_KINDS, required=True)
    left = fields.Float(required=True, min=0, max=WHOLE)
    top = fields.Float(required=True, min=0, max=WHOLE)
    width = fields.Float(required=True, min=THINNEST, max=WHOLE)
    height = fields.Float(required=True, min=THINNEST, max=WHOLE)


class BoxesIn(Schema):
    """What is proposed to be covered; nothing is a proposal too."""

    boxes = fields.List(fields.Nested(BoxIn), required=True, max=MOST)


class ProposalOut(Schema):
    """A proposal: waits for another person, released, or sent back with a reason."""

    uid = fields.Uid(required=True)
    state = fields.String(required=True, max=20)
    boxes = fields.List(fields.Nested(BoxIn), required=True)
    proposed_at = fields.Instant(required=True)
    reason = fields.String(required=True, allow_none=True, max=500)
    mine = fields.Boolean(required=True)


class ReviewOut(Schema):
    """How far the review of a picture has come."""

    uid = fields.Uid(required=True)
    review = fields.String(required=True, max=20)
    state = fields.String(required=True, max=20)
    hidden = fields.Boolean(required=True)
    version = fields.Integer(required=True, min=1)
    covered = fields.List(fields.Nested(BoxIn), required=True)
    proposal = fields.Nested(ProposalOut, required=True, allow_none=True)


class Why(Schema):
    """A reason, where one is asked for."""

    reason = fields.String(required=True, min=1, max=500, multiline=True, label=N_("Varför?"))


class Nothing(Schema):
    """A button that says it all."""


class Which(ListFilter):
    """Which pictures a page of those that wait shows, and where the page begins."""

    visa = fields.Choice(
        {"maskera": N_("Att maska"), "slappa": N_("Att släppa")}, load_default="maskera", label=N_("Visa")
    )


def mask_schema(rows: int) -> type[Schema]:
    """Return the schema of a form with so many rectangles: r1, r2, …"""
    asked: dict[str, Any] = {f"r{n}": fields.Nested(BoxRow, load_default=None) for n in range(1, rows + 1)}
    return Schema.from_dict(asked, name="MaskForm")  # type: ignore[return-value]


def rows_for(boxes: list[Box], least: int = 0) -> int:
    """Return how many rectangles a form for `boxes` has room for."""
    return min(max(len(boxes) + EMPTY, least), MOST)


def as_rows(boxes: list[Box]) -> dict[str, Any]:
    """Return the boxes as the form's data."""
    return {f"r{n}": {name: _short(value) for name, value in box.items()} for n, box in enumerate(boxes, 1)}


def _short(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def boxes_of(known: dict[str, Any]) -> list[Box]:
    """Return the rectangles that a form was sent with; Invalid, at its field, for one that is half filled in."""
    found: list[Box] = []
    faults: dict[str, list[str]] = {}
    for name, box in known.items():
        if box is None or all(box[side] is None for side in ("left", "top", "width", "height")):
            continue
        faults |= {f"{name}.{field}": [text] for field, text in faults_of(box)}
        found.append(box)
    if faults:
        raise Invalid(faults)
    if not found:
        raise ReviewRefused(N_("Rita minst en ruta, eller välj att bilden inte behöver någon mask."))
    return found
