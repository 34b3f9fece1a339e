"""Lifts to the central level, and the library of methods, in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.cooperation.models import LIFT_MAKE, LIFT_READ
from core.cooperation.schemas.consulting import MethodList, MethodQuery
from core.cooperation.schemas.lifts import LiftMove, LiftOut, LiftPage, LiftQuery, NewLift
from core.cooperation.services import library, lifts
from core.cooperation.services.library import METHOD_READ
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place

api = Api("lifts-api", __name__, description="Det som lyfts till central nivå, och metodbiblioteket.")


@api.route("/lifts", methods=["GET"], needs=LIFT_READ)
@api.asks(LiftQuery)
@api.response(200, LiftPage)
def list_lifts(asked: dict[str, Any]) -> Any:
    """Det som är lyft till central nivå, det senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = lifts.list_lifts(actor(), lifts.Wish(asked["which"], asked["kind"]), after=after)
    return {"items": [_line(one) for one in found.rows], "next": mark(found.after)}


@api.route("/lifts/<uuid:uid>", methods=["GET"], needs=LIFT_READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, LiftOut)
def read_lift(uid: UUID) -> Any:
    """Ett lyft, med svar och beslut."""
    return _whole(lifts.read(actor(), uid))


@api.route("/lifts/<uuid:uid>", methods=["PUT"], needs=LIFT_MAKE)
@api.reads(NewLift)
@api.response(200, LiftOut)
def make_lift(known: dict[str, Any], uid: UUID) -> Any:
    """Lyft något från en samverkan, ett mål, en åtgärd eller en plats. Samma innehåll igen ger samma lyft."""
    lifts.make(actor(), uid=uid, **known)
    return _whole(lifts.read(actor(), uid))


@api.route("/lifts/<uuid:uid>/moves", methods=["POST"], needs=LIFT_READ)
@api.doc(**{"x-version": "changes"})
@api.reads(LiftMove)
@api.response(200, LiftOut)
def move_lift(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett lyft vidare: börja handlägga, be om mer, besvara, komplettera, återkalla. `decision` hör till svaret."""
    words = {"reason": known["reason"], "decision": known["decision"]}
    lifts.move(actor(), uid, known["move"], version=expected_version(), **words)
    return _whole(lifts.read(actor(), uid))


@api.route("/methods", methods=["GET"], needs=METHOD_READ)
@api.asks(MethodQuery)
@api.response(200, MethodList)
def list_methods(asked: dict[str, Any]) -> Any:
    """Metodbiblioteket: metoder som används i dag, med stöd, källa och vilka orsaker de är mot."""
    names = ("uid", "name", "what", "approach", "grade", "source", "valid_from", "valid_to")
    return {
        "items": [
            {name: getattr(one.method, name) for name in names}
            | {"fits": [{"side": side, "causal_level": level} for side, level in one.fits]}
            for one in library.list_methods(actor(), side=asked["side"])
        ]
    }


def _line(one: lifts.Line) -> dict[str, Any]:
    names = ("uid", "number", "kind", "title", "state", "lifted_at", "decision")
    told = {name: getattr(one.lift, name) for name in names}
    return told | {"organisation": one.lift.organisation.uid, "due_on": one.due_on, "late": one.late}


def _whole(one: lifts.Line) -> Any:
    row = one.lift
    names = ("what", "since_on", "tried", "asked", "answer", "answered_at", "version")
    linked = {name: getattr(row, name).uid if getattr(row, name) else None for name in ("cycle", "goal", "measure")}
    told = _line(one) | {name: getattr(row, name) for name in names} | linked
    return with_etag(told | {"place": row.place.uid if row.place else None}, row.version)
