"""The tables of an installation: read as they were at one moment, and filled again.

What is there is asked of the database, not of the code: also tables of plugins that are not installed any more, and of
a version that is one behind or ahead. A backup holds rows, never a schema: that is what the migrations are for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, Select, delete, func, insert, inspect, select, text
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session
from sqlalchemy.schema import Column as SqlColumn
from sqlalchemy.types import Text

from core import geo
from core.backup.contents import Table
from core.backup.values import TYPES, Column, family_of
from core.db import Base, Database

VERSIONS = "alembic_version"
"""The table that says how far core's schema has come; a plugin's has its name after it."""
FIRST = "journal_"
"""What comes first in a backup, so that who checks the journal alone need not read the rest."""
FIRST_SIGN, SIGNS = "journal_head", ("organisation", "person", "photo")
"""Tables that tell whether anything has been done in an installation."""
BATCH = 1000
OWN_WAY = ("SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0")


# --- Which there are --------------------------------------------------------------------------------------------------


def revisions(connection: Connection) -> dict[str, str]:
    """Return how far the schema of each owner has come: core, and every plugin that has tables here."""
    found = {}
    for table in inspect(connection).get_table_names():
        if table == VERSIONS or table.startswith(f"{VERSIONS}_"):
            owner = table.removeprefix(VERSIONS).removeprefix("_") or "core"
            revision = connection.scalar(select(text("version_num")).select_from(text(f'"{table}"')))
            if revision:
                found[owner] = revision
    return found


def tables(connection: Connection) -> list[Table]:
    """Return our tables, each after those that it refers to; what belongs to the database itself is left out."""
    inspector = inspect(connection)
    plugins = tuple(f"{owner}_" for owner in revisions(connection) if owner != "core")
    ordered = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name]
    ours = [name for name in ordered if name in Base.metadata.tables or (plugins and name.startswith(plugins))]
    return [
        Table(name, tuple(_columns(name, inspector.get_columns(name))))
        for name in sorted(ours, key=lambda name: not name.startswith(FIRST))
    ]


def _columns(table: str, found: Iterable[Any]) -> Iterator[Column]:
    """Yield the columns that the database has, each of the type that the code says, where it knows the column."""
    known = Base.metadata.tables.get(table)
    for column in found:
        name = column["name"]
        type_ = known.c[name].type if known is not None and name in known.c else column["type"]
        yield Column(name, family_of(type_, f"{table}.{name}"))


def _sql(table: Table) -> SqlTable:
    """Return the table with types that read and write values as a backup has them."""
    return SqlTable(table.name, MetaData(), *(SqlColumn(c.name, TYPES[c.family]) for c in table.columns))


# --- Read as they were ------------------------------------------------------------------------------------------------


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """Open a transaction that sees one moment, and is in nobody's way."""
    with database.transaction(write=False) as session:
        if not database.embedded:
            connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            for statement in OWN_WAY:
                connection.execute(text(statement))
        yield session


def rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """Yield the rows of a table by its key, a thousand in memory."""
    sql, key = _sql(table), inspect(connection).get_pk_constraint(table.name)["constrained_columns"]
    asked = [func.cast(sql.c[c.name], Text) if c.family == "json" else sql.c[c.name] for c in table.columns]
    yield from connection.execute(select(*asked).order_by(*(sql.c[name] for name in key)), **_few())


def one_column(connection: Connection, statement: Select[Any]) -> Iterator[Any]:
    """Yield what a statement finds, a thousand in memory."""
    yield from connection.execute(statement, **_few()).scalars()


def _few() -> dict[str, Any]:
    return {"execution_options": {"yield_per": BATCH}}


# --- Filled again -----------------------------------------------------------------------------------------------------


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been done here yet: no tables, or nothing journalled and nobody there who could do anything.

    Rows that the migrations make, or a worker that was started, are nothing.
    """
    there = {table.name: _sql(table) for table in tables(connection)}
    if FIRST_SIGN in there and connection.scalar(select(there[FIRST_SIGN].c.seq)):
        return False
    found = (there[name] for name in SIGNS if name in there)
    return not any(connection.scalar(select(func.count()).select_from(sql)) for sql in found)


@contextmanager
def filling(connection: Connection) -> Iterator[None]:
    """Let rows in as they are: triggers rest, and references are looked at when all are here."""
    embedded = connection.dialect.name == "sqlite"
    all_tables = tables(connection)
    there = [table.name for table in all_tables]
    own: list[tuple[str, str]] = []
    if embedded:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        asked = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        spatial = ("ggi_", "ggu_", "gii_", "giu_", "gid_", "gci_", "gcu_", "gcd_")
        found = [row for row in connection.execute(asked) if row.tbl_name in there and row.name[:4] not in spatial]
        own = [(row.name, row.sql) for row in found]
        for name, _ in own:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
    else:
        for statement in (*OWN_WAY, *(f'ALTER TABLE "{name}" DISABLE TRIGGER USER' for name in there)):
            connection.execute(text(statement))
    for table in all_tables:
        connection.execute(delete(_sql(table)))  # what the migrations made
    yield
    for _, made in own:
        connection.exec_driver_sql(made)
    if not embedded:
        for name in there:
            connection.execute(text(f'ALTER TABLE "{name}" ENABLE TRIGGER USER'))


def fill(connection: Connection, table: Table, values: Iterable[list[Any]]) -> None:
    """Put rows into a table, as one statement where the database can."""
    if connection.dialect.name == "sqlite":
        sql, names = _sql(table), [column.name for column in table.columns]
        found = iter(values)
        while batch := [dict(zip(names, row, strict=True)) for row in islice(found, BATCH)]:
            connection.execute(insert(sql), batch)
        return
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    shaped = [number for number, column in enumerate(table.columns) if column.family == "geometry"]
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in values:
            for number in shaped:
                row[number] = None if row[number] is None else geo.with_srid(row[number])
            copy.write_row(row)
    _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """Let new rows get keys after those that are here."""
    for column in table.columns:
        asked = {"table": f'"{table.name}"', "column": column.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), asked)
        if sequence:
            last = f'(SELECT coalesce(max("{column.name}"), 0) FROM "{table.name}")'  # noqa: S608 - names of our tables
            counted = text(f"SELECT setval(:sequence, greatest({last}, 1), {last} > 0)")
            connection.execute(counted, {"sequence": sequence})
