"""How records of the rooms are created and changed by what phones send: each room registers its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select

from core.access import Actor
from core.schema import Schema
from core.sync.states import REASONS

CREATION = "record"
"""What is chosen about a creation that waits for a person: the record as a whole, as if it were a field."""


class Kept(Exception):
    """It cannot be applied so now: it waits for `waits_for` to come, or for a person. Raised by a `Recording`."""

    def __init__(self, reason: str, waits_for: UUID | None = None) -> None:
        super().__init__(reason)
        self.reason, self.waits_for = reason, waits_for


@dataclass(frozen=True)
class Loose:
    """A record that came without what it belongs to, and waits for a person to say."""

    title: str
    at: datetime
    link: str
    detail: str = ""


class Recording(Protocol):
    """How one kind of record is created and changed. Values are the API's; rows are the room's own."""

    title: str
    """What one of them is called, first in a sentence."""
    page: str
    """The address of its page, with {uid} in it."""
    edit: str
    """The permission that changing one needs."""
    where: str
    """What a person is asked who says what one shall belong to."""
    nowhere: str
    """What she chooses for one that shall belong to nothing."""
    without: str
    """What those are called that belong to nothing, first on a line."""
    fields: type[Schema]
    """What may be changed; labels and choices are what people read when they choose."""
    change: type[Schema]
    """A change of one as the API reads it."""
    reasons: Mapping[str, str]
    """Why one may be kept, beside the reasons of all (states.py)."""

    def create(self, actor: Actor, uid: UUID, body: Mapping[str, Any], *, late: bool = False) -> int:
        """Create it once from the body that the API took; return its version. Raises Kept.

        `late`: what it belongs to has not come for five days, so it goes without.
        """

    def create_in(self, actor: Actor, uid: UUID, body: Mapping[str, Any], **parent: UUID | None) -> int:
        """Create it as a person has decided, where `parent` says, if given (None: nowhere); return its version."""

    def add_photo(self, actor: Actor, record: UUID, photo: UUID, told: Mapping[str, Any]) -> None:
        """Tie a photo to one that its own list does not name, as the API does. Raises Invalid, Missing, Conflict."""

    def parents(self, actor: Actor) -> Iterable[tuple[UUID, str]]:
        """Return what one can be decided to belong to, each with its title."""

    def find(self, actor: Actor, uid: UUID) -> Any:
        """Return the row, locked, for the actor to change. Raises Missing, Denied."""

    def refuse(self, row: Any) -> None:
        """Raise Kept for a row that a phone changes no more, such as one that has been closed."""

    def stands(self, row: Any) -> Mapping[str, Any]:
        """Return what the row holds of the changeable fields."""

    def holds(self, row: Any, name: str, value: Any) -> bool:
        """Whether a field of the row is what a phone says."""

    def write(self, actor: Actor, row: Any, values: Mapping[str, Any]) -> None:
        """Change the row. Raises Kept for values that cannot be."""

    def reachable(self, actor: Actor, permission: str) -> Select[UUID]:
        """Select the uids that the actor reaches with a permission."""

    def seen(self, actor: Actor, uids: Collection[UUID]) -> Mapping[UUID, tuple[str, Mapping[str, Any]]]:
        """Return of those that the actor sees what each is about, in words, and what it holds; in few queries."""

    def words(self, actor: Actor, said: Sequence[tuple[str, Any]]) -> list[str]:
        """Return values of fields as people read them, in Swedish or as texts to translate; in one query or two."""

    def told(self, actor: Actor, body: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Return what was sent of one that is not created, each with what it is called, for people to read."""

    def loose(self, actor: Actor, limit: int) -> Iterable[Loose]:
        """Return those that came without what they belong to, the latest first."""


SenderFinder = Callable[[int | None], Actor]
Made = TypeVar("Made", bound=type)
_recordings: dict[str, Recording] = {}
_senders: list[SenderFinder] = []


def record(kind: str) -> Callable[[Made], Made]:
    """Register the class that says how records of `kind` are created and changed."""

    def register(made: Made) -> Made:
        _recordings[kind] = made()
        return made

    return register


def recording(kind: str) -> Recording:
    """Return how records of `kind` are created and changed."""
    return _recordings[kind]


def recordings() -> Mapping[str, Recording]:
    """Return every kind of record that phones send."""
    return _recordings


def senders(finder: SenderFinder) -> SenderFinder:
    """Register what finds a person by key as an actor of today, who may nothing after having left; people do."""
    _senders[:] = [finder]
    return finder


def sender_of(key: int | None) -> Actor:
    """Return who sent something, with the roles of today."""
    return _senders[0](key)


def words_for(kind: str, reason: str) -> str:
    """Return why something is kept, as people read it."""
    return _recordings[kind].reasons.get(reason) or REASONS.get(reason, reason)
