"""What is asked and told about rounds and their order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from marshmallow import ValidationError, validates

from core import clock
from core.applications.states import APPLICATION, NOT_IN_ORDER
from core.documents import TableOptions
from core.i18n import N_
from core.schema import ListFilter, ListPage, ListQuery, Schema, fields

MIDNIGHT = time(0)


class RoundForm(Schema):
    """When a round is open, and what goes for who applies in it."""

    opens_on = fields.Date(required=True, label=N_("Vilken dag öppnar omgången?"))
    closes_on = fields.Date(required=True, label=N_("Vilken är den sista dagen?"))
    closes_clock = fields.String(
        max=5, load_default="", label=N_("Vilket klockslag den dagen?"),
        hint=N_("Till exempel 16.00. Utan klockslag är hela dagen med."),
    )  # fmt: skip
    meets_on = fields.Date(allow_none=True, load_default=None, label=N_("När sammanträder de som beslutar?"))
    max_amount = fields.Kronor(
        min=1, allow_none=True, load_default=None, label=N_("Hur stor får en ansökan vara?"),
        hint=N_("Utan belopp finns ingen gräns."),
    )  # fmt: skip
    board_ceiling = fields.Kronor(
        min=1, allow_none=True, load_default=None, label=N_("Hur mycket får en nämnd söka i omgången?"),
        hint=N_("Tak för en enskild nämnd skriver du in på omgångens sida."),
    )  # fmt: skip
    conditional = fields.Boolean(
        load_default=False,
        label=N_("En ansökan får lämnas in innan nämnden har beslutat, under förutsättning av beslut"),
    )
    instructions = fields.String(max=8000, multiline=True, load_default="", label=N_("Vad ska de som söker veta?"))

    @validates("closes_clock")
    def _a_clock(self, value: str, **_: Any) -> None:
        if value and _clock(value) is None:
            raise ValidationError(N_("Skriv klockslaget med timmar och minuter, till exempel 16.00."))


class NewRoundForm(RoundForm):
    """A round to lay up."""

    uid = fields.Uid(required=True, widget="hidden")
    programme = fields.Uid(required=True, widget="select", label=N_("Vilken satsning?"))


def _clock(text: str) -> time | None:
    try:
        return datetime.strptime(text.replace(":", "."), "%H.%M").time()  # noqa: DTZ007 - a clock, no moment
    except ValueError:
        return None


def facts_of(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form says as a service takes it: the last day is whole, or ends at the clock that is named."""
    facts = {key: value for key, value in known.items() if key not in ("opens_on", "closes_on", "closes_clock")}
    at = _clock(known["closes_clock"])
    ends = clock.first_moment(known["closes_on"] + timedelta(days=1))
    if at is not None and at != MIDNIGHT:
        ends = datetime.combine(known["closes_on"], at, clock.STOCKHOLM)
    return facts | {"opens_at": clock.first_moment(known["opens_on"]), "closes_at": ends}


def form_of(row: Any) -> dict[str, Any]:
    """Return a round as its form has it."""
    ends = clock.local(row.closes_at)
    names = ("meets_on", "max_amount", "board_ceiling", "conditional", "instructions")
    days = {"opens_on": clock.local(row.opens_at).date(), "closes_on": clock.last_day(row.closes_at)}
    said = {"closes_clock": "" if ends.time() == MIDNIGHT else f"{ends:%H.%M}"}
    return days | said | {name: getattr(row, name) for name in names}


class CeilingForm(Schema):
    """What one board may apply for."""

    organisation = fields.String(required=True, max=60, widget="select", label=N_("Vilken nämnd?"))
    amount = fields.Kronor(
        min=1, allow_none=True, load_default=None, label=N_("Hur mycket får den söka?"),
        hint=N_("Utan belopp gäller samma som för alla."),
    )  # fmt: skip


class RoundFilter(ListFilter):
    """Where a page of rounds begins."""


class MoveRow(Schema):
    """Where in the order an application is put, from 1."""

    application = fields.Uid(required=True, widget="hidden")
    to = fields.Integer(required=True, min=1, max=100_000, widget="hidden")


class OrderTable(TableOptions):
    """A round as a table."""


# --- Told ---------------------------------------------------------------------------------------------------------


class RoundQuery(ListQuery):
    """Which rounds to list in the API."""

    programme = fields.Uid()


class RoundLine(Schema):
    """A round in a list."""

    uid = fields.Uid(required=True)
    programme = fields.Uid(required=True)
    year = fields.Integer(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, max=20)
    open = fields.Boolean(required=True)
    opens_at = fields.Instant(required=True)
    closes_at = fields.Instant(required=True)
    meets_on = fields.Date(required=True, allow_none=True)


class RoundPage(ListPage):
    """A page of rounds."""

    items = fields.List(fields.Nested(RoundLine), required=True)


class CriterionOut(Schema):
    """What a round is judged by."""

    key = fields.String(required=True, max=30)
    title = fields.String(required=True, max=120)
    gate = fields.Boolean(required=True)
    weight = fields.Integer(required=True)


class CeilingOut(Schema):
    """What one board may apply for, in kronor."""

    organisation = fields.Uid(required=True)
    amount = fields.Kronor(required=True)


class RoundOut(RoundLine):
    """A round with its terms."""

    instructions = fields.String(required=True, max=8000, multiline=True, blank=True)
    conditional = fields.Boolean(required=True)
    max_amount = fields.Kronor(required=True, allow_none=True)
    board_ceiling = fields.Kronor(required=True, allow_none=True)
    ceilings = fields.List(fields.Nested(CeilingOut), required=True)
    criteria = fields.List(fields.Nested(CriterionOut), required=True)
    frozen_at = fields.Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class YearAmount(Schema):
    """Kronor of a year; less than nothing where the frame lacks them."""

    year = fields.Integer(required=True)
    amount = fields.Kronor(required=True, min=-(10**12))


class RoundOrderRow(Schema):
    """An application in the order of a round."""

    position = fields.Integer(required=True)
    application = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    title = fields.String(required=True, max=120)
    organisation = fields.String(required=True, max=200)
    points = fields.Integer(required=True, allow_none=True)
    sought = fields.List(fields.Nested(YearAmount), required=True)
    proposed = fields.List(fields.Nested(YearAmount), required=True)
    outcome = fields.String(required=True, max=20, blank=True)
    fits = fields.Boolean(required=True)
    left = fields.List(fields.Nested(YearAmount), required=True)


class OutsideRow(Schema):
    """An application that the round has taken in and that is not in its order; its state says what it waits for."""

    application = fields.Uid(required=True)
    number = fields.String(required=True, max=20)
    organisation = fields.String(required=True, max=200)
    state = fields.Choice({key: APPLICATION.states[key].label for key in NOT_IN_ORDER}, required=True)


class ElsewhereRow(YearAmount):
    """Kronor of a budget year that another round proposes and nobody has decided: `left` does not count them."""

    round_year = fields.Integer(required=True)
    round_number = fields.Integer(required=True)


class RoundOrderOut(Schema):
    """The order of a round with what is left of each year's frame; as it was frozen, or as it stands now.

    Beside it what of the round is not in the order, and what other rounds propose of the same money.
    """

    round = fields.Uid(required=True)
    frozen_at = fields.Instant(required=True, allow_none=True)
    frames = fields.List(fields.Nested(YearAmount), required=True)
    above = fields.List(fields.Nested(YearAmount), required=True)
    items = fields.List(fields.Nested(RoundOrderRow), required=True)
    outside = fields.List(fields.Nested(OutsideRow), required=True)
    elsewhere = fields.List(fields.Nested(ElsewhereRow), required=True)
    version = fields.Integer(required=True)
