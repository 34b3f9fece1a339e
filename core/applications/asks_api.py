"""Questions about applications to other organisations, and editions, in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.applications.models import ASK_ANSWER, ASK_READ, READ, ApplicationAsk, ApplicationEdition
from core.applications.schemas.asking import AnswerForm, AskPage, AskQuery, AskWhole
from core.applications.schemas.writing_together import EditionOut, EditionPage
from core.applications.services import applications, asking, editions
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place

api = Api("application-asks-api", __name__, description="Frågor om ansökningar till andra, och ansökningars utgåvor.")


@api.route("/application-asks", methods=["GET"], needs=ASK_READ)
@api.asks(AskQuery)
@api.response(200, AskPage)
def list_asks(asked: dict[str, Any]) -> Any:
    """Det er organisation är tillfrågad om, det nyaste först; `answered` är det som är besvarat."""
    after: Any = place(asked.get("after"), int)
    rows, further = asking.asks_for(actor(), answered=asked["answered"], after=after)
    return {"items": [_line(row) for row in rows], "next": mark(further)}


@api.route("/application-asks/<uuid:uid>", methods=["GET"], needs=ASK_READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, AskWhole)
def read_ask(uid: UUID) -> Any:
    """En fråga med platser och åtgärder."""
    return _whole(asking.read_ask(actor(), uid))


@api.route("/application-asks/<uuid:uid>/answer", methods=["POST"], needs=ASK_ANSWER)
@api.doc(**{"x-version": "changes"})
@api.reads(AnswerForm)
@api.response(200, AskWhole)
def answer_ask(known: dict[str, Any], uid: UUID) -> Any:
    """Svara för den organisation som är tillfrågad. Det som redan är besvarat ger 409."""
    asking.answer(actor(), uid, **known, version=expected_version())
    return _whole(asking.read_ask(actor(), uid))


@api.route("/applications/<uuid:uid>/editions", methods=["GET"], needs=READ)
@api.response(200, EditionPage)
def list_editions(uid: UUID) -> Any:
    """Utgåvorna av en ansökan, den senaste först."""
    rows = editions.editions_of(actor(), applications.read_application(actor(), uid))
    return {"items": [_edition(row) for row in rows], "next": None}


@api.route("/applications/<uuid:uid>/editions/<int:number>", methods=["GET"], needs=READ)
@api.response(200, EditionOut)
def read_edition(uid: UUID, number: int) -> Any:
    """Allt som en utgåva håller."""
    row = editions.read_edition(actor(), uid, number)
    return _edition(row) | {"content": row.content}


def _line(row: ApplicationAsk) -> dict[str, Any]:
    names = ("uid", "asked_for", "state", "asked_at", "question", "answered_on", "version")
    said = {name: getattr(row, name) for name in names}
    about = {"application": row.application.title, "number": row.application.number}
    who = {"organisation": row.organisation.uid, "asked_by": row.application.organisation.name}
    return said | about | who | {"stance": row.stance, "answer": row.answer}


def _whole(row: ApplicationAsk) -> Any:
    places, measures = asking.told_of(row)
    told = [{"number": one.number, "text": one.text, "place": one.place.name if one.place else ""} for one in measures]
    return with_etag(_line(row) | {"places": places, "measures": told}, row.version)


def _edition(row: ApplicationEdition) -> dict[str, Any]:
    return {"number": row.number, "why": row.why, "at": row.at, "digest": row.digest.hex()}
