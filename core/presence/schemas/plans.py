"""What is asked and told about presence and about patrols."""

from __future__ import annotations

from functools import cache
from typing import Any

from core.i18n import N_
from core.presence.bands import EVENTS, WEEKDAYS, kinds_of
from core.presence.schemas.choices import (
    another_organisation,
    clock_time,
    in_area,
    of_city,
    on_place,
    own_organisation,
    tabs_choice,
    weekdays,
)
from core.presence.states import PATROL
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

MOST_HOURS, MOST_OF_A_YEAR, MOST = 100_000, 10_000_000, 1_000_000
HALF, TENTH = 0.5, 0.1
STATES = {key: state.label for key, state in PATROL.states.items()}
NO_NAMES = N_("Skriv inga namn på personer.")
PLANS = {"gallande": N_("Gällande"), "avslutade": N_("Avslutade")}
REQUESTS = {"": N_("Alla"), "vantar": N_("Väntar"), "beviljade": N_("Beviljade"), "avslutade": N_("Avslutade")}


def hours(label: str, most: int = MOST_HOURS, **kwargs: Any) -> fields.Hours:
    """Return the field of hours, with halves."""
    known: dict[str, Any] = {"min": 0, "max": most, "label": label, "suffix": N_("timmar")} | kwargs
    return fields.Hours(**known)


class PlanFields(Schema):
    """What can be changed in presence that is promised."""

    weekdays = weekdays(required=True)
    begins = clock_time(N_("Från klockan"), required=True)
    ends = clock_time(N_("Till klockan"), required=True)
    people = fields.Integer(min=1, max=1000, load_default=2, label=N_("Hur många är ute samtidigt?"))
    done_by = another_organisation(N_("Vem gör det?"), N_("Inget valt betyder egen personal."))
    valid_to = fields.Date(
        allow_none=True, load_default=None, label=N_("Till och med vilken dag?"), hint=N_("Tomt betyder tills vidare.")
    )
    note = fields.String(max=1000, multiline=True, load_default="", label=N_("Anteckning"), hint=NO_NAMES)


WHEN = ("weekdays", "begins", "ends", "people", "done_by")
"""What is asked of a promise between where it is and how long it holds."""


class PlanForm(PlanFields):
    """Presence to promise."""

    class Meta:
        """As it is asked: who, where, when."""

        fields = ("uid", "kind", "organisation", "where", "area", *WHEN, "valid_from", "valid_to", "note")

    uid = fields.Uid(required=True)
    kind = of_city(N_("Vilka ska vara på plats?"))
    organisation = own_organisation(N_("Vem lovar det?"))
    where = on_place(required=False)
    area = in_area()
    valid_from = fields.Date(required=True, label=N_("Från och med vilken dag?"))


class PlanChange(PlanFields):
    """Presence to change from a day on."""

    class Meta:
        """As it is asked: from when, what, how long."""

        fields = ("following", "first", *WHEN, "valid_to", "note")

    following = fields.Uid(required=True, widget="hidden")
    first = fields.Date(
        required=True,
        label=N_("Från och med vilken dag gäller ändringen?"),
        hint=N_("Det som var lovat innan står kvar, och månader som har varit ändras inte."),
    )


class PlanEnd(Schema):
    """That a promise ends."""

    valid_to = fields.Date(required=True, label=N_("Till och med vilken dag?"))
    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför?"))


class MonthForm(Schema):
    """What a promise came to in a month."""

    month = fields.Date(
        required=True, label=N_("Vilken månad?"), hint=N_("Valfri dag i månaden, till exempel 2027-03-01.")
    )
    hours = hours(N_("Hur många timmar, alla tillsammans?"), required=True)
    contacts = fields.Integer(
        required=True,
        min=0,
        max=MOST,
        label=N_("Hur många kontakter?"),
        hint=N_("Bara antal. Inget om enskilda personer sparas här."),
    )
    note = fields.String(max=500, multiline=True, load_default="", label=N_("Anteckning"), hint=NO_NAMES)


class MonthChange(MonthForm):
    """What a month that is written already came to."""

    month = fields.Date(required=True, widget="hidden")


class PlanFilter(ListFilter):
    """Which promises are shown."""

    visa = tabs_choice(PLANS, "gallande")


class RequestFields(Schema):
    """Patrols to ask for."""

    starts_on = fields.Date(required=True, label=N_("Första dagen"))
    ends_on = fields.Date(required=True, label=N_("Sista dagen"))
    weekdays = weekdays()
    begins = clock_time(N_("Från klockan"), required=True)
    ends = clock_time(N_("Till klockan"), required=True)
    hours = hours(N_("Hur många timmar, alla tillsammans?"), required=True, min=HALF)
    reason = fields.String(
        required=True, min=2, max=2000, multiline=True, label=N_("Varför behövs ordningsvakter?"), hint=NO_NAMES
    )
    tried = fields.String(
        required=True, min=2, max=2000, multiline=True, label=N_("Vad har ni redan prövat, och vad gav det?")
    )


class RequestWhere(Schema):
    """Who asks for patrols, and where; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)
    organisation = own_organisation(N_("Vem begär det?"))
    where = on_place(required=False)
    area = in_area()


class RequestForm(RequestFields, RequestWhere):
    """A request: its last base comes first on the page."""


class AnswerForm(Schema):
    """The answer to a request."""

    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Skäl för beslutet"))


class PartlyForm(AnswerForm):
    """The answer that grants a part of the hours."""

    hours = hours(N_("Hur många timmar beviljas?"), required=True, min=HALF)


class CallOffForm(Schema):
    """From whom the patrols are called off."""

    executor = fields.Uid(required=True, widget="select", label=N_("Vilket företag avropas de från?"))


class OutcomeForm(Schema):
    """What was done until a day: hours."""

    outcome = fields.Uid(required=True, widget="hidden")
    day = fields.Date(required=True, label=N_("Till och med vilken dag?"))
    hours = hours(N_("Hur många timmar?"), required=True, min=TENTH)


COUNTED = "antal_"
"""What the fields of events begin with, before the event's key."""


def outcome_form() -> type[Schema]:
    """Return the form of what was done, with a count for each kind of event that the city has."""
    return _outcome_form(tuple(kinds_of(EVENTS).items()))


@cache
def _outcome_form(events: tuple[tuple[str, str], ...]) -> type[Schema]:
    asked = {
        COUNTED + key: fields.Integer(min=0, max=MOST, load_default=0, label=title, hint=N_("Bara antal."))
        for key, title in events
    }
    return type("OutcomeForm", (OutcomeForm,), asked)


class FrameForm(Schema):
    """The hours of a year."""

    year = fields.Year(required=True, min=2000, max=2200, label=N_("Vilket år?"))
    hours = hours(N_("Hur många timmar?"), MOST_OF_A_YEAR, required=True)
    source = fields.String(required=True, min=2, max=300, label=N_("Vilket beslut?"))


class FrameChange(FrameForm):
    """The hours of a year that are written already."""

    year = fields.Year(required=True, min=2000, max=2200, widget="hidden")


class RequestFilter(ListFilter):
    """Which requests are shown."""

    visa = tabs_choice(REQUESTS, "")


class PresenceLine(Schema):
    """A promise of presence, in the API."""

    uid = fields.Uid(required=True)
    kind = fields.String(required=True, max=40)
    place = fields.Uid(required=True, allow_none=True)
    area = fields.Uid(required=True, allow_none=True)
    organisation = fields.Uid(required=True)
    done_by = fields.Uid(required=True, allow_none=True)
    weekdays = fields.List(fields.Choice(WEEKDAYS), required=True)
    begins = fields.String(required=True, max=5)
    ends = fields.String(required=True, max=5)
    people = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)


class PresencePage(ListPage):
    """A page of promises."""

    items = fields.List(fields.Nested(PresenceLine), required=True)


class PatrolQuery(ListQuery):
    """Which requests to list in the API."""

    part = fields.Choice(REQUESTS, load_default="")


class PatrolLine(Schema):
    """A request for patrols, in the API: hours asked for, granted and done. No individuals."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    organisation = fields.Uid(required=True)
    place = fields.Uid(required=True, allow_none=True)
    area = fields.Uid(required=True, allow_none=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    hours = fields.Float(required=True)
    granted = fields.Float(required=True)
    done = fields.Float(required=True)
    state = fields.Choice(STATES, required=True)


class PatrolPage(ListPage):
    """A page of requests."""

    items = fields.List(fields.Nested(PatrolLine), required=True)
