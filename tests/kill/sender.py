"""What the field app does with a photo when it has a line (frontend/ts/falt/send.ts), in Python: six are quick."""

import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import orjson

from core.testing.phones import Phone
from tests.kill.wire import BROKEN, Line, said
from tests.walks.scene import address

PIECE = 1 << 20
AWAY = (500, 502, 503, 429)
PATIENCE, AGAIN = 120, 0.3


class Wire:
    """What `core.testing.phones.Phone` sends through: a real line at `port`, to the city of `app`."""

    def __init__(self, app, port):
        self.application = app
        host = urlsplit(app.settings.base_url).netloc
        self._line = Line(f"http://127.0.0.1:{port}", {"Host": host})

    def open(self, path, *, method, headers, json=None, data=None):
        """Send a request; raises BROKEN."""
        answer = self._line.send(method, path, data if json is None else json, **headers)
        if not {"Content-Length", "Upload-Offset"} & answer.headers.keys():
            raise ConnectionResetError  # the line was cut among the headers, which http.client takes for their end
        return SimpleNamespace(status_code=answer.status, headers=answer.headers, text=answer.text)


class Sender:
    """A phone that sends over a bad line until the city has it. `sent` are bytes of photos, whatever became of them."""

    def __init__(self, app, port, actor):
        self.phone = Phone(Wire(app, port)).log_in(actor)
        self.sent = self.broken = 0
        self.receipts = {}

    def deliver(self, record, walk, uid, data, sha256):
        """Send something seen, then its photo in pieces from where the city is, until it is acknowledged."""
        body = {"walk": str(walk), "kind": "belysning", "photos": [{"uid": str(uid), "sha256": sha256}]}
        answer = self._insist("PUT", f"/api/v1/observations/{record}", json=body)
        assert answer.status_code == 201, answer.text
        receipt = None
        while receipt is None:
            try:
                receipt = self._photo(uid, data)
            except BROKEN:
                self.broken += 1
        assert receipt["sha256"] == sha256
        self.receipts[uid] = sha256

    def _photo(self, uid, data):
        asked = self._insist("GET", address(uid))
        known = orjson.loads(asked.text) if asked.status_code == 200 else {"offset": 0, "receipt": None}
        here = known["offset"]
        while not known.get("receipt"):
            piece = data[here : here + PIECE]
            self.sent += len(piece)
            answer = self.phone.open("PATCH", address(uid), headers=said(data, here), data=piece)
            if answer.status_code == 200:
                return orjson.loads(answer.text)
            assert answer.status_code in (204, 409, *AWAY), answer.text
            if answer.status_code in AWAY:
                return None
            here = int(answer.headers["Upload-Offset"])
        return known["receipt"]

    def _insist(self, method, path, **asked):
        """Ask until there is an answer of the city's own."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = self.phone.open(method, path, **asked)
            except BROKEN:
                self.broken += 1
                time.sleep(AGAIN)
                continue
            if answer.status_code not in AWAY:
                return answer
            time.sleep(AGAIN)
        raise AssertionError("the city was away for too long")
