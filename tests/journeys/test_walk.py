"""A walk from plan to feedback, by people of three organisations, at the desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.seen import look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]
TITLE = "Vandring runt torget"
DAY, EVENING = "2027-06-30", "2027-01-10 18.30"


def test_from_plan_to_feedback(city, window):
    leader, officer, owner = window("desk"), window("phone"), window("desk")
    steps.log_in(leader, city.address, steps.LEADER)
    plan(leader)
    walk = leader.url
    for kind in ("Belysning", "Skräp", "Bra, behåll"):
        steps.follow(leader.get_by_role("link", name="Skriv in iakttagelse").first)
        leader.get_by_role("radio", name=kind, exact=True).check()
        leader.get_by_role("button", name="Spara").click()
        leader.wait_for_url("**/iakttagelser/*/kvitto")
        leader.goto(walk)
    route_one_to_somebody_else(leader)
    look_at_all_widths(leader, "vandring-hallen")

    steps.log_in(officer, city.address, steps.OFFICER)
    steps.open_room(officer, "Inkorg")
    look_at_all_widths(officer, "inkorg")
    answer(officer, "Vi planerar in det", "Vi byter lampan.")
    steps.log_in(owner, city.address, "fastighetsagare_ext.demo-fastighetsagare")
    steps.open_room(owner, "Inkorg")
    answer(owner, "Vi åtgärdar", "Vi städar varje vecka.")
    expect(owner.get_by_text("Inget att besvara.")).to_be_visible()

    feed_back(leader, walk)


def plan(leader):
    steps.open_room(leader, "Vandringar")
    steps.follow(leader.get_by_role("link", name="Planera vandring"))
    leader.get_by_label("Vad heter vandringen?").fill(TITLE)
    leader.get_by_label("När börjar den?").fill(EVENING)
    leader.get_by_label("Vem leder den?").select_option(index=1)
    leader.get_by_label("Vilka platser går den genom?").fill("husby centrum")
    look_at_all_widths(leader, "planera")
    steps.press(leader, "Spara och fortsätt")
    look_at_all_widths(leader, "plan")
    steps.follow(leader.get_by_role("link", name="Rutt och stopp"))
    leader.get_by_label("Vilket koordinatsystem").select_option(label="WGS 84, latitud och longitud")
    way = leader.get_by_label("Vilken väg går ni?")
    way.fill("59.4100 17.9256\n\n59.4103 17.9260")
    way.blur()
    drawing = leader.locator(".tp-map-view")
    expect(drawing).to_have_attribute("data-corners", "2")  # one way, also over a blank line
    leader.mouse.click(*middle_of(drawing))
    expect(way).to_have_value(re.compile(r"59\.4103 17\.9260\n59\."))
    leader.get_by_label("Var stannar ni?").fill("Trappan; 59.4100 17.9256; Ser man bra?")
    look_at_all_widths(leader, "rutt")
    steps.press(leader, "Spara")
    steps.follow(leader.get_by_role("link", name="Människor"))
    leader.get_by_label("Vem antecknar?").select_option(label="Fältpersonal, Järva stadsdelsnämnd")
    steps.press(leader, "Spara")
    steps.follow(leader.get_by_role("link", name="Till vandringen"))
    expect(leader.get_by_text("1. Trappan")).to_be_visible()
    steps.press(leader, "Starta vandringen")


def middle_of(part):
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 3


def route_one_to_somebody_else(leader):
    """The litter goes to the owner, the lamp to who has rådighet, the good thing to nobody."""
    steps.follow(leader.get_by_role("link", name="2. Skräp och dumpning"))
    steps.press(leader, "Granska")
    leader.get_by_label("Vem ska svara?").select_option(label="Fastighetsägare (demo)")
    leader.get_by_label("Varför någon annan").fill("Det är deras gård.")
    steps.press(leader, "Fördela")
    steps.follow(leader.get_by_role("link", name=TITLE))
    steps.follow(leader.get_by_role("link", name="Granska och fördela en iakttagelse"))
    look_at_all_widths(leader, "granska")
    steps.press(leader, "Skicka valda")


def answer(receiver, choice, words):
    """Answer the first that came from this walk; others of the demo may wait in the same inbox."""
    row = receiver.get_by_role("row").filter(has_text=TITLE).first
    steps.follow(row.get_by_role("rowheader").get_by_role("link"))
    receiver.get_by_label(choice, exact=True).check()
    steps.press(receiver, "Skicka svaret")
    expect(receiver.get_by_role("alert")).to_contain_text("Skriv när det ska vara klart.")
    receiver.get_by_label("När är det klart?").fill(DAY)
    receiver.get_by_label("Svar till den som rapporterade").fill(words)
    look_at_all_widths(receiver, "svara")
    steps.press(receiver, "Skicka svaret")


def feed_back(leader, walk):
    leader.goto(walk)
    leader.locator("summary", has_text="Avsluta vandringen").click()  # its evening lies ahead
    leader.get_by_label("Ja, vandringen är gjord").check()
    steps.press(leader, "Avsluta vandringen")
    steps.press(leader, "Ta fram protokollet")
    steps.follow(leader.get_by_role("link", name="Protokoll", exact=True).first)
    steps.press(leader, "Justera protokollet")
    steps.follow(leader.get_by_role("link", name="Protokoll", exact=True).first)
    expect(leader.get_by_text("En har justerat.")).to_be_visible()
    look_at_all_widths(leader, "protokoll")
    leader.goto(f"{walk}/aterkoppling")
    expect(leader.get_by_text("Vi byter lampan.")).to_be_visible()
    expect(leader.get_by_text("Vi städar varje vecka.")).to_be_visible()
    look_at_all_widths(leader, "aterkoppling")
