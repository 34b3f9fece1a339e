"""Every page of the app on every width, in every light, and without touching the screen (ui.md 9)."""

import pytest
from playwright.sync_api import expect

from core.testing.browser import open_page
from core.walks import services
from core.walks.services import Stop
from tests.falt.phone_app import App
from tests.journeys.seen import SHOTS, SIDEWAYS, look_at
from tests.media.samples import encoded, noise
from tests.walks.scene import square

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]
WALK = "Kvällsvandring"
WIDTHS = (320, 390, 768)
MOST_USED = ("", "/vandring/{walk}", "/sort/{draft}", "/sparad/{seen}", "/sandlista")
OTHERS = (
    "/hamta/{walk}", "/vandring/{walk}/stopp/1", "/vandring/{walk}/iakttagelser", "/vandring/{walk}/fore-efter",
    "/vandring/{walk}/avsluta", "/sedd/{seen}", "/nej/{seen}", "/lage/{seen}", "/rita/{photo}", "/utkast",
    "/utan-vandring", "/overlamna", "/granska", "/papperskorg", "/plats", "/installningar", "/logga-ut",
    "/ny-version", "/tomd", "/finns-inte",
)  # fmt: skip
MOST_TABS = 60
BYTES = """() => new Promise((done) => {
  const opened = indexedDB.open("tryggplats-falt");
  opened.onsuccess = () => {
    const asked = opened.result.transaction("bytes").objectStore("bytes").getAllKeys();
    asked.onsuccess = () => { opened.result.close(); done(asked.result.filter((key) => !key.includes(":"))); };
  };
})"""


@pytest.fixture
def leader(browser, live_server, scene, database):
    """The app of who leads a walk with one stop, signed in."""
    with database.transaction():
        stops = [Stop("Vid bron", square(500, 500, 1).centroid, ["Ser man ansikten?"])]
        services.change_walk(scene.leader, scene.walk, version=1, stops=stops)
    with open_page(browser, width=390, height=844, touch=True) as page:
        held = App(page, live_server)
        held.here(500, 500)
        held.sign_in(database, scene.leader)
        yield held


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
    leader.fetch(WALK)
    leader.offline()
    leader.give("Ta foto", encoded("image/jpeg", noise(1, 60)))
    leader.sees("Vad ser du?")
    draft = leader.page.url.rpartition("/")[2]
    leader.page.get_by_role("link", name="Välj sort senare").click()
    leader.give("Ta foto", encoded("image/jpeg", noise(2, 60)))
    leader.save()
    seen = leader.page.url.rpartition("/")[2]
    return {"draft": draft, "seen": seen, "photo": leader.page.evaluate(BYTES)[0]}


def test_from_fetching_a_walk_to_what_is_saved_by_keyboard_alone(leader):
    page = leader.page
    enter(page, page.get_by_role("link", name=WALK).first)
    enter(page, page.get_by_role("link", name="Öppna vandringen"))
    leader.sees(WALK)
    with page.expect_file_chooser() as chosen:
        enter(page, page.locator(".f-foot input[type=file]").first)
    chosen.value.set_files({"name": "f.jpg", "mimeType": "image/jpeg", "buffer": encoded("image/jpeg", noise(1, 60))})
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
