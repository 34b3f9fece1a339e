"""Plugins: found by entry point, checked, switched on; and hooks called so that a failing one loses only itself.

design.md 6 is the contract. A plugin is on, off, refused (wrong at load) or parked (failed too often at run time).
The rooms of core speak through the same hooks, registered as `core:<room>`; their failures are not contained.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import metadata
from types import ModuleType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pluggy
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from sqlalchemy import Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core import access, clock, db, hookspecs, journal
from core.db import Base, Key
from core.hookspecs import DeadlineKind, Job, Manifest, ObservationKind
from core.i18n import N_, Text
from core.schema import Schema

CONTRACT = "1.0"
"""Version of hookspecs and kit; a plugin's manifest names the range that it was written for."""
GROUP = "tryggplats"
FRESH = 5.0
"""Seconds that the read states of plugins may be old."""
WINDOW = timedelta(minutes=10)

log = logging.getLogger(__name__)


class PluginState(Base):
    """What has been decided about a plugin, by a person (on, off, waived) or by the guard (parked)."""

    __tablename__ = "plugin"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")


class PluginFailure(Base):
    """A failure of a plugin at run time."""

    __tablename__ = "plugin_failure"
    __table_args__ = (Index("ix_plugin_failure_name_at", "name", "at"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    hook: Mapped[str] = mapped_column(String(60))
    message: Mapped[str] = mapped_column(String(500))


access.for_nobody(PluginState, PluginFailure)


class Refused(Exception):
    """A plugin cannot be used; the message is the sentence that the administrator reads."""


@dataclass
class Plugin:
    """A plugin as this process knows it."""

    name: str
    manifest: Manifest | None = None
    module: ModuleType | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Called:
    """What one implementation answered: its values, or why there are none."""

    plugin: str
    values: list[Any] = field(default_factory=list)
    failure: str = ""


@dataclass
class House:
    """All plugins of this process, and what they declared."""

    manager: pluggy.PluginManager
    failures_to_park: int = 5
    plugins: dict[str, Plugin] = field(default_factory=dict)
    observation_kinds: dict[str, ObservationKind] = field(default_factory=dict)
    deadline_kinds: dict[str, DeadlineKind] = field(default_factory=dict)
    jobs: dict[str, list[Job]] = field(default_factory=dict)
    noted: list[PluginFailure] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    read_at: float = float("-inf")


_house = House(pluggy.PluginManager(hookspecs.PROJECT))


def house() -> House:
    """Return this process's plugins."""
    return _house


# --- At start -----------------------------------------------------------------------------------------------------


def start(
    rooms: Iterable[ModuleType],
    allowed: tuple[str, ...] | None,
    *,
    failures_to_park: int = 5,
    extra: Iterable[tuple[str, Callable[[], Any]]] = (),
) -> House:
    """Find, check and register all plugins for this process; one that is wrong is refused, core goes on.

    `allowed` are the names that may run (None: all that are installed); `extra` are name and loader of
    plugins that are no distribution, for tests.
    """
    global _house  # noqa: PLW0603 - one process, one house
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    _house = House(manager, failures_to_park=failures_to_park)
    for room in rooms:
        manager.register(room, f"core:{room.__name__.split('.')[1]}")
    found = [(entry.name, entry.load) for entry in metadata.entry_points(group=GROUP)]
    for name, load in sorted([*found, *extra], key=lambda pair: pair[0]):
        if allowed is None or name in allowed:
            _house.plugins[name] = _admit(name, load)
    _declare()
    return _house


def _admit(name: str, load: Callable[[], Any]) -> Plugin:
    plugin = Plugin(name)
    try:
        plugin.module = load()
        _house.manager.register(plugin.module, name)
        _house.manager.check_pending()
        plugin.manifest = _manifest(plugin)
        _check_tables(plugin)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, core starts
        _refuse(plugin, error)
    return plugin


def refuse(name: str, error: BaseException) -> None:
    """Refuse a plugin that turned out wrong after it was admitted, such as by a route without a permission."""
    _refuse(_house.plugins[name], error)


def _refuse(plugin: Plugin, error: BaseException) -> None:
    plugin.refusal = f"{type(error).__name__}: {error}"
    log.error("plugin %s refused: %s", plugin.name, plugin.refusal)
    if _house.manager.has_plugin(plugin.name):
        _house.manager.unregister(name=plugin.name)


def _manifest(plugin: Plugin) -> Manifest:
    answer = getattr(plugin.module, "tryggplats_manifest", None)
    if answer is None:
        raise Refused("har ingen tryggplats_manifest")
    manifest = answer()
    if not isinstance(manifest, Manifest) or manifest.name != plugin.name:
        raise Refused(f"manifestet ska heta {plugin.name}, som i entry point")
    check_answer("manifest", manifest)
    if not re.fullmatch(r"[a-z][a-z0-9]{1,30}", manifest.name):
        raise Refused("namnet ska vara små bokstäver a–z")
    try:
        wanted = SpecifierSet(manifest.core)
    except InvalidSpecifier as error:
        raise Refused(f"versionsintervallet {manifest.core!r} går inte att läsa") from error
    if CONTRACT not in wanted:
        raise Refused(f"är skriven för kontrakt {manifest.core}, här är {CONTRACT}")
    return manifest


def _check_tables(plugin: Plugin) -> None:
    """Refuse a plugin whose models are not under its own name (design.md 6)."""
    package = getattr(plugin.module, "__name__", plugin.name)
    for mapper in Base.registry.mappers:
        table = getattr(mapper.local_table, "name", "")
        if f"{mapper.class_.__module__}.".startswith(f"{package}.") and not table.startswith(f"{plugin.name}_"):
            raise Refused(f"tabellen {table} ska heta {plugin.name}_…")


def _declare() -> None:
    """Ask every plugin once for what it declares; a key under another name, or twice, refuses the plugin."""
    rights = []
    for plugin in _house.plugins.values():
        if plugin.refusal:
            continue
        try:
            own_rights = _own(plugin.name, "permissions")
            kinds = _own(plugin.name, "observation_kinds")
            frister = _own(plugin.name, "deadline_kinds")
            jobs = _own(plugin.name, "jobs")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
            _refuse(plugin, error)
            continue
        rights += own_rights
        _house.observation_kinds |= {kind.key: kind for kind in kinds}
        _house.deadline_kinds |= {kind.key: kind for kind in frister}
        _house.jobs[plugin.name] = jobs
    access.add_permissions(rights)


def _own(name: str, hook: str) -> list[Any]:
    """Return what plugin `name` declares with `hook`, its keys checked."""
    function = getattr(_house.manager.get_plugin(name), f"tryggplats_{hook}", None)
    values = list(function()) if function else []
    keys = [value.key for value in values]
    if wrong := [key for key in keys if not key.startswith(f"{name}:")]:
        raise Refused(f"{wrong[0]} i {hook} ska börja med {name}:")
    if len(set(keys)) != len(keys):
        raise Refused(f"{hook} har samma nyckel två gånger")
    for value in values:
        check_answer(hook, value)
    return values


def check_answer(hook: str, value: Any) -> None:
    """Raise TypeError for a value that is not what the contract says that `hook` answers with, field by field.

    A wrong one would otherwise fail in core, far from the plugin, and take the page with it.
    """
    kind, types = _promised(hook)
    if not isinstance(value, kind):
        raise TypeError(f"{hook} ska svara med {kind.__name__}, inte {type(value).__name__}")
    for name, hint in types.items():
        given = getattr(value, name)
        if not isinstance(given, hint) or (isinstance(given, datetime) and given.tzinfo is None):
            raise TypeError(f"{kind.__name__}.{name} i {hook} är fel sorts värde: {given!r:.80}")


@cache
def _promised(hook: str) -> tuple[type, dict[str, Any]]:
    """Return the class of the values that the contract says that `hook` answers with, and the types of its fields."""
    names = {"Actor": access.Actor, "Schema": Schema}
    said = get_type_hints(getattr(hookspecs, f"tryggplats_{hook}"), localns=names)["return"]
    kind = next(iter(get_args(said)), said)
    return kind, {name: _plain(hint) for name, hint in get_type_hints(kind, localns=names).items()}


def _plain(hint: Any) -> Any:
    """Return what isinstance understands of a type hint: a tuple of texts is a tuple."""
    if isinstance(hint, UnionType):
        return tuple(_plain(member) for member in get_args(hint))
    return get_origin(hint) or hint


# --- State --------------------------------------------------------------------------------------------------------


def state(name: str) -> str:
    """Return on, off, waived, refused, parked or absent, as of at most five seconds ago. Needs an open transaction."""
    plugin = _house.plugins.get(name)
    if plugin is None:
        return "absent"
    if plugin.refusal:
        return "refused"
    return _decided(name)


def _decided(name: str) -> str:
    """Return what a person or the guard has decided about the plugin: on, off, parked or waived."""
    if clock.monotonic() - _house.read_at > FRESH:
        rows = db.session().execute(select(PluginState.name, PluginState.state))
        _house.states = {row.name: row.state for row in rows}
        _house.read_at = clock.monotonic()
    return _house.states.get(name, "on")


def set_state(actor: access.Actor, name: str, new: str, reason: str) -> None:
    """Switch plugin `name` on, off or waived (off, and what hangs on it may move), in all processes within 5 s."""
    row = db.session().get(PluginState, name) or PluginState(name=name)
    row.state, row.since, row.reason = new, clock.now(), reason
    db.session().add(row)
    journal.write(actor, f"plugin:{new}", "plugin", None, name=name, reason=reason)
    db.after_commit(forget_states)


def forget_states() -> None:
    """Read the states anew at the next question."""
    _house.read_at = float("-inf")


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


def title(name: str) -> str:
    """Return the plugin's title, or its name where it is gone."""
    plugin = _house.plugins.get(name)
    return plugin.manifest.title if plugin and plugin.manifest else name


# --- Calling ------------------------------------------------------------------------------------------------------


def _implementations(hook: str) -> Iterator[tuple[str, pluggy.HookImpl]]:
    """Yield who implements `hook` and is on, by name: order of installation has no meaning."""
    caller = getattr(_house.manager.hook, f"tryggplats_{hook}")
    for impl in sorted(caller.get_hookimpls(), key=lambda entry: entry.plugin_name):
        if impl.plugin_name.startswith("core:") or state(impl.plugin_name) == "on":
            yield impl.plugin_name, impl


def _call(hook: str, name: str, impl: pluggy.HookImpl, values: Mapping[str, Any]) -> Called:
    arguments = [values[argument] for argument in impl.argnames]
    function: Callable[..., Any] = impl.function
    if name.startswith("core:"):
        return Called(name, list(function(*arguments) or ()))
    try:
        with db.savepoint():
            answers = list(function(*arguments) or ())
            for answer in answers:
                check_answer(hook, answer)
            return Called(name, answers)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin loses only itself
        return Called(name, failure=note(name, hook, error))


def note(name: str, hook: str, error: BaseException) -> str:
    """Remember that a plugin failed, for `note_failures`; return the failure in words."""
    message = f"{type(error).__name__}: {error}"[:500]
    log.error("plugin %s failed in %s", name, hook, exc_info=error)
    _house.noted.append(PluginFailure(name=name, at=clock.now(), hook=hook, message=message))
    return message


def declared(hook: str) -> list[tuple[str, Any]]:
    """Return (plugin, answer) of each running plugin and room for a declarative hook, asked unguarded."""
    return [(name, impl.function()) for name, impl in _implementations(hook)]


def collected(hook: str, **values: Any) -> list[Called]:
    """Ask everyone; one that fails answers with its failure, so that the page can say so and stay."""
    return [_call(hook, name, impl, values) for name, impl in _implementations(hook)]


def objections(**values: Any) -> list[hookspecs.Objection]:
    """Ask everyone for objections to a move; a plugin that fails objects."""
    found: list[hookspecs.Objection] = []
    for called in collected("objections", **values):
        if called.failure:
            sentence = N_("Tillägget {title} svarar inte. Det går inte att fortsätta förrän det är lagat.")
            found.append(hookspecs.Objection(Text(sentence, title=title(called.plugin))))
        found += called.values
    return found


def told(hook: str, actor: access.Actor, **values: Any) -> None:
    """Tell everyone; what a failing plugin did is undone and journalled, the request goes on."""
    for called in collected(hook, actor=actor, **values):
        if called.failure:
            journal.write(actor, "plugin:failed", "plugin", None, name=called.plugin, hook=hook)


def note_failures(database: db.Database) -> None:
    """Write what failed, in a transaction of its own, and park a plugin that fails too often."""
    failures = []
    while _house.noted:
        failures.append(_house.noted.pop())
    if not failures:
        return
    with database.transaction() as session:
        session.add_all(failures)
        session.flush()
        for name in {failure.name for failure in failures}:
            recent = select(func.count()).where(PluginFailure.name == name, PluginFailure.at > clock.now() - WINDOW)
            if session.scalars(recent).one() >= _house.failures_to_park and state(name) == "on":
                set_state(access.system("core"), name, "parked", failures[0].message)
