"""What applications says through the contract: its frister, what waits for whom; and what follows their moves."""

from __future__ import annotations

from collections.abc import Iterable

from core.access import Actor
from core.applications import waiting
from core.applications.limits import KINDS
from core.applications.services import asking, attaching, editions  # noqa: F401 - what follows moves, files
from core.hookspecs import DeadlineKind, Todo, hookimpl


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """The time to answer what one is asked about an application."""
    return KINDS


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """What waits for who is asked about an application, or to look after what it builds, and for its authors."""
    return waiting.todos(actor, limit)
