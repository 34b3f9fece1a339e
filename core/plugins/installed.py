"""The plugins of this process, and what they declared."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from types import ModuleType
from typing import TYPE_CHECKING

import pluggy

from core import hookspecs
from core.hookspecs import DeadlineKind, Job, Manifest, MeasureKind, ObservationKind

if TYPE_CHECKING:
    from core.plugins.models import PluginCall, PluginFailure

CONTRACT = "1.0"
"""Version of hookspecs and kit; a plugin's manifest names the range that it was written for."""
GROUP = "tryggplats"

log = logging.getLogger("core.plugins")


class Refused(Exception):
    """A plugin cannot be used; the message is the sentence that the administrator reads."""


@dataclass
class Plugin:
    """A plugin as this process knows it."""

    name: str
    manifest: Manifest | None = None
    module: ModuleType | None = None
    refusal: str = ""


@dataclass
class House:
    """All plugins of this process, and what they declared."""

    manager: pluggy.PluginManager
    failures_to_park: int = 5
    plugins: dict[str, Plugin] = field(default_factory=dict)
    observation_kinds: dict[str, ObservationKind] = field(default_factory=dict)
    deadline_kinds: dict[str, DeadlineKind] = field(default_factory=dict)
    measure_kinds: dict[str, MeasureKind] = field(default_factory=dict)
    jobs: dict[str, list[Job]] = field(default_factory=dict)
    noted: list[PluginFailure] = field(default_factory=list)
    traced: list[PluginCall] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    tracing: dict[str, datetime] = field(default_factory=dict)
    read_at: float = float("-inf")


_house = House(pluggy.PluginManager(hookspecs.PROJECT))


def house() -> House:
    """Return this process's plugins."""
    return _house


def folders(name: str) -> list[str]:
    """Return the folders of this name that plugins bring, such as their translations."""
    roots = [plugin.manifest.root for plugin in _house.plugins.values() if plugin.manifest]
    return [str(root / name) for root in roots if (root / name).is_dir()]


def open_house(failures_to_park: int) -> House:
    """Begin anew, without plugins: one process, one house."""
    global _house  # noqa: PLW0603
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    _house = House(manager, failures_to_park)
    return _house


def refuse(name: str, error: BaseException) -> None:
    """Refuse a plugin, at load or when it turns out wrong afterwards, such as by a route without a permission."""
    plugin = _house.plugins[name]
    plugin.refusal = in_words(error)
    log.error("plugin %s refused: %s", name, plugin.refusal)
    if _house.manager.has_plugin(name):
        _house.manager.unregister(name=name)


def in_words(error: BaseException) -> str:
    """Return a plugin's error as a text that both databases take; its own words may fail, or not be storable."""
    try:
        said = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - an error is a plugin's code as well
        said = type(error).__name__
    return said.encode("utf-8", "replace").decode().replace("\0", "")[:500]


def title(name: str) -> str:
    """Return the plugin's title, or its name where it is gone."""
    plugin = _house.plugins.get(name)
    return plugin.manifest.title if plugin and plugin.manifest else name


def version(name: str) -> str:
    """Return the version of the distribution that brings the plugin, "" where none does."""
    found = next((entry for entry in metadata.entry_points(group=GROUP) if entry.name == name), None)
    return found.dist.version if found and found.dist else ""


def hooks_of(name: str) -> list[str]:
    """Return the hooks that a plugin answers to, without their prefix."""
    manager = _house.manager
    callers = (manager.get_hookcallers(manager.get_plugin(name)) if manager.has_plugin(name) else None) or ()
    return sorted(caller.name.removeprefix(f"{hookspecs.PROJECT}_") for caller in callers)
