"""What applications are judged by, as data: taken in from the seed pack, found by the day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.applications.models import EDIT, Criterion
from core.dated import valid_on
from core.places.services import rows_of


def load_criteria(actor: Actor) -> int:
    """Take in the criteria of the seed pack, where there are none; return how many it has."""
    access.require(actor, EDIT)
    rows = rows_of("criteria.csv")
    if db.session().scalar(select(Criterion.id).limit(1)) is not None:
        return 0
    for position, row in enumerate(rows):
        days = {
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        }
        facts = {"key": row["key"], "title": row["title"], "what": row["what"], "gate": row["gate"] == "ja"}
        db.session().add(Criterion(weight=int(row["weight"]), position=position, **facts, **days))
    db.session().flush()
    return len(rows)


def criteria(on: date | None = None) -> list[Criterion]:
    """Return the criteria that hold on a day, today if none is given, gates first."""
    rows = select(Criterion).where(valid_on(Criterion, on or clock.today()))
    return list(db.session().scalars(rows.order_by(Criterion.gate.desc(), Criterion.position)))
