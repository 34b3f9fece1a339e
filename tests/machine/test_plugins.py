"""Plugins: a wrong one is refused, a failing one loses only itself (design.md 6; reliability.md U1, U2, A12)."""

import pytest
from sqlalchemy import select, text

from core import access, clock, db, journal, plugins
from core.app import create_app, house
from core.db import Counter
from core.hookspecs import DeadlineKind, ObservationKind, Permission, Routes, Rule
from core.refs import PlaceRef, Subject

ACTOR = access.system("test")
GOOD = ObservationKind("bra:sak", "Sak")
MODELS = """
from pathlib import Path
from types import ModuleType
from sqlalchemy import Column, Integer, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship
from core import plugins, upgrade
from core.app import ROOMS
from core.db import Base, Key
from core.hookspecs import Manifest, hookimpl
from core.people.models import Person

def load():
    {model}
    bra = ModuleType("bra")
    bra.tryggplats_manifest = hookimpl(lambda: Manifest("bra", "Bra", Path(), ">=1"))
    return bra

print(plugins.start(ROOMS, None, extra=[("bra", load)]).plugins["bra"].refusal)
print(Person(name="Kärnan").name)
print(sorted(table.name for table in upgrade.line_of("core").tables() if "bra" in table.name or "stray" in table.name))
"""
STRAY = """class Stray(Base):
        __module__ = "bra.models"
        __tablename__ = "stray"
        id: Mapped[int] = mapped_column(Key, primary_key=True)"""
JOINING = 'Table("stray", Base.metadata, Column("id", Integer, primary_key=True))'
FAULTY = (
    STRAY.replace('"stray"', '"bra_stray"')
    + """
        other: Mapped["Finnsinte"] = relationship("Finnsinte")"""
)
TORN = (
    FAULTY
    + """
    raise ImportError("mitt i")"""
)


@pytest.fixture
def start(settings):
    """Start a house with these plugins and return its database."""
    opened = []

    def start(*extra, failures_to_park=5):
        object.__setattr__(settings, "plugin_failures", failures_to_park)
        opened.append(house(settings, extra=extra))
        return opened[-1]

    yield start
    for database in opened:
        database.dispose()


def refusal(name="bra"):
    return plugins.house().plugins[name].refusal


def state(database, name="bra"):
    with database.transaction(write=False):
        return plugins.state(name)


class Wordless(Exception):
    def __str__(self):
        raise ValueError("inte ens det")


def leave():
    raise SystemExit(3)


def nothing():
    return []


def events(database):
    place = PlaceRef(db.new_uid(), "PL-1", "Torget", "torg")
    now = clock.now()
    with database.transaction():
        return plugins.collected("events", place=place, actor=ACTOR, before=now, limit=5)


# --- At start -----------------------------------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"manifest": False}, "har ingen tryggplats_manifest"),
        ({"core": ">=2"}, "är skriven för kontrakt >=2, här är 1.0"),
        ({"core": "ny"}, "går inte att läsa"),
        ({"okand_hook": nothing}, "okand_hook"),
        ({"todo": lambda aktor: []}, "aktor"),
        ({"observation_kinds": lambda: [ObservationKind("klotter:x", "X")]}, "klotter:x i observation_kinds ska börja"),
        ({"observation_kinds": lambda: [GOOD, GOOD]}, "samma nyckel två gånger"),
        ({"permissions": lambda: [Permission("places:place:edit", "X")]}, "ska börja med bra:"),
        ({"deadline_kinds": lambda: [DeadlineKind("frist", "X", "x", {"r": Rule(1, "clock_hours")})]}, "ska börja med"),
        ({"jobs": leave}, "SystemExit: 3"),
        ({"observation_kinds": lambda: [1]}, "AttributeError"),
    ],
)
def test_a_plugin_that_is_wrong_is_refused_and_the_house_starts(start, plugin, how, reason):
    database = start(plugin("bra", **how))
    assert reason in refusal()
    assert state(database) == "refused"
    assert state(database, "klotter") == "on"
    assert "bra:sak" not in plugins.house().observation_kinds
    assert [called for called in events(database) if called.plugin == "bra"] == []


@pytest.mark.one_database
@pytest.mark.parametrize("error", [ImportError("saknas"), SystemExit(2), ZeroDivisionError(), Wordless()])
def test_a_plugin_that_cannot_be_imported_is_refused(start, error):
    def load():
        raise error

    start(("bra", load))
    assert type(error).__name__ in refusal()


@pytest.mark.one_database
def test_a_plugin_under_another_name_is_refused(start, plugin):
    _, load = plugin("annan")
    start(("bra", load))
    assert "manifestet ska heta bra" in refusal()


@pytest.mark.one_database
def test_a_plugin_under_whose_name_core_has_tables_is_refused(start, plugin):
    """They would be counted, written and migrated as its own."""
    start(plugin("place"))
    assert refusal("place").startswith("Refused: namnet är början på kärnans tabell place_")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        pytest.param(STRAY, "Refused: tabellen stray ska heta bra_…", id="other name"),
        *(
            pytest.param(model, sentence, id=name, marks=pytest.mark.long)
            for model, sentence, name in (
                (JOINING, "Refused: tabellen stray ska heta bra_…", "other name without a model"),
                (FAULTY, "expression 'Finnsinte' failed to locate a name", "does not fit"),
                (TORN, "ImportError: mitt i", "import breaks off"),
            )
        ),
    ],
)
def test_a_plugin_with_wrong_models_is_refused_and_core_s_models_work(settings, start_child, model, sentence):
    """In a process of its own: models are the whole process's."""
    child = start_child("-c", MODELS.format(model=model))
    said, _ = child.communicate(timeout=60)
    assert sentence in said
    assert said.splitlines()[-2:] == ["Kärnan", "[]"]


@pytest.mark.one_database
def test_a_plugin_whose_routes_are_wrong_is_refused(settings, plugin):
    app = create_app(settings, extra_plugins=[plugin("bra", routes=lambda: Routes(pages=("inte en blueprint",)))])
    assert "rutter görs med kit.Pages och kit.Api" in refusal()
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/bra")]
    app.database.dispose()


@pytest.mark.one_database
def test_only_named_plugins_run(settings, plugin):
    object.__setattr__(settings, "plugins", ("bra",))
    house(settings, extra=[plugin("bra"), plugin("daligt")]).dispose()
    assert set(plugins.house().plugins) == {"bra"}


@pytest.mark.one_database
def test_what_a_plugin_declares_is_there_and_goes_with_it(start, plugin):
    right = Permission("bra:sak:se", "Se saker", own=("falt",))
    start(plugin("bra", permissions=lambda: [right], observation_kinds=lambda: [GOOD]))
    assert refusal() == ""
    assert access.permissions()["bra:sak:se"] == right
    assert plugins.house().observation_kinds["bra:sak"] == GOOD
    start()
    assert "bra:sak:se" not in access.permissions()
    assert "bra:sak" not in plugins.house().observation_kinds


# --- At run time --------------------------------------------------------------------------------------------------


def counter(database):
    with database.transaction(write=False) as session:
        return session.scalar(select(Counter.value).where(Counter.series == "TILLAGG")) or 0


def test_what_a_failing_plugin_did_is_undone_and_the_request_goes_on(start, plugin):
    def write_and_fail(actor):
        db.next_number("TILLAGG")
        journal.write(actor, "bra:skrev", "plugin", None)
        leave()

    database = start(plugin("bra", after_observation=write_and_fail), plugin("annat", after_observation=count))
    with database.transaction():
        db.next_number("TILLAGG")
        plugins.told("after_observation", ACTOR, observation=None)
    assert counter(database) == 2
    with database.transaction(write=False) as session:
        actions = set(session.scalars(select(journal.JournalLine.action)))
    assert "plugin:failed" in actions
    assert "bra:skrev" not in actions


def count():
    db.next_number("TILLAGG")


def test_a_plugin_that_breaks_the_transaction_loses_only_itself(start, plugin):
    def break_it():
        db.session().execute(text("SELECT * FROM finns_inte"))

    database = start(plugin("bra", after_observation=break_it), plugin("senare", after_observation=count))
    with database.transaction():
        plugins.told("after_observation", ACTOR, observation=None)
        db.next_number("TILLAGG")
    assert counter(database) == 2


@pytest.mark.parametrize("end", ["begin", "commit", "rollback", "close"])
def test_a_plugin_that_ends_the_transaction_loses_only_itself(start, plugin, end):
    def end_it():
        db.next_number("TILLAGG")
        getattr(db.session(), end)()

    database = start(plugin("bra", after_observation=end_it), plugin("senare", after_observation=count))
    with pytest.raises(ZeroDivisionError), database.transaction():
        plugins.told("after_observation", ACTOR, observation=None)
        _ = 1 / 0  # whatever comes after it still undoes everything
    assert counter(database) == 0
    with database.transaction():
        plugins.told("after_observation", ACTOR, observation=None)
    assert counter(database) == 1


@pytest.mark.parametrize(
    "answer",
    [leave, lambda: 1 / 0, lambda: 7, lambda: (leave() for _ in "x")],
    ids=["ends the program", "raises", "no list", "generator that raises"],
)
@pytest.mark.one_database
def test_a_part_of_a_page_that_fails_leaves_the_page(start, plugin, answer):
    """An exception, the end of the program, an answer that is no list, a generator that fails when it is read."""
    database = start(plugin("bra", events=answer), plugin("senare", events=nothing))
    called = {entry.plugin: entry for entry in events(database)}
    assert called["bra"].failure
    assert called["bra"].values == []
    assert called["senare"].failure == ""
    assert "core:upkeep" in called


@pytest.mark.one_database
def test_order_of_installation_has_no_meaning(start, plugin):
    database = start(*[plugin(f"bra{letter}", events=nothing) for letter in "bac"])
    found = [entry.plugin for entry in events(database) if entry.plugin.startswith("bra")]
    assert found == ["braa", "brab", "brac"]


def test_a_plugin_that_fails_too_often_is_parked_and_not_asked_any_more(start, plugin):
    asked = []

    def fail():
        asked.append(1)
        leave()

    database = start(plugin("bra", events=fail), failures_to_park=3)
    for turn in range(5):
        events(database)
        plugins.note_failures(database)
        assert state(database) == ("on" if turn < 2 else "parked")
    assert len(asked) == 3
    with database.transaction(write=False) as session:
        row = session.get(plugins.PluginState, "bra")
    assert (row.state, row.reason) == ("parked", "SystemExit: 3")
    with database.transaction():
        plugins.set_state(ACTOR, "bra", "on", "Lagat i version 2")
    events(database)
    assert len(asked) == 4


def test_each_that_is_parked_is_parked_for_its_own_reason(start, plugin):
    database = start(plugin("bra", events=leave), plugin("trasig", events=lambda: 1 / 0), failures_to_park=1)
    events(database)
    plugins.note_failures(database)
    with database.transaction(write=False) as session:
        reasons = {row.name: row.reason for row in session.scalars(select(plugins.PluginState))}
    assert reasons == {"bra": "SystemExit: 3", "trasig": "ZeroDivisionError: division by zero"}


@pytest.mark.parametrize("error", [ValueError("\ud800 halv"), ValueError("noll\0byte"), Wordless()])
def test_a_failure_whose_words_cannot_be_stored_counts_as_any_other(start, plugin, error, caplog):
    caplog.set_level("CRITICAL", "core.plugins")  # what tests run beside each other tell must be encodable

    def fail():
        raise error

    database = start(plugin("bra", events=fail), failures_to_park=2)
    for _ in range(2):
        [called] = [entry for entry in events(database) if entry.plugin == "bra"]
        assert called.failure
        plugins.note_failures(database)
    assert state(database) == "parked"


def test_failures_long_apart_do_not_park(start, plugin, clock):
    clock.stop_at("2027-02-01T12:00")
    database = start(plugin("bra", events=leave), failures_to_park=2)
    for _ in range(4):
        events(database)
        plugins.note_failures(database)
        clock.pass_by(minutes=11)
    assert state(database) == "on"


def test_a_plugin_switched_off_elsewhere_is_off_here_within_five_seconds(start, plugin, monkeypatch):
    database = start(plugin("bra", events=nothing))
    assert state(database) == "on"
    with database.transaction() as session:  # as another process does it
        session.add(plugins.PluginState(name="bra", state="off", since=clock.now(), reason="prov"))
    assert state(database) == "on"
    now = clock.monotonic()
    monkeypatch.setattr(clock, "monotonic", lambda: now + 5.1)
    assert state(database) == "off"
    assert [called for called in events(database) if called.plugin == "bra"] == []


@pytest.mark.one_database
def test_core_s_own_rooms_are_not_contained(start, monkeypatch):
    database = start()
    (room, *_) = plugins.house().manager.hook.tryggplats_sections.get_hookimpls()
    monkeypatch.setattr(room, "function", lambda *_: 1 / 0)
    subject = Subject("place", db.new_uid(), "Torget")
    with pytest.raises(ZeroDivisionError), database.transaction():
        plugins.collected("sections", page="place", subject=subject, actor=ACTOR)
