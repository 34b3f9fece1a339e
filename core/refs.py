"""What a hook is told about: a thing of the city as a plugin sees it, never a row of the database.

Plugins find them in `core.hookspecs`, with the hooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Subject:
    """What a deadline, a move or a photo is about. `point` is easting and northing in SWEREF 99 TM, metres.

    Roles may be limited to a `category`: for an observation the key of its kind.
    """

    kind: str
    uid: UUID
    title: str
    place: UUID | None = None
    point: tuple[float, float] | None = None
    level: int = 1
    category: str = ""


@dataclass(frozen=True)
class PlaceRef:
    """A place, as hooks see it."""

    uid: UUID
    number: str
    name: str
    kind: str
    level: int = 1

    @property
    def ref(self) -> Subject:
        """The place as the subject of something."""
        return Subject("place", self.uid, self.name, place=self.uid, level=self.level)


@dataclass(frozen=True)
class ObservationRef:
    """An observation, as hooks see it. `details` is what the kind's own schema has loaded."""

    uid: UUID
    number: int
    kind: str
    title: str
    state: str
    severity: int
    seen_at: datetime
    place: PlaceRef | None
    point: tuple[float, float] | None
    details: Mapping[str, Any]
    level: int = 1

    @property
    def ref(self) -> Subject:
        """The observation as the subject of something."""
        place = self.place.uid if self.place else None
        return Subject("observation", self.uid, self.title, place, self.point, self.level, category=self.kind)


@dataclass(frozen=True)
class DeadlineRef:
    """A frist, as hooks see it."""

    uid: UUID
    kind: str
    rule: str
    state: str
    about: Subject
    due_at: datetime
    level: int = 1

    @property
    def ref(self) -> Subject:
        """The frist as the subject of something."""
        return Subject("deadline", self.uid, self.about.title, place=self.about.place, level=self.level)


@dataclass(frozen=True)
class OrderRef:
    """A work order, as hooks see it. `reply` is what who reported the thing is told now."""

    uid: UUID
    number: str
    title: str
    state: str
    priority: str
    reply: str = ""
    level: int = 1


@dataclass(frozen=True)
class MeasureRef:
    """A measure that an application (its uid) seeks money for, as hooks see it; `place` is the uid of where."""

    uid: UUID
    kind: str
    text: str
    application: UUID
    place: UUID | None = None
    level: int = 1


@dataclass(frozen=True)
class MoveRef:
    """A change of state: of which flow, which move, from where to where, and the reason given."""

    flow: str
    key: str
    source: str
    target: str
    reason: str = ""
