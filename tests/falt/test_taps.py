"""Three taps from the opened walk to what is saved, and how long they take on a slow phone (`-s` tells)."""

import time
from statistics import median

import pytest
from playwright.sync_api import expect

from tests.falt.phone_app import held_app
from tests.media.samples import encoded, noise

TIMES = 5
SLOWER = 4
"""So many times slower than this machine the phone is."""
PHOTO = {"name": "foto.jpg", "mimeType": "image/jpeg"}


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.timeout(300)
def test_three_taps_from_the_opened_walk_to_what_is_saved(browser, live_server, scene, database):
    """The camera's own taps are the phone's; what it gives is 12 megapixels. A machine's time is told, not judged."""
    picture = encoded("image/jpeg", noise(1, 500).resize((4032, 3024)), quality=80)
    took = []
    with held_app(browser, live_server) as app:
        app.here(500, 500)
        app.sign_in(database, scene.leader)
        app.fetch("Kvällsvandring")
        page, protocol = app.page, app.page.context.new_cdp_session(app.page)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for _ in range(TIMES):
            app.open(f"/vandring/{scene.walk}")
            camera = page.locator(".f-foot label").filter(has_text="Ta foto")
            expect(camera).to_be_visible()
            taps = [0, time.perf_counter()]
            with page.expect_file_chooser() as chosen:
                tap(camera, taps)
            chosen.value.set_files(PHOTO | {"buffer": picture})
            tap(page.locator("label").filter(has_text="Belysning"), taps)
            tap(page.get_by_role("button", name="Spara: Belysning"), taps)
            app.sees("Sparad i telefonen")
            took.append(time.perf_counter() - taps[1])
            assert taps[0] == 3
    told = " ".join(f"{seconds:.2f}" for seconds in took)
    print(f"three taps with {len(picture) / 1e6:.1f} MB, {SLOWER} times slower: {told} s, median {median(took):.2f}")  # noqa: T201 - pytest shows it with -s


def tap(wanted, taps):
    wanted.tap()
    taps[0] += 1
