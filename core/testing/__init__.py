"""pytest plugin of Tryggplats, for its own tests and for those who write plugins.

Installed with Tryggplats, found by pytest. Each test that asks for `database` (or for something that
stands on it) runs once per engine, on a fresh migrated database of its own, and may commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core import clock as core_clock
from core.settings import Settings
from core.testing.browser import browser, page, phone
from core.testing.letters import free_port, letter_box
from core.testing.servers import installation, live_server

if TYPE_CHECKING:
    from core.db import Database
    from core.http.frame import Application
    from core.testing.people import Actors, Client
    from core.testing.scratch import Scratch

__all__ = ["browser", "installation", "letter_box", "live_server", "page", "phone"]

SCRATCH = pytest.StashKey["Scratch"]()

ExtraPlugin = tuple[str, Callable[[], Any]]
"""Its name and what loads it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tryggplats")
    group.addoption("--db", choices=("sqlite", "postgres", "both"), default="both", help="Databases to test on (both).")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "one_database(name='sqlite'): on one database only; the other would show nothing new"
    )
    config.addinivalue_line(
        "markers", "other_database_long: on the other database only with --long; it takes long and hardly shows more"
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if SCRATCH in config.stash and not hasattr(config, "workerinput"):
        config.stash[SCRATCH].remove()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: tell a worker process which folder the run has."""
    node.workerinput["tryggplats_scratch"] = str(_scratch(node.config).folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each test that stands on a database run on those asked for."""
    if "database_kind" not in metafunc.fixturenames:
        return
    asked = metafunc.config.getoption("--db")
    kinds = ["sqlite", "postgres"] if asked == "both" else [asked]
    mark = metafunc.definition.get_closest_marker("one_database")
    if mark and mark.args and mark.args[0] not in kinds:
        skip = pytest.mark.skip(reason=f"only on {mark.args[0]}")
        metafunc.parametrize("database_kind", [pytest.param(mark.args[0], marks=skip)])
    elif metafunc.definition.get_closest_marker("other_database_long") and len(kinds) > 1:
        metafunc.parametrize("database_kind", [kinds[0], pytest.param(kinds[1], marks=pytest.mark.long)])
    else:
        metafunc.parametrize("database_kind", list(mark.args) or kinds[:1] if mark else kinds)


def _scratch(config: pytest.Config) -> Scratch:
    """Return this run's folder, made at the first question."""
    from core.testing.scratch import Scratch

    if SCRATCH not in config.stash:
        given = getattr(config, "workerinput", {}).get("tryggplats_scratch")
        config.stash[SCRATCH] = Scratch(Path(given)) if given else Scratch.make()
    return config.stash[SCRATCH]


@dataclass(frozen=True)
class Template:
    """What a test's installation begins with; `fill` makes it once per run and engine, every test gets a copy.

    It begins with nothing, or with all that is in the one that it is `based` on.
    """

    name: str
    fill: Callable[[Settings], None]
    based: Template | None = None


@pytest.fixture
def template() -> Template:
    """A new installation without people. A test that needs more gives a template of its own under this name."""
    return SEEDED


@pytest.fixture
def settings(database_kind: str, template: Template, pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation of the test's own: a fresh database, a data folder."""
    from core.testing.passwords import hash_quickly
    from core.testing.remembered import remember

    scratch, data_dir = _scratch(pytestconfig), tmp_path / "data"
    remember(scratch.folder / "templates")
    hash_quickly()

    address = scratch.copy(database_kind, _recipes(template), data_dir)
    yield _settings(address, data_dir)
    scratch.drop(address)


def _recipes(template: Template) -> list[tuple[str, Callable[[str, Path], None]]]:
    """Return how to make a template and all that it is based on, the ground of them all first."""

    def build(address: str, folder: Path) -> None:
        template.fill(_settings(address, folder))

    return [*(_recipes(template.based) if template.based else []), (template.name, build)]


def _settings(address: str, data_dir: Path) -> Settings:
    """Return settings as tests need them: few processes, a small demo."""
    return Settings(
        env="test",
        database_url=address,
        data_dir=data_dir,
        port=free_port(),
        secret_key="not a secret: a test " * 2,
        web_workers=1,
        demo_observations=24,
    ).completed()


def fill(settings: Settings) -> None:
    """Fill a new database as an installation does: tables of core and plugins, the city's organisations, calendar."""
    from core import demo, upgrade
    from core.app import house

    database = house(settings)
    upgrade.upgrade(database)
    with database.transaction():
        demo.seed(demo=True)
    database.dispose()


SEEDED = Template("seeded", fill)
"""A new installation without people; others are based on it."""


@pytest.fixture
def database(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Database]:
    """The database of `settings`, with plugins started; work in it: `with database.transaction(): …`."""
    from core.app import house

    if "app" in request.fixturenames:
        yield request.getfixturevalue("app").database
        return
    opened = house(settings)
    yield opened
    opened.dispose()


@pytest.fixture
def actors(database: Database) -> Actors:
    """Somebody with a role: `actors("sdn_samordnare", "sdn-farsta")`."""
    from core.testing.people import Actors

    return Actors(database)


@pytest.fixture
def app(settings: Settings) -> Iterator[Application]:
    """The application, on the same database as `database`."""
    made = application(settings)
    yield made
    made.database.dispose()


_applications: dict[tuple[Any, ...], Application] = {}


def application(settings: Settings, *extra: ExtraPlugin) -> Application:
    """Return an application on the database of `settings`; of those that are alike each process makes one.

    To make one takes longer than most tests. `extra` are the plugins beside those installed: name and loader, the very
    same ones each time, and right ones.
    """
    from core.app import create_app, house

    alike = (replace(settings, database_url="", data_dir=Path(), port=0, base_url=""), *extra)
    if alike in _applications:
        made = _applications[alike]
        made.database, made.settings = house(settings, extra), settings
    else:
        made = _applications[alike] = create_app(settings, extra_plugins=extra)
    return made


@pytest.fixture
def client(app: Application, actors: Actors) -> Client:
    """A browser without a screen: `client.login(actor)`, `client.get(…)`, `client.submit(…)`."""
    from core.testing.people import Client

    return Client(app, actors)


class StoppedClock:
    """The clock of `core.clock`, in the test's hands."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def stop_at(self, moment: str | datetime) -> None:
        """Stop at `moment`, an ISO time; without a zone it is Stockholm's wall clock."""
        given = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        aware = given if given.tzinfo else given.replace(tzinfo=core_clock.STOCKHOLM)
        self._stack.enter_context(core_clock.frozen(aware))

    def pass_by(self, **time: float) -> None:
        """Let time pass: `clock.pass_by(days=5)`."""
        self.stop_at(core_clock.now() + timedelta(**time))


@pytest.fixture
def clock() -> Iterator[StoppedClock]:
    """The clock; it runs until the test stops it."""
    with ExitStack() as stack:
        yield StoppedClock(stack)
