"""What the steps of an application ask."""

from __future__ import annotations

from core.applications.parts import PARTS
from core.applications.states import APPLICATION
from core.i18n import N_
from core.schema import ReasonForm, Schema, fields

MOST = 500


class BoardDecisionForm(Schema):
    """The board's own decision."""

    decided_on = fields.Date(required=True, label=N_("Vilken dag beslutade nämnden?"))
    paragraph = fields.String(
        required=True, min=1, max=20, label=N_("Vilken paragraf har beslutet?"), hint=N_("Till exempel § 12.")
    )
    at_once = fields.Boolean(load_default=False, label=N_("Beslutet justerades omedelbart"))
    diary_own = fields.String(max=60, load_default="", label=N_("Vilket diarienummer har nämndens ärende?"))


class _Completing(Schema):
    """By when it is to be completed; a field for each part is added below."""

    reply_by = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("Senast när?"),
        hint=N_("Lämna tomt för 10 arbetsdagar. Skriv annars till exempel 2027-03-27."),
    )


CompletingForm: type[Schema] = type(
    "CompletingForm",
    (_Completing,),
    {key: fields.String(max=MOST, multiline=True, load_default="", label=part.title) for key, part in PARTS.items()},
)
"""What is to be completed: in words under each part that it concerns."""


class AssessingForm(Schema):
    """That the city's own case is registered."""

    diary_city = fields.String(
        required=True,
        min=2,
        max=60,
        label=N_("Vilket diarienummer har kommunstyrelsens ärende?"),
        hint=N_("Till exempel KS 2027/911."),
    )
    registered = fields.Boolean(load_default=False, label=N_("Registratorn har registrerat ansökan"))


class RoundChoiceForm(Schema):
    """Which round an application is for."""

    in_round = fields.Uid(
        allow_none=True, load_default=None, widget="select", label=N_("Vilken omgång är ansökan till?")
    )


STEPS: dict[str, type[Schema]] = {
    "begar_granskning": Schema,
    "aterlamna": ReasonForm,
    "godkann": Schema,
    "oppna_igen": ReasonForm,
    "registrera_namndbeslut": BoardDecisionForm,
    "ratta_namndbeslut": ReasonForm,
    "skicka_in": Schema,
    "aterta": ReasonForm,
    "begar_komplettering": CompletingForm,
    "komplettera": Schema,
    "borja_bedoma": AssessingForm,
    "bedom_igen": ReasonForm,
    "skriv_om": ReasonForm,
    "ta_upp": Schema,
    "aterkalla": ReasonForm,
    "avsluta": Schema,
    "ateroppna": ReasonForm,
}
"""The steps that have a page here, and what each asks."""


class WantedPart(Schema):
    """What is to be completed in a part."""

    part = fields.Choice({key: part.title for key, part in PARTS.items()}, required=True)
    text = fields.String(required=True, min=1, max=MOST, multiline=True)


class ApplicationMove(Schema):
    """A step of an application, with what it asks: see the page of the step."""

    move = fields.Choice({move.key: move.label for move in APPLICATION.moves if move.key in STEPS}, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")
    decided_on = fields.Date(allow_none=True, load_default=None)
    paragraph = fields.String(max=20, load_default="")
    at_once = fields.Boolean(load_default=False)
    diary_own = fields.String(max=60, load_default="")
    parts = fields.List(fields.Nested(WantedPart), max=len(PARTS), load_default=list)
    reply_by = fields.Date(allow_none=True, load_default=None)
    diary_city = fields.String(max=60, load_default="")
    registered = fields.Boolean(load_default=False)


class MovedApplicationOut(Schema):
    """How an application stands after a step."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    state = fields.Choice({key: state.label for key, state in APPLICATION.states.items()}, required=True)
    version = fields.Integer(required=True)
    submitted_at = fields.Instant(required=True, allow_none=True)
    decided_on = fields.Date(required=True, allow_none=True)
    reply_by = fields.Date(required=True, allow_none=True)
