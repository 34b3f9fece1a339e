"""Weekly reports: the group, a line, what is decided and what came of it."""

from __future__ import annotations

from core.cooperation.models import CERTAINTIES, DAY_PARTS, SEVERITIES, TRENDS
from core.i18n import N_
from core.schema import Schema, fields

OUTCOMES = {"klarmarkera": N_("Det är gjort"), "stall_in": N_("Det blev inte gjort")}
FUNCTION = N_("Vilken funktion rapporterar?")


class GroupForm(Schema):
    """A group to begin."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vem leder gruppen?"))
    area = fields.Uid(required=True, widget="select", label=N_("Vilket område?"))
    function = fields.String(required=True, min=2, max=120, label=FUNCTION, hint=N_("En funktion, inte ett namn."))


class MemberForm(Schema):
    """An organisation to let in."""

    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken organisation?"))
    function = fields.String(required=True, min=2, max=120, label=FUNCTION, hint=N_("En funktion, inte ett namn."))


class ItemForm(Schema):
    """A line of a report."""

    uid = fields.Uid(required=True, widget="hidden")
    category = fields.String(required=True, max=60, widget="select", label=N_("Vad gäller det?"))
    place = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Var?"))
    severity = fields.Choice(
        {str(key): label for key, label in SEVERITIES.items()},
        required=True,
        widget="radios",
        label=N_("Hur mycket har ni sett av det?"),
    )
    trend = fields.Choice(TRENDS, required=True, widget="radios", label=N_("Åt vilket håll går det?"))
    certainty = fields.Choice(
        CERTAINTIES,
        required=True,
        widget="radios",
        label=N_("Hur säkert är det?"),
        hint=N_("Ett rykte ser bara gruppen. Det räknas inte med i något som lämnar gruppen."),
    )
    day_part = fields.Choice(DAY_PARTS, load_default="", widget="select", label=N_("När på dygnet?"))
    note = fields.String(
        max=1000,
        multiline=True,
        load_default="",
        label=N_("Vad har ni sett?"),
        hint=N_("Skriv om platsen och händelsen. Skriv inte om enskilda människor."),
    )


class ReviewForm(Schema):
    """That the group has met."""

    held_on = fields.Date(required=True, label=N_("Vilken dag möttes gruppen?"))
    picture = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Hur ser gruppen på veckan?"),
        hint=N_("Bara gruppen läser det. Skriv inte om enskilda människor."),
    )


class ActionForm(Schema):
    """Something to do until a day."""

    uid = fields.Uid(required=True, widget="hidden")
    text = fields.String(required=True, min=2, max=300, label=N_("Vad ska göras?"))
    organisation = fields.Uid(required=True, widget="select", label=N_("Vem gör det?"))
    due_on = fields.Date(required=True, label=N_("Till vilken dag?"))
    category = fields.String(max=60, load_default="", widget="select", label=N_("Vad gäller det?"))


class ActionOutcomeForm(Schema):
    """What came of it: `result` is the step that follows."""

    result = fields.Choice(OUTCOMES, required=True, widget="radios", label=N_("Blev det gjort?"))
    outcome = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Vad hände?"))
