"""What hangs on organisations that are to be merged, counted for the page that says what follows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from core.db import session
from core.i18n import N_
from core.people import services as people
from core.places.models import Place, PlaceControl
from core.upkeep.models import Deadline
from core.walks.models import Walk


def _count(model: Any, column: Any, organisations: frozenset[int], *conditions: Any) -> int:
    return (
        session().scalars(select(func.count()).select_from(model).where(column.in_(organisations), *conditions)).one()
    )


@people.follows(N_("Platser i deras områden"))
def places(organisations: frozenset[int]) -> int:
    """Count the places that lie in the districts of organisations."""
    return _count(Place, Place.district_id, organisations)


@people.follows(N_("Rådighet som de har"))
def controls(organisations: frozenset[int]) -> int:
    """Count what organisations answer for on places."""
    return _count(PlaceControl, PlaceControl.organisation_id, organisations, PlaceControl.valid_to.is_(None))


@people.follows(N_("Öppna frister"))
def deadlines(organisations: frozenset[int]) -> int:
    """Count the open frister that organisations answer for."""
    return _count(Deadline, Deadline.organisation_id, organisations, Deadline.state == "oppen")


@people.follows(N_("Vandringar som de har ordnat"))
def walks(organisations: frozenset[int]) -> int:
    """Count the walks that organisations have arranged."""
    return _count(Walk, Walk.organiser_id, organisations)
