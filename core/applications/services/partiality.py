"""Jäv: that somebody stands aside from an application, or from all that a board applies for (E12)."""

from __future__ import annotations

from sqlalchemy import select

from core import db
from core.applications.models import Application, Partiality


def stands_aside(person: int | None, application: Application) -> bool:
    """Whether a person has declared jäv about an application, or about the board whose it is."""
    about = (Partiality.application_id == application.id) | (Partiality.organisation_id == application.organisation_id)
    rows = select(Partiality.id).where(Partiality.person_id == person, Partiality.ended_at.is_(None), about)
    return person is not None and db.session().scalar(rows.limit(1)) is not None
