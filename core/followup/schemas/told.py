"""What the API is sent and tells of the money of a grant: claims, money moved, handed back and foreseen."""

from __future__ import annotations

from typing import Any

from core.followup.models import CARRY_CAUSES, FORECASTS
from core.followup.schemas.money import YEARS, CarryForm, ClaimFields
from core.followup.states import CARRY_OVER, CLAIMS, REALLOCATION
from core.i18n import N_
from core.reserve.schemas import LARGEST
from core.schema import ListPage, ListQuery, Schema, fields

ANY: dict[str, str] = {"": N_("Alla")}
CLAIM_STATES = {key: state.label for key, state in CLAIMS.states.items()}
CARRY_STATES = {key: state.label for key, state in CARRY_OVER.states.items()}
MOVED_STATES = {key: state.label for key, state in REALLOCATION.states.items()}
CLAIM_MOVES = {move.key: move.label for move in CLAIMS.moves}
CARRY_MOVES = {
    "yttra": N_("Lämna yttrande"),
    "registrera": N_("Skriv in beslutet"),
    "bekrafta": N_("Bekräfta beslutet"),
    "ta_tillbaka": N_("Ta tillbaka det inskrivna"),
    "aterkalla": N_("Återkalla begäran"),
}
"""What is done with money asked to follow; whether it is granted or refused was said when it was recorded."""
REALLOCATION_MOVES = {move.key: move.label for move in REALLOCATION.moves}


class OfGrantQuery(ListQuery):
    """Of which application to list."""

    application = fields.Uid(load_default=None)


class OfGrant(Schema):
    """Something about the money of a grant, and which grant."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    application = fields.Uid(required=True)
    application_number = fields.String(required=True, max=20)
    organisation = fields.Uid(required=True)


# --- Claims -------------------------------------------------------------------------------------------------------


class GrantClaimQuery(OfGrantQuery):
    """Which claims to list."""

    state = fields.Choice(ANY | CLAIM_STATES, load_default="")


class GrantClaimIn(ClaimFields):
    """A claim to write."""

    application = fields.Uid(required=True)


class GrantClaimMove(Schema):
    """A step of a claim; `reason` where one is needed."""

    move = fields.Choice(CLAIM_MOVES, required=True)
    reason = fields.String(max=1000, multiline=True, load_default="")


class GrantClaimOut(OfGrant):
    """A claim; `amount` is kronor."""

    year = fields.Integer(required=True)
    amount = fields.Kronor(required=True, max=LARGEST)
    what = fields.String(required=True, max=500)
    invoice = fields.String(required=True, blank=True, max=120)
    state = fields.Choice(CLAIM_STATES, required=True)
    reason = fields.String(required=True, blank=True, max=1000, multiline=True)
    paid_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)


class GrantClaimPage(ListPage):
    """A page of claims; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(GrantClaimOut), required=True)


# --- Money that follows to another year ---------------------------------------------------------------------------


class CarryQuery(OfGrantQuery):
    """Which requests to list."""

    state = fields.Choice(ANY | CARRY_STATES, load_default="")


class CarryIn(CarryForm):
    """Money to ask to follow."""

    class Meta:
        """The uid is in the address."""

        exclude = ("uid",)

    application = fields.Uid(required=True)


class CarryMove(Schema):
    """A step of it: `reason` is the opinion, or why; the others are what was decided, for `registrera`."""

    move = fields.Choice(CARRY_MOVES, required=True)
    reason = fields.String(max=2000, multiline=True, load_default="")
    granted = fields.Boolean(allow_none=True, load_default=None)
    decided_on = fields.Date(allow_none=True, load_default=None)
    paragraph = fields.String(max=20, load_default="")


class CarryOut(OfGrant):
    """Money asked to follow, what was said of it and what was decided; `amount` is kronor."""

    from_year = fields.Integer(required=True)
    to_year = fields.Integer(required=True)
    amount = fields.Kronor(required=True, max=LARGEST)
    cause = fields.Choice(CARRY_CAUSES, required=True)
    reason = fields.String(required=True, max=2000, multiline=True)
    new_completion = fields.Date(required=True)
    state = fields.Choice(CARRY_STATES, required=True)
    asked_at = fields.Instant(required=True)
    opinion = fields.String(required=True, blank=True, max=2000, multiline=True)
    granted = fields.Boolean(required=True, allow_none=True)
    decided_on = fields.Date(required=True, allow_none=True)
    paragraph = fields.String(required=True, blank=True, max=20)
    motive = fields.String(required=True, blank=True, max=2000, multiline=True)
    version = fields.Integer(required=True)


class CarryPage(ListPage):
    """A page of what is asked; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(CarryOut), required=True)


# --- Money used for something else --------------------------------------------------------------------------------


class ReallocationQuery(OfGrantQuery):
    """Which requests to list."""

    state = fields.Choice(ANY | MOVED_STATES, load_default="")


class ReallocationIn(Schema):
    """Money to ask to be used for something else: another application (`to`), or another measure of the same."""

    application = fields.Uid(required=True)
    year = fields.Integer(required=True, **YEARS)
    amount = fields.Kronor(required=True, min=1, max=LARGEST)
    reason = fields.String(required=True, min=10, max=2000, multiline=True)
    to = fields.Uid(allow_none=True, load_default=None)
    from_measure = fields.Uid(allow_none=True, load_default=None)
    to_measure = fields.Uid(allow_none=True, load_default=None)


class ReallocationMove(Schema):
    """A step of it: what was decided and why, or why it is taken back."""

    move = fields.Choice(REALLOCATION_MOVES, required=True)
    reason = fields.String(max=2000, multiline=True, load_default="")
    decided_on = fields.Date(allow_none=True, load_default=None)
    paragraph = fields.String(max=20, load_default="")


class ReallocationOut(OfGrant):
    """Money asked to be used for something else, and what was decided; `amount` is kronor."""

    to = fields.Uid(required=True)
    from_measure = fields.Uid(required=True, allow_none=True)
    to_measure = fields.Uid(required=True, allow_none=True)
    year = fields.Integer(required=True)
    amount = fields.Kronor(required=True, max=LARGEST)
    reason = fields.String(required=True, max=2000, multiline=True)
    state = fields.Choice(MOVED_STATES, required=True)
    asked_at = fields.Instant(required=True)
    decided_on = fields.Date(required=True, allow_none=True)
    paragraph = fields.String(required=True, blank=True, max=20)
    motive = fields.String(required=True, blank=True, max=2000, multiline=True)
    version = fields.Integer(required=True)


class ReallocationPage(ListPage):
    """A page of what is asked; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(ReallocationOut), required=True)


# --- Booked at once -----------------------------------------------------------------------------------------------


class HandBackIn(Schema):
    """Money to hand back."""

    application = fields.Uid(required=True)
    year = fields.Integer(required=True, **YEARS)
    amount = fields.Kronor(required=True, min=1, max=LARGEST)
    reason = fields.String(required=True, min=2, max=1000, multiline=True)


class BookedOut(OfGrant):
    """What was booked about a grant; `amount` is kronor."""

    year = fields.Integer(required=True)
    amount = fields.Kronor(required=True, max=LARGEST)
    reason = fields.String(required=True, blank=True, max=1000, multiline=True)
    booked_at = fields.Instant(required=True)


class HandBackPage(ListPage):
    """A page of money handed back; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(BookedOut), required=True)


class ForecastIn(Schema):
    """What a year is foreseen to cost in all."""

    application = fields.Uid(required=True)
    year = fields.Integer(required=True, **YEARS)
    period = fields.Choice(FORECASTS, required=True)
    amount = fields.Kronor(required=True, min=0, max=LARGEST)
    reason = fields.String(max=1000, load_default="", multiline=True)


class ForecastOut(BookedOut):
    """What a year was foreseen to cost in all, as seen in a `period`."""

    period = fields.Choice(FORECASTS, required=True)


class ForecastPage(ListPage):
    """A page of forecasts; `next` is the `after` of the next one."""

    items = fields.List(fields.Nested(ForecastOut), required=True)


def of_grant(row: Any, *names: str) -> dict[str, Any]:
    """Return what is told of a row about a grant: its own `names`, and the application with its board."""
    about = row.application
    told = {"application": about.uid, "application_number": about.number, "organisation": about.organisation.uid}
    return told | {name: getattr(row, name) for name in ("uid", "number", *names)}
