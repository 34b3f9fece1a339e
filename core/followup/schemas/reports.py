"""What a report of a grant says in words, which reports to list, and photos beside each other."""

from __future__ import annotations

from marshmallow.validate import Regexp

from core.followup.states import REPORTS
from core.i18n import N_
from core.schema import ListFilter, Schema, fields

LONG = 4000
LISTED = {"": N_("Alla")} | {key: state.label for key, state in REPORTS.states.items()}
PERIOD = r"20[0-9]{2}-(T1|T2|VB)\Z"
TO_HAND_IN = N_("behövs för att lämna in")


class ReportForm(Schema):
    """What a report of a tertial says."""

    delivered = fields.String(
        max=LONG, load_default="", multiline=True, label=N_("Vad har gjorts?"), optional=TO_HAND_IN
    )
    money = fields.String(
        max=LONG,
        load_default="",
        multiline=True,
        label=N_("Vad säger siffrorna om pengarna?"),
        hint=N_("Skriv varför, om kostnaden avviker från det som beviljades."),
    )
    risks = fields.String(max=LONG, load_default="", multiline=True, label=N_("Vad kan försena eller fördyra?"))


class FinalForm(ReportForm):
    """What a final report says."""

    goals = fields.String(
        max=LONG, load_default="", multiline=True, label=N_("Hur gick det med målen?"), optional=TO_HAND_IN
    )
    lessons = fields.String(
        max=LONG, load_default="", multiline=True, label=N_("Vad har ni lärt er?"), optional=TO_HAND_IN
    )
    defects = fields.String(max=LONG, load_default="", multiline=True, label=N_("Vilka fel finns kvar?"))
    handover = fields.String(
        max=LONG, load_default="", multiline=True, label=N_("Vem har tagit över skötseln?"), optional=TO_HAND_IN
    )


class ReportFilter(ListFilter):
    """Which reports to list."""

    visa = fields.Choice(LISTED, load_default="", label=N_("Läge"))


class PairForm(Schema):
    """Two photos of the same view, or why there is none of it after."""

    uid = fields.Uid(required=True, widget="hidden")
    title = fields.String(required=True, min=2, max=200, label=N_("Vad visar bilderna?"))
    before = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Bild före"))
    after = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Bild efter"))
    why_not = fields.String(
        max=1000,
        load_default="",
        multiline=True,
        label=N_("Varför finns det ingen bild efter?"),
        optional=N_("behövs utan bild efter"),
    )


class PeriodAsked(Schema):
    """Which tertial is wanted, as "2027-T1"."""

    period = fields.String(required=True, max=10, validate=Regexp(PERIOD), label=N_("Tertial"))
