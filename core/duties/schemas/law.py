"""What is asked and told about who coordinates, the lägesbild, the plan and how the law is met."""

from __future__ import annotations

from core.cooperation.models import MEASURE_RESULTS
from core.duties.law import DUTIES, SECTIONS, SOURCE_KINDS, STANDINGS
from core.i18n import N_
from core.schema import ListFilter, Schema, fields

NAMED = {key: kind.title for key, kind in SECTIONS.items()}
FUNCTION_HINT = N_("En funktion, inte ett namn.")
LAST_DAY, UNTIL_FURTHER = N_("Till och med vilken dag?"), N_("Lämna tomt om det gäller tills vidare.")


class BoardFilter(ListFilter):
    """Which boards to list, and of which day."""

    visa = fields.Choice({"": N_("Alla"), "saknas": N_("Saknar samordnare")}, widget="hidden", load_default="")
    dag = fields.Date(allow_none=True, load_default=None, label=N_("Vilken dag?"))


class FunctionFields(Schema):
    """The coordination function of the municipality."""

    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken organisation har funktionen?"))
    title = fields.String(required=True, min=2, max=120, label=N_("Vad heter funktionen?"), hint=FUNCTION_HINT)
    mandate = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Vad har den mandat att göra?"))
    mailbox = fields.String(
        required=True, min=5, max=200, label=N_("Till vilken brevlåda skriver man?"), hint=N_("En funktionsbrevlåda.")
    )
    decided_on = fields.Date(required=True, label=N_("Vilken dag beslutades det?"))
    decided_by = fields.String(required=True, min=2, max=200, label=N_("Vem beslutade?"))
    decision = fields.String(max=120, load_default="", label=N_("Vilket beslut?"), hint=N_("Paragraf eller nummer."))
    valid_from = fields.Date(required=True, label=N_("Från vilken dag gäller det?"))


class FunctionForm(FunctionFields):
    """A coordination function to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class FunctionChange(FunctionFields):
    """A coordination function to correct."""

    valid_to = fields.Date(allow_none=True, load_default=None, label=LAST_DAY, hint=UNTIL_FURTHER)


class CoordinatorFields(Schema):
    """A samordnare."""

    organisation = fields.Uid(required=True, widget="select", label=N_("För vilken nämnd eller vilket bolag?"))
    title = fields.String(required=True, min=2, max=120, label=N_("Vad heter funktionen?"), hint=FUNCTION_HINT)
    mandate = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Vad har den mandat att göra?"))
    mailbox = fields.String(
        max=200, load_default="", label=N_("Till vilken brevlåda skriver man?"), hint=N_("En funktionsbrevlåda.")
    )
    share = fields.Integer(
        min=0,
        max=100,
        allow_none=True,
        load_default=None,
        label=N_("Hur stor del av en tjänst?"),
        suffix=N_("procent"),
    )
    decision = fields.String(max=120, load_default="", label=N_("Vilket beslut?"), hint=N_("Paragraf eller nummer."))
    valid_from = fields.Date(required=True, label=N_("Från vilken dag?"))


class CoordinatorForm(CoordinatorFields):
    """A samordnare to appoint."""

    uid = fields.Uid(required=True, widget="hidden")


class CoordinatorChange(CoordinatorFields):
    """A samordnare to correct."""

    valid_to = fields.Date(allow_none=True, load_default=None, label=LAST_DAY, hint=UNTIL_FURTHER)


class EndForm(Schema):
    """The last day of a function."""

    on = fields.Date(required=True, label=N_("Vilken blir den sista dagen?"))


class ReportForm(Schema):
    """A lägesbild to begin."""

    uid = fields.Uid(required=True, widget="hidden")
    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter lägesbilden?"))
    first_on = fields.Date(required=True, label=N_("Från vilken dag gäller uppgifterna?"))
    last_on = fields.Date(required=True, label=N_("Till vilken dag?"))


class SectionForm(Schema):
    """What a section says."""

    text = fields.String(max=20_000, multiline=True, load_default="", label=N_("Text"))


class SourceForm(Schema):
    """A source to list."""

    uid = fields.Uid(required=True, widget="hidden")
    kind = fields.Choice(SOURCE_KINDS, required=True, widget="select", label=N_("Vad är det för källa?"))
    name = fields.String(required=True, min=2, max=300, label=N_("Vad heter den?"))
    period = fields.String(max=60, load_default="", label=N_("Vilken tid gäller den?"))
    lacks = fields.String(max=500, load_default="", multiline=True, label=N_("Vad kan den inte svara på?"))


class TableForm(Schema):
    """A table for the appendix."""

    uid = fields.Uid(required=True, widget="hidden")
    title = fields.String(required=True, min=2, max=200, label=N_("Vad visar tabellen?"))
    source = fields.String(max=300, load_default="", label=N_("Varifrån kommer siffrorna?"))
    cells = fields.String(
        required=True,
        max=20_000,
        multiline=True,
        label=N_("Tabellen"),
        hint=N_("Klistra in från ett kalkylblad, rubriken överst. Eller skriv med semikolon mellan kolumnerna."),
    )


class DecisionForm(Schema):
    """Who decided, when, under which number."""

    decided_on = fields.Date(required=True, label=N_("Vilken dag?"))
    decided_by = fields.String(
        required=True, min=2, max=200, label=N_("Vem beslutade?"), hint=N_("Nämnd eller utskott.")
    )
    decision = fields.String(
        required=True, max=120, label=N_("Vilket beslut?"), hint=N_("Paragraf eller diarienummer.")
    )


class PlanForm(Schema):
    """A plan to begin."""

    uid = fields.Uid(required=True, widget="hidden")
    report = fields.Uid(required=True, widget="select", label=N_("Vilken lägesbild bygger planen på?"))
    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter planen?"))


class PlanMeasureForm(Schema):
    """A measure of the plan."""

    uid = fields.Uid(required=True, widget="hidden")
    text = fields.String(required=True, min=2, max=500, label=N_("Vad ska göras?"))
    section = fields.Choice(
        NAMED, required=True, widget="select", label=N_("Vilket avsnitt i lägesbilden svarar åtgärden på?")
    )
    organisation = fields.Uid(required=True, widget="select", label=N_("Vem ansvarar?"))
    function = fields.String(max=120, load_default="", label=N_("Vilken funktion där?"), hint=FUNCTION_HINT)
    ends_on = fields.Date(required=True, label=N_("När ska det vara klart?"))
    measure = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Är det en åtgärd i en samverkanscykel?")
    )


class ResultForm(Schema):
    """What a measure gave."""

    result = fields.Choice(MEASURE_RESULTS, required=True, widget="radios", label=N_("Gjordes det?"))
    why = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad gav det?"))


class FollowUpForm(Schema):
    """The follow-up of a plan."""

    text = fields.String(
        required=True, min=2, max=8000, multiline=True, label=N_("Vad har planen gett, och vad tar ni med er?")
    )


class StandingOut(Schema):
    """How one duty of the law stands."""

    duty = fields.Choice({key: duty.title for key, duty in DUTIES.items()}, required=True)
    title = fields.String(required=True, max=200)
    source = fields.String(required=True, max=200)
    state = fields.Choice(STANDINGS, required=True)
    told = fields.String(required=True, max=1000)
    on = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    link = fields.String(required=True, blank=True, max=200)


class StatementOut(Schema):
    """How the law's duties stand on a day."""

    day = fields.Date(required=True)
    municipality = fields.String(required=True, max=200)
    duties = fields.List(fields.Nested(StandingOut), required=True)
