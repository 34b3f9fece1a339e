"""Evidence: picked from what was seen, measured and told, or written by hand."""

from __future__ import annotations

from core.applications.models import EVIDENCE_KINDS
from core.i18n import N_
from core.schema import ListFilter, Schema, fields

LARGEST = 1_000_000_000


class EvidenceForm(Schema):
    """Something that shows the problem."""

    kind = fields.Choice(EVIDENCE_KINDS, required=True, widget="select", label=N_("Vad är det för underlag?"))
    says = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad visar det?"))
    source = fields.String(max=300, load_default="", label=N_("Var finns det?"))
    period = fields.String(max=60, load_default="", label=N_("När är det från?"), hint=N_("Till exempel oktober 2026."))
    value = fields.Float(min=-LARGEST, max=LARGEST, allow_none=True, load_default=None, label=N_("Tal"))
    unit = fields.String(max=40, load_default="", label=N_("Enhet"), hint=N_("Till exempel procent eller anmälningar."))
    compared = fields.Float(
        min=-LARGEST, max=LARGEST, allow_none=True, load_default=None, label=N_("Jämfört med talet")
    )
    compared_with = fields.String(
        max=200,
        load_default="",
        label=N_("Vad jämförs det med?"),
        hint=N_("Till exempel hela staden, eller året före."),
    )


class NewEvidenceForm(EvidenceForm):
    """Something that shows the problem, to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class ObservationsForm(Schema):
    """Which of what has been seen on the places shows the problem."""

    observations = fields.List(
        fields.Uid(),
        required=True,
        min=1,
        max=200,
        widget="checkboxes",
        label=N_("Vilka iakttagelser visar problemet?"),
    )


class FiguresForm(Schema):
    """Which of the city's figures show the problem."""

    figures = fields.List(
        fields.Uid(), required=True, min=1, max=200, widget="checkboxes", label=N_("Vilka siffror visar problemet?")
    )
    kind = fields.Choice(
        EVIDENCE_KINDS, load_default="trygghetsmatning", widget="select", label=N_("Vad är det för underlag?")
    )


class ToldForm(Schema):
    """Which of what the pictures of the cycle say shows the problem."""

    told = fields.List(
        fields.Uid(),
        required=True,
        min=1,
        max=200,
        widget="checkboxes",
        label=N_("Vad i lägesbilderna visar problemet?"),
    )


class ObservationFilter(ListFilter):
    """Which observations to choose among."""

    sort = fields.String(max=80, load_default="", widget="select", label=N_("Slag"))
    lage = fields.String(max=40, load_default="", widget="select", label=N_("Läge"))
