"""What is asked and told about what is arranged on places, and its permits."""

from __future__ import annotations

from core.i18n import N_
from core.presence.bands import WEEKDAYS
from core.presence.schemas.choices import (
    another_organisation,
    clock_time,
    of_city,
    on_place,
    own_organisation,
    tabs_choice,
    weekdays,
)
from core.presence.states import ACTIVATION, PARTS, PERMIT
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

MOST = 1_000_000
STATES = {key: state.label for key, state in ACTIVATION.states.items()}
PERMIT_STATES = {key: state.label for key, state in PERMIT.states.items()}


class ActivationFields(Schema):
    """Something arranged on a place."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter det?"))
    kind = of_city(N_("Vad är det för något?"))
    where = on_place()
    starts_on = fields.Date(required=True, label=N_("Första dagen"))
    ends_on = fields.Date(required=True, label=N_("Sista dagen"))
    weekdays = weekdays()
    opens = clock_time(N_("Från klockan"))
    closes = clock_time(N_("Till klockan"))
    host = another_organisation(N_("Vem är värd?"), N_("Värden ser aktiveringen och kan skriva in hur det gick."))
    purpose = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad ska det ge platsen?"))
    cost = fields.Kronor(allow_none=True, load_default=None, label=N_("Vad kostar det?"))
    yearly = fields.Boolean(load_default=False, label=N_("Kommer tillbaka varje år"))
    permits = fields.List(
        fields.String(max=40), load_default=list, max=10, widget="checkboxes", label=N_("Vilka tillstånd behövs?")
    )


class ActivationForm(ActivationFields):
    """Something new to arrange; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)
    organisation = own_organisation(N_("Vem ordnar det?"))


class ActivationChange(ActivationFields):
    """What is changed of something arranged; its permits have a list of their own."""

    class Meta:
        """All but the permits."""

        exclude = ("permits",)


class ActivationReport(Schema):
    """How it went."""

    visitors = fields.Integer(min=0, max=MOST, allow_none=True, load_default=None, label=N_("Hur många kom?"))
    visitors_how = fields.String(max=300, load_default="", label=N_("Hur räknades de?"))
    outcome = fields.String(
        required=True,
        min=2,
        max=2000,
        multiline=True,
        label=N_("Vad gav det?"),
        hint=N_("Skriv inga namn på personer."),
    )


class PermitForm(Schema):
    """A permit that is needed."""

    kind = of_city(N_("Vilket tillstånd behövs?"))


class PermitStep(Schema):
    """What has happened to a permit."""

    move = fields.Choice(
        {move.key: move.label for move in PERMIT.moves}, required=True, widget="select", label=N_("Vad har hänt?")
    )
    day = fields.Date(required=True, label=N_("Vilken dag?"))
    reference = fields.String(max=60, load_default="", label=N_("Diarienummer eller beslut"))
    valid_to = fields.Date(allow_none=True, load_default=None, label=N_("Gäller till och med"))
    reason = fields.String(
        max=1000,
        multiline=True,
        load_default="",
        label=N_("Varför?"),
        hint=N_("Behövs vid avslag och när något ändras."),
    )


class ActivationFilter(ListFilter):
    """Which are shown on the page."""

    visa = tabs_choice(PARTS, "kommande")
    sort = fields.String(max=40, load_default="", widget="select", label=N_("Typ"))


class CalendarFilter(Schema):
    """Which week or month is shown."""

    visa = fields.Choice({"vecka": N_("Vecka"), "manad": N_("Månad")}, load_default="vecka", widget="hidden")
    dag = fields.Date(allow_none=True, load_default=None, label=N_("Gå till dag"))


class ActivationQuery(ListQuery):
    """Which to list in the API."""

    part = fields.Choice(PARTS, load_default="kommande")
    kind = fields.String(max=40, load_default="")


class PermitOut(Schema):
    """A permit."""

    kind = fields.String(required=True, max=40)
    state = fields.Choice(PERMIT_STATES, required=True)
    number = fields.String(required=True, blank=True, max=60)
    applied_on = fields.Date(required=True, allow_none=True)
    granted_on = fields.Date(required=True, allow_none=True)
    valid_to = fields.Date(required=True, allow_none=True)


class ActivationLine(Schema):
    """Something arranged, in a list."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    kind = fields.String(required=True, max=40)
    place = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    host = fields.Uid(required=True, allow_none=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    weekdays = fields.List(fields.Choice(WEEKDAYS), required=True)
    opens = fields.String(required=True, blank=True, max=5)
    closes = fields.String(required=True, blank=True, max=5)
    state = fields.Choice(STATES, required=True)


class ActivationOut(ActivationLine):
    """Something arranged, whole."""

    purpose = fields.String(required=True, blank=True, max=2000, multiline=True)
    cost = fields.Kronor(required=True, allow_none=True)
    yearly = fields.Boolean(required=True)
    visitors = fields.Integer(required=True, allow_none=True)
    visitors_how = fields.String(required=True, blank=True, max=300)
    outcome = fields.String(required=True, blank=True, max=2000, multiline=True)
    permits = fields.List(fields.Nested(PermitOut), required=True)
    version = fields.Integer(required=True)


class ActivationPage(ListPage):
    """A page of what is arranged."""

    items = fields.List(fields.Nested(ActivationLine), required=True)
