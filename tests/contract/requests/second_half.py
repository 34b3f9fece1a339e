"""One good request for every page and operation of an application's second half."""

from io import BytesIO
from uuid import uuid4

from tests.contract.handed_in import PAPER
from tests.contract.request import Request

HERE, CHANGED = "/ansokningar/<uuid:uid>", (303, 409)
WHY = {"reason": "Därför."}
ANSWER = {"stance": "neutral", "answer": "Inget att säga."}
WRITTEN_IN = ANSWER | {"answered_on": "2026-01-01", "source": "Brev"}
PROMISE = {"owner": "", "payer": "", "standard": "Hel", "first_after": "1", "every": "12", "cost": "9"}
COST = {"year": "2027", "kind": "inkop", "amount": "9"}


def _form(**known):
    return lambda _: known


def _new(**known):
    return lambda _: {"uid": str(uuid4())} | known


def _ask(world):
    return {"uid": str(uuid4()), "organisation": str(world.contractor)}


def _file(_world):
    return {"uid": str(uuid4()), "kind": "kalkyl", "title": "Kalkyl", "file": (BytesIO(PAPER), "kalkyl.pdf")}


REQUESTS = (
    Request("GET", "/api/v1/application-asks"),
    Request("GET", "/api/v1/application-asks/<uuid:uid>", "ask"),
    Request(
        "POST", "/api/v1/application-asks/<uuid:uid>/answer", "leave_ask", json=lambda _: ANSWER, okay=(200, 409, 412)
    ),
    Request("GET", "/api/v1/applications/<uuid:uid>/editions", "handed_in"),
    Request("GET", "/api/v1/applications/<uuid:uid>/editions/<int:number>", "handed_in", parts={"<int:number>": "1"}),
    Request("GET", f"{HERE}/utgavor", "handed_in"),
    Request("GET", f"{HERE}/utgavor/<int:number>", "handed_in", parts={"<int:number>": "1"}),
    Request("GET", f"{HERE}/jamfor", "handed_in", query={"fran": "1", "till": "0"}),
    Request("GET", f"{HERE}/tillsammans", "handed_in"),
    Request("POST", f"{HERE}/tillsammans", "handed_in", form=_form(organisation="miljo"), okay=(303, 409, 422)),
    Request("POST", f"{HERE}/kommentarer", "handed_in", form=_new(text="Bra.", audience="alla", part="utgifter")),
    Request("GET", "/ansokningar/egen-ordning"),
    Request(
        "POST",
        f"{HERE}/<any(upp, ned):step>",
        "handed_in",
        form=_form(),
        parts={"<any(upp, ned):step>": "upp"},
        okay=CHANGED,
    ),
    Request("GET", "/ansokningar/fragor"),
    Request("GET", "/ansokningar/fragor/<uuid:uid>", "ask"),
    Request("POST", "/ansokningar/fragor/<uuid:uid>/svara", "ask", form=_form(**ANSWER), okay=CHANGED),
    Request("POST", "/ansokningar/fragor/<uuid:uid>/beakta", "ask", form=_form(considered="Sett."), okay=CHANGED),
    Request("POST", "/ansokningar/fragor/<uuid:uid>/andra-svar", "ask", form=_form(**WHY), okay=CHANGED),
    Request("POST", "/ansokningar/fragor/<uuid:uid>/skriv-in", "ask", form=_form(**WRITTEN_IN), okay=CHANGED),
    Request(
        "POST",
        "/ansokningar/fragor/<uuid:uid>/<any(aterkalla, fraga_igen):key>",
        "ask",
        form=_form(**WHY),
        parts={"<any(aterkalla, fraga_igen):key>": "aterkalla"},
        okay=CHANGED,
    ),
    Request(
        "POST",
        f"{HERE}/<any(samrad, radighet):key>/fraga",
        "handed_in",
        form=_ask,
        parts={"<any(samrad, radighet):key>": "samrad"},
        okay=(303, 409, 422),
    ),
    Request(
        "POST",
        f"{HERE}/utgifter/<any(rad, komponent, finansiering):sort>",
        "handed_in",
        form=_new(**COST),
        parts={"<any(rad, komponent, finansiering):sort>": "rad"},
        okay=CHANGED,
    ),
    Request("POST", "/ansokningar/skotsel/<uuid:uid>", "built", form=_form(**PROMISE), okay=CHANGED),
    Request("GET", "/ansokningar/loften/<uuid:uid>", "promise"),
    Request("POST", "/ansokningar/loften/<uuid:uid>/be-om", "promise", form=_form(), okay=CHANGED),
    Request("POST", "/ansokningar/loften/<uuid:uid>/lova", "promise", form=_form(), okay=CHANGED),
    Request("POST", "/ansokningar/loften/<uuid:uid>/avsta", "promise", form=_form(why="Nej tack."), okay=CHANGED),
    Request("POST", f"{HERE}/bilagor/fil", "handed_in", form=_file, okay=CHANGED),
    Request(
        "POST", f"{HERE}/bilagor/foto", "handed_in", form=_new(photo=str(uuid4()), title="Torget"), okay=(303, 409, 422)
    ),
    Request("GET", "/ansokningar/bilagor/<uuid:uid>", "attachment"),
    Request("POST", "/ansokningar/bilagor/<uuid:uid>/ta-bort", "attachment", form=_form(), okay=CHANGED),
    Request(
        "POST", "/ansokningar/medsokande/<uuid:uid>/svara", "co_applicant", form=_form(joins="ja"), okay=(303, 403, 409)
    ),
    Request("POST", "/ansokningar/medsokande/<uuid:uid>/lamna", "co_applicant", form=_form(**WHY), okay=CHANGED),
)
