"""Three taps from the opened walk to what is saved, and how long they take on a slow phone (`-s` tells)."""

import time
from statistics import median

import pytest
from playwright.sync_api import expect

from tests.falt.phone_app import PHOTO
from tests.media.samples import encoded, noise

TIMES = 5
SLOWER = 4
"""So many times slower than this machine the phone is."""
COUNT = "window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1; }, true);"
"""The page counts itself how often it is touched since it was opened."""


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.timeout(300)
def test_three_taps_from_the_opened_walk_to_what_is_saved(leader, scene):
    """The camera's own taps are the phone's; what it gives is 12 megapixels. A machine's time is told, not judged."""
    picture = encoded("image/jpeg", noise(1, 500).resize((4032, 3024)), quality=80)
    page, took = leader.page, []
    leader.fetch()
    page.add_init_script(COUNT)
    leader.protocol().send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for _ in range(TIMES):
        leader.open(f"/vandring/{scene.walk}")
        camera = page.locator(".f-foot label").filter(has_text="Ta foto")
        expect(camera).to_be_visible()
        began = time.perf_counter()
        with page.expect_file_chooser() as chosen:
            camera.tap()
        chosen.value.set_files(PHOTO | {"buffer": picture})
        page.locator("label").filter(has_text="Belysning").tap()
        page.get_by_role("button", name="Spara: Belysning").tap()
        leader.sees("Sparad i telefonen")
        took.append(time.perf_counter() - began)
        assert page.evaluate("window.taps") == 3
    told = " ".join(f"{seconds:.2f}" for seconds in took)
    print(f"three taps with {len(picture) / 1e6:.1f} MB, {SLOWER} times slower: {told} s, median {median(took):.2f}")  # noqa: T201 - pytest shows it with -s
