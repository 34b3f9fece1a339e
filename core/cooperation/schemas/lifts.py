"""What is lifted to the central level, and its answer."""

from __future__ import annotations

from core.cooperation.models import DECISIONS, LIFT_KINDS
from core.cooperation.states import LIFT
from core.documents import TableOptions
from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

WHICH = {
    "": N_("Alla"),
    "open": N_("Öppna"),
    "late": N_("Svaret är sent"),
    "answered": N_("Besvarade"),
    "board": N_("Till kommunstyrelsen"),
}
LIFT_STATES = {key: state.label for key, state in LIFT.states.items()}


class LiftFilter(ListFilter):
    """Which lifts to list."""

    visa = fields.Choice(WHICH, widget="hidden", load_default="")
    slag = fields.Choice(
        {"": N_("Båda"), **LIFT_KINDS}, widget="select", load_default="", label=N_("Vad är det som lyfts?")
    )


class LiftFields(Schema):
    """What is lifted."""

    kind = fields.Choice(LIFT_KINDS, required=True, widget="radios", label=N_("Vad är det som lyfts?"))
    title = fields.String(required=True, min=2, max=200, label=N_("Vad gäller det, i några ord?"))
    what = fields.String(
        required=True,
        min=2,
        max=4000,
        multiline=True,
        label=N_("Vad är hindret, eller vad är det som inte ger effekt?"),
        hint=N_("Skriv inte om enskilda människor."),
    )
    since_on = fields.Date(required=True, label=N_("Sedan när?"))
    tried = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad har ni prövat?"))
    asked = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad ber ni om?"))


class LiftForm(LiftFields):
    """Something to lift, from where one stood."""

    uid = fields.Uid(required=True, widget="hidden")
    cycle = fields.Uid(allow_none=True, load_default=None, widget="hidden")
    goal = fields.Uid(allow_none=True, load_default=None, widget="hidden")
    measure = fields.Uid(allow_none=True, load_default=None, widget="hidden")
    place = fields.Uid(allow_none=True, load_default=None, widget="hidden")


class LiftFromPlaceForm(LiftFields):
    """Something to lift about a place that is chosen here."""

    uid = fields.Uid(required=True, widget="hidden")
    place = fields.Uid(required=True, widget="select", label=N_("Vilken plats gäller det?"))


class LiftAnswerForm(Schema):
    """The answer of the central level."""

    decision = fields.Choice(DECISIONS, required=True, widget="radios", label=N_("Vad beslutar ni?"))
    reason = fields.String(required=True, min=2, max=4000, multiline=True, label=N_("Vad svarar ni, och varför?"))


class LiftMoveForm(Schema):
    """Why a lift is taken on, in words that the other side reads."""

    reason = fields.String(required=True, min=2, max=2000, multiline=True, label=N_("Vad vill ni säga?"))


class LiftTable(TableOptions):
    """Which lifts the table has."""

    visa = fields.Choice(WHICH, load_default="")


class LiftQuery(ListQuery):
    """Which lifts to list in the API."""

    which = fields.Choice(WHICH, load_default="")
    kind = fields.Choice({"": "", **LIFT_KINDS}, load_default="")


class NewLift(LiftFields):
    """Something to lift, in the API: from a cycle, one of its goals or measures, or a place."""

    cycle = fields.Uid(allow_none=True, load_default=None)
    goal = fields.Uid(allow_none=True, load_default=None)
    measure = fields.Uid(allow_none=True, load_default=None)
    place = fields.Uid(allow_none=True, load_default=None)


class LiftMove(Schema):
    """A step of a lift; `decision` with an answer."""

    move = fields.Choice({move.key: move.label for move in LIFT.moves}, required=True)
    reason = fields.String(max=4000, multiline=True, load_default="")
    decision = fields.Choice({"": "", **DECISIONS}, load_default="")


class LiftLine(Schema):
    """A lift in a list; `due_on` is the last day of the answer."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    kind = fields.Choice(LIFT_KINDS, required=True)
    title = fields.String(required=True, max=200)
    state = fields.Choice(LIFT_STATES, required=True)
    organisation = fields.Uid(required=True)
    lifted_at = fields.Instant(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    late = fields.Boolean(required=True)
    decision = fields.Choice({"": "", **DECISIONS}, required=True)


class LiftOut(LiftLine):
    """A lift, whole."""

    what = fields.String(required=True, max=4000, multiline=True)
    since_on = fields.Date(required=True)
    tried = fields.String(required=True, max=4000, multiline=True)
    asked = fields.String(required=True, max=2000, multiline=True)
    answer = fields.String(required=True, blank=True, max=4000, multiline=True)
    answered_at = fields.Instant(required=True, allow_none=True)
    cycle = fields.Uid(required=True, allow_none=True)
    goal = fields.Uid(required=True, allow_none=True)
    measure = fields.Uid(required=True, allow_none=True)
    place = fields.Uid(required=True, allow_none=True)
    version = fields.Integer(required=True)


class LiftPage(ListPage):
    """A page of lifts; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(LiftLine), required=True)
