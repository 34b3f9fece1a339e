"""Who is asked about an application, what is answered; the parts of consultation and of leave."""

from __future__ import annotations

from core.applications.models import STANCES
from core.applications.schemas.parts import FORMS, told
from core.applications.states import ASKED
from core.i18n import N_
from core.schema import ListPage, ListQuery, Schema, fields


class ConsultationForm(Schema):
    """What there is to say about those who were asked."""

    consultation_note = told(
        N_("Vad mer behöver den som bedömer veta om samrådet?"),
        4000,
        N_("Till exempel vad boende eller näringsidkare har sagt."),
    )


class ControlForm(Schema):
    """What there is to say about who lets it be done."""

    control_note = told(
        N_("Vad mer behöver den som bedömer veta om rådigheten?"),
        4000,
        N_("Till exempel servitut, arrende, eller att någon annan än den som står i listan äger marken."),
    )


FORMS["samrad"], FORMS["radighet"] = ConsultationForm, ControlForm


class AskForm(Schema):
    """An organisation to ask."""

    uid = fields.Uid(required=True, widget="hidden")
    organisation = fields.Uid(required=True, widget="select", label=N_("Vem ska tillfrågas?"))
    question = fields.String(
        max=2000,
        multiline=True,
        load_default="",
        label=N_("Vad vill ni veta?"),
        hint=N_("Den som frågas ser ansökans namn, platserna, åtgärderna och frågan. Inget annat."),
    )


class AnswerForm(Schema):
    """What an organisation answers."""

    stance = fields.Choice(STANCES, required=True, widget="radios", label=N_("Vad anser ni?"))
    answer = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad svarar ni?"))


class WrittenInForm(Schema):
    """An answer that came in another way."""

    stance = fields.Choice(STANCES, required=True, widget="radios", label=N_("Vad ansåg de?"))
    answer = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad svarade de?"))
    answered_on = fields.Date(required=True, label=N_("Vilken dag?"))
    source = fields.String(
        required=True,
        min=2,
        max=300,
        label=N_("Hur kom svaret?"),
        hint=N_("Till exempel e-post till nämndens brevlåda, eller ett beslut med paragraf. Inga namn."),
    )


class ConsiderForm(Schema):
    """How an answer was considered."""

    considered = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Hur beaktades svaret?"))


class DeclineForm(Schema):
    """Why an owner does not promise to look after something."""

    why = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför kan ni inte lova det?"))


class AskQuery(ListQuery):
    """Which questions to list in the API."""

    answered = fields.Boolean(load_default=False)


class AskOut(Schema):
    """A question to an organisation, with its answer."""

    uid = fields.Uid(required=True)
    asked_for = fields.Choice({"samrad": N_("Samråd"), "medgivande": N_("Medgivande")}, required=True)
    state = fields.Choice({key: state.label for key, state in ASKED.states.items()}, required=True)
    organisation = fields.Uid(required=True)
    application = fields.String(required=True, max=120)
    number = fields.String(required=True, max=20)
    asked_by = fields.String(required=True, max=200)
    asked_at = fields.Instant(required=True)
    question = fields.String(required=True, blank=True, max=2000, multiline=True)
    stance = fields.Choice({"": "", **STANCES}, required=True)
    answer = fields.String(required=True, blank=True, max=4000, multiline=True)
    answered_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)


class AskedMeasure(Schema):
    """A measure, as who is asked is told of it."""

    number = fields.Integer(required=True)
    text = fields.String(required=True, max=500, multiline=True)
    place = fields.String(required=True, blank=True, max=200)


class AskWhole(AskOut):
    """A question with what it is about."""

    places = fields.List(fields.String(max=200), required=True)
    measures = fields.List(fields.Nested(AskedMeasure), required=True)


class AskPage(ListPage):
    """A page of questions; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(AskOut), required=True)
