"""One good request for every page and operation of the coach and of the steps of applications."""

from core import clock
from tests.contract.request import Request

HERE, THERE = "/ansokningar/<uuid:uid>", "/api/v1/applications/<uuid:uid>"
SUBMIT = "applications:application:submit"
WHY = {"reason": "Fel kalkyl."}

REQUESTS = (
    Request("GET", f"{HERE}/coach", "application"),
    Request("GET", f"{HERE}/steg/<key>", "application", parts={"<key>": "aterkalla"}),
    Request("GET", f"{HERE}/omgang", "application"),
    Request(
        "POST",
        f"{HERE}/omgang",
        "application",
        form=lambda _: {"in_round": ""},
        also=SUBMIT,
        instead="applications:application:write",
        okay=(409,),
    ),
    Request("GET", f"{HERE}/namndbeslut", "application"),
    Request(
        "POST",
        f"{HERE}/namndbeslut",
        "application",
        form=lambda _: {"decided_on": clock.today().isoformat(), "paragraph": "§ 1"},
        okay=(303, 409),
    ),
    Request("GET", f"{THERE}/coach", "application"),
    Request(
        "POST",
        f"{THERE}/moves",
        "application",
        json=lambda _: {"move": "aterta"} | WHY,
        also=SUBMIT,
        okay=(200, 409, 412),
    ),
    Request(
        "POST",
        f"{HERE}/steg/<key>",
        "application",
        form=lambda _: WHY,
        parts={"<key>": "aterkalla"},
        also=SUBMIT,
        okay=(303, 409),
    ),
)
