"""The end of an area's group (EST), and how it goes on again: its weeks stay readable by who could read them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.limits import ONLY, WEEK_ACTION, WEEK_REPORT, WEEK_REVIEW
from core.cooperation.models import EST_LEAD, WeeklyAction, WeeklyGroup, WeeklyMember, WeeklyReport, WeeklyReview
from core.cooperation.services.weekly import (
    HOUSE,
    about_action,
    about_report,
    about_review,
    given,
    plan_week,
    refuse_ended,
)
from core.cooperation.states import WEEKLY_ACTION, WEEKLY_REPORT
from core.cooperation.weeks import Week, this_week
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid
from core.upkeep import services as upkeep


def left_in(actor: Actor, group: WeeklyGroup) -> int:
    """Return how many things a group has decided that nobody has told of: they are called off when it ends."""
    access.require(actor, EST_LEAD, group)
    return db.session().scalar(select(func.count()).select_from(_open_actions(group).subquery())) or 0


def end_group(actor: Actor, uid: UUID, *, ended_on: date, reason: str, version: int | None = None) -> WeeklyGroup:
    """End a group: nobody is asked for anything more, and what it decided that is not done is called off.

    `ended_on` is its last day, which has been. Raises Missing, Denied, Stale, Invalid, Refused.
    """
    group = access.find(WeeklyGroup, uid, actor, EST_LEAD, lock=True)
    db.refuse_stale("weekly_group", uid, group.version, version)
    refuse_ended(group)
    if not group.begins_on <= ended_on <= clock.today():
        words = N_("Välj en dag från {first} till i dag.")
        raise Invalid({"ended_on": [Text(words, first=group.begins_on)]})
    if not reason.strip():
        raise Invalid({"reason": [N_("Skriv varför.")]})
    for action in db.session().scalars(_open_actions(group)).all():
        flow.move(WEEKLY_ACTION, action, "stall_in", HOUSE)
        action.outcome = reason
        upkeep.drop_deadline(HOUSE, WEEK_ACTION, about_action(action, group), reason=reason)
    for report in db.session().scalars(_unwritten(group)).all():
        upkeep.drop_deadline(HOUSE, WEEK_REPORT, about_report(report, group), reason=reason)
    for review in db.session().scalars(_not_met(group)).all():
        upkeep.drop_deadline(HOUSE, WEEK_REVIEW, about_review(review, group), reason=reason)
    group.ended_on, group.ended_why = ended_on, reason
    db.session().flush()
    journal.write(actor, "weekly:end", "weekly_group", uid, ended_on=ended_on, reason=reason)
    return group


def resume_group(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> WeeklyGroup:
    """Let a group that has ended go on: it is asked for what was not in, and for this week.

    Raises Missing, Denied, Stale, Refused.
    """
    group = access.find(WeeklyGroup, uid, actor, EST_LEAD, lock=True)
    db.refuse_stale("weekly_group", uid, group.version, version)
    if group.ended_on is None:
        raise flow.Refused([Objection(N_("Gruppen är inte avslutad."))])
    group.ended_on, group.ended_why = None, ""
    db.session().flush()
    for report in db.session().scalars(_unwritten(group)).all():
        week = Week(report.iso_year, report.iso_week)
        _again(WEEK_REPORT, about_report(report, group), week.reported_by, week, reason)
    for review in db.session().scalars(_not_met(group)).all():
        week = Week(review.iso_year, review.iso_week)
        _again(WEEK_REVIEW, about_review(review, group), week.reviewed_by, week, reason)
    plan_week(group, this_week())
    journal.write(actor, "weekly:resume", "weekly_group", uid, reason=reason)
    return group


def _again(kind: str, about: Any, day: Any, week: Week, reason: str) -> None:
    terms = given(kind, day, str(week))
    upkeep.restart_deadline(HOUSE, kind, about, rule=ONLY, terms=terms, starts_at=clock.now(), reason=reason)


def _open_actions(group: WeeklyGroup) -> Any:
    return select(WeeklyAction).filter_by(group_id=group.id, state=WEEKLY_ACTION.start).order_by(WeeklyAction.id)


def _unwritten(group: WeeklyGroup) -> Any:
    """Select what those who are members are asked for and have not handed in."""
    rows = select(WeeklyReport).filter_by(group_id=group.id, state=WEEKLY_REPORT.start)
    members = select(WeeklyMember.organisation_id).filter_by(group_id=group.id, left_on=None)
    return rows.where(WeeklyReport.organisation_id.in_(members)).order_by(WeeklyReport.id)


def _not_met(group: WeeklyGroup) -> Any:
    return select(WeeklyReview).filter_by(group_id=group.id, held_on=None).order_by(WeeklyReview.id)
