"""What is asked and told about ILS."""

from __future__ import annotations

from core.documents import TableOptions
from core.duties.models import ACTIVITY_STATES, DIRECTIONS, PERIODS, VERDICTS
from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

YEARS = {"min": 2000, "max": 2100}


class IlsFilter(ListFilter):
    """Which reports to list."""

    ar = fields.Year(**YEARS, allow_none=True, load_default=None, label=N_("Vilket år?"))


class OpenForm(Schema):
    """A tertial to open."""

    year = fields.Year(**YEARS, required=True, label=N_("Vilket år?"))
    period = fields.Choice(PERIODS, required=True, widget="select", label=N_("Vilken tertial?"))
    organisations = fields.List(
        fields.Uid(), min=1, required=True, widget="checkboxes", label=N_("För vilka nämnder och bolag?")
    )


class GoalFilter(ListFilter):
    """Whose goals to show, of which year."""

    ar = fields.Year(**YEARS, allow_none=True, load_default=None, label=N_("Vilket år?"))
    organisation = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vilken nämnd?"))


class BoardGoalForm(Schema):
    """A board's goal."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.Uid(required=True, widget="hidden")
    year = fields.Integer(**YEARS, required=True, widget="hidden")
    parent = fields.Uid(required=True, widget="select", label=N_("Under vilket av KF:s mål?"))
    nr = fields.String(required=True, max=20, label=N_("Målets nummer"))
    text = fields.String(required=True, min=2, max=500, label=N_("Vad är nämndens mål?"))


class GoalFields(Schema):
    """What is changed of a board's goal."""

    nr = fields.String(required=True, max=20, label=N_("Målets nummer"))
    text = fields.String(required=True, min=2, max=500, label=N_("Vad är nämndens mål?"))


class IndicatorFields(Schema):
    """An indicator of a goal."""

    text = fields.String(required=True, min=2, max=300, label=N_("Vad mäts?"))
    unit = fields.String(max=40, load_default="", label=N_("I vilken enhet?"))
    target = fields.Float(required=True, min=-1e12, max=1e12, label=N_("Årsmål"))
    direction = fields.Choice(DIRECTIONS, load_default="hogre", widget="radios", label=N_("Vad är bättre?"))
    measured_by = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Mäts det av ett mål i en samverkanscykel?"),
        hint=N_("Då hämtas utfallet från målets resultat när inget annat är skrivet."),
    )


class IndicatorForm(IndicatorFields):
    """A new one."""

    uid = fields.Uid(required=True, widget="hidden")


class ActivityFields(Schema):
    """An activity of a goal."""

    text = fields.String(required=True, min=2, max=300, label=N_("Vad ska göras?"))
    measure = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Är det en åtgärd i en samverkanscykel?")
    )


class ActivityForm(ActivityFields):
    """A new one."""

    uid = fields.Uid(required=True, widget="hidden")


class IndicatorLineForm(Schema):
    """How an indicator stands."""

    outcome = fields.Float(allow_none=True, load_default=None, min=-1e12, max=1e12, label=N_("Utfall"))
    forecast = fields.Float(allow_none=True, load_default=None, min=-1e12, max=1e12, label=N_("Prognos för året"))
    comment = fields.String(max=1000, multiline=True, load_default="", label=N_("Kommentar"))


class ActivityLineForm(Schema):
    """How an activity stands."""

    status = fields.Choice(ACTIVITY_STATES, required=True, widget="radios", label=N_("Hur står det till?"))
    deviation = fields.String(
        max=1000,
        multiline=True,
        load_default="",
        label=N_("Varför avviker den?"),
        hint=N_("Behövs om den är försenad."),
    )
    comment = fields.String(max=1000, multiline=True, load_default="", label=N_("Kommentar"))


class VerdictForm(Schema):
    """Whether a goal is met."""

    verdict = fields.Choice(VERDICTS, required=True, widget="radios", label=N_("Uppfylls målet?"))


class CityGoalRow(Schema):
    """A goal of kommunfullmäktige as a file has it. `also` are headings under which it may stand."""

    key = fields.String(
        required=True,
        max=40,
        label=N_("År och nummer"),
        hint=N_("År, kolon och målets nummer, till exempel 2027:1.2."),
        metadata={"also": ("nummer", "mål nr", "id", "nyckel")},
    )
    text = fields.String(required=True, min=2, max=500, label=N_("Målet"), metadata={"also": ("mål", "kf_mal", "text")})
    under = fields.String(
        max=20,
        load_default="",
        label=N_("Under inriktningsmål nummer"),
        hint=N_("Tomt för ett inriktningsmål."),
        metadata={"also": ("inriktningsmål", "under", "överordnat")},
    )


class IlsTableOptions(TableOptions):
    """As what the rows of a report are wanted."""


class IlsQuery(ListQuery):
    """Which reports to list in the API."""

    year = fields.Integer(**YEARS)


class IlsRowOut(Schema):
    """A row of the export, with the city's own names of its columns."""

    org = fields.String(required=True, max=200)
    period = fields.String(required=True, max=20)
    kf_mal = fields.String(required=True, max=600)
    namndmal = fields.String(required=True, max=600)
    indikator = fields.String(required=True, blank=True, max=300)
    arsmal = fields.Float(required=True, allow_none=True)
    utfall = fields.Float(required=True, allow_none=True)
    prognos = fields.Float(required=True, allow_none=True)
    enhet = fields.String(required=True, blank=True, max=40)
    kommentar = fields.String(required=True, blank=True, max=1000, multiline=True)
    aktivitet = fields.String(required=True, blank=True, max=300)
    status = fields.String(required=True, blank=True, max=40)
    avvikelse_orsak = fields.String(required=True, blank=True, max=1000, multiline=True)


class IlsLineOut(Schema):
    """A report in a list."""

    uid = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    name = fields.String(required=True, max=200)
    year = fields.Integer(required=True)
    period = fields.Choice(PERIODS, required=True)
    due_on = fields.Date(required=True)
    closed = fields.Boolean(required=True)


class IlsReportOut(IlsLineOut):
    """A report with its rows, and what it says in words."""

    text = fields.String(required=True, blank=True, max=20_000)
    rows = fields.List(fields.Nested(IlsRowOut), required=True)


class IlsPage(ListPage):
    """A page of reports; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(IlsLineOut), required=True)
