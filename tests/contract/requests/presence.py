"""One good request for every page and operation of presence."""

from uuid import uuid4

from tests.contract.city import OURS
from tests.contract.request import Request

WHY = {"reason": "Därför."}
TODAY = "2026-01-02"


def _where(world):
    """The number of a district's place: others may have got the same name by now."""
    return "PL-00001" if world.board == OURS else "PL-00002"


def _new(**known):
    return lambda world: {"uid": str(uuid4()), "organisation": world.board, "where": _where(world)} | known


def _known(**known):
    return lambda _: known


ARRANGED = {"title": "Marknad", "kind": "marknad", "starts_on": "2099-06-01", "ends_on": "2099-06-02"}
HOURS = {"begins": "20.00", "ends": "23.00"}
ASKED = {"starts_on": "2099-06-01", "ends_on": "2099-06-02", "hours": "10", "reason": "Bråk.", "tried": "Samtal."}
COUNTED = {"day": TODAY, "band": "17-20", "minutes": "10", "adults_passing": "12"}
MAY_BE_OVER = (303, 409)

REQUESTS = (
    Request("GET", "/api/v1/activations"),
    Request("GET", "/api/v1/activations/<uuid:uid>", "activation"),
    Request("GET", "/api/v1/presence"),
    Request("GET", "/api/v1/patrol-requests"),
    Request("GET", "/api/v1/flow-counts"),
    Request("GET", "/api/v1/experience-surveys"),
    Request("GET", "/api/v1/planning-projects"),
    Request("GET", "/aktivering"),
    Request("GET", "/aktivering/lista"),
    Request("GET", "/aktivering/ny"),
    Request("POST", "/aktivering/ny", form=_new(**ARRANGED)),
    Request("GET", "/aktivering/<uuid:uid>", "activation"),
    Request("GET", "/aktivering/<uuid:uid>/andra", "activation"),
    Request(
        "POST",
        "/aktivering/<uuid:uid>/andra",
        "activation",
        form=lambda world: ARRANGED | {"where": _where(world)},
        okay=MAY_BE_OVER,
    ),
    Request(
        "POST",
        "/aktivering/<uuid:uid>/steg/<key>",
        "activation",
        form=_known(**WHY),
        parts={"<key>": "stall_in"},
        okay=MAY_BE_OVER,
    ),
    Request("POST", "/aktivering/<uuid:uid>/utfall", "activation", form=_known(outcome="Livligt."), okay=MAY_BE_OVER),
    Request("POST", "/aktivering/<uuid:uid>/nasta", "activation", form=_known(), okay=MAY_BE_OVER),
    Request(
        "POST",
        "/aktivering/<uuid:uid>/tillstand",
        "activation",
        form=_known(kind="nyttjanderatt"),
        okay=(303, 409, 422),
    ),
    Request(
        "POST",
        "/aktivering/tillstand/<uuid:uid>",
        "permit",
        form=_known(move="sok", day=TODAY),
        okay=MAY_BE_OVER,
    ),
    Request("GET", "/narvaro"),
    Request("GET", "/narvaro/ny"),
    Request("POST", "/narvaro/ny", form=_new(kind="nattvandrare", weekdays="4", valid_from=TODAY, **HOURS)),
    Request("GET", "/narvaro/<uuid:uid>", "presence"),
    Request("GET", "/narvaro/<uuid:uid>/andra", "presence"),
    Request(
        "POST",
        "/narvaro/<uuid:uid>/andra",
        "presence",
        form=lambda _: {"following": str(uuid4()), "first": TODAY, "weekdays": "4", "people": "2"} | HOURS,
        okay=(303, 409, 422),
    ),
    Request(
        "POST",
        "/narvaro/<uuid:uid>/utfall",
        "presence",
        form=_known(month=TODAY, hours="4", contacts="12"),
        okay=(303, 409, 422),
    ),
    Request(
        "POST",
        "/narvaro/<uuid:uid>/avsluta",
        "presence",
        form=_known(valid_to="2099-01-01", **WHY),
        okay=MAY_BE_OVER,
    ),
    Request("GET", "/ordningsvakter"),
    Request("GET", "/ordningsvakter/ny"),
    Request("POST", "/ordningsvakter/ny", form=_new(**ASKED, **HOURS)),
    Request("POST", "/ordningsvakter/ram", form=_known(year="2099", hours="1000", source="KS"), okay=MAY_BE_OVER),
    Request("GET", "/ordningsvakter/<uuid:uid>", "patrol"),
    Request("POST", "/ordningsvakter/<uuid:uid>", "patrol", form=_known(**ASKED, **HOURS), okay=MAY_BE_OVER),
    Request(
        "POST",
        "/ordningsvakter/<uuid:uid>/steg/<key>",
        "patrol",
        form=_known(**WHY),
        also="presence:patrol:ask",
        parts={"<key>": "aterkalla"},
        okay=MAY_BE_OVER,
    ),
    Request(
        "POST",
        "/ordningsvakter/<uuid:uid>/utfall",
        "patrol",
        form=lambda _: {"outcome": str(uuid4()), "day": TODAY, "hours": "2"},
        okay=MAY_BE_OVER,
    ),
    Request("GET", "/rakningar"),
    Request("GET", "/rakningar/ny"),
    Request("POST", "/rakningar/ny", form=_new(**COUNTED)),
    Request("GET", "/rakningar/plats/<uuid:uid>", "place"),
    Request("GET", "/upplevelseindex"),
    Request("GET", "/upplevelseindex/ny"),
    Request("POST", "/upplevelseindex/ny", form=_new(title="Enkät", phase="fore", first_on=TODAY, last_on=TODAY)),
    Request("GET", "/upplevelseindex/<uuid:uid>", "survey"),
    Request(
        "POST",
        "/upplevelseindex/<uuid:uid>/svar",
        "survey",
        form=_known(question="kvall", n3="12"),
        okay=MAY_BE_OVER,
    ),
    Request("GET", "/planprojekt"),
    Request("GET", "/planprojekt/ny"),
    Request("POST", "/planprojekt/ny", form=_new(title="Nytt torg", kind="ombyggnad", starts_on=TODAY)),
    Request("GET", "/planprojekt/<uuid:uid>", "project"),
    Request(
        "POST",
        "/planprojekt/<uuid:uid>/steg/<key>",
        "project",
        form=_known(),
        parts={"<key>": "samrada"},
        okay=MAY_BE_OVER,
    ),
    Request(
        "POST",
        "/planprojekt/<uuid:uid>/mal",
        "project",
        form=lambda world: {"text": "Tryggt", "responsible": str(world.contractor), "follow_up_on": "2099-01-01"},
    ),
    Request(
        "POST",
        "/planprojekt/mal/<uuid:uid>",
        "social_goal",
        form=_known(result="delvis", why="Mätt."),
        okay=MAY_BE_OVER,
    ),
    Request(
        "POST",
        "/planprojekt/<uuid:uid>/fragor",
        "project",
        form=lambda world: {"asked": str(world.contractor), "question": "Var?"},
    ),
    Request("POST", "/planprojekt/fragor/<uuid:uid>", "inquiry", form=_known(text="Vid tunneln."), okay=MAY_BE_OVER),
)
