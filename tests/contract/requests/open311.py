"""GeoReport v2: none of it is under /api, and a browser's form of it has no key."""

from tests.contract.request import Request

FORM, JSON = "<any(json, xml):form>", {"<any(json, xml):form>": "json"}
ROOT = "/open311/v2"
REQUESTS = (
    Request("GET", f"/open311/discovery.{FORM}", parts=JSON),
    Request("GET", f"{ROOT}/requests.{FORM}", parts=JSON),
    # Nothing here is public.
    Request("GET", f"{ROOT}/requests/<key>.{FORM}", parts=JSON | {"<key>": "hux"}, okay=(404,)),
    Request("POST", f"{ROOT}/requests.{FORM}", form=lambda _: {"service_code": "hux"}, parts=JSON, okay=(400,)),
    Request("GET", f"{ROOT}/services.{FORM}", parts=JSON),
    Request("GET", f"{ROOT}/services/<path:code>.{FORM}", parts=JSON | {"<path:code>": "belysning"}),
)
