"""What is asked when an observation is sent on, answered, confirmed: one small form for each move that asks."""

from __future__ import annotations

from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields
from core.walks.states import CHOICES, OBSERVATION, TABS

FOR_RESIDENTS = N_("Skriv så att en boende förstår. Texten följer med i återkopplingen.")
NOTHING = {"required": N_("Kryssa för minst en iakttagelse först.")}
WHO = N_("Vem ska ha den?")


NEEDED = N_("behövs")
"""Said of what a move cannot do without; that it is lacking is told with the move's other objections."""


def _reason(label: str = N_("Varför?"), hint: str = "", optional: str = "") -> fields.String:
    return fields.String(max=1000, multiline=True, load_default="", label=label, hint=hint, optional=optional)


def _answer() -> fields.String:
    words = N_("Svar till den som rapporterade")
    return fields.String(max=2000, multiline=True, load_default="", label=words, hint=FOR_RESIDENTS)


def _receiver(label: str, hint: str = "") -> fields.Uid:
    return fields.Uid(widget="select", allow_none=True, load_default=None, label=label, hint=hint)


class DatedForm(Schema):
    """When it will be done, and what residents are told."""

    done_on = fields.Date(allow_none=True, load_default=None, label=N_("När är det klart?"), optional=NEEDED)
    answer = _answer()


class DoneForm(Schema):
    """When it was done, and what residents are told."""

    done_on = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("Vilken dag blev det klart?"),
        hint=N_("År-månad-dag, till exempel 2027-03-27. Tomt betyder i dag."),
    )
    answer = _answer()


class DeclinedForm(Schema):
    """Why nothing is done, and what residents are told."""

    answer = _answer()
    reason = _reason(N_("Varför åtgärdar ni inte?"), N_("För den som samordnar. Boende ser det inte."), NEEDED)


class WrongReceiverForm(Schema):
    """Why somebody else should have it, and who."""

    receiver = _receiver(WHO, N_("Om du vet det. Den som samordnar bestämmer."))
    reason = _reason(N_("Varför är det fel mottagare?"), optional=NEEDED)


class DuplicateForm(Schema):
    """Which observation it is the same as; without any, why it is one."""

    kept = _receiver(N_("Vilken iakttagelse är den samma som?"))
    reason = _reason(optional=N_("behövs om du inte väljer någon"))


class RoutedForm(Schema):
    """Who gets it, and why if it is not who has rådighet."""

    receiver = _receiver(N_("Vem ska svara?"))
    reason = _reason(N_("Varför någon annan än den som har rådighet?"), optional=N_("behövs om du väljer någon annan"))


class EndForm(Schema):
    """Whether a walk that seems not to have been held is to be ended."""

    sure = fields.Boolean(
        load_default=False,
        label=N_("Ja, vandringen är gjord"),
        hint=N_("Den har inte börjat än, eller så har ingen skrivit in något. Efteråt går den inte att starta igen."),
    )


ASKS: dict[str, type[Schema]] = {
    "avsluta": EndForm,
    "fordela": RoutedForm,
    "borja_atgarda": DatedForm,
    "planera": DatedForm,
    "atgarda": DoneForm,
    "atgarda_inte": DeclinedForm,
    "hanvisa_vidare": WrongReceiverForm,
    "markera_dubblett": DuplicateForm,
}
"""What a move asks beside the usual reason."""


class AnswerForm(Schema):
    """A receiver's answer in the inbox: what they do, when, and in which words."""

    choice = fields.Choice(
        {key: label for key, (label, _) in CHOICES.items()}, required=True, widget="radios", label=N_("Vad gör ni?")
    )
    done_on = fields.Date(
        allow_none=True,
        load_default=None,
        label=N_("När är det klart?"),
        optional=N_("behövs om ni åtgärdar eller planerar in det"),
        hint=N_("Eller dagen då det blev klart. År-månad-dag, till exempel 2027-03-27"),
    )
    answer = _answer()
    reason = _reason(
        hint=N_("Boende ser det inte."), optional=N_("behövs om ni inte åtgärdar, eller om ni är fel mottagare")
    )
    receiver = _receiver(WHO, N_("Om ni är fel mottagare och vet vem som är rätt."))


class PickedForm(Schema):
    """What was ticked in a list."""

    vald = fields.List(fields.Uid(), min=1, max=100, required=True, widget="hidden", error_messages=NOTHING)


class AnswerAllForm(AnswerForm):
    """The same answer to all that was ticked."""

    vald = fields.List(fields.Uid(), min=1, max=100, required=True, widget="hidden", error_messages=NOTHING)


class InboxQuery(ListFilter):
    """Which part of the inbox, which row is opened, and where the page begins."""

    visa = fields.Choice(dict.fromkeys(TABS, ""), load_default="att_besvara", widget="hidden")
    oppen = fields.Uid(load_default=None, allow_none=True)
    ljus = fields.Choice({"": "", "morker": ""}, load_default="", widget="hidden")


class DebtQuery(ListFilter):
    """Which answers that are owed: by whom, and since when."""

    mottagare = fields.Uid(widget="select", label=N_("Mottagare"))
    alder = fields.Choice(
        {"0": N_("Alla"), "10": N_("Över 10 dagar"), "30": N_("Över 30 dagar"), "90": N_("Över 90 dagar")},
        load_default="0",
        widget="select",
        label=N_("Väntat"),
    )


class DebtFilter(Schema):
    """Which answers that are owed a map draws."""

    receiver = fields.Uid()
    days = fields.Integer(min=0, max=3650, load_default=0)


class InboxFilter(ListQuery):
    """Which part of the inbox, and where its page begins."""

    part = fields.Choice(dict.fromkeys(TABS, ""), load_default="att_besvara")


class InboxLine(Schema):
    """Something to answer: `due_at` is when that must be done, `done_on` the day that was promised."""

    uid = fields.Uid(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True, max=120)
    severity = fields.Integer(required=True)
    description = fields.String(required=True, blank=True, max=4000, multiline=True)
    walk = fields.String(required=True, allow_none=True, max=200)
    place = fields.Uid(required=True, allow_none=True)
    place_name = fields.String(required=True, allow_none=True, max=200)
    due_at = fields.Instant(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    done_on = fields.Date(required=True, allow_none=True)
    state = fields.Choice({key: state.label for key, state in OBSERVATION.states.items()}, required=True)
    version = fields.Integer(required=True)


class InboxPage(ListPage):
    """A page of the inbox; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(InboxLine), required=True)


class Said(Schema):
    """What may go with a move: the reason, words for residents, when it is done, who should have it."""

    reason = fields.String(max=1000, multiline=True, load_default="")
    answer = fields.String(max=2000, multiline=True, load_default="")
    done_on = fields.Date(allow_none=True, load_default=None)
    receiver = fields.Uid(allow_none=True, load_default=None)


class AnswerIn(Said):
    """A receiver's answer: what they do."""

    choice = fields.Choice({key: label for key, (label, _) in CHOICES.items()}, required=True)


class Call(Schema):
    """Whom somebody has called about a danger."""

    called = fields.String(
        required=True,
        min=1,
        max=200,
        label=N_("Vem har du ringt?"),
        hint=N_("Skriv funktionen, till exempel jouren på trafikkontoret. Skriv inga namn."),
    )
