"""Deliveries: rows of a file become figures, and are undone without being forgotten."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, select, update

from core import access, clock, db, journal
from core.access import Actor
from core.figures.cells import Cell
from core.figures.models import IMPORT, VALUE, Delivery, Figure, Indicator


@dataclass(frozen=True)
class Row:
    """What a row of a file says: of an area and a period, each cell with its field and indicator.

    `indicator` is the one that the row names, `part` what it is a part of; `n`, `low` and `high` are of the row's one
    value. `key` is what the row is about.
    """

    area_kind: str
    area_code: str
    area_name: str
    first_on: date
    last_on: date
    part: str
    indicator: Indicator | None
    cells: tuple[tuple[str, Indicator, Cell], ...]
    key: str
    n: int | None = None
    low: float | None = None
    high: float | None = None


def take_in(actor: Actor, delivery: UUID, source: str, *, record: UUID, row: Row) -> list[Figure]:
    """Let a row of a delivery become its figures, once under its `record`: the first of them has that uid.

    A cell without a value is kept as what it is, missing or suppressed. Raises Denied.
    """
    access.require(actor, IMPORT)
    here = select(Figure).where(Figure.record == record)
    if known := list(db.session().scalars(here)):
        return known
    came_with = _delivery(actor, delivery, source)
    alone = len(row.cells) == 1
    about = {name: getattr(row, name) for name in ("area_kind", "area_code", "part", "first_on", "last_on")}
    made = [
        Figure(
            uid=record if number == 0 else db.uid_of(f"figure {record} {indicator.key}"),
            record=record,
            row_key=row.key,
            area_name=row.area_name[:120],
            indicator_id=indicator.id,
            delivery_id=came_with.id,
            status=cell.status,
            value=cell.value if cell.status == VALUE else None,
            note=cell.note,
            n=row.n if alone else None,
            low=row.low if alone else None,
            high=row.high if alone else None,
            level=indicator.level,
            **about,
        )
        for number, (_, indicator, cell) in enumerate(row.cells)
    ]
    db.session().add_all(made)
    db.session().flush()
    return made


def _delivery(actor: Actor, uid: UUID, source: str) -> Delivery:
    """Return the delivery that came with an import; the first of its rows begins it."""
    known = db.session().scalar(select(Delivery).where(Delivery.uid == uid))
    if known is not None:
        return known
    if actor.organisation is None:
        raise access.Denied(IMPORT)
    made = Delivery(uid=uid, source=source, organisation_id=actor.organisation, received_at=clock.now())
    db.session().add(made)
    db.session().flush()
    journal.write(actor, "figures:delivery", "figure_delivery", uid, source=source)
    return made


def are_here(actor: Actor, row: Row) -> bool:
    """Whether some figure of a row is here already, from a row about something else: that of the same is a double."""
    access.require(actor, IMPORT)
    same = [
        getattr(Figure, name) == getattr(row, name)
        for name in ("area_kind", "area_code", "part", "first_on", "last_on")
    ]
    which = Figure.indicator_id.in_([indicator.id for _, indicator, _ in row.cells])
    rows = select(Figure.id).where(Figure.undone_at.is_(None), which, *same, Figure.row_key != row.key).limit(1)
    return db.session().scalar(rows) is not None


def rows_here(actor: Actor, area_kind: str, keys: Collection[str]) -> set[str]:
    """Return which rows, by what they are about, have come in with some delivery already."""
    access.require(actor, IMPORT)
    rows = select(Figure.row_key).where(Figure.row_key.in_(keys), Figure.area_kind == area_kind)
    return set(db.session().scalars(rows.where(Figure.undone_at.is_(None))))


def used_rows(records: Any) -> Select[UUID]:
    """Select none of the rows: figures are not worked on. Who has cited one still finds it when it is undone."""
    return select(Figure.record).where(Figure.record.in_(records), false())


def undo_row(actor: Actor, record: UUID, reason: str) -> None:
    """Let the figures of a row hold no more: they are in no list, and who has cited one is told why.

    Only by the organisation that read them in. Raises Missing, Denied.
    """
    access.require(actor, IMPORT)
    rows = select(Figure.id, Delivery.organisation_id).join(Delivery, Delivery.id == Figure.delivery_id)
    found = db.session().execute(rows.where(Figure.record == record)).all()
    if not found or any(one.organisation_id != actor.organisation for one in found):
        raise access.Missing("figure", record)
    gone = update(Figure).where(and_(Figure.record == record, Figure.undone_at.is_(None)))
    db.session().execute(gone.values(undone_at=clock.now(), undone_why=reason[:500]))
    journal.write(actor, "figures:undo", "figure", record, reason=reason)
