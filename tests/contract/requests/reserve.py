"""One good request for every page and operation of the reserve."""

from uuid import uuid4

from tests.contract.request import Request

WHY = {"reason": "Fel år."}
PROPOSE = "reserve:booking:propose"


def _proposal(world):
    known = {"kind": "tillskott", "year": "2027", "amount": "1000", "decision": "KF § 2"}
    return {"uid": str(uuid4()), "programme": str(world.programme)} | known


REQUESTS = (
    Request("GET", "/api/v1/programmes"),
    Request("GET", "/api/v1/bookings"),
    Request("GET", "/api/v1/bookings/<uuid:uid>", "booked", okay=(200, 404)),
    Request("GET", "/reserven"),
    Request("GET", "/reserven/bokningar"),
    Request("GET", "/reserven/bokningar/ny"),
    Request("POST", "/reserven/bokningar/ny", form=_proposal),
    Request("GET", "/reserven/bokningar/<uuid:uid>", "booked", okay=(200, 404)),
    Request("POST", "/reserven/bokningar/<uuid:uid>/ratta", "booked", form=lambda _: {"uid": str(uuid4())} | WHY),
    Request(
        "POST",
        "/reserven/bokningar/<uuid:uid>/steg/<key>",
        "booking",
        form=lambda _: WHY,
        also=PROPOSE,
        parts={"<key>": "aterkalla"},
    ),
)
