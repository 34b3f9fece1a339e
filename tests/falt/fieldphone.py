"""A phone with the field app: Chromium with a profile on the disk and processes of its own, which can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

from playwright.sync_api import expect

from core.people import services as people
from core.people.models import Person
from core.testing.browser import NAMES, QUIET

PATIENCE = 30_000
PHONE = ("--headless=new", "--window-size=390,844", "--touch-events=enabled", "--remote-debugging-port=0")
HERE = {"latitude": 59.25, "longitude": 18.1, "accuracy": 8}
WALK = "Kvällsvandring"
"""What the walk of the scene is called."""


class FieldPhone:
    """The app on a phone: `page` is what somebody holds in their hand. A killed phone starts with what it had kept."""

    def __init__(self, chromium, address, profile):
        self.chromium, self.address, self.profile = chromium, address, profile
        self.process = self.browser = self.page = None

    def __enter__(self):
        self.start(path=None)
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self, path="/falt"):
        """Start the browser, and open an address of the app if there is one."""
        program = next(filter(None, map(shutil.which, NAMES)))
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        command = [program, *QUIET, *sandbox, *PHONE, f"--user-data-dir={self.profile}", "about:blank"]
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        self.process = subprocess.Popen(command, **quiet, start_new_session=True)
        self.browser = self.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port(told)}")
        context = self.browser.contexts[0]
        context.set_default_timeout(PATIENCE)
        context.grant_permissions(["geolocation"], origin=self.address)
        context.set_geolocation(HERE)
        self.page = context.pages[0] if context.pages else context.new_page()
        if path:
            self.open(path)

    def _port(self, told):
        end = time.monotonic() + PATIENCE / 1000
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

    def quit(self):
        """Close the browser as its owner does, so that all that it keeps lies on the disk."""
        self.protocol().send("Browser.close")
        self.process.wait(PATIENCE / 1000)
        self.process = self.page = None

    def open(self, path):
        """Go to an address of the app."""
        self.page.goto(f"{self.address}{path}")

    def offline(self, off=True):
        """Take the line away, or give it back."""
        self.browser.contexts[0].set_offline(off)

    def slow(self, bytes_a_second):
        """Give it a line that sends no faster."""
        line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
        self.protocol().send("Network.emulateNetworkConditions", line)

    def protocol(self):
        """Speak with the browser itself, for what a page cannot do: full disks, slow processors."""
        return self.browser.contexts[0].new_cdp_session(self.page)

    def read_code(self, database, actor):
        """Read a code that was made at the desk; return it, for the desk to approve."""
        with database.transaction() as session:
            code = people.open_code(session.get_one(Person, actor.id)).uid
            long = people.long_code(code)
        self.open(f"/falt/logga-in#kod={long}")
        expect(self.page.locator(".f-big")).to_be_visible(timeout=PATIENCE)
        return code

    def sign_in(self, database, actor):
        """Read a code, and approve the number at the desk."""
        code = self.read_code(database, actor)
        with database.transaction():
            people.approve_device(actor, code)
        self.sees("Mina vandringar")

    def fetch(self, title=WALK):
        """Fetch a walk and open it."""
        self.page.get_by_role("link", name=title).click()
        self.page.get_by_role("link", name="Öppna vandringen").click()
        self.sees(title)

    def sees(self, heading):
        """Wait for a page with this heading."""
        expect(self.page.get_by_role("heading", name=heading, exact=True).first).to_be_visible(timeout=PATIENCE)

    def take(self, photo, name="foto.jpg"):
        """Take a photo: the first tap of three."""
        file = {"name": name, "mimeType": "image/jpeg", "buffer": photo}
        self.page.locator(".f-foot input[type=file]").set_input_files(file)

    def see(self, photo, kind="Belysning"):
        """Take a photo, choose what it is, save."""
        self.take(photo)
        self.page.locator("label").filter(has_text=kind).first.click()
        self.page.get_by_role("button", name=f"Spara: {kind}").click()
        self.sees("Sparad i telefonen")

    def ledger(self):
        """Read what the receipt ledger says is where: "3 av 20"."""
        self.open("/falt/sandlista")
        return self.page.locator(".f-count b").inner_text()

    def all_sent(self, count, patience=PATIENCE):
        """Wait until the ledger says that the city has all of so many."""
        expect(self.page.locator(".f-count b")).to_have_text(f"{count} av {count}", timeout=patience)

    def kept(self, table):
        """Read the ids of what the phone holds, as they lie in its database."""
        return self.page.evaluate(KEYS, table)


def end_devices(database, actor):
    """End the log-ins of all of somebody's phones, as the person does at the desk."""
    with database.transaction():
        for device in people.own_devices(actor):
            people.end_device(actor, device.uid)


KEYS = """table => new Promise((done, failed) => {
  const opened = indexedDB.open("tryggplats-falt");
  opened.onerror = () => failed(opened.error);
  opened.onsuccess = () => {
    const asked = opened.result.transaction(table).objectStore(table).getAllKeys();
    asked.onsuccess = () => { opened.result.close(); done(asked.result); };
  };
})"""
