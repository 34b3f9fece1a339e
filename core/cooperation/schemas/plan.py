"""Goals, measures and what came of them."""

from __future__ import annotations

from core.cooperation.models import APPROACHES, HORIZONS, MEASURE_RESULTS, RESULTS
from core.i18n import N_
from core.schema import Schema, fields

LARGEST = 1_000_000_000
FOR_SMART, BEFORE_ASSIGNED = N_("behövs för ett SMART mål"), N_("behövs innan åtgärden tilldelas")
IF_MEASURED = N_("behövs om målet är mätt")


class GoalForm(Schema):
    """A goal, however much of it is known."""

    problem = fields.Uid(required=True, widget="select", label=N_("Vilket problem gäller det?"))
    text = fields.String(
        required=True,
        min=2,
        max=500,
        multiline=True,
        label=N_("Vad ska bli annorlunda?"),
        hint=N_("En mening som en boende förstår."),
    )
    indicator = fields.String(
        max=300,
        load_default="",
        label=N_("Enligt vilken mätning?"),
        hint=N_("Samma fråga, samma årstid och samma tid på dygnet varje gång."),
        optional=FOR_SMART,
    )
    unit = fields.String(max=40, load_default="", label=N_("Enhet"), optional=FOR_SMART)
    baseline = fields.Float(
        min=-LARGEST, max=LARGEST, allow_none=True, load_default=None, label=N_("Läget nu"), optional=FOR_SMART
    )
    baseline_on = fields.Date(allow_none=True, load_default=None, label=N_("När mättes läget nu?"), optional=FOR_SMART)
    baseline_source = fields.String(max=300, load_default="", label=N_("Var finns siffran?"))
    target = fields.Float(
        min=-LARGEST, max=LARGEST, allow_none=True, load_default=None, label=N_("Ska bli"), optional=FOR_SMART
    )
    due_on = fields.Date(allow_none=True, load_default=None, label=N_("Senast när?"), optional=FOR_SMART)
    owner = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Vem svarar för målet?"), optional=FOR_SMART
    )
    focus_area = fields.String(
        max=40, load_default="", widget="select", label=N_("Vilket av programmets fokusområden hör det till?")
    )
    priority_area = fields.String(
        max=40, load_default="", widget="select", label=N_("Vilket prioriterat område i överenskommelsen med polisen?")
    )
    realistic = fields.String(
        max=1000, multiline=True, load_default="", label=N_("Varför är det rimligt?"), optional=FOR_SMART
    )
    horizon = fields.Choice(HORIZONS, load_default="kort", widget="radios", label=N_("På kort eller lång sikt?"))


class NewGoalForm(GoalForm):
    """A goal to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class ResultForm(Schema):
    """What came of a goal."""

    result = fields.Choice(RESULTS, required=True, widget="radios", label=N_("Är målet uppnått?"))
    value = fields.Float(
        min=-LARGEST, max=LARGEST, allow_none=True, load_default=None, label=N_("Vad blev talet?"), optional=IF_MEASURED
    )
    on = fields.Date(allow_none=True, load_default=None, label=N_("När mättes det?"), optional=IF_MEASURED)
    why = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad tror ni att det beror på?"))


class MeasureForm(Schema):
    """A measure, however much of it is known."""

    cause = fields.Uid(required=True, widget="select", label=N_("Vilken orsak ska den åtgärda?"))
    text = fields.String(required=True, min=2, max=300, label=N_("Vad gör ni?"))
    kind = fields.String(
        max=80,
        load_default="",
        widget="select",
        label=N_("Vad är det för slags åtgärd?"),
        hint=N_("Sorten avgör vem som ska tillfrågas."),
    )
    approach = fields.Choice(APPROACHES, required=True, widget="radios", label=N_("Vilken sorts åtgärd är det?"))
    goals = fields.List(fields.Uid(), max=50, load_default=list, widget="checkboxes", label=N_("För vilka mål?"))
    owner = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Vem gör det?"), optional=BEFORE_ASSIGNED
    )
    starts_on = fields.Date(allow_none=True, load_default=None, label=N_("När börjar det?"))
    ends_on = fields.Date(allow_none=True, load_default=None, label=N_("När är det klart?"), optional=BEFORE_ASSIGNED)
    hours = fields.Integer(min=0, max=1_000_000, allow_none=True, load_default=None, label=N_("Timmar"))
    budget = fields.Kronor(min=0, max=10_000_000_000, allow_none=True, load_default=None, label=N_("Pengar"))
    method = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Enligt vilken metod?"))
    horizon = fields.Choice(HORIZONS, load_default="kort", widget="radios", label=N_("På kort eller lång sikt?"))
    focus_area = fields.String(
        max=40, load_default="", widget="select", label=N_("Vilket av programmets fokusområden hör det till?")
    )
    priority_area = fields.String(
        max=40, load_default="", widget="select", label=N_("Vilket prioriterat område i överenskommelsen med polisen?")
    )


class NewMeasureForm(MeasureForm):
    """A measure to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class MeasureResultForm(Schema):
    """What came of a measure."""

    result = fields.Choice(MEASURE_RESULTS, required=True, widget="radios", label=N_("Blev det gjort?"))
    why = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad gjordes, och vad gav det?"))


class FollowUpForm(Schema):
    """The follow-up of a cycle."""

    text = fields.String(
        required=True, min=2, max=8000, multiline=True, label=N_("Vad har vi lärt oss, och vad gör vi nu?")
    )
