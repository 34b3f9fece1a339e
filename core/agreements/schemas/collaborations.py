"""What is asked about collaborations, their parties, groups, councils and members."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from core import geo
from core.agreements.models import EVERY_WEEKS, GROUP_KINDS
from core.agreements.states import AGREEMENT, COLLABORATION, REST
from core.cooperation.models import PARTY_ROLES
from core.cooperation.schemas import PartyFields
from core.i18n import N_
from core.places.outline import LONGEST, TITLES, Outline
from core.schema import Invalid, ListFilter, ReasonForm, Schema, fields

FUNCTION = N_("En funktion, inte ett namn.")


class CollaborationFilter(ListFilter):
    """Which collaborations to list."""

    visa = fields.Choice(
        {"": N_("Alla"), **{key: state.label for key, state in COLLABORATION.states.items()}},
        widget="hidden",
        load_default="",
    )


class AgreementFilter(ListFilter):
    """Which agreements to list."""

    visa = fields.Choice(
        {"": N_("Alla"), **{key: state.label for key, state in AGREEMENT.states.items()}},
        widget="hidden",
        load_default="",
    )


class CollaborationFacts(Schema):
    """What stands about a platssamverkan."""

    name = fields.String(required=True, min=2, max=200, label=N_("Vad heter platssamverkan?"))
    vision = fields.String(
        max=2000, multiline=True, load_default="", label=N_("Vilken är visionen?"),
        hint=N_("Hur ska det vara när ni har lyckats?"),
    )  # fmt: skip
    places = fields.List(
        fields.Uid(), required=True, min=1, max=50, widget="checkboxes", label=N_("Vilka platser gäller den?")
    )
    cycle = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Hör den till en samverkan i fem steg?")
    )
    meeting_weeks = fields.Integer(
        min=1, max=52, load_default=EVERY_WEEKS, label=N_("Hur ofta ska ni mötas?"), suffix=N_("veckor mellan möten")
    )
    premises = fields.String(max=500, load_default="", label=N_("Har ni en lokal tillsammans?"))
    communication = fields.String(max=2000, multiline=True, load_default="", label=N_("Hur berättar ni om arbetet?"))


class CollaborationForm(CollaborationFacts):
    """What stands about a platssamverkan that there is; with a boundary of its own, if the places are not enough."""

    system = fields.Choice(TITLES, load_default="sweref991800", widget="select", label=N_("I vilket system är hörnen?"))
    outline = fields.String(
        max=LONGEST,
        multiline=True,
        load_default="",
        label=N_("Vilket är området, om det är ett annat än platserna?"),
        hint=N_("Ett hörn på varje rad."),
    )

    @validates_schema
    def _drawable(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("system") and data.get("outline"):
            try:
                Outline(data["system"], data["outline"]).shape()
            except geo.GeometryRefused as refused:
                raise Invalid({"outline": list(filter(None, (refused.reason, refused.hint)))}) from refused


class NewCollaborationForm(CollaborationFacts):
    """A platssamverkan to begin."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vilken stadsdelsnämnd leder den?"))
    mandate = fields.String(required=True, min=2, max=120, label=N_("Vem har mandatet?"), hint=FUNCTION)
    started_on = fields.Date(required=True, label=N_("Vilken dag börjar den?"))


class FeePartFields(PartyFields):
    """What a party has mandate for and puts in, where fees for areas are turned on (domain.md 4.5)."""

    fee_share = fields.Integer(
        min=0, max=100, allow_none=True, load_default=None, label=N_("Hur stor del av områdesavgiften?"), suffix="%"
    )


class NewPart(Schema):
    """Which organisation joins, as what."""

    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken organisation?"))
    role = fields.Choice(PARTY_ROLES, required=True, widget="select", label=N_("Som vad?"))


class AgreementPartFields(Schema):
    """What a party of an agreement has mandate for, and what it puts in."""

    mandate = fields.String(required=True, min=2, max=120, label=N_("Vem har mandat att signera?"), hint=FUNCTION)
    substitute = fields.String(max=120, load_default="", label=N_("Vem är ersättare?"), hint=N_("En funktion."))
    resources = fields.String(
        max=1000, multiline=True, load_default="", label=N_("Vad lägger parten in i tid och pengar?")
    )


class AgreementPartForm(NewPart, AgreementPartFields):
    """Who is to be a party of an agreement."""


class MemberFields(Schema):
    """By which function an organisation sits in a council."""

    function = fields.String(required=True, min=2, max=120, label=N_("Vilken funktion?"), hint=FUNCTION)


class MemberForm(MemberFields):
    """Who is to sit in a council."""

    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken organisation?"))


class LeaveForm(Schema):
    """Why a party leaves."""

    reason = fields.String(required=True, min=2, max=500, multiline=True, label=N_("Varför lämnar parten?"))


class EndForm(ReasonForm):
    """Why a platssamverkan ends, and what becomes of what is open in it."""

    rest = fields.Choice(
        REST,
        load_default="",
        widget="radios",
        optional=N_("behövs"),
        label=N_("Vad händer med åtagandena som är öppna?"),
    )
    to = fields.Uid(
        widget="select",
        allow_none=True,
        load_default=None,
        label=N_("Vilken platssamverkan tar över?"),
        optional=N_("behövs om de lämnas över"),
    )


class GroupFields(Schema):
    """A group."""

    kind = fields.Choice(GROUP_KINDS, required=True, widget="radios", label=N_("Vilken sorts grupp?"))
    name = fields.String(required=True, min=2, max=120, label=N_("Vad heter gruppen?"))
    task = fields.String(max=1000, multiline=True, load_default="", label=N_("Vad gör den?"))
    convener = fields.String(max=120, load_default="", label=N_("Vem sammankallar?"), hint=N_("En funktion."))
    members = fields.List(
        fields.Uid(), max=200, widget="checkboxes", load_default=list, label=N_("Vilka sitter i den?")
    )


class GroupForm(GroupFields):
    """A group to add."""

    uid = fields.Uid(required=True, widget="hidden")


class CouncilFields(Schema):
    """What stands about a council."""

    name = fields.String(required=True, min=2, max=200, label=N_("Vad heter rådet?"))
    task = fields.String(max=2000, multiline=True, load_default="", label=N_("Vilket uppdrag har det?"))
    meeting_weeks = fields.Integer(
        min=1, max=52, load_default=13, label=N_("Hur ofta ska ni mötas?"), suffix=N_("veckor mellan möten")
    )


class CouncilForm(CouncilFields):
    """A council to begin."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vilken stadsdelsnämnd?"))
    function = fields.String(
        required=True, min=2, max=120, label=N_("Vilken funktion är nämndens ledamot?"), hint=FUNCTION
    )
    started_on = fields.Date(required=True, label=N_("Vilken dag börjar det?"))


class PlanForm(Schema):
    """The plan of a council for a year."""

    year = fields.Year(required=True, min=2000, max=2200, label=N_("Vilket år?"))
    text = fields.String(required=True, min=2, max=8000, multiline=True, label=N_("Vad gör rådet det året?"))
    decided_on = fields.Date(allow_none=True, load_default=None, label=N_("Vilken dag beslutades den?"))


class CoverageFilter(Schema):
    """On which day."""

    dag = fields.Date(allow_none=True, load_default=None, label=N_("Vilken dag?"))
