"""Collaborations and agreements in the API, and which boards lack them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import clock
from core.agreements import services
from core.agreements.chapters import BY_NUMBER
from core.agreements.models import Agreement, Collaboration
from core.agreements.models.together import LEAD, PARTS, READ
from core.agreements.schemas import told
from core.agreements.services.coverage import READ_COVERAGE, Row
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, place

api = Api("agreements-api", __name__, description="Platssamverkan, överenskommelser och vilka som saknar dem.")


@api.route("/collaborations", methods=["GET"], needs=READ)
@api.asks(told.CollaborationQuery)
@api.response(200, told.CollaborationPage)
def list_collaborations(asked: dict[str, Any]) -> Any:
    """Platssamverkan, den nyaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = services.collaborations.list_collaborations(actor(), state=asked["state"], after=after)
    return {"items": [_collaboration_line(row) for row in found.rows], "next": mark(found.after)}


@api.route("/collaborations/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, told.CollaborationOut)
def read_collaboration(uid: UUID) -> Any:
    """En platssamverkan med platser, parter och åtaganden."""
    found = services.collaborations.read_collaboration(actor(), uid)
    names = ("vision", "agreed_on", "ended_on", "meeting_weeks", "version")
    places = services.collaborations.places_of(actor(), [found])[found.id]
    told_of = _collaboration_line(found) | {name: getattr(found, name) for name in names}
    told_of |= {"places": [one.uid for one in places], "cycle": found.cycle.uid if found.cycle else None}
    return with_etag(told_of | {"parties": _parties(found), "commitments": _commitments(found)}, found.version)


@api.route("/agreements", methods=["GET"], needs=READ)
@api.asks(told.AgreementQuery)
@api.response(200, told.AgreementPage)
def list_agreements(asked: dict[str, Any]) -> Any:
    """Överenskommelser, den nyaste först; `galler` är alla som gäller. `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    wanted = {"state": asked["state"], "kind": asked["kind"]}
    found = services.agreements.list_agreements(actor(), **wanted, after=after)
    return {"items": [_agreement_line(row) for row in found.rows], "next": mark(found.after)}


@api.route("/agreements/<uuid:uid>", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, told.AgreementOut)
def read_agreement(uid: UUID) -> Any:
    """En överenskommelse med kapitel, parter med underskrifter och åtaganden."""
    return _agreement(services.agreements.read_agreement(actor(), uid))


@api.route("/agreements/<uuid:uid>/moves", methods=["POST"], needs=LEAD)
@api.doc(**{"x-version": "changes"})
@api.reads(told.AgreementMove)
@api.response(200, told.AgreementOut)
def move_agreement(known: dict[str, Any], uid: UUID) -> Any:
    """Skicka på remiss, låt signera, säg upp. Ett steg som inte går ger 409 med allt som hindrar."""
    services.signing.move_agreement(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    return _agreement(services.agreements.read_agreement(actor(), uid))


@api.route("/cooperation-coverage", methods=["GET"], needs=READ_COVERAGE)
@api.asks(told.CoverageQuery)
@api.response(200, told.CoverageOut)
def read_coverage(asked: dict[str, Any]) -> Any:
    """Varje stadsdelsnämnd en dag: platssamverkan, överenskommelse med polisen, lokalt råd, och vad som saknas."""
    day = asked["day"] or clock.today()
    return {"day": day, "items": [_row(row, day) for row in services.coverage.coverage(actor(), day)]}


def _collaboration_line(row: Collaboration) -> dict[str, Any]:
    names = ("uid", "number", "name", "state", "started_on")
    return {name: getattr(row, name) for name in names} | {"organisation": row.organisation.uid}


def _agreement_line(row: Agreement) -> dict[str, Any]:
    names = ("uid", "number", "edition", "title", "kind", "state", "valid_from", "valid_to", "review_on")
    return {name: getattr(row, name) for name in names} | {"organisation": row.organisation.uid}


def _agreement(row: Agreement) -> Any:
    names = ("applies_on", "ended_on", "digest", "version")
    text = services.texts.text_of(row)
    signed = ("signed_on", "signed_by", "signed_how")
    parties = services.parties.parties_of(actor(), row)
    said = _agreement_line(row) | {name: getattr(row, name) for name in names}
    said |= {
        "previous": row.previous.uid if row.previous else None,
        "chapters": [one | {"title": BY_NUMBER[one["number"]].title} for one in text["chapters"]],
        "parties": [_party(one) | {name: getattr(one, name) for name in signed} for one in parties],
        "commitments": _commitments(row),
    }
    return with_etag(said, row.version)


def _party(one: Any) -> dict[str, Any]:
    home = one.organisation
    return {"organisation": home.uid, "name": home.name, "role": one.role, "mandate": one.mandate}


def _parties(thing: Any) -> list[dict[str, Any]]:
    return [_party(one) for one in services.parties.parties_of(actor(), thing)]


def _commitments(thing: Any) -> list[dict[str, Any]]:
    names = ("uid", "kind", "what", "rrule", "state")
    return [
        {name: getattr(one.commitment, name) for name in names}
        | {"party": one.commitment.organisation.name, "kept": one.kept, "missed": one.missed, "next_on": one.next}
        for one in services.commitments.commitments_of(actor(), thing)
    ]


def _row(row: Row, day: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"organisation": row.board.uid, "name": row.board.name, "lacks": row.lacks}
    for part in PARTS:
        found[part] = [_covered(part, one, row, day) for one in row.of(part)]
    return found


def _covered(part: str, one: Any, row: Row, day: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "name": one.title if part == "polis" else one.name,
        "since": one.applies_on if part == "polis" else one.started_on,
        "until": one.valid_to if part == "polis" else one.ended_on,
        "late_review": part == "polis" and services.coverage.late_review(one, day),
        "mandate": row.mandates[part, one.id],
    }
