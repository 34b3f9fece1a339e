"""One good request for each route of documents."""

from tests.contract.request import Request


def kit_of(world):
    return {"kind": "walks:kit", "subject": str(world.walk)}


REQUESTS = (
    Request("GET", "/api/v1/documents"),
    Request("POST", "/api/v1/documents", json=kit_of, also="walks:walk:read", okay=(202,)),
    # Of one's own documents alone, and nobody here has any.
    Request("GET", "/api/v1/documents/<uuid:uid>", okay=(404,)),
    Request("DELETE", "/api/v1/documents/<uuid:uid>", okay=(404,)),
    Request("GET", "/api/v1/documents/<uuid:uid>/file", okay=(404,)),
    Request("GET", "/dokument"),
    Request("POST", "/dokument", form=kit_of, also="walks:walk:read"),
    Request("GET", "/dokument/<uuid:uid>", okay=(404,)),
    Request("GET", "/dokument/<uuid:uid>/fil", okay=(404,)),
    Request("GET", "/dokument/<uuid:uid>/lage", okay=(404,)),
    Request("POST", "/dokument/<uuid:uid>/ta-bort", form=lambda _: {}, okay=(404,)),
    Request("GET", "/vandringar/<uuid:uid>/dokument", "walk"),
)
