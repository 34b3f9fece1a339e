"""What is asked about maintenance plans, and about the control of contracts."""

from __future__ import annotations

from marshmallow import validate

from core.i18n import N_
from core.schema import Schema, fields
from core.upkeep.recurring import PLANNED
from core.works.models import BASES, RESULTS
from core.works.schemas.orders import on_a_place, own_people, under_contract

OWN_RULE = "egen"
OFTEN = {
    "FREQ=WEEKLY": N_("Varje vecka"),
    "FREQ=WEEKLY;INTERVAL=2": N_("Varannan vecka"),
    "FREQ=MONTHLY": N_("Varje månad"),
    "FREQ=MONTHLY;INTERVAL=3": N_("Varje kvartal"),
    "FREQ=YEARLY": N_("Varje år"),
    OWN_RULE: N_("Annat, som skrivs nedan"),
}
"""How often something is done, as an RRULE (RFC 5545)."""
DAY_OF_SEASON = validate.Regexp(
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?\Z",
    error=N_("Skriv månad och dag med två siffror var, till exempel 04-15."),
)


def _day(label: str) -> fields.String:
    hint = N_("Månad-dag, till exempel 04-15.")
    return fields.String(max=5, load_default="", label=label, hint=hint, validate=DAY_OF_SEASON)


class PlanFields(Schema):
    """What a maintenance plan says of its work, and when it is done."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad ska göras?"))
    description = fields.String(max=4000, multiline=True, load_default="", label=N_("Beskrivning"))
    often = fields.Choice(OFTEN, required=True, widget="select", label=N_("Hur ofta?"))
    rrule = fields.String(
        max=300, load_default="", label=N_("Egen regel"), hint=N_("Som RFC 5545 har den: FREQ=MONTHLY;BYDAY=1MO")
    )
    basis = fields.Choice(BASES, load_default=PLANNED, widget="radios", label=N_("Vad räknas nästa gång från?"))
    ends_on = fields.Date(allow_none=True, load_default=None, label=N_("Sista dagen"))
    season_from = _day(N_("Säsongens första dag"))
    season_to = _day(N_("Säsongens sista dag"))
    lead_days = fields.Integer(
        min=0, max=365, load_default=7, suffix=N_("dagar"), label=N_("Hur långt före beställs det?")
    )
    reach_days = fields.Integer(
        min=0, max=365, load_default=7, suffix=N_("dagar"), label=N_("Hur länge efter sin dag får det göras?")
    )


class PlanForm(PlanFields):
    """A maintenance plan; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)
    where = on_a_place()
    contract = under_contract()
    organisation = own_people()
    starts_on = fields.Date(required=True, label=N_("Första dagen"))

    class Meta:
        """The order on the page."""

        fields = (
            "uid", "title", "where", "description", "contract", "organisation", "often", "rrule", "basis", "starts_on",
            "ends_on", "season_from", "season_to", "lead_days", "reach_days",
        )  # fmt: skip


class EndForm(Schema):
    """Why a plan ends."""

    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför?"))


class VisitForm(Schema):
    """An entreprenadkontroll to plan."""

    uid = fields.Uid(required=True)
    planned_on = fields.Date(required=True, label=N_("Vilken dag?"))


class VisitedForm(Schema):
    """How an entreprenadkontroll went."""

    done_on = fields.Date(required=True, label=N_("Vilken dag gjordes den?"))
    minutes = fields.Integer(required=True, min=1, max=1440, suffix=N_("minuter"), label=N_("Hur lång tid tog den?"))
    result = fields.Choice(RESULTS, required=True, widget="radios", label=N_("Hur gick det?"))
    note = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad såg du?"))


class InspectedForm(Schema):
    """How the inspection of a warranty went."""

    inspected_on = fields.Date(required=True, label=N_("Vilken dag besiktades det?"))
    result = fields.Choice(RESULTS, required=True, widget="radios", label=N_("Hur gick det?"))
    note = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad såg du?"))


class DeviationForm(Schema):
    """Something that is not as the contract says."""

    uid = fields.Uid(required=True)
    what = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad avviker från avtalet?"))
    found_on = fields.Date(required=True, label=N_("Vilken dag sågs det?"))
