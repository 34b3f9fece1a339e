"""One good request for every page and operation of rounds, assessing, the order and jäv."""

from uuid import uuid4

from core.db import uid_of
from tests.contract.request import Request

EDIT, ASSIGN = "applications:round:edit", "applications:assessment:assign"
WHY = {"reason": "Därför."}
DAYS = {"opens_on": "2030-01-01", "closes_on": "2030-02-01"}


def _form(**known):
    return lambda _: known


def _round(_):
    return {"uid": str(uuid4()), "programme": str(uid_of("programme TRYGG"))} | DAYS


def _moved(world):
    return {"application": str(world.judged), "to": "1"}


def _jav(_):
    return {"uid": str(uuid4()), "organisation": "kultur"} | WHY


def _assessor(_):
    return {"person": str(uuid4())}


REQUESTS = (
    Request("GET", "/api/v1/rounds"),
    Request("GET", "/api/v1/rounds/<uuid:uid>", "round"),
    Request("GET", "/api/v1/rounds/<uuid:uid>/order", "round"),
    Request("GET", "/omgangar"),
    Request("GET", "/omgangar/ny"),
    Request("POST", "/omgangar/ny", form=_round, okay=(303, 422)),
    Request("GET", "/omgangar/<uuid:uid>", "round"),
    Request("GET", "/omgangar/<uuid:uid>/andra", "round"),
    Request("POST", "/omgangar/<uuid:uid>/andra", "round", form=_form(**DAYS), okay=(303, 409, 422)),
    Request("POST", "/omgangar/<uuid:uid>/tak", "round", form=_form(organisation="idrott"), okay=(303, 409)),
    Request("GET", "/omgangar/<uuid:uid>/ordning", "round"),
    Request("POST", "/omgangar/<uuid:uid>/ordning/flytta", "round", form=_moved, okay=(409,)),
    Request("POST", "/omgangar/<uuid:uid>/ordning/poang", "round", form=_form(), okay=(409,)),
    Request(
        "POST", "/omgangar/<uuid:uid>/steg/<key>", "round", form=_form(), parts={"<key>": "oppna"}, also=EDIT,
        okay=(303, 409),
    ),
    Request("GET", "/ansokningar/<uuid:uid>/bedomning", "judged", okay=(404,)),
    Request("POST", "/ansokningar/<uuid:uid>/bedomning", "judged", form=_form(), okay=(303, 404)),
    Request("GET", "/ansokningar/<uuid:uid>/bedomningar", "judged"),
    Request("POST", "/ansokningar/<uuid:uid>/bedomningar", "judged", form=_assessor, okay=(422,)),
    Request(
        "POST", "/ansokningar/<uuid:uid>/bedomningar/not/<key>", "judged", form=_form(text="Ense."),
        parts={"<key>": "effekt"}, okay=(303, 409),
    ),
    Request("POST", "/ansokningar/<uuid:uid>/bedomningar/forslag", "judged", form=_form(), okay=(303, 409)),
    Request(
        "POST", "/ansokningar/<uuid:uid>/bedomningar/steg/<key>", "judged", form=_form(),
        parts={"<key>": "lamna_forslag"}, okay=(409,),
    ),
    Request(
        "POST", "/bedomningar/<uuid:uid>/steg/<key>", "assessment", form=_form(**WHY), parts={"<key>": "aterkalla"},
        also=ASSIGN, okay=(303, 409),
    ),
    Request("GET", "/jav"),
    Request("POST", "/jav", form=_jav),
    Request("POST", "/jav/<uuid:uid>/avsluta", "partiality", form=_form(**WHY), okay=(303, 404)),
)  # fmt: skip
