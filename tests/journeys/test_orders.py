"""From what was seen to what somebody else approves, and a penalty that is proposed and waived, in a browser."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.people.models import DEMO_ADDRESS, Person
from core.people.services import actor_of, organisation
from core.walks.models import Observation
from core.walks.services import ORDERABLE
from core.works import services
from core.works.services import Wanted
from tests.journeys import steps
from tests.journeys.seen import look_at, look_at_all_widths

DOER = "entreprenor.demo-entreprenor"
JURIST = "jurist.trafik"

pytestmark = pytest.mark.other_database_long


def waiting(city):
    """Address of something that trafiknämnden has been sent and has not answered."""
    with city.database.transaction(write=False) as session:
        rows = select(Observation.uid).where(Observation.state.in_(ORDERABLE), Observation.state != "atgardas")
        rows = rows.where(Observation.organisation_id == organisation("trafik").id, ~Observation.kind.contains(":"))
        return f"{city.address}/iakttagelser/{session.scalars(rows.order_by(Observation.id).limit(1)).one()}"


def show(page, width):
    """Say that it is done, with a photo taken after the work."""
    page.get_by_label("Foto efter arbetet").set_input_files(steps.photo(width=width))
    page.get_by_label("Vad är gjort?").fill("Bytt lampa.")
    steps.press(page, "Färdiganmäl")
    expect(page.locator(".tp-head").get_by_text("Färdiganmäld", exact=True)).to_be_visible()


def test_from_what_was_seen_to_what_is_approved(city, window):
    officer, doer = window("desk"), window("phone")
    seen = waiting(city)
    steps.log_in(officer, city.address, steps.OFFICER)
    officer.goto(seen)
    steps.follow(officer.get_by_role("link", name="Beställ arbete"))
    look_at(officer, "bestall")
    officer.get_by_label("Vem ska göra det?").select_option(label="Drift av belysning (demo), Entreprenör (demo)")
    steps.press(officer, "Beställ")
    order = officer.url
    look_at_all_widths(officer, "arbetsorder")

    steps.log_in(doer, city.address, DOER)
    steps.open_room(doer, "Arbeten")
    look_at(doer, "arbeten")
    doer.goto(order)
    steps.press(doer, "Kvittera")
    steps.press(doer, "Färdiganmäl")
    told = doer.get_by_role("alert")
    expect(told.get_by_role("link")).to_have_text("Foto efter arbetet: Lägg till ett nytt foto, taget efter arbetet.")
    show(doer, 300)
    look_at(doer, "fardiganmald")

    officer.goto(order)
    officer.get_by_text("Underkänn", exact=True).first.click()
    officer.get_by_label("Vad är det som inte är bra?").fill("Den blinkar.")
    steps.press(officer, "Underkänn")
    doer.goto(order)
    expect(doer.get_by_text("Arbetet är underkänt. Rätta det, och visa det med ett nytt foto.")).to_be_visible()
    show(doer, 320)

    officer.goto(order)
    officer.get_by_label("Vad såg du?").fill("Lyser som den ska.")
    steps.press(officer, "Godkänn")
    expect(officer.locator(".tp-head").get_by_text("Godkänd", exact=True)).to_be_visible()
    officer.goto(seen)
    expect(officer.locator(".tp-head").get_by_text("Åtgärdad", exact=True)).to_be_visible()
    expect(officer.get_by_text("Arbetet är utfört och kontrollerat.").first).to_be_visible()


def somebody(session, who):
    return actor_of(session.scalars(select(Person).where(Person.email == who + DEMO_ADDRESS)).one())


@pytest.mark.long
def test_a_penalty_is_proposed_and_waived(city, window):
    with city.database.transaction() as session:
        orderer = somebody(session, steps.OFFICER)
        contract = next(one for one in services.list_contracts(orderer) if "belysning" in one.title)
        wanted = Wanted(title="Laga lyktan", priority="p1", contract=contract)
        uid = orderer.uid
        services.make_order(orderer, uid=uid, organisation=contract.organisation_id, wanted=wanted)
    city.clock.pass_by(days=2)
    with city.database.transaction():
        services.propose_penalties()
    officer, jurist = window("desk"), window("desk")
    steps.log_in(officer, city.address, steps.OFFICER)
    officer.goto(f"{city.address}/viten")
    look_at_all_widths(officer, "viten")
    steps.follow(
        officer.get_by_role("row").filter(has_text="Laga lyktan").get_by_role("link", name=re.compile("VI-")).first
    )
    address = officer.url
    look_at(officer, "vite")
    steps.press(officer, "Bekräfta")

    steps.log_in(jurist, city.address, JURIST)
    jurist.goto(address)
    jurist.get_by_text("Efterge", exact=True).first.click()
    steps.press(jurist, "Efterge")
    expect(jurist.get_by_role("alert").get_by_role("link")).to_have_text("Varför? Skriv varför.")
    jurist.get_by_label("Varför?").first.fill("Staden öppnade inte.")
    steps.press(jurist, "Efterge")
    jurist.goto(f"{city.address}/viten?visa=eftergivna")
    expect(jurist.get_by_role("row").filter(has_text="Laga lyktan")).to_be_visible()


@pytest.mark.long
def test_contracts_plans_and_their_control_are_pages_like_every_other(city, window):
    officer = window("desk")
    steps.log_in(officer, city.address, steps.OFFICER)
    for room, name in (("Avtal", "avtal"), ("Skötselplaner", "skotselplaner"), ("Tidskrav", "tidskrav")):
        steps.open_room(officer, "Arbeten")
        steps.follow(officer.get_by_role("link", name=room, exact=True))
        expect(officer.get_by_role("link", name=room, exact=True)).to_have_attribute("aria-current", "true")
        look_at(officer, name)
    for address in ("/skotselplaner/ny", "/avtal/nytt", "/arbeten/ny", "/jag/jav"):
        officer.goto(city.address + address)
        look_at(officer, address.strip("/").replace("/", "-"))
    officer.goto(f"{city.address}/avtal")
    steps.follow(officer.get_by_role("link", name="Drift av belysning (demo)"))
    look_at_all_widths(officer, "avtalet")
    steps.follow(officer.get_by_role("link", name="Kontroll, avvikelser och garantier"))
    officer.get_by_text("Anmäl avvikelse", exact=True).first.click()
    officer.get_by_label("Vad avviker från avtalet?").fill("Jouren svarade inte.")
    steps.press(officer, "Anmäl avvikelse")
    expect(officer.get_by_role("row").filter(has_text="Jouren svarade inte.")).to_contain_text("Anmäld")
    look_at_all_widths(officer, "kontroll")
