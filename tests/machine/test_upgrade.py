"""Migrations: up, the same as the models, down to nothing, up again; core and each plugin apart (U4-U6)."""

import ast
import shutil

import pytest
from sqlalchemy import Column, Integer, Table, inspect, text

from core import plugins, upgrade
from core.app import house
from core.db import Base, Database
from core.journal import JournalHead
from tests.conftest import CHECKOUT

OF_THE_DATABASE_ITSELF = {"spatial_ref_sys"}
BROKEN = '''"""broken"""
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {before}
branch_labels = depends_on = None


def upgrade():
    op.create_table("bra_{number}", sa.Column("id", sa.Integer(), primary_key=True))
    {statement}
'''


def tables(database):
    found = set(inspect(database.engine).get_table_names()) - OF_THE_DATABASE_ITSELF
    spatialite = {"geometry", "views_", "virts_", "spatial", "sql_st", "data_l", "elemen", "knn", "idx_"}
    return {name for name in found if not name.lower().startswith(tuple(spatialite))}


def leftovers(database):
    """What else a migration may leave: functions, triggers, registered geometries."""
    with database.transaction(write=False) as session:
        if database.embedded:
            statement = "SELECT f_table_name FROM geometry_columns UNION SELECT name FROM sqlite_master"
            statement += " WHERE tbl_name LIKE 'idx_%' OR type = 'trigger' AND name LIKE 'journal%'"
        else:
            statement = "SELECT proname FROM pg_proc WHERE proname LIKE 'journal%'"
        return session.scalars(text(statement)).all()


@pytest.fixture
def emptied(database):
    """A database from which everything has been taken down again."""
    for line in reversed(upgrade.lines()):
        upgrade.downgrade(database, line.owner, "base")
    return database


def test_a_new_database_is_what_the_models_say(database):
    assert upgrade.pending(database) == []
    assert upgrade.check(database) == []


def test_down_to_base_leaves_nothing_and_up_again_is_the_same(emptied):
    assert tables(emptied) == set()
    assert leftovers(emptied) == []
    assert next(entry.owner for entry in upgrade.pending(emptied)) == "core"
    upgrade.upgrade(emptied)
    assert upgrade.pending(emptied) == []
    assert upgrade.check(emptied) == []
    with emptied.transaction(write=False) as session:
        head = session.get(JournalHead, 1)
        assert (head.seq, head.digest) == (0, b"")


@pytest.mark.one_database("sqlite")
def test_tables_that_another_process_made_are_made_anew_whole(database, start_child):
    """An installation is upgraded by a process that has not made its tables: an own process goes down and up again."""
    starts = "from core import upgrade; from core.app import house; from core.settings import Settings"
    for act in ("upgrade.downgrade(database, 'core', '0011')", "upgrade.upgrade(database)"):
        child = start_child("-c", f"{starts}; database = house(Settings.from_environ().completed()); {act}")
        said, _ = child.communicate(timeout=60)
        assert child.returncode == 0, said
    assert upgrade.check(database) == []


def test_instances_that_start_together_migrate_one_at_a_time(emptied, together, settings):
    instances = [Database(settings) for _ in range(3)]
    together(upgrade.upgrade, instances)
    for instance in instances:
        instance.dispose()
    assert upgrade.check(emptied) == []
    with emptied.transaction(write=False) as session:
        assert session.scalars(text("SELECT count(*) FROM journal_head")).one() == 1


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("DROP TABLE upload", "upload"),
        ("ALTER TABLE place ADD COLUMN stray INTEGER", "stray"),
        ("DROP INDEX ix_outbox_waiting", "ix_outbox_waiting"),
    ],
)
def test_a_difference_between_tables_and_models_is_found(database, statement, difference):
    with database.transaction() as session:
        session.execute(text(statement))
    assert any(difference in entry for entry in upgrade.check(database))


def test_a_missing_spatial_index_is_found(database):
    with database.transaction() as session:
        gone = "SELECT DisableSpatialIndex('place', 'geom')" if database.embedded else "DROP INDEX idx_place_geom"
        session.execute(text(gone))
    assert upgrade.check(database) == ["core: place.geom saknar rumsligt index"]


def test_tables_of_others_are_left_alone(database):
    with database.transaction() as session:
        session.execute(text("CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY)"))
    assert upgrade.check(database) == []


def test_a_plugin_s_tables_go_and_come_without_core_s(database):
    before = tables(database)
    upgrade.downgrade(database, "klotter", "base")
    assert before - tables(database) == {"klotter_incident", "alembic_version_klotter"}
    assert {entry.owner for entry in upgrade.pending(database)} == {"klotter"}
    upgrade.upgrade(database)
    assert tables(database) == before


def test_code_that_is_newer_than_its_tables_is_refused(emptied):
    with pytest.raises(upgrade.UpgradeFault, match="Kör tryggplats db upgrade"):
        upgrade.refuse_behind(emptied)


def test_a_plugin_that_is_newer_than_its_tables_is_refused_alone(database):
    upgrade.downgrade(database, "klotter", "base")
    upgrade.refuse_behind(database)
    assert "tryggplats db upgrade" in plugins.house().plugins["klotter"].refusal
    with database.transaction(write=False):
        assert plugins.state("klotter") == "refused"


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the checkout's code, in which a developer may write revisions; child processes use it."""
    for name in ("core", "plugins", "migrations"):
        shutil.copytree(CHECKOUT / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns("static", "*.pyc"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "copy"))
    return tmp_path / "copy"


REVISIONS = {"core": "migrations/versions", "klotter": "plugins/klotter/migrations"}


@pytest.mark.other_database_long
@pytest.mark.parametrize("owner", REVISIONS)
def test_the_next_revision_of_models_that_have_not_changed_is_empty(database, start_child, copied, owner):
    """`tryggplats db revision`: it goes where its owner's lie, follows on the last, and finds nothing to do."""
    folder = REVISIONS[owner]
    before = sorted((copied / folder).glob("0*.py"))
    child = start_child("-P", "-m", "core.cli", "db", "revision", "--owner", owner, "-m", "nothing new")
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0, said
    made = copied / folder / f"{len(before) + 1:04}_nothing_new.py"
    assert said.splitlines()[-1] == str(made)
    assert sorted((copied / folder).glob("0*.py")) == [*before, made]
    assert f"down_revision = '{len(before):04}'" in made.read_text()
    acts = [one for one in ast.parse(made.read_text()).body if isinstance(one, ast.FunctionDef)]
    assert [(act.name, [type(line) for line in act.body]) for act in acts] == [
        ("upgrade", [ast.Pass]),
        ("downgrade", [ast.Pass]),
    ]


def is_at(database, version_table, revision):
    with database.transaction() as session:
        session.execute(text(f"UPDATE {version_table} SET version_num = '{revision}'"))


def test_code_that_is_older_than_its_tables_goes_on(database, caplog):
    """While a new version is rolled out, processes of the old one are still there (reliability.md U7)."""
    is_at(database, "alembic_version", "9999")
    assert upgrade.pending(database) == []
    upgrade.refuse_behind(database)
    upgrade.upgrade(database)
    assert "9999, which this code does not know" in caplog.text
    assert upgrade.check(database) == []
    assert plugins.house().plugins["klotter"].refusal == ""


def test_a_plugin_that_is_older_than_its_tables_is_refused_alone(database):
    is_at(database, "alembic_version_klotter", "9999")
    upgrade.upgrade(database)
    upgrade.refuse_behind(database)
    assert "nyare än tilläggets kod (9999)" in plugins.house().plugins["klotter"].refusal
    assert upgrade.pending(database) == []


@pytest.fixture
def joining_table():
    """A table of a plugin that has no model."""
    table = Table("bra_sak_plats", Base.metadata, Column("id", Integer, primary_key=True))
    yield
    Base.metadata.remove(table)


@pytest.mark.one_database
def test_a_table_without_a_model_is_the_plugin_s_whose_name_it_has(settings, plugin, joining_table):
    database = house(settings, extra=[plugin("bra")])
    assert upgrade.check(database) == []
    assert "bra_sak_plats" not in {table.name for table in upgrade.line_of("core").tables()}
    database.dispose()


@pytest.fixture
def with_revisions(settings, plugin, tmp_path):
    """Start a house with a plugin that has these revisions, each a table `bra_<number>` and then a statement."""
    opened = []

    def start(*statements):
        folder = tmp_path / "migrations"
        folder.mkdir(exist_ok=True)
        before = None
        for index, statement in enumerate(statements, 1):
            number = f"{index:04}"
            revision = BROKEN.format(number=number, before=repr(before), statement=statement)
            (folder / f"{number}_x.py").write_text(revision)
            before = number
        opened.append(house(settings, extra=[plugin("bra", root=tmp_path)]))
        return opened[-1]

    yield start
    for database in opened:
        database.dispose()


def test_a_plugin_s_revision_that_fails_leaves_nothing_and_core_as_it_was(with_revisions):
    database = with_revisions("pass", "raise RuntimeError('mitt i')", "pass")
    upgrade.upgrade(database)
    assert "bra_0001" in tables(database)
    assert not {"bra_0002", "bra_0003"} & tables(database)
    assert plugins.house().plugins["bra"].refusal == "RuntimeError: mitt i"
    assert plugins.house().plugins["klotter"].refusal == ""
    assert upgrade.check(database) == []
    database = with_revisions("pass", "pass", "pass")  # repaired
    upgrade.upgrade(database)
    assert {"bra_0001", "bra_0002", "bra_0003"} <= tables(database)


@pytest.mark.one_database("sqlite")
def test_a_revision_that_leaves_rows_pointing_nowhere_is_undone(with_revisions):
    """While tables are made anew SQLite does not look after foreign keys; so each revision ends with a look."""
    orphan = "INSERT INTO role_grant VALUES (99, 99, 'x', '2027-01-01', NULL, '[]', '[]', 1, 'x')"
    database = with_revisions(f'op.execute("{orphan}")')
    upgrade.upgrade(database)
    assert "pekar ut i tomma intet" in plugins.house().plugins["bra"].refusal
    with database.transaction(write=False) as session:
        assert session.scalars(text("SELECT count(*) FROM role_grant")).one() == 0
        assert session.scalars(text("PRAGMA foreign_keys")).one() == 1


def test_an_owner_without_migrations_is_told(database):
    with pytest.raises(upgrade.UpgradeFault, match="okant har inga migreringar"):
        upgrade.downgrade(database, "okant", "base")
