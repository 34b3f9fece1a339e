"""What the reserve says through the contract: what waits for a second person, and its part of the demo."""

from __future__ import annotations

from collections.abc import Iterable

from core.access import Actor
from core.hookspecs import Todo, hookimpl
from core.i18n import N_, Text
from core.reserve import documents  # noqa: F401 - registers the book as a table
from core.reserve.models import BOOKING_KINDS
from core.reserve.services import standing
from core.reserve.states import BOOKING
from core.upkeep import demo as upkeep_demo


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """Bookings that another person has proposed."""
    for row in standing.waiting(actor, limit):
        yield Todo(
            key=f"booking:{row.uid}",
            title=Text(N_("Bekräfta bokningen {number}"), number=row.number),
            link=f"/reserven/bokningar/{row.uid}",
            context=row.programme.name,
            detail=Text(BOOKING_KINDS[row.kind]),
            state=Text(BOOKING.states[row.state].label),
            shape=BOOKING.states[row.state].shape,
            tone=BOOKING.states[row.state].tone,
            level=row.level,
        )


@upkeep_demo.tells
def tell_demo(story: upkeep_demo.Story) -> None:
    """Add the budgets of the demo's years to its story."""
    from core.reserve import demo

    demo.plan(story)
