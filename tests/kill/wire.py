"""A phone on a real line to a real server: every answer whole, or the line is broken."""

import http.client
import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.walks.scene import PIECE, address, digest

BROKEN = (OSError, http.client.HTTPException)
"""What a phone sees when the server was killed or the line cut; what it then knows is nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    text: str

    @property
    def json(self):
        return json.loads(self.text)


@dataclass(frozen=True)
class Line:
    """To one server, as the one whose token stands in `headers`."""

    url: str
    headers: dict

    def send(self, method, path, body=None, **headers):
        """Send one request on a line of its own. Raises BROKEN."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            if isinstance(body, dict):
                body, headers = json.dumps(body), headers | {"Content-Type": "application/json"}
            connection.request(method, path, body, self.headers | headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
        finally:
            connection.close()

    def log(self, uid, walk, **more):
        """Log an observation."""
        return self.send("PUT", f"/api/v1/observations/{uid}", {"walk": str(walk), "kind": "belysning", **more})

    def asks(self, uid):
        """Ask how many bytes of a photo the city has."""
        answer = self.send("HEAD", address(uid))
        return int(answer.headers["Upload-Offset"]) if answer.status == 200 else 0

    def piece(self, uid, data, offset, size):
        """Send a piece of `data` that begins at `offset`."""
        return self.send("PATCH", address(uid), data[offset : offset + size], **said(data, offset))

    def upload(self, uid, data, size):
        """Send what the city lacks, in pieces; return the receipt."""
        while True:
            answer = self.piece(uid, data, self.asks(uid), size)
            if answer.status == 200:
                return answer.json
            assert answer.status in (204, 409), answer.text

    def cut(self, uid, data, offset, arrived, *, reset):
        """Send the rest of a photo on a line that breaks after `arrived` bytes of it, by an end or by a reset."""
        rest = data[offset:]
        head = f"PATCH {address(uid)} HTTP/1.1\r\nHost: {urlsplit(self.url).netloc}\r\nContent-Length: {len(rest)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in (self.headers | said(data, offset)).items())
        url = urlsplit(self.url)
        with socket.create_connection((url.hostname, url.port), timeout=30) as line:
            line.sendall(head.encode() + b"\r\n" + rest[:arrived])
            if reset:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def said(data, offset):
    return {
        "Content-Type": PIECE,
        "Upload-Offset": str(offset),
        "Upload-Length": str(len(data)),
        "Repr-Digest": digest(data),
    }
