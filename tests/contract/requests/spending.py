"""One good request for every page of a grant that is carried out, and of what is asked about its money."""

from uuid import uuid4

from core import clock
from tests.contract.request import Request

HERE = "/ansokningar/<uuid:uid>/genomforande"
WHY = {"reason": "Blev annorlunda."}


def _claim(_):
    return {"uid": str(uuid4()), "year": "2027", "amount": "1000", "what": "Lyktor"}


def _decided(_):
    return {"decided_on": clock.today().isoformat()}


def _about(**facts):
    return lambda world: facts | {"application": str(world.granted)}


LATER = {"from_year": 2027, "to_year": 2028, "amount": 1000, "cause": "leverans", "new_completion": "2028-06-01"}
LATER |= {"reason": "Dröjer till våren."}

REQUESTS = (
    Request("GET", HERE, "granted"),
    Request(
        "POST", f"{HERE}/<what>", "granted", form=_claim, parts={"<what>": "rekvisition"}, also="followup:claim:write"
    ),
    Request("POST", f"{HERE}/projekt", "granted", form=lambda _: {"budget_reference": "KSU § 7"}),
    Request(
        "POST",
        f"{HERE}/steg/<key>",
        "granted",
        form=lambda _: WHY,
        parts={"<key>": "pausa"},
        also="applications:application:write",
        okay=(303, 409),
    ),
    Request(
        "POST",
        "/ansokningar/<uuid:uid>/milstolpar/<uuid:milestone>",
        "granted",
        form=lambda _: {"done_on": clock.today().isoformat()},
        parts={"<uuid:milestone>": str(uuid4())},
        okay=(303, 404, 409),
    ),
    Request(
        "POST",
        "/ansokningar/<uuid:uid>/atgarder/<uuid:measure>/klart",
        "granted",
        form=lambda _: {"done": "50"},
        parts={"<uuid:measure>": str(uuid4())},
        okay=(303, 404, 409),
    ),
    Request("GET", "/rekvisitioner"),
    Request("GET", "/rekvisitioner/<uuid:uid>", "claim"),
    Request(
        "POST",
        "/rekvisitioner/<uuid:uid>",
        "claim",
        form=lambda _: {"year": "2027", "amount": "2000", "what": "Lyktor"},
    ),
    Request(
        "POST",
        "/rekvisitioner/<uuid:uid>/steg/<key>",
        "claim",
        form=lambda _: {},
        parts={"<key>": "skicka"},
        also="followup:claim:write",
        okay=(303, 409),
    ),
    Request("GET", "/rekvisitioner/ekonomifiler"),
    Request("POST", "/rekvisitioner/ekonomifiler", form=lambda _: {"uid": str(uuid4())}, okay=(303, 409)),
    Request("GET", "/rekvisitioner/ekonomifiler/<uuid:uid>.csv", "finance_file"),
    Request("GET", "/api/v1/finance-files"),
    Request("PUT", "/api/v1/finance-files/<uuid:uid>", "new", json=lambda _: {}, okay=(201, 409)),
    Request("GET", "/api/v1/finance-files/<uuid:uid>", "finance_file"),
    Request("GET", "/api/v1/finance-files/<uuid:uid>.csv", "finance_file"),
    Request("GET", "/uppfoljning"),
    Request("GET", "/api/v1/claims"),
    Request("PUT", "/api/v1/claims/<uuid:uid>", "new", json=_about(year=2027, amount=1000, what="Lyktor")),
    Request("GET", "/api/v1/claims/<uuid:uid>", "claim"),
    Request(
        "PATCH",
        "/api/v1/claims/<uuid:uid>",
        "claim",
        json=lambda _: {"year": 2027, "amount": 2000, "what": "Lyktor"},
        okay=(200, 409, 412),
    ),
    Request(
        "POST",
        "/api/v1/claims/<uuid:uid>/moves",
        "claim",
        json=lambda _: {"move": "skicka"},
        also="followup:claim:write",
        okay=(200, 409, 412),
    ),
    Request("GET", "/api/v1/carry-overs"),
    Request("PUT", "/api/v1/carry-overs/<uuid:uid>", "new", json=_about(**LATER)),
    Request("GET", "/api/v1/carry-overs/<uuid:uid>", "carry_over"),
    Request(
        "POST",
        "/api/v1/carry-overs/<uuid:uid>/moves",
        "carry_over",
        json=lambda _: {"move": "aterkalla"} | WHY,
        also="followup:move:ask",
        okay=(200, 409, 412),
    ),
    Request("GET", "/api/v1/reallocations"),
    Request(
        "PUT",
        "/api/v1/reallocations/<uuid:uid>",
        "new",
        json=_about(year=2027, amount=1000, reason="Blev billigare."),
        okay=(422,),
    ),
    Request("GET", "/api/v1/reallocations/<uuid:uid>", "reallocation"),
    Request(
        "POST",
        "/api/v1/reallocations/<uuid:uid>/moves",
        "reallocation",
        json=lambda _: {"move": "aterkalla"} | WHY,
        also="followup:move:ask",
        okay=(200, 409, 412),
    ),
    Request("GET", "/api/v1/hand-backs"),
    Request("PUT", "/api/v1/hand-backs/<uuid:uid>", "new", json=_about(year=2027, amount=1000, reason="Blev över.")),
    Request("GET", "/api/v1/hand-backs/<uuid:uid>", "handed_back"),
    Request("GET", "/api/v1/forecasts"),
    Request(
        "PUT",
        "/api/v1/forecasts/<uuid:uid>",
        "new",
        json=_about(year=2027, amount=1000, period="t1"),
        okay=(201, 409),
    ),
    Request("GET", "/api/v1/forecasts/<uuid:uid>", "foreseen"),
    Request("GET", "/uppfoljning/ombudgetering"),
    Request("GET", "/ombudgetering/<uuid:uid>", "carry_over"),
    Request("POST", "/ombudgetering/<uuid:uid>/yttrande", "carry_over", form=lambda _: {"opinion": "Tillstyrks."}),
    Request(
        "POST",
        "/ombudgetering/<uuid:uid>/beslut",
        "carry_over",
        form=lambda world: _decided(world) | {"granted": "ja", "paragraph": "§ 4"},
        okay=(303, 409),
    ),
    Request("POST", "/ombudgetering/<uuid:uid>/bekrafta", "carry_over", form=lambda _: {}, okay=(303, 409)),
    Request(
        "POST",
        "/ombudgetering/<uuid:uid>/steg/<key>",
        "carry_over",
        form=lambda _: WHY,
        parts={"<key>": "aterkalla"},
        also="followup:move:ask",
        okay=(303, 409),
    ),
    Request("GET", "/uppfoljning/omdisponering"),
    Request("GET", "/omdisponering/<uuid:uid>", "reallocation"),
    Request(
        "POST",
        "/omdisponering/<uuid:uid>/steg/<key>",
        "reallocation",
        form=lambda _: WHY,
        parts={"<key>": "aterkalla"},
        also="followup:move:ask",
        okay=(303, 409),
    ),
)
