"""Hours with a decimal, as they are kept."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Dialect, Integer
from sqlalchemy.types import TypeDecorator

TENTHS = 10


class Hours(TypeDecorator[Decimal]):
    """Hours with a decimal, kept as tenths of them: SQLite has no exact decimals of its own."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(value * TENTHS)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value) / TENTHS
