"""Files that are read in, and what came of them: no worker has read the one that there is."""

from io import BytesIO

from tests.contract.request import Request

KASTA, LOG = {"<key>": "kasta"}, "walks:observation:log"
API, PAGE = "/api/v1/imports/<uuid:uid>", "/inlasningar/<uuid:uid>"


def _nameless(_world):
    return {"file": (BytesIO(b"a;b"), "a.csv")}


REQUESTS = (
    Request("GET", "/api/v1/imports"),
    # It does not say what it is.
    Request("POST", "/api/v1/imports", sent=b"a;b", okay=(422,)),
    Request("GET", API, "imported"),
    Request("PUT", f"{API}/mapping", "imported", json=lambda _: {"columns": {}}, also=LOG, okay=(422,)),
    Request("PUT", f"{API}/meanings", "imported", json=lambda _: {"meanings": {}}, also=LOG, okay=(409,)),
    Request("POST", f"{API}/moves", "imported", json=lambda _: {"move": "kasta"}, also=LOG, okay=(409,)),
    Request("GET", f"{API}/rows", "imported"),
    Request("GET", "/inkomna-rapporter"),
    Request("GET", "/inlasningar"),
    Request("POST", "/inlasningar", form=_nameless, okay=(422,)),
    Request("GET", PAGE, "imported"),
    Request("GET", f"{PAGE}/rader.csv", "imported"),
    Request("GET", f"{PAGE}/varden", "imported"),
    Request("POST", f"{PAGE}/kolumner", "imported", form=lambda _: {}, also=LOG, okay=(422,)),
    Request("POST", f"{PAGE}/steg/<key>", "imported", form=lambda _: {}, also=LOG, parts=KASTA, okay=(409,)),
    Request("POST", f"{PAGE}/varden", "imported", form=lambda _: {}, also=LOG, okay=(409,)),
)
