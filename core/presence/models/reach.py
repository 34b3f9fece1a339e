"""Who reaches what happens on a place: whose it is, who has a part in it, and the city's own who see the place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from core import access
from core.access import Actor
from core.places.models import Area, Place, places_in
from core.places.protecting import protected_with_place

SEE = "presence:place:read"
"""The right of the city's own people and the police: they see what happens on the places that they reach."""


class AreaOwner:
    """The organisation whose area something is about, as an owner of it."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def in_(self, organisations: Any) -> ColumnElement[bool]:
        """Whether the area is one of theirs."""
        found: ColumnElement[bool] = self.column.in_(select(Area.id).where(Area.organisation_id.in_(organisations)))
        return found


def on_place(
    model: Any,
    read: str,
    *,
    owners: Sequence[Any] = (),
    readers: Sequence[Any] = (),
    parts: dict[str, Sequence[Any]] | None = None,
) -> None:
    """Register the row rule of what happens on a place (or in an area).

    It is changed by its own organisation; `readers` are columns of organisations that also read it, and `parts` say
    which columns a permission reaches by instead, such as who answers a consultation.
    """
    own = (model.organisation_id, *owners)
    if hasattr(model, "level"):
        protected_with_place(model)

    @access.visible_to(model, read)
    def _placed(actor: Actor, permission: str) -> ColumnElement[bool]:
        columns = (parts or {}).get(permission) or ((*own, *readers) if permission == read else own)

        def area(areas: frozenset[int]) -> ColumnElement[bool]:
            inside: ColumnElement[bool] = model.place_id.in_(places_in(areas))
            return inside | model.area_id.in_(areas) if hasattr(model, "area_id") else inside

        rule = access.within(actor, permission, *columns, area=area)
        if permission == read and actor.may(SEE):
            rule = rule | model.place_id.in_(select(Place.id).where(access.rule_of(Place, actor)))
        return rule


def with_its(model: Any, column: Any, whole: Any, read: str) -> None:
    """Let rows of `model` be reached with the `whole` that their `column` points at, and be as protected."""
    if hasattr(model, "level"):
        protected_with_place(model, lambda key: column.in_(select(whole.id).where(whole.place_id == key)))

    @access.visible_to(model, read)
    def _with_it(actor: Actor, permission: str) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column.in_(select(whole.id).where(access.rule_of(whole, actor, permission)))
        return found
