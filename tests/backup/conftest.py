"""What the tests of backups share: somewhere to restore, and what is compared."""

import os
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from core import backup, journal
from core.access import system
from core.app import house
from core.backup import tables
from core.cli import main
from core.heads import keep_daily
from core.letters import put_letter
from core.places.models import Place
from core.testing import SCRATCH, free_port
from core.testing.servers import environment
from tests.media.samples import encoded, noise
from tests.walks.scene import add_place, phone, phone_of, scene, square

__all__ = ["phone", "phone_of", "scene"]

HOUSE = system("cli:prov")
KINDS = ("klotter:klotter", "belysning", "belysning")


@pytest.fixture
def empty_of(settings, pytestconfig, tmp_path):
    """Settings of an installation of a kind beside the first in which nothing was done: not even a table is there."""
    made, scratch = [], pytestconfig.stash[SCRATCH]

    def empty_of(kind):
        folder = tmp_path / f"empty-{len(made)}"
        folder.mkdir()
        address = f"sqlite:///{folder / 'tryggplats.db'}"
        if kind == "postgres":
            address = scratch.empty(f"e{uuid4().hex}")
            made.append(address)
        return replace(settings, data_dir=folder, database_url=address, port=free_port())

    yield empty_of
    for address in made:
        scratch.drop(address)


@pytest.fixture
def empty(empty_of, database_kind):
    """Settings of an empty installation on the same kind of database."""
    return empty_of(database_kind)


@pytest.fixture
def run(settings):
    """Run a command on an installation, the test's own unless told; return exit status and what it said."""

    def run(*arguments, on=settings):
        done = CliRunner().invoke(main, [str(one) for one in arguments], env=environment(on), catch_exceptions=False)
        return done.exit_code, done.output

    ours = os.umask(0o022)
    yield run
    os.umask(ours)


@pytest.fixture
def opened():
    """Open the database of other settings than the test's own."""
    made = []

    def opened(settings):
        made.append(house(settings))
        return made[-1]

    yield opened
    for database in made:
        database.dispose()


@pytest.fixture
def lived(database, phone, settings):
    """An installation in which something of everything was done; return the uids of its photos.

    Two places of which the earlier was merged into the later, what was seen, a plugin's case, photos, a letter.
    """
    with database.transaction() as session:
        later = session.scalar(select(Place.id).where(Place.uid == add_place("Nya torget", square(100, 100, 50))))
        session.execute(update(Place).where(Place.id < later).values(merged_into_id=later))
        put_letter("trafik@staden.example", "Om Farsta torg", "Hej")
    photos = [uuid4() for _ in range(3)]
    for number, uid in enumerate(photos):
        record = phone.log(uuid4(), phone.walk, kind=KINDS[number], photos=[{"uid": str(uid)}])
        assert record.status_code == 201, record.text
        assert phone.resume(uid, encoded("image/png", noise(number, 40))).status_code == 200
    part = uuid4()
    assert phone.piece(part, b"half of it", length=100).status_code == 204
    heads = settings.data_dir / "journal" / "heads.jsonl"
    with database.transaction():
        keep_daily()
    assert heads.read_text()
    return photos


@pytest.fixture
def make(database, tmp_path):
    """Make a backup of the test's installation."""

    def make(**how):
        return backup.make(HOUSE, database, tmp_path / f"kopia-{uuid4().hex}.tar", **how)

    make.folder = tmp_path
    return make


@pytest.fixture
def locks(run, tmp_path):
    """A key pair: the file with the secret key, and the public key."""
    file = tmp_path / "hemlig"
    status, said = run("backup", "key", "--to", file)
    assert status == 0
    return file, said.splitlines()[0].removeprefix("TRYGGPLATS_BACKUP_KEY=")


@contextmanager
def reading(database):
    with database.transaction(write=False) as session:
        yield session.connection()


def counts(database):
    """How many rows there are in each table."""
    with reading(database) as connection:
        found = {
            table.name: select(func.count()).select_from(tables._sql(table)) for table in tables.tables(connection)
        }
        return {name: connection.scalar(asked) for name, asked in found.items()}


def lines(database):
    """The journal, line by line."""
    with reading(database) as connection:
        return connection.scalars(select(journal.JournalLine.digest).order_by(journal.JournalLine.seq)).all()


def files(settings):
    """The stored files by name."""
    return {path.name: path.read_bytes() for path in (settings.data_dir / "photos").glob("*/*")}
