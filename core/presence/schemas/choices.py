"""Fields that several forms of presence have: where, when, whose, on which days."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import validate

from core.i18n import N_
from core.presence.bands import WEEKDAYS
from core.schema import fields

CLOCK = validate.Regexp(
    r"(?:(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9])?\Z", error=N_("Skriv ett klockslag, till exempel 18.00.")
)
DAYS_HINT = N_("Inget valt betyder alla dagar.")


def on_place(*, label: str = N_("På vilken plats?"), required: bool = True) -> fields.String:
    """Return the field of a place, by number or name, which is chosen in a list or written."""
    hint = N_("Skriv början av namnet och välj i listan, eller skriv numret, till exempel PL-00001.")
    if required:
        return fields.String(required=True, max=300, label=label, hint=hint)
    return fields.String(max=300, load_default="", label=label, hint=hint)


def in_area() -> fields.Uid:
    """Return the field of an area, where it is not about a single place."""
    return fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Eller i vilket område?"))


def own_organisation(label: str = N_("Vilken organisation gäller det?")) -> fields.String:
    """Return the field of the organisation that one writes for."""
    return fields.String(required=True, max=60, widget="select", label=label)


def another_organisation(label: str, hint: str = "") -> fields.Uid:
    """Return the field of an organisation that has a part in it, if any."""
    return fields.Uid(allow_none=True, load_default=None, widget="select", label=label, hint=hint)


def clock_time(label: str, *, required: bool = False) -> fields.String:
    """Return the field of a time of the clock."""
    hint = N_("Till exempel 18.00.")
    if required:
        return fields.String(required=True, max=5, label=label, hint=hint, validate=CLOCK)
    return fields.String(max=5, load_default="", label=label, hint=hint, validate=CLOCK)


def weekdays(*, required: bool = False) -> fields.Choices:
    """Return the field of days of the week."""
    if required:
        return fields.Choices(WEEKDAYS, required=True, label=N_("Vilka veckodagar?"))
    return fields.Choices(WEEKDAYS, load_default=list, label=N_("Vilka veckodagar?"), hint=DAYS_HINT)


def of_city(label: str) -> fields.String:
    """Return the field of a kind that is the city's data."""
    return fields.String(required=True, max=40, widget="select", label=label)


def tabs_choice(parts: Mapping[str, str], default: str) -> fields.Choice:
    """Return the field of which part of a list is shown."""
    return fields.Choice(parts, load_default=default, widget="hidden")
