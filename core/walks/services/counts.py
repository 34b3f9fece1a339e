"""Who took part in a walk, as counts: few are never told apart to others (design.md 9)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core import access, db, journal
from core.access import Actor
from core.i18n import N_
from core.walks.models import ParticipantCount, Walk
from core.walks.services.protocol import refuse_adjusted
from core.walks.services.reaching import reaches

FEW = 5


@dataclass(frozen=True)
class Participants:
    """How many came. `cells` are empty for those who may not see them: then only the sum is told."""

    cells: list[ParticipantCount]
    total: int
    hidden: bool


def count_participants(actor: Actor, uid: UUID, *, category: str, age: str, gender: str, count: int) -> None:
    """Write how many of a category, age and gender took part; 0 takes the line away.

    Raises Missing, Denied, and Refused when the protocol, which tells it, is adjusted.
    """
    walk = access.find(Walk, uid, actor, "walks:walk:lead", lock=True)
    refuse_adjusted(walk, N_("Vandringen har läget ”{state}”. Då går det inte att ändra hur många som deltog."))
    key = (walk.id, category, age, gender)
    row = db.session().get(ParticipantCount, key)
    if row is not None and count == 0:
        db.session().delete(row)
    elif row is not None:
        row.count = count
    elif count:
        names = ("walk_id", "category", "age", "gender")
        db.session().add(ParticipantCount(**dict(zip(names, key, strict=True)), count=count))
    db.session().flush()
    journal.write(actor, "walk:participants", "walk", uid, level=walk.level, category=category, count=count)


def participants_of(actor: Actor, walk: Walk) -> Participants:
    """Return who took part: each line to those who lead the walk; to others only the sum where a line is below five."""
    rows = select(ParticipantCount).where(ParticipantCount.walk_id == walk.id)
    order = (ParticipantCount.category, ParticipantCount.age, ParticipantCount.gender)
    cells = list(db.session().scalars(access.visible(rows, actor).order_by(*order)))
    total = sum(cell.count for cell in cells)
    few = any(cell.count < FEW for cell in cells)
    if few and not reaches(actor, Walk, walk.id, "walks:walk:lead"):
        return Participants([], total, hidden=True)
    return Participants(cells, total, hidden=False)
