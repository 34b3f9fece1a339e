"""Opening a file: whether a phone has signed just this, for this city, and then what is in it.

Nothing is believed before all of it has been looked at: what was signed, what is sealed, and the hash of each part.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.util import urlsafe_b64decode

from core import signed
from core.handover import contents
from core.handover.contents import Manifest, Part
from core.handover.keys import city_key
from core.i18n import N_
from core.schema import Invalid
from core.settings import Settings

MAGIC = b"TPHO1\n"
LONGEST = 32_000_000
"""Bytes of the sealed line: what was written down, which is far less than the photos."""
PIECE = 1 << 20

NO_FILE = N_("Filen är inte gjord av fältappen. Välj en vars namn slutar på .tpho.")
ALTERED = N_("Filen är ändrad eller har inte kommit fram hel. Inget av den är infört. Be om en ny från telefonen.")
ELSEWHERE = N_("Filen är gjord för en annan server. Inget av den är infört. Skicka in den där den hör hemma.")
OTHER_KEY = N_("Filen är låst med en annan nyckel än stadens. Hämta en vandring igen i telefonen och gör en ny fil.")
UNREADABLE = N_("Filens innehåll går inte att läsa. Inget av den är infört. Allt finns kvar i telefonen.")


class HandoverRefused(Exception):
    """A file is not taken in, whole; the message is for who carries it."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.message, self.status = message, status


class _Lines(jwe.JWERegistry):
    """Two algorithms, and room for what was seen on many walks."""

    max_ciphertext_length = LONGEST


SEALED_WITH = _Lines(algorithms=["ECDH-ES", "A256GCM"])


@dataclass(frozen=True)
class Opened:
    """A file that is as its phone has made it. `sha256` is of what is sealed: the same file has the same."""

    path: Path
    sha256: str
    manifest: Manifest
    offsets: list[int] = field(repr=False)

    def read(self, number: int) -> bytes:
        """Return what a part holds: one photo, the only bytes of the file in memory. Raises HandoverRefused."""
        part = self.manifest.parts[number]
        with self.path.open("rb") as file:
            file.seek(self.offsets[number])
            body = file.read(part.bytes)
        try:
            return AESGCM(_bytes(self.manifest.key)).decrypt(_bytes(part.iv), body, None)
        except (InvalidTag, ValueError) as error:
            raise HandoverRefused(UNREADABLE) from error


def open_file(path: Path, settings: Settings) -> Opened:
    """Look at all of a file, and open what is sealed to this city. Raises HandoverRefused."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise HandoverRefused(NO_FILE)
        sealed, signature = _line(file), _line(file)
        digest = hashlib.sha256(sealed).hexdigest()
        said = _signed(signature, digest)
        if said.claims.get("site") != _site(settings):
            raise HandoverRefused(ELSEWHERE)
        manifest = _unsealed(sealed, settings)
        if manifest.signer != said.thumbprint:
            raise HandoverRefused(ALTERED)  # what one phone has sealed, signed by another as if it were its own
        return Opened(path, digest, manifest, _offsets(file, manifest.parts))


def _line(file: BinaryIO) -> bytes:
    line = file.readline(LONGEST)
    if not line.endswith(b"\n"):
        raise HandoverRefused(ALTERED)
    return line[:-1]


def _signed(signature: bytes, digest: str) -> signed.Signed:
    try:
        said = signed.read(signature)
    except signed.NotSigned as error:
        raise HandoverRefused(ALTERED) from error
    if said.claims.get("sealed") != digest:
        raise HandoverRefused(ALTERED)
    return said


def _site(settings: Settings) -> str:
    """Return where people reach the city, as a browser names it (its origin)."""
    parts = urlsplit(settings.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _unsealed(sealed: bytes, settings: Settings) -> Manifest:
    try:
        content: Any = jwe.decrypt_compact(sealed, city_key(settings), registry=SEALED_WITH).plaintext
    except Exception as error:  # whatever a library says of what a stranger has made, it does not open
        raise HandoverRefused(OTHER_KEY) from error
    try:
        return contents.read(orjson.loads(content))
    except (Invalid, ValueError) as error:
        raise HandoverRefused(UNREADABLE) from error


def _offsets(file: BinaryIO, parts: list[Part]) -> list[int]:
    """Return where each part begins, having read them all; nothing may be missing, other or more."""
    offsets = []
    for part in parts:
        offsets.append(file.tell())
        digest, left = hashlib.sha256(), part.bytes
        while left and (piece := file.read(min(PIECE, left))):
            digest.update(piece)
            left -= len(piece)
        if left or digest.hexdigest() != part.sha256:
            raise HandoverRefused(ALTERED)
    if file.read(1):
        raise HandoverRefused(ALTERED)
    return offsets


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode())
