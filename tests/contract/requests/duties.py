"""One good request for every page and operation of duties."""

from uuid import uuid4

from tests.contract.request import Request

WHY = {"reason": "Fel dag."}
DECIDED = {"decided_on": "2026-01-01", "decided_by": "KS", "decision": "§ 1"}
LAW = "duties:law:edit"


def _new(**known):
    return lambda _: {"uid": str(uuid4())} | known


def _own(**known):
    """About the board's own organisation."""
    return lambda world: {"uid": str(uuid4()), "organisation": str(world.home)} | known


def _function(world):
    facts = {"title": "Funktionen", "mandate": "Samordnar.", "mailbox": "a@b.example", "decided_on": "2026-01-01"}
    facts |= {"decided_by": "KS", "valid_from": "2099-01-01"}
    return {"uid": str(uuid4()), "organisation": str(world.home)} | facts


def _goal(world):
    facts = {"year": "2027", "nr": "1.9", "text": "Tryggare", "parent": str(world.city_goal)}
    return {"uid": str(uuid4()), "organisation": str(world.home)} | facts


def _plan(world):
    return {"uid": str(uuid4()), "report": str(world.report), "title": "Plan"}


REQUESTS = (
    Request("GET", "/api/v1/law-compliance"),
    Request("GET", "/api/v1/ils-reports"),
    Request("GET", "/api/v1/ils-reports/<uuid:uid>", "ils_report"),
    Request("GET", "/vart-arbete"),
    Request("GET", "/lagkrav"),
    Request("GET", "/lagkrav/samordnare"),
    Request("POST", "/lagkrav/samordningsfunktion", form=_function, okay=(303, 422)),
    Request(
        "POST",
        "/lagkrav/samordningsfunktion/<uuid:uid>/avsluta",
        "function",
        form=lambda _: {"on": "2026-02-01"},
        okay=(303, 409),
    ),
    Request(
        "POST",
        "/lagkrav/samordnare",
        form=_own(title="Samordnare", mandate="Leder.", valid_from="2026-01-01"),
    ),
    Request(
        "POST",
        "/lagkrav/samordnare/<uuid:uid>/avsluta",
        "coordinator",
        form=lambda _: {"on": "2099-02-01"},
        okay=(303, 409),
    ),
    Request("GET", "/lagkrav/samordningsfunktion/<uuid:uid>", "function"),
    Request(
        "POST",
        "/lagkrav/samordningsfunktion/<uuid:uid>",
        "function",
        form=lambda world: {name: value for name, value in _function(world).items() if name != "uid"},
        okay=(303, 409, 422),
    ),
    Request("GET", "/lagkrav/samordnare/<uuid:uid>", "coordinator"),
    Request(
        "POST",
        "/lagkrav/samordnare/<uuid:uid>",
        "coordinator",
        form=lambda world: {
            "organisation": str(world.home),
            "title": "Samordnare",
            "mandate": "Leder.",
            "valid_from": "2026-01-01",
        },
        okay=(303, 409),
    ),
    Request("GET", "/lagkrav/lagesbilder"),
    Request("POST", "/lagkrav/lagesbilder", form=_new(title="Ny", first_on="2026-01-01", last_on="2026-12-31")),
    # The lägesbild is approved: everybody in the city reads it, and nobody writes in it.
    Request("GET", "/lagkrav/lagesbilder/<uuid:uid>", "report"),
    Request("GET", "/lagkrav/lagesbilder/<uuid:uid>/avsnitt/<key>", "report", parts={"<key>": "analys"}),
    Request(
        "POST",
        "/lagkrav/lagesbilder/<uuid:uid>/avsnitt/<key>",
        "report",
        form=lambda _: {"text": "Nytt"},
        parts={"<key>": "analys"},
        okay=(409,),
    ),
    Request(
        "POST", "/lagkrav/lagesbilder/<uuid:uid>/kallor", "report", form=_new(kind="egen", name="Prov"), okay=(409,)
    ),
    Request(
        "POST",
        "/lagkrav/lagesbilder/<uuid:uid>/tabeller",
        "report",
        form=_new(title="Prov", cells="a;b\n1;2"),
        okay=(409,),
    ),
    Request("POST", "/lagkrav/kallor/<uuid:uid>/ta-bort", "source", form=lambda _: {}, okay=(409,)),
    Request("POST", "/lagkrav/tabeller/<uuid:uid>/ta-bort", "table", form=lambda _: {}, okay=(409,)),
    Request(
        "POST",
        "/lagkrav/lagesbilder/<uuid:uid>/steg/<key>",
        "report",
        form=lambda _: DECIDED,
        parts={"<key>": "godkann"},
        okay=(409,),
    ),
    Request("GET", "/lagkrav/atgardsplaner"),
    Request("POST", "/lagkrav/atgardsplaner", form=_plan),
    Request("GET", "/lagkrav/atgardsplaner/<uuid:uid>", "action_plan"),
    Request(
        "POST",
        "/lagkrav/atgardsplaner/<uuid:uid>/atgarder",
        "action_plan",
        form=_own(text="Mer", section="platser", ends_on="2027-01-01"),
        okay=(409,),
    ),
    Request(
        "POST",
        "/lagkrav/atgardsplaner/<uuid:uid>/steg/<key>",
        "action_plan",
        form=lambda _: DECIDED,
        parts={"<key>": "besluta"},
        okay=(409,),
    ),
    # The plan was decided, and another since then.
    Request("GET", "/lagkrav/atgarder/<uuid:uid>", "plan_measure"),
    Request(
        "POST",
        "/lagkrav/atgarder/<uuid:uid>",
        "plan_measure",
        form=lambda _: {"result": "ej", "why": "Ingen tid."},
        okay=(409,),
    ),
    Request("POST", "/lagkrav/atgarder/<uuid:uid>/ta-bort", "plan_measure", form=lambda _: {}, okay=(409,)),
    Request("GET", "/ils"),
    Request(
        "POST",
        "/ils",
        form=lambda world: {"year": "2027", "period": "T1", "organisations": str(world.home)},
    ),
    Request("GET", "/ils/mal"),
    Request("POST", "/ils/mal", form=_goal, okay=(303, 422)),
    Request("GET", "/ils/mal/<uuid:uid>", "ils_goal"),
    Request("POST", "/ils/mal/<uuid:uid>", "ils_goal", form=lambda _: {"nr": "1.1.9", "text": "Ljus"}, okay=(303, 409)),
    Request(
        "POST",
        "/ils/indikatorer/<uuid:uid>",
        "ils_indicator",
        okay=(303, 409),
        form=lambda _: {"text": "Andel", "target": "6"},
    ),
    Request("POST", "/ils/aktiviteter/<uuid:uid>", "ils_activity", form=lambda _: {"text": "Spring"}, okay=(303, 409)),
    Request("POST", "/ils/mal/<uuid:uid>/indikatorer", "ils_goal", form=_new(text="Andel", target="5")),
    Request("POST", "/ils/mal/<uuid:uid>/aktiviteter", "ils_goal", form=_new(text="Gå")),
    Request("GET", "/ils/<uuid:uid>", "ils_report"),
    Request("GET", "/ils/rader/<uuid:uid>", "ils_line"),
    Request("POST", "/ils/rader/<uuid:uid>", "ils_line", form=lambda _: {"outcome": "3"}, okay=(303, 409)),
    Request("POST", "/ils/bedomningar/<uuid:uid>", "ils_verdict", form=lambda _: {"verdict": "helt"}, okay=(303, 409)),
    Request(
        "POST",
        "/ils/<uuid:uid>/steg/<key>",
        "ils_report",
        form=lambda _: WHY,
        parts={"<key>": "oppna_igen"},
        okay=(409,),
    ),
)
