"""The city's key, to which phones seal hand-over files: made of the installation's secret, and kept nowhere."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import ECKey

from core.settings import Settings
from core.signed import PARTS

ABOUT = b"tryggplats handover P-256"
DRAWN = 48
"""Bytes that the key is made of: with 16 to spare, none is likelier than another (FIPS 186-5 A.2.1)."""


def city_key(settings: Settings) -> ECKey:
    """Return the installation's key pair on P-256: the same secret gives the same key, and nothing else tells it."""
    curve = ec.SECP256R1()
    drawn = HKDF(SHA256(), DRAWN, salt=None, info=ABOUT).derive(settings.secret_key.encode())
    number = int.from_bytes(drawn, "big") % (curve.group_order - 1) + 1
    return ECKey.import_key(ec.derive_private_key(number, curve))


def public_key(settings: Settings) -> dict[str, str]:
    """Return what phones are told of it, as a JWK."""
    told = city_key(settings).as_dict(private=False)
    return {part: str(told[part]) for part in PARTS}
