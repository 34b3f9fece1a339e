"""The case about one observation of graffiti."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.kit import Actor, Base, Key, Versioned, visible_observations, visible_to


class Incident(Versioned, Base):
    """A graffiti case (klotterärende, domain.md 8.2), known by the uid of its observation.

    `waits_for` says what the property owner was asked, `waits_since` when: until it is answered the frist stands still.
    """

    __tablename__ = "klotter_incident"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    observation_uid: Mapped[UUID] = mapped_column(unique=True)
    place_uid: Mapped[UUID | None] = mapped_column(index=True)
    hateful: Mapped[bool]
    opened_at: Mapped[datetime]
    content_class: Mapped[str | None] = mapped_column(String(40))
    surface: Mapped[str | None] = mapped_column(String(40))
    police_report: Mapped[str | None] = mapped_column(String(40))
    police_reported_at: Mapped[datetime | None]
    not_reported_reason: Mapped[str | None] = mapped_column(String(500))
    cleaned_at: Mapped[datetime | None]
    waits_since: Mapped[datetime | None]
    waits_for: Mapped[str | None] = mapped_column(String(500))
    written_off_at: Mapped[datetime | None]


@visible_to(Incident, "klotter:incident:read")
def _incidents(actor: Actor, permission: str) -> Any:
    """A case is reached by those who reach its observation."""
    return Incident.observation_uid.in_(visible_observations(actor, permission))
