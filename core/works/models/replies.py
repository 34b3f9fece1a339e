"""What who reported something is told at each step of an order, where nobody writes anything else: svarsmallar."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.db import Base, Identified


class ReplyTemplate(Identified, Base):
    """A ready text of the city for a step of an order (svarsmall), from a day on. Rows end, and are never changed.

    `move` is a move of ORDER, or `bestalld`. As long as there is no row at all the seed pack's texts hold.
    """

    __tablename__ = "reply_template"
    __table_args__ = (Index("ix_reply_template_move", "move"),)
    move: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(String(2000))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")


access.for_everybody(ReplyTemplate)
