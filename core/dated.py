"""Rows that hold from a first day to a last one (design.md 4.10): organisations, roles, areas, rådighet, märkning.

Both days count. No first day is from the beginning, no last day until further notice.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_


def valid_on(model: Any, day: date) -> ColumnElement[bool]:
    """Return the condition that a row of `model` is valid on `day`."""
    begun = or_(model.valid_from.is_(None), model.valid_from <= day)
    return and_(begun, or_(model.valid_to.is_(None), model.valid_to >= day))


def is_valid(row: Any, day: date) -> bool:
    """Whether a row is valid on `day`."""
    return bool((row.valid_from or day) <= day <= (row.valid_to or day))
