"""Counts that look at no more rows than they tell: beyond so many it is "fler än"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select

from core import db


def counted(parts: Mapping[str, Select[Any]], most: int) -> dict[str, int]:
    """Return how many rows each selection has, counted no further than `most` + 1, in one query."""
    few = [rows.limit(most + 1).subquery() for rows in parts.values()]
    found = select(*(select(func.count()).select_from(one).scalar_subquery() for one in few))
    return dict(zip(parts, db.session().execute(found).one(), strict=True))
