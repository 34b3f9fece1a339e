"""Money asked to follow to another year or to be used for something else, in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.followup.models import ASK, READ, CarryOver, Reallocation
from core.followup.schemas.told import (
    CarryIn,
    CarryMove,
    CarryOut,
    CarryPage,
    CarryQuery,
    ReallocationIn,
    ReallocationMove,
    ReallocationOut,
    ReallocationPage,
    ReallocationQuery,
    of_grant,
)
from core.followup.services import carrying_over, moving_money
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place
from core.i18n import N_
from core.schema import Invalid

api = Api("moving-money-api", __name__, description="Ombudgetering och omdisponering av beviljade medel.")
DECIDED = ("granted", "decided_on", "paragraph")
"""What is said of a decision that is recorded."""


@api.route("/carry-overs", methods=["GET"], needs=READ)
@api.asks(CarryQuery)
@api.response(200, CarryPage)
def list_carry_overs(asked: dict[str, Any]) -> Any:
    """Begärda ombudgeteringar, den senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = carrying_over.list_asked(actor(), asked["state"], application=asked["application"], after=after)
    return {"items": [_carried(row) for row in found.rows], "next": mark(found.after)}


@api.route("/carry-overs/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, CarryOut)
def read_carry_over(uid: UUID) -> Any:
    """En begärd ombudgetering, med yttrande och beslut."""
    return _carry_over(uid)


@api.route("/carry-overs/<uuid:uid>", methods=["PUT"], needs=ASK)
@api.reads(CarryIn)
@api.response(201, CarryOut)
def ask_carry_over(known: dict[str, Any], uid: UUID) -> Any:
    """Begär ombudgetering under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    carrying_over.ask(actor(), known.pop("application"), uid=uid, **known)
    return _carry_over(uid, 201)


@api.route("/carry-overs/<uuid:uid>/moves", methods=["POST"], needs=READ)
@api.doc(**{"x-version": "changes"})
@api.reads(CarryMove)
@api.response(200, CarryOut)
def move_carry_over(known: dict[str, Any], uid: UUID) -> Any:
    """Lämna yttrande, skriv in vad som beslutades, bekräfta det som en annan har skrivit in, eller ta tillbaka."""
    key, reason, version = known["move"], known["reason"], expected_version()
    if key == "yttra":
        carrying_over.give_opinion(actor(), uid, opinion=reason, version=version)
    elif key == "registrera":
        missing = {name: [N_("Skriv vad som beslutades.")] for name in DECIDED if known[name] in (None, "")}
        if missing:
            raise Invalid(missing)
        facts = {name: known[name] for name in DECIDED}
        carrying_over.record(actor(), uid, motive=reason, version=version, **facts)
    elif key == "bekrafta":
        carrying_over.confirm(actor(), uid, version=version)
    else:
        carrying_over.move(actor(), uid, key, reason=reason, version=version)
    return _carry_over(uid)


def _carry_over(uid: UUID, status: int = 200) -> Any:
    row = carrying_over.read(actor(), uid)
    return with_etag(_carried(row), row.version, status)


def _carried(row: CarryOver) -> dict[str, Any]:
    return of_grant(
        row, "from_year", "to_year", "amount", "cause", "reason", "new_completion", "state", "asked_at", "opinion",
        "granted", "decided_on", "paragraph", "motive", "version",
    )  # fmt: skip


@api.route("/reallocations", methods=["GET"], needs=READ)
@api.asks(ReallocationQuery)
@api.response(200, ReallocationPage)
def list_reallocations(asked: dict[str, Any]) -> Any:
    """Begärda omdisponeringar, den senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    wish = {"state": asked["state"], "application": asked["application"]}
    found = moving_money.list_reallocations(actor(), **wish, after=after)
    return {"items": [_moved(row) for row in found.rows], "next": mark(found.after)}


@api.route("/reallocations/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, ReallocationOut)
def read_reallocation(uid: UUID) -> Any:
    """En begärd omdisponering, med beslut."""
    return _reallocation(uid)


@api.route("/reallocations/<uuid:uid>", methods=["PUT"], needs=ASK)
@api.reads(ReallocationIn)
@api.response(201, ReallocationOut)
def ask_reallocation(known: dict[str, Any], uid: UUID) -> Any:
    """Begär omdisponering under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    moving_money.ask(actor(), known.pop("application"), uid=uid, **known)
    return _reallocation(uid, 201)


@api.route("/reallocations/<uuid:uid>/moves", methods=["POST"], needs=READ)
@api.doc(**{"x-version": "changes"})
@api.reads(ReallocationMove)
@api.response(200, ReallocationOut)
def move_reallocation(known: dict[str, Any], uid: UUID) -> Any:
    """Bevilja, avslå eller återkalla."""
    key, reason, version = known["move"], known["reason"], expected_version()
    if key == "aterkalla":
        moving_money.withdraw(actor(), uid, reason=reason, version=version)
    else:
        facts = {"decided_on": known["decided_on"], "paragraph": known["paragraph"], "motive": reason}
        moving_money.decide(actor(), uid, key, version=version, **facts)
    return _reallocation(uid)


def _reallocation(uid: UUID, status: int = 200) -> Any:
    row = moving_money.read_reallocation(actor(), uid)
    return with_etag(_moved(row), row.version, status)


def _moved(row: Reallocation) -> dict[str, Any]:
    measures = {"from_measure": row.from_measure, "to_measure": row.to_measure}
    told = {"to": row.to.uid} | {name: one.uid if one else None for name, one in measures.items()}
    names = ("year", "amount", "reason", "state", "asked_at", "decided_on", "paragraph", "motive", "version")
    return of_grant(row, *names) | told
