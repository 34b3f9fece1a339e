"""A plugin's tables and models: under its own name, and such that they cannot take core's with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Mapper

from core.db import Base
from core.plugins.installed import Refused


@dataclass(frozen=True)
class Models:
    """All tables by name, and all models, that there are at one moment."""

    tables: frozenset[str]
    mappers: frozenset[Mapper[Any]]


def models_now() -> Models:
    """Return what there is now, for a look at what a plugin brings."""
    return Models(frozenset(Base.metadata.tables), frozenset(Base.registry.mappers))


def configure_models() -> None:
    """Fit the models together now, instead of at the first query; raises what SQLAlchemy finds wrong."""
    Base.registry.configure(cascade=True)


def tables_of(name: str) -> list[Table]:
    """Return the tables of a plugin, those that others point at first."""
    return [table for table in Base.metadata.sorted_tables if table.name.startswith(f"{name}_")]


def check_name(name: str) -> None:
    """Refuse a plugin under whose name core has tables: they would be taken for the plugin's own."""
    for mapper in Base.registry.mappers:
        table = getattr(mapper.local_table, "name", "")
        if mapper.class_.__module__.startswith("core.") and table.startswith(f"{name}_"):
            raise Refused(f"namnet är början på kärnans tabell {table}")


def check_models(name: str, module: Any, before: Models) -> None:
    """Refuse a plugin whose tables are not under its own name, or whose models do not fit together (design.md 6)."""
    package = getattr(module, "__name__", name)
    brought = set(Base.metadata.tables) - before.tables
    for mapper in Base.registry.mappers:
        if f"{mapper.class_.__module__}.".startswith(f"{package}."):
            brought.add(getattr(mapper.local_table, "name", ""))
    if wrong := sorted(table for table in brought if not table.startswith(f"{name}_")):
        raise Refused(f"tabellen {wrong[0]} ska heta {name}_…")
    configure_models()


def forget_models(before: Models) -> None:
    """Take away what came after `before`: one model that does not fit would stop every query, core's as well."""
    for mapper in Base.registry.mappers - before.mappers:
        # SQLAlchemy takes a whole registry away, or nothing; plugins share core's, for the sake of one kit.Base.
        Base.registry._managers.pop(mapper.class_manager, None)  # noqa: SLF001
        Base.registry._dispose_manager_and_mapper(mapper.class_manager)  # noqa: SLF001
    for name in set(Base.metadata.tables) - before.tables:
        Base.metadata.remove(Base.metadata.tables[name])
