"""Rounds and their order, in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.applications.models import ASSESSED, Round
from core.applications.points import criteria_of
from core.applications.schemas.rounds import RoundOrderOut, RoundOut, RoundPage, RoundQuery
from core.applications.services import ranking, rounds
from core.http import Api, actor, with_etag
from core.http.paging import mark, moment, place

api = Api("rounds-api", __name__, description="Ansökningsomgångar och ordningen mellan deras ansökningar.")


@api.route("/rounds", methods=["GET"], needs=rounds.SEE)
@api.asks(RoundQuery)
@api.response(200, RoundPage)
def list_rounds(asked: dict[str, Any]) -> Any:
    """Omgångarna, den som stänger sist först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), moment, int)
    found = rounds.list_rounds(actor(), programme=asked.get("programme"), after=after)
    return {"items": [_line(row) for row in found.rows], "next": mark(found.after)}


@api.route("/rounds/<uuid:uid>", methods=["GET"], needs=rounds.SEE)
@api.doc(**{"x-version": "reads"})
@api.response(200, RoundOut)
def read_round(uid: UUID) -> Any:
    """En omgång med villkor och kriterier, som de lades fast när den öppnades."""
    row = rounds.read_round(actor(), uid)
    names = ("instructions", "conditional", "max_amount", "board_ceiling", "frozen_at", "version")
    ceilings = [{"organisation": one.organisation.uid, "amount": one.amount} for one in rounds.ceilings_of(row)]
    told = _line(row) | {name: getattr(row, name) for name in names} | {"ceilings": ceilings}
    return with_etag(told | {"criteria": [vars(one) for one in criteria_of(row.terms)]}, row.version)


@api.route("/rounds/<uuid:uid>/order", methods=["GET"], needs=ASSESSED)
@api.doc(**{"x-version": "reads"})
@api.response(200, RoundOrderOut)
def read_order(uid: UUID) -> Any:
    """Ordningen i en omgång, och var varje års medel tar slut: som den står, eller som den frystes."""
    row = rounds.read_round(actor(), uid)
    head = {"round": row.uid, "frozen_at": row.frozen_at, "version": row.version}
    hidden = ranking.hidden_in(actor(), row)
    kept = row.frozen or ranking.frozen(ranking.order_in(actor(), row), actor())
    items = [
        {name: one[name] for name in ("position", "application", "number", "title", "organisation", "outcome", "fits")}
        | {"points": None if one["application"] in hidden else one["points"]}
        | {name: _years(one[name]) for name in ("sought", "proposed", "left")}
        for one in kept["rows"]
    ]
    years = {name: _years(kept[name]) for name in ("frames", "above")}
    beside = {"outside": kept.get("outside", []), "elsewhere": [_elsewhere(one) for one in kept.get("elsewhere", ())]}
    return with_etag(head | years | {"items": items} | beside, row.version)


def _line(row: Round) -> dict[str, Any]:
    names = ("uid", "year", "number", "state", "opens_at", "closes_at", "meets_on")
    told = {name: getattr(row, name) for name in names}
    return told | {"programme": row.programme.uid, "open": rounds.is_open(row)}


def _elsewhere(kept: Mapping[str, int]) -> dict[str, int]:
    named = {"round_year": kept["of_year"], "round_number": kept["number"]}
    return named | {"year": kept["year"], "amount": kept["kronor"]}


def _years(amounts: Mapping[str, int]) -> list[dict[str, int]]:
    return [{"year": int(year), "amount": amount} for year, amount in amounts.items()]
