"""The field app in a browser, held by somebody who has signed the phone in."""

import itertools
import time
from contextlib import contextmanager

from playwright.sync_api import expect
from sqlalchemy import select

from core.media import Photo
from core.people import services as people
from core.people.models import Person
from core.testing.browser import open_page
from tests.walks.scene import at

PATIENCE = 15_000
PHOTO = {"name": "foto.jpg", "mimeType": "image/jpeg"}


class App:
    """The app's page, and what somebody does with it. `here` moves who holds the phone, in metres of the scene."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        page.set_default_timeout(PATIENCE)
        page.context.grant_permissions(["geolocation"], origin=address)

    def here(self, east, north, accuracy=5):
        self.page.context.set_geolocation(at(east, north) | {"accuracy": accuracy})

    def walk_to(self, east, north, told, where="main"):
        """Go there, until the page tells so: the browser may let a reading of the position pass."""
        steps = itertools.count()

        def come():
            self.here(east, north + next(steps) / 100)
            return told in self.page.locator(where).inner_text()

        self.until(come)

    def open(self, path=""):
        self.page.goto(f"{self.address}/falt{path}")

    def offline(self, off=True):
        self.page.context.set_offline(off)

    def sign_in(self, database, actor):
        """Read a code that was made at the desk, where the number is then approved."""
        with database.transaction() as session:
            code = people.open_code(session.get_one(Person, actor.id)).uid
            long = people.long_code(code)
        self.open(f"/logga-in#kod={long}")
        expect(self.page.locator(".f-big")).to_be_visible(timeout=PATIENCE)
        with database.transaction():
            people.approve_device(actor, code)
        self.sees("Mina vandringar")

    def fetch(self, title):
        self.page.get_by_role("link", name=title).click()
        self.says("Klar att gå utan täckning")
        self.link("Öppna vandringen")
        self.sees(title)

    def sees(self, heading):
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible(timeout=PATIENCE)

    def says(self, text):
        expect(self.page.locator("main")).to_contain_text(text, timeout=PATIENCE)

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
        self.choose(kind)
        self.press(f"Spara: {kind}")
        self.sees("Sparad i telefonen")

    def waiting(self):
        """Wait until nothing waits."""
        expect(self.page.locator(".f-status")).to_contain_text("Allt är mottaget", timeout=PATIENCE)

    def until(self, come):
        """Wait until the city has come so far; the browser goes on meanwhile."""
        end = time.monotonic() + PATIENCE / 1000
        while not come():
            assert time.monotonic() < end, self.page.locator("main").inner_text()
            self.page.wait_for_timeout(50)

    def waiting_for(self, count, database):
        """Wait until the city has so many photos."""
        self.until(lambda: len(received(database)) == count)


def received(database):
    """Return the hashes of the photos that the city has."""
    with database.transaction(write=False) as session:
        return session.scalars(select(Photo.received_sha256).where(Photo.received_sha256.is_not(None))).all()


@contextmanager
def held_app(browser, address):
    with open_page(browser, width=390, height=844, touch=True) as page:
        yield App(page, address)
