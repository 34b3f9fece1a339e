"""A plugin that fails in a hook loses only itself: core's own answer is right, through the real page or service.

Eight plugins fail in eight ways at the same time, so each must be contained however the others failed.
"""

from datetime import datetime
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core import demo, hookspecs, plugins
from core.applications.models import ApplicationMeasure
from core.db import Counter
from core.hookspecs import (
    Change,
    Dated,
    DeadlineKind,
    Event,
    Manifest,
    MeasureKind,
    Objection,
    ObservationKind,
    Permission,
    Routes,
    Section,
    Todo,
)
from core.journal import JournalLine
from core.kit import session, system
from core.places.models import Place
from core.plugins import PluginFailure
from core.walks.models import Observation
from core.works import services as works
from tests.contract.city import OURS
from tests.contract.test_hooks import HOOKS

WRONG_FIELDS = {
    "manifest": Manifest("felfalt", "Fält", root=None, core=">=1,<2"),
    "permissions": [Permission("felfalt:a:b", "Fel", own="polis")],
    "observation_kinds": [ObservationKind("felfalt:x", "Fel", details="Schema")],
    "measure_kinds": [MeasureKind("felfalt:x", "Fel", approach="annat")],
    "deadline_kinds": [DeadlineKind("felfalt:x", "Fel", "x", rules=["fel"])],
    "routes": Routes(pages=None),
    "jobs": [Todo("felfalt:x", "Inget jobb", "/", level=1)],
    "sections": [Section("felfalt:x", "Fel", "upkeep/section.html", weight="tung")],
    "events": [Event(datetime(2027, 3, 1, 12), "Fel", "En tid utan zon")],
    "todo": [Todo("felfalt:x", "Fel", "/", due_at="i går", level=1)],
    "changes": [Change(datetime(2027, 3, 1, 12), "Fel", "En tid utan zon", "/")],
    "dates": [Dated("i morgon", "Fel")],
    "objections": [Objection(None)],
    "measure_objections": [Objection(None)],
    "demo": ["demo", "svarar", "inget"],
    "after_observation": ["inget"],
    "after_move": ["inget"],
    "after_order": ["inget"],
}
"""For each hook an answer that only looks right."""


def kastar():
    raise ValueError("med flit")


def avslutar():
    raise SystemExit(3)


def generator():
    yield from ()
    raise RuntimeError("när den läses")


def skrap():
    return 42


def lista():
    return ["skräp", None, 42]


def databas():
    session().execute(text("SELECT * FROM finns_inte"))


def lacker():
    session().add(Counter(series="LACKT", value=1))
    session().flush()
    raise ValueError("efter raden")


WAYS = (kastar, avslutar, generator, skrap, lista, databas, lacker)
NAMES = {way.__name__ for way in WAYS} | {"felfalt"}


@pytest.fixture
def broken(start, make_plugin):
    """Start with eight plugins that fail in one hook, beside others."""

    def broken(hook, *others):
        made = [make_plugin(way.__name__, **{hook: way}) for way in WAYS]
        return start(*made, make_plugin("felfalt", **{hook: lambda: WRONG_FIELDS[hook]}), *others)

    return broken


def refused(house):
    return {name for name, plugin in plugins.house().plugins.items() if plugin.refusal}


def failed(house, hook):
    with house.database.transaction(write=False) as session:
        assert session.get(Counter, "LACKT") is None  # what a failing plugin wrote is gone
        return set(session.scalars(select(PluginFailure.name).where(PluginFailure.hook == hook)))


def told_of(house, hook):
    """Who was journalled as failed when told."""
    with house.database.transaction(write=False) as session:
        return session.scalars(select(JournalLine.action)).all().count("plugin:failed") == len(NAMES)


class Officer:
    """Somebody of the stadsdel, with a browser and a key."""

    def __init__(self, house):
        actor = house.actors("sdn_samordnare", OURS)
        self.page, self.api, self.bearer = house.client(actor), house.client(), house.bearer(actor)
        for client in (self.page, self.api):  # they read each answer to its end: what failed is noted after it
            client.open = partial(client.open, buffered=True)

    def log(self, world, kind):
        body = {"walk": str(world.walk), "kind": kind}
        return self.api.put(f"/api/v1/observations/{uuid4()}", json=body, headers=self.bearer)

    def move(self, uid, key, version):
        headers = self.bearer | {"If-Match": f'"{version}"'}
        return self.api.post(f"/api/v1/observations/{uid}/moves", json={"move": key}, headers=headers)

    def read(self, address):
        return self.api.get(f"/api/v1/{address}", headers=self.bearer)


DECLARED = ("manifest", "permissions", "observation_kinds", "measure_kinds", "deadline_kinds", "routes", "jobs")


@pytest.mark.other_database_long
@pytest.mark.parametrize("hook", DECLARED)
def test_a_plugin_that_fails_when_it_declares_is_refused_and_core_starts(broken, city, hook):
    house = broken(hook)
    assert refused(house) == NAMES
    officer = Officer(house)
    ready = officer.api.get("/readyz")
    assert (ready.json["status"], ready.json["checks"]["plugins"]) == ("degraded", False)
    assert officer.page.get(f"/platser/{city.ours.place}").status_code == 200
    logged = officer.log(city.ours, "klotter:klotter")
    assert logged.status_code == 201
    kinds = [line["kind"] for line in officer.read("deadlines").json["items"]]
    assert kinds.count("klotter:sanering") == 2  # klotter is on, beside them
    assert officer.api.get("/api/openapi.json").status_code == 200
    assert {rule.rule.split("/")[1] for rule in house.app.url_map.iter_rules()}.isdisjoint(NAMES)


def _sections(house, city):
    pages = {
        f"/platser/{city.ours.place}": "Torget i Farsta",
        f"/iakttagelser/{city.ours.graffiti}": "Klotter",
        f"/skotsel/frister/{city.ours.deadline}": "Sanera klotter",
    }
    for address, own in pages.items():
        shown = Officer(house).page.get(address)
        assert shown.status_code == 200
        assert own in shown.text
        assert shown.text.count("svarar inte. Resten av sidan fungerar.") == len(NAMES)


def _events(house, city):
    shown = Officer(house).page.get(f"/platser/{city.ours.place}")
    assert shown.status_code == 200
    assert f'href="/iakttagelser/{city.ours.graffiti}"' in shown.text
    assert shown.text.count("Dess händelser saknas här.") == len(NAMES)


def _todo(house, city):
    shown = Officer(house).page.get("/")
    assert shown.status_code == 200
    assert f'href="/skotsel/frister/{city.ours.deadline}"' in shown.text
    assert shown.text.count("svarar inte. Resten av sidan fungerar.") == len(NAMES)


def _objections(house, city):
    """Who cannot answer objects: nothing is opened that a plugin may be guarding."""
    officer, uid = Officer(house), city.ours.observation
    answer = officer.move(uid, "granska", 1)
    assert answer.status_code == 409
    assert sorted(error["message"] for error in answer.json["errors"]) == sorted(
        f"Tillägget {name.title()} svarar inte. Det går inte att fortsätta förrän det är lagat." for name in NAMES
    )
    assert officer.read(f"observations/{uid}").json["state"] == "ny"


def _measure_objections(house, city):
    """As above: what a plugin approves is not approved by its silence."""
    officer = Officer(house)
    with house.database.transaction() as session:
        row = session.scalars(select(ApplicationMeasure).where(ApplicationMeasure.uid == city.ours.sought)).one()
        row.kind = "klotter:klotterskydd"
    told = officer.read(f"applications/{city.ours.draft}/coach").json["missing"]
    [words] = [one["text"] for one in told if one["key"] == "tillagg"]
    assert "svarar inte. Det går inte att fortsätta förrän det är lagat." in words
    assert f"{len(NAMES)} saker är kvar" in words


def _after_observation(house, city):
    officer = Officer(house)
    logged = officer.log(city.ours, "klotter:klotter")
    assert logged.status_code == 201
    assert officer.read(f"observations/{logged.json['uid']}").json["number"] == 3
    assert officer.page.get(f"/klotter/{logged.json['uid']}").status_code == 200  # klotter was told as well
    assert told_of(house, "after_observation")


def _after_move(house, city):
    officer, uid = Officer(house), city.ours.observation
    assert officer.move(uid, "granska", 1).status_code == 200
    assert officer.read(f"observations/{uid}").json["state"] == "granskad"
    assert told_of(house, "after_move")


def _after_order(house, city):
    leader = house.actors("sdn_samordnare", OURS)
    with house.database.transaction():
        works.move_order(leader, city.ours.order, "aterkalla", works.Said("Prov"))
    plugins.note_failures(house.database)
    assert told_of(house, "after_order")


AT_RUN_TIME = {
    "sections": _sections,
    "events": _events,
    "todo": _todo,
    "changes": _todo,
    "dates": _todo,
    "objections": _objections,
    "measure_objections": _measure_objections,
    "after_observation": _after_observation,
    "after_move": _after_move,
    "after_order": _after_order,
}


@pytest.mark.parametrize("hook", AT_RUN_TIME)
def test_a_plugin_that_fails_at_run_time_loses_only_itself(broken, city, hook):
    house = broken(hook)
    assert refused(house) == set()
    AT_RUN_TIME[hook](house, city)
    assert failed(house, hook) == NAMES


@pytest.mark.long
def test_a_plugin_that_fails_in_the_demo_leaves_the_city(broken, make_plugin):
    """And the others their part of it; nobody is asked twice."""
    cities = []
    good = make_plugin(demo=lambda city: cities.append(city))  # noqa: PLW0108 - pluggy reads its arguments
    house = broken("demo", good)
    with house.database.transaction() as session:
        assert demo.fill(system("test"))
        assert len(session.scalars(select(Place.id)).all()) > 3
        assert len(session.scalars(select(Observation.id)).all()) > 3
    plugins.note_failures(house.database)
    assert failed(house, "demo") == NAMES
    with house.database.transaction():
        assert not demo.fill(system("test"))
    assert cities == ["stockholm"]


def test_every_hook_is_failed_in():
    assert sorted([*DECLARED, *AT_RUN_TIME, "demo"]) == HOOKS
    assert set(WRONG_FIELDS) == set(HOOKS)


def test_a_section_that_fails_when_it_is_drawn_leaves_the_page(start, make_plugin, city):
    """Its template is missing, stumbles, ends the program, or asks the database for nonsense."""

    class Late:
        def __init__(self, act):
            self.act = act

        def __iter__(self):
            return iter(list(self.act() or ()))

    def drawn(name, template, **context):
        return make_plugin(name, sections=lambda: [Section(f"{name}:x", name, template, context)])

    house = start(
        drawn("borta", "finns/inte.html"),
        *[drawn(way.__name__, "walks/on_place.html", walks=Late(way)) for way in (kastar, avslutar, databas)],
    )
    shown = Officer(house).page.get(f"/platser/{city.ours.place}")
    assert shown.status_code == 200
    assert shown.text.count("svarar inte. Resten av sidan fungerar.") == 4
    assert "Torget i Farsta" in shown.text


def test_a_job_that_is_declared_differently_the_second_time_does_not_stop_the_worker(start, make_plugin, settings):
    """It is asked once, at start; what it would say later has no meaning."""
    from core.worker import Worker, jobs

    answers = iter([[hookspecs.Job("bra:a", "Ett jobb", 60, kastar)]])
    start(make_plugin(jobs=lambda: next(answers)))
    assert "bra:a" in {job.key for _, job in jobs()}
    worker = Worker(settings)
    worker.run_once(keys=["bra:a", "core:sessions"])
    worker.close()


def test_one_that_fails_again_and_again_is_parked_and_asked_no_more(start, make_plugin, city):
    house = start(make_plugin(sections=kastar), plugin_failures=3)
    officer = Officer(house)
    said = [officer.page.get(f"/platser/{city.ours.place}").text.count("Tillägget Bra svarar inte") for _ in range(5)]
    assert said == [1, 1, 1, 0, 0]
    assert officer.api.get("/readyz").json["checks"]["plugins"] is False


def test_rooms_of_core_are_not_contained(start, city, monkeypatch):
    """A fault of our own is a fault: it is not hidden behind a note."""
    house = start()
    room = plugins.house().manager.get_plugin("core:upkeep")
    for impl in plugins.house().manager.hook.tryggplats_todo.get_hookimpls():
        if impl.plugin is room:
            monkeypatch.setattr(impl, "function", lambda **_: kastar())
            monkeypatch.setattr(impl, "argnames", ())
    assert Officer(house).page.get("/").status_code == 500
