"""What a frist is about, in the words of the room that it belongs to: a row keeps only kind and uid (design.md 10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.access import Actor
from core.journal import PROTECTED


@dataclass(frozen=True)
class About:
    """A thing that a frist is about: what it is called, its page, and the number that people know it by, if any.

    `whose` names who does it, where that is somebody else than who answers for the frist; `nudge` is where a form
    reminds them, for who may.
    """

    title: str
    link: str
    number: str = ""
    whose: str = ""
    nudge: str = ""


Naming = Callable[[Actor, Collection[UUID]], Mapping[UUID, About]]
"""Names those of the things that the actor reaches, in one query."""

_namings: dict[str, Naming] = {}


def names(kind: str) -> Callable[[Naming], Naming]:
    """Register who names the subjects of `kind`."""

    def register(naming: Naming) -> Naming:
        _namings[kind] = naming
        return naming

    return register


def about(actor: Actor, deadlines: Iterable[Any]) -> dict[UUID, About]:
    """Return what frister are about, by the uid of their subject, one query per kind; protected ones have no name."""
    asked: dict[str, set[UUID]] = defaultdict(set)
    for deadline in deadlines:
        if deadline.level < PROTECTED:
            asked[deadline.subject_kind].add(deadline.subject_uid)
    found: dict[UUID, About] = {}
    for kind, uids in asked.items():
        if kind in _namings:
            found |= _namings[kind](actor, uids)
    return found
