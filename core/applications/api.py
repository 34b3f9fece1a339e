"""Applications in the API: listed, begun, read with their parts; a part is written under its own version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import access
from core.applications.models import READ, WRITE, Application, ApplicationEvidence, ApplicationMeasure, Milestone
from core.applications.parts import PARTS
from core.applications.schemas.parts import said_of
from core.applications.schemas.told import (
    ApplicationIn,
    ApplicationOut,
    ApplicationPage,
    ApplicationPartChange,
    ApplicationPartOut,
    ApplicationQuery,
    content_of,
    only_sent,
)
from core.applications.services import applications, content, evidence, measures, parts
from core.applications.services.summary import Summary, parts_summary
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place
from core.schema import Invalid

api = Api("applications-api", __name__, description="Ansökningar om medel, del för del.")


@api.route("/applications", methods=["GET"], needs=READ)
@api.asks(ApplicationQuery)
@api.response(200, ApplicationPage)
def list_applications(asked: dict[str, Any]) -> Any:
    """Ansökningar som du når, den senast påbörjade först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    wish = applications.Wish(asked["state"], asked.get("round"), asked.get("organisation"))
    found = applications.list_applications(actor(), wish, after=after)
    return {"items": [_line(row) for row in found.rows], "next": mark(found.after)}


@api.route("/applications/<uuid:uid>", methods=["PUT"], needs=WRITE)
@api.reads(ApplicationIn)
@api.response(201, ApplicationOut)
def begin_application(known: dict[str, Any], uid: UUID) -> Any:
    """Påbörja en ansökan under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    applications.begin_application(actor(), uid=uid, in_round=known.pop("round"), **known)
    return _application(applications.read_application(actor(), uid), 201)


@api.route("/applications/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, ApplicationOut)
def read_application(uid: UUID) -> Any:
    """En ansökan med sina delar; det som inte är sparat läser bara den som har skrivit det, på sidan."""
    return _application(applications.read_application(actor(), uid))


@api.route("/applications/<uuid:uid>/parts/<part>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, ApplicationPartOut)
def read_part(uid: UUID, part: str) -> Any:
    """En del med vad den innehåller och sina rader. ETag är delens egen version."""
    return _part(uid, part)


@api.route("/applications/<uuid:uid>/parts/<part>", methods=["PATCH"], needs=WRITE)
@api.doc(**{"x-version": "changes"})
@api.reads(ApplicationPartChange)
@api.response(200, ApplicationPartOut)
def change_part(known: dict[str, Any], uid: UUID, part: str) -> Any:
    """Ändra en del, byggt på dess version i If-Match; fält som utelämnas ur `content` står kvar.

    Med `done` blir den klar, om coachen inte saknar något i den.
    """
    schema = content_of(part)
    if schema is None:
        raise access.Missing("application_part", part)
    sent = known["content"]
    try:
        told = only_sent(schema().load(sent), sent)
    except Invalid as problem:
        raise problem.under("content") from problem
    facts = said_of(part, told)
    parts.write_part(actor(), uid, part, version=expected_version(), done=known["done"], **facts)
    return _part(uid, part)


def _line(found: Application) -> dict[str, Any]:
    names = ("uid", "number", "title", "state", "sought", "begun_at", "submitted_at")
    return {name: getattr(found, name) for name in names} | {
        "programme": found.programme.code,
        "round": found.round.uid if found.round else None,
        "organisation": found.organisation.uid,
        "organisation_name": found.organisation.name,
    }


def _application(found: Application, status: int = 200) -> Any:
    told = {"parts": [_part_line(one) for one in parts_summary(found).values()], "version": found.version}
    body = _line(found) | {"cycle": found.cycle.uid if found.cycle else None} | told
    return with_etag(body, found.version, status)


def _part_line(one: Summary) -> dict[str, Any]:
    row = one.part
    named = {"part": row.part, "title": PARTS[row.part].title, "told": ", ".join(one.told)}
    stands = {"stands": one.stands.label, "done_at": row.done_at, "wanted": row.wanted, "version": row.version}
    return named | stands


def _part(uid: UUID, key: str) -> Any:
    found = parts.read_part(actor(), uid, key)
    line = _part_line(parts_summary(found.application)[key])
    schema = content_of(key)
    said = schema().dump(content.held(found)) if schema is not None else {}
    return with_etag(line | {"content": said, "rows": _rows(found.application, key)}, found.part.version)


EVIDENCE = ("uid", "kind", "says", "source", "period", "value", "unit", "compared", "compared_with", "version")
MEASURE = ("uid", "number", "kind", "text", "quantity", "unit", "amount", "built", "weight", "version")
STEP = ("uid", "title", "due_on", "weight", "note", "version")


def _rows(application: Application, key: str) -> list[dict[str, Any]]:
    """Return the rows of a part, as JSON holds them."""

    def told(row: ApplicationEvidence | ApplicationMeasure | Milestone, names: tuple[str, ...]) -> dict[str, Any]:
        values = {name: getattr(row, name) for name in names}
        return {name: str(value) if name in ("uid", "due_on") else value for name, value in values.items()}

    if key == evidence.KEY:
        return [told(row, EVIDENCE) for row in evidence.evidence_of(actor(), application).rows]
    if key == measures.KEY:
        named = ("place", "cause", "measure")
        return [
            told(row, MEASURE)
            | {name: str(getattr(row, name).uid) if getattr(row, name) is not None else None for name in named}
            for row in measures.measures_of(application)
        ]
    if key == "tidplan":
        return [told(row, STEP) for row in content.milestones_of(application)]
    return []
