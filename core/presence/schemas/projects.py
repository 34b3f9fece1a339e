"""What is asked and told about planning projects."""

from __future__ import annotations

from core.i18n import N_
from core.presence.models import KINDS, RESULTS
from core.presence.schemas.choices import on_place, own_organisation, tabs_choice
from core.presence.states import PROJECT
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

STATES = {key: state.label for key, state in PROJECT.states.items()}
PARTS = {"pagar": N_("Pågående"), "avslutade": N_("Färdiga och avbrutna")}


class ProjectForm(Schema):
    """A project; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)
    title = fields.String(required=True, min=2, max=200, label=N_("Vad heter projektet?"))
    kind = fields.Choice(KINDS, required=True, widget="radios", label=N_("Vad är det?"))
    where = on_place()
    organisation = own_organisation(N_("Vem driver det?"))
    reference = fields.String(max=60, load_default="", label=N_("Diarienummer"))
    description = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad ska byggas eller ändras?"))
    starts_on = fields.Date(required=True, label=N_("När började det?"))
    ready_on = fields.Date(allow_none=True, load_default=None, label=N_("När ska det vara färdigt?"))


class GoalForm(Schema):
    """A goal of social value."""

    text = fields.String(
        required=True,
        min=2,
        max=500,
        multiline=True,
        label=N_("Vad ska bli sant när projektet är färdigt?"),
        hint=N_("Ett socialt mål, till exempel att gångvägen känns trygg även på kvällen."),
    )
    responsible = fields.Uid(required=True, widget="select", label=N_("Vem följer upp målet?"))
    follow_up_on = fields.Date(required=True, label=N_("Följs upp senast"))


class ResultForm(Schema):
    """What came of a goal."""

    result = fields.Choice(RESULTS, required=True, widget="radios", label=N_("Är målet uppnått?"))
    why = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Hur vet ni det?"))


class AskForm(Schema):
    """A question to the safety side."""

    asked = fields.Uid(required=True, widget="select", label=N_("Vem frågar ni?"))
    question = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad vill ni veta?"))


class ReplyForm(Schema):
    """The answer of who was asked."""

    text = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad svarar ni?"))


class ProjectFilter(ListFilter):
    """Which projects are shown."""

    visa = tabs_choice(PARTS, "pagar")


class ProjectQuery(ListQuery):
    """Which projects to list in the API."""

    part = fields.Choice(PARTS, load_default="pagar")


class ProjectLine(Schema):
    """A project."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    kind = fields.Choice(KINDS, required=True)
    place = fields.Uid(required=True)
    organisation = fields.Uid(required=True)
    starts_on = fields.Date(required=True)
    ready_on = fields.Date(required=True, allow_none=True)
    state = fields.Choice(STATES, required=True)


class ProjectPage(ListPage):
    """A page of projects."""

    items = fields.List(fields.Nested(ProjectLine), required=True)
