"""One good request for every page and operation of figures."""

from uuid import uuid4

from core.places.models import DISTRICT
from tests.contract.request import Request

ITSELF = {
    "title": "Tomma lokaler", "kind": "ovrigt", "unit": "procent", "direction": "ned", "source": "Inventering",
    "every": "ar", "suppression": "markta", "level": "1",
}  # fmt: skip
KEY = {"<key>": "trygg_kvall"}
ONE, OGC = "/api/v1/indicators/<uuid:uid>", "/api/v1/ogc/collections"


def _new(_world):
    return ITSELF | {"uid": str(uuid4()), "key": f"prov_{uuid4().hex[:8]}"}


REQUESTS = (
    Request("GET", "/api/v1/indicators"),
    Request("GET", ONE, "indicator"),
    Request("GET", f"{ONE}/figures", "indicator"),
    Request("GET", f"{ONE}/map.geojson", "indicator"),
    Request("GET", "/api/v1/figures/<uuid:uid>", "cited"),
    Request("GET", "/api/v1/ogc"),
    Request("GET", "/api/v1/ogc/conformance"),
    Request("GET", OGC),
    Request("GET", f"{OGC}/<key>", parts=KEY),
    Request("GET", f"{OGC}/<key>/items", parts=KEY),
    Request("GET", f"{OGC}/<key>/items/<uuid:uid>", "cited", parts=KEY),
    Request("GET", "/statistik"),
    Request("GET", "/statistik/ny"),
    Request("POST", "/statistik/ny", form=_new),
    Request("GET", "/statistik/<uuid:uid>", "indicator"),
    Request("GET", "/statistik/<uuid:uid>/andra", "indicator"),
    Request("POST", "/statistik/<uuid:uid>/andra", "indicator", form=lambda _: ITSELF, okay=(303, 409)),
    Request("GET", "/statistik/<uuid:uid>/lager.gpkg", "indicator"),
    Request("GET", "/statistik/omrade/<kind>/<code>", parts={"<kind>": DISTRICT, "<code>": "farsta"}),
    Request("GET", "/statistik/siffror/<uuid:uid>", "cited"),
)
