"""One good request for every operation of the API."""

from uuid import uuid4

from tests.contract.city import JPEG, shape_in
from tests.contract.request import Request

POINT = {"longitude": "18.1", "latitude": "59.25"}
CHOSEN = {"version": 1, "choices": {"severity": "theirs"}}
CLOSED = {"move": "stang", "reason": "Byggs om."}
ENDING = {"valid_to": "2030-12-31", "reason": "Avtalet löper ut."}


def _place(world):
    shape = shape_in("sdn-farsta") if not world.board else shape_in(world.board)
    facts = {"name": "Nytt torg", "kind": "torg", "public_access": "allman_plats"}
    return facts | {"geometry": shape, "confirm_overlap": True}


def _control(world):
    facts = {"role": "vinter", "organisation": "trafik", "valid_from": "2027-05-01", "source": "Avtal"}
    return facts | {"place": str(world.place)}


def _label(world):
    facts = {"kind": "platssamverkan", "valid_from": "2027-05-01", "source": "Beslut"}
    return facts | {"place": str(world.place)}


def _walk(world):
    return {"title": "Ny vandring", "planned_at": "2027-03-01T18:00:00Z", "organiser": world.board}


def _claim(_world):
    key = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    return {"short": "00000000", "key": key, "name": "Telefonen"}


def _organisation(_world):
    return {"code": f"prov-{uuid4().hex[:8]}", "name": "Provnämnden", "kind": "facknamnd"}


REQUESTS = (
    Request("GET", "/api/docs"),
    Request("GET", "/api/openapi.json"),
    Request("GET", "/api/v1/areas", query=POINT),
    Request("GET", "/api/v1/areas.geojson"),
    Request("GET", "/api/v1/assets"),
    Request("PUT", "/api/v1/controls/<uuid:uid>", "new", json=_control),
    Request("POST", "/api/v1/controls/<uuid:uid>/end", "control", json=lambda _: ENDING),
    # Only with the proof of a phone's key, which nobody here has; and no phone of theirs.
    Request("POST", "/api/v1/devices/claims", json=_claim, okay=(401,)),
    Request("GET", "/api/v1/devices/claims/<uuid:uid>", okay=(401,)),
    Request("GET", "/api/v1/devices/own", okay=(404,)),
    Request("DELETE", "/api/v1/devices/own", okay=(404,)),
    Request("GET", "/api/v1/field/receipts"),
    Request("GET", "/api/v1/field/usual"),
    Request("GET", "/api/v1/field/walks"),
    Request("GET", "/api/v1/field/walks/<uuid:uid>", "walk"),
    Request("GET", "/api/v1/handovers"),
    # A piece of a photo is no file of a phone's.
    Request("POST", "/api/v1/handovers", sent=JPEG, okay=(415,)),
    Request("GET", "/api/v1/inbox"),
    # What has not been sent to anybody cannot be answered yet.
    Request(
        "POST", "/api/v1/inbox/<uuid:uid>", "observation", json=lambda _: {"choice": "ta_emot"}, okay=(409,)
    ),
    Request("GET", "/api/v1/klotter/incidents/<uuid:uid>", "graffiti"),
    Request("PATCH", "/api/v1/klotter/incidents/<uuid:uid>", "graffiti", json=lambda _: {"surface": "betong"}),
    Request("PUT", "/api/v1/labels/<uuid:uid>", "new", json=_label),
    Request("POST", "/api/v1/labels/<uuid:uid>/end", "label", json=lambda _: ENDING),
    Request("GET", "/api/v1/observations/<uuid:uid>", "observation"),
    Request("GET", "/api/v1/observations/unanswered.geojson"),
    Request(
        "PUT", "/api/v1/observations/<uuid:uid>", "new", json=lambda w: {"walk": str(w.walk), "kind": "belysning"}
    ),
    Request("PATCH", "/api/v1/observations/<uuid:uid>", "graffiti", json=lambda _: {"severity": 3}),
    Request(
        "POST", "/api/v1/observations/<uuid:uid>/moves", "observation",
        json=lambda _: {"move": "granska"}, also="walks:observation:review",
    ),
    # Nobody has called it a danger.
    Request(
        "POST", "/api/v1/observations/<uuid:uid>/calls", "observation", json=lambda _: {"called": "Jouren"}, okay=(409,)
    ),
    Request("GET", "/api/v1/organisations"),
    Request("GET", "/api/v1/organisations/<uuid:uid>", "organisation"),
    Request("PUT", "/api/v1/organisations/<uuid:uid>", "new", json=_organisation),
    Request(
        "PATCH", "/api/v1/organisations/<uuid:uid>", "organisation", json=lambda _: {"source": "Beslut"},
        okay=(200, 412),
    ),
    Request("GET", "/api/v1/persons"),
    Request("GET", "/api/v1/persons/<uuid:uid>", "person"),
    Request("PATCH", "/api/v1/persons/<uuid:uid>", "person", json=lambda _: {"name": "Ny"}, okay=(200, 412)),
    Request("GET", "/api/v1/photos/<uuid:uid>", "photo"),
    Request("DELETE", "/api/v1/photos/<uuid:uid>", "new"),
    Request("PATCH", "/api/v1/photos/<uuid:uid>", "new", sent=JPEG),
    Request("POST", "/api/v1/photos/<uuid:uid>/hide", "photo", json=lambda _: {"reason": "Ett barn syns."}),
    Request("GET", "/api/v1/photos/<uuid:uid>/mask", "photo"),
    Request("PUT", "/api/v1/photos/<uuid:uid>/mask", "photo", json=lambda _: {"boxes": []}, okay=(200, 412)),
    # Nobody has proposed anything.
    Request("POST", "/api/v1/photos/<uuid:uid>/mask/release", "photo", json=lambda _: {}, okay=(200, 409, 412)),
    Request(
        "POST", "/api/v1/photos/<uuid:uid>/mask/return", "photo", json=lambda _: {"reason": "En till."},
        okay=(200, 409, 412),
    ),
    Request("POST", "/api/v1/photos/<uuid:uid>/show", "photo", json=lambda _: {"reason": "Täckt."}, okay=(204, 409)),
    Request("GET", "/api/v1/places"),
    Request("GET", "/api/v1/places/<uuid:uid>", "place"),
    Request("GET", "/api/v1/places/<uuid:uid>.geojson", "place"),
    Request("PUT", "/api/v1/places/<uuid:uid>", "new", json=_place, beyond=422),
    Request("PATCH", "/api/v1/places/<uuid:uid>", "place", json=lambda _: {"description": ""}),
    Request("GET", "/api/v1/places/<uuid:uid>/history", "place"),
    Request("POST", "/api/v1/places/<uuid:uid>/moves", "place", json=lambda _: CLOSED),
    Request("GET", "/api/v1/places.geojson"),
    Request("GET", "/api/v1/walks"),
    Request("GET", "/api/v1/walks/<uuid:uid>", "walk"),
    Request("PUT", "/api/v1/walks/<uuid:uid>", "new", json=_walk),
    Request(
        "POST", "/api/v1/walks/<uuid:uid>/moves", "walk", json=lambda _: {"move": "starta"}, also="walks:walk:run"
    ),
    Request("GET", "/api/v1/walks/<uuid:uid>.geojson", "walk"),
    Request("PATCH", "/api/v1/walks/<uuid:uid>", "walk", json=lambda _: {"weather": "Regn"}, okay=(200, 412)),
    Request("GET", "/api/v1/sync/changes"),
    Request("GET", "/api/v1/sync/changes/<uuid:uid>", "change"),
    Request(
        "POST", "/api/v1/sync/changes/<uuid:uid>/choice", "change", json=lambda _: CHOSEN,
        also="walks:observation:edit", okay=(200, 412),
    ),
    # A change of what one does not reach waits, as one of what has not come.
    Request(
        "PUT", "/api/v1/observations/<uuid:uid>/changes/<uuid:change>", "observation",
        json=lambda _: {"before": {"season": ""}, "fields": {"season": "host"}},
        parts={"<uuid:change>": "<uuid:uid>"}, beyond=200,
    ),
)  # fmt: skip
