"""Meetings and decisions: what their forms and the API ask and tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.applications.models import MOTIVES, OUTCOMES, RETURNS
from core.applications.states import DECISION, MEETING
from core.i18n import N_, Text
from core.schema import ListPage, ListQuery, Schema, fields

STATES = {key: state.label for key, state in DECISION.states.items()}
ANY = {"": N_("Alla")}
LARGEST = 10_000_000_000


class MeetingForm(Schema):
    """A meeting to plan."""

    uid = fields.Uid(required=True, widget="hidden")
    of_round = fields.Uid(required=True, widget="select", label=N_("Vilken omgång gäller det?"))
    held_on = fields.Date(
        required=True,
        label=N_("Vilken dag är sammanträdet?"),
        hint=N_("Tidigast omgångens sista dag. Är ordningen fryst: tidigast den dag då den frystes."),
    )
    diary = fields.String(max=60, load_default="", label=N_("Diarienummer"))


class AdjustForm(Schema):
    """When minutes were confirmed."""

    adjusted_on = fields.Date(required=True, label=N_("Vilken dag justerades protokollet?"))


class DecisionFields(Schema):
    """What was decided, in words."""

    outcome = fields.Choice(OUTCOMES, required=True, widget="radios", label=N_("Vad beslutade utskottet?"))
    paragraph = fields.String(required=True, max=20, label=N_("Paragraf"))
    left_out = fields.List(
        fields.Uid(),
        load_default=list,
        widget="checkboxes",
        max=100,
        label=N_("Vilka åtgärder omfattas inte?"),
        hint=N_("Bara när en del beviljas. Välj inget om beslutet gäller alla."),
    )
    conditions = fields.String(max=4000, multiline=True, load_default="", label=N_("Villkor"))
    motive = fields.Choice(
        {"": N_("Inget"), **MOTIVES},
        widget="select",
        load_default="",
        label=N_("Motiv för avslag"),
        optional=N_("krävs vid avslag"),
    )
    motive_text = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Motivering"),
        hint=N_("Skriv om ansökan, aldrig om en person. Motiveringen står i brevet."),
        optional=N_("krävs vid avslag, delvis beviljad och återremiss"),
    )
    returns_to = fields.Choice(
        {"": N_("Gäller inte"), **RETURNS},
        widget="select",
        load_default="",
        label=N_("Vart går ansökan vid återremiss?"),
    )
    departs = fields.String(
        max=2000,
        multiline=True,
        load_default="",
        label=N_("Varför avviker beslutet från förslaget?"),
        optional=N_("krävs när det avviker från den frysta ordningen"),
    )
    reservation = fields.String(max=4000, multiline=True, load_default="", label=N_("Reservation"))


def amount_name(year: int) -> str:
    """Return the name of the field for what is granted in a year."""
    return f"kr_{year}"


def decision_form(years: Iterable[int]) -> type[Schema]:
    """Return the form of a decision with an amount for each of the years."""
    amounts: dict[str, Any] = {
        amount_name(year): fields.Kronor(
            max=LARGEST, allow_none=True, load_default=None, label=Text(N_("Beslutat {year}"), year=str(year))
        )
        for year in years
    }
    uid = fields.Uid(required=True, widget="hidden")
    return type("DecisionForm", (DecisionFields,), {"uid": uid, **amounts})


class ManyForm(Schema):
    """What is said of all decisions that are recorded in one go."""

    vald = fields.List(fields.Uid(), required=True, widget="hidden", max=300)
    paragraph = fields.String(required=True, max=20, label=N_("Paragraf"))
    each = fields.Boolean(load_default=False, label=N_("En paragraf för varje ansökan, räknat från den här"))
    motive = fields.Choice(
        {"": N_("Inget"), **MOTIVES}, widget="select", load_default="", label=N_("Motiv för det som avslås")
    )
    motive_text = fields.String(max=4000, multiline=True, load_default="", label=N_("Motivering för det som avslås"))
    partial_text = fields.String(
        max=4000, multiline=True, load_default="", label=N_("Motivering för det som beviljas delvis")
    )


class SureForm(Schema):
    """Decisions to confirm, each as it was seen: its uid, a dot, its version."""

    vald = fields.List(fields.String(max=60), required=True, widget="hidden", max=300)


class PromiseForm(Schema):
    """A maintenance promise with a hole."""

    owner = fields.Uid(required=True, widget="select", label=N_("Ansvarig"))
    standard = fields.String(
        required=True, min=2, max=500, label=N_("Standard"), hint=N_("Till exempel: skador lagas inom 30 dagar")
    )
    first_after = fields.Integer(required=True, min=0, max=120, label=N_("Första besiktning, månader efter färdigt"))
    every = fields.Integer(required=True, min=1, max=120, label=N_("Intervall, månader"))
    cost = fields.Kronor(required=True, max=LARGEST, label=N_("Drift per år"))


class AcceptForm(Schema):
    """A part is accepted; some measures are not done after all."""

    dropped = fields.List(
        fields.Uid(), load_default=list, widget="checkboxes", max=100, label=N_("Vilka åtgärder utgår?")
    )
    struck = fields.List(
        fields.Uid(), load_default=list, widget="checkboxes", max=100, label=N_("Vilka milstolpar utgår med dem?")
    )
    all_hold = fields.Boolean(load_default=False, label=N_("Alla milstolpar står kvar, fast åtgärder utgår"))


class MoreTimeForm(Schema):
    """Until when a new plan is waited for instead."""

    until = fields.Date(required=True, label=N_("Till vilken dag?"))
    reason = fields.String(required=True, min=2, max=1000, label=N_("Varför?"))


# --- The API ------------------------------------------------------------------------------------------------------


class Amount(Schema):
    """Kronor of a budget year."""

    year = fields.Integer(required=True, min=2000, max=2200)
    kronor = fields.Kronor(required=True, max=LARGEST)


class NewDecision(DecisionFields):
    """A decision to record, in the API."""

    meeting = fields.Uid(required=True)
    application = fields.Uid(required=True)
    amounts = fields.List(fields.Nested(Amount), load_default=list, max=10)


MOVES = {
    "bekrafta": N_("Bekräfta beslutet"),
    "aterkalla": N_("Ta tillbaka det inskrivna"),
    "begar_rattelse": N_("Begär att beslutet rättas"),
    "behall": N_("Låt beslutet stå"),
    "ratta": N_("Bekräfta rättelsen"),
}
"""What can be done with a decision once it is recorded."""


class DecisionMove(Schema):
    """A step of a decision; `reason` for taking it back and for asking that it be corrected."""

    move = fields.Choice(MOVES, required=True)
    reason = fields.String(max=2000, multiline=True, load_default="")


class DecisionQuery(ListQuery):
    """Which decisions to list in the API."""

    state = fields.Choice({**ANY, **STATES}, load_default="")
    meeting = fields.Uid(allow_none=True, load_default=None)
    application = fields.Uid(allow_none=True, load_default=None)


class LeftOut(Schema):
    """A measure that a decision is not for, as it was then."""

    uid = fields.Uid(required=True)
    number = fields.Integer(required=True)
    text = fields.String(required=True, max=500)


class DecisionOut(Schema):
    """A decision, as it goes with the protocol; whole kronor."""

    uid = fields.Uid(required=True)
    application = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=120)
    organisation = fields.Uid(required=True)
    meeting = fields.Uid(required=True)
    body = fields.String(required=True, max=200)
    held_on = fields.Date(required=True)
    adjusted_on = fields.Date(required=True, allow_none=True)
    paragraph = fields.String(required=True, max=20)
    outcome = fields.Choice(OUTCOMES, required=True)
    state = fields.Choice(STATES, required=True)
    amounts = fields.List(fields.Nested(Amount), required=True)
    left_out = fields.List(fields.Nested(LeftOut), required=True)
    motive = fields.Choice({"": N_("Inget"), **MOTIVES}, required=True)
    motive_text = fields.String(required=True, blank=True, max=4000, multiline=True)
    conditions = fields.String(required=True, blank=True, max=4000, multiline=True)
    reservation = fields.String(required=True, blank=True, max=4000, multiline=True)
    departs = fields.String(required=True, blank=True, max=2000, multiline=True)
    returns_to = fields.Choice({"": N_("Gäller inte"), **RETURNS}, required=True)
    recorded_at = fields.Instant(required=True)
    confirmed_at = fields.Instant(required=True, allow_none=True)
    plan_by = fields.Date(required=True, allow_none=True)
    wrong_because = fields.String(required=True, blank=True, max=2000, multiline=True)
    booking = fields.String(required=True, blank=True, max=20)
    version = fields.Integer(required=True)


class DecisionPage(ListPage):
    """A page of decisions; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(DecisionOut), required=True)


class MeetingQuery(ListQuery):
    """Which meetings to list in the API."""


class MeetingLine(Schema):
    """A meeting in a list, with how many decisions stand and how many of them wait for a second person."""

    uid = fields.Uid(required=True)
    held_on = fields.Date(required=True)
    body = fields.String(required=True, max=200)
    programme = fields.String(required=True, max=20)
    round = fields.Uid(required=True, allow_none=True)
    diary = fields.String(required=True, blank=True, max=60)
    adjusted_on = fields.Date(required=True, allow_none=True)
    state = fields.Choice({key: state.label for key, state in MEETING.states.items()}, required=True)
    decisions = fields.Integer(required=True)
    waiting = fields.Integer(required=True)


class MeetingPage(ListPage):
    """A page of meetings; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(MeetingLine), required=True)
