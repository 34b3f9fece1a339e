"""What happens on a place is as protected as the place: when that becomes more so, so do the rows of rooms above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, update

from core import db
from core.places.models import Place

OnPlace = Callable[[int], ColumnElement[bool]]
"""The condition for rows that are on the place with a key."""

_protected: list[tuple[Any, OnPlace]] = []


def protected_with_place(model: Any, on_place: OnPlace | None = None) -> None:
    """Register that rows of `model`, those with the `place_id` if nothing else is said, follow their place's level."""
    _protected.append((model, on_place or (lambda key: model.place_id == key)))


def protect_what_is_on(place: Place) -> None:
    """Let nothing that is on a place be less protected than the place; what is more so by itself stays."""
    for model, on_place in _protected:
        less = update(model).where(on_place(place.id), model.level < place.level)
        db.session().execute(less.values(level=place.level))
