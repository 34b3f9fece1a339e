"""One good request for every page and operation of works."""

from uuid import uuid4

from tests.contract.city import ROUTING_RULE
from tests.contract.request import Request

PHOTO, ORDER = "<uuid:photo>", "<uuid:order>"
VISIT, DEVIATION = "<uuid:visit>", "<uuid:deviation>"
TIMES = {"priority": "p3", "fix": "9", "fix_clock": "working_days", "source": "Avtal", "reason": "Nytt avtal."}

RULE = {"rank": "5", "words": "", "kind": "", "place_kind": "", "place_role": "", "priority": "p3", "source": "Beslut"}
ONE_RULE, ROUTING = "/admin/fordelning/<uuid:uid>", {"<uuid:uid>": str(ROUTING_RULE)}


def _contract(world):
    dates = {"valid_from": "2026-01-01", "valid_to": "2030-12-31"}
    known = {"title": "Nytt avtal", "contractor": str(world.contractor), "form": "drift"}
    return known | dates | {"organisation": world.board}


def _contract_form(world):
    numbers = {"controls_per_month": "0", "control_minutes": "0", "interest_months": "24", "warranty_months": "0"}
    return _contract(world) | numbers | {"uid": str(uuid4())}


def _changed_form(world):
    return {name: value for name, value in _contract_form(world).items() if name not in ("uid", "organisation")}


def _order(world):
    return {"title": "Laga bänken", "priority": "p3", "contract": str(world.contract)}


def _order_form(world):
    return _order(world) | {"uid": str(uuid4())}


def _part(_world):
    return {"uid": str(uuid4()), "title": "Måla", "priority": "p3"}


def _plan(world):
    numbers = {"lead_days": "7", "reach_days": "7", "basis": "planerad"}
    known = {"uid": str(uuid4()), "title": "Klippa", "contract": str(world.contract), "often": "FREQ=WEEKLY"}
    return known | numbers | {"starts_on": "2099-04-01"}


def _plan_in(world):
    return {"title": "Klippa", "contract": str(world.contract), "rrule": "FREQ=WEEKLY", "starts_on": "2099-04-01"}


def _changed_plan(world):
    gone = ("uid", "contract", "starts_on")
    return {name: value for name, value in _plan(world).items() if name not in gone}


DONE = {"done_on": "2026-01-01", "minutes": 30, "result": "utan_anmarkning"}
VISITED = {"done_on": "2026-01-01", "minutes": "30", "result": "utan_anmarkning"}
INSPECTED = {"inspected_on": "2026-01-01", "result": "utan_anmarkning"}


def _work_form(_world):
    return {"uid": str(uuid4()), "priority": "p3", "contract": "egen"}


REQUESTS = (
    Request("GET", "/api/v1/contracts"),
    Request("GET", "/api/v1/contracts/<uuid:uid>", "contract"),
    Request("PUT", "/api/v1/contracts/<uuid:uid>", "new", json=_contract, beyond=422),
    Request("GET", "/api/v1/orders"),
    Request("GET", "/api/v1/orders/<uuid:uid>.geojson", "order"),
    Request("GET", "/api/v1/orders/<uuid:uid>", "order"),
    Request("PUT", "/api/v1/orders/<uuid:uid>", "new", json=_order, beyond=422),
    Request(
        "PUT", f"/api/v1/orders/<uuid:uid>/photos/{PHOTO}", "order",
        json=lambda _: {"role": "fore"}, parts={PHOTO: str(uuid4())}, also="works:order:read", okay=(201, 409),
    ),
    # The contractor acknowledges it.
    Request(
        "POST", "/api/v1/orders/<uuid:uid>/moves", "order",
        json=lambda _: {"move": "aterkalla", "reason": "Behövs inte."}, also="works:order:make", okay=(200, 412),
    ),
    # What nobody has been sent cannot be ordered yet.
    Request(
        "PUT", f"/api/v1/observations/<uuid:uid>/orders/{ORDER}", "observation",
        json=lambda _: {}, parts={ORDER: str(uuid4())}, also="walks:observation:answer", okay=(409, 412),
    ),
    Request("GET", "/iakttagelser/<uuid:uid>/bestall", "graffiti"),
    Request("POST", "/iakttagelser/<uuid:uid>/bestall", "graffiti", form=_work_form, okay=(409,)),
    Request("GET", "/arbeten"),
    Request("GET", "/arbeten/rapport"),
    Request("GET", "/arbeten/ny"),
    Request("POST", "/arbeten/ny", form=_order_form),
    Request("GET", "/arbeten/<uuid:uid>", "order"),
    Request("POST", "/arbeten/<uuid:uid>/paminn", "order", form=lambda _: {}, okay=(303, 409)),
    Request(
        "POST", "/arbeten/<uuid:uid>/prioritet", "order",
        form=lambda _: {"priority": "p1", "reason": "Mörkt."}, okay=(303, 409),
    ),
    Request("POST", "/arbeten/<uuid:uid>/delar", "order", form=_part, okay=(303, 409)),
    Request(
        "POST", "/arbeten/<uuid:uid>/steg/<key>", "order",
        form=lambda _: {"reason": "Behövs inte."}, also="works:order:make", parts={"<key>": "aterkalla"},
        okay=(303, 409),
    ),
    Request(
        "POST", "/arbeten/<uuid:uid>/foto", "order",
        form=lambda _: {"role": "fore"}, also="works:order:read", okay=(422,),
    ),
    Request("GET", "/avtal"),
    Request("GET", "/avtal/nytt"),
    Request("POST", "/avtal/nytt", form=_contract_form),
    Request("GET", "/avtal/<uuid:uid>", "contract"),
    Request("GET", "/avtal/<uuid:uid>/andra", "contract"),
    Request("POST", "/avtal/<uuid:uid>/andra", "contract", form=_changed_form, okay=(303, 409)),
    Request("POST", "/avtal/<uuid:uid>/tidskrav", "contract", form=lambda _: TIMES),
    Request(
        "POST", "/avtal/<uuid:uid>/viten", "contract",
        form=lambda _: {"leg": "fix", "per": "dygn", "amount": "1000", "source": "AFD.51"},
    ),
    Request(
        "POST", "/avtal/viten/<uuid:uid>/avsluta", "penalty_rule",
        form=lambda _: {"reason": "Omförhandlat."}, okay=(303, 409),
    ),
    Request(
        "POST", "/avtal/<uuid:uid>/underentreprenorer", "contract",
        form=lambda _: {"name": "Lampor AB", "number": "556000-0000", "approved_on": "2026-01-01"},
    ),
    Request("GET", "/api/v1/penalties"),
    Request("GET", "/api/v1/penalties/<uuid:uid>", "penalty"),
    Request(
        "POST", "/api/v1/penalties/<uuid:uid>/moves", "penalty",
        json=lambda _: {"move": "bekrafta"}, also="works:penalty:confirm",
    ),
    Request("GET", "/api/v1/plans"),
    Request("GET", "/api/v1/plans/<uuid:uid>", "plan"),
    Request("PUT", "/api/v1/plans/<uuid:uid>", "new", json=_plan_in, beyond=422),
    Request("PATCH", "/api/v1/plans/<uuid:uid>", "plan", json=lambda _: {"lead_days": 14}, okay=(200, 412)),
    Request(
        "POST", "/api/v1/plans/<uuid:uid>/end", "plan", json=lambda _: {"reason": "Behövs inte."}, okay=(200, 412),
    ),
    Request("GET", "/api/v1/contracts/<uuid:uid>/visits", "contract"),
    Request(
        "PUT", f"/api/v1/contracts/<uuid:uid>/visits/{VISIT}", "contract",
        json=lambda _: {"planned_on": "2099-01-01"}, parts={VISIT: str(uuid4())}, okay=(201, 409),
    ),
    Request("GET", "/api/v1/visits/<uuid:uid>", "visit"),
    Request("POST", "/api/v1/visits/<uuid:uid>/result", "visit", json=lambda _: DONE, okay=(200, 409, 412)),
    Request("GET", "/api/v1/contracts/<uuid:uid>/deviations", "contract"),
    Request(
        "PUT", f"/api/v1/contracts/<uuid:uid>/deviations/{DEVIATION}", "contract",
        json=lambda _: {"what": "Skräp.", "found_on": "2026-01-01"}, parts={DEVIATION: str(uuid4())}, okay=(201, 409),
    ),
    Request("GET", "/api/v1/deviations/<uuid:uid>", "deviation"),
    Request(
        "POST", "/api/v1/deviations/<uuid:uid>/moves", "deviation",
        json=lambda _: {"move": "stang", "reason": "Klart."}, also="works:deviation:note", okay=(200, 409, 412),
    ),
    Request("GET", "/viten"),
    Request("GET", "/viten/<uuid:uid>", "penalty"),
    Request(
        "POST", "/viten/<uuid:uid>/steg/<key>", "penalty",
        form=lambda _: {"reason": ""}, also="works:penalty:confirm", parts={"<key>": "bekrafta"}, okay=(303, 409),
    ),
    Request("GET", "/avtal/<uuid:uid>/kontroll", "contract"),
    Request(
        "POST", "/avtal/<uuid:uid>/kontroll", "contract",
        form=lambda _: {"uid": str(uuid4()), "planned_on": "2099-01-01"},
    ),
    Request("POST", "/kontroller/<uuid:uid>", "visit", form=lambda _: VISITED, okay=(303, 409)),
    Request(
        "POST", "/avtal/<uuid:uid>/avvikelser", "contract",
        form=lambda _: {"uid": str(uuid4()), "what": "Skräp.", "found_on": "2026-01-01"},
    ),
    Request(
        "POST", "/avvikelser/<uuid:uid>/steg/<key>", "deviation",
        form=lambda _: {"reason": "Klart."}, also="works:deviation:note", parts={"<key>": "stang"}, okay=(303, 409),
    ),
    # The contract has no penalty for deviations.
    Request(
        "POST", "/avvikelser/<uuid:uid>/vite", "deviation",
        form=lambda _: {"rule": str(uuid4())}, okay=(422,),
    ),
    Request("POST", "/garantier/<uuid:uid>", "warranty", form=lambda _: INSPECTED, okay=(303, 409)),
    Request("GET", "/skotselplaner"),
    Request("GET", "/skotselplaner/ny"),
    Request("POST", "/skotselplaner/ny", form=_plan),
    Request("GET", "/skotselplaner/<uuid:uid>", "plan"),
    Request("GET", "/skotselplaner/<uuid:uid>/andra", "plan"),
    Request("POST", "/skotselplaner/<uuid:uid>/andra", "plan", form=_changed_plan, okay=(303, 409)),
    Request(
        "POST", "/skotselplaner/<uuid:uid>/avsluta", "plan",
        form=lambda _: {"reason": "Behövs inte."}, okay=(303, 409),
    ),
    Request("GET", "/tidskrav"),
    Request("GET", "/admin/fordelning"),
    Request("POST", "/admin/fordelning", form=lambda _: RULE | {"uid": str(uuid4())}),
    Request("POST", "/admin/fordelning/prova", form=lambda _: {"text": "Öppen lucka."}),
    Request("GET", ONE_RULE, parts=ROUTING),
    Request(
        "POST", ONE_RULE, form=lambda _: RULE | {"new": str(uuid4()), "reason": "Ny ordning."}, parts=ROUTING,
        okay=(303, 422),
    ),
    Request("POST", f"{ONE_RULE}/avsluta", form=lambda _: {"reason": "Behövs inte."}, parts=ROUTING, okay=(303, 422)),
    Request("GET", "/admin/svar"),
    Request("GET", "/admin/svar/<step>", parts={"<step>": "pausa"}),
    Request(
        "POST", "/admin/svar/<step>", form=lambda _: {"text": "Vi väntar.", "reason": "Kortare."},
        parts={"<step>": "pausa"}, okay=(303, 422),
    ),
    Request(
        "POST", "/admin/svar/<step>/avsluta", form=lambda _: {"reason": "Behövs inte."},
        parts={"<step>": "borja"}, okay=(422,),
    ),
    Request("POST", "/tidskrav", form=lambda _: TIMES),
    Request("GET", "/jag/jav"),
    Request("POST", "/jag/jav/<uuid:uid>/avsluta", "contract", form=lambda _: {}, okay=(404,)),
    Request("POST", "/jag/jav", form=lambda w: {"contractor": str(w.contractor), "reason": "Släkt."}),
)  # fmt: skip
