"""Pictures: a section, a figure, a drawing."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from core import geo
from core.cooperation.models import DRAWN_KINDS, EVIDENCE_KINDS
from core.i18n import N_
from core.places.outline import LONGEST, TITLES, Outline
from core.schema import Invalid, Schema, fields


class SectionForm(Schema):
    """A section of a picture."""

    text = fields.String(
        max=8000,
        multiline=True,
        load_default="",
        label=N_("Vad vill ni säga?"),
        hint=N_("Skriv inte om enskilda människor."),
        optional=N_("behövs i minst ett avsnitt"),
    )
    done = fields.Boolean(load_default=False, label=N_("Avsnittet är klart"))


class EvidenceForm(Schema):
    """A figure or a finding."""

    uid = fields.Uid(required=True, widget="hidden")
    kind = fields.Choice(EVIDENCE_KINDS, required=True, widget="select", label=N_("Vad är det för underlag?"))
    what = fields.String(required=True, min=2, max=500, multiline=True, label=N_("Vad visar det?"))
    first_on = fields.Date(required=True, label=N_("Från och med"))
    last_on = fields.Date(required=True, label=N_("Till och med"))
    value = fields.Float(allow_none=True, load_default=None, label=N_("Tal"))
    unit = fields.String(
        max=40,
        load_default="",
        label=N_("Enhet"),
        hint=N_("Till exempel procent eller anmälningar."),
        optional=N_("behövs om du skriver ett tal"),
    )
    compared_value = fields.Float(allow_none=True, load_default=None, label=N_("Jämfört med talet"))
    compared_with = fields.String(
        max=200,
        load_default="",
        label=N_("Vad jämförs det med?"),
        hint=N_("Till exempel hela staden, eller året före."),
    )
    source = fields.String(required=True, min=2, max=300, label=N_("Var finns det?"))

    @validates_schema
    def _makes_sense(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("first_on") and data.get("last_on") and data["first_on"] > data["last_on"]:
            raise Invalid({"last_on": [N_("Sista dagen ska inte ligga före den första.")]})
        if data.get("value") is not None and not data.get("unit"):
            raise Invalid({"unit": [N_("Skriv vad talet räknas i.")]})


class DrawingQuery(Schema):
    """In which picture it is drawn; in all that one may read when nothing is said."""

    picture = fields.Uid()


class DrawingForm(Schema):
    """Something to draw in the map."""

    uid = fields.Uid(required=True, widget="hidden")
    kind = fields.Choice(DRAWN_KINDS, required=True, widget="radios", label=N_("Vad är det?"))
    label = fields.String(required=True, min=2, max=200, label=N_("Vad ska det stå?"))
    system = fields.Choice(TITLES, required=True, widget="select", label=N_("I vilket system är hörnen?"))
    outline = fields.String(
        required=True,
        max=LONGEST,
        multiline=True,
        label=N_("Var är det?"),
        hint=N_("Ett hörn på varje rad. En punkt och en radie blir en cirkel."),
    )
    radius_m = fields.Integer(
        min=2,
        max=1250,
        allow_none=True,
        load_default=None,
        label=N_("Radie"),
        suffix="m",
        hint=N_("Bara om du har skrivit en enda punkt."),
        optional=N_("krävs för en punkt"),
    )

    @validates_schema
    def _drawable(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("system") and data.get("outline"):
            try:
                Outline(data["system"], data["outline"], data.get("radius_m")).shape()
            except geo.GeometryRefused as refused:
                raise Invalid({"outline": list(filter(None, (refused.reason, refused.hint)))}) from refused
