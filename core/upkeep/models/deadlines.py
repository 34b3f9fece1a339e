"""Fristen, and what has happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, func, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Versioned
from core.people.models import Organisation
from core.places.models import Place, places_in
from core.places.protecting import protected_with_place
from core.refs import DeadlineRef, Subject

OPEN = text("state = 'oppen'")
PAUSED = text("paused_since IS NOT NULL")
REPORTED = text("reported_at IS NOT NULL")
MISSED = text("missed_on IS NOT NULL")


def _three_times(context: Any) -> datetime:
    """Return when a row that is put in without saying so has taken three times its time."""
    known = context.get_current_parameters()
    due_at, starts_at = cast("datetime", known["due_at"]), cast("datetime", known["starts_at"])
    return due_at + 2 * (due_at - starts_at)


class Deadline(Identified, Versioned, Base):
    """A promise in time (design.md 10). `rule` is frozen as it was when the frist was planned; it carries `schema`.

    `due_at` is the moment (UTC) before which it must be met, `due_on` the Stockholm date people read.
    `coordinator_id` is the stadsdelsnämnd that follows it up beside the organisation that answers, `executor_id` who
    does it where that is another, such as the contractor of an order, who is reminded of it. Once it has taken three
    times its time it is badly late (`badly_late_at`). It does not run while it is paused (`paused_since`), nor while
    what it is about is reported as done and nobody has said yet whether it is (`reported_at`). Moved when its moment
    had passed it stays late: `missed_at` and `missed_on` are what it had then, the first time.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index(
            "ix_deadline_open_organisation",
            "organisation_id", "urgency", "due_at", "id",
            sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        Index(
            "ix_deadline_open_coordinator",
            "coordinator_id", "urgency", "due_at", "id",
            sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        Index(
            "ix_deadline_open_executor",
            "executor_id", "urgency", "due_at", "id",
            sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        Index("ix_deadline_open", "urgency", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_deadline_open_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_deadline_open_badly_late", "badly_late_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_deadline_paused_since", "paused_since", sqlite_where=PAUSED, postgresql_where=PAUSED),
        Index("ix_deadline_reported_at", "reported_at", sqlite_where=REPORTED, postgresql_where=REPORTED),
        Index("ix_deadline_due_on", "due_on"),
        Index("ix_deadline_missed_on", "missed_on", sqlite_where=MISSED, postgresql_where=MISSED),
        Index("ix_deadline_open_due_on", "due_on", "calendar", sqlite_where=OPEN, postgresql_where=OPEN),
        UniqueConstraint("subject_kind", "subject_uid", "kind"),
        Index("ix_deadline_place_id", "place_id"),
    )  # fmt: skip
    kind: Mapped[str] = mapped_column(String(80))
    leg: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_uid: Mapped[UUID]
    category: Mapped[str] = mapped_column(String(80), default="")
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    coordinator_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    executor_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(80), default="")
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    calendar: Mapped[str] = mapped_column(String(20), default="sverige")
    urgency: Mapped[int] = mapped_column(default=2)
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    due_on: Mapped[date]
    badly_late_at: Mapped[datetime] = mapped_column(default=_three_times)
    missed_at: Mapped[datetime | None]
    missed_on: Mapped[date | None]
    paused_seconds: Mapped[int] = mapped_column(default=0)
    paused_since: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20), default="oppen")
    met_at: Mapped[datetime | None]
    moved_count: Mapped[int] = mapped_column(default=0)
    level: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[organisation_id])

    @classmethod
    def owed_at(cls) -> ColumnElement[datetime]:
        """Return the moment before which it had to be met to be in time: the one that it missed, if it was moved."""
        return func.coalesce(cls.missed_at, cls.due_at)

    @classmethod
    def owed_on(cls) -> ColumnElement[date]:
        """Return the day of that moment, as people read it."""
        return func.coalesce(cls.missed_on, cls.due_on)

    @classmethod
    def owed_between(cls, first: date, last: date) -> ColumnElement[bool]:
        """Return the condition that this day lies from `first` to `last`, as two indexes can answer it."""
        stood = and_(cls.due_on.between(first, last), cls.missed_on.is_(None))
        return or_(stood, cls.missed_on.between(first, last))

    @classmethod
    def is_late(cls, now: Any) -> ColumnElement[bool]:
        """Return the condition that an open frist is late: paused it never is, nor reported in time."""
        unreported = or_(cls.reported_at.is_(None), cls.reported_at >= cls.owed_at())
        passed = or_(cls.due_at <= now, cls.missed_on.is_not(None))
        return and_(passed, cls.paused_since.is_(None), unreported)

    @classmethod
    def reminded(cls) -> ColumnElement[int | None]:
        """Return whom a letter reminds of it: who does it, else who answers for it."""
        return func.coalesce(cls.executor_id, cls.organisation_id)

    @classmethod
    def runs(cls) -> ColumnElement[bool]:
        """Return the condition that an open frist runs: it is neither paused nor waiting for word that it is done."""
        return and_(cls.paused_since.is_(None), cls.reported_at.is_(None))

    def plugin_keys(self) -> Iterable[str]:
        """Fristen hangs on the plugin whose kind it is."""
        return (self.kind,)

    def ref(self) -> DeadlineRef:
        """Return the frist as hooks see it."""
        about = Subject(self.subject_kind, self.subject_uid, "", level=self.level)
        return DeadlineRef(
            uid=self.uid,
            kind=self.kind,
            rule=self.rule["key"],
            state=self.state,
            about=about,
            due_at=self.due_at,
            level=self.level,
        )


class DeadlineChange(Base):
    """What happened to a frist after it was planned: moved, paused, given to another, closed, lapsed; and why.

    Where its date was moved `due_was` and `due_became` say from where and to where.
    """

    __tablename__ = "deadline_change"
    __table_args__ = (Index("ix_deadline_change_deadline_id", "deadline_id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(Key, ForeignKey("deadline.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(1000))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    due_was: Mapped[datetime | None]
    due_became: Mapped[datetime | None]


class DeadlinePause(Base):
    """Time in which a frist does not run, and why; without `until` it lasts still. Only the last one may."""

    __tablename__ = "deadline_pause"
    __table_args__ = (Index("ix_deadline_pause_deadline_id", "deadline_id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(Key, ForeignKey("deadline.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(1000))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))


protected_with_place(Deadline)


@access.visible_to(Deadline, "upkeep:deadline:read")
def _deadlines(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Within reach are those that one's organisation answers for, or follows up in its own district.

    Who does what they are about reads them; what becomes of them is said by who answers.
    """
    owners: tuple[Any, ...] = (Deadline.organisation_id, Deadline.coordinator_id)
    if permission == "upkeep:deadline:read":
        owners = (*owners, Deadline.executor_id)
    return access.within(
        actor,
        permission,
        *owners,
        area=lambda areas: Deadline.place_id.in_(places_in(areas)),
        category=Deadline.category,
    )


@access.visible_to(DeadlineChange, "upkeep:deadline:read")
def _changes(actor: Actor, permission: str) -> ColumnElement[bool]:
    seen = select(Deadline.id).where(access.rule_of(Deadline, actor, permission))
    return DeadlineChange.deadline_id.in_(seen)


@access.visible_to(DeadlinePause, "upkeep:deadline:read")
def _pauses(actor: Actor, permission: str) -> ColumnElement[bool]:
    seen = select(Deadline.id).where(access.rule_of(Deadline, actor, permission))
    return DeadlinePause.deadline_id.in_(seen)
