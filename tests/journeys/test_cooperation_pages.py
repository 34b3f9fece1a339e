"""Every page of cooperation is what every page of ours is; and its analysis of causes by keyboard alone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core import clock
from core.cooperation import services
from core.cooperation.models import Cause, Cycle, Goal, Measure, Problem
from core.db import session
from core.people.services import organisation
from core.places.models import Place
from core.upkeep.demo import begin, somebody
from tests.journeys import steps
from tests.journeys.seen import look_at_all_widths

POLICE = "polis.polis-jarva"
PLACE = "Husby centrum"

pytestmark = pytest.mark.other_database_long


# --- Every page -----------------------------------------------------------------------------------------------------


def pages_of(cycle):
    """The addresses of a cycle of the demo city, and of all in it, by what they are called."""
    home = f"/samverkan/{cycle.uid}"
    yield "", home
    for page in ("parter", "andra", "lagesbilder", "prioritering", "mal", "uppfoljning", "dokument"):
        yield page, f"{home}/{page}"
    rows = select(Problem.uid).where(Problem.cycle_id == cycle.id)
    causes = select(Cause.uid).join(Problem, Problem.id == Cause.problem_id).where(Problem.cycle_id == cycle.id)
    goals, measures = (select(model.uid).where(model.cycle_id == cycle.id) for model in (Goal, Measure))
    for name, found in (("problem", rows), ("orsaker", causes), ("mal", goals), ("atgarder", measures)):
        for number, uid in enumerate(session().scalars(found)):
            yield f"{name}-{number}", f"/samverkan/{name}/{uid}"


def own_picture(actor, cycle):
    uid = services.own_picture(actor, cycle).report.uid
    return [("egen", f"/lagesbilder/{uid}"), ("avsnitt", f"/lagesbilder/{uid}/behov")]


@pytest.mark.long
@pytest.mark.parametrize(
    ("role", "code", "title", "turn"),
    [
        ("sdn_samordnare", "sdn-hasselby-vallingby", "Hässelby torg: ett torg att stanna på", 2),
        ("sdn_samordnare", "sdn-hasselby-vallingby", "Hässelby torg: ett torg att stanna på", 1),
        ("fack_handlaggare", "trafik", "Farsta centrum på kvällen", 1),
        ("polis", "polis-jarva", "Vägen över Rinkebytorget", 1),
    ],
)
def test_every_page_of_cooperation_is_what_every_page_is(city, page, role, code, title, turn):
    with city.database.transaction(write=False):
        begin()
        actor = somebody(role, code)
        cycle = session().scalars(select(Cycle).where(Cycle.title == title, Cycle.turn == turn)).one()
        found = [("alla", "/samverkan"), *pages_of(cycle)]
        found += own_picture(actor, cycle) if cycle.state == "lagesbild" else []
    steps.log_in(page, city.address, f"{role}.{code}")
    seen = 0
    for name, address in found:
        if page.goto(f"{city.address}{address}").status == 200:
            seen += 1
            look_at_all_widths(page, f"samverkan-{name}")
    assert seen > len(found) / 2


# --- By keyboard --------------------------------------------------------------------------------------------------


def reach(page, target):
    """Go to something by the tab key alone."""
    for _ in range(90):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def unfold(page, summary):
    reach(page, page.locator("summary", has_text=re.compile(f"^{re.escape(summary)}$")))
    page.keyboard.press("Enter")


def write_into(page, label, text):
    reach(page, page.get_by_label(label).locator("visible=true"))
    page.keyboard.insert_text(text)


def choose(page, label):
    """Choose one of several by the arrows: the tab key reaches the first of them, or the one that is chosen."""
    wanted = page.get_by_label(label, exact=True).locator("visible=true")
    name = wanted.get_attribute("name")
    group = page.locator(f"input[name={name}]").locator("visible=true")
    reach(page, group.first)
    for _ in range(group.count()):
        if wanted.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")


def send(page, button):
    reach(page, page.get_by_role("button", name=button, exact=True).locator("visible=true"))
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def problem(city):
    """A problem in the third step of a cycle in the demo city; its address, and somebody of the police there."""
    with city.database.transaction():
        begin()
        driver, police = somebody("sdn_samordnare", "sdn-jarva"), somebody("polis", "polis-jarva")
        place = session().scalars(select(Place).where(Place.name == PLACE)).one()
        today = clock.today()
        known = {
            "title": "Tangentbord",
            "started_on": today,
            "mandate": "Samordnare",
            "decision": "§ 1",
            "decided_on": today,
        }
        opens = {"opens_at": clock.now() + timedelta(days=9)}
        cycle = services.begin_cycle(driver, uid=uuid4(), organisation="sdn-jarva", place=place.uid, **known, **opens)
        party = {"organisation": organisation("polis-jarva").uid, "role": "medverkande", "mandate": "Kommunpolis"}
        services.add_party(driver, cycle.uid, **party)
        services.move_cycle(driver, cycle.uid, "begar_lagesbilder")
        for actor in (driver, police):
            own = services.own_picture(actor, services.read_cycle(actor, cycle.uid))
            services.move_picture(actor, own.report.uid, "avsta", reason="Inget nytt.")
        services.move_cycle(driver, cycle.uid, "borja_prioritera")
        made = services.add_problem(driver, cycle.uid, uid=uuid4(), what="Många undviker torget")
        return f"{city.address}/samverkan/problem/{made.uid}"


def test_the_whole_analysis_of_causes_by_keyboard(city, page, problem):
    steps.log_in(page, city.address, POLICE)
    page.goto(problem)
    unfold(page, "Lägg till orsak")
    write_into(page, "Vad är orsaken?", "Lyktorna är släckta")
    choose(page, "Plats och kontroll")
    choose(page, "Situation")
    write_into(page, "Vad skulle ni se om det stämmer?", "Fler går där det lyser.")
    send(page, "Lägg till orsak")
    reach(page, page.get_by_role("link", name="Lyktorna är släckta"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    unfold(page, "Ändra orsaken")
    write_into(page, "Hur har ni prövat det?", "Räknat lyktor.")
    write_into(page, "När prövade ni det?", "2027-01-08")
    send(page, "Ändra orsaken")
    unfold(page, "Skriv vad som talar för eller emot")
    write_into(page, "Vad har ni sett?", "8 av 30 är släckta.")
    send(page, "Skriv vad som talar för eller emot")
    unfold(page, "Behåll som trolig")
    write_into(page, "Varför?", "Räkningen visar det.")
    send(page, "Behåll som trolig")
    expect(page.locator(".tp-head").get_by_text("Trolig", exact=True)).to_be_visible()
    unfold(page, "Pröva igen")
    write_into(page, "Varför?", "De lagades i går.")
    send(page, "Pröva igen")
    unfold(page, "Förkasta")
    write_into(page, "Varför?", "Det är lika tomt när det lyser.")
    send(page, "Förkasta")
    expect(page.locator(".tp-head").get_by_text("Förkastad", exact=True)).to_be_visible()
