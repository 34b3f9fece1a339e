"""What waits for a person, and what she waits for: heard from every room and plugin, none of which is named here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core import clock, plugins
from core.access import Actor
from core.hookspecs import Todo
from core.i18n import N_
from core.journal import PROTECTED

MOST = 500
"""What each room and plugin may say that waits: the same wherever it is counted, so that the numbers agree."""
OTHERS = "andra"
PARTS = {
    "pagar": N_("Pågår nu"),
    "forst": N_("Går alltid först"),
    "forsenat": N_("Försenat"),
    "idag": N_("I dag"),
    "vecka": N_("Denna vecka"),
    "senare": N_("Senare"),
    OTHERS: N_("Väntar på andra"),
}
"""What waits, by when it must be done: the later, the further down. First stands what is going on, then dangers."""
GROUPS = tuple(title for key, title in PARTS.items() if key != OTHERS)
ONGOING, FIRST, LATE, TODAY, THIS_WEEK, LATER = range(len(GROUPS))
LATEST = datetime.max.replace(tzinfo=UTC)


def todos(failed: set[str], actor: Actor, *, limit: int = MOST) -> tuple[list[Todo], list[Todo]]:
    """Return what waits for `actor` and what waits for others, the most urgent first: `limit` of each room at most."""
    heard = sorted(hear(failed, "todo", actor=actor, limit=limit), key=_urgency)
    return [todo for todo in heard if not todo.whose], [todo for todo in heard if todo.whose]


def hear(failed: set[str], hook: str, **asked: Any) -> list[Any]:
    """Return what rooms and plugins say; protected matters stand on no such page, who failed is noted in `failed`."""
    heard = []
    for called in plugins.collected(hook, **asked):
        if called.failure:
            failed.add(plugins.title(called.plugin))
        heard += [value for value in called.values if getattr(value, "level", 1) < PROTECTED]
    return heard


def when(todo: Todo) -> int:
    """Return which of the groups it belongs to, by the days of Stockholm; a week ends with its Sunday."""
    if todo.ongoing:
        return ONGOING
    if todo.before:
        return FIRST
    if todo.due_at is None:
        return LATER
    if todo.due_at <= clock.now():
        return LATE
    today, last = clock.today(), clock.last_day(todo.due_at)
    if last <= today:
        return TODAY
    return THIS_WEEK if last <= today + timedelta(days=7 - today.isoweekday()) else LATER


def _urgency(todo: Todo) -> tuple[object, ...]:
    return (not todo.ongoing, not todo.before, todo.due_at or LATEST, todo.title)
