"""What is asked and told about contracts and their Tidskrav."""

from __future__ import annotations

from core.i18n import N_
from core.places.models import CONTROL_ROLES
from core.schema import Schema, fields
from core.works.models import CLOCKS, FORMS, PAUSES, PENALISED, PENALTY_UNITS, PRIORITIES


class ContractFields(Schema):
    """A contract: with whom, about what, from a day to a day, and on which terms."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter avtalet?"))
    contractor = fields.Uid(required=True, widget="select", label=N_("Vem är avtalet med?"))
    form = fields.Choice(FORMS, required=True, widget="radios", label=N_("Vilken form har avtalet?"))
    roles = fields.Choices(CONTROL_ROLES, load_default=list, label=N_("Vad gäller det?"))
    areas = fields.List(
        fields.String(max=100),
        load_default=list,
        max=50,
        widget="checkboxes",
        label=N_("Var gäller det?"),
        hint=N_("Inget valt betyder överallt där beställaren svarar."),
    )
    valid_from = fields.Date(required=True, label=N_("Från och med vilken dag?"))
    valid_to = fields.Date(required=True, label=N_("Till och med vilken dag?"))
    option_to = fields.Date(allow_none=True, load_default=None, label=N_("Hur långt kan det förlängas?"))
    controls_per_month = fields.Integer(
        min=0, max=1000, load_default=0, label=N_("Hur många entreprenadkontroller ska göras varje månad?")
    )
    control_minutes = fields.Integer(
        min=0,
        max=100_000,
        load_default=0,
        suffix=N_("minuter"),
        label=N_("Hur lång tid ska de ta tillsammans?"),
    )
    interest_months = fields.Integer(
        min=0,
        max=120,
        load_default=24,
        suffix=N_("månader"),
        label=N_("Hur lång karens har den som har arbetat hos entreprenören?"),
    )
    penalty_cap_month = fields.Kronor(allow_none=True, load_default=None, label=N_("Högsta vite på en månad"))
    penalty_cap = fields.Kronor(allow_none=True, load_default=None, label=N_("Högsta vite för hela avtalet"))
    warranty_months = fields.Integer(
        min=0, max=240, load_default=0, suffix=N_("månader"), label=N_("Hur lång är garantin på utfört arbete?")
    )
    note = fields.String(max=2000, multiline=True, load_default="", label=N_("Anteckning"))


class ContractIn(ContractFields):
    """A new contract, of the organisation with this code."""

    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vem är beställare?"))


class NewContractForm(ContractIn):
    """A new contract on a page; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)


class ContractLine(Schema):
    """A contract in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    organisation = fields.String(required=True, max=200)
    contractor = fields.String(required=True, max=200)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True)


class ContractList(Schema):
    """The contracts of today and ahead."""

    items = fields.List(fields.Nested(ContractLine), required=True)


class ContractOut(ContractLine):
    """A contract, whole."""

    form = fields.Choice(FORMS, required=True)
    roles = fields.List(fields.String(max=40), required=True)
    areas = fields.List(fields.String(max=100), required=True)
    option_to = fields.Date(required=True, allow_none=True)
    controls_per_month = fields.Integer(required=True)
    control_minutes = fields.Integer(required=True)
    interest_months = fields.Integer(required=True)
    penalty_cap_month = fields.Kronor(required=True, allow_none=True)
    penalty_cap = fields.Kronor(required=True, allow_none=True)
    warranty_months = fields.Integer(required=True)
    note = fields.String(required=True, blank=True, max=2000, multiline=True)
    version = fields.Integer(required=True)


class TermsForm(Schema):
    """Other times of a Tidskrav, from today on."""

    priority = fields.Choice(PRIORITIES, required=True, widget="select", label=N_("Vilken prioritet?"))
    respond = fields.Integer(min=1, max=1000, allow_none=True, load_default=None, label=N_("Kvittera inom"))
    respond_clock = fields.Choice(CLOCKS, load_default="working_days", widget="select", label=N_("Räknat i"))
    make_safe = fields.Integer(min=1, max=1000, allow_none=True, load_default=None, label=N_("Säkra inom"))
    make_safe_clock = fields.Choice(CLOCKS, load_default="working_days", widget="select", label=N_("Räknat i"))
    fix = fields.Integer(min=1, max=1000, allow_none=True, load_default=None, label=N_("Åtgärda inom"))
    fix_clock = fields.Choice(CLOCKS, load_default="working_days", widget="select", label=N_("Räknat i"))
    pauses = fields.Choices(PAUSES, load_default=list, label=N_("När får arbetet stå still?"))
    source = fields.String(required=True, min=2, max=300, label=N_("Var står det?"))
    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför ändras tiderna?"))


class PenaltyRuleForm(Schema):
    """What being late, or a deviation, costs."""

    leg = fields.Choice(PENALISED, required=True, widget="radios", label=N_("Vad kostar det?"))
    priority = fields.Choice({"": N_("Alla")} | PRIORITIES, load_default="", widget="select", label=N_("Prioritet"))
    per = fields.Choice(PENALTY_UNITS, required=True, widget="radios", label=N_("Hur räknas vitet?"))
    amount = fields.Kronor(required=True, min=1, max=10_000_000, label=N_("Belopp"))
    source = fields.String(required=True, min=2, max=300, label=N_("Var står det i avtalet?"))
    valid_from = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("Från och med vilken dag?"),
        hint=N_("Tomt betyder från och med i dag. Det vite som gäller nu slutar dagen före."),
    )


class SubcontractorForm(Schema):
    """Somebody who works for the contractor."""

    name = fields.String(required=True, min=2, max=200, label=N_("Vad heter företaget?"))
    number = fields.String(required=True, min=10, max=20, label=N_("Organisationsnummer"))
    approved_on = fields.Date(required=True, label=N_("Vilken dag godkändes det?"))
    tax_checked_on = fields.Date(
        allow_none=True, load_default=None, label=N_("När kontrollerades skatter och avgifter?")
    )


class InterestForm(Schema):
    """That one has an interest in a contractor."""

    contractor = fields.Uid(required=True, widget="select", label=N_("Vilken entreprenör?"))
    valid_to = fields.Date(
        allow_none=True, load_default=None, label=N_("Till och med vilken dag?"), hint=N_("Tomt betyder tills vidare.")
    )
    reason = fields.String(required=True, min=2, max=500, multiline=True, label=N_("Varför?"))
