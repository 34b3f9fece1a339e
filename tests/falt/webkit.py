"""WebKit itself, as WebKitGTK has it, driven by the W3C's WebDriver: what a browser of iPhones makes of the app."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

DRIVER, SCREEN = "WebKitWebDriver", "Xvfb"
BROWSERS = Path("/usr/lib")
PATIENCE = 30
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What WebDriver calls an element in its answers."""


def program():
    """Return the browser, None where there is none (Debian: webkit2gtk-driver and xvfb)."""
    if not all(map(shutil.which, (DRIVER, SCREEN))):
        return None
    return next(BROWSERS.glob("*/webkit2gtk-4.*/MiniBrowser"), None)


class WebKit:
    """One window of the browser."""

    def __init__(self, port):
        self.port, self.session = port, ""

    def ask(self, method, path, body=None):
        """Send a command of WebDriver."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, f"{self.session}{path}", None if body is None else json.dumps(body))
        value = json.loads(connection.getresponse().read())["value"]
        connection.close()
        assert not (isinstance(value, dict) and "error" in value), value
        return value

    def open(self, address):
        self.ask("POST", "/url", {"url": address})

    def run(self, script, *given):
        """Run a script in the page."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": given})

    def says(self, text):
        """Wait until the page says this."""
        end = time.monotonic() + PATIENCE
        while text not in (shown := self.run("return document.body.innerText")):
            assert time.monotonic() < end, f"{text!r} is not in {shown!r}"
            time.sleep(0.1)

    def press(self, text):
        """Press what says this, when it is there."""
        self.says(text)
        script = """for (const one of document.querySelectorAll("a, button, label"))
            if (one.innerText.includes(arguments[0])) return one.click()"""
        self.run(script, text)

    def give(self, selector, file):
        """Choose a file."""
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self.ask("POST", f"/element/{found}/value", {"text": str(file)})


@contextmanager
def webkit(folder):
    """Start the browser on a screen that nobody sees, with all that it keeps in `folder`."""
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told, tell = os.pipe()
    screen = subprocess.Popen([SCREEN, "-displayfd", str(tell), "-nolisten", "tcp"], pass_fds=[tell], **quiet)
    os.close(tell)
    with os.fdopen(told) as number:
        display = f":{number.readline().strip()}"
    own = {"DISPLAY": display, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LIBGL_ALWAYS_SOFTWARE": "1"}
    driver = subprocess.Popen([DRIVER, f"--port={port}"], env=os.environ | own, **quiet)
    made = WebKit(port)
    try:
        _begin(made)
        yield made
    finally:
        with suppress(OSError):
            made.ask("DELETE", "")
        for process in (driver, screen):
            process.terminate()
            process.wait(PATIENCE)


def _begin(made):
    options = {"webkitgtk:browserOptions": {"binary": str(program()), "args": ["--automation"]}}
    end = time.monotonic() + PATIENCE
    while not made.session:
        try:
            uid = made.ask("POST", "/session", {"capabilities": {"alwaysMatch": options}})["sessionId"]
            made.session = f"/session/{uid}"
        except ConnectionError:
            assert time.monotonic() < end, "the driver did not start"
            time.sleep(0.1)
