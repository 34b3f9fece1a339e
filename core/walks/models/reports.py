"""What another register, or somebody else's app, told the city: the report that an observation began as."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Key
from core.walks.models.observations import Observation

OPEN311 = "open311"
"""The source of what came in by GeoReport v2."""


class Report(Base):
    """The report that an observation began as. `source` knows it by `number`; `called` is what it called the matter.

    `organisation_id` is whose report it is: two boards may read in registers that number alike. `target_at` and
    `closed_at` are the source's own. `version` is the observation's when it had just come in: another one says that
    somebody has worked on it. `batch` is the import that it came with. Once `undone_at`, its number may come again.
    """

    __tablename__ = "observation_report"
    __table_args__ = (
        Index(
            "uq_observation_report_number",
            "organisation_id",
            "source",
            "number",
            unique=True,
            sqlite_where=text("undone_at IS NULL AND number <> ''"),
            postgresql_where=text("undone_at IS NULL AND number <> ''"),
        ),
        Index("ix_observation_report_reported_at", "reported_at", "observation_id"),
        Index("ix_observation_report_number", "number"),
    )
    observation_id: Mapped[int] = mapped_column(Key, ForeignKey("observation.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(120), default="")
    called: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    reported_at: Mapped[datetime]
    target_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    batch: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    observation: Mapped[Observation] = relationship(lazy="raise")


@access.visible_to(Report, "walks:observation:read")
def _reports(actor: Actor, permission: str) -> ColumnElement[bool]:
    seen = select(Observation.id).where(access.rule_of(Observation, actor, permission))
    return Report.observation_id.in_(seen)
