"""One good request for every page and operation of meetings and decisions."""

from uuid import uuid4

from tests.contract.city import OURS
from tests.contract.deciding import application_of, measure_of
from tests.contract.request import Request

CORRECT = "applications:decision:correct"
APPLICATION = {"<uuid:application>": str(application_of(OURS))}
CHANGED, RULED = (303, 409), (303, 409, 422)
"""Answers that show that the rule itself was reached: what waits is not as it has to be for the deed."""
WHY = {"reason": "Fel belopp"}


def _meeting(_world):
    return {"uid": str(uuid4()), "of_round": str(uuid4()), "held_on": "2026-05-01"}


def _decision(_world):
    return {"uid": str(uuid4()), "outcome": "bordlagd", "paragraph": "1"}


def _promise(_world):
    return {"owner": str(uuid4()), "standard": "Hel", "first_after": "1", "every": "12", "cost": "1000"}


def _recorded(world):
    whose = {"meeting": str(world.body_meeting), "application": str(world.waiting)}
    return whose | {"outcome": "bordlagd", "paragraph": "1"}


def _fields(**known):
    return lambda _: known


REQUESTS = (
    Request("GET", "/sammantraden"),
    Request("GET", "/sammantraden/nytt"),
    Request("POST", "/sammantraden/nytt", form=_meeting, okay=(303, 404, 422)),
    Request("GET", "/sammantraden/<uuid:uid>", "body_meeting"),
    Request(
        "POST",
        "/sammantraden/<uuid:uid>/steg/<key>",
        "body_meeting",
        form=_fields(),
        parts={"<key>": "hall"},
        okay=CHANGED,
    ),
    Request("GET", "/sammantraden/<uuid:uid>/beslut/<uuid:application>", "body_meeting", parts=APPLICATION),
    Request(
        "POST",
        "/sammantraden/<uuid:uid>/beslut/<uuid:application>",
        "body_meeting",
        form=_decision,
        parts=APPLICATION,
        okay=RULED,
    ),
    Request(
        "POST",
        "/sammantraden/<uuid:uid>/lofte/<uuid:measure>",
        "body_meeting",
        form=_promise,
        parts={"<uuid:measure>": str(measure_of(OURS))},
        okay=RULED,
    ),
    Request("POST", "/sammantraden/<uuid:uid>/flera", "body_meeting", form=_fields(), okay=CHANGED),
    Request("POST", "/sammantraden/<uuid:uid>/bekrafta", "body_meeting", form=_fields(), okay=CHANGED),
    Request("GET", "/sammantraden/<uuid:uid>/flera", "body_meeting"),
    Request("GET", "/sammantraden/<uuid:uid>/bekrafta", "body_meeting"),
    Request("GET", "/beslut/<uuid:uid>", "grant_decision"),
    Request(
        "POST",
        "/beslut/<uuid:uid>/steg/<key>",
        "grant_decision",
        form=_fields(**WHY),
        parts={"<key>": "begar_rattelse"},
        also=CORRECT,
        okay=CHANGED,
    ),
    Request(
        "POST", "/beslut/<uuid:uid>/mer-tid", "grant_decision", form=_fields(until="2099-01-01", **WHY), okay=RULED
    ),
    Request("GET", "/ansokningar/<uuid:uid>/beslut", "waiting"),
    Request("POST", "/ansokningar/<uuid:uid>/beslut/acceptera", "waiting", form=_fields(), okay=CHANGED),
    Request("POST", "/ansokningar/<uuid:uid>/beslut/avsta", "waiting", form=_fields(**WHY), okay=CHANGED),
    Request("GET", "/api/v1/decision-meetings"),
    Request("GET", "/api/v1/decisions"),
    Request("GET", "/api/v1/decisions/<uuid:uid>", "grant_decision"),
    Request("PUT", "/api/v1/decisions/<uuid:uid>", "new", json=_recorded, okay=(200, 409)),
    Request(
        "POST",
        "/api/v1/decisions/<uuid:uid>/moves",
        "grant_decision",
        json=_fields(move="begar_rattelse", **WHY),
        also=CORRECT,
        okay=(200, 409, 412),
    ),
)
