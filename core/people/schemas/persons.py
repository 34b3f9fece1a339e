"""Persons, their roles and keys: what their forms ask, and what the API takes and tells."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError

from core import access
from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def _is_address(text: str) -> None:
    if not ADDRESS.fullmatch(text):
        raise ValidationError(N_("Skriv en e-postadress, till exempel drift@staden.example."))


def _address(**more: Any) -> fields.String:
    part = r"[^\s@,;<>\u0000-\u001f\u007f-\u009f]+"
    told = {"pattern": f"^[\\t ]*{part}@{part}[\\t ]*$", "minLength": 3}
    return fields.String(
        max=200, label=N_("E-postadress"), inputmode="email", validate=_is_address, metadata=told, **more
    )


def _only(label: str, hint: str) -> fields.List:
    """What a role is limited to; nothing ticked is no limit."""
    return fields.List(fields.String(max=200), max=100, load_default=list, widget="checkboxes", label=label, hint=hint)


class PersonIn(Schema):
    """Somebody to add; the password is chosen by a link in a letter."""

    name = fields.String(required=True, min=1, max=200, label=N_("Namn eller funktion"))
    email = _address(required=True, hint=N_("Dit skickas en länk som gäller i ett dygn. Där väljs lösenordet."))


class PersonChange(Schema):
    """What may be changed of somebody; what is left out stays."""

    name = fields.String(min=1, max=200)
    email = _address()


class PersonForm(Schema):
    """The same on the page, where both are always there."""

    name = fields.String(required=True, min=1, max=200, label=N_("Namn eller funktion"))
    email = _address(
        required=True, hint=N_("Ny adress: inloggningarna avslutas, och ett brev går till båda adresserna.")
    )


class RoleOut(Schema):
    """A role that somebody holds today, and in which organisation, by code."""

    role = fields.Choice(access.ROLES, required=True)
    organisation = fields.String(required=True, max=60)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)


class PersonLine(Schema):
    """Somebody in a list, with the roles of today; `ended_at` is when the account was closed."""

    uid = fields.Uid(required=True)
    name = fields.String(required=True, max=200)
    email = fields.String(required=True, max=200)
    ended_at = fields.Instant(required=True, allow_none=True)
    roles = fields.List(fields.Nested(RoleOut), required=True)


class PersonOut(PersonLine):
    """Somebody, whole."""

    version = fields.Integer(required=True)


class PersonPage(ListPage):
    """A page of persons; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(PersonLine), required=True)


class PersonQuery(ListQuery):
    """Which persons to list: with a text in name or address, a role, in an organisation (code), closed accounts."""

    q = fields.String(max=200)
    role = fields.Choice(access.ROLES)
    organisation = fields.String(max=60)
    closed = fields.Boolean(load_default=False)


class PersonFilter(ListFilter):
    """Which persons to list."""

    q = fields.String(max=200, label=N_("Namn eller adress"))
    roll = fields.Choice({"": N_("Alla"), **access.ROLES}, widget="select", label=N_("Roll"))
    organisation = fields.String(max=60, widget="select", label=N_("Organisation"))
    konto = fields.Choice({"": N_("Öppna"), "stangda": N_("Stängda")}, widget="select", label=N_("Konton"))


class RoleIn(Schema):
    """A role to give."""

    role = fields.Choice(access.ROLES, required=True, label=N_("Roll"))
    organisation = fields.String(required=True, max=60, widget="select", label=N_("I vilken organisation?"))
    valid_from = fields.Date(label=N_("Från och med"), hint=N_("Tomt är i dag."))
    valid_to = fields.Date(label=N_("Till och med"), hint=N_("Tomt är tills vidare."))
    areas = _only(N_("Bara i dessa områden"), N_("Kryssa inget, så gäller rollen överallt."))
    categories = _only(N_("Bara dessa slag"), N_("Kryssa inget, så gäller rollen alla slag."))


class RoleEnd(Schema):
    """Which role to end, and its last day."""

    grant = fields.Uid(required=True, widget="select", label=N_("Vilken roll?"))
    on = fields.Date(required=True, label=N_("Sista dag"), hint=N_("Gårdagen tar bort rollen genast."))


def _scopes() -> dict[str, str]:
    return {key: one.title for key, one in access.permissions().items()}


class TokenIn(Schema):
    """A key to make: what it is for, what it may do and for how long."""

    name = fields.String(
        required=True,
        min=1,
        max=100,
        label=N_("Vad ska nyckeln användas till?"),
        hint=N_("Till exempel Stadens felanmälan. Namnet står i listan och i journalen."),
    )
    scopes = fields.Choices(
        _scopes,
        required=True,
        label=N_("Vad får den göra?"),
        hint=N_("Högst det som personen själv får göra. Slutar rollen gälla, slutar nyckeln också."),
    )
    days = fields.Choice(
        {"30": N_("30 dagar"), "90": N_("90 dagar"), "365": N_("Ett år")},
        required=True,
        label=N_("Hur länge gäller den?"),
    )


class TokenEnd(Schema):
    """Which key to end."""

    token = fields.Uid(required=True)


class Nothing(Schema):
    """A press of a button that says nothing more."""
