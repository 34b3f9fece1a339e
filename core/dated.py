"""Rows that hold from a first day to a last one (design.md 4.10): organisations, roles, areas, rådighet, märkning.

Both days count. No first day is from the beginning, no last day until further notice. And how far moments lie apart.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def valid_on(model: Any, day: date) -> ColumnElement[bool]:
    """Return the condition that a row of `model` is valid on `day`."""
    begun = or_(model.valid_from.is_(None), model.valid_from <= day)
    return and_(begun, or_(model.valid_to.is_(None), model.valid_to >= day))


def is_valid(row: Any, day: date) -> bool:
    """Whether a row is valid on `day`."""
    return bool((row.valid_from or day) <= day <= (row.valid_to or day))


class _Seconds(FunctionElement[int]):
    """Argument: a column of moments."""

    type = BigInteger()
    inherit_cache = True


def seconds(moment: Any) -> ColumnElement[int]:
    """Return a column of moments as whole seconds, so that one can be taken from another on both databases."""
    return _Seconds(moment)


@compiles(_Seconds, "postgresql")
def _epoch(element: _Seconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **kw)})) AS BIGINT)"


@compiles(_Seconds, "sqlite")
def _unix_time(element: _Seconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER)"
