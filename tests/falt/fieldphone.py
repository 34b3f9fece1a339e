"""A phone with the field app: Chromium with a profile on the disk and processes of its own, which can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

from core.testing.browser import NAMES, QUIET
from tests.falt.phone_app import PATIENCE, App

PHONE = ("--headless=new", "--window-size=390,844", "--touch-events=enabled", "--remote-debugging-port=0")


class FieldPhone(App):
    """The app on a phone of its own, which starts again with what it had kept when it was killed."""

    def __init__(self, chromium, address, profile):
        super().__init__(address)
        self.chromium, self.profile = chromium, profile
        self.process = None

    def __enter__(self):
        self.start(path=None)
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self, path=""):
        """Start the browser, and open an address of the app if there is one."""
        program = next(filter(None, map(shutil.which, NAMES)))
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        command = [program, *QUIET, *sandbox, *PHONE, f"--user-data-dir={self.profile}", "about:blank"]
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        self.process = subprocess.Popen(command, **quiet, start_new_session=True)
        browser = self.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port(told)}")
        context = browser.contexts[0]
        self.hold(context.pages[0] if context.pages else context.new_page())
        if path is not None:
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
        self._ended()

    def quit(self):
        """Close the browser as its owner does, so that all that it keeps lies on the disk."""
        self.protocol().send("Browser.close")
        self._ended()

    def slow(self, bytes_a_second):
        """Give it a line that sends no faster."""
        line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
        self.protocol().send("Network.emulateNetworkConditions", line)

    def _ended(self):
        self.process.wait(PATIENCE / 1000)
        self.process = self.page = None
