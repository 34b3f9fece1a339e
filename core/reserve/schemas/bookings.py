"""Bookings: which to list, one to propose, why it is turned down or corrected, and what is told of them."""

from __future__ import annotations

from core.i18n import N_
from core.reserve.models import ACCOUNTS, BOOKING_KINDS
from core.reserve.states import BOOKING
from core.schema import ListFilter, ListPage, ListQuery, ReasonForm, Schema, fields

LARGEST = 10_000_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2200
PROPOSED = {key: BOOKING_KINDS[key] for key in ("kf_budget", "tillskott", "minskning")}


class ReserveFilter(ListFilter):
    """Of which programme to show the reserve."""

    satsning = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Satsning"))


class BookingFilter(ReserveFilter):
    """Which bookings to list."""

    ar = fields.Integer(
        min=FIRST_YEAR,
        max=LAST_YEAR,
        allow_none=True,
        load_default=None,
        widget="select",
        label=N_("Budgetår"),
    )
    lage = fields.Choice(
        {"": N_("Alla")} | {key: state.label for key, state in BOOKING.states.items()},
        load_default="",
        widget="select",
        label=N_("Läge"),
    )


class ProposalForm(Schema):
    """More or less money in a frame, by a decision that was made elsewhere."""

    uid = fields.Uid(required=True, widget="hidden")
    programme = fields.Uid(required=True, widget="select", label=N_("Vilken satsning gäller det?"))
    kind = fields.Choice(PROPOSED, required=True, widget="radios", label=N_("Vad ska bokföras?"))
    year = fields.Year(
        required=True,
        min=FIRST_YEAR,
        max=LAST_YEAR,
        label=N_("För vilket budgetår?"),
        hint=N_("Till exempel 2027."),
    )
    amount = fields.Kronor(
        required=True,
        min=1,
        max=LARGEST,
        label=N_("Hur mycket?"),
        hint=N_("Skriv beloppet i hela kronor, till exempel 25 700 000."),
    )
    decision = fields.String(
        required=True,
        min=3,
        max=300,
        label=N_("Enligt vilket beslut?"),
        hint=N_("Vem beslutade, när, och paragraf eller diarienummer."),
    )
    reason = fields.String(max=1000, load_default="", multiline=True, label=N_("Något att tillägga?"))


class CorrectionForm(ReasonForm):
    """Why a booking is wrong."""

    uid = fields.Uid(required=True, widget="hidden")


# --- What the API tells -------------------------------------------------------------------------------------------


class FrameOut(Schema):
    """A budget year of a programme, in kronor."""

    year = fields.Integer(required=True)
    frame = fields.Kronor(required=True, min=0)
    granted = fields.Kronor(required=True, min=0)
    left = fields.Kronor(required=True, min=0)
    committed = fields.Kronor(required=True, min=-LARGEST)
    used = fields.Kronor(required=True, min=-LARGEST)
    forecast = fields.Kronor(required=True, min=-LARGEST, allow_none=True)


class FramesOut(Schema):
    """A programme with its budget years."""

    uid = fields.Uid(required=True)
    code = fields.String(required=True, max=20)
    name = fields.String(required=True, max=120)
    reserve_code = fields.String(required=True, max=20)
    years = fields.List(fields.Nested(FrameOut), required=True)


class ProgrammesOut(Schema):
    """The programmes that money can be applied for from today."""

    items = fields.List(fields.Nested(FramesOut), required=True)


class LineOut(Schema):
    """What a booking says of an account in a year, in kronor; negative takes away."""

    year = fields.Integer(required=True)
    account = fields.Choice(ACCOUNTS, required=True)
    amount = fields.Kronor(required=True, min=-LARGEST)


class BookingOut(Schema):
    """A booking."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    programme = fields.Uid(required=True)
    kind = fields.Choice(BOOKING_KINDS, required=True)
    state = fields.Choice({key: state.label for key, state in BOOKING.states.items()}, required=True)
    matter = fields.Uid(required=True, allow_none=True)
    matter_number = fields.String(required=True, blank=True, max=40)
    organisation = fields.Uid(required=True, allow_none=True)
    decision = fields.String(required=True, blank=True, max=300)
    booked_at = fields.Instant(required=True, allow_none=True)
    lines = fields.List(fields.Nested(LineOut), required=True)


class BookingQuery(ListQuery):
    """Which bookings to list."""

    programme = fields.Uid(load_default=None)
    year = fields.Integer(min=FIRST_YEAR, max=LAST_YEAR, load_default=None)


class BookingPage(ListPage):
    """A page of bookings."""

    items = fields.List(fields.Nested(BookingOut), required=True)
