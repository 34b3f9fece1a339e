"""Figures as evidence: each has an address that stays, also when what it came with is undone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.figures.models import READ, Delivery, Figure, Indicator
from core.figures.periods import read as read_period
from core.figures.periods import told as told_period
from core.figures.services.reading import added, holding
from core.figures.words import said

PAGE = 200
WHOLE = (joinedload(Figure.indicator), joinedload(Figure.delivery).joinedload(Delivery.organisation))


@dataclass(frozen=True)
class Citation:
    """A figure in words, as it is cited: `title` of what, `area` where, `period` when, `text` what it is.

    `holds` is false once it has been undone, and `why` says then why; who cites it decides what follows.
    """

    uid: UUID
    title: str
    area: str
    area_kind: str
    area_code: str
    part: str
    first_on: date
    last_on: date
    status: str
    value: float | None
    text: str
    source: str
    received_at: datetime
    link: str
    holds: bool = True
    why: str = ""

    @property
    def period(self) -> str:
        """When it is of, in words."""
        return told_period(self.first_on, self.last_on)


def cite(actor: Actor, uid: UUID) -> Citation:
    """Return a figure as one cites it, also one that has been undone. Raises Missing."""
    return _cited(read_figure(actor, uid))


def cite_each(actor: Actor, uids: Collection[UUID]) -> dict[UUID, Citation]:
    """Return those of the figures that the actor reaches as one cites them, by uid: one query."""
    access.require(actor, READ)
    rows = select(Figure).where(Figure.uid.in_(uids)).options(*WHOLE)
    return {row.uid: _cited(row) for row in db.session().scalars(access.visible(rows, actor))}


def newest(actor: Actor, areas: Collection[tuple[str, str]]) -> list[Citation]:
    """Return the newest figures of areas (kind and code) one by one, as one cites them, at most PAGE; one query."""
    access.require(actor, READ)
    latest = select(Figure.id, func.dense_rank().over(
        partition_by=(Figure.indicator_id, Figure.area_kind, Figure.area_code), order_by=Figure.last_on.desc()
    ).label("place"))  # fmt: skip
    where = or_(*(and_(Figure.area_kind == kind, Figure.area_code == code) for kind, code in areas), false())
    ranked = latest.where(where, *holding(actor)).subquery()
    rows = select(Figure).join(ranked, ranked.c.id == Figure.id).join(Indicator, Indicator.id == Figure.indicator_id)
    rows = rows.where(ranked.c.place == 1).options(*WHOLE)
    order = (Indicator.title, Figure.area_kind, Figure.area_code, Figure.part, Figure.id)
    return [_cited(row) for row in db.session().scalars(rows.order_by(*order).limit(PAGE))]


def read_figure(actor: Actor, uid: UUID) -> Figure:
    """Return a figure with its indicator and what it came with, also one that has been undone. Raises Missing."""
    access.require(actor, READ)
    rows = select(Figure).where(Figure.uid == uid).options(*WHOLE)
    found = db.session().scalar(access.visible(rows, actor))
    if found is None:
        raise access.Missing("figure", uid)
    return found


def _cited(row: Figure) -> Citation:
    names = ("uid", "area_kind", "area_code", "part", "first_on", "last_on", "status", "value")
    return Citation(
        **{name: getattr(row, name) for name in names},
        title=row.indicator.title,
        area=row.area_name,
        text=said(row.indicator, added([row])),
        source=f"{row.indicator.source} ({row.delivery.source})",
        received_at=row.delivery.received_at,
        link=f"/statistik/siffror/{row.uid}",
        holds=row.undone_at is None,
        why=row.undone_why,
    )


def list_figures(
    actor: Actor,
    indicator: Indicator,
    *,
    area_kind: str = "",
    area: str = "",
    part: str | None = None,
    period: str = "",
    after: int | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Figure], int | None]:
    """Return figures of an indicator one by one, missing and suppressed ones too, and where the next page begins."""
    access.require(actor, READ)
    rows = select(Figure).where(Figure.indicator_id == indicator.id, *holding(actor))
    wanted: list[Any] = [Figure.area_kind == area_kind] if area_kind else []
    wanted += [Figure.area_code == area] if area else []
    wanted += [Figure.part == part] if part is not None else []
    if period:
        days = read_period(period)
        wanted += [Figure.first_on == days[0], Figure.last_on == days[1]] if days else [Figure.id < 0]
    if after is not None:
        wanted.append(Figure.id > after)
    found = list(db.session().scalars(rows.where(*wanted).order_by(Figure.id).limit(limit + 1)))
    shown = found[:limit]
    return shown, shown[-1].id if len(found) > limit else None
