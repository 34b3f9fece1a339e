"""Plans, visits and deviations in the API: the same rules as on the pages, with versions."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from core import clock as core_clock
from core.works import services
from tests.works.test_plans import orders, run

pytestmark = pytest.mark.other_database_long

V1 = "/api/v1"


@pytest.fixture
def speak(client, actors, sides):
    """Speak as somebody: `speak(sides.orderer, "put", "/plans/…", {…}, version=1)`."""
    keys = {}

    def speak(actor, method, path, body=None, *, version=None):
        day = (actor.id, core_clock.today())  # a key of the test's lasts one day
        if day not in keys:
            keys[day] = actors.token(actor)
        headers = dict(keys[day])
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return getattr(client, method)(f"{V1}{path}", headers=headers, **({"json": body} if body is not None else {}))

    return speak


def test_a_plan_is_laid_up_read_changed_and_ended(database, clock, sides, speak):
    clock.stop_at("2027-04-01T10:00")
    here = f"/plans/{uuid4()}"
    plan = {"title": "Klippa", "contract": str(sides.contract), "rrule": "FREQ=WEEKLY", "starts_on": "2027-04-05"}
    made = speak(sides.orderer, "put", here, plan)
    assert (made.status_code, made.json["next_on"], made.json["number"]) == (201, "2027-04-05", "SP-0001")
    assert speak(sides.orderer, "put", here, plan).json == made.json
    assert speak(sides.orderer, "put", here, plan | {"title": "Måla"}).status_code == 409
    assert [row["title"] for row in speak(sides.doer, "get", "/plans").json["items"]] == ["Klippa"]
    run(database)
    assert [one.plan_on for one in orders(database)] == [date(2027, 4, 5)]

    version = speak(sides.orderer, "get", here).json["version"]
    seldom = {"rrule": "FREQ=WEEKLY;INTERVAL=2", "lead_days": 8}
    assert speak(sides.orderer, "patch", here, seldom).status_code == 428
    assert speak(sides.orderer, "patch", here, seldom, version=version - 1).status_code == 412
    assert speak(sides.doer, "patch", here, seldom, version=version).status_code == 403
    wrong = speak(sides.orderer, "patch", here, {"rrule": "VARJE DAG"}, version=version)
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "rrule")
    changed = speak(sides.orderer, "patch", here, seldom, version=version).json
    assert (changed["next_on"], changed["lead_days"], changed["title"]) == ("2027-04-19", 8, "Klippa")
    clock.stop_at("2027-04-12T10:00")
    run(database)
    assert [one.plan_on for one in orders(database)] == [date(2027, 4, 5), date(2027, 4, 19)], "no day comes twice"

    version = speak(sides.orderer, "get", here).json["version"]
    ended = speak(sides.orderer, "post", f"{here}/end", {"reason": "Behövs inte."}, version=version)
    assert (ended.status_code, ended.json["next_on"], ended.json["ended_why"]) == (200, None, "Behövs inte.")
    after = speak(sides.orderer, "patch", here, seldom, version=ended.json["version"])
    assert (after.status_code, after.json["errors"][0]["message"]) == (409, "Planen är avslutad. Lägg upp en ny.")
    assert [row["title"] for row in speak(sides.orderer, "get", "/plans?ended=true").json["items"]] == ["Klippa"]


def test_a_plan_counted_from_what_is_done_waits_after_a_change_too(database, clock, sides, speak):
    clock.stop_at("2027-04-01T10:00")
    here = f"/plans/{uuid4()}"
    plan = {"title": "Töm", "contract": str(sides.contract), "rrule": "FREQ=WEEKLY", "basis": "gjord"}
    speak(sides.orderer, "put", here, plan | {"starts_on": "2027-04-05"})
    run(database)
    version = speak(sides.orderer, "get", here).json["version"]
    changed = speak(sides.orderer, "patch", here, {"rrule": "FREQ=MONTHLY"}, version=version)
    assert (changed.status_code, changed.json["next_on"]) == (200, None)
    run(database)
    assert len(orders(database)) == 1


def test_a_plan_is_changed_on_its_page(database, sides, client):
    client.login(sides.orderer)
    first = core_clock.today() + timedelta(days=60)
    with database.transaction():
        facts = {"description": "", "organisation": "", "place": None, "basis": "planerad", "ends_on": None}
        season = {"season_from": "", "season_to": "", "lead_days": 1, "reach_days": 7}
        made = services.add_plan(
            sides.orderer, uid=uuid4(), title="Klippa", contract=sides.contract, rrule="FREQ=WEEKLY", starts_on=first,
            **facts, **season,
        )  # fmt: skip
    here = f"/skotselplaner/{made.uid}"
    assert "1 dag<" in client.get(here).text
    form = {"title": "Klippa gräset", "description": "", "often": "FREQ=MONTHLY", "rrule": "", "basis": "planerad"}
    form |= {"ends_on": "", "season_from": "", "season_to": "", "lead_days": "14", "reach_days": "7"}
    assert "Skriv månad och dag" in client.submit(f"{here}/andra", form | {"season_to": "maj"}).text
    assert client.submit(f"{here}/andra", form).status_code == 303
    shown = client.get(here).text
    assert ("Klippa gräset" in shown, "Varje månad" in shown, "14 dagar" in shown) == (True, True, True)


def test_visits_are_planned_and_told_of(sides, speak):
    visits, uid = f"/contracts/{sides.contract}/visits", uuid4()
    today = core_clock.today().isoformat()
    made = speak(sides.orderer, "put", f"{visits}/{uid}", {"planned_on": today})
    assert (made.status_code, made.json["result"], made.json["contract"]) == (201, None, str(sides.contract))
    assert speak(sides.doer, "get", visits).status_code == 403, "the control is the city's own"
    said = {"done_on": today, "minutes": 45, "result": "anmarkning", "note": "Tre lyktor släckta."}
    here = f"/visits/{uid}"
    assert speak(sides.orderer, "post", f"{here}/result", said).status_code == 428
    done = speak(sides.orderer, "post", f"{here}/result", said, version=made.json["version"])
    assert (done.status_code, done.json["minutes"], done.json["result"]) == (200, 45, "anmarkning")
    again = speak(sides.orderer, "post", f"{here}/result", said, version=done.json["version"])
    assert (again.status_code, again.json["errors"][0]["message"]) == (409, "Kontrollen är redan gjord.")
    assert speak(sides.orderer, "get", visits).json["items"] == [speak(sides.orderer, "get", here).json]


def test_a_deviation_is_noted_answered_and_closed(sides, speak):
    deviations, uid = f"/contracts/{sides.contract}/deviations", uuid4()
    told = {"what": "Jouren svarade inte.", "found_on": core_clock.today().isoformat()}
    assert speak(sides.doer, "put", f"{deviations}/{uid}", told).status_code == 403
    made = speak(sides.orderer, "put", f"{deviations}/{uid}", told)
    assert (made.status_code, made.json["state"]) == (201, "anmald")
    here, version = f"/deviations/{uid}", made.json["version"]
    answer = {"move": "besvara", "reason": "Telefonen var trasig."}
    assert speak(sides.orderer, "post", f"{here}/moves", answer, version=version).status_code in (403, 404)
    answered = speak(sides.doer, "post", f"{here}/moves", answer, version=version)
    assert (answered.status_code, answered.json["answer"]) == (200, "Telefonen var trasig.")
    assert speak(sides.orderer, "post", f"{here}/moves", answer | {"move": "stang"}, version=version).status_code == 412
    closing = {"move": "stang", "reason": "Ny telefon."}
    closed = speak(sides.orderer, "post", f"{here}/moves", closing, version=answered.json["version"])
    assert (closed.status_code, closed.json["state"], closed.json["closed_why"]) == (200, "stangd", "Ny telefon.")
    assert speak(sides.doer, "get", deviations).json["items"] == [closed.json]
