"""Decisions about applications, in the API: read, recorded by one, confirmed by another."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from core.applications.models import DECIDE, DECISION_READ, ROUND_READ
from core.applications.schemas.deciding import (
    DecisionMove,
    DecisionOut,
    DecisionPage,
    DecisionQuery,
    MeetingPage,
    MeetingQuery,
    NewDecision,
)
from core.applications.services import deciding, decisions, meetings
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place

api = Api("decisions-api", __name__, description="Beslut om ansökningar om medel.")


@api.route("/decision-meetings", methods=["GET"], needs=ROUND_READ)
@api.asks(MeetingQuery)
@api.response(200, MeetingPage)
def list_meetings(asked: dict[str, Any]) -> Any:
    """Sammanträden där ansökningar beslutas, det senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), date.fromisoformat, int)
    found = meetings.list_meetings(actor(), after=after)
    return {
        "items": [
            {
                "uid": row.uid,
                "held_on": row.held_on,
                "body": row.organisation.name,
                "programme": row.programme.code,
                "round": row.round.uid if row.round else None,
                "diary": row.diary,
                "adjusted_on": row.adjusted_on,
                "state": row.state,
                "decisions": n,
                "waiting": waits,
            }
            for row, n, waits in found.rows
        ],
        "next": mark(found.after),
    }


@api.route("/decisions", methods=["GET"], needs=DECISION_READ)
@api.asks(DecisionQuery)
@api.response(200, DecisionPage)
def list_decisions(asked: dict[str, Any]) -> Any:
    """Beslut om ansökningar, det senast inskrivna först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    wish = decisions.Wish(asked["state"], asked["meeting"], asked["application"])
    found = decisions.list_decisions(actor(), wish, after=after)
    amounts = decisions.amounts_of(found.rows)
    return {"items": [decisions.as_json(row, amounts[row.id]) for row in found.rows], "next": mark(found.after)}


@api.route("/decisions/<uuid:uid>", methods=["GET"], needs=DECISION_READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, DecisionOut)
def read_decision(uid: UUID) -> Any:
    """Ett beslut, med belopp per år, motiv, villkor och protokollsuppgifter."""
    return _whole(uid)


@api.route("/decisions/<uuid:uid>", methods=["PUT"], needs=DECIDE)
@api.reads(NewDecision)
@api.response(200, DecisionOut)
def record_decision(known: dict[str, Any], uid: UUID) -> Any:
    """Skriv in vad ett sammanträde beslutade. Samma innehåll igen ger samma beslut. En annan person bekräftar."""
    amounts: dict[int, int] = {}
    for one in known.pop("amounts"):
        amounts[one["year"]] = amounts.get(one["year"], 0) + one["kronor"]
    row = deciding.record(actor(), uid=uid, amounts=amounts, **known)
    return _whole(row.uid)


@api.route("/decisions/<uuid:uid>/moves", methods=["POST"], needs=DECISION_READ)
@api.doc(**{"x-version": "changes"})
@api.reads(DecisionMove)
@api.response(200, DecisionOut)
def move_decision(known: dict[str, Any], uid: UUID) -> Any:
    """Bekräfta ett beslut, ta tillbaka det, eller rätta det som är fel inskrivet. Rättelse tar två personer."""
    deciding.move_decision(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    return _whole(uid)


def _whole(uid: UUID) -> Any:
    row = decisions.read_decision(actor(), uid)
    return with_etag(decisions.as_json(row, decisions.amounts_of([row])[row.id]), row.version)
