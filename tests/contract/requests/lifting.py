"""One good request for every page and operation of consultation, the library, lifts and weekly reports."""

from uuid import uuid4

from tests.contract.request import Request

WRITE = "cooperation:cycle:write"
LEAD = "cooperation:weekly:lead"
ANSWER = "cooperation:lift:answer"
WHY = {"reason": "Därför."}
LINE = {"category": "stold", "severity": "1", "trend": "lika", "certainty": "fakta"}
METHOD = {"what": "", "approach": "social", "grade": "oklar", "source": "Ange källa", "valid_from": "2026-01-01"}


def _new(**known):
    return lambda _: {"uid": str(uuid4())} | known


def _ask(world):
    return {"uid": str(uuid4()), "organisation": str(world.contractor), "function": "Chef"}


def _lift(world):
    said = {
        "kind": "hinder",
        "title": "Ljus",
        "what": "Släckt",
        "since_on": "2026-01-01",
        "tried": "Allt",
        "asked": "Ljus",
    }
    return said | {"cycle": str(world.cycle)}


def _weekly_line(world):
    return LINE | {"severity": 1, "report": str(world.weekly)}


def _member(world):
    return {"organisation": str(world.contractor), "function": "Chef"}


def _group(world):
    return {"uid": str(uuid4()), "organisation": world.board, "area": str(uuid4()), "function": "Samordnare"}


def _action(world):
    return {"uid": str(uuid4()), "text": "Tänd", "organisation": str(world.contractor), "due_on": "2099-01-01"}


REQUESTS = (
    Request("POST", "/samverkan/atgarder/<uuid:uid>/samrad", "measure", form=_ask, okay=(303, 409, 422)),
    Request(
        "POST",
        "/samverkan/atgarder/<uuid:uid>/perspektiv/<key>",
        "measure",
        form=lambda _: {"version": "0", "relevant": "y", "heard": "Rådet"},
        parts={"<key>": "barn"},
        okay=(303, 409, 422),
    ),
    Request(
        "POST",
        "/samverkan/atgarder/<uuid:uid>/perspektiv/<key>/utfall",
        "measure",
        form=lambda _: {"outcome": "Bra."},
        parts={"<key>": "barn"},
        okay=(409,),
    ),
    Request("GET", "/samverkan/samrad"),
    Request("GET", "/samverkan/samrad/<uuid:uid>", "consultation"),
    Request(
        "POST",
        "/samverkan/samrad/<uuid:uid>/svara",
        "consultation",
        form=lambda _: {"stance": "neutral", "answer": "Nej."},
        okay=(303, 409),
    ),
    Request("POST", "/samverkan/samrad/<uuid:uid>/andra-svar", "consultation", form=lambda _: WHY, okay=(303, 409)),
    Request(
        "POST",
        "/samverkan/samrad/<uuid:uid>/beakta",
        "consultation",
        form=lambda _: {"considered": "Ja."},
        okay=(303, 409),
    ),
    Request("POST", "/samverkan/samrad/<uuid:uid>/aterkalla", "consultation", form=lambda _: WHY, okay=(303, 409)),
    Request("GET", "/samverkan/metoder"),
    Request("GET", "/samverkan/metoder/ny"),
    Request("POST", "/samverkan/metoder/ny", form=_new(name="En ny", **METHOD)),
    Request("GET", "/samverkan/metoder/<uuid:uid>", "method"),
    Request(
        "POST",
        "/samverkan/metoder/<uuid:uid>",
        "method",
        form=lambda world: {"name": f"Metod {world.board}"} | METHOD,
        okay=(303, 409),
    ),
    Request("GET", "/api/v1/methods"),
    Request("GET", "/samverkan/lyft"),
    Request("GET", "/samverkan/lyft/ny"),
    Request("POST", "/samverkan/lyft/ny", form=lambda world: {"uid": str(uuid4())} | _lift(world)),
    Request("GET", "/samverkan/lyft/<uuid:uid>", "lift"),
    Request(
        "POST",
        "/samverkan/lyft/<uuid:uid>/steg/<key>",
        "lift",
        form=lambda _: {},
        parts={"<key>": "ta_emot"},
        also=ANSWER,
        okay=(303, 409),
    ),
    Request(
        "POST", "/samverkan/lyft/<uuid:uid>/svara", "lift", form=lambda _: WHY | {"decision": "nej"}, okay=(303, 409)
    ),
    Request("GET", "/api/v1/lifts"),
    Request("GET", "/api/v1/lifts/<uuid:uid>", "lift"),
    Request("PUT", "/api/v1/lifts/<uuid:uid>", "new", json=_lift, also="cooperation:cycle:write"),
    Request(
        "POST",
        "/api/v1/lifts/<uuid:uid>/moves",
        "lift",
        json=lambda _: {"move": "ta_emot"},
        also=ANSWER,
        okay=(200, 409, 412),
    ),
    Request("GET", "/api/v1/weekly-groups"),
    Request("GET", "/api/v1/weekly-actions", query={"week": "2026-W01"}),
    Request("GET", "/api/v1/weekly-reports", query={"week": "2026-W01"}),
    Request("GET", "/api/v1/weekly-reports/<uuid:uid>", "weekly"),
    Request("PUT", "/api/v1/weekly-items/<uuid:uid>", "new", json=_weekly_line, okay=(200, 409)),
    Request("GET", "/samverkan/veckor"),
    Request("GET", "/samverkan/veckor/ny"),
    Request("POST", "/samverkan/veckor/ny", form=_group, okay=(422,)),
    Request("GET", "/samverkan/veckor/<uuid:uid>", "weekly_group"),
    Request("GET", "/samverkan/veckor/<uuid:uid>/kvartal", "weekly_group"),
    Request("POST", "/samverkan/veckor/<uuid:uid>/medlemmar", "weekly_group", form=_member, okay=(303, 422)),
    Request(
        "POST",
        "/samverkan/veckor/<uuid:uid>/avsluta",
        "weekly_group",
        form=lambda _: {"ended_on": "2020-01-01", "reason": "Området är lugnt."},
        okay=(422, 409),
    ),
    Request(
        "POST",
        "/samverkan/veckor/<uuid:uid>/oppna-igen",
        "weekly_group",
        form=lambda _: {"reason": "Igen."},
        okay=(409,),
    ),
    Request("POST", "/samverkan/veckor/medlemmar/<uuid:uid>/lamna", "reporter", form=lambda _: {}),
    Request(
        "POST",
        "/samverkan/veckor/<uuid:uid>/<vecka>/genomgang",
        "weekly_group",
        form=lambda _: {"held_on": "2026-01-01"},
        parts={"<vecka>": "2025-W01"},
        okay=(422, 404),
    ),
    Request(
        "POST",
        "/samverkan/veckor/<uuid:uid>/<vecka>/atgarder",
        "weekly_group",
        form=_action,
        parts={"<vecka>": "2026-W01"},
        okay=(303, 422),
    ),
    Request(
        "POST",
        "/samverkan/veckor/atgarder/<uuid:uid>/utfall",
        "action",
        form=lambda _: {"result": "klarmarkera", "outcome": "Klart."},
        okay=(303, 409),
    ),
    Request("GET", "/samverkan/veckorapporter/<uuid:uid>", "weekly"),
    Request("POST", "/samverkan/veckorapporter/<uuid:uid>/rader", "weekly", form=_new(**LINE), okay=(303, 409)),
    Request("POST", "/samverkan/veckorapporter/rader/<uuid:uid>/ta-bort", "line", form=lambda _: {}, okay=(303, 404)),
    Request(
        "POST",
        "/samverkan/veckorapporter/<uuid:uid>/steg/<key>",
        "weekly",
        form=lambda _: {},
        parts={"<key>": "lamna_in"},
        okay=(303, 409),
    ),
    Request("DELETE", "/api/v1/weekly-items/<uuid:uid>", "line", okay=(204, 404, 409)),
    Request(
        "POST",
        "/api/v1/weekly-reports/<uuid:uid>/moves",
        "weekly",
        json=lambda _: {"move": "lamna_in"},
        okay=(200, 409, 412),
    ),
)
