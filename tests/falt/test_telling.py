"""The phone says where things stand, and nothing that is not so: received is what the city has, and all of it."""

import pytest
from playwright.sync_api import expect

from tests.media.samples import encoded, noise

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(120)]
PIECES = "**/api/v1/photos/*"
NOT_OURS = {"sha256": "0" * 64, "received_at": "2026-11-26T12:00:00Z"}

ALONE = "window.BroadcastChannel = class { postMessage() {} }"
"""A page that does not hear what others tell it, or not in time."""


def status(phone, text):
    expect(phone.page.locator(".f-status")).to_contain_text(text)


def heading(phone, text):
    expect(phone.page.get_by_role("heading", name=text).first).to_be_visible()


def test_a_draft_an_edit_and_a_receipt_of_something_else_are_not_called_received(field_phone, scene, database):
    phone, main = field_phone, field_phone.page.locator("main")
    phone.sign_in(database, scene.leader)
    phone.fetch()
    phone.give("Ta foto", encoded("image/jpeg", noise(1, 60)))
    phone.sees("Vad ser du?")
    phone.link("Välj sort senare")
    status(phone, "1 utkast")
    phone.open("/sandlista")
    heading(phone, "1 utkast ligger bara i telefonen")
    phone.open("/overlamna")
    heading(phone, "1 utkast utan sort följer inte med")

    phone.page.route(
        PIECES, lambda route: route.fulfill(json=NOT_OURS) if route.request.method == "PATCH" else route.continue_()
    )
    phone.open("/utkast")
    phone.link("Sortera alla")
    phone.save()
    phone.open("/sandlista")
    heading(phone, "Togs inte emot")
    assert len(phone.kept("bytes")) == 2, "a photo that the city has not is let go by no receipt"
    phone.page.unroute_all()
    main.get_by_role("link", name="Belysning").click()
    phone.press("Försök igen")
    phone.all_sent(1)
    status(phone, "Allt är mottaget")

    phone.offline()
    main.get_by_role("link", name="Belysning").click()
    phone.page.get_by_label("Anteckning").press_sequentially("Ring 070-123 45 67")
    expect(main).to_contain_text("Ser ut som ett telefonnummer.")
    expect(main).to_contain_text("Ändringen är sparad i telefonen")
    status(phone, "1 väntar")


def test_nobody_signs_out_of_what_has_come_meanwhile_in_another_tab(field_phone, scene, database):
    phone = field_phone
    phone.page.route("**/api/v1/field/usual", lambda route: route.abort())
    phone.sign_in(database, scene.leader)
    phone.page.add_init_script(ALONE)
    phone.open("/logga-ut")
    phone.sees("Logga ut telefonen")
    other = phone.page.context.new_page()
    other.goto(f"{phone.address}/falt/ny/utan")
    expect(other.get_by_role("heading", name="Vad ser du?")).to_be_visible()
    expect(other.get_by_text("Belysning", exact=True)).to_be_visible()  # what can be chosen comes without any walk
    phone.page.get_by_role("button", name="Logga ut").click()
    phone.sees("Det går inte att logga ut än")
    other.reload()
    expect(other.get_by_role("heading", name="Vad ser du?")).to_be_visible()
