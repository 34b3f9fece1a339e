"""Cycles and their parties: the list, the forms, and a cycle whole."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from core.cooperation.models import AUDIENCES, PARTY_ROLES
from core.cooperation.states import CYCLE
from core.i18n import N_
from core.schema import Invalid, ListFilter, ListPage, ListQuery, Schema, fields

BEFORE_ASKING = N_("behövs innan lägesbilderna begärs")
STEPS = {key: state.label for key, state in CYCLE.states.items()}


class CycleFilter(ListFilter):
    """Which cycles to list."""

    visa = fields.Choice({"": N_("Alla"), **STEPS}, widget="hidden", load_default="")


class CycleForm(Schema):
    """What stands about a cycle."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter samverkan?"))
    purpose = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad ska den leda till?"))
    decision = fields.String(
        max=200,
        load_default="",
        label=N_("Vilket beslut startar den?"),
        hint=N_("Nämnd, paragraf eller diarienummer."),
        optional=BEFORE_ASKING,
    )
    decided_on = fields.Date(
        allow_none=True, load_default=None, label=N_("Vilken dag togs beslutet?"), optional=BEFORE_ASKING
    )
    opens_at = fields.Instant(
        allow_none=True,
        load_default=None,
        label=N_("När öppnas de egna lägesbilderna senast?"),
        hint=N_(
            "Till exempel 2027-03-15 16.00. De öppnas tidigare om alla har lämnat in. Lämna tomt om det "
            "inte är bestämt än."
        ),
        optional=BEFORE_ASKING,
    )


class NewCycleForm(CycleForm):
    """A cycle to begin."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vem driver den?"))
    mandate = fields.String(
        required=True, min=2, max=120, label=N_("Vem har mandatet?"), hint=N_("En funktion, inte ett namn.")
    )
    place = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Vilken plats gäller den?"),
        hint=N_("Välj en plats här, eller ett område i nästa fråga."),
        optional=N_("behövs om du inte väljer ett område"),
    )
    area = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Eller vilket område?"),
        optional=N_("behövs om du inte väljer en plats"),
    )
    started_on = fields.Date(required=True, label=N_("Vilken dag börjar den?"))

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("place") is None) == (data.get("area") is None):
            raise Invalid({"place": [N_("Välj antingen en plats eller ett område.")]})


class PartyFields(Schema):
    """What a party has mandate for, and what it puts in."""

    mandate = fields.String(
        required=True, min=2, max=120, label=N_("Vem har mandatet?"), hint=N_("En funktion, inte ett namn.")
    )
    substitute = fields.String(max=120, load_default="", label=N_("Vem är ersättare?"), hint=N_("En funktion."))
    hours = fields.Hours(
        min=0,
        max=10_000,
        allow_none=True,
        load_default=None,
        label=N_("Hur mycket tid?"),
        hint=N_("Halva timmar går bra, till exempel 2,5."),
        suffix=N_("timmar per vecka"),
    )
    budget = fields.Kronor(
        min=0, max=10_000_000_000, allow_none=True, load_default=None, label=N_("Hur mycket pengar per år?")
    )


class _WhoAsWhat(Schema):
    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken organisation?"))
    role = fields.Choice(PARTY_ROLES, required=True, widget="select", label=N_("Som vad?"))


class PartyForm(PartyFields, _WhoAsWhat):
    """Who is to take part, as what."""


class LeaveForm(Schema):
    """Why a party leaves."""

    reason = fields.String(required=True, min=2, max=500, multiline=True, label=N_("Varför lämnar parten?"))


class CommentForm(Schema):
    """Something to say."""

    uid = fields.Uid(required=True, widget="hidden")
    text = fields.String(required=True, min=1, max=2000, multiline=True, label=N_("Vad vill du säga?"))
    audience = fields.Choice(AUDIENCES, required=True, widget="radios", label=N_("Vem får läsa det?"))


class CycleQuery(ListQuery):
    """Which cycles to list in the API."""

    step = fields.Choice({"": "", **STEPS}, load_default="")
    organisation = fields.Uid()


class PartyOut(Schema):
    """A party; `picture` is how far its own picture has come, nothing of what is in it."""

    organisation = fields.Uid(required=True)
    name = fields.String(required=True, max=200)
    role = fields.Choice(PARTY_ROLES, required=True)
    mandate = fields.String(required=True, max=120)
    picture = fields.String(required=True, blank=True, max=20)


class CycleLine(Schema):
    """A cycle in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    step = fields.Choice(STEPS, required=True)
    turn = fields.Integer(required=True)
    started_on = fields.Date(required=True)


class CycleOut(CycleLine):
    """A cycle, whole."""

    purpose = fields.String(required=True, blank=True, max=2000, multiline=True)
    place = fields.Uid(required=True, allow_none=True)
    area = fields.Uid(required=True, allow_none=True)
    organisation = fields.Uid(required=True)
    decision = fields.String(required=True, blank=True, max=200)
    decided_on = fields.Date(required=True, allow_none=True)
    opens_at = fields.Instant(required=True, allow_none=True)
    opened_at = fields.Instant(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    previous = fields.Uid(required=True, allow_none=True)
    parties = fields.List(fields.Nested(PartyOut), required=True)
    version = fields.Integer(required=True)


class CyclePage(ListPage):
    """A page of cycles; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(CycleLine), required=True)


class CycleMove(Schema):
    """A step of a cycle."""

    move = fields.Choice({move.key: move.label for move in CYCLE.moves}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")
