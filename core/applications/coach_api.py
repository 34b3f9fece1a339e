"""The coach and the steps of applications, in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.applications.coach import READY, Missing
from core.applications.models import READ
from core.applications.schemas.coach import CoachOut
from core.applications.schemas.moving import ApplicationMove, MovedApplicationOut
from core.applications.services import applications, coach, moving, neighbours
from core.applications.services.held import read_held
from core.http import Api, actor, expected_version, with_etag

api = Api("applications-coach-api", __name__, description="Ansökningar: coachen och stegen.")

SAID = ("decided_on", "paragraph", "at_once", "diary_own", "diary_city", "registered")
"""What a step may say beside why."""


@api.route("/applications/<uuid:uid>/coach", methods=["GET"], needs=READ)
@api.response(200, CoachOut)
def read_coach(uid: UUID) -> Any:
    """Hur långt en ansökan har kommit, vad som saknas och varför, och vad som har prövats i närheten."""
    found = applications.read_application(actor(), uid)
    held = read_held(found)
    told, memory = coach.read_coach(actor(), found, held), neighbours.remembered(actor(), found, held)
    tried = [(one, True) for one in memory.near] + [(one, False) for one in memory.similar]
    names = ("uid", "number", "title", "board", "year", "granted", "effect")
    return {
        "percent": told.percent,
        "ready_at": READY,
        "met": len(told.met),
        "applicable": told.applicable,
        "missing": [_lack(one) for one in told.missing],
        "advice": [_lack(one) for one in told.advice],
        "tried": [
            {name: getattr(one, name) for name in names} | {"near": near, "measures": list(one.measures)}
            for one, near in tried
        ],
    }


def _lack(one: Missing) -> dict[str, Any]:
    known = {name: getattr(one.rule, name) for name in ("key", "part", "why", "weight", "blocking")}
    return known | {"field": one.lack.field, "text": one.lack.text}


@api.route("/applications/<uuid:uid>/moves", methods=["POST"], needs=READ)
@api.doc(**{"x-version": "changes"})
@api.reads(ApplicationMove)
@api.response(200, MovedApplicationOut)
def move_application(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett steg med en ansökan. Ett steg som inte går ger 409 med allt som hindrar, var för sig med sin del."""
    facts: dict[str, Any] = {name: known[name] for name in SAID}
    found = moving.take_step(
        actor(),
        uid,
        known["move"],
        reason=known["reason"],
        version=expected_version(),
        parts={one["part"]: one["text"] for one in known["parts"]},
        reply_by=known["reply_by"],
        **facts,
    )
    names = ("uid", "number", "state", "version", "submitted_at", "decided_on", "reply_by")
    return with_etag({name: getattr(found, name) for name in names}, found.version)
