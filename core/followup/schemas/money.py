"""What is asked about the money of a grant: claims, contracts, forecasts, money moved, rows of the finance system."""

from __future__ import annotations

from typing import Any

from core.followup.models import CARRY_CAUSES, FORECASTS
from core.followup.states import CARRY_OVER, CLAIMS
from core.i18n import N_
from core.reserve.schemas import FIRST_YEAR, LARGEST, LAST_YEAR
from core.schema import ListFilter, Schema, fields

YEARS: dict[str, Any] = {"min": FIRST_YEAR, "max": LAST_YEAR}
HOW_MUCH = N_("Skriv beloppet i hela kronor, till exempel 450 000.")


class ClaimFields(Schema):
    """A claim for payment."""

    year = fields.Integer(required=True, **YEARS, widget="select", label=N_("Av vilket års pengar?"))
    amount = fields.Kronor(required=True, min=1, max=LARGEST, label=N_("Hur mycket?"), hint=HOW_MUCH)
    what = fields.String(required=True, min=2, max=500, label=N_("Vad gäller det?"))
    invoice = fields.String(max=120, load_default="", label=N_("Fakturans nummer"))


class ClaimForm(ClaimFields):
    """A claim to write."""

    uid = fields.Uid(required=True, widget="hidden")


class ClaimFilter(ListFilter):
    """Which claims to list."""

    visa = fields.Choice(
        {"": N_("Alla")} | {key: state.label for key, state in CLAIMS.states.items()}, load_default="", label=N_("Läge")
    )


class BindForm(Schema):
    """What a contract binds."""

    uid = fields.Uid(required=True, widget="hidden")
    year = fields.Integer(required=True, **YEARS, widget="select", label=N_("Av vilket års pengar?"))
    amount = fields.Kronor(
        required=True,
        min=-LARGEST,
        max=LARGEST,
        label=N_("Hur mycket är bundet?"),
        hint=N_("Skriv i hela kronor. Med minus om ett avtal har blivit mindre."),
    )
    what = fields.String(required=True, min=2, max=500, label=N_("Enligt vilket avtal?"))


class ForecastForm(Schema):
    """What a year is foreseen to cost in all."""

    uid = fields.Uid(required=True, widget="hidden")
    year = fields.Integer(required=True, **YEARS, widget="select", label=N_("För vilket år?"))
    period = fields.Choice(FORECASTS, required=True, widget="radios", label=N_("Vilken prognos är det?"))
    amount = fields.Kronor(
        required=True, min=0, max=LARGEST, label=N_("Vad väntas året kosta sammanlagt?"), hint=HOW_MUCH
    )
    why = fields.String(max=1000, load_default="", multiline=True, label=N_("Varför skiljer det sig från förra?"))


class CarryForm(Schema):
    """Money asked to follow to another year."""

    uid = fields.Uid(required=True, widget="hidden")
    from_year = fields.Integer(required=True, **YEARS, widget="select", label=N_("Från vilket år?"))
    to_year = fields.Year(required=True, **YEARS, label=N_("Till vilket år?"))
    amount = fields.Kronor(required=True, min=1, max=LARGEST, label=N_("Hur mycket?"), hint=HOW_MUCH)
    cause = fields.Choice(CARRY_CAUSES, required=True, widget="radios", label=N_("Vad är orsaken?"))
    reason = fields.String(
        required=True, min=10, max=2000, multiline=True, label=N_("Vad har hänt, och varför behövs pengarna senare?")
    )
    new_completion = fields.Date(required=True, label=N_("När blir det klart?"))


class OpinionForm(Schema):
    """What stadsledningskontoret says."""

    opinion = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad är ert yttrande?"))


class CarryDecisionForm(Schema):
    """What was decided."""

    granted = fields.Choice(
        {"ja": N_("Bifall"), "nej": N_("Avslag")}, required=True, widget="radios", label=N_("Vad blev beslutet?")
    )
    decided_on = fields.Date(required=True, label=N_("Vilken dag?"))
    paragraph = fields.String(required=True, min=1, max=20, label=N_("Paragraf"), hint=N_("Till exempel § 12."))
    motive = fields.String(
        max=2000,
        load_default="",
        multiline=True,
        label=N_("Varför?"),
        optional=N_("behövs vid avslag"),
    )


class CarryFilter(ListFilter):
    """Which requests to list."""

    visa = fields.Choice(
        {"": N_("Alla")} | {key: state.label for key, state in CARRY_OVER.states.items()},
        load_default="",
        widget="select",
        label=N_("Läge"),
    )


class ReallocationForm(Schema):
    """Money asked to be used for something else."""

    uid = fields.Uid(required=True, widget="hidden")
    year = fields.Integer(required=True, **YEARS, widget="select", label=N_("Av vilket års pengar?"))
    amount = fields.Kronor(required=True, min=1, max=LARGEST, label=N_("Hur mycket?"), hint=HOW_MUCH)
    to = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Till vilken ansökan?"),
        optional=N_("annars den här"),
    )
    from_measure = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Från vilken åtgärd?"))
    to_measure = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Till vilken åtgärd?"))
    reason = fields.String(required=True, min=10, max=2000, multiline=True, label=N_("Varför?"))


class ReallocationDecisionForm(Schema):
    """What was decided."""

    decided_on = fields.Date(required=True, label=N_("Vilken dag?"))
    paragraph = fields.String(max=20, load_default="", label=N_("Paragraf"))
    motive = fields.String(
        max=2000, load_default="", multiline=True, label=N_("Varför?"), optional=N_("behövs vid avslag")
    )


class HandBackForm(Schema):
    """Money handed back."""

    uid = fields.Uid(required=True, widget="hidden")
    year = fields.Integer(required=True, **YEARS, widget="select", label=N_("Av vilket års pengar?"))
    amount = fields.Kronor(required=True, min=1, max=LARGEST, label=N_("Hur mycket?"), hint=HOW_MUCH)
    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför blir det över?"))


class MilestoneForm(Schema):
    """A milestone that is done."""

    done_on = fields.Date(required=True, label=N_("Vilken dag blev den klar?"))
    note = fields.String(max=1000, load_default="", multiline=True, label=N_("Något att tillägga?"))


class ProgressForm(Schema):
    """How much of a measure is done."""

    done = fields.Integer(required=True, min=0, max=100, label=N_("Hur mycket är gjort?"), suffix=N_("procent"))
    delivered = fields.String(max=2000, load_default="", multiline=True, label=N_("Vad är levererat?"))


class ProjectForm(Schema):
    """What the finance system calls it."""

    budget_reference = fields.String(
        required=True,
        min=2,
        max=60,
        label=N_("Referens till budgetjusteringen"),
        hint=N_("Beslutets paragraf, eller numret i budgetsystemet."),
    )
    project_code = fields.String(
        max=40,
        load_default="",
        label=N_("Projektkod i ekonomisystemet"),
        hint=N_("Med koden läses utfallet in av sig självt."),
    )


class FinishedForm(Schema):
    """When it was finished."""

    finished_on = fields.Date(required=True, label=N_("Vilken dag var slutbesiktningen?"))
    reason = fields.String(
        max=2000,
        load_default="",
        multiline=True,
        label=N_("Varför är inte allt gjort?"),
        optional=N_("behövs om en milstolpe eller åtgärd inte är klar"),
    )


class OutturnRowFields(Schema):
    """A row of the finance system. `also` are headings under which a field may stand."""

    project_code = fields.String(
        required=True,
        max=40,
        label=N_("Projektkod"),
        metadata={"also": ("projekt", "projektnr", "projektnummer", "project")},
    )
    period = fields.String(
        required=True,
        max=7,
        label=N_("Månad"),
        hint=N_("År och månad, till exempel 2027-03."),
        metadata={"also": ("period", "år-månad", "bokföringsperiod")},
    )
    voucher = fields.String(
        required=True, max=60, label=N_("Verifikation"), metadata={"also": ("ver", "vernr", "verifikationsnummer")}
    )
    amount = fields.Kronor(
        required=True,
        min=-LARGEST,
        max=LARGEST,
        label=N_("Belopp i kronor"),
        metadata={"also": ("belopp", "utfall", "summa")},
    )
    text = fields.String(max=300, load_default="", label=N_("Text"), metadata={"also": ("benämning", "beskrivning")})
