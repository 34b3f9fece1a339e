"""Why somebody does something: asked in the same words in every room."""

from __future__ import annotations

from core.i18n import N_
from core.schema import fields
from core.schema.strict import Schema

LONGEST = 1000
WHY = N_("Varför?")


class ReasonForm(Schema):
    """Why something is done, where it is not done without a reason."""

    reason = fields.String(required=True, min=2, max=LONGEST, multiline=True, label=WHY)


class OptionalReasonForm(Schema):
    """Why something is done, where the move itself says whether it goes without."""

    reason = fields.String(max=LONGEST, multiline=True, load_default="", label=WHY)
