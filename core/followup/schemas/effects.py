"""What is measured of an effect: a value with what it builds on."""

from __future__ import annotations

from typing import Any

from core.followup.models import PHASES
from core.i18n import N_
from core.schema import Schema, fields

LARGEST = 1e12
BOUND: dict[str, Any] = {"min": -LARGEST, "max": LARGEST, "allow_none": True, "load_default": None}


class ValueFields(Schema):
    """What was measured, and when."""

    measured_on = fields.Date(required=True, label=N_("Vilken dag mättes det?"))
    value = fields.Float(required=True, min=-LARGEST, max=LARGEST, label=N_("Vilket värde?"))


class BaselineForm(Schema):
    """What is not known of a frozen value."""

    n = fields.Integer(
        min=1, max=10_000_000, allow_none=True, load_default=None, label=N_("Hur många svar bygger värdet på?")
    )
    low = fields.Float(**BOUND, label=N_("Lägsta värde"), hint=N_("Osäkerheten, om källan anger den."))
    high = fields.Float(**BOUND, label=N_("Högsta värde"))
    hour = fields.String(max=20, load_default="", label=N_("Vilken tid på dygnet?"), hint=N_("Till exempel 21–23."))


class MethodFields(Schema):
    """How it was measured, and what else there was."""

    method = fields.String(
        required=True, min=2, max=500, label=N_("Hur mättes det?"), hint=N_("Mät på samma sätt som före.")
    )
    comment = fields.String(max=2000, load_default="", multiline=True, label=N_("Vad mer kan ha påverkat?"))


class MeasureForm(MethodFields, BaselineForm, ValueFields):
    """What was measured; the fields of the last base are asked first."""


class PlaceFields(Schema):
    """For which goal and when it is compared, and with which place."""

    uid = fields.Uid(required=True, widget="hidden")
    goal = fields.Uid(required=True, widget="select", label=N_("För vilket mål?"))
    phase = fields.Choice(PHASES, required=True, widget="select", label=N_("När?"))
    place = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("På vilken plats?"))


class CompareForm(MeasureForm, PlaceFields):
    """What was measured on a place where nothing was done."""
