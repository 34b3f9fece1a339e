"""One good request for every page and operation of cooperation."""

from uuid import uuid4

from tests.contract.city import MIDDLE
from tests.contract.request import Request


def _cycle_form(world):
    where = {"organisation": world.board, "place": str(world.place), "mandate": "Samordnare"}
    return where | {"uid": str(uuid4()), "title": "En till", "started_on": "2026-01-01"}


def _comment(_world):
    return {"uid": str(uuid4()), "text": "Bra.", "audience": "alla"}


def _party(world):
    return {"organisation": str(world.contractor), "role": "referens", "mandate": "Chef"}


def _figure(_world):
    days = {"first_on": "2026-01-01", "last_on": "2026-01-31"}
    return {"uid": str(uuid4()), "kind": "dialog", "what": "Mörkt", "source": "Samtal"} | days


def _drawing(world):
    east, north = MIDDLE[world.board]
    spot = {"system": "sweref99tm", "outline": f"{north} {east}", "radius_m": "20"}
    return {"uid": str(uuid4()), "kind": "otrygg", "label": "Här"} | spot


LEAD = "cooperation:cycle:lead"
WHY = {"reason": "Därför."}
POINTS = dict.fromkeys(("frequency", "trend", "harm", "influence", "resources", "signal", "cost"), "3")
CAUSE = {"text": "Slitet", "side": "plats_kontroll", "causal_level": "situation"}


def _new(**known):
    return lambda _: {"uid": str(uuid4())} | known


def _goal(world):
    return {"uid": str(uuid4()), "problem": str(world.problem), "text": "Ljusare"}


def _measure(world):
    return {"uid": str(uuid4()), "cause": str(world.cause), "text": "Laga", "approach": "situationell"}


def _changed(world):
    return {name: value for name, value in _goal(world).items() if name != "uid"}


def _measured(world):
    return {name: value for name, value in _measure(world).items() if name != "uid"}


REQUESTS = (
    Request("GET", "/api/v1/cycles"),
    Request("GET", "/api/v1/cycles/<uuid:uid>", "cycle"),
    Request("GET", "/api/v1/cycles/<uuid:uid>/drawings.geojson", "cycle"),
    Request(
        "POST",
        "/api/v1/cycles/<uuid:uid>/moves",
        "cycle",
        json=lambda _: {"move": "tillbaka_1", "reason": "En part saknas."},
        okay=(200, 412),
    ),
    Request("GET", "/samverkan"),
    Request("GET", "/samverkan/ny"),
    Request("POST", "/samverkan/ny", form=_cycle_form),
    Request("GET", "/samverkan/<uuid:uid>", "cycle"),
    Request("GET", "/samverkan/<uuid:uid>/andra", "cycle"),
    Request("POST", "/samverkan/<uuid:uid>/andra", "cycle", form=lambda _: {"title": "Nytt"}, okay=(303, 409)),
    Request(
        "POST",
        "/samverkan/<uuid:uid>/steg/<key>",
        "cycle",
        form=lambda _: {"reason": "En part saknas."},
        parts={"<key>": "tillbaka_1"},
        okay=(303, 409),
    ),
    Request("POST", "/samverkan/<uuid:uid>/kommentarer", "cycle", form=_comment),
    Request("GET", "/samverkan/<uuid:uid>/parter", "cycle"),
    Request("POST", "/samverkan/<uuid:uid>/parter", "cycle", form=_party, okay=(303, 422)),
    Request(
        "POST", "/samverkan/parter/<uuid:uid>", "party", form=lambda _: {"mandate": "Chef"}, also=LEAD, okay=(303, 409)
    ),
    Request(
        "POST",
        "/samverkan/parter/<uuid:uid>/lamna",
        "party",
        form=lambda _: {"reason": "Klart."},
        also=LEAD,
        okay=(303, 409),
    ),
    Request("GET", "/samverkan/<uuid:uid>/dokument", "cycle"),
    Request("GET", "/samverkan/<uuid:uid>/lagesbilder", "cycle"),
    Request("POST", "/samverkan/<uuid:uid>/gemensam", "cycle", form=lambda _: {}, okay=(409,)),
    # Who reads for the whole city reads nothing that is sealed.
    Request("GET", "/lagesbilder/<uuid:uid>", "picture", okay=(200, 404)),
    Request("GET", "/lagesbilder/<uuid:uid>/<key>", "picture", parts={"<key>": "behov"}),
    Request(
        "POST",
        "/lagesbilder/<uuid:uid>/<key>",
        "picture",
        form=lambda _: {"text": "Mer ljus."},
        parts={"<key>": "behov"},
        okay=(303, 409),
    ),
    Request(
        "POST",
        "/lagesbilder/<uuid:uid>/<key>/utkast",
        "picture",
        form=lambda _: {"text": "Halvt."},
        parts={"<key>": "behov"},
        okay=(200, 409),
    ),
    Request(
        "POST",
        "/lagesbilder/<uuid:uid>/<key>/kasta",
        "picture",
        form=lambda _: {},
        parts={"<key>": "behov"},
        okay=(303, 409),
    ),
    Request("POST", "/lagesbilder/<uuid:uid>/underlag", "picture", form=_figure, okay=(303, 409)),
    Request("POST", "/lagesbilder/<uuid:uid>/karta", "picture", form=_drawing, okay=(303, 409)),
    Request("POST", "/lagesbilder/underlag/<uuid:uid>/ta-bort", "figure", form=lambda _: {}, okay=(303, 404, 409)),
    Request("POST", "/lagesbilder/karta/<uuid:uid>/ta-bort", "drawing", form=lambda _: {}, okay=(303, 404, 409)),
    Request(
        "POST",
        "/lagesbilder/<uuid:uid>/steg/<key>",
        "picture",
        form=lambda _: {},
        parts={"<key>": "lamna_in"},
        okay=(303, 409),
    ),
    # Problems are worked on in the third step, goals in the fourth: `ahead` is in the fourth.
    Request("GET", "/samverkan/<uuid:uid>/prioritering", "ahead"),
    Request("POST", "/samverkan/<uuid:uid>/prioritering", "ahead", form=_new(what="Skräpigt"), okay=(409,)),
    Request("GET", "/samverkan/problem/<uuid:uid>", "problem"),
    Request("POST", "/samverkan/problem/<uuid:uid>", "problem", form=lambda _: {"what": "Mörkare"}, okay=(409,)),
    Request("POST", "/samverkan/problem/<uuid:uid>/poang", "problem", form=lambda _: POINTS, okay=(409,)),
    Request(
        "POST",
        "/samverkan/problem/<uuid:uid>/steg/<key>",
        "problem",
        form=lambda _: WHY,
        parts={"<key>": "ta_upp_igen"},
        okay=(409,),
    ),
    Request("POST", "/samverkan/problem/<uuid:uid>/orsaker", "problem", form=_new(**CAUSE)),
    Request("GET", "/samverkan/orsaker/<uuid:uid>", "cause"),
    Request("POST", "/samverkan/orsaker/<uuid:uid>", "cause", form=lambda _: CAUSE, okay=(409,)),
    Request("POST", "/samverkan/orsaker/<uuid:uid>/underlag", "cause", form=_new(stance="emot", text="Ljust")),
    Request(
        "POST",
        "/samverkan/orsaker/<uuid:uid>/steg/<key>",
        "cause",
        form=lambda _: WHY,
        parts={"<key>": "prova_igen"},
        okay=(303, 409),
    ),
    Request("GET", "/samverkan/<uuid:uid>/mal", "ahead"),
    Request("POST", "/samverkan/<uuid:uid>/mal", "ahead", form=_goal),
    Request("POST", "/samverkan/<uuid:uid>/atgarder", "ahead", form=_measure, okay=(303, 422)),
    Request("GET", "/samverkan/mal/<uuid:uid>", "goal"),
    Request("POST", "/samverkan/mal/<uuid:uid>", "goal", form=_changed, okay=(303, 409)),
    Request("POST", "/samverkan/mal/<uuid:uid>/godta", "goal", form=lambda _: {}),
    Request(
        "POST",
        "/samverkan/mal/<uuid:uid>/steg/<key>",
        "goal",
        form=lambda _: {},
        parts={"<key>": "markera_smart"},
        okay=(409,),
    ),
    Request(
        "POST",
        "/samverkan/mal/<uuid:uid>/resultat",
        "goal",
        form=lambda _: {"result": "ej_matt", "why": "Ingen tid."},
        okay=(409,),
    ),
    Request("GET", "/samverkan/atgarder/<uuid:uid>", "measure"),
    Request("POST", "/samverkan/atgarder/<uuid:uid>", "measure", form=_measured, okay=(303, 409, 422)),
    Request(
        "POST",
        "/samverkan/atgarder/<uuid:uid>/steg/<key>",
        "measure",
        form=lambda _: WHY,
        parts={"<key>": "avbryt"},
        okay=(303, 409),
    ),
    Request(
        "POST",
        "/samverkan/atgarder/<uuid:uid>/resultat",
        "measure",
        form=lambda _: {"result": "ej", "why": "Ingen tid."},
        okay=(409,),
    ),
    Request("GET", "/samverkan/<uuid:uid>/uppfoljning", "ahead"),
    Request("POST", "/samverkan/<uuid:uid>/uppfoljning", "ahead", form=lambda _: {"text": "Klart."}, okay=(409,)),
    Request("POST", "/samverkan/<uuid:uid>/nasta", "ahead", form=lambda _: {}, okay=(409,)),
)
