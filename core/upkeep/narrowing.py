"""By what else frister may be narrowed: a room above registers what it knows of the things that they are about.

Works registers the contract of an order; upkeep knows only that there is such a choice, and what it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from core.access import Actor
from core.schema import Schema

Condition = Callable[[Actor, UUID], ColumnElement[bool]]
"""The condition that a frist is about what has this uid, as far as the actor reaches that."""
Choices = Callable[[Actor], list[tuple[UUID, str]]]
"""What the actor may choose among: uid and name."""


@dataclass(frozen=True)
class Way:
    """A way to narrow: its name in addresses of pages and in the API, what it is called, and its two questions."""

    key: str
    parameter: str
    label: str
    choices: Choices
    condition: Condition


Field = Callable[[Way], tuple[str, Any]]
"""How a schema asks for a way: the name of the field, and the field."""

_ways: dict[str, Way] = {}
_asking: list[tuple[type[Schema], Field]] = []


def narrows(key: str, *, parameter: str, label: str, choices: Choices) -> Callable[[Condition], Condition]:
    """Register the condition of a way; the list, the file of it and the API ask for it from then on.

    Of protected frister nothing is learnt by any of them: `Narrowed` leaves those out, whatever the condition says.
    """

    def register(condition: Condition) -> Condition:
        way = _ways[key] = Way(key, parameter, label, choices, condition)
        for schema, field in _asking:
            schema.also_asks(*field(way))
        return condition

    return register


def asks_for_ways(schema: type[Schema], field: Field) -> None:
    """Let a schema ask for every way, those that are registered later too."""
    _asking.append((schema, field))
    for way in ways():
        schema.also_asks(*field(way))


def ways() -> list[Way]:
    """Return every way, in the order in which rooms have registered them."""
    return list(_ways.values())


def chosen(asked: Mapping[str, Any]) -> dict[str, UUID]:
    """Return what was chosen of each way, by its key; `asked` is of a page (by key) or of the API (by parameter)."""
    found = {way.key: asked.get(way.key) or asked.get(way.parameter) for way in ways()}
    return {key: uid for key, uid in found.items() if uid is not None}


def condition(key: str, actor: Actor, uid: UUID) -> ColumnElement[bool]:
    """Return the condition of one way."""
    return _ways[key].condition(actor, uid)
