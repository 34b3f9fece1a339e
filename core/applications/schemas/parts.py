"""What is asked to begin an application, and in its parts: all of a part can be left out, the coach asks for it."""

from __future__ import annotations

from typing import Any

from core.applications.models import PERMIT_KINDS, PERMIT_STANDS, PERSPECTIVES
from core.i18n import N_
from core.schema import Schema, fields


def told(label: str, longest: int, hint: str = "") -> fields.String:
    """Return a question that is answered in words."""
    return fields.String(max=longest, multiline=True, load_default="", label=label, hint=hint)


class NewApplicationForm(Schema):
    """The least that an application needs."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vilken nämnd söker?"))
    programme = fields.Uid(required=True, widget="select", label=N_("Vilken satsning söker ni medel ur?"))
    in_round = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Vilken omgång?"),
        hint=N_("Ansökan kan sparas utan omgång och lämnas in i en senare."),
    )
    title = fields.String(
        required=True,
        min=5,
        max=120,
        label=N_("Vad heter åtgärden?"),
        hint=N_("Platsen och vad ni vill göra, till exempel Stieg Trenters torg: sittplatser, utegym och schack."),
    )


class PlacesForm(Schema):
    """The places that an application is about."""

    places = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Vilka platser gäller ansökan?"),
        hint=N_("En plats på varje rad: namnet eller numret, till exempel Rågsveds torg eller PL-00001."),
    )
    one_more = fields.String(
        max=300, load_default="", label=N_("Lägg till en plats"), hint=N_("Skriv början av namnet och välj i listan.")
    )
    access_note = told(N_("Hur når allmänheten platsen?"), 2000, N_("Till exempel öppettider, grindar eller arrende."))


class ProblemForm(Schema):
    """What is wrong."""

    problem = told(
        N_("Vad är problemet?"),
        8000,
        N_("Skriv vad som händer, var, när och för vilka. Skriv inte om enskilda människor."),
    )


class EvidenceDoneForm(Schema):
    """Nothing: what shows the problem are rows."""


class CausesForm(Schema):
    """Which cycle the causes were tested in, and what there is to say about it."""

    cycle = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("I vilken samverkan är orsakerna prövade?"),
        hint=N_("Orsakerna skrivs och prövas där, med parterna."),
    )
    cause_note = told(N_("Vad mer behöver den som bedömer veta om orsakerna?"), 4000)


class MeasuresForm(Schema):
    """What else could be done, and what may follow elsewhere."""

    alternatives = told(
        N_("Vilka andra sätt har ni övervägt, och vad händer om ni inte gör något?"),
        4000,
    )
    displacement = told(
        N_("Kan problemet flytta någon annanstans?"), 4000, N_("Nämn platserna intill, och vad ni gör då.")
    )


class GoalsForm(Schema):
    """Which goals of the cycle the measures are for."""

    goals = fields.List(fields.Uid(), max=50, load_default=list, widget="checkboxes", label=N_("För vilka mål?"))
    focus_area = fields.String(
        max=40, load_default="", widget="select", label=N_("Vilket av programmets fokusområden hör det till?")
    )
    expected = told(
        N_("Vad väntar ni er att åtgärderna ger?"), 4000, N_("När märks det, för vilka, och enligt vilken mätning?")
    )


class PerspectiveFields(Schema):
    """A perspective."""

    impact = told(N_("Hur påverkas de?"), 2000)
    considered = told(N_("Hur har ni tagit hänsyn till det?"), 2000)
    heard = told(N_("Vilka har ni hört, och när?"), 1000)


class ChildrenFields(Schema):
    """Whether children were heard."""

    children_heard = fields.Choice(
        {"": N_("Inte besvarat"), "ja": N_("Ja"), "nej": N_("Nej")},
        load_default="",
        widget="radios",
        label=N_("Har barn fått säga vad de tycker?"),
    )
    children_note = told(
        N_("Hur gick det till, eller varför inte?"),
        2000,
        N_("Svaret behövs både när barn har hörts och när de inte har."),
    )


PerspectivesForm: type[Schema] = type(
    "PerspectivesForm",
    (ChildrenFields,),
    {key: fields.Nested(PerspectiveFields, load_default=dict, label=label) for key, label in PERSPECTIVES.items()},
)


class PermitFields(Schema):
    """A permit: whether it is needed, and how it stands."""

    stands = fields.Choice(PERMIT_STANDS, load_default="oklart", widget="select", label=N_("Hur är läget?"))
    reference = fields.String(max=120, load_default="", label=N_("Diarienummer"))
    note = told(N_("Något mer om tillståndet?"), 500)


class DaysFields(Schema):
    """When the work begins and ends."""

    starts_on = fields.Date(allow_none=True, load_default=None, label=N_("När börjar arbetet?"))
    completes_on = fields.Date(allow_none=True, load_default=None, label=N_("När är det klart?"))


ScheduleForm: type[Schema] = type(
    "ScheduleForm",
    (DaysFields,),
    {key: fields.Nested(PermitFields, load_default=dict, label=label) for key, label in PERMIT_KINDS.items()},
)

FORMS: dict[str, type[Schema]] = {
    "plats": PlacesForm,
    "problem": ProblemForm,
    "underlag": EvidenceDoneForm,
    "orsaker": CausesForm,
    "atgarder": MeasuresForm,
    "mal": GoalsForm,
    "perspektiv": PerspectivesForm,
    "tidplan": ScheduleForm,
}
"""The own form of each part, by its key."""


class MeasureLineForm(Schema):
    """A measure that money is sought for."""

    kind = fields.String(max=80, load_default="", widget="select", label=N_("Vad är det för slags åtgärd?"))
    text = fields.String(required=True, min=2, max=500, multiline=True, label=N_("Vad gör ni?"))
    quantity = fields.Float(min=0, max=1_000_000_000, allow_none=True, load_default=None, label=N_("Hur mycket?"))
    unit = fields.String(max=40, load_default="", label=N_("Enhet"), hint=N_("Till exempel stycken eller meter."))
    place = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("På vilken plats?"))
    cause = fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Vilken orsak ska den åtgärda?"),
        hint=N_("Varje åtgärd ska hänga på en trolig orsak."),
    )
    measure = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Vilken åtgärd i samverkans plan är det?")
    )
    amount = fields.Kronor(min=0, max=10_000_000_000, allow_none=True, load_default=None, label=N_("Vad kostar den?"))
    built = fields.Boolean(load_default=False, label=N_("Något byggs eller ställs dit, som ska skötas efteråt"))
    weight = fields.Integer(
        min=0, max=100, load_default=0, label=N_("Hur stor del av arbetet är det?"), suffix=N_("procent")
    )


class NewMeasureLineForm(MeasureLineForm):
    """A measure to write down."""

    uid = fields.Uid(required=True, widget="hidden")


class MilestoneForm(Schema):
    """A step of the work."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad ska vara gjort?"))
    due_on = fields.Date(required=True, label=N_("Vilken dag?"))
    weight = fields.Integer(
        min=0, max=100, load_default=0, label=N_("Hur stor del av arbetet är det?"), suffix=N_("procent")
    )
    note = told(N_("Något mer om milstolpen?"), 1000)


class NewMilestoneForm(MilestoneForm):
    """A step to write down."""

    uid = fields.Uid(required=True, widget="hidden")


def said_of(key: str, known: dict[str, Any]) -> dict[str, Any]:
    """Return what a part's form says as its service takes it: rows by their key under one name."""
    if key == "perspektiv":
        return _gathered(known, "perspectives", PERSPECTIVES)
    return _gathered(known, "permits", PERMIT_KINDS) if key == "tidplan" else known


def _gathered(known: dict[str, Any], name: str, keys: Any) -> dict[str, Any]:
    rows = {key: known[key] for key in keys if key in known}
    return {one: value for one, value in known.items() if one not in keys} | {name: rows}
