"""When somebody was here last: from there on something is news to her."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from core import clock, db
from core.access import Actor
from core.people.models import UserSession

AGO = timedelta(days=7)
"""How far back news go for who has not been here before."""
LONGEST = timedelta(days=90)
"""And at most: who has been away for a year does not read a year's news on the start page."""


def last_visit(actor: Actor) -> datetime | None:
    """Return when the person last used her log-in before this one; None for who is here for the first time."""
    if actor.id is None:
        return None
    mine = select(UserSession.started_at, UserSession.seen_at).where(UserSession.person_id == actor.id)
    sessions = db.session().execute(mine.order_by(UserSession.started_at.desc()).limit(2)).all()
    return sessions[1].seen_at if len(sessions) > 1 else None


def news_from(visit: datetime | None) -> datetime:
    """Return from when on something is news to who was here at `visit`."""
    now = clock.now()
    return max(visit, now - LONGEST) if visit else now - AGO


def is_latest() -> ColumnElement[bool]:
    """Return the condition for each person's latest log-in, which is kept for `last_visit` when others are swept."""
    return UserSession.id.in_(select(func.max(UserSession.id)).group_by(UserSession.person_id))
