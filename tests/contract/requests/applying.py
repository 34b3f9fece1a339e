"""One good request for every page and operation of writing an application."""

from uuid import uuid4

from core.applications.parts import PARTS
from core.db import uid_of
from tests.contract.request import Request

KEY = f"<any({', '.join(PARTS)}):key>"
HERE = f"/ansokningar/<uuid:uid>/{KEY}"
KIND = "<any(underlag, atgarder, milstolpar, kostnader, komponenter, finansiering):kind>"
ROW = f"/ansokningar/{KIND}/<uuid:uid>"
PART = {KEY: "problem"}
TRYGG = str(uid_of("programme TRYGG"))
THERE = "/api/v1/applications"


def _new(**known):
    return lambda _: {"uid": str(uuid4())} | known


def _begun(world):
    return {"uid": str(uuid4()), "organisation": world.board, "title": "En till ansökan", "programme": TRYGG}


def _put(world):
    return {"organisation": world.board, "title": "En till ansökan", "programme": TRYGG}


def _seen(world):
    return {"observations": [str(world.observation)]}


def _measured(world):
    return {"figures": [str(world.cited)]}


def _row(kind, thing, form):
    parts = {KIND: kind}
    return (
        Request("GET", ROW, thing, parts=parts),
        Request("POST", ROW, thing, parts=parts, form=lambda _: form, okay=(303, 409)),
        Request("POST", f"{ROW}/ta-bort", thing, parts=parts, form=lambda _: {}),
    )


REQUESTS = (
    Request("GET", "/ansokningar"),
    Request("GET", "/ansokningar/ny"),
    Request("POST", "/ansokningar/ny", form=_begun),
    Request("GET", "/ansokningar/<uuid:uid>", "draft", okay=(200, 404)),
    Request("GET", "/ansokningar/<uuid:uid>/dokument", "draft", okay=(200, 404)),
    Request("GET", HERE, "draft", parts=PART, okay=(200, 404)),
    Request("POST", HERE, "draft", parts=PART, form=lambda _: {"problem": "Mörkt."}, okay=(303, 409)),
    Request("POST", f"{HERE}/utkast", "draft", parts=PART, form=lambda _: {"problem": "Halvt"}),
    Request("POST", f"{HERE}/kasta", "draft", parts=PART, form=lambda _: {}),
    Request("POST", "/ansokningar/<uuid:uid>/underlag/iakttagelser", "draft", form=_seen, okay=(303, 422)),
    Request("POST", "/ansokningar/<uuid:uid>/underlag/siffror", "draft", form=_measured, okay=(303, 422)),
    Request(
        "POST",
        "/ansokningar/<uuid:uid>/underlag/lagesbilder",
        "draft",
        form=lambda world: {"told": [str(world.figure)]},
        okay=(422,),  # sealed
    ),
    Request("POST", "/ansokningar/<uuid:uid>/underlag/nytt", "draft", form=_new(kind="dialog", says="Mörkt")),
    Request("POST", "/ansokningar/<uuid:uid>/atgarder/ny", "draft", form=_new(text="Bänkar")),
    Request("POST", "/ansokningar/<uuid:uid>/tidplan/milstolpar", "draft", form=_new(title="Ja", due_on="2027-01-01")),
    *_row("underlag", "shown", {"kind": "dialog", "says": "Ljust"}),
    *_row("atgarder", "sought", {"text": "Fler lyktor"}),
    *_row("milstolpar", "step", {"title": "Senare", "due_on": "2027-02-01"}),
    Request("GET", THERE),
    Request("PUT", f"{THERE}/<uuid:uid>", "new", json=_put, beyond=422),
    Request("GET", f"{THERE}/<uuid:uid>", "draft", okay=(200, 404)),
    Request("GET", f"{THERE}/<uuid:uid>/parts/<part>", "draft", parts={"<part>": "problem"}, okay=(200, 404)),
    Request(
        "PATCH",
        f"{THERE}/<uuid:uid>/parts/<part>",
        "draft",
        parts={"<part>": "problem"},
        json=lambda _: {"content": {"problem": "Mörkt."}},
        okay=(200, 412),
    ),
)
