"""The text of an agreement as one thing: gathered from what is known, frozen when it is to be signed, compared."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from sqlalchemy import select

from core import db
from core.agreements.chapters import CHAPTERS, COMMITMENTS, GOALS, PARTIES, PLACES, SIGNATURES, TERM
from core.agreements.models import (
    Agreement,
    AgreementArea,
    AgreementChapter,
    AgreementGoal,
    AgreementParty,
    AgreementPlace,
    AgreementPriority,
    Commitment,
)
from core.cooperation.models import Goal
from core.people.models import Organisation
from core.places.models import Area, Place

LEAST = 2
LISTS = ("parties", "places", "areas", "goals", "priorities", "commitments")
"""What of a text is a list, beside its chapters."""


def text_of(row: Agreement) -> dict[str, Any]:
    """Return the text of an agreement as it stands: frozen once it is to be signed, else as it is written now."""
    return row.frozen if row.frozen is not None else gathered(row)


def gathered(row: Agreement) -> dict[str, Any]:
    """Gather the text of an agreement from what is known, in a few queries, whoever asks."""
    ask = db.session().execute
    here = {"agreement_id": row.id}
    written = dict(ask(select(AgreementChapter.number, AgreementChapter.text).filter_by(**here)).all())
    parties = select(Organisation.name, AgreementParty.role, AgreementParty.mandate, AgreementParty.substitute)
    parties = parties.add_columns(AgreementParty.resources).join(
        Organisation, Organisation.id == AgreementParty.organisation_id
    )
    parties = parties.where(AgreementParty.agreement_id == row.id, AgreementParty.left_on.is_(None))
    places = select(Place.number, Place.name).join(AgreementPlace, AgreementPlace.place_id == Place.id)
    areas = select(Area.name).join(AgreementArea, AgreementArea.area_id == Area.id)
    goals = select(Goal.text, Goal.indicator, Goal.baseline, Goal.target, Goal.unit, Goal.due_on).join(
        AgreementGoal, AgreementGoal.goal_id == Goal.id
    )
    doing = select(Organisation.name.label("party"), Commitment.kind, Commitment.what, Commitment.location)
    doing = doing.add_columns(Commitment.starts_on, Commitment.due_on, Commitment.rrule, Commitment.indicator)
    doing = doing.join(Organisation, Organisation.id == Commitment.organisation_id)
    doing = doing.where(Commitment.agreement_id == row.id, Commitment.state != "avbojt").order_by(Commitment.number)
    first = select(AgreementPriority.title, AgreementPriority.text).filter_by(**here)
    return {
        "schema": 1,
        "title": row.title,
        "kind": row.kind,
        "valid_from": _day(row.valid_from),
        "valid_to": _day(row.valid_to),
        "chapters": [{"number": one.number, "text": written.get(one.number, "")} for one in CHAPTERS],
        "parties": _rows(ask(parties.order_by(Organisation.name))),
        "places": _rows(ask(places.where(AgreementPlace.agreement_id == row.id).order_by(Place.name))),
        "areas": _rows(ask(areas.where(AgreementArea.agreement_id == row.id).order_by(Area.name))),
        "goals": _rows(ask(goals.where(AgreementGoal.agreement_id == row.id).order_by(Goal.number, Goal.id))),
        "priorities": _rows(ask(first.order_by(AgreementPriority.number))),
        "commitments": _rows(ask(doing)),
    }


def _rows(found: Any) -> list[dict[str, Any]]:
    return [{name: _day(value) for name, value in row._asdict().items()} for row in found]


def _day(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def digest_of(text: dict[str, Any]) -> str:
    """Return the SHA-256 of a text: what a signature is of."""
    return hashlib.sha256(orjson.dumps(text, option=orjson.OPT_SORT_KEYS)).hexdigest()


def lacking(text: dict[str, Any]) -> list[int]:
    """Return the numbers of the chapters that say nothing yet: neither in words nor by what is known."""
    known = {
        PARTIES: len(text["parties"]) >= LEAST,
        PLACES: bool(text["places"] or text["areas"]),
        GOALS: bool(text["goals"] or text["priorities"]),
        COMMITMENTS: bool(text["commitments"]),
        TERM: bool(text["valid_from"] and text["valid_to"]),
        SIGNATURES: True,
    }
    said = {one["number"]: bool(one["text"].strip()) for one in text["chapters"]}
    needed = (PARTIES, TERM)
    return [
        one.number
        for one in CHAPTERS
        if not (known[one.drawn] if one.drawn in needed else said[one.number] or known.get(one.drawn, False))
    ]


def differences(before: dict[str, Any], now: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what is new in a text: the numbers of chapters whose words are others, and the lists that are."""
    was = {one["number"]: one["text"] for one in before["chapters"]}
    chapters = [one["number"] for one in now["chapters"] if one["text"].strip() != was.get(one["number"], "").strip()]
    lists = [name for name in LISTS if before[name] != now[name]]
    return {"chapters": chapters, "lists": lists}


def what_changed(row: Agreement) -> dict[str, list[Any]] | None:
    """Return what is new in an edition since the one before, that the actor reads both of; None for the first."""
    before = db.session().get(Agreement, row.previous_id) if row.previous_id else None
    return differences(text_of(before), text_of(row)) if before is not None else None
