"""Each hook of the contract, used through the page or service that asks it; the list is read from the module."""

import inspect
import re
import sys
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core import hookspecs, plugins
from core.applications.models import ApplicationMeasure
from core.hookspecs import (
    Change,
    Dated,
    DeadlineKind,
    Event,
    Job,
    MeasureKind,
    Objection,
    ObservationKind,
    Permission,
    Routes,
    Rule,
    Section,
    Todo,
)
from core.kit import Api, Pages, Schema, fields, plan_deadline, session
from core.worker import Worker
from tests.contract.city import CHECKOUT, OURS

pytestmark = pytest.mark.other_database_long
"""Plugins are asked in Python; what those that fail leave in a database is looked at on both, in test_failing_hooks."""

PREFIX = "tryggplats_"
HOOKS = sorted(
    name.removeprefix(PREFIX) for name, _ in inspect.getmembers(hookspecs, inspect.isfunction) if PREFIX in name
)


class Birds(Schema):
    """What is asked when a bird is logged."""

    count = fields.Integer(required=True, min=1, max=99, label="Hur många fåglar?")


BIRD = ObservationKind("bra:fagel", "Fågel", short="Fågel", control_role="renhallning", details=Birds)
FEED = DeadlineKind("bra:mata", "Mata fåglar", "renhallning", {"snart": Rule(2, "calendar_days", "Inom två dagar")})


@pytest.fixture
def leader(start, make_plugin, city):
    """Start with a plugin that has these hooks; return somebody who leads walks, in a browser and with a key."""

    def leader(**hooks):
        house = start(make_plugin(**hooks))
        assert plugins.house().plugins["bra"].refusal == ""
        actor = house.actors("sdn_samordnare", OURS)
        house.page, house.api, house.bearer_of = house.client(actor), house.client(), house.bearer(actor)
        return house

    return leader


def log(house, world, kind="bra:fagel", uid=None, **body):
    """Log something on the walk, as a phone does."""
    sent = {"walk": str(world.walk), "kind": kind, **body}
    return house.api.put(f"/api/v1/observations/{uid or uuid4()}", json=sent, headers=house.bearer_of)


def move(house, uid, key, version=1):
    """Make a move of an observation."""
    headers = house.bearer_of | {"If-Match": f'"{version}"'}
    return house.api.post(f"/api/v1/observations/{uid}/moves", json={"move": key}, headers=headers)


def test_every_hook_has_a_test_named_after_it():
    mine = {name.removeprefix("test_hook_") for name in vars(sys.modules[__name__]) if name.startswith("test_hook_")}
    mine.add("demo")  # in test_failing_hooks, beside those that fail: a whole city is made
    assert len(HOOKS) > 10
    assert mine == set(HOOKS)


def test_hook_manifest(leader, city):
    """The plugin is called by its title, also when it must be said that it does not answer."""
    house = leader(
        manifest=lambda: hookspecs.Manifest(name="bra", title="Fågelbordet", root=CHECKOUT, core=">=1,<2"),
        todo=lambda: 1 / 0,
    )
    assert "Tillägget Fågelbordet svarar inte. Resten av sidan fungerar." in house.page.get("/").text


def test_hook_permissions(leader):
    right = Permission("bra:bord:se", "Se fågelbord", own=("sdn_samordnare",))
    pages = Pages("bra", __name__)
    pages.add_url_rule("/bord", "bord", lambda: "ett fågelbord", needs="bra:bord:se")
    house = leader(permissions=lambda: [right], routes=lambda: Routes(pages=(pages,)))
    assert house.page.get("/bra/bord").text == "ett fågelbord"
    assert house.client(house.actors("polis", OURS)).get("/bra/bord").status_code == 403
    assert house.client().get("/bra/bord").status_code == 303


def test_hook_observation_kinds(leader, city):
    house = leader(observation_kinds=lambda: [BIRD])
    page = house.page.get(f"/vandringar/{city.ours.walk}/skriv-in").text
    assert "Fågel" in page
    assert "Hur många fåglar?" in page
    logged = log(house, city.ours, details={"count": 3})
    assert logged.json["details"] == [{"label": "Hur många fåglar?", "text": "3"}]
    refused = log(house, city.ours, details={"count": 0})
    assert [error["field"] for error in refused.json["errors"]] == ["details.count"]


def test_hook_deadline_kinds(leader, city, clock):
    clock.stop_at("2027-03-01T08:00")

    def plan(observation):
        plan_deadline("bra:mata", rule="snart", subject=observation.ref, starts_at=observation.seen_at)

    house = leader(observation_kinds=lambda: [BIRD], deadline_kinds=lambda: [FEED], after_observation=plan)
    log(house, city.ours, details={"count": 3})
    listed = house.api.get("/api/v1/deadlines", headers=house.bearer_of).json["items"]
    assert {line["kind"]: line["due_on"] for line in listed}["bra:mata"] == "2027-03-03"
    assert "Mata fåglar" in house.page.get("/skotsel").text


def test_hook_measure_kinds(leader, city):
    kinds = [
        MeasureKind("bra:holk", "Fågelholk"),
        MeasureKind("bra:prat", "Fågelprat", approach="social", physical=False),
    ]
    page = leader(measure_kinds=lambda: kinds).page.get(f"/samverkan/atgarder/{city.ours.measure}").text
    assert '<option value="bra:holk">Fågelholk</option>' in page
    assert "Fågelprat" in page


def test_hook_routes(leader):
    api, pages = Api("bra-api", __name__), Pages("bra", __name__)
    pages.add_url_rule("/bord", "bord", lambda: "ett fågelbord", needs="bra:bord:se")

    @api.route("/bord", methods=["GET"], needs="bra:bord:se")
    @api.response(200, Birds)
    def bord():
        """Antal fåglar."""
        return {"count": 4}

    house = leader(
        permissions=lambda: [Permission("bra:bord:se", "Se fågelbord", city=("*",))],
        routes=lambda: Routes(pages=(pages,), api=(api,)),
    )
    assert house.page.get("/bra/bord").status_code == 200
    assert house.api.get("/api/v1/bra/bord").json == {"count": 4}
    described = house.api.get("/api/openapi.json").json["paths"]["/api/v1/bra/bord"]["get"]
    assert described["x-permission"] == "bra:bord:se"


def test_hook_jobs(leader, settings):
    runs = []
    leader(jobs=lambda: [Job("bra:rakna", "Räkna fåglar", 60, lambda: runs.append(session().is_active))])
    worker = Worker(settings)
    worker.run_once(keys=["bra:rakna"])
    assert runs == [True]
    worker.close()


def test_hook_sections(leader, city):
    asked = []

    def sections(page, subject, actor):
        asked.append((page, subject.uid))
        context = {"rows": [], "walks": [], "who": actor.name}
        return [Section("bra:bord", f"Fåglar på {page}", "walks/on_place.html", context)]

    house = leader(sections=sections)
    places = {
        "place": f"/platser/{city.ours.place}",
        "observation": f"/iakttagelser/{city.ours.graffiti}",
        "deadline": f"/skotsel/frister/{city.ours.deadline}",
    }
    for name, address in places.items():
        assert f"Fåglar på {name}" in house.page.get(address).text
    assert asked == [("place", city.ours.place), ("observation", city.ours.graffiti), ("deadline", city.ours.graffiti)]


def test_hook_events(leader, city):
    asked = []

    def events(place, before, limit):
        asked.append((place.uid, limit))
        return [Event(core_clock.now(), "Fågel", "En koltrast sjöng")] if before else []

    assert "En koltrast sjöng" in leader(events=events).page.get(f"/platser/{city.ours.place}").text
    [(place, limit)] = asked
    assert place == city.ours.place
    assert limit >= 30  # as many as the page shows


def test_hook_todo(leader):
    house = leader(todo=lambda actor: [Todo("bra:1", f"Mata åt {actor.organisation_name}", "/bra/1", level=1)])
    assert "Mata åt Farsta stadsdelsnämnd" in house.page.get("/").text


def test_hook_changes(leader, clock):
    asked = []

    def changes(actor, since, limit):
        asked.append((actor.organisation_name, since, limit))
        shown = Change(core_clock.now(), "Fågelbordet", "Nyfyllt", "/bra/1", by="Fågelvännerna")
        return [shown, replace(shown, text="Hemligt", level=3)]

    clock.stop_at("2027-03-10T08:00")
    page = leader(changes=changes).page.get("/").text
    assert re.search(
        r'<a [^>]*href="/bra/1">Fågelbordet</a>: Nyfyllt<span class="sub">Fågelvännerna · 2027-03-10', page
    )
    assert "Hemligt" not in page
    [(organisation, since, limit)] = asked
    assert (organisation, core_clock.now() - since) == ("Farsta stadsdelsnämnd", timedelta(days=7))
    assert limit >= 20


def test_hook_dates(leader, clock):
    clock.stop_at("2027-03-10T08:00")
    tomorrow = core_clock.now() + timedelta(days=1)
    dates = lambda actor, after: [Dated(after + timedelta(days=1), f"Holken {actor.kind}", "/bra/2")]  # noqa: E731
    page = leader(dates=dates).page.get("/").text
    assert '<a class="ds-link" href="/bra/2">Holken person</a>' in page
    assert tomorrow.isoformat()[:10] in page


def test_hook_objections(leader, city):
    def objections(move, subject):
        return [Objection("Fåglarna häckar.")] if (move.key, subject.kind) == ("granska", "belysning") else []

    house = leader(objections=objections)
    refused = move(house, city.ours.observation, "granska")
    assert refused.status_code == 409
    assert [error["message"] for error in refused.json["errors"]] == ["Fåglarna häckar."]
    assert move(house, city.ours.graffiti, "granska").status_code == 200


def test_hook_measure_objections(leader, city):
    def objections(measure):
        return [Objection("Räkna fåglarna först.")] if measure.kind == "bra:holk" else []

    house = leader(measure_kinds=lambda: [MeasureKind("bra:holk", "Fågelholk")], measure_objections=objections)
    assert (
        '<option value="bra:holk">Fågelholk</option>' in house.page.get(f"/ansokningar/{city.ours.draft}/atgarder").text
    )
    with house.database.transaction() as session:
        row = session.scalars(select(ApplicationMeasure).where(ApplicationMeasure.uid == city.ours.sought)).one()
        row.kind = "bra:holk"
    coach = house.api.get(f"/api/v1/applications/{city.ours.draft}/coach", headers=house.bearer_of).json
    said = {one["key"]: one["text"] for one in coach["missing"]}
    assert said["tillagg"] == "Gör klart prövningen av Lyktor: Räkna fåglarna först."


def test_hook_after_observation(leader, city):
    told = []
    house = leader(
        observation_kinds=lambda: [BIRD], after_observation=lambda observation, actor: told.append((observation, actor))
    )
    uid = uuid4()
    log(house, city.ours, uid=uid, details={"count": 3})
    log(house, city.ours, uid=uid, details={"count": 3})  # sent again: it was told the first time
    [(observation, actor)] = told
    assert (observation.uid, observation.place.uid, observation.details) == (uid, city.ours.place, {"count": 3})
    assert actor.name == "Samordnare, trygghet och brottsförebyggande"


def test_hook_after_order(leader, city):
    told = []
    house = leader(after_order=lambda move, order, actor: told.append((move.key, order.number, actor.name)))
    headers = house.bearer_of | {"If-Match": "2"}
    body = {"move": "aterkalla", "reason": "Behövs inte."}
    answer = house.api.post(f"/api/v1/orders/{city.ours.order}/moves", json=body, headers=headers)
    assert answer.status_code == 200, answer.json
    assert [(key, number) for key, number, _ in told] == [("aterkalla", answer.json["number"])]


def test_hook_after_move(leader, city):
    told = []
    house = leader(after_move=lambda move, subject: told.append((move.flow, move.key, subject.state)))
    move(house, city.ours.observation, "granska")
    assert told == [("observation", "granska", "granskad")]
    move(house, city.ours.observation, "ta_emot", version=2)  # refused: nothing happened, nobody is told
    assert len(told) == 1


def test_plugins_are_asked_by_name_in_whatever_order_they_were_found(start, make_plugin, city):
    """The same page, the same answer, however they were installed (style.md, trap 1)."""
    names = ("anka", "bofink", "duva")
    shown, actor = [], None
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        made = [
            make_plugin(
                names[index],
                todo=lambda name=names[index]: [Todo(f"{name}:x", f"Gäller {name}", "/", level=1)],
                observation_kinds=lambda name=names[index]: [ObservationKind(f"{name}:x", f"Sort {name}")],
                objections=lambda name=names[index]: [Objection(f"Nej, säger {name}.")],
            )
            for index in order
        ]
        house = start(*made)
        actor = actor or house.actors("sdn_samordnare", OURS)
        house.api, house.bearer_of = house.client(), house.bearer(actor)
        refused = move(house, city.ours.observation, "granska").json["errors"]
        start_page = house.client(actor).get("/").text
        kinds = [kind for kind in plugins.house().observation_kinds if not kind.startswith("klotter")]
        shown.append((refused, sorted(names, key=lambda name: start_page.index(f"Gäller {name}")), kinds))
    assert shown[0] == shown[1] == shown[2]
    assert [error["message"] for error in shown[0][0]] == [f"Nej, säger {name}." for name in names]
