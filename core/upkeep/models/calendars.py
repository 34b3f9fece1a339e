"""The calendars that days are counted in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.db import Base


class Workday(Base):
    """A day of a calendar: whether it is a working day, and how many there have been up to it (performance.md 0.6)."""

    __tablename__ = "workday"
    calendar: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_wd: Mapped[bool]
    wd: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(80))


access.for_everybody(Workday)
