"""Rows that hold from a first day to a last one (design.md 4.10): organisations, roles, areas, rådighet, märkning.

Both days count. No first day is from the beginning, no last day until further notice. And what databases do not say
alike of moments: how far they lie apart, and which day it was in Stockholm.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, and_, or_
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


class _LocalDay(FunctionElement[date]):
    """Argument: a column of moments."""

    type = Date()
    inherit_cache = True


def local_day(moment: Any) -> ColumnElement[date]:
    """Return the days in Stockholm of a column of moments: in the last hours of UTC's day it is tomorrow there."""
    return _LocalDay(moment)


@compiles(_LocalDay, "postgresql")
def _in_its_zone(element: _LocalDay, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(timezone('Europe/Stockholm', {compiler.process(element.clauses, **kw)}) AS DATE)"


@compiles(_LocalDay, "sqlite")
def _by_the_rule(element: _LocalDay, compiler: SQLCompiler, **kw: Any) -> str:
    """SQLite knows no zones: summer is from the last Sunday of March to that of October, 01.00 UTC (2000/84/EC)."""
    at = compiler.process(element.clauses, **kw)
    begins, ends = (f"datetime(strftime('%Y-{month}-25 01:00:00', {at}), 'weekday 0')" for month in ("03", "10"))
    summer = f"datetime({at}) >= {begins} AND datetime({at}) < {ends}"
    return f"date({at}, CASE WHEN {summer} THEN '+2 hours' ELSE '+1 hours' END)"
