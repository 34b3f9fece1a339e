"""What people say through the contract: roles that end soon, to who can prolong them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from core import clock
from core.access import Actor
from core.hookspecs import Todo, hookimpl
from core.i18n import N_, Text
from core.people.services import ending_soon

MANY = 100


@hookimpl
def tryggplats_todo(actor: Actor) -> Iterable[Todo]:
    """Roles that end within thirty days, in one line."""
    if not actor.may("people:role:grant"):
        return
    ending = ending_soon(actor, limit=MANY)
    if not ending:
        return
    first = ending[0][0].valid_to
    title = (
        Text(N_("{n} roller slutar inom 30 dagar"), n=len(ending)) if len(ending) > 1 else N_("En roll slutar snart")
    )
    yield Todo(
        key="people:roles",
        title=title,
        link="/admin/personer#slutar",
        detail=N_("Förläng dem som ska fortsätta."),
        due_at=datetime.combine(first, time.max, clock.STOCKHOLM) if first else None,
        latest=first.isoformat() if first else "",
        tone="warning",
        shape="soon",
        state=N_("Slutar snart"),
        level=1,
    )
