"""What is measured of an effect: a value with what it builds on."""

from __future__ import annotations

from typing import Any

from core.followup.models import PHASES
from core.i18n import N_
from core.schema import Schema, fields

LARGEST = 1e12
BOUND: dict[str, Any] = {"min": -LARGEST, "max": LARGEST, "allow_none": True, "load_default": None}


def _day() -> fields.Date:
    return fields.Date(required=True, label=N_("Vilken dag mättes det?"))


def _value() -> fields.Float:
    return fields.Float(required=True, min=-LARGEST, max=LARGEST, label=N_("Vilket värde?"))


def _answers() -> fields.Integer:
    asked = N_("Hur många svar bygger värdet på?")
    return fields.Integer(min=1, max=10_000_000, allow_none=True, load_default=None, label=asked)


def _low() -> fields.Float:
    return fields.Float(**BOUND, label=N_("Lägsta värde"), hint=N_("Osäkerheten, om källan anger den."))


def _high() -> fields.Float:
    return fields.Float(**BOUND, label=N_("Högsta värde"))


def _hour() -> fields.String:
    return fields.String(max=20, load_default="", label=N_("Vilken tid på dygnet?"), hint=N_("Till exempel 21–23."))


def _method() -> fields.String:
    hint = N_("Mät på samma sätt som före.")
    return fields.String(required=True, min=2, max=500, label=N_("Hur mättes det?"), hint=hint)


def _comment() -> fields.String:
    return fields.String(max=2000, load_default="", multiline=True, label=N_("Vad mer kan ha påverkat?"))


class BaselineForm(Schema):
    """What is not known of a frozen value."""

    n = _answers()
    low = _low()
    high = _high()
    hour = _hour()


class MeasureForm(Schema):
    """What was measured."""

    measured_on = _day()
    value = _value()
    n = _answers()
    low = _low()
    high = _high()
    hour = _hour()
    method = _method()
    comment = _comment()


class CompareForm(Schema):
    """What was measured on a place where nothing was done."""

    uid = fields.Uid(required=True, widget="hidden")
    goal = fields.Uid(required=True, widget="select", label=N_("För vilket mål?"))
    phase = fields.Choice(PHASES, required=True, widget="select", label=N_("När?"))
    place = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("På vilken plats?"))
    measured_on = _day()
    value = _value()
    n = _answers()
    low = _low()
    high = _high()
    hour = _hour()
    method = _method()
    comment = _comment()
