"""One good request for every page and operation of agreements."""

from uuid import uuid4

from tests.contract.request import Request

LEAD = "agreements:agreement:lead"
DAY = "2026-01-01"
WHY = {"reason": "Därför."}
PART = {"mandate": "Chef"}
CHANGED = (303, 409)


def _new(**known):
    return lambda _: {"uid": str(uuid4())} | known


def _form(**known):
    return lambda _: known


def _collaboration(world):
    where = {"organisation": world.board, "places": str(world.place), "mandate": "Chef", "started_on": DAY}
    return {"uid": str(uuid4()), "name": "En till", "meeting_weeks": "4"} | where


def _changed(world):
    return {"name": "Nytt", "places": str(world.place), "meeting_weeks": "4", "system": "sweref99tm"}


def _joins(world):
    return {"organisation": str(world.contractor), "role": "referens"} | PART


def _commitment(world):
    facts = {"kind": "narvaro", "what": "Gå runt", "starts_on": DAY, "rrule": "FREQ=WEEKLY"}
    return {"uid": str(uuid4()), "organisation": str(world.contractor)} | facts


def _agreement(world):
    return {"uid": str(uuid4()), "kind": "plats", "title": "Ny", "organisation": world.board} | PART


def _council(world):
    known = {"name": "Rådet", "organisation": world.board, "function": "Chef", "started_on": DAY}
    return {"uid": str(uuid4()), "meeting_weeks": "13"} | known


def _check(world):
    asked = dict.fromkeys(("styrelse", "oppenhet", "likavarde", "vald", "lag", "insyn"), "ja")
    known = {"organisation": str(world.contractor), "occasion": "stod", "by": world.board, "function": "Chef"}
    return {"uid": str(uuid4()), "checked_on": DAY, "result": "uppfyller"} | asked | known


def _step(rule, thing, key, form=WHY, okay=CHANGED, **more):
    return Request("POST", rule, thing, form=lambda _: form, parts={"<key>": key}, okay=okay, **more)


OWN_PART = {"also": LEAD, "okay": CHANGED}
"""Of the second party: changed by who leads."""

REQUESTS = (
    Request("GET", "/api/v1/collaborations"),
    Request("GET", "/api/v1/collaborations/<uuid:uid>", "collaboration"),
    Request("GET", "/api/v1/agreements"),
    Request("GET", "/api/v1/agreements/<uuid:uid>", "agreement"),
    Request(
        "POST",
        "/api/v1/agreements/<uuid:uid>/moves",
        "agreement",
        json=lambda _: {"move": "skicka_pa_remiss"},
        okay=(409, 412),
    ),
    Request("GET", "/api/v1/cooperation-coverage"),
    Request("GET", "/platssamverkan/tackning"),
    Request("GET", "/platssamverkan"),
    Request("GET", "/platssamverkan/ny"),
    Request("POST", "/platssamverkan/ny", form=_collaboration, okay=(303, 422)),
    Request("GET", "/platssamverkan/<uuid:uid>", "collaboration"),
    Request("GET", "/platssamverkan/<uuid:uid>/andra", "collaboration"),
    Request("POST", "/platssamverkan/<uuid:uid>/andra", "collaboration", form=_changed, okay=CHANGED),
    _step("/platssamverkan/<uuid:uid>/steg/<key>", "collaboration", "kartlagg", {}),
    Request("POST", "/platssamverkan/<uuid:uid>/parter", "collaboration", form=_joins, okay=(303, 422)),
    Request("POST", "/platssamverkan/parter/<uuid:uid>", "collaboration_party", form=_form(**PART), **OWN_PART),
    Request("POST", "/platssamverkan/parter/<uuid:uid>/lamna", "collaboration_party", form=_form(**WHY), **OWN_PART),
    Request("POST", "/platssamverkan/<uuid:uid>/grupper", "collaboration", form=_new(kind="arbetsgrupp", name="Ljus")),
    Request(
        "POST", "/platssamverkan/grupper/<uuid:uid>", "group", form=_form(kind="styrgrupp", name="Ny"), okay=CHANGED
    ),
    Request("POST", "/platssamverkan/<uuid:uid>/moten", "collaboration", form=_new(held_at="2099-05-01 10.00")),
    Request("GET", "/moten/<uuid:uid>", "meeting"),
    Request("POST", "/moten/<uuid:uid>", "meeting", form=_form(held_at="2099-05-01 10.00"), okay=CHANGED),
    Request("POST", "/moten/<uuid:uid>/beslut", "meeting", form=_new(text="Vi fortsätter.")),
    _step("/moten/beslut/<uuid:uid>/steg/<key>", "decision", "gor", okay=CHANGED),
    _step("/moten/<uuid:uid>/steg/<key>", "meeting", "stalla_in", okay=CHANGED),
    Request("POST", "/platssamverkan/<uuid:uid>/ataganden", "collaboration", form=_commitment, okay=(303, 422)),
    Request("GET", "/ataganden/<uuid:uid>", "commitment"),
    _step("/ataganden/<uuid:uid>/steg/<key>", "commitment", "avsluta", okay=CHANGED),
    Request("POST", "/ataganden/tillfallen/<uuid:uid>", "commitment_time", form=_form(kept="ja"), okay=(303, 404, 409)),
    Request("GET", "/overenskommelser"),
    Request("GET", "/overenskommelser/ny"),
    Request("POST", "/overenskommelser/ny", form=_agreement, okay=(303, 422)),
    Request("GET", "/overenskommelser/<uuid:uid>", "agreement"),
    Request("GET", "/overenskommelser/<uuid:uid>/andra", "agreement"),
    Request("POST", "/overenskommelser/<uuid:uid>/andra", "agreement", form=_form(title="Nytt"), okay=CHANGED),
    Request("GET", "/overenskommelser/<uuid:uid>/kapitel/<int:number>", "agreement", parts={"<int:number>": "4"}),
    Request(
        "POST",
        "/overenskommelser/<uuid:uid>/kapitel/<int:number>",
        "agreement",
        form=_form(text="Ljust."),
        parts={"<int:number>": "4"},
        okay=CHANGED,
    ),
    _step("/overenskommelser/<uuid:uid>/steg/<key>", "agreement", "skicka_pa_remiss", {}, okay=(409,)),
    Request("POST", "/overenskommelser/<uuid:uid>/prioriterade", "agreement", form=_new(title="Ljus")),
    Request("POST", "/overenskommelser/<uuid:uid>/oversyn", "agreement", form=_form(result="Bra."), okay=(409,)),
    Request("POST", "/overenskommelser/<uuid:uid>/nasta", "agreement", form=_new(), okay=(409,)),
    Request("POST", "/overenskommelser/<uuid:uid>/parter", "agreement", form=_joins, okay=(303, 422)),
    Request("POST", "/overenskommelser/<uuid:uid>/ataganden", "agreement", form=_commitment, okay=(303, 422)),
    Request("POST", "/overenskommelser/parter/<uuid:uid>", "agreement_party", form=_form(**PART), **OWN_PART),
    Request(
        "POST", "/overenskommelser/parter/<uuid:uid>/svar", "agreement_party", form=_form(text="Bra."), okay=(409,)
    ),
    Request(
        "POST",
        "/overenskommelser/parter/<uuid:uid>/underskrift",
        "agreement_party",
        form=_form(by="Chef", on=DAY, how="inskannad", reference="D 1"),
        okay=(409,),
    ),
    Request("POST", "/overenskommelser/parter/<uuid:uid>/lamna", "agreement_party", form=_form(**WHY), **OWN_PART),
    Request("GET", "/lokala-rad"),
    Request("GET", "/lokala-rad/nytt"),
    Request("POST", "/lokala-rad/nytt", form=_council, okay=(303, 422)),
    Request("GET", "/lokala-rad/<uuid:uid>", "council"),
    Request("GET", "/lokala-rad/<uuid:uid>/andra", "council"),
    Request(
        "POST", "/lokala-rad/<uuid:uid>/andra", "council", form=_form(name="Nytt", meeting_weeks="9"), okay=CHANGED
    ),
    _step("/lokala-rad/<uuid:uid>/steg/<key>", "council", "borja", {}, okay=(409,)),
    Request(
        "POST",
        "/lokala-rad/<uuid:uid>/ledamoter",
        "council",
        form=lambda world: {"organisation": str(world.contractor), "function": "Chef"},
        okay=(303, 422),
    ),
    Request("POST", "/lokala-rad/ledamoter/<uuid:uid>", "member", form=_form(function="Rektor"), **OWN_PART),
    Request("POST", "/lokala-rad/ledamoter/<uuid:uid>/lamna", "member", form=_form(**WHY), **OWN_PART),
    Request("POST", "/lokala-rad/<uuid:uid>/arsplan", "council", form=_form(year="2026", text="Möten"), okay=CHANGED),
    Request("POST", "/lokala-rad/<uuid:uid>/moten", "council", form=_new(held_at="2099-05-01 10.00")),
    Request("GET", "/demokrativillkor"),
    Request("GET", "/demokrativillkor/ny"),
    Request("POST", "/demokrativillkor/ny", form=_check, okay=(303, 422)),
    Request("GET", "/demokrativillkor/<uuid:uid>", "check"),
)
