"""The database: what design.md 2 and 4.3 promise of transactions, on both engines."""

import sys
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core import clock, db
from core.db import Counter
from core.people.models import Person

BOTH_PROJ = """
from core.db import Database
from core.settings import Settings
from core import geo
from shapely import Point
from sqlalchemy import text
import pyogrio, sys
database = Database(Settings.from_environ())
with database.transaction(write=False) as session:
    point = "ST_GeomFromText('POINT(674032 6580822)', 3006)"
    print(session.execute(text(f"SELECT ST_AsText(ST_Transform({point}, 4326))")).scalar())
print(geo.transform(Point(18.0686, 59.3293), 4326, 3006).wkt, pyogrio.__gdal_version__)
"""


def counter(session):
    return session.scalar(select(Counter.value).where(Counter.series == "PROV")) or 0


def test_numbers_given_at_the_same_time_are_all_different(database, together):
    """Each transaction reads before it writes: begun as readers, nearly all would be refused (design.md 2)."""

    def take(_):
        given = []
        for _turn in range(10):
            with database.transaction() as session:
                counter(session)
                given.append(db.next_number("PROV"))
        return given

    given = [number for numbers in together(take, range(6)) for number in numbers]
    assert sorted(given) == list(range(1, 61))


def test_what_is_done_beforehand_stays_and_comes_before_the_first_statement(database):
    """Later it would wait for the transaction that it stands in: on SQLite until both are refused."""
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        with db.beforehand():
            db.next_number("PROV")
        assert counter(session) == 1
        db.next_number("PROV")
        with pytest.raises(RuntimeError, match="has begun"), db.beforehand():
            pass
        raise ZeroDivisionError
    with database.transaction(write=False) as session:
        assert counter(session) == 1


def test_two_processes_write_at_the_same_time(database, start_child):
    program = (
        "from core.db import Database; from core.settings import Settings; from core import db\n"
        "database = Database(Settings.from_environ())\n"
        "for _ in range(40):\n    with database.transaction(): db.next_number('PROV')\n"
    )
    children = [start_child("-c", program) for _ in range(2)]
    assert [(child.wait(60), child.stdout.read()) for child in children] == [(0, ""), (0, "")]
    with database.transaction(write=False) as session:
        assert counter(session) == 80


@pytest.mark.one_database("sqlite")
def test_a_transaction_that_may_write_holds_the_lock_from_its_first_statement(database):
    """Before that it holds nothing: a slow phone must not lock the city out."""
    other = database.engine.raw_connection()
    other.execute("PRAGMA busy_timeout = 0")
    with database.transaction() as session:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        session.execute(text("SELECT 1"))
        with pytest.raises(Exception, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.one_database("sqlite")
def test_every_connection_makes_a_commit_durable_and_waits_for_its_turn(database):
    """A receipt is a promise: synchronous 2 is FULL, a commit has reached the disk before it is acknowledged."""
    asked = ("synchronous", "journal_mode", "foreign_keys", "busy_timeout")
    for write in (True, False):
        with database.transaction(write=write) as session:
            said = {name: session.scalar(text(f"PRAGMA {name}")) for name in asked}
        assert said == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
        database.dispose()  # the next one is a new connection


@pytest.mark.one_database("sqlite")
def test_readers_go_on_while_somebody_writes(database, together):
    with database.transaction():
        db.next_number("PROV")

        def read(_):
            with database.transaction(write=False) as session:
                return counter(session)

        assert together(read, range(3)) == [0, 0, 0]


def test_a_transaction_that_only_reads_cannot_write(database):
    with pytest.raises(DBAPIError, match=r"read.?only"), database.transaction(write=False):
        db.next_number("PROV")


def test_the_next_transaction_on_the_same_connection_may_write_again(database):
    for write in (False, True, False, True):
        with database.transaction(write=write) as session:
            counter(session)
            if write:
                db.next_number("PROV")
    with database.transaction(write=False) as session:
        assert counter(session) == 2


def test_what_raises_undoes_everything(database):
    with pytest.raises(ZeroDivisionError), database.transaction():
        db.next_number("PROV")
        _ = 1 / 0
    with database.transaction(write=False) as session:
        assert counter(session) == 0


def test_a_savepoint_loses_only_itself(database):
    with database.transaction():
        db.next_number("PROV")
        with pytest.raises(ZeroDivisionError), db.savepoint():
            db.next_number("PROV")
            _ = 1 / 0
        db.next_number("PROV")
    with database.transaction(write=False) as session:
        assert counter(session) == 2


@pytest.mark.parametrize("end", ["begin", "commit", "rollback", "close"])
def test_nobody_else_ends_the_transaction(database, end):
    """Neither in the middle of it nor in a savepoint, whose owner could not tell."""
    with database.transaction() as session:
        db.next_number("PROV")
        with pytest.raises(RuntimeError, match=r"core\.db"), db.savepoint():
            db.next_number("PROV")
            getattr(session, end)()
        db.next_number("PROV")
        with pytest.raises(RuntimeError, match=r"core\.db"):
            getattr(session, end)()
    with database.transaction(write=False) as session:
        assert counter(session) == 2
    with pytest.raises(ZeroDivisionError), database.transaction():
        db.next_number("PROV")
        _ = 1 / 0
    assert database.engine.pool.checkedout() == 0


def test_a_savepoint_goes_with_its_transaction(database):
    with pytest.raises(ZeroDivisionError), database.transaction():
        with db.savepoint():
            db.next_number("PROV")
        _ = 1 / 0
    with database.transaction(write=False) as session:
        assert counter(session) == 0


def test_what_follows_a_commit_is_not_done_when_it_fails(database):
    done = []
    with pytest.raises(ZeroDivisionError), database.transaction():
        db.after_commit(lambda: done.append("undone"))
        _ = 1 / 0
    with database.transaction():
        db.after_commit(lambda: done.append("kept"))
        assert done == []
    assert done == ["kept"]


def test_there_is_one_transaction_at_a_time(database):
    with pytest.raises(RuntimeError, match="no transaction is open"):
        db.session()
    with database.transaction(), pytest.raises(RuntimeError, match="open already"), database.transaction():
        pass


def test_moments_come_back_as_they_were_in_utc(database):
    given = datetime(2027, 3, 28, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.transaction() as session:
        session.add(Person(email="tid@tryggplats.example", name="Tid", ended_at=given))
    with database.transaction(write=False) as session:
        found = session.scalars(select(Person.ended_at).where(Person.name == "Tid")).one()
    assert found == given
    assert found.tzinfo == UTC
    with pytest.raises(Exception, match="without a time zone"), database.transaction() as session:
        session.add(Person(email="utan@tryggplats.example", name="Utan", ended_at=datetime(2027, 1, 1)))
        session.flush()


def test_a_uid_is_a_version_7_of_its_moment():
    with clock.frozen(datetime(2027, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)):
        uids = {db.new_uid() for _ in range(1000)}
    assert len(uids) == 1000
    assert {(uid.version, uid.variant) for uid in uids} == {(7, "specified in RFC 4122")}
    assert {uid.int >> 80 for uid in uids} == {1798859045678}


@pytest.mark.one_database("sqlite")
def test_a_process_with_both_proj_libraries_ends_well(settings, start_child):
    """mod_spatialite brings one, pyproj and pyogrio another; in the wrong order the process crashes at its end."""
    child = start_child("-c", BOTH_PROJ)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0, said
    assert said.startswith("POINT(18.05919 59.330231)")
    assert "POINT (674" in said


@pytest.mark.one_database("sqlite")
def test_several_processes_open_the_same_new_file(settings, tmp_path):
    """Whoever comes first makes it a spatial database, the others wait."""
    import os
    import subprocess

    from core.testing.servers import environment

    program = (
        "from core.db import Database; from core.settings import Settings; from sqlalchemy import text\n"
        "with Database(Settings.from_environ()).transaction(write=False) as session:\n"
        "    print(session.execute(text('SELECT count(*) FROM spatial_ref_sys')).scalar())\n"
    )
    new = environment(settings) | {"TRYGGPLATS_DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    children = [
        subprocess.Popen([sys.executable, "-c", program], env=os.environ | new, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [child.communicate(timeout=60)[0] for child in children] == ["4\n"] * 3


@pytest.mark.one_database("sqlite")
def test_the_write_ahead_log_waits_for_the_other_that_turns_it_on(settings, tmp_path):
    """SQLite answers at once that the file is locked, whatever time it was told to wait."""
    from dataclasses import replace
    from threading import Timer

    from pysqlite3 import dbapi2

    from core.db import Database

    path = tmp_path / "new.db"
    other = dbapi2.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    Timer(0.3, other.rollback).start()
    with Database(replace(settings, database_url=f"sqlite:///{path}")).transaction(write=False) as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"


@pytest.mark.one_database("postgres")
def test_a_query_that_takes_too_long_is_ended(database):
    with database.transaction() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar() == "30s"
        session.execute(text("SET LOCAL statement_timeout = '100ms'"))
        began = time.monotonic()
        with pytest.raises(OperationalError, match="statement timeout"):
            session.execute(text("SELECT pg_sleep(20)"))
        assert time.monotonic() - began < 10
