"""What is asked about agreements, meetings, decisions, commitments and checks."""

from __future__ import annotations

from typing import Any

from core.agreements.chapters import BY_NUMBER
from core.agreements.models import AGREEMENT_KINDS, ANSWERS, CHECK_RESULTS, COMMITMENT_KINDS, OCCASIONS, SIGNED_HOW
from core.agreements.schemas.collaborations import FUNCTION
from core.i18n import N_
from core.schema import Schema, fields

DAYS = {"min": 2, "max": 200}


class NewAgreementForm(Schema):
    """An agreement to draft."""

    uid = fields.Uid(required=True, widget="hidden")
    kind = fields.Choice(AGREEMENT_KINDS, required=True, widget="radios", label=N_("Vilken sorts överenskommelse?"))
    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter den?"))
    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vem leder arbetet med den?"))
    mandate = fields.String(required=True, min=2, max=120, label=N_("Vem har mandat att signera?"), hint=FUNCTION)
    collaboration = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Hör den till en platssamverkan?")
    )
    cycle = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Hör den till en samverkan i fem steg?")
    )


class AgreementForm(Schema):
    """What stands about a draft."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter den?"))
    valid_from = fields.Date(allow_none=True, load_default=None, label=N_("Vilken dag börjar den gälla?"))
    valid_to = fields.Date(allow_none=True, load_default=None, label=N_("Vilken är den sista dagen?"))
    answer_by = fields.Date(allow_none=True, load_default=None, label=N_("När ska parterna ha svarat på utkastet?"))
    places = fields.List(fields.Uid(), max=50, widget="checkboxes", load_default=list, label=N_("Vilka platser?"))
    areas = fields.List(fields.Uid(), max=50, widget="checkboxes", load_default=list, label=N_("Vilka områden?"))
    goals = fields.List(fields.Uid(), max=50, widget="checkboxes", load_default=list, label=N_("Vilka av målen?"))
    changed = fields.String(max=4000, multiline=True, load_default="", label=N_("Vad är nytt sedan den förra utgåvan?"))


class ChapterForm(Schema):
    """What is written in a chapter."""

    text = fields.String(max=8000, multiline=True, load_default="", label=N_("Text"))


def chapter_form(number: int) -> type[Schema]:
    """Return the form of one chapter, which asks what belongs there."""
    asks = BY_NUMBER[number].asks
    said: dict[str, Any] = {"text": fields.String(max=8000, multiline=True, load_default="", label=asks)}
    return type("ChapterForm", (ChapterForm,), said)


class PriorityForm(Schema):
    """A priority area."""

    uid = fields.Uid(required=True, widget="hidden")
    title = fields.String(required=True, min=2, max=200, label=N_("Vilket område?"))
    text = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad ska ni göra där?"))


class AnswerForm(Schema):
    """A party's answer to a draft."""

    text = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad säger ni om utkastet?"))


class SignForm(Schema):
    """A signature."""

    by = fields.String(required=True, min=2, max=120, label=N_("Vem signerar?"), hint=FUNCTION)
    on = fields.Date(required=True, label=N_("Vilken dag?"))
    how = fields.Choice(SIGNED_HOW, required=True, widget="radios", label=N_("Hur är den signerad?"))
    reference = fields.String(
        required=True, min=2, max=200, label=N_("Var finns underskriften?"),
        hint=N_("Diarienummer, eller id i systemet för e-underskrifter."),
    )  # fmt: skip


class ReviewForm(Schema):
    """What a yearly review came to."""

    result = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad kom ni fram till?"))


class NextForm(Schema):
    """The next edition."""

    uid = fields.Uid(required=True, widget="hidden")


# --- Meetings -----------------------------------------------------------------------------------------------------


class MeetingFields(Schema):
    """When, where and about what a meeting is."""

    held_at = fields.Instant(required=True, label=N_("När är mötet?"))
    location = fields.String(max=200, load_default="", label=N_("Var?"))
    agenda = fields.String(
        max=4000, multiline=True, load_default="", label=N_("Vad ska ni ta upp?"),
        hint=N_("Beslut som inte är gjorda kommer med av sig själva."),
    )  # fmt: skip


class MeetingForm(MeetingFields):
    """A meeting to call."""

    uid = fields.Uid(required=True, widget="hidden")
    group = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vilken grupp?"))


class MinutesForm(MeetingFields):
    """What was said, and who was there."""

    minutes = fields.String(
        max=8000, multiline=True, load_default="", label=N_("Minnesanteckningar"),
        hint=N_("Skriv inte om enskilda människor."),
    )  # fmt: skip
    present = fields.List(
        fields.Uid(), max=200, widget="checkboxes", load_default=list, label=N_("Vilka organisationer var med?")
    )


class DecisionForm(Schema):
    """What a meeting decided."""

    uid = fields.Uid(required=True, widget="hidden")
    text = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Vad beslutade ni?"))
    organisation = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vem gör det?"))
    function = fields.String(max=120, load_default="", label=N_("Vilken funktion?"), hint=FUNCTION)
    due_on = fields.Date(allow_none=True, load_default=None, label=N_("När ska det vara klart?"))


class DoneForm(Schema):
    """What was done."""

    reason = fields.String(max=1000, multiline=True, load_default="", label=N_("Vad gjordes?"))


# --- Commitments --------------------------------------------------------------------------------------------------

OFTEN = {
    "": N_("En gång"),
    "FREQ=WEEKLY": N_("Varje vecka"),
    "FREQ=WEEKLY;INTERVAL=2": N_("Varannan vecka"),
    "FREQ=MONTHLY": N_("Varje månad"),
    "FREQ=MONTHLY;INTERVAL=3": N_("Varje kvartal"),
    "FREQ=YEARLY": N_("Varje år"),
}
"""How often something is done, as the form offers it."""


class CommitmentForm(Schema):
    """What a party takes on."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken part?"))
    kind = fields.Choice(COMMITMENT_KINDS, required=True, widget="select", label=N_("Vilken sorts åtagande?"))
    what = fields.String(required=True, min=2, max=500, label=N_("Vad ska ni göra?"))
    location = fields.String(max=200, load_default="", label=N_("Var?"))
    starts_on = fields.Date(required=True, label=N_("Från och med"))
    rrule = fields.Choice(OFTEN, load_default="", widget="select", label=N_("Hur ofta?"))
    due_on = fields.Date(
        allow_none=True, load_default=None, label=N_("Senast, eller sista gången"),
        hint=N_("Det som görs en gång har alltid en dag."),
    )  # fmt: skip
    function = fields.String(max=120, load_default="", label=N_("Vilken funktion svarar för det?"), hint=FUNCTION)
    indicator = fields.String(max=300, load_default="", label=N_("Hur syns det att det är gjort?"))
    goal = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("För vilket mål?"))


class TimeForm(Schema):
    """Whether a commitment was kept."""

    kept = fields.Choice({"ja": N_("Ja"), "nej": N_("Nej")}, required=True, widget="radios", label=N_("Hölls det?"))
    told = fields.String(max=1000, multiline=True, load_default="", label=N_("Vad blev gjort, eller varför inte?"))


# --- Checks -------------------------------------------------------------------------------------------------------


class CheckFacts(Schema):
    """A check of democratic conditions; its questions come from the city's own list."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.Uid(required=True, widget="select", label=N_("Vilken organisation?"))
    occasion = fields.Choice(OCCASIONS, required=True, widget="radios", label=N_("Varför prövas den?"))
    by = fields.String(required=True, max=60, widget="select", label=N_("Vem prövar?"))
    function = fields.String(required=True, min=2, max=120, label=N_("Vilken funktion?"), hint=FUNCTION)
    checked_on = fields.Date(required=True, label=N_("Vilken dag?"))


class CheckResult(Schema):
    """What a check came to."""

    result = fields.Choice(CHECK_RESULTS, required=True, widget="radios", label=N_("Resultat"))
    note = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad bygger det på, och vad ska rättas?"))


def check_form(questions: list[tuple[str, str]]) -> type[Schema]:
    """Return the form of a check that asks these questions."""
    asked: dict[str, Any] = {
        key: fields.Choice(ANSWERS, required=True, widget="radios", label=question) for key, question in questions
    }
    # A class's own fields come after those of its last base: facts, questions, result.
    return type("CheckForm", (CheckResult, type("Questions", (Schema,), asked), CheckFacts), {})
