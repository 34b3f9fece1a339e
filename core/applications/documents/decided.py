"""A decision on paper: the letter to who applied, and the extract of the minutes; with the decision as data inside.

Only a decision that holds: one that waits for its second person, or was recorded wrongly, has no paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from core import access, db
from core.access import Actor
from core.applications.decision_letter import ANSWERS, RETURNED
from core.applications.documents.offered import Group, Offered, offers
from core.applications.documents.whole import head_of
from core.applications.models import (
    DECISION_READ,
    GRANTS,
    MOTIVES,
    OUTCOMES,
    Application,
    ApplicationEdition,
    GrantDecision,
)
from core.applications.services import by_measure, decisions, promises_live, proposed
from core.applications.services.amounts import sought_by_year
from core.documents import About, Content, kind
from core.i18n import N_, Text
from core.people.models import Organisation
from core.reserve.models import Programme
from core.schema.paragraphs import signed_paragraph

LETTER, EXTRACT = "applications:beslut", "applications:protokollsutdrag"
DATA, SCHEMA = "beslut.json", 1
HOLDS = "bekraftad"


def about_decision(actor: Actor, uid: UUID) -> About:
    """Return what a paper of a decision that holds is about. Raises Missing for any other."""
    row = _holding(actor, uid)
    told = {"paragraph": signed_paragraph(row.paragraph), "title": row.application.title}
    return About(
        Text(N_("Beslut {paragraph}: {title}"), **told), f"/beslut/{row.uid}", max(row.level, row.application.level)
    )


def _holding(actor: Actor, uid: UUID) -> GrantDecision:
    row = decisions.read_decision(actor, uid)
    if row.state != HOLDS:
        raise access.Missing("decision", uid)
    return row


@kind(
    LETTER, title=N_("Beslutsmeddelande"), needs=DECISION_READ, about=about_decision, template="documents/decided.html"
)
def letter(actor: Actor, uid: UUID) -> Content:
    """Gather what who applied is told: what was decided and why, the conditions, what to do now, how to ask."""
    row = _holding(actor, uid)
    told = _told(row)
    application = row.application
    owner = _owner(application)
    built = promises_live.built_of([application])[application.id] if row.outcome in GRANTS else []
    told |= {
        "answer": ANSWERS[row.outcome],
        "plan_by": row.plan_by if application.state == row.outcome else None,
        "measures": by_measure.lines_of(row, row.application) if row.outcome in GRANTS else [],
        "returned": RETURNED.get(row.returns_to, ""),
        "promises": [(one.measure, one.promise) for one in built if one.promise is not None],
        "copies": sorted({owns.name for owns in _owners(built) if owns.id != application.organisation_id}),
        "owner": owner,
        "contacts": owner.contacts.splitlines(),
        "address": f"{db.settings().base_url}/ansokningar/{application.uid}/beslut",
    }
    return Content(
        title=Text(N_("Beslut om {title}"), title=application.title),
        filename=f"beslut {application.number}",
        context=head_of(row.meeting.organisation.name) | told,
        files={DATA: (as_data(row, told), "application/json")},
        attached={DATA: N_("Beslutet som data")},
        level=max(row.level, application.level),
    )


@kind(
    EXTRACT,
    title=N_("Protokollsutdrag"),
    needs=DECISION_READ,
    about=about_decision,
    template="documents/extract.html",
)
def extract(actor: Actor, uid: UUID) -> Content:
    """Gather the paragraph of the minutes: the matter, the proposal, what was decided, reservations."""
    row = _holding(actor, uid)
    offer = proposed.offer_of(row.application)
    named = {"paragraph": signed_paragraph(row.paragraph), "title": row.application.title}
    told = _told(row) | {"offer": offer, "proposed": {year: offer.proposed[year] for year in sorted(offer.proposed)}}
    return Content(
        title=Text(N_("Protokollsutdrag {paragraph}: {title}"), **named),
        filename=f"protokollsutdrag {row.application.number}",
        context=head_of(row.meeting.organisation.name) | told,
        files={DATA: (as_data(row, told), "application/json")},
        attached={DATA: N_("Beslutet som data")},
        level=max(row.level, row.application.level),
    )


def _told(row: GrantDecision) -> dict[str, Any]:
    granted = decisions.amounts_of([row])[row.id]
    sought = sought_then(row.application)
    programme = db.session().get_one(Programme, row.application.programme_id)
    return {
        "row": row,
        "application": row.application,
        "meeting": row.meeting,
        "outcome": OUTCOMES[row.outcome],
        "motive": MOTIVES.get(row.motive, ""),
        "grants": row.outcome in GRANTS,
        "granted": granted,
        "left_out": [one["text"] for one in by_measure.left_out_of(row)],
        "sought": sought,
        "years": sorted({*granted, *sought}),
        "programme": programme,
    }


def sought_then(application: Application) -> dict[int, int]:
    """Return what was sought in the edition that the decision is of, in kronor by year; without one, as it stands.

    A grant of a part is followed by a new plan, which seeks what was granted.
    """
    rows = select(ApplicationEdition.content).filter_by(application_id=application.id, number=application.edition)
    kept = db.session().scalar(rows)
    if kept is None:
        return sought_by_year([application.id]).get(application.id, {})
    return {one["year"]: one["total"] for one in kept["utgifter"]["rows"]["years"]}


def as_data(row: GrantDecision, told: dict[str, Any]) -> bytes:
    """Return a decision as JSON, for a program: as the API tells it, with what was sought. Whole kronor."""
    data = {"schema": SCHEMA} | decisions.as_json(row, told["granted"])
    data["sought"] = [{"year": year, "kronor": kronor} for year, kronor in told["sought"].items()]
    data["programme"], data["diary"] = told["programme"].code, row.meeting.diary
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def _owners(built: Iterable[promises_live.Built]) -> list[Organisation]:
    return [one.promise.owner for one in built if one.promise is not None and one.promise.owner is not None]


def _owner(application: Application) -> Organisation:
    rows = select(Organisation).join(Programme, Programme.owner_id == Organisation.id)
    return db.session().scalars(rows.where(Programme.id == application.programme_id)).one()


@offers
def _offers(actor: Actor, application: Application) -> Iterable[Group]:
    if not actor.may(DECISION_READ):
        return
    found = decisions.list_decisions(actor, decisions.Wish(state=HOLDS, application=application.uid)).rows
    items: list[Offered] = []
    for row in found:
        told = {"paragraph": signed_paragraph(row.paragraph), "day": row.meeting.held_on.isoformat()}
        items += [
            Offered(Text(N_("Beslutsmeddelande {day}, {paragraph}"), **told), LETTER, row.uid),
            Offered(Text(N_("Protokollsutdrag {day}, {paragraph}"), **told), EXTRACT, row.uid),
        ]
    yield Group(N_("Beslut"), N_("Beslutet ligger också i filen som data (beslut.json), för andra system."), items)
