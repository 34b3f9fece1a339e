"""What is asked about a person's own letters, and which part of what waits she wants to see."""

from __future__ import annotations

from core.i18n import N_
from core.people.models import LETTER_DAYS
from core.people.waiting import PARTS
from core.schema import ListFilter, Schema, fields


class LetterWish(Schema):
    """Which letters of her own a person wants, and when."""

    days = fields.Choice(
        LETTER_DAYS, required=True, widget="radios", label=N_("När vill du få brev om det som väntar?")
    )
    urgent_only = fields.Boolean(load_default=False, label=N_("Bara det som är försenat eller ska göras i dag"))
    others = fields.Boolean(load_default=False, label=N_("Ta med det som jag väntar på att andra gör"))


class TodoFilter(ListFilter):
    """Which part of what waits to show."""

    visa = fields.Choice(PARTS, widget="hidden")
    q = fields.String(max=100, widget="search", label=N_("Sök i det som väntar"))
