"""Which measures a grant is for (domain.md 1.3): money is granted by year, and a part of it may leave measures out.

What is left out is kept with the decision in its own words, as the new plan writes the measures anew. What each one
costs stands in the edition that was decided, and in the one that was accepted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import db
from core.applications.models import Application, ApplicationEdition, ApplicationMeasure, GrantDecision
from core.applications.services.measures import measures_of
from core.i18n import N_, Text
from core.schema import Invalid

SCHEMA = 1
PART = "delvis_beviljad"
ACCEPTED = "acceptera"
ONLY_PART = N_("Välj bara åtgärder här när en del beviljas.")
NOT_THERE = N_("Välj åtgärder i ansökan.")
ALL_OF_THEM = N_("Låt minst en åtgärd omfattas, eller välj Avslag.")
LEFT_OUT, GOES, WHOLE = N_("Omfattas inte"), N_("Utgår"), N_("Hela")
NEW, CHANGED, FOR_NOW = N_("Ny i planen"), N_("Ändrad"), N_("Omfattas")
MUST_GO = N_("Beslutet omfattar inte ”{text}”. Välj att åtgärden utgår.")


@dataclass(frozen=True)
class Line:
    """A measure of a grant: what was sought for it, what it costs in the plan that was accepted, and what became of it.

    `planned` is None before a plan is accepted, and for what is not done.
    """

    text: str
    sought: int | None
    planned: int | None
    says: str


def leave_out(application: Application, outcome: str, uids: Collection[UUID]) -> dict[str, Any] | None:
    """Return the chosen measures as a decision keeps them; None where it is for all. Raises Invalid."""
    if not uids:
        return None
    if outcome != PART:
        raise Invalid({"left_out": [ONLY_PART]})
    measures = [one for one in measures_of(application) if one.dropped_on is None]
    chosen = [one for one in measures if one.uid in set(uids)]
    if len(chosen) != len(set(uids)):
        raise Invalid({"left_out": [NOT_THERE]})
    if len(chosen) == len(measures):
        raise Invalid({"left_out": [ALL_OF_THEM]})
    kept = [{"uid": str(one.uid), "number": one.number, "text": one.text} for one in chosen]
    return {"schema": SCHEMA, "measures": kept}


def left_out_of(row: GrantDecision) -> list[dict[str, Any]]:
    """Return the measures that a decision is not for: uid, number and text of each, as they were."""
    return list(row.left_out["measures"]) if row.left_out else []


def must_go(row: GrantDecision | None, application: Application) -> list[ApplicationMeasure]:
    """Return the measures in the plan that the decision is not for."""
    gone = {one["uid"] for one in left_out_of(row)} if row is not None else set()
    return [one for one in measures_of(application) if str(one.uid) in gone and one.dropped_on is None] if gone else []


def lines_of(row: GrantDecision, application: Application) -> list[Line]:
    """Return each measure of a grant as it was sought, and as it stands in the plan that was accepted after it."""
    sought = _measures(_then(application) or _now(application))
    kept = _accepted(row, application)
    plan = _measures(kept) if kept is not None else None
    gone = {one["uid"] for one in left_out_of(row)}
    found = [_line(one, plan, left_out=one["uid"] in gone, part=row.outcome == PART) for one in sought.values()]
    new = [one for uid, one in (plan or {}).items() if uid not in sought and not one["dropped_on"]]
    return [*found, *(Line(one["text"], None, one["amount"], NEW) for one in new)]


def _line(one: dict[str, Any], plan: dict[str, Any] | None, *, left_out: bool, part: bool) -> Line:
    now = plan.get(one["uid"]) if plan is not None else None
    if left_out:
        return Line(one["text"], one["amount"], None, LEFT_OUT)
    if plan is None:
        return Line(one["text"], one["amount"], None, FOR_NOW if part else WHOLE)
    if now is None or now["dropped_on"]:
        return Line(one["text"], one["amount"], None, GOES)
    return Line(one["text"], one["amount"], now["amount"], WHOLE if now["amount"] == one["amount"] else CHANGED)


def _then(application: Application) -> dict[str, Any] | None:
    """Return the edition that was decided."""
    rows = select(ApplicationEdition.content).filter_by(application_id=application.id, number=application.edition)
    return db.session().scalar(rows)


def _accepted(row: GrantDecision, application: Application) -> dict[str, Any] | None:
    """Return the edition in which a new plan was accepted after a decision."""
    rows = select(ApplicationEdition.content).filter_by(application_id=application.id, why=ACCEPTED)
    rows = rows.where(ApplicationEdition.at >= row.confirmed_at).order_by(ApplicationEdition.number).limit(1)
    return db.session().scalar(rows) if row.confirmed_at is not None else None


def _now(application: Application) -> dict[str, Any]:
    names = ("text", "amount", "dropped_on")
    rows = [{name: getattr(one, name) for name in names} | {"uid": str(one.uid)} for one in measures_of(application)]
    return {"atgarder": {"rows": {"measures": rows}}}


def _measures(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(one["uid"]): one for one in content["atgarder"]["rows"]["measures"]}


def refusal(one: ApplicationMeasure) -> Text:
    """Return what is told of a measure that the plan still has and the decision is not for."""
    return Text(MUST_GO, text=one.text)
