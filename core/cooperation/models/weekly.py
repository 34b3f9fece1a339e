"""Weekly reports (EST): what an area's organisations see of order and safety, week by week, about no individuals.

A rumour is for the group only: its row rule lets nobody else read it, not those who read for the city either, and
nothing that leaves the group is counted from it (domain.md 5.2).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.cooperation.models.cycles import homes
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Area, Place

EST_READ, EST_LEAD, EST_WRITE = (f"cooperation:weekly:{act}" for act in ("read", "lead", "write"))

SEVERITIES = {
    0: N_("Ingenting"),
    1: N_("Lite"),
    2: N_("Mer än vanligt"),
    3: N_("Mycket"),
}
"""How much of it there has been (domain.md 5.2)."""
TRENDS = {"minskar": N_("Minskar"), "lika": N_("Som förra veckan"), "okar": N_("Ökar")}
FACT, ASSESSMENT, RUMOUR = "fakta", "bedomning", "rykte"
CERTAINTIES = {FACT: N_("Fakta"), ASSESSMENT: N_("Bedömning"), RUMOUR: N_("Rykte, stannar i gruppen")}
"""How sure it is; a rumour never leaves the group."""
DAY_PARTS = {
    "": N_("Vet inte"),
    "06-12": N_("Klockan 6–12"),
    "12-17": N_("Klockan 12–17"),
    "17-20": N_("Klockan 17–20"),
    "20-23": N_("Klockan 20–23"),
    "23-02": N_("Klockan 23–2"),
    "02-06": N_("Klockan 2–6"),
}


class WeeklyGroup(Identified, Versioned, Once, Base):
    """The organisations of an area that tell each other every week how it stands; led by the area's board.

    Ended it keeps its members, so that who could read its weeks still can; nobody writes anything more in them.
    """

    __tablename__ = "weekly_group"
    __table_args__ = (Index("ix_weekly_group_organisation_id", "organisation_id"),)
    name: Mapped[str] = mapped_column(String(200))
    area_id: Mapped[int] = mapped_column(Key, ForeignKey("area.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    begins_on: Mapped[date]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    level: Mapped[int] = mapped_column(default=1)
    area: Mapped[Area] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class WeeklyMember(Identified, Versioned, Base):
    """An organisation in a group, with the function that reports; never a name."""

    __tablename__ = "weekly_member"
    __table_args__ = (
        UniqueConstraint("group_id", "organisation_id"),
        Index("ix_weekly_member_organisation_id", "organisation_id", "group_id"),
    )
    group_id: Mapped[int] = mapped_column(Key, ForeignKey("weekly_group.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(120))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class WeeklyReport(Flowing, Identified, Versioned, Base):
    """A member's report of an ISO week: the year is the week's, which is not always that of its days.

    No hook is told of it (Flowing): a rumour leaves by none.
    """

    __tablename__ = "weekly_report"
    __table_args__ = (
        UniqueConstraint("group_id", "organisation_id", "iso_year", "iso_week"),
        Index("ix_weekly_report_organisation_id", "organisation_id", "state"),
        CheckConstraint("iso_week BETWEEN 1 AND 53", name="week"),
    )
    group_id: Mapped[int] = mapped_column(Key, ForeignKey("weekly_group.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    iso_year: Mapped[int]
    iso_week: Mapped[int]
    function: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20))
    handed_in_at: Mapped[datetime | None]
    level: Mapped[int] = mapped_column(default=1)
    group: Mapped[WeeklyGroup] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class WeeklyItem(Identified, Once, Base):
    """A line of a weekly report: of which kind, how much, which way it goes, how sure it is, where and when."""

    __tablename__ = "weekly_item"
    __table_args__ = (
        Index("ix_weekly_item_report_id", "report_id", "id"),
        Index("ix_weekly_item_place_id", "place_id"),
        CheckConstraint("severity BETWEEN 0 AND 3", name="severity"),
    )
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("weekly_report.id"))
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    category: Mapped[str] = mapped_column(String(60))
    severity: Mapped[int]
    trend: Mapped[str] = mapped_column(String(10))
    certainty: Mapped[str] = mapped_column(String(10))
    day_part: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    place: Mapped[Place | None] = relationship(lazy="raise")


class WeeklyReview(Identified, Versioned, Base):
    """That the group has met about a week, or is to: on which day it met, and how it sees the week together."""

    __tablename__ = "weekly_review"
    __table_args__ = (UniqueConstraint("group_id", "iso_year", "iso_week"),)
    group_id: Mapped[int] = mapped_column(Key, ForeignKey("weekly_group.id"))
    iso_year: Mapped[int]
    iso_week: Mapped[int]
    held_on: Mapped[date | None]
    picture: Mapped[str] = mapped_column(String(4000), default="")


class WeeklyAction(Flowing, Identified, Versioned, Once, Base):
    """What the group decided to do about a week: what, by which of its members, by which day, and what came of it."""

    __tablename__ = "weekly_action"
    __table_args__ = (
        Index("ix_weekly_action_group_id", "group_id", "iso_year", "iso_week"),
        Index("ix_weekly_action_organisation_id", "organisation_id", "state"),
    )
    group_id: Mapped[int] = mapped_column(Key, ForeignKey("weekly_group.id"))
    iso_year: Mapped[int]
    iso_week: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    category: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(String(300))
    decided_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(1000), default="")
    level: Mapped[int] = mapped_column(default=1)
    group: Mapped[WeeklyGroup] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


def _groups_of(actor: Actor) -> Any:
    """Return the keys of the groups that the actor's own organisations are in now."""
    rows = select(WeeklyMember.group_id).where(WeeklyMember.organisation_id.in_(homes(actor)))
    return rows.where(WeeklyMember.left_on.is_(None))


def _reaches_group(actor: Actor, permission: str, group: Any) -> ColumnElement[bool]:
    """The group's own organisations, and who reads for the whole city how the weeks are kept."""
    inside: ColumnElement[bool] = group.in_(_groups_of(actor))
    if permission in (EST_WRITE, EST_LEAD):
        return inside
    city = any(reach.organisations is None for reach in actor.reaches(EST_READ))
    return or_(inside, group.is_not(None)) if city else inside


@access.visible_to(WeeklyGroup, EST_READ)
def _groups(actor: Actor, permission: str) -> ColumnElement[bool]:
    led = access.within(actor, EST_LEAD, WeeklyGroup.organisation_id)
    return led if permission == EST_LEAD else or_(led, _reaches_group(actor, permission, WeeklyGroup.id))


def _with_group(model: Any) -> None:
    @access.visible_to(model, EST_READ)
    def _with_its_group(actor: Actor, permission: str) -> ColumnElement[bool]:
        if permission == EST_LEAD:
            led: Any = select(WeeklyGroup.id).where(access.rule_of(WeeklyGroup, actor, EST_LEAD))
            found: ColumnElement[bool] = model.group_id.in_(led)
            return found
        return _reaches_group(actor, permission, model.group_id)


for _model in (WeeklyMember, WeeklyAction):
    _with_group(_model)


@access.visible_to(WeeklyReport, EST_READ)
def _reports(actor: Actor, permission: str) -> ColumnElement[bool]:
    """A report is written by its own organisation only; that it is in, or missing, the group and the city may know."""
    if permission == EST_WRITE:
        return WeeklyReport.organisation_id.in_(homes(actor)) & WeeklyReport.group_id.in_(_groups_of(actor))
    return _reaches_group(actor, permission, WeeklyReport.group_id)


@access.visible_to(WeeklyReview, EST_READ)
def _reviews(actor: Actor, permission: str) -> ColumnElement[bool]:
    """How the group sees a week together may rest on rumours: it is the group's own."""
    if permission == EST_LEAD:
        led: Any = select(WeeklyGroup.id).where(access.rule_of(WeeklyGroup, actor, EST_LEAD))
        return WeeklyReview.group_id.in_(led)
    return WeeklyReview.group_id.in_(_groups_of(actor))


@access.visible_to(WeeklyItem, EST_READ)
def _items(actor: Actor, permission: str) -> ColumnElement[bool]:
    """One's own at any time, those of the others in the group when they are handed in; outside never a rumour."""
    own: Any = select(WeeklyReport.id).where(access.rule_of(WeeklyReport, actor, EST_WRITE))
    if permission == EST_WRITE:
        return WeeklyItem.report_id.in_(own)
    handed_in = WeeklyReport.handed_in_at.is_not(None)
    inside: Any = select(WeeklyReport.id).where(WeeklyReport.group_id.in_(_groups_of(actor)), handed_in)
    seen: Any = select(WeeklyReport.id).where(access.rule_of(WeeklyReport, actor), handed_in)
    told = WeeklyItem.report_id.in_(seen) & (WeeklyItem.certainty != RUMOUR)
    return or_(WeeklyItem.report_id.in_(own), WeeklyItem.report_id.in_(inside), told)
