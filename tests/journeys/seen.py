"""What is true of every page, whoever looks at it and on whatever."""

import os
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import CHECKOUT

AXE = (CHECKOUT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
FAULTS = """rules => axe.run(document, rules ? {runOnly: {type: "rule", values: rules}} : {}).then(found => found
    .violations.map(one => [one.id, ...one.nodes.map(node => node.target + " " + node.failureSummary)].join(" | ")))"""
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules whose answer hangs on the colours; the others are asked once."""
FILLED = """() => [...document.querySelectorAll(".ds-button:not([data-variant])")]
    .filter(one => one.checkVisibility()).map(one => one.textContent.trim())"""
GROUND = "() => getComputedStyle(document.body).backgroundColor"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TAGS = r"() => document.body.innerText.match(/<\/?(a|abbr|b|br|code|em|p|span|strong|time)\b[^>]*>/)?.[0]"
MOVED = """() => new Promise(tell => {
    let moved = 0
    new PerformanceObserver(list => list.getEntries().forEach(one => moved += one.hadRecentInput ? 0 : one.value))
        .observe({type: "layout-shift", buffered: true})
    setTimeout(() => tell(moved), 50)
})"""
"""How much of the window has moved by itself since the page came (web.dev/cls), not by somebody's input."""
STILL = 0.1
"""As far as a page may move and still be called good (web.dev/cls)."""
SHOTS = os.environ.pop("TRYGGPLATS_SHOTS", None)
"""A folder for pictures of every page that is looked at; without it none are taken. No setting: servers refuse it."""


def look_at(page, name, colours=("light", "dark"), most_filled=1):
    """Fail unless the page, as it stands in its window, is what every page of ours is.

    More than one filled button stand only where all there is stands beside each other.
    """
    where = f"{name}, {page.viewport_size['width']} px"
    assert page.title().endswith(" – Tryggplats"), f"{where}: title {page.title()!r}"
    assert page.locator("h1").count() == 1, f"{where}: one heading says what the page is"
    filled = page.evaluate(FILLED)
    assert len(filled) <= most_filled, f"{where}: filled buttons {filled}"
    assert page.evaluate(SIDEWAYS) <= 0, f"{where}: sideways scroll"
    assert not (tag := page.evaluate(TAGS)), f"{where}: {tag} is shown as text"
    moved = page.evaluate(MOVED)
    assert moved < STILL, f"{where}: the page moved by {moved:.2f} while it came"
    page.evaluate(AXE)
    grounds = {}
    for colour in colours:
        page.emulate_media(color_scheme=colour)
        grounds[colour] = page.evaluate(GROUND)
        rules = None if colour == colours[0] else OF_COLOUR
        faults = page.evaluate(FAULTS, rules)
        assert not faults, "\n".join([f"{where}, {colour}", *faults])
        if SHOTS:
            shot = Path(SHOTS) / f"{name}-{page.viewport_size['width']}-{colour}.png"
            page.screenshot(path=shot, full_page=True)
    assert len({*grounds.values()}) == len(colours), f"{where}: light and dark are alike, {grounds}"
    page.emulate_media(color_scheme=colours[0])


def look_at_all_widths(page, name):
    """The same at the desk and on a phone, and that nothing sticks out on the narrowest."""
    size = page.viewport_size
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        look_at(page, name)
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate(SIDEWAYS) <= 0, f"{name}: sideways scroll at 320 px"
    page.set_viewport_size(size)


@contextmanager
def watched(page):
    """Fail afterwards if a script complained, or if something that a page is made of did not come."""
    faults = []

    def hear(line):
        if line.type in ("error", "warning") and not line.text.startswith("Failed to load resource"):
            faults.append(line.text)

    def note(response):
        if response.status >= 400 and response.request.resource_type != "document":
            faults.append(f"{response.status} {response.url}")

    page.on("console", hear)
    page.on("response", note)
    yield page
    assert not faults, "\n".join(faults)
