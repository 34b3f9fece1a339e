"""Whether a plugin is on: what a person or the guard has decided, and what hangs on one that is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from core import access, clock, db, journal
from core.plugins.installed import house
from core.plugins.models import PluginCall, PluginState

FRESH = 5.0
"""Seconds that the read states of plugins may be old."""


def state(name: str) -> str:
    """Return on, off, waived, refused, parked or absent, as of at most five seconds ago. Needs an open transaction."""
    plugin = house().plugins.get(name)
    if plugin is None:
        return "absent"
    if plugin.refusal:
        return "refused"
    return _decided(name)


def _decided(name: str) -> str:
    """Return what a person or the guard has decided about the plugin: on, off, parked or waived."""
    known = house()
    if clock.monotonic() - known.read_at > FRESH:
        rows = db.session().execute(select(PluginState.name, PluginState.state, PluginState.traced_until)).all()
        known.states = {row.name: row.state for row in rows}
        known.tracing = {row.name: row.traced_until for row in rows if row.traced_until}
        known.read_at = clock.monotonic()
    return known.states.get(name, "on")


def set_state(actor: access.Actor, name: str, new: str, reason: str) -> None:
    """Switch plugin `name` on, off or waived (off, and what hangs on it may move), in all processes within 5 s."""
    row = db.session().get(PluginState, name) or PluginState(name=name)
    row.state, row.since, row.reason = new, clock.now(), reason
    db.session().add(row)
    journal.write(actor, f"plugin:{new}", "plugin", None, name=name, reason=reason)
    db.after_commit(forget_states)


def trace(actor: access.Actor, name: str, until: datetime | None) -> None:
    """Note each call of the plugin's hooks until a moment, in all processes; None stops it. What was noted goes."""
    row = db.session().get(PluginState, name)
    if row is None:
        row = PluginState(name=name, state="on", since=clock.now())
        db.session().add(row)
    row.traced_until = until
    if until is not None:
        db.session().execute(delete(PluginCall).where(PluginCall.name == name))
    journal.write(actor, "plugin:trace", "plugin", None, name=name, until=until)
    db.after_commit(forget_states)


def is_traced(name: str) -> bool:
    """Whether the calls of a plugin's hooks are noted now. Asked after `state`, which reads it."""
    until = house().tracing.get(name)
    return until is not None and clock.now() < until


def forget_states() -> None:
    """Read the states anew at the next question."""
    house().read_at = float("-inf")


def owner(key: str) -> str | None:
    """Return the plugin that a key such as `klotter:klotter` belongs to, None for core's own keys."""
    name, colon, _ = key.partition(":")
    return name if colon and name != "core" else None


def is_running(key: str) -> bool:
    """Whether somebody answers for `key` now: the plugin that it belongs to, or core itself."""
    name = owner(key)
    return name is None or state(name) == "on"


def absent(keys: Iterable[str]) -> str | None:
    """Return the first plugin behind `keys` that is not running: what hangs on it may not be moved.

    Until an administrator has recorded a reason to go on without it (state `waived`).
    """
    missing = (owner(key) for key in keys if not is_running(key))
    return next((name for name in missing if name and _decided(name) != "waived"), None)
