"""Counts that look at no more rows than they tell: beyond so many it is "fler än"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, func, select

from core import db


def counted(parts: Mapping[str, Select[Any]], most: int) -> dict[str, int]:
    """Return how many rows each selection has, counted no further than `most` + 1, in one query."""
    few = [rows.limit(most + 1).subquery() for rows in parts.values()]
    found = select(*(select(func.count()).select_from(one).scalar_subquery() for one in few))
    return dict(zip(parts, db.session().execute(found).one(), strict=True))


def tallied(rows: Select[Any], column: Any, values: Iterable[str], most: int, *, few: bool) -> dict[str, int]:
    """Return how many of some rows have each value in a column, in one query.

    Counted no further than `most` + 1 each, by the index of the column. `few` says that these are few rows of many,
    which no index of the column finds: they are read once instead.
    """
    if not few:
        return counted({value: rows.where(column == value) for value in values}, most)
    told = rows.with_only_columns(column, func.count(), maintain_column_froms=True).group_by(column)
    found: dict[str, int] = dict(db.session().execute(told).all())
    return {value: min(found.get(value, 0), most + 1) for value in values}
