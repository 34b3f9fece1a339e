"""A phone for tests: a key of its own, and requests that prove it as the app's do (RFC 9449)."""

from __future__ import annotations

import hashlib
import os
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64encode

from core import access, handover
from core.people import services
from core.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.test import TestResponse

    from core.access import Actor
    from core.testing.people import Client


class Phone:
    """Sends requests through `client`, signed; asks once more with the nonce it is given, as the app does."""

    def __init__(self, client: Client, name: str = "Provtelefonen") -> None:
        self.client, self.name = client, name
        self._private = ECKey.generate_key("P-256", private=True)
        known = self._private.as_dict(private=False)
        self.key = {part: str(known[part]) for part in ("crv", "kty", "x", "y")}
        self.token = self.nonce = ""

    @property
    def thumbprint(self) -> str:
        """The digest that the city knows the key by."""
        return ECKey.import_key(dict(self.key)).thumbprint()

    def open(self, method: str, path: str, **request: Any) -> TestResponse:
        """Send a request, once more if the city wants its nonce."""
        answer = self.once(method, path, **request)
        wants = "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", "")
        return self.once(method, path, **request) if wants else answer

    def get(self, path: str, **request: Any) -> TestResponse:
        """Read something."""
        return self.open("GET", path, **request)

    def once(self, method: str, path: str, *, proof: str | None = None, **request: Any) -> TestResponse:
        """Send a request with the nonce that there is, or with another `proof`."""
        headers = {"DPoP": self.proof(method, path) if proof is None else proof, **request.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"DPoP {self.token}")
        answer = self.client.open(path, method=method, headers=headers, **request)
        self.nonce = answer.headers.get("DPoP-Nonce", self.nonce)
        return answer

    def proof(self, method: str, path: str, *, head: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return the proof for a request; `claims` and `head` say what is otherwise in it, None that it is left out."""
        address = f"{self.client.application.settings.base_url}{urlsplit(path).path}"
        known = {"jti": str(uuid.uuid4()), "htm": method, "htu": address, "iat": 1, "nonce": self.nonce or None}
        if self.token:
            known["ath"] = _text(hashlib.sha256(self.token.encode()).digest())
        said = {name: value for name, value in (known | claims).items() if value is not None}
        return self.sign(said, **{"typ": "dpop+jwt"} | (head or {}))

    def sign(self, said: dict[str, Any], **head: Any) -> str:
        """Sign claims as the app does: a JWS that shows the public key."""
        protected = {"alg": "ES256", "jwk": self.key} | head
        words = ".".join(_text(orjson.dumps(part)) for part in (protected, said))
        return f"{words}.{_text(JWSRegistry.algorithms['ES256'].sign(words.encode(), self._private))}"

    def hand_over(
        self, *items: dict[str, Any], photos: Mapping[uuid.UUID, bytes] | None = None, **otherwise: Any
    ) -> bytes:
        """Return the file that the app makes of these things (docs/reference/handover.md).

        An item of the kind "photo" needs only its uid and record: its bytes are in `photos`. `otherwise` is what is not
        as it should be: `city` (another key), `site`, or something of what is sealed.
        """
        settings = self.client.application.settings
        city = otherwise.pop("city", None) or handover.public_key(settings)
        site, secret = otherwise.pop("site", settings.base_url), os.urandom(32)
        told: list[dict[str, Any]] = []
        parts: list[dict[str, Any]] = []
        bodies: list[bytes] = []
        for item in items:
            known = {"of": "observation"} | item
            if item["kind"] == "photo":
                plain, number = (photos or {})[uuid.UUID(str(item["uid"]))], os.urandom(12)
                body = AESGCM(secret).encrypt(number, plain, None)
                known |= {"part": len(parts), "bytes": len(plain), "sha256": hashlib.sha256(plain).hexdigest()}
                parts.append({"iv": _text(number), "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()})
                bodies.append(body)
            told.append(known)
        sealed = {"signer": self.thumbprint, "made_at": "2027-02-01T18:00:00Z", "key": _text(secret)}
        sealed |= {"items": told, "parts": parts} | otherwise
        header = {"alg": "ECDH-ES", "enc": "A256GCM"}
        line = jwe.encrypt_compact(header, orjson.dumps(sealed, default=str), ECKey.import_key(dict(city)))
        signed = self.sign({"sealed": hashlib.sha256(line.encode()).hexdigest(), "site": site})
        return b"\n".join([b"TPHO1", line.encode(), signed.encode(), b"".join(bodies)])

    def claim(self, code: str = "", **asked: Any) -> TestResponse:
        """Read a code."""
        body = {"key": self.key, "name": self.name, **({"code": code} if code else {}), **asked}
        return self.open("POST", "/api/v1/devices/claims", json=body)

    def log_in(self, actor: Actor) -> Phone:
        """Be logged in as `actor`, as if the code had been read and approved; spares the test the slow password."""
        database = self.client.application.database
        with database.transaction() as session:
            uid = services.open_code(session.get_one(Person, actor.id)).uid
        known: dict[str, Any] = {"key": self.key, "thumbprint": self.thumbprint, "name": self.name, "address": "test"}
        with database.transaction():
            services.claim_code(access.NOBODY, code=services.long_code(uid), **known)
        with database.transaction():
            services.approve_device(actor, uid)
            self.token = services.claimed_code(access.NOBODY, uid, thumbprint=self.thumbprint)[1]
        return self


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode()
