"""Who is asked about a measure, what they answer; perspectives; methods of the library."""

from __future__ import annotations

from core.cooperation.models import APPROACHES, EVIDENCE_GRADES, LEVELS, SIDES, STANCES
from core.i18n import N_, Text
from core.schema import ListFilter, ListQuery, Schema, fields

FITS = {**SIDES} | {
    f"{side}:{level}": Text(N_("{side}, {level}"), side=label, level=named)
    for side, label in SIDES.items()
    for level, named in LEVELS.items()
}
"""Against which causes a method is meant: any of a side, or those of one level there."""


IF_RELEVANT = N_("behövs om det är relevant")


class AskForm(Schema):
    """A body to ask about a measure."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.Uid(required=True, widget="select", label=N_("Vem ska tillfrågas?"))
    function = fields.String(
        required=True, min=2, max=120, label=N_("Vilken funktion?"), hint=N_("En funktion, inte ett namn.")
    )
    question = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad vill ni veta?"))
    answer_by = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("När behöver ni svaret?"),
        hint=N_("Utan dag gäller 15 arbetsdagar."),
    )


class AnswerForm(Schema):
    """What a body that was asked answers."""

    stance = fields.Choice(STANCES, required=True, widget="radios", label=N_("Vad anser ni?"))
    answer = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad svarar ni?"))


class ConsiderForm(Schema):
    """How an answer was considered."""

    considered = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Hur beaktades svaret?"))


class PerspectiveForm(Schema):
    """How a measure looks from a perspective, however much of it is known."""

    relevant = fields.Boolean(load_default=False, label=N_("Perspektivet är relevant för åtgärden"))
    why_not = fields.String(
        max=1000,
        multiline=True,
        load_default="",
        label=N_("Varför är det inte relevant?"),
        optional=N_("behövs om det inte är relevant"),
    )
    heard = fields.String(
        max=500,
        load_default="",
        label=N_("Vilka har hörts?"),
        hint=N_("Till exempel elevrådet eller pensionärsrådet. Inga namn."),
        optional=IF_RELEVANT,
    )
    how = fields.String(max=500, load_default="", label=N_("Hur hördes de?"))
    considered = fields.String(
        max=2000, multiline=True, load_default="", label=N_("Hur har det beaktats?"), optional=IF_RELEVANT
    )


class OutcomeForm(Schema):
    """What came of a perspective."""

    outcome = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Hur blev det?"))


class MethodForm(Schema):
    """A method of the library."""

    name = fields.String(required=True, min=2, max=200, label=N_("Vad heter metoden?"))
    what = fields.String(max=1000, multiline=True, load_default="", label=N_("Vad gör man?"))
    approach = fields.Choice(APPROACHES, required=True, widget="radios", label=N_("Vilken sorts metod är det?"))
    grade = fields.Choice(EVIDENCE_GRADES, required=True, widget="radios", label=N_("Hur starkt är stödet för den?"))
    source = fields.String(
        required=True,
        min=2,
        max=300,
        label=N_("Var står det?"),
        hint=N_("Till exempel en adress eller en rapport. Skriv Ange källa om ingen har letat än."),
    )
    fits = fields.Choices(FITS, load_default=list, label=N_("Mot vilka orsaker?"))
    valid_from = fields.Date(required=True, label=N_("Från vilken dag används den?"))
    valid_to = fields.Date(
        allow_none=True, load_default=None, label=N_("Till vilken dag?"), hint=N_("Utan dag används den tills vidare.")
    )


class NewMethodForm(MethodForm):
    """A method to add."""

    uid = fields.Uid(required=True, widget="hidden")


class MethodFilter(ListFilter):
    """Which methods to list."""

    sida = fields.Choice({"": N_("Alla orsaker"), **SIDES}, widget="select", load_default="", label=N_("Mot orsaker"))
    sort = fields.Choice({"": N_("Alla sorter"), **APPROACHES}, widget="select", load_default="", label=N_("Sort"))
    visa = fields.Choice(
        {"": N_("Används"), "slut": N_("Används inte längre")}, widget="select", load_default="", label=N_("Visa")
    )


class MethodRow(Schema):
    """A method as a row of a list that somebody else keeps, such as Socialstyrelsens metodguide.

    `also` are headings under which such lists have it.
    """

    number = fields.String(
        required=True,
        max=60,
        label=N_("Nyckel"),
        hint=N_("Det som listan känner metoden på. Samma nyckel förs in en gång."),
        metadata={"also": ("id", "nyckel", "nummer", "key")},
    )
    name = fields.String(
        required=True,
        min=2,
        max=200,
        label=N_("Metod"),
        metadata={"also": ("namn", "metod", "metodnamn", "insats", "name", "titel")},
    )
    what = fields.String(
        max=1000,
        multiline=True,
        load_default="",
        label=N_("Beskrivning"),
        metadata={"also": ("beskrivning", "kort beskrivning", "vad", "description")},
    )
    approach = fields.Choice(
        APPROACHES, load_default="social", label=N_("Sort"), metadata={"also": ("sort", "typ", "approach")}
    )
    grade = fields.Choice(
        EVIDENCE_GRADES,
        load_default="oklar",
        label=N_("Stöd"),
        hint=N_("Utan uppgift står det som oklart."),
        metadata={"also": ("evidens", "evidensgrad", "stöd", "grade")},
    )
    source = fields.String(
        required=True,
        min=2,
        max=300,
        label=N_("Källa"),
        metadata={"also": ("källa", "länk", "url", "source")},
    )
    fits = fields.String(
        max=300,
        load_default="",
        label=N_("Mot orsaker"),
        hint=N_("Till exempel plats_kontroll:situation, med blanksteg mellan."),
        metadata={"also": ("orsaker", "fits")},
    )


class MethodQuery(ListQuery):
    """Which methods to list in the API."""

    side = fields.Choice({"": "", **SIDES}, load_default="")


class FitOut(Schema):
    """Against which causes a method is meant; an empty level is any."""

    side = fields.Choice(SIDES, required=True)
    causal_level = fields.Choice({"": "", **LEVELS}, required=True)


class MethodOut(Schema):
    """A method of the library."""

    uid = fields.Uid(required=True)
    name = fields.String(required=True, max=200)
    what = fields.String(required=True, blank=True, max=1000, multiline=True)
    approach = fields.Choice(APPROACHES, required=True)
    grade = fields.Choice(EVIDENCE_GRADES, required=True)
    source = fields.String(required=True, max=300)
    fits = fields.List(fields.Nested(FitOut), required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)


class MethodList(Schema):
    """The library."""

    items = fields.List(fields.Nested(MethodOut), required=True)
