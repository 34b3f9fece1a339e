"""What an application costs: lines, components, other funding; what it costs to run, and who looks after it."""

from __future__ import annotations

from core.applications.models import COST_KINDS, RUNNING_YEARS
from core.applications.schemas.parts import FORMS, told
from core.i18n import N_, Text
from core.schema import Schema, fields

MOST = 10_000_000_000
FIRST_YEAR, LAST_YEAR = 2018, 2100


class CostsForm(Schema):
    """What there is to say about the costs."""

    cost_note = told(
        N_("Hur är utgifterna räknade?"), 4000, N_("Till exempel kalkyl, ramavtal, index och vad som är osäkert.")
    )


class CostForm(Schema):
    """What is sought in a year for a kind of cost."""

    year = fields.Year(required=True, min=FIRST_YEAR, max=LAST_YEAR, label=N_("Vilket år?"))
    kind = fields.Choice(COST_KINDS, required=True, widget="select", label=N_("Vad för slags utgift?"))
    what = fields.String(max=200, load_default="", label=N_("Vad är det?"))
    amount = fields.Kronor(required=True, min=1, max=MOST, label=N_("Hur mycket?"))
    capital = fields.Boolean(load_default=False, label=N_("Kan skrivas av som investering"))


class NewCostForm(CostForm):
    """A cost to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class ComponentForm(Schema):
    """A part of the investment with its own length of life."""

    name = fields.String(required=True, min=2, max=120, label=N_("Vad är det som skrivs av?"))
    amount = fields.Kronor(required=True, min=1, max=MOST, label=N_("Hur mycket?"))
    years = fields.Integer(
        required=True, min=1, max=100, label=N_("På hur många år?"), suffix=N_("år"), hint=N_("Så länge det håller.")
    )


class NewComponentForm(ComponentForm):
    """A component to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class FundingForm(Schema):
    """Money from elsewhere."""

    source = fields.String(required=True, min=2, max=200, label=N_("Varifrån?"))
    amount = fields.Kronor(required=True, min=1, max=MOST, label=N_("Hur mycket?"))
    decided = fields.Boolean(load_default=False, label=N_("Det är beslutat"))


class NewFundingForm(FundingForm):
    """Money from elsewhere to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class YearFields(Schema):
    """What it costs to run in a year."""

    amount = fields.Kronor(min=0, max=MOST, allow_none=True, load_default=None, label=N_("Hur mycket?"))
    payer = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vem betalar?"))
    why = fields.String(
        max=1000,
        load_default="",
        label=N_("Varför kostar det inget?"),
        hint=N_("Bara när beloppet är noll."),
    )


YEAR = "ar"
YEARS = tuple(range(1, RUNNING_YEARS + 1))
YEAR_NAME = N_("År {n} efter färdigställandet")
RunningForm: type[Schema] = type(
    "RunningForm",
    (Schema,),
    {f"{YEAR}{n}": fields.Nested(YearFields, load_default=dict, label=Text(YEAR_NAME, n=n)) for n in YEARS}
    | {"running_note": told(N_("Hur är driftkostnaden räknad?"), 2000)},
)
"""What it costs to run, year by year, and how that was reckoned."""


class UpkeepForm(Schema):
    """What there is to say about looking after it."""

    upkeep_note = told(
        N_("Vad mer behöver den som bedömer veta om skötseln?"), 4000, N_("Till exempel om skötseln ryms i ett avtal.")
    )


class PromiseForm(Schema):
    """Who looks after a built thing, how, how often, and at whose cost."""

    owner = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vem ansvarar efteråt?"))
    standard = fields.String(max=500, multiline=True, load_default="", label=N_("Hur ska det skötas?"))
    first_after = fields.Integer(
        required=True,
        min=0,
        max=120,
        label=N_("Hur länge efter färdigställandet besiktigas det första gången?"),
        suffix=N_("månader"),
    )
    every = fields.Integer(
        required=True, min=1, max=120, label=N_("Hur ofta besiktigas det sedan?"), suffix=N_("månader emellan")
    )
    cost = fields.Kronor(min=0, max=MOST, allow_none=True, load_default=None, label=N_("Vad kostar skötseln per år?"))
    payer = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vem betalar?"))


class AttachmentsForm(Schema):
    """Nothing: what goes with the application are rows."""


FORMS |= {"utgifter": CostsForm, "drift": RunningForm, "skotsel": UpkeepForm, "bilagor": AttachmentsForm}
