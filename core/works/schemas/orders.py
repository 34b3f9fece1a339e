"""What is asked and told about orders: a small form for each move that asks something."""

from __future__ import annotations

from core.flow import Move
from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, OptionalReasonForm, Schema, fields
from core.works.models import PAUSES, PRIORITIES, SOURCES
from core.works.states import ORDER, TABS

FOR_RESIDENTS = N_("Skriv så att en boende förstår. Det är vad den som rapporterade får läsa.")
STATES = {key: state.label for key, state in ORDER.states.items()}
MOVES = {move.key: move.label for move in ORDER.moves}


def _reason(label: str = N_("Varför?"), hint: str = "") -> fields.String:
    return fields.String(max=1000, multiline=True, load_default="", label=label, hint=hint)


def _why(label: str = N_("Varför?")) -> fields.String:
    """Return the field of a reason that a move does not go without."""
    missing = {"required": N_("Skriv varför.")}
    return fields.String(required=True, max=1000, multiline=True, label=label, error_messages=missing)


def _reply() -> fields.String:
    words = N_("Svar till den som rapporterade")
    return fields.String(max=2000, multiline=True, load_default="", label=words, hint=FOR_RESIDENTS)


class WhyForm(Schema):
    """Why a move is made that does not go without its reason."""

    reason = _why()


class SecuredForm(Schema):
    """How it is made safe until it is mended."""

    reason = _why(N_("Hur är det säkrat?"))


class PausedForm(Schema):
    """For what the work stands still."""

    pause = fields.Choice(PAUSES, required=True, widget="radios", label=N_("Vad väntar ni på?"))
    reason = _reason(N_("Beskriv kort"))


class DoneForm(Schema):
    """What was done, shown by a photo."""

    photo = fields.Upload(
        accept="image/*", label=N_("Foto efter arbetet"), optional=N_("behövs om inget nytt är tillagt")
    )
    reason = _reason(N_("Vad är gjort?"))
    cost = fields.Kronor(allow_none=True, load_default=None, label=N_("Vad kostade det?"))


class ApprovedForm(Schema):
    """What was seen when it was judged, and what the reporter is told."""

    reason = _reason(N_("Vad såg du?"), N_("Behövs när arbetsordern ingår i stickprovet."))
    reply = _reply()


class RejectedForm(Schema):
    """What is wrong, and what the reporter is told."""

    reason = _why(N_("Vad är det som inte är bra?"))
    reply = _reply()


class GivenForm(Schema):
    """Who does it instead."""

    contract = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Under vilket avtal?"))


ASKS: dict[str, type[Schema]] = {
    "tilldela": GivenForm,
    "sakra": SecuredForm,
    "pausa": PausedForm,
    "fardiganmal": DoneForm,
    "godkann": ApprovedForm,
    "underkann": RejectedForm,
}
"""What a move asks beside the usual reason."""


def asked_of(move: Move) -> type[Schema]:
    """Return the form of what a move asks: some do not go without their reason."""
    return ASKS.get(move.key, WhyForm if move.reason else OptionalReasonForm)


class PriorityForm(Schema):
    """Another priority, and why."""

    priority = fields.Choice(PRIORITIES, required=True, widget="select", label=N_("Vilken prioritet?"))
    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför?"))


def under_contract() -> fields.Uid:
    """Return the field of the contract that work is done under; none of them means one's own people."""
    return fields.Uid(
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Under vilket avtal?"),
        hint=N_("Inget valt betyder egen personal."),
    )


class PartForm(Schema):
    """A part that somebody else does."""

    uid = fields.Uid(required=True)
    title = fields.String(required=True, min=2, max=200, label=N_("Vad är den delen?"))
    description = fields.String(max=4000, multiline=True, load_default="", label=N_("Beskrivning"))
    contract = under_contract()
    priority = fields.Choice(PRIORITIES, required=True, widget="select", label=N_("Vilken prioritet?"))


class AddedForm(Schema):
    """A photo to add to an order."""

    photo = fields.Upload(required=True, accept="image/*", label=N_("Foto"))
    role = fields.Choice(
        {"fore": N_("Före arbetet"), "efter": N_("Efter arbetet")},
        required=True,
        widget="radios",
        label=N_("När är det taget?"),
    )


def own_people() -> fields.String:
    """Return the field of whose own people do it, where there is no contract."""
    return fields.String(
        max=60,
        load_default="",
        widget="select",
        label=N_("Vems personal?"),
        hint=N_("Behövs när inget avtal är valt."),
    )


def on_a_place() -> fields.String:
    """Return the field of the place, by number or name, which is chosen in a list or written."""
    hint = N_("Skriv början av namnet och välj i listan, eller skriv numret, till exempel PL-00001.")
    return fields.String(max=300, load_default="", label=N_("På vilken plats?"), hint=hint)


class OrderIn(Schema):
    """Work to order directly: of a contract's contractor, or of the organisation's own people."""

    title = fields.String(required=True, min=2, max=200, label=N_("Vad ska göras?"))
    description = fields.String(
        max=4000,
        multiline=True,
        load_default="",
        label=N_("Beskrivning"),
        hint=N_("Var på platsen, och vad som är viktigt. Skriv inga namn på personer."),
    )
    priority = fields.Choice(PRIORITIES, required=True, widget="select", label=N_("Vilken prioritet?"))
    contract = under_contract()
    organisation = own_people()
    place = fields.Uid(allow_none=True, load_default=None)
    due_on = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("Ska det vara klart en viss dag?"),
        hint=N_("Tomt betyder som Tidskravet säger. År-månad-dag, till exempel 2027-03-27."),
    )


class OrderForm(OrderIn):
    """Work to order, on a page; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)
    where = on_a_place()

    class Meta:
        """The order on the page."""

        fields = ("uid", "title", "where", "description", "priority", "contract", "organisation", "due_on")


class OrderFilter(ListFilter):
    """Which orders to list."""

    visa = fields.Choice(dict.fromkeys(TABS, ""), load_default="oppna", widget="hidden")
    avtal = fields.Uid(widget="select", load_default=None, allow_none=True, label=N_("Avtal"))
    prioritet = fields.Choice({"": N_("Alla")} | PRIORITIES, load_default="", widget="select", label=N_("Prioritet"))


class Where(Schema):
    """On which place something is ordered."""

    plats = fields.Uid(load_default=None, allow_none=True)


class OrderQuery(ListQuery):
    """Which orders to list in the API."""

    part = fields.Choice(dict.fromkeys(TABS, ""), load_default="oppna")
    contract = fields.Uid(load_default=None, allow_none=True)
    priority = fields.Choice(PRIORITIES, load_default="")


class OrderLine(Schema):
    """An order in a list; `due_at` is when it must be mended."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    priority = fields.Choice(PRIORITIES, required=True)
    state = fields.Choice(STATES, required=True)
    place_name = fields.String(required=True, allow_none=True, max=200)
    executor_name = fields.String(required=True, max=200)
    due_at = fields.Instant(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    done_at = fields.Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class OrderPage(ListPage):
    """A page of orders; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(OrderLine), required=True)


class LegOut(Schema):
    """A clock of an order."""

    leg = fields.String(required=True, max=20)
    due_at = fields.Instant(required=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True, max=20)
    met_at = fields.Instant(required=True, allow_none=True)


class OrderEventOut(Schema):
    """What happened to an order."""

    at = fields.Instant(required=True)
    kind = fields.String(required=True, max=30)
    state = fields.Choice(STATES, required=True)
    organisation = fields.String(required=True, allow_none=True, max=200)
    pause = fields.Choice({"": "", **PAUSES}, required=True)
    reason = fields.String(required=True, blank=True, max=1000, multiline=True)
    reply = fields.String(required=True, blank=True, max=2000, multiline=True)


class OrderPhotoOut(Schema):
    """A photo of an order, and whether its bytes are here."""

    uid = fields.Uid(required=True)
    role = fields.String(required=True, max=20)
    state = fields.String(required=True, max=20)


class OrderOut(Schema):
    """An order, whole."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=200)
    description = fields.String(required=True, blank=True, max=4000, multiline=True)
    source = fields.Choice(SOURCES, required=True)
    category = fields.String(required=True, blank=True, max=80)
    priority = fields.Choice(PRIORITIES, required=True)
    state = fields.Choice(STATES, required=True)
    organisation = fields.String(required=True, max=200)
    executor = fields.String(required=True, max=200)
    contract = fields.Uid(required=True, allow_none=True)
    place = fields.Uid(required=True, allow_none=True)
    parent = fields.Uid(required=True, allow_none=True)
    starts_at = fields.Instant(required=True)
    done_at = fields.Instant(required=True, allow_none=True)
    approved_at = fields.Instant(required=True, allow_none=True)
    on_site = fields.Boolean(required=True)
    reply = fields.String(required=True, blank=True, max=2000, multiline=True)
    cost = fields.Kronor(required=True, allow_none=True)
    legs = fields.List(fields.Nested(LegOut), required=True)
    photos = fields.List(fields.Nested(OrderPhotoOut), required=True)
    events = fields.List(fields.Nested(OrderEventOut), required=True)
    version = fields.Integer(required=True)


class OrderMove(Schema):
    """A move of an order, with what it needs."""

    move = fields.Choice(MOVES, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")
    reply = fields.String(max=2000, multiline=True, load_default="")
    pause = fields.Choice(PAUSES, load_default="")
    cost = fields.Kronor(allow_none=True, load_default=None)
    contract = fields.Uid(allow_none=True, load_default=None)


class OrderPhoto(Schema):
    """A photo to list on an order; its bytes are sent apart."""

    role = fields.Choice({"fore": N_("Före"), "efter": N_("Efter")}, load_default="efter")
    sha256 = fields.Sha256(allow_none=True, load_default=None)
    bytes = fields.Integer(min=1, allow_none=True, load_default=None)
    taken_at = fields.Instant(allow_none=True, load_default=None)
