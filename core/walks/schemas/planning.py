"""The pages on which a walk is planned: a task list, each part a form of its own."""

from __future__ import annotations

from core.i18n import N_
from core.places.outline import CITY_S_OWN, TITLES
from core.schema import Schema, fields
from core.walks.limits import FEEDBACK, LIMITS
from core.walks.models import AGES, CATEGORIES, GENDERS, LIGHTS, THEMES

NAMES = N_("En plats på varje rad: namnet eller numret, till exempel Rågsveds torg eller PL-00001.")


def _text(label: str, hint: str = "", longest: int = 500) -> fields.String:
    return fields.String(max=longest, multiline=True, load_default="", label=label, hint=hint)


def _one_more() -> fields.String:
    words = N_("Lägg till en plats")
    return fields.String(max=300, load_default="", label=words, hint=N_("Skriv början av namnet och välj i listan."))


class NewWalkForm(Schema):
    """What is asked first of a walk."""

    title = fields.String(required=True, min=1, max=200, label=N_("Vad heter vandringen?"))
    theme = fields.Choice(THEMES, required=True, widget="select", label=N_("Vilket tema har den?"))
    planned_at = fields.Instant(required=True, label=N_("När börjar den?"))
    organiser = fields.String(required=True, min=1, max=60, widget="select", label=N_("Vem leder den?"))
    places = _text(N_("Vilka platser går den genom?"), NAMES, 4000)
    one_more = _one_more()
    purpose = _text(N_("Vad är syftet?"), longest=2000)
    light_reason = _text(
        N_("Varför går den i dagsljus?"), N_("Behövs bara om temat är belysning och solen inte har gått ner.")
    )
    follows = fields.Uid(allow_none=True, load_default=None, widget="hidden")


class PlanForm(Schema):
    """The plan: what, when, where, why."""

    title = fields.String(required=True, min=1, max=200, label=N_("Vad heter vandringen?"))
    theme = fields.Choice(THEMES, required=True, widget="select", label=N_("Vilket tema har den?"))
    planned_at = fields.Instant(required=True, label=N_("När börjar den?"))
    pre_meeting_at = fields.Instant(allow_none=True, load_default=None, label=N_("När är förmötet?"))
    feedback_meeting_at = fields.Instant(
        allow_none=True, load_default=None, label=N_("När är återkopplingsmötet?"), hint=LIMITS[FEEDBACK]
    )
    places = _text(N_("Vilka platser går den genom?"), NAMES, 4000)
    one_more = _one_more()
    purpose = _text(N_("Vad är syftet?"), longest=2000)
    invitation = _text(N_("Vad ska stå i inbjudan?"), longest=4000)
    weather = fields.String(max=200, load_default="", label=N_("Hur är vädret?"))
    light = fields.Choice(
        {"": N_("Som solen säger"), **LIGHTS}, load_default="", widget="select", label=N_("Hur är ljuset?")
    )
    light_reason = _text(N_("Varför är ljuset ett annat än solen säger, eller varför går den i dagsljus?"))


class WayForm(Schema):
    """The route and its stops, as text."""

    system = fields.Choice(
        TITLES, load_default=CITY_S_OWN, widget="select", label=N_("Vilket koordinatsystem skriver du i?")
    )
    route = _text(N_("Vilken väg går ni?"), N_("En punkt på varje rad, till exempel 6571240 154870."), 20_000)
    stops = _text(
        N_("Var stannar ni?"),
        N_("Ett stopp på varje rad: namn; koordinater; frågor. Till exempel: Trappan; 6571240 154870; Ser man bra?"),
        20_000,
    )


class PeopleForm(Schema):
    """Who holds the walk together, and who does what on it."""

    partners = fields.List(
        fields.Uid(), max=50, load_default=list, widget="checkboxes", label=N_("Vilka är medarrangörer?")
    )
    leader = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vem leder samtalet?"))
    note_taker = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vem antecknar?"))
    photographer = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vem fotograferar?"))
    groups = fields.Integer(min=1, max=20, load_default=1, label=N_("Hur många grupper går ni i?"))


class SafetyForm(Schema):
    """Whether everybody can come along, and what could go wrong."""

    steps = _text(N_("Finns det trappor eller branta backar?"))
    rest = _text(N_("Var kan man vila?"))
    language_support = _text(N_("Vilket språkstöd finns?"))
    lone_worker = fields.Boolean(load_default=False, label=N_("Någon arbetar ensam under vandringen"))
    police = _text(N_("Är polisen med?"))
    risks = _text(N_("Vilka risker finns, och vad gör ni åt dem?"), longest=2000)


class CountForm(Schema):
    """How many of a category took part."""

    category = fields.Choice(CATEGORIES, required=True, widget="select", label=N_("Vilka?"))
    age = fields.Choice(AGES, load_default="", widget="select", label=N_("Ålder"))
    gender = fields.Choice(GENDERS, load_default="", widget="select", label=N_("Kön"))
    count = fields.Integer(
        required=True, min=0, max=2000, label=N_("Hur många?"), hint=N_("0 tar bort raden. Skriv inga namn.")
    )


class DecisionForm(Schema):
    """What becomes of two observations that may be one."""

    kept = fields.Uid(required=True)
    other = fields.Uid(required=True)
    what = fields.Choice({"sla_ihop": N_("Slå ihop"), "behall": N_("Behåll båda")}, required=True, widget="hidden")
