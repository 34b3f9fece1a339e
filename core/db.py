"""The database: one model for PostgreSQL + PostGIS and for SQLite + SpatiaLite, and the one place that commits.

Facts behind the odd-looking parts are in design.md 2 and docs/explanation/databases.md.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

# pyproj and pyogrio bring a PROJ library of their own. Loaded after mod_spatialite, the process crashes at its end.
import orjson
import pyogrio  # noqa: F401
import pyproj  # noqa: F401
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, declared_attr, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from core import clock
from core.settings import Settings

Key = BigInteger().with_variant(Integer, "sqlite")
"""Type of every primary and foreign key; SQLite only counts up by itself in a plain INTEGER."""

Step = Callable[[Session], None]
_current: ContextVar[Session | None] = ContextVar("session", default=None)
_before_commit: list[Step] = []

SRIDS, BUSY_MILLISECONDS = (3006, 3011, 4326, 3857), 10_000
SHARED: Any = {"max_overflow": 2, "hide_parameters": True}  # no error tells what somebody wrote: it may be sealed
POSTGRES_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
)


class Conflict(Exception):
    """The uid is taken by something else: nothing was changed, nothing of the other is told."""

    def __init__(self, kind: str, uid: uuid.UUID) -> None:
        super().__init__(f"{kind} {uid}")
        self.kind, self.uid = kind, uid


class Stale(Exception):
    """Somebody changed the row after the version that the writer had seen."""

    def __init__(self, kind: str, uid: uuid.UUID, version: int) -> None:
        super().__init__(f"{kind} {uid} has version {version}")
        self.kind, self.uid, self.version = kind, uid, version


def refuse_stale(kind: str, uid: uuid.UUID, stands: int, version: int | None) -> None:
    """Raise Stale unless `version` (None: whatever stands) is the version that stands."""
    if version is not None and version != stands:
        raise Stale(kind, uid, stands)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, in and out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of core and of the plugins."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime(), uuid.UUID: Uuid()}


def new_uid() -> uuid.UUID:
    """Return a UUID version 7 (RFC 9562): 48 bits of milliseconds, the rest random. Nothing is ordered by it."""
    milliseconds = int(clock.now().timestamp() * 1000)
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    return uuid.UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))


def uid_of(name: str) -> uuid.UUID:
    """Return the same uid for the same name every time, in the shape of a version 4."""
    return uuid.UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4)


class Identified:
    """A row with a key inside and a `uid` for the world outside (design.md 4.8)."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, default=new_uid)


class Versioned:
    """A row that counts its changes, so that no update is lost (design.md 4.9)."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


class Once:
    """A row that a client creates under its own uid: the same content again is the same row, other content is not.

    `content` is the digest of what came first, so that the answer stays the same after later changes.
    """

    content: Mapped[bytes] = mapped_column(LargeBinary(32))


def fingerprint(**content: Any) -> bytes:
    """Return the digest of what a client sent, whatever the order of its parts."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)).digest()


class Counter(Base):
    """The last number given in a series, such as PL or TI-2027."""

    __tablename__ = "counter"
    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


def next_number(series: str) -> int:
    """Return the next number of `series`, taken in this transaction: gaps may come, no number comes twice."""
    first = insert(Counter).values(series=series, value=1)
    counted = first.on_conflict_do_update(index_elements=["series"], set_={"value": Counter.value + 1})
    return session().execute(counted.returning(Counter.value)).scalar_one()


def session() -> Session:
    """Return the session of the transaction that is open here."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no transaction is open: services are called inside Database.transaction()")
    return current


def insert(model: Any) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT into the table of `model` that may say what happens on a conflict, for this database."""
    return postgresql.insert(model) if session().get_bind().dialect.name == "postgresql" else sqlite.insert(model)


def settings() -> Settings:
    """Return the settings of the installation whose transaction is open here."""
    return _database().settings


def _database() -> Database:
    found: Database = session().info["database"]
    return found


def before_commit(step: Step) -> Step:
    """Register `step` to run in each writing transaction just before its commit."""
    _before_commit.append(step)
    return step


def alone(name: str) -> None:
    """Let one transaction at a time go on that says `name`, until its commit; on SQLite one writes at a time anyway."""
    if session().get_bind().dialect.name == "postgresql":
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key(name)})


def together(name: str) -> None:
    """Go on beside others that say `name` so, until the commit; one that says it with `alone` waits for all of them."""
    if session().get_bind().dialect.name == "postgresql":
        session().execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _lock_key(name)})


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def after_commit(act: Callable[[], object]) -> None:
    """Do `act` when this transaction has been committed: removing a file, never anything that must not be lost."""
    session().info.setdefault("after_commit", []).append(act)


@contextmanager
def beforehand() -> Iterator[None]:
    """Do in a transaction of its own what stays whatever becomes of the one here, such as counting a try.

    The one here must not have begun: on SQLite the two would wait for each other.
    """
    if session().in_transaction():
        raise RuntimeError("the transaction has begun: what shall be done beforehand comes before its first statement")
    database, token = _database(), _current.set(None)
    try:
        with database.transaction():
            yield
    finally:
        _current.reset(token)


@contextmanager
def savepoint() -> Iterator[None]:
    """Undo what was done inside when it raises: rows, and what the session was asked to do at its commit."""
    info = session().info
    lengths = {name: len(entry) for name, entry in info.items() if isinstance(entry, list)}
    try:
        with session().begin_nested():
            yield
            session().flush()
    except BaseException:
        for name, entry in info.items():
            if isinstance(entry, list):
                del entry[lengths.get(name, 0) :]
        raise


class OneTransaction(Session):
    """The session of `Database.transaction`, which alone ends it.

    A plugin that ended it would save half of what the request does, out of sight of the savepoint around the plugin.
    """

    def begin(self, nested: bool = False) -> SessionTransaction:  # noqa: FBT001, FBT002 - SQLAlchemy's own signature
        """Begin a savepoint; the transaction itself is open already."""
        if not nested:
            raise RuntimeError("core.db has begun the transaction: use begin_nested for a savepoint")
        return super().begin(nested)

    def commit(self) -> NoReturn:
        """Refuse: what was done is saved when all of it is."""
        raise RuntimeError("core.db commits, once, when the request or job is done: take the commit away")

    def rollback(self) -> NoReturn:
        """Refuse: raising an exception undoes everything, `savepoint` a part."""
        raise RuntimeError("core.db rolls back what raises: raise an exception, or do it inside a savepoint")

    def close(self) -> NoReturn:
        """Refuse: others use the session after this."""
        raise RuntimeError("core.db closes the session when the request or job is done: take the close away")


class Database:
    """The engine of one installation, and its transactions."""

    def __init__(self, settings: Settings) -> None:
        url = make_url(settings.database_url)
        self.settings = settings
        self.engine = _sqlite(url, settings) if url.get_backend_name() == "sqlite" else _postgres(url, settings)
        self._writing = self.engine.execution_options(tryggplats_writes=True)
        self._reading = self.engine.execution_options(postgresql_readonly=True)

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Session]:
        """Open the one transaction of a request, job or command; it commits at the end, and only here.

        It begins at its first statement: IMMEDIATE on SQLite when it may `write`, and read-only
        on both databases when it may not.
        """
        if _current.get() is not None:
            raise RuntimeError("a transaction is open already: there is one per request or job")
        opened = OneTransaction(self._writing if write else self._reading, expire_on_commit=False)
        opened.info["database"] = self
        token = _current.set(opened)
        try:
            yield opened
            if write:
                for step in _before_commit:
                    step(opened)
            Session.commit(opened)
        finally:
            _current.reset(token)
            Session.close(opened)
        for act in opened.info.get("after_commit", ()):
            act()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded database (SQLite)."""
        return self.engine.dialect.name == "sqlite"


def _postgres(url: Any, settings: Settings) -> Engine:
    return create_engine(
        url,
        pool_size=settings.web_threads,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 5},
        **SHARED,
    )


def _sqlite(url: Any, settings: Settings) -> Engine:
    from pysqlite3 import dbapi2

    engine = create_engine(
        url, module=dbapi2, pool_size=settings.web_threads, connect_args={"check_same_thread": False}, **SHARED
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # our own BEGIN: with the driver's, savepoints leak
    connection.enable_load_extension(True)
    connection.load_extension("mod_spatialite")
    connection.enable_load_extension(False)
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows no Å, Ä or Ö
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'spatial_ref_sys'").fetchone() is None:
        _make_spatial(connection)


def _write_ahead(connection: Any) -> None:
    """Turn on the write-ahead log; of two that turn it on in a new file SQLite refuses one at once, without waiting."""
    latest = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except connection.OperationalError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.02)
        else:
            return


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _make_spatial(connection: Any) -> None:
    """Prepare a new file, once even if several processes open it together; whole, or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'spatial_ref_sys'").fetchone() is None:
        connection.execute("SELECT InitSpatialMetaData(0, 'EMPTY')")
        for srid in SRIDS:
            connection.execute("SELECT InsertEpsgSrid(?)", (srid,))
    connection.execute("COMMIT")


def _begin_sqlite(connection: Connection) -> None:
    """Begin IMMEDIATE what may write: a transaction that turns from reading to writing is refused under load."""
    writes = connection.get_execution_options().get("tryggplats_writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def answers() -> bool:
    """Whether the database answers; raises the driver's error when it does not."""
    return session().execute(text("SELECT 1")).scalar() == 1
