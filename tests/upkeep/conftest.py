"""What the tests of upkeep share: the scene of the walks, and a plugin that plans frister of every sort of rule."""

from datetime import date
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
from sqlalchemy import event

from core import access, geo
from core.app import house
from core.hookspecs import DeadlineKind, Manifest, Rule, hookimpl
from core.refs import Subject
from core.testing import application
from core.upkeep import services
from tests.walks.conftest import queries
from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "queries", "scene"]

RULES = {
    "fara": Rule(4, "clock_hours", "Fara: inom 4 timmar", urgency=0, source="prov 1"),
    "dygn": Rule(24, "clock_hours", "Inom ett dygn", urgency=2),
    "arbetsdagar": Rule(5, "working_days", "Inom fem arbetsdagar", urgency=2),
    "dagar": Rule(10, "calendar_days", "Inom tio dagar", urgency=2),
    "oppet": Rule(4, "open_hours", "Inom fyra timmar, vardagar", window=("07:00", "16:00")),
    "lag": Rule(3, "statutory", "Överklagas inom tre veckor", unit="weeks"),
    "sasong": Rule(0, "season", "Nästa planteringssäsong", season=("03-15", "05-15")),
    "givet": Rule(0, "given_date", "Stadens datum", source="avtal 12", given=date(2027, 3, 1)),
    "omojlig": Rule(1, "manvarv", "Räknas med en klocka som inte finns"),
}
KIND = "prov:svar"
OTHERS = ("givet", "lag", "sasong")
HOUSE = access.system("prov")


def plugin(rules):
    """Make the plugin prov: name and loader."""

    def load():
        module = ModuleType("prov")
        manifest = Manifest("prov", "Prov", root=Path(__file__).parent, core=">=1,<2")
        module.tryggplats_manifest = hookimpl(lambda: manifest)
        kinds = [DeadlineKind(KIND, "Svara om belysningen", "belysning_agare", rules)]
        kinds += [DeadlineKind(f"prov:{key}", f"Prov {key}", "belysning_agare", rules) for key in OTHERS]
        module.tryggplats_deadline_kinds = hookimpl(lambda: kinds)
        for hook in (module.tryggplats_manifest, module.tryggplats_deadline_kinds):
            hook.__module__ = "prov"
        return module

    return "prov", load


PROV = plugin(RULES)


@pytest.fixture
def start(settings):
    """Start the house anew with the plugin prov, whose rules are given; return its database."""
    started = []

    def start(rules):
        started.append(house(settings, [plugin(rules)]))
        return started[-1]

    yield start
    for database in started:
        database.dispose()


@pytest.fixture
def app(settings):
    """The application with the plugin prov."""
    made = application(settings, PROV)
    yield made
    made.database.dispose()


@pytest.fixture
def database(request, settings):
    """The database with the plugin prov: without pages, which take time to set up, where the test asks for none."""
    if "app" in request.fixturenames:
        yield request.getfixturevalue("app").database
        return
    opened = house(settings, [PROV])
    yield opened
    opened.dispose()


@pytest.fixture
def plan(database, scene):
    """Plan a frist about something on the scene's place, or on a `place` of its own."""

    def plan(rule, starts_at, *, point=None, about=None, level=1, place=None, kind=KIND):
        where = geo.from_geojson(point).coords[0] if point else None
        uid, spot = about or uuid4(), scene.place if place is None else place
        subject = Subject("prov", uid, "Prov", place=spot or None, point=where, level=level)
        with database.transaction():
            return services.plan_deadline(HOUSE, kind, rule=rule, subject=subject, starts_at=starts_at)

    return plan


@pytest.fixture
def asked(database):
    """Collect what the database is asked while something is done: `with asked() as said:`."""
    from contextlib import contextmanager

    @contextmanager
    def listen():
        said = []

        def note(_connection, _cursor, statement, parameters, *_):
            said.append((statement, parameters))

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield said
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return listen
