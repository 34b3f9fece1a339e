"""A phone with the field app: Chromium with a profile on the disk and processes of its own, which can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

from playwright.sync_api import expect

from core.people import services as people
from core.people.models import Person
from core.testing.browser import NAMES, QUIET

PATIENCE = 30_000
PHONE = ("--headless=new", "--window-size=390,844", "--touch-events=enabled", "--remote-debugging-port=0")
HERE = {"latitude": 59.25, "longitude": 18.1, "accuracy": 8}


class FieldPhone:
    """The app on a phone: `page` is what somebody holds in their hand. A killed phone starts with what it had kept."""

    def __init__(self, playwright, address, profile):
        self.playwright, self.address, self.profile = playwright, address, profile
        self.process = self.browser = self.page = None

    def start(self, path="/falt"):
        program = next(filter(None, map(shutil.which, NAMES)))
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        (self.profile / "DevToolsActivePort").unlink(missing_ok=True)
        command = [program, *QUIET, *sandbox, *PHONE, f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        port = self._port()
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = self.browser.contexts[0]
        context.set_default_timeout(PATIENCE)
        context.grant_permissions(["geolocation"], origin=self.address)
        context.set_geolocation(HERE)
        self.page = context.pages[0] if context.pages else context.new_page()
        if path:
            self.page.goto(f"{self.address}{path}")

    def _port(self):
        end = time.monotonic() + PATIENCE / 1000
        told = self.profile / "DevToolsActivePort"
        while not (told.exists() and told.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the browser did not start")
            time.sleep(0.05)
        return told.read_text().split()[0]

    def kill(self):
        """Kill -9 every process of the browser, as a battery that is taken out does."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE / 1000)
        self.process = self.page = None

    def offline(self, off=True):
        self.browser.contexts[0].set_offline(off)

    def sign_in(self, database, actor):
        """Read a code that was made at the desk, where the number is then approved."""
        with database.transaction() as session:
            code = people.open_code(session.get_one(Person, actor.id)).uid
            long = people.long_code(code)
        self.page.goto(f"{self.address}/falt/logga-in#kod={long}")
        expect(self.page.locator(".f-big")).to_be_visible(timeout=PATIENCE)
        with database.transaction():
            people.approve_device(actor, code)
        expect(self.page.get_by_role("heading", name="Mina vandringar")).to_be_visible(timeout=PATIENCE)

    def fetch(self, title):
        """Fetch a walk and open it."""
        self.page.get_by_role("link", name=title).click()
        self.page.get_by_role("link", name="Öppna vandringen").click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible(timeout=PATIENCE)

    def see(self, photo, kind="Belysning"):
        """Take a photo, choose what it is, save: three taps from the walk."""
        name = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo}
        self.page.locator(".f-foot input[type=file]").set_input_files(name)
        self.page.locator("label").filter(has_text=kind).first.click()
        self.page.get_by_role("button", name=f"Spara: {kind}").click()
        expect(self.page.get_by_role("heading", name="Sparad i telefonen")).to_be_visible(timeout=PATIENCE)

    def ledger(self):
        """Return what the receipt ledger says is where: "3 av 20"."""
        self.page.goto(f"{self.address}/falt/sandlista")
        return self.page.locator(".f-count b").inner_text()


@contextmanager
def field_phone(playwright, address, profile):
    made = FieldPhone(playwright, address, profile)
    made.start(path="")
    try:
        yield made
    finally:
        made.kill()
