"""Which boards have a platssamverkan, an agreement with the police and a local council on a day, and which lack one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.agreements.models import Agreement, AgreementParty, Collaboration, CollaborationParty, Council, CouncilMember
from core.agreements.models.together import BOARD_KIND, LEAD, PARTS
from core.dated import valid_on
from core.people.models import Organisation
from core.people.services import carrying_on

READ_COVERAGE = "agreements:coverage:read"


@dataclass
class Row:
    """A board, and what it has on a day; `mandates` is who answers for each thing there, by its key."""

    board: Organisation
    collaborations: list[Collaboration] = field(default_factory=list)
    police: list[Agreement] = field(default_factory=list)
    councils: list[Council] = field(default_factory=list)
    mandates: dict[tuple[str, int], str] = field(default_factory=dict)

    def of(self, part: str) -> list[Any]:
        """Return what the board has of a part."""
        found: dict[str, list[Any]] = {"platssamverkan": self.collaborations, "rad": self.councils}
        return found.get(part, self.police)

    @property
    def lacks(self) -> list[str]:
        """Which parts it has nothing of."""
        return [part for part in PARTS if not self.of(part)]


def coverage(actor: Actor, day: date | None = None) -> list[Row]:
    """Return every board that there is on a day (today) and that the actor reaches, by name, with what it has then.

    What a board did that was merged into another counts for the one that carries on. A handful of queries, whatever
    there is.
    """
    access.require(actor, READ_COVERAGE)
    on = day or clock.today()
    boards = select(Organisation).where(Organisation.kind == BOARD_KIND, valid_on(Organisation, on))
    boards = boards.where(access.within(actor, READ_COVERAGE, Organisation.id)).order_by(Organisation.name)
    return _rows_of(list(db.session().scalars(boards)), on)


def _rows_of(boards: list[Organisation], on: date) -> list[Row]:
    """Return what boards have on a day, whoever asks: it is what kommunstyrelsen follows up, and no text of any."""
    rows, heirs = {board.id: Row(board) for board in boards}, carrying_on(on)
    before = [key for key, heir in heirs.items() if heir in rows]
    leads = {
        "platssamverkan": CollaborationParty.mandate,
        "polis": AgreementParty.mandate,
        "rad": CouncilMember.function,
    }
    models: dict[str, Any] = {"platssamverkan": Collaboration, "polis": Agreement, "rad": Council}
    parties: dict[str, Any] = {
        "platssamverkan": (CollaborationParty, CollaborationParty.collaboration_id),
        "polis": (AgreementParty, AgreementParty.agreement_id),
        "rad": (CouncilMember, CouncilMember.council_id),
    }
    for part, model in models.items():
        party, column = parties[part]
        led = and_(column == model.id, party.organisation_id == model.organisation_id)
        found = select(model, leads[part]).outerjoin(party, led).options(joinedload(model.organisation))
        found = found.where(model.organisation_id.in_(before), holds_on(part, on)).order_by(model.id)
        for one, mandate in db.session().execute(found):
            row = rows[heirs[one.organisation_id]]
            row.of(part).append(one)
            row.mandates[part, one.id] = mandate or ""
    return list(rows.values())


def holds_on(part: str, on: date) -> Any:
    """Return the condition that a platssamverkan, an agreement with the police or a council counts on a day."""
    if part == "polis":
        lasts = and_(Agreement.valid_to >= on, or_(Agreement.ended_on.is_(None), Agreement.ended_on > on))
        return and_(Agreement.kind == "polis_lokal", Agreement.applies_on <= on, lasts)
    if part == "rad":
        return and_(Council.active_on <= on, or_(Council.ended_on.is_(None), Council.ended_on > on))
    return and_(Collaboration.started_on <= on, or_(Collaboration.ended_on.is_(None), Collaboration.ended_on > on))


def own_lacks(actor: Actor) -> list[Row]:
    """Return the boards that the actor leads collaborations for and that lack something today."""
    access.require(actor, LEAD)
    homes = actor.homes(LEAD)
    boards = select(Organisation).where(Organisation.id.in_(homes), Organisation.kind == BOARD_KIND)
    found = list(db.session().scalars(boards.where(valid_on(Organisation, clock.today()))))
    return [row for row in _rows_of(found, clock.today()) if row.lacks] if found else []


def late_review(row: Agreement, on: date) -> bool:
    """Whether the yearly review of an agreement is late on a day."""
    return row.review_on is not None and row.review_on < on
