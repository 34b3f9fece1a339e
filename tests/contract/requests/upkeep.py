"""One good request for every page and operation of upkeep."""

from tests.contract.request import Request

CLOSE = {"move": "klarmarkera", "reason": "Tvättat."}


REQUESTS = (
    Request("GET", "/api/v1/deadlines"),
    Request("GET", "/api/v1/deadlines/<uuid:uid>", "deadline"),
    # Closing is refused for what the graffiti still lacks, which is klotter's business and not that of permissions.
    Request("POST", "/api/v1/deadlines/<uuid:uid>/moves", "deadline", json=lambda _: CLOSE, okay=(409,)),
    Request("GET", "/skotsel"),
    Request("GET", "/skotsel/rapport"),
    Request("GET", "/skotsel/frister/<uuid:uid>", "deadline"),
    Request(
        "POST", "/skotsel/frister/<uuid:uid>/<any(klarmarkera, oppna_igen):key>", "deadline",
        form=lambda _: {"reason": "Tvättat."}, parts={"<any(klarmarkera, oppna_igen):key>": "klarmarkera"}, okay=(409,),
    ),
)  # fmt: skip
