"""One good request for every page of what is reported of a grant, its effect, and the view over the whole city."""

from uuid import uuid4

from tests.contract.request import Request

WHY = {"reason": "Blev annorlunda."}


def _measured(_):
    return {"measured_on": "2026-05-20", "value": "45", "method": "Enkät", "n": "120"}


REQUESTS = (
    Request("GET", "/rapporter"),
    Request("GET", "/ansokningar/<uuid:uid>/rapporter", "granted"),
    Request(
        "POST",
        "/ansokningar/<uuid:uid>/bilder",
        "granted",
        form=lambda _: {"uid": str(uuid4()), "title": "Torget", "why_not": "Mörkt."},
    ),
    Request("POST", "/bildpar/<uuid:uid>/ta-bort", "picture_pair", form=lambda _: {}, okay=(303, 404)),
    Request("GET", "/rapporter/<uuid:uid>", "grant_report"),
    Request("POST", "/rapporter/<uuid:uid>", "grant_report", form=lambda _: {"delivered": "Grunden är lagd."}),
    Request(
        "POST",
        "/rapporter/<uuid:uid>/steg/<key>",
        "grant_report",
        form=lambda _: {},
        parts={"<key>": "lamna_in"},
        also="followup:report:write",
        okay=(303, 409),
    ),
    Request("GET", "/ansokningar/<uuid:uid>/effekt", "granted"),
    Request("POST", "/effekter/<uuid:uid>/fore", "effect_before", form=lambda _: {"n": "400"}, okay=(303, 409, 422)),
    Request("POST", "/effekter/<uuid:uid>", "effect", form=_measured, okay=(303, 409)),
    Request(
        "POST",
        "/effekter/<uuid:uid>/steg/<key>",
        "effect",
        form=lambda _: WHY,
        parts={"<key>": "ratta"},
        okay=(303, 409),
    ),
    Request(
        "POST",
        "/ansokningar/<uuid:uid>/effekt/jamforelse",
        "granted",
        form=lambda _: _measured(_) | {"uid": str(uuid4()), "goal": str(uuid4()), "phase": "man_6"},
        okay=(303, 422),
    ),
    Request("POST", "/ansokningar/<uuid:uid>/effekt/uppfoljd", "granted", form=lambda _: {}, okay=(303, 409)),
    Request("GET", "/uppfoljning/<rapport>", parts={"<rapport>": "ram"}),
    Request("GET", "/api/v1/grants.geojson", query={"year": "2027"}),
)
