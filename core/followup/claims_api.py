"""Claims for payment in the API: listed, written, sent, checked and paid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.followup.models import CLAIM, READ, Claim
from core.followup.schemas.money import ClaimFields
from core.followup.schemas.told import (
    GrantClaimIn,
    GrantClaimMove,
    GrantClaimOut,
    GrantClaimPage,
    GrantClaimQuery,
    of_grant,
)
from core.followup.services import claims
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place

api = Api("claims-api", __name__, description="Rekvisitioner av beviljade medel.")


@api.route("/claims", methods=["GET"], needs=READ)
@api.asks(GrantClaimQuery)
@api.response(200, GrantClaimPage)
def list_claims(asked: dict[str, Any]) -> Any:
    """Rekvisitioner, den senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = claims.list_claims(actor(), asked["state"], application=asked["application"], after=after)
    return {"items": [_told(row) for row in found.rows], "next": mark(found.after)}


@api.route("/claims/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, GrantClaimOut)
def read_claim(uid: UUID) -> Any:
    """En rekvisition."""
    return _claim(uid)


@api.route("/claims/<uuid:uid>", methods=["PUT"], needs=CLAIM)
@api.reads(GrantClaimIn)
@api.response(201, GrantClaimOut)
def add_claim(known: dict[str, Any], uid: UUID) -> Any:
    """Skriv en rekvisition under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    claims.add_claim(actor(), known.pop("application"), uid=uid, **known)
    return _claim(uid, 201)


@api.route("/claims/<uuid:uid>", methods=["PATCH"], needs=CLAIM)
@api.doc(**{"x-version": "changes"})
@api.reads(ClaimFields)
@api.response(200, GrantClaimOut)
def change_claim(known: dict[str, Any], uid: UUID) -> Any:
    """Skriv om en rekvisition som inte är inskickad, eller som har kommit tillbaka."""
    claims.change_claim(actor(), uid, version=expected_version(), **known)
    return _claim(uid)


@api.route("/claims/<uuid:uid>/moves", methods=["POST"], needs=READ)
@api.doc(**{"x-version": "changes"})
@api.reads(GrantClaimMove)
@api.response(200, GrantClaimOut)
def move_claim(known: dict[str, Any], uid: UUID) -> Any:
    """Skicka in den, godkänn underlaget, lämna tillbaka den eller markera den som betald."""
    claims.move_claim(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    return _claim(uid)


def _claim(uid: UUID, status: int = 200) -> Any:
    row = claims.read_claim(actor(), uid)
    return with_etag(_told(row), row.version, status)


def _told(row: Claim) -> dict[str, Any]:
    return of_grant(row, "year", "amount", "what", "invoice", "state", "reason", "paid_on", "version")
