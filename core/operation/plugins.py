"""What there is to know of a plugin: read from what it declared and from its tables, never what is in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select

from core import access, clock, db, plugins
from core.access import Actor
from core.hookspecs import Job
from core.i18n import N_
from core.operation.services import READ
from core.plugins import PluginCall, PluginFailure, PluginState

MANY = 10_000
"""Rows of a table that are counted; beyond it is "fler än"."""
RECENT = 20

STATES = {
    "on": (N_("På"), "on"),
    "off": (N_("Av"), "off"),
    "waived": (N_("Av, utan invändningar"), "off"),
    "parked": (N_("Parkerat"), "paused"),
    "refused": (N_("Vägrat"), "barred"),
    "absent": (N_("Inte installerat"), "missing"),
}
"""In words, and their shape."""

CONSEQUENCES = {
    "on": N_("Tillägget svarar i sina krokar. Går något fel syns det här, och resten av Tryggplats går vidare."),
    "off": N_("Data ligger kvar. Det som hänger på tillägget går att läsa men inte att flytta."),
    "waived": N_("Data ligger kvar. Det som hänger på tillägget får flyttas utan dess invändningar."),
    "parked": N_("Stängdes av sig självt efter för många fel. Det som hänger på det går att läsa men inte att flytta."),
    "refused": N_("Det kunde inte startas. Resten av Tryggplats påverkas inte. Rätta felet och starta om."),
    "absent": N_("Det är inte installerat här, eller får inte köras enligt TRYGGPLATS_PLUGINS."),
}


@dataclass(frozen=True)
class Known:
    """A plugin in the list."""

    name: str
    title: str
    version: str
    contract: str
    state: str
    since: datetime | None
    reason: str
    refusal: str
    hooks: list[str]
    level: int


@dataclass(frozen=True)
class Whole(Known):
    """A plugin on its own page."""

    tables: list[tuple[str, int]] = field(default_factory=list)
    rights: list[tuple[str, str, list[str]]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    failures: list[PluginFailure] = field(default_factory=list)
    calls: list[PluginCall] = field(default_factory=list)
    traced_until: datetime | None = None


def list_plugins(actor: Actor) -> list[Known]:
    """Return every plugin that is installed, or that something was decided about, by name."""
    access.require(actor, READ)
    decided = {row.name: row for row in db.session().scalars(select(PluginState))}
    names = sorted({*plugins.house().plugins, *decided})
    return [Known(**_known(name, decided.get(name))) for name in names]


def read_plugin(actor: Actor, name: str) -> Whole:
    """Return all there is to know of a plugin; Missing for one that nobody has heard of."""
    access.require(actor, READ)
    row = db.session().get(PluginState, name)
    if row is None and name not in plugins.house().plugins:
        raise access.Missing("plugin", name)
    house = plugins.house()
    kinds = [kind for known in (house.observation_kinds, house.deadline_kinds) for kind in known.values()]
    return Whole(
        **_known(name, row),
        tables=_tables(name),
        rights=_rights(name),
        jobs=house.jobs.get(name, []),
        kinds=[kind.title for kind in kinds if plugins.owner(kind.key) == name],
        failures=_last(PluginFailure, name),
        calls=_last(PluginCall, name),
        traced_until=row.traced_until if row and row.traced_until and row.traced_until > clock.now() else None,
    )


def _known(name: str, row: PluginState | None) -> dict[str, Any]:
    plugin = plugins.house().plugins.get(name)
    manifest = plugin.manifest if plugin else None
    state = plugins.state(name)
    return {
        "name": name,
        "title": plugins.title(name),
        "version": plugins.version(name),
        "contract": manifest.core if manifest else "",
        "state": row.state if row and state == "absent" and row.state == "waived" else state,
        "since": row.since if row and row.state == state else None,
        "reason": row.reason if row and row.state == state else "",
        "refusal": plugin.refusal if plugin else "",
        "hooks": plugins.hooks_of(name),
        "level": manifest.level if manifest else 0,
    }


def _tables(name: str) -> list[tuple[str, int]]:
    """Return the plugin's tables with their number of rows, counted up to `MANY` and one more."""
    found = []
    for table in sorted(plugins.tables_of(name), key=lambda table: table.name):
        some = select(literal(1)).select_from(table).limit(MANY + 1).subquery()
        found.append((table.name, db.session().scalars(select(func.count()).select_from(some)).one()))
    return found


def _rights(name: str) -> list[tuple[str, str, list[str]]]:
    """Return the plugin's permissions, what each lets one do, and the roles that hold it."""
    own = [entry for key, entry in access.permissions().items() if plugins.owner(key) == name]
    return [(entry.key, entry.title, [access.ROLES[r] for r in (*entry.own, *entry.city)]) for entry in own]


def _last(model: Any, name: str) -> list[Any]:
    rows = select(model).where(model.name == name).order_by(model.id.desc()).limit(RECENT)
    return list(db.session().scalars(rows))
