"""The child that makes a PDF: what it opens, what it is ended by, and what it leaves."""

import http.server
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from core.documents import renderer, rendering
from core.documents.rendering import LIMITS, CannotRender, NotRendered, render
from tests.documents.papers import Paper

PAGE = '<html lang="sv"><head><title>Prov</title></head><body><h1>Prov</h1>{}</body></html>'


@pytest.fixture
def made(tmp_path):
    """Render some HTML; return the PDF."""

    def make(body, parts=(), limits=None):
        html, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
        html.write_text(PAGE.format(body), "utf-8")
        render(html, pdf, dict(parts), limits)
        return Paper(pdf.read_bytes())

    return make


class _Server(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(404)
        self.end_headers()


@pytest.fixture
def listening():
    """A server beside us that notes whatever asks it for anything."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    _Server.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}", _Server.asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_no_address_is_opened_but_the_parts_of_the_document(made, tmp_path, listening):
    """Whatever way there is to name one, in HTML, CSS or a drawing: the file and the server stay untouched."""
    address, asked = listening
    secret = tmp_path / "secret.txt"
    secret.write_text("HEMLIGT")
    drawing = tmp_path / "drawing.svg"
    inside = f'<image href="{address}/svg" width="9" height="9"/><image href="{secret.as_uri()}" width="9" height="9"/>'
    drawing.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>')
    body = f"""
      <link rel="stylesheet" href="{address}/link.css"><style>@import "{address}/import.css";
      @font-face {{ font-family: x; src: url({address}/font.woff2) }} p {{ background: url({address}/css.png) }}</style>
      <base href="{address}/"><link rel="attachment" href="{secret.as_uri()}"><img src="{address}/img.png" alt="a">
      <img src="{secret.as_uri()}" alt="b"><img src="/etc/passwd" alt="c"><img src="relative.png" alt="d">
      <object data="{secret.as_uri()}"></object><embed src="{address}/embed"><img src="part:../secret.txt" alt="e">
      <iframe src="{secret.as_uri()}"></iframe><img src="part:drawing" alt="Ritad"><p style="font-family: x">Kvar</p>"""
    paper = made(body, {"drawing": (drawing, "image/svg+xml")})
    assert asked == []
    assert "HEMLIGT" not in paper.text
    assert b"HEMLIGT" not in paper.content
    assert "Kvar" in paper.text
    assert "/EmbeddedFiles" not in paper.root.get("/Names", {}), "nothing was attached"


def test_a_document_that_takes_too_long_is_ended(made, monkeypatch):
    slow = "<table>" + "<tr><td>Rad</td></tr>" * 50_000 + "</table>"
    with pytest.raises(CannotRender, match="time"):
        made(slow, limits=replace(LIMITS, wall=0.2))
    monkeypatch.setattr(rendering, "LIMITS", replace(LIMITS, cpu=1))
    with pytest.raises(CannotRender, match="time"):
        made(slow)


def test_a_document_that_takes_too_much_is_ended(made):
    with pytest.raises(CannotRender, match="memory"):
        made("x" * 12_000_000, limits=replace(LIMITS, memory=200 << 20))


def test_a_child_ends_with_its_worker():
    """A worker that is killed leaves nobody behind: here the child waits for a job that does not come."""
    asks, told = os.pipe()
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-I', sys.argv[1]], stdin=0).wait()"
    worker = subprocess.Popen([sys.executable, "-c", code, renderer.__file__], stdin=asks)
    child = _waiting_child(worker.pid)
    worker.kill()
    worker.wait()
    until = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and _state(child) != "Z":
        assert time.monotonic() < until, "it goes on"
        time.sleep(0.002)
    os.close(asks)
    os.close(told)


def _waiting_child(pid):
    """The child of a process, when it has long waited on standard input: it has said by then what it ends with."""
    until, asleep = time.monotonic() + 20, 0
    while time.monotonic() < until:
        children = "".join(told.read_text() for told in Path(f"/proc/{pid}").glob("task/*/children")).split()
        ready = children and "_ctypes" in Path(f"/proc/{children[0]}/maps").read_text() and _state(children[0]) == "S"
        asleep = asleep + 1 if ready else 0
        if asleep == 20:
            return children[0]
        time.sleep(0.002)
    raise AssertionError("no child")


def _state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_fault_of_the_machine_is_none_of_the_document(tmp_path):
    """Such as a file that is away: it is tried again later."""
    with pytest.raises(NotRendered, match="No such file"):
        render(tmp_path / "nowhere.html", tmp_path / "page.pdf", {})
