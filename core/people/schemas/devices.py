"""Phones: what is asked of one that is to be logged in, and what it is told."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from core.i18n import N_
from core.schema import Schema, fields


class DeviceEnd(Schema):
    """Which phone to log out."""

    device = fields.Uid(required=True)


class DeviceKey(Schema):
    """A phone's public key as a JWK (RFC 7517), with only what its thumbprint is made of."""

    kty = fields.Choice({"EC": "EC"}, required=True)
    crv = fields.Choice({"P-256": "P-256"}, required=True)
    x = fields.String(required=True, min=43, max=43)
    y = fields.String(required=True, min=43, max=43)


class ClaimIn(Schema):
    """A code that a phone has read (`code`) or somebody has written (`short`), the phone's key and its name."""

    code = fields.String(max=100, load_default="")
    short = fields.String(max=20, load_default="")
    key = fields.Nested(DeviceKey, required=True)
    name = fields.String(required=True, min=1, max=60, label=N_("Vad heter telefonen?"))

    @validates_schema
    def _one_code(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["code"]) == bool(data["short"]):
            raise ValidationError({"short": [N_("Skriv koden från datorn, åtta tecken.")]})


class ClaimOut(Schema):
    """That the code is read: the `number` stands on both screens, and the person approves on the computer."""

    uid = fields.Uid(required=True)
    number = fields.String(required=True, max=4)
    ends_at = fields.Instant(required=True)


class ClaimState(Schema):
    """How it goes with a code: claimed, refused, or approved and then with the phone's token."""

    state = fields.Choice({"claimed": N_("Väntar"), "approved": N_("Godkänd"), "refused": N_("Nekad")}, required=True)
    token = fields.String(required=True, allow_none=True, max=100)


class DeviceOwner(Schema):
    """Whose phone it is."""

    uid = fields.Uid(required=True)
    name = fields.String(required=True, max=200)


class DeviceOut(Schema):
    """The phone that asks; `organisation` is empty where the person has roles in several."""

    name = fields.String(required=True, max=60)
    person = fields.Nested(DeviceOwner, required=True)
    organisation = fields.String(required=True, blank=True, max=200)
    ends_at = fields.Instant(required=True)
    permissions = fields.List(fields.String(max=100), required=True)
