"""The field app as somebody holds it: what they do in its page, and what they see there."""

import itertools
import time

from playwright.sync_api import expect

from tests.falt.city import approve, open_code, received
from tests.walks.scene import at

PATIENCE = 30_000
"""Milliseconds that a page is waited for; a machine may be slow."""
expect.set_options(timeout=PATIENCE)
WALK = "Kvällsvandring"
"""What the walk of the scene is called."""
PHOTO = {"name": "foto.jpg", "mimeType": "image/jpeg"}
STORE = """async (given) => {
  const ask = (asked) => new Promise((done, failed) => {
    asked.onerror = () => failed(asked.error);
    if (asked.transaction) asked.transaction.addEventListener("complete", () => done(asked.result));
    else asked.onsuccess = () => done(asked.result);
  });
  const store = await ask(indexedDB.open("tryggplats-falt"));
  try { return await (WORK)(store, ask, given); } finally { store.close(); }
}"""


class App:
    """The app, and what somebody does in its `page`."""

    def __init__(self, address):
        self.address, self.page = address, None

    def hold(self, page):
        """Take this page in hand, on the square of the scene."""
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.context.grant_permissions(["geolocation"], origin=self.address)
        self.here(500, 500)
        return self

    def here(self, east, north, accuracy=5):
        """Go there, in metres of the scene."""
        self.page.context.set_geolocation(at(east, north) | {"accuracy": accuracy})

    def walk_to(self, east, north, told, where="main"):
        """Go there, until the page tells so: the browser may let a reading of the position pass."""
        steps = itertools.count()

        def come():
            self.here(east, north + next(steps) / 100)
            return told in self.page.locator(where).inner_text()

        self.until(come)

    def open(self, path=""):
        """Go to an address of the app, as a link from elsewhere does."""
        self.page.goto(f"{self.address}/falt{path}")

    def offline(self, off=True):
        """Take the line away, or give it back."""
        self.page.context.set_offline(off)

    def protocol(self):
        """Speak with the browser itself, for what a page cannot do: full disks, slow processors."""
        return self.page.context.new_cdp_session(self.page)

    def read_code(self, database, actor):
        """Read a code that was made at the desk; return it, for the desk to approve."""
        code, long = open_code(database, actor)
        self.open(f"/logga-in#kod={long}")
        expect(self.page.locator(".f-big")).to_be_visible()
        return code

    def sign_in(self, database, actor):
        """Read a code, and approve the number at the desk."""
        approve(database, actor, self.read_code(database, actor))
        self.sees("Mina vandringar")

    def fetch(self, title=WALK):
        """Fetch a walk and open it."""
        self.link(title)
        self.says("Klar att gå utan täckning")
        self.link("Öppna vandringen")
        self.sees(title)

    def sees(self, heading):
        """Wait for a page with this heading."""
        expect(self.page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()

    def says(self, text):
        """Wait until the page says this."""
        expect(self.page.locator("main")).to_contain_text(text)

    def link(self, name):
        self.page.get_by_role("link", name=name).first.click()

    def press(self, name):
        self.page.get_by_role("button", name=name).first.click()

    def choose(self, label):
        self.page.locator("label").filter(has_text=label).first.click()

    def give(self, label, data, **file):
        """Take or choose a photo with the button that is called so."""
        named = self.page.locator("label").filter(has_text=label).locator("input[type=file]").first
        named.set_input_files(PHOTO | {"buffer": data} | file)

    def save(self, kind="Belysning"):
        """Choose what it is, and save."""
        self.choose(kind)
        self.press(f"Spara: {kind}")
        self.sees("Sparad i telefonen")

    def see(self, photo, kind="Belysning"):
        """Take a photo, choose what it is, save."""
        self.give("Ta foto", photo)
        self.save(kind)

    def ledger(self):
        """Read what the receipt ledger says is where: "3 av 20"."""
        self.open("/sandlista")
        return self.page.locator(".f-count b").inner_text()

    def all_sent(self, count, patience=PATIENCE):
        """Wait until the ledger says that the city has all of so many."""
        expect(self.page.locator(".f-count b")).to_have_text(f"{count} av {count}", timeout=patience)

    def nothing_waits(self):
        """Wait until the head of the page says that all has come."""
        expect(self.page.locator(".f-status")).to_contain_text("Allt är mottaget")

    def until(self, come, patience=PATIENCE):
        """Wait until it has come so far; the browser goes on meanwhile."""
        end = time.monotonic() + patience / 1000
        while not come():
            assert time.monotonic() < end, self.page.locator("main").inner_text()
            self.page.wait_for_timeout(50)

    def waiting_for(self, count, database):
        """Wait until the city has so many photos."""
        self.until(lambda: len(received(database)) == count)

    def kept(self, table):
        """Read the ids of what the phone holds, as they lie in its store."""
        return self.in_store("(store, ask, of) => ask(store.transaction(of).objectStore(of).getAllKeys())", table)

    def in_store(self, work, given=None):
        """Let a script work in the app's store, beside the app; `ask` waits for a request and its transaction."""
        return self.page.evaluate(STORE.replace("WORK", work), given)
