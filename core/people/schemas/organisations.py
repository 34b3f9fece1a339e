"""Organisations: what their forms ask, and what the API takes and tells."""

from __future__ import annotations

import re

from marshmallow import ValidationError

from core.i18n import N_
from core.people.models import KINDS
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

CODE = re.compile(r"[a-z0-9][a-z0-9-]*")
FOR_A_NEW_ONE = N_("behövs för en ny organisation")


def _is_code(text: str) -> None:
    if text and not CODE.fullmatch(text):
        raise ValidationError(N_("Skriv koden med små bokstäver a–z, siffror och bindestreck."))


class OrganisationChange(Schema):
    """What may be changed of an organisation; what is left out stays. `valid_to` lets it end."""

    name = fields.String(min=1, max=200, label=N_("Namn"))
    parent = fields.String(max=60, allow_none=True, widget="select", label=N_("Hör under"))
    valid_from = fields.Date(allow_none=True, label=N_("Finns från och med"))
    valid_to = fields.Date(allow_none=True, label=N_("Sista dag"), hint=N_("Tomt: tills vidare. Inget tas bort."))
    successor = fields.String(
        max=60,
        allow_none=True,
        widget="select",
        label=N_("Efterträdare"),
        hint=N_("Den som tar över efter sista dagen."),
    )
    source = fields.String(max=300, allow_none=True, label=N_("Källa"), hint=N_("Beslut eller adress."))
    diary_pattern = fields.String(
        max=60, allow_none=True, label=N_("Diarienumrens mönster"), hint=N_("Till exempel JRV 2027/12.")
    )
    eservice_id = fields.String(max=60, allow_none=True, label=N_("Id i e-tjänsten"))
    contacts = fields.String(
        max=2000,
        multiline=True,
        allow_none=True,
        label=N_("Funktioner att nå"),
        hint=N_("En per rad, till exempel Registrator: registrator@staden.example. Inga personer."),
    )


class OrganisationForm(OrganisationChange):
    """The page of an organisation, where the name is always there."""

    name = fields.String(required=True, min=1, max=200, label=N_("Namn"))


class OrganisationIn(OrganisationForm):
    """An organisation to add."""

    code = fields.String(
        required=True,
        min=2,
        max=60,
        label=N_("Kod"),
        hint=N_("Små bokstäver a–z, siffror och bindestreck, till exempel sdn-jarva. Den ändras aldrig."),
        metadata={"pattern": f"^{CODE.pattern}$"},
        validate=_is_code,
    )
    kind = fields.Choice(KINDS, required=True, label=N_("Slag"))


class OrganisationFilter(ListFilter):
    """Which organisations to list, and on which day."""

    q = fields.String(max=200, label=N_("Namn eller kod"))
    slag = fields.Choice({"": N_("Alla"), **KINDS}, widget="select", label=N_("Slag"))
    dag = fields.Date(label=N_("Som det var den"), hint=N_("Tomt är i dag."))


class Merger(Schema):
    """Which organisations become one, from when, and which."""

    codes = fields.List(
        fields.String(max=60),
        max=30,
        widget="checkboxes",
        label=N_("Vilka går samman?"),
        required=True,
        error_messages={"required": N_("Kryssa för de organisationer som ska bli en.")},
    )
    on = fields.Date(
        required=True, label=N_("Från och med"), hint=N_("De som upphör gör det dagen före, till exempel 2027-07-01.")
    )
    into = fields.String(
        max=60, widget="select", load_default="", label=N_("Vilken tar över?"), hint=N_("En som finns, eller en ny.")
    )
    name = fields.String(max=200, load_default="", label=N_("Den nyas namn"), optional=FOR_A_NEW_ONE)
    code = fields.String(
        max=60,
        load_default="",
        label=N_("Den nyas kod"),
        hint=N_("Till exempel sdn-vasterort."),
        optional=FOR_A_NEW_ONE,
        validate=_is_code,
    )
    move_roles = fields.Boolean(
        load_default=True,
        label=N_("För över rollerna till den som tar över"),
        hint=N_("Den som inte förs över ser bara det som den gamla organisationen har lämnat efter sig."),
    )
    source = fields.String(max=300, load_default="", label=N_("Beslut"))


class OrganisationLine(Schema):
    """An organisation in a list; `parent` and `successor` are codes."""

    uid = fields.Uid(required=True)
    code = fields.String(required=True, max=60)
    name = fields.String(required=True, max=200)
    kind = fields.Choice(KINDS, required=True)
    parent = fields.String(required=True, allow_none=True, max=60)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_to = fields.Date(required=True, allow_none=True)
    successor = fields.String(required=True, allow_none=True, max=60)


class OrganisationOut(OrganisationLine):
    """An organisation, whole; `predecessors` are the codes of those that it carries on for."""

    predecessors = fields.List(fields.String(max=60), required=True)
    source = fields.String(required=True, blank=True, max=300)
    diary_pattern = fields.String(required=True, blank=True, max=60)
    eservice_id = fields.String(required=True, blank=True, max=60)
    contacts = fields.String(required=True, blank=True, max=2000, multiline=True)
    version = fields.Integer(required=True)


class OrganisationPage(ListPage):
    """A page of organisations; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(OrganisationLine), required=True)


class OrganisationQuery(ListQuery):
    """Which organisations to list, and on which day (today)."""

    q = fields.String(max=200)
    kind = fields.Choice(KINDS)
    day = fields.Date()
