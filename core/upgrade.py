"""Migrations: core's line and one line per plugin, each with a version table of its own (design.md 2 and 6).

Instances that start together migrate one at a time. Every revision is a transaction: one that fails leaves
nothing, and a plugin whose revision fails is refused while core and the other plugins go on.
"""

from __future__ import annotations

import fcntl
import io
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geoalchemy2.alembic_helpers as geo_operations
from alembic import command
from alembic.autogenerate import compare_metadata, rewriter
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import Geometry
from sqlalchemy import Connection, Table, inspect, text

from core import lease, outbox, plugins, restored  # noqa: F401 - their tables
from core.db import Base, Database, UtcDateTime

CORE = "core"
LOCK = 7_384_201  # any number, the same in every instance
LOCK_WAIT = "2s"
"""How long a change of schema may wait for a table in use, while all others queue behind it."""

log = logging.getLogger(__name__)


class UpgradeFault(Exception):
    """The schema cannot be changed as asked; the message says what to do."""


@dataclass(frozen=True)
class Pending:
    """A revision that the database does not have yet."""

    owner: str
    revision: str
    title: str


@dataclass(frozen=True)
class Line:
    """The migrations of one owner: core, or a plugin by name."""

    owner: str
    folder: Path

    @property
    def version_table(self) -> str:
        """The table that says how far this owner's schema has come."""
        return "alembic_version" if self.owner == CORE else f"alembic_version_{self.owner}"

    def tables(self) -> list[Table]:
        """Return the owner's tables: a plugin's begin with its name, core's are the others."""
        modules = {mapper.local_table: mapper.class_.__module__ for mapper in Base.registry.mappers}
        return [table for table in Base.metadata.sorted_tables if _owner_of(table, modules) == self.owner]

    def options(self) -> dict[str, Any]:
        """Return what Alembic must know to leave everything alone that is not the owner's."""
        own = {table.name for table in self.tables()}

        def include_object(thing: Any, name: str | None, kind: str, reflected: bool, against: Any) -> bool:  # noqa: FBT001, ARG001
            if kind == "table":
                return name in own
            return kind != "index" or not _is_spatial(thing)

        return {
            "target_metadata": Base.metadata,
            "version_table": self.version_table,
            "include_object": include_object,
            "render_item": _render_item,
            "process_revision_directives": _spatial,
            "render_as_batch": True,
            "transaction_per_migration": True,
            "transactional_ddl": True,
            "on_version_apply": _check_foreign_keys,
        }

    def config(self) -> Config:
        """Return the settings that Alembic would otherwise read from a file."""
        config = Config(stdout=io.StringIO())
        values = {
            "script_location": _scripts(),
            "version_locations": self.folder,
            "path_separator": "newline",
            "file_template": "%(rev)s_%(slug)s",
        }
        for name, value in values.items():
            config.set_main_option(name, str(value).replace("%", "%%"))
        return config


def _owner_of(table: Table, modules: Mapping[Any, str]) -> str:
    """Return whose a table is: by its model's module; one that only joins two others has none and goes by its name."""
    by_name = next((name for name in plugins.house().plugins if table.name.startswith(f"{name}_")), "")
    if table not in modules:
        return by_name or CORE
    return CORE if modules[table].partition(".")[0] == CORE else by_name


def _scripts() -> Path:
    """Return the folder with env.py: inside core in a wheel, beside it in a checkout."""
    here = Path(__file__).parent
    return next(folder for folder in (here / "migrations", here.parent / "migrations") if folder.is_dir())


def lines() -> list[Line]:
    """Return core's line first, then that of each plugin that brings migrations and is not refused."""
    found = [Line(CORE, _scripts() / "versions")]
    for name, plugin in sorted(plugins.house().plugins.items()):
        folder = plugin.manifest.root / "migrations" if plugin.manifest and not plugin.refusal else None
        if folder and folder.is_dir():
            found.append(Line(name, folder))
    return found


def line_of(owner: str) -> Line:
    """Return the line of core or of a plugin; UpgradeFault when it has none."""
    found = next((line for line in lines() if line.owner == owner), None)
    if found is None:
        raise UpgradeFault(f"{owner} har inga migreringar, eller är inte igång. Se tryggplats plugins list.")
    return found


# --- What is done -------------------------------------------------------------------------------------------------


def upgrade(database: Database) -> None:
    """Bring core's schema to the newest revision, then each plugin's; a plugin that fails is refused."""
    with _turn(database) as connection:
        known = list(_known_lines(connection))
        connection.rollback()  # what it read, as in _run
        for line in known:
            try:
                _run(line, connection, command.upgrade, "head")
            except Exception as error:
                if line.owner == CORE:
                    raise
                log.exception("migration of plugin %s failed", line.owner)
                plugins.refuse(line.owner, error)


def downgrade(database: Database, owner: str, revision: str) -> None:
    """Take one owner's schema back to `revision`; "base" removes it, with its version table."""
    line = line_of(owner)
    with _turn(database) as connection:
        _run(line, connection, command.downgrade, revision)
        if revision == "base":
            with connection.begin():
                connection.execute(text(f"DROP TABLE IF EXISTS {line.version_table}"))


def knows(owner: str, revision: str) -> bool:
    """Whether this code has the revision of an owner, of core or of a plugin that runs here."""
    found = next((line for line in lines() if line.owner == owner), None)
    return found is not None and revision in {
        entry.revision for entry in ScriptDirectory.from_config(found.config()).walk_revisions()
    }


def begin_at(database: Database, revisions: Mapping[str, str]) -> None:
    """Make the tables of an empty database as they were at these revisions; tables that are there are taken down."""
    with _turn(database) as connection:
        for line in reversed(lines()):
            there = _context(line, connection).get_current_heads()
            connection.rollback()  # what it read, as in _run
            if there:
                _run(line, connection, command.downgrade, "base")
        for line in lines():
            if line.owner in revisions:
                _run(line, connection, command.upgrade, revisions[line.owner])


def pending(database: Database) -> list[Pending]:
    """Return the revisions that the database lacks, in the order they would run."""
    found = []
    with database.engine.connect() as connection:
        for line in _known_lines(connection):
            script = ScriptDirectory.from_config(line.config())
            known = _context(line, connection).get_current_heads()
            missing = list(script.iterate_revisions("heads", known or "base")) if script.get_heads() else []
            found += [Pending(line.owner, entry.revision, entry.doc.rstrip(".")) for entry in reversed(missing)]
    return found


def _known_lines(connection: Connection) -> Iterator[Line]:
    """Yield the lines of which the database has nothing that this code does not know.

    Core works on tables that are one version newer, while the new code is rolled out (reliability.md U7). A plugin
    has promised nothing of the kind: it is refused.
    """
    for line in lines():
        newer = _newer(line, connection)
        if newer is None:
            yield line
        elif line.owner == CORE:
            log.warning("the database has core's revision %s, which this code does not know: it is newer", newer)
        else:
            sentence = f"databasens tabeller är nyare än tilläggets kod ({newer}). Installera det nyare tillägget"
            plugins.refuse(line.owner, UpgradeFault(sentence))


def _newer(line: Line, connection: Connection) -> str | None:
    script = ScriptDirectory.from_config(line.config())
    known = {entry.revision for entry in script.walk_revisions()}
    return next((head for head in _context(line, connection).get_current_heads() if head not in known), None)


def refuse_behind(database: Database) -> None:
    """Refuse to start on a schema that is behind: core as a whole, a plugin by itself."""
    behind = {entry.owner: None for entry in pending(database)}
    sentence = "databasens tabeller är äldre än koden. Kör tryggplats db upgrade"
    if CORE in behind:
        raise UpgradeFault(f"{sentence[0].upper()}{sentence[1:]}.")
    for name in behind:
        plugins.refuse(name, UpgradeFault(sentence))


def check(database: Database) -> list[str]:
    """Return how the database differs from the models of core and of the plugins: nothing, when all is well."""
    found = []
    with database.engine.connect() as connection:
        inspector = inspect(connection)
        for line in lines():
            found += [f"{line.owner}: {entry}" for entry in compare_metadata(_context(line, connection), Base.metadata)]
            columns = [c for table in line.tables() for c in table.columns if _is_geometry(c)]
            for column in columns if not found else ():
                indexes = inspector.get_indexes(column.table.name)
                if not any(column.name in index["column_names"] for index in indexes):
                    found.append(f"{line.owner}: {column} saknar rumsligt index")
    return found


def revision(database: Database, owner: str, message: str) -> Path:
    """Write the next revision of `owner` from what its models say, for a developer to read through; return its file."""
    if [entry for entry in pending(database) if entry.owner == owner]:
        raise UpgradeFault("Databasen är inte uppdaterad. Kör tryggplats db upgrade först.")
    line = line_of(owner)
    number = 1 + max((int(path.name[:4]) for path in line.folder.glob("[0-9][0-9][0-9][0-9]_*.py")), default=0)
    with _turn(database) as connection:
        config = _attached(line, connection)
        made: Any = command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04}")
    return Path(made.path)


def _run(line: Line, connection: Connection, act: Any, target: str) -> None:
    if connection.dialect.name == "sqlite":
        _tell_spatial_tables(connection)
    try:
        act(_attached(line, connection), target)
    finally:
        connection.rollback()  # what it read; in an open transaction Alembic would not commit the next line's revisions


def _tell_spatial_tables(connection: Connection) -> None:
    """Tell GeoAlchemy2 which tables of this database have a geometry: it knows only those that this process has made.

    Of the others a table that is made anew (`batch_alter_table`) would leave its old geometry behind, half registered.
    """
    known = geo_operations._SPATIAL_TABLES  # noqa: SLF001 - it has no other way in
    known.clear()
    if inspect(connection).has_table("geometry_columns"):
        known.update(connection.scalars(text("SELECT f_table_name FROM geometry_columns")))
    connection.rollback()  # what it read, as below


def _attached(line: Line, connection: Connection) -> Config:
    config = line.config()
    config.attributes.update(connection=connection, options=line.options())
    return config


def _context(line: Line, connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts=line.options())


# --- One at a time ------------------------------------------------------------------------------------------------


@contextmanager
def _turn(database: Database) -> Iterator[Connection]:
    """Yield a connection of its own on which the schema may be changed, while other instances wait."""
    with database.engine.execution_options(tryggplats_writes=True).connect() as connection:
        connection.detach()  # it is closed at the end, with the lock and the settings below
        if database.embedded:
            with _folder_lock(Path(database.engine.url.database or ".").parent):
                # Not possible inside a transaction; _check_foreign_keys looks after every revision.
                connection.connection.execute("PRAGMA foreign_keys = OFF")
                yield connection
        else:
            _wait_for_turn(connection)
            yield connection


def _wait_for_turn(connection: Connection) -> None:
    for statement in (
        "SET statement_timeout = 0",
        "SET lock_timeout = 0",
        f"SELECT pg_advisory_lock({LOCK})",
        f"SET lock_timeout = '{LOCK_WAIT}'",
    ):
        connection.execute(text(statement))
    if connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")).first() is None:
        connection.execute(text("CREATE EXTENSION postgis"))
    # Here, and not through db.transaction(): what is set, and the lock, are this connection's own until it is closed;
    # a session gives its connection back with its transaction, and a rollback would undo what is set.
    connection.commit()


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder: opening the database's own file a second time would drop SQLite's locks."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _check_foreign_keys(*, ctx: MigrationContext, **_: Any) -> None:
    """Fail a revision on SQLite that leaves a row pointing nowhere."""
    if ctx.connection is not None and ctx.dialect.name == "sqlite":
        broken = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise UpgradeFault(f"migreringen lämnar rader som pekar ut i tomma intet: {broken[:3]}")


# --- How a revision is written ------------------------------------------------------------------------------------

_spatial = rewriter.Rewriter()


@_spatial.rewrites(ops.CreateTableOp)
def _make_spatial(_context: Any, _revision: Any, made: ops.CreateTableOp) -> Any:
    """Plain operations would leave SpatiaLite's R-tree out, and behind when the table goes (setup-facts.md 4)."""
    columns = [column for column in made.columns if _is_geometry(column)]
    if not columns:
        return made
    spatial = geo_operations.CreateGeospatialTableOp(
        made.table_name,
        made.columns,
        _namespace_metadata=made._namespace_metadata,  # noqa: SLF001 - as GeoAlchemy2's own writer does
        _constraints_included=made._constraints_included,  # noqa: SLF001
        **made.kw,
    )
    return [spatial, *(_spatial_index(made.table_name, column) for column in columns)]


@_spatial.rewrites(ops.DropTableOp)
def _drop_spatial(_context: Any, _revision: Any, gone: ops.DropTableOp) -> Any:
    columns = [column for column in gone.to_table().columns if _is_geometry(column)]
    if not columns:
        return gone
    indexes = [_spatial_index(gone.table_name, column).reverse() for column in columns]
    return [*indexes, geo_operations.DropGeospatialTableOp(gone.table_name)]


def _spatial_index(table: str, column: Any) -> ops.CreateIndexOp:
    made: ops.CreateIndexOp = geo_operations.CreateGeospatialIndexOp(
        f"idx_{table}_{column.name}", table, [column], postgresql_using="gist", postgresql_ops={}
    )
    return made


def _is_geometry(column: Any) -> bool:
    return isinstance(getattr(column, "type", None), Geometry)


def _is_spatial(index: Any) -> bool:
    return any(_is_geometry(column) for column in index.columns)


def _render_item(kind: str, thing: Any, context: AutogenContext) -> str | bool:
    """Write our own types as what they are in the database, so that a revision never changes with the code."""
    if kind == "type" and isinstance(thing, Geometry):
        context.imports.add("from geoalchemy2 import Geometry")
        return f'Geometry("{thing.geometry_type}", srid={thing.srid}, spatial_index=False)'
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False
