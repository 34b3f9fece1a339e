"""One good request for every page and operation of upkeep."""

from uuid import uuid4

from tests.contract.request import Request

STEP = {"days": "3", "side": "fore", "receiver": "ansvarig"}
CLOSE = {"move": "klarmarkera", "reason": "Tvättat."}
NEW_DATE = {"on": "2098-12-31", "reason": "Väntar på reservdel."}
OWN_DAY = {"day": "2027-12-30", "name": "Klämdag", "closes": "hela"}
REST = {"reason": "Regn"}


def _many(world):
    return {"vald": str(world.deadline), "act": "klarmarkera", "reason": "Tvättat."}


REQUESTS = (
    Request("GET", "/api/v1/deadlines"),
    Request("GET", "/api/v1/deadlines/<uuid:uid>", "deadline"),
    # Closing is refused for what the graffiti still lacks, which is klotter's business and not that of permissions.
    Request("POST", "/api/v1/deadlines/<uuid:uid>/moves", "deadline", json=lambda _: CLOSE, okay=(409,)),
    # Moving it makes another version of it, which those after it have not seen; and a moved one does not stand still.
    Request("POST", "/api/v1/deadlines/<uuid:uid>/date", "deadline", json=lambda _: NEW_DATE),
    Request("POST", "/api/v1/deadlines/<uuid:uid>/pause", "deadline", json=lambda _: REST, okay=(412,)),
    Request("POST", "/api/v1/deadlines/<uuid:uid>/resume", "deadline", json=lambda _: REST, okay=(412,)),
    Request("GET", "/api/v1/calendar/days"),
    Request("POST", "/api/v1/calendar/days", json=lambda _: OWN_DAY | {"day": "2027-12-29"}, okay=(201, 422)),
    # No day has this uid.
    Request("DELETE", "/api/v1/calendar/days/<uuid:uid>", okay=(404,)),
    Request("GET", "/skotsel"),
    Request("GET", "/skotsel/kalender"),
    Request("POST", "/skotsel/kalender", form=lambda _: OWN_DAY, okay=(303, 422)),
    # No day has this uid.
    Request("POST", "/skotsel/kalender/<uuid:uid>/ta-bort", form=lambda _: {}, okay=(404,)),
    Request("GET", "/skotsel/rapport"),
    Request("GET", "/skotsel/flera"),
    # Of what klotter has not let be closed nothing changes.
    Request("POST", "/skotsel/flera", form=_many, okay=(200,)),
    Request("POST", "/skotsel/flera/spara", form=lambda w: _many(w) | {"versions": "1"}, okay=(409,)),
    Request("GET", "/skotsel/frister/<uuid:uid>", "deadline"),
    Request(
        "POST", "/skotsel/frister/<uuid:uid>/<any(klarmarkera, oppna_igen):key>", "deadline",
        form=lambda _: {"reason": "Tvättat."}, parts={"<any(klarmarkera, oppna_igen):key>": "klarmarkera"}, okay=(409,),
    ),
    Request("POST", "/skotsel/frister/<uuid:uid>/ateruppta", "deadline", form=lambda _: REST, okay=(409,)),
    Request("POST", "/skotsel/frister/<uuid:uid>/flytta", "deadline", form=lambda _: NEW_DATE, okay=(303, 409)),
    Request("POST", "/skotsel/frister/<uuid:uid>/pausa", "deadline", form=lambda _: REST, okay=(409,)),
    # Some answer for it themselves, some wait for nothing there, and nothing is late.
    Request("POST", "/skotsel/frister/<uuid:uid>/paminn", "deadline", form=lambda _: {}, okay=(303, 422)),
    Request("POST", "/skotsel/paminn/<uuid:uid>", "organisation", form=lambda _: {}, okay=(303, 404, 422)),
    Request("GET", "/admin/paminnelser"),
    Request("POST", "/admin/paminnelser", form=lambda _: STEP, okay=(303, 422)),
    Request("POST", "/admin/paminnelser/ta-bort", form=lambda _: {"step": str(uuid4())}, okay=(404,)),
    Request("GET", "/jag/kalendrar"),
    Request("POST", "/jag/kalendrar", form=lambda _: {}, okay=(200, 404)),
    Request("POST", "/jag/kalendrar/avsluta", form=lambda _: {}, okay=(303, 404)),
    Request("GET", "/kalender/<key>.ics", okay=(404,)),
)  # fmt: skip
