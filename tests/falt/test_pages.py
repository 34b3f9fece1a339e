"""Every page of the app on every width, in every light, and without touching the screen (ui.md 9)."""

import pytest
from playwright.sync_api import expect

from tests.falt.phone_app import PHOTO, WALK
from tests.journeys.seen import SHOTS, SIDEWAYS, look_at
from tests.media.samples import encoded, noise

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]
WIDTHS = (320, 390, 768)
MOST_USED = ("", "/vandring/{walk}", "/sort/{draft}", "/sparad/{seen}", "/sandlista")
OTHERS = (
    "/hamta/{walk}", "/vandring/{walk}/stopp/1", "/vandring/{walk}/iakttagelser", "/vandring/{walk}/fore-efter",
    "/vandring/{walk}/avsluta", "/sedd/{seen}", "/nej/{seen}", "/lage/{seen}", "/rita/{photo}", "/utkast",
    "/utan-vandring", "/overlamna", "/granska", "/papperskorg", "/plats", "/installningar", "/logga-ut",
    "/ny-version", "/tomd", "/finns-inte",
)  # fmt: skip
MOST_TABS = 60


@pytest.mark.long
@pytest.mark.parametrize("addresses", [MOST_USED, OTHERS], ids=["most", "others"])
def test_at_every_width_in_every_light(leader, scene, addresses):
    uids = two_seen(leader) | {"walk": scene.walk}
    for address in addresses:
        leader.open(address.format(**uids))
        expect(leader.page.locator("h1")).to_be_visible()
        look_at(leader.page, f"falt{address.replace('/', '-')}")
        for width in WIDTHS:
            leader.page.set_viewport_size({"width": width, "height": 844})
            for how in ({}, {"forced_colors": "active"}):
                leader.page.emulate_media(**({"forced_colors": "none"} | how))
                assert leader.page.evaluate(SIDEWAYS) <= 0, f"{address}, {width} px: sideways scroll"
            if SHOTS:
                leader.page.screenshot(
                    path=f"{SHOTS}/falt{address.replace('/', '-')}-{width}-forced.png", full_page=True
                )
        leader.page.emulate_media(forced_colors="none")
        leader.page.set_viewport_size({"width": 390, "height": 844})


def two_seen(leader):
    """See two things without a line: one is saved, one is a draft."""
    leader.fetch()
    leader.offline()
    leader.give("Ta foto", encoded("image/jpeg", noise(1, 60)))
    leader.sees("Vad ser du?")
    draft = leader.page.url.rpartition("/")[2]
    leader.link("Välj sort senare")
    leader.see(encoded("image/jpeg", noise(2, 60)))
    seen = leader.page.url.rpartition("/")[2]
    return {"draft": draft, "seen": seen, "photo": next(key for key in leader.kept("bytes") if ":" not in key)}


def test_from_fetching_a_walk_to_what_is_saved_by_keyboard_alone(leader):
    page = leader.page
    enter(page, page.get_by_role("link", name=WALK).first)
    enter(page, page.get_by_role("link", name="Öppna vandringen"))
    leader.sees(WALK)
    with page.expect_file_chooser() as chosen:
        enter(page, page.locator(".f-foot input[type=file]").first)
    chosen.value.set_files(PHOTO | {"buffer": encoded("image/jpeg", noise(1, 60))})
    leader.sees("Vad ser du?")
    enter(page, page.locator("input[name=sort]").first, "Space")
    enter(page, page.get_by_role("button", name="Spara: Belysning"))
    leader.sees("Sparad i telefonen")
    assert page.evaluate("() => document.activeElement.tagName") == "H1", "who listens hears what was saved"


def enter(page, wanted, key="Enter"):
    """Go to it with the tab key and press a key there."""
    expect(wanted).to_be_attached()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not come to {wanted}")
