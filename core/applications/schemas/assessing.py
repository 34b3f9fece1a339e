"""What is asked of who assesses, who stands aside, and who proposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.applications.models import POINTS, RECOMMENDATIONS
from core.applications.points import Judged
from core.i18n import N_, Text
from core.schema import Schema, fields
from core.schema.amounts import grouped

POINTS_OF, WHY_OF, YEAR_OF = "_points", "_why", "year_"
MET = {"1": N_("Ja"), "0": N_("Nej")}


class AssignForm(Schema):
    """Who is asked to assess, and by when."""

    person = fields.Uid(required=True, widget="select", label=N_("Vem ska bedöma?"))
    due_on = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("Senast vilken dag?"),
        hint=N_("Utan dag blir det tio arbetsdagar."),
    )


class _Ends(Schema):
    recommendation = fields.Choice(
        {"": N_("Inte valt än")} | RECOMMENDATIONS, load_default="", widget="radios", label=N_("Vad rekommenderar du?"),
        optional=N_("behövs för att lämna in"),
    )  # fmt: skip
    summary = fields.String(
        max=4000, multiline=True, load_default="", label=N_("Varför? Sammanfatta din bedömning."),
        optional=N_("behövs för att lämna in"),
    )  # fmt: skip


def assessment_form(criteria: Iterable[Judged]) -> type[Schema]:
    """Return the form of an assessment by these criteria: nothing is needed to save it."""
    asked: dict[str, Any] = {}
    needed = N_("behövs för att lämna in")
    for one in criteria:
        label = N_("Är det uppfyllt?") if one.gate else N_("Hur många poäng?")
        choices = {"": N_("Inte bedömt än")} | (MET if one.gate else POINTS)
        asked[one.key + POINTS_OF] = fields.Choice(
            choices, load_default="", widget="radios", label=label, optional=needed
        )
        asked[one.key + WHY_OF] = fields.String(
            max=2000, multiline=True, load_default="", label=N_("Varför?"), optional=needed
        )
    return type("AssessmentForm", (type("Criteria", (Schema,), asked), _Ends), {})


def scores_of(criteria: Iterable[Judged], known: Mapping[str, Any]) -> dict[str, tuple[int | None, str]]:
    """Return the points and reasons that a form says, by criterion."""
    return {
        one.key: (int(known[one.key + POINTS_OF]) if known[one.key + POINTS_OF] else None, known[one.key + WHY_OF])
        for one in criteria
    }


class NoteForm(Schema):
    """What the assessors say together."""

    text = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad säger ni gemensamt?"))
    points = fields.Choice(
        {"": N_("Var och en står för sina poäng")} | POINTS, load_default="", widget="select",
        label=N_("Vilka poäng är ni ense om?"),
    )  # fmt: skip


class GateNoteForm(NoteForm):
    """What the assessors say together of a gate."""

    points = fields.Choice(
        {"": N_("Var och en står för sitt svar")} | MET, load_default="", widget="select", label=N_("Är det uppfyllt?")
    )


def proposal_form(sought: Mapping[int, int]) -> type[Schema]:
    """Return the form of a proposal: an amount for each year that is sought."""
    asked: dict[str, Any] = {
        f"{YEAR_OF}{year}": fields.Kronor(
            allow_none=True, load_default=None, label=Text(N_("Hur mycket {year}?"), year=str(year)),
            hint=Text(N_("Sökt: {kronor} kr"), kronor=grouped(kronor)),
        )
        for year, kronor in sought.items()
    }  # fmt: skip
    return type("ProposalForm", (Schema,), asked)


def amounts_of(known: Mapping[str, Any]) -> dict[int, int]:
    """Return the kronor that a proposal says, by year."""
    return {int(name.removeprefix(YEAR_OF)): amount or 0 for name, amount in known.items()}


class PartialityForm(Schema):
    """From what one stands aside, and why."""

    uid = fields.Uid(required=True, widget="hidden")
    application = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Vilken ansökan?"),
        optional=N_("eller en nämnd"),
    )  # fmt: skip
    organisation = fields.String(
        max=60, load_default="", widget="select", label=N_("Eller allt som en nämnd söker för?"),
        optional=N_("eller en ansökan"),
    )  # fmt: skip
    reason = fields.String(
        required=True, min=2, max=1000, multiline=True, label=N_("Varför är du jävig?"),
        hint=N_("Till exempel: jag bor granne med platsen. Skriv inte om andra människor."),
    )  # fmt: skip
