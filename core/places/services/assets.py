"""The city's things with a number: imported from files, found by number or by what lies nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely import Point
from sqlalchemy import Select, select, tuple_

from core import access, clock, db, geo, journal
from core.access import Actor
from core.dated import valid_on
from core.people.services import organisation_called
from core.places.assetfiles import AssetRow
from core.places.models import Asset

PAGE = 100
BATCH = 1000
"""Rows written at a time."""
REACH = 200
"""Metres within which the nearest asset is looked for, unless said otherwise."""


@dataclass(frozen=True)
class AssetPage:
    """A page of assets by kind and number, and where the next one begins."""

    rows: list[Asset]
    after: tuple[str, str] | None


@dataclass(frozen=True)
class Taken:
    """What an import of assets did."""

    added: int
    changed: int
    same: int


def list_assets(
    actor: Actor,
    *,
    kind: str = "",
    number: str = "",
    box: geo.Bounds | None = None,
    near: Point | None = None,
    within_m: float = REACH,
    after: tuple[str, str] | None = None,
    limit: int = PAGE,
) -> AssetPage:
    """Return the assets of today by kind and number, or the nearest ones first; `box` is in SWEREF 99 TM."""
    access.require(actor, "places:asset:read")
    rows = asset_query(kind=kind, near=near, within_m=within_m).where(access.rule_of(Asset, actor))
    if number:
        rows = rows.where(Asset.number == number)
    if box is not None:
        rows = rows.where(geo.in_box(Asset.point, box))
    if near is not None:
        return AssetPage(list(db.session().scalars(rows.limit(limit))), None)
    if after:
        rows = rows.where(tuple_(Asset.kind, Asset.number) > after)
    found = list(db.session().scalars(rows.order_by(Asset.kind, Asset.number).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return AssetPage(found, (found[-1].kind, found[-1].number) if more else None)


def asset_query(*, kind: str = "", near: Point | None = None, within_m: float = REACH) -> Select[Any]:
    """Return the query for assets of today, for the test that asks the database how it would run it too."""
    rows = select(Asset).where(valid_on(Asset, clock.today()))
    if kind:
        rows = rows.where(Asset.kind == kind)
    if near is not None:
        rows = rows.where(geo.near(Asset.point, near, within_m)).order_by(geo.distance(Asset.point, near), Asset.id)
    return rows


def asset_numbered(number: str, near: Point, *, within_m: float = REACH) -> Asset | None:
    """Return the asset of today with a number, the nearest where kinds have the same; None if none is within reach."""
    rows = asset_query(near=near, within_m=within_m).where(Asset.number == number)
    return db.session().scalars(rows.limit(1)).first()


def import_assets(
    actor: Actor, rows: Iterable[AssetRow], *, kind: str, source: str, owner: str = "", valid_from: date | None = None
) -> Taken:
    """Take in the assets of a file: each is known by kind and number, so that the same file again changes nothing.

    One that is there already gets the file's position, source and owner. Raises AssetFileRefused, Invalid.
    """
    access.require(actor, "places:asset:import")
    holder = organisation_called(owner, "owner").id if owner else None
    columns = (Asset.number, Asset.id, Asset.point, Asset.source, Asset.organisation_id, Asset.valid_to)
    known = {row.number: row for row in db.session().execute(select(*columns).where(Asset.kind == kind))}
    facts = {"source": source[:300], "organisation_id": holder}
    first = valid_from or clock.today()
    added = changed = same = 0
    for count, row in enumerate(rows, 1):
        wanted, stood = facts | {"point": row.point, "valid_to": None}, known.get(row.number)
        if stood is None:
            db.session().add(Asset(kind=kind, number=row.number, valid_from=first, **wanted))
            added += 1
        elif any(getattr(stood, name) != value for name, value in wanted.items()):
            asset = db.session().get_one(Asset, stood.id)
            for name, value in wanted.items():
                setattr(asset, name, value)
            changed += 1
        else:
            same += 1
        if count % BATCH == 0:
            db.session().flush()
            db.session().expunge_all()
    db.session().flush()
    done = {"added": added, "changed": changed, "same": same}
    journal.write(actor, "assets:import", "asset", None, kind=kind, source=source, **done)
    return Taken(**done)
