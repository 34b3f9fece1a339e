"""Weekly reports (EST): an area's group, its members' reports, what the group decides on its Tuesday (H11).

Of individuals nothing is written. A rumour is the group's only: the row rule in `models/weekly.py` keeps it there, and
no journal line, letter, count or file holds what a line says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation import catalogue
from core.cooperation.limits import AT_NOON, GIVEN, ON_TUESDAY, ONLY, WEEK_ACTION, WEEK_REPORT, WEEK_REVIEW
from core.cooperation.models import (
    EST_LEAD,
    EST_READ,
    EST_WRITE,
    WeeklyAction,
    WeeklyGroup,
    WeeklyItem,
    WeeklyMember,
    WeeklyReport,
    WeeklyReview,
)
from core.cooperation.models.cycles import homes
from core.cooperation.states import WEEKLY_ACTION, WEEKLY_REPORT
from core.cooperation.weeks import Week, this_week
from core.hookspecs import Objection, Rule
from core.i18n import N_
from core.people.services import organisation_called
from core.places.models import Area, Place
from core.refs import Subject
from core.schema import Invalid, warns_of_persons
from core.upkeep import services as upkeep
from core.walks.kinds import kinds
from core.walks.services.reaching import organisation_keys

HOUSE = access.system("cooperation")
MOST = 100
"""Lines of one report."""
ENDED = N_("Gruppen är avslutad. Öppna den igen om något ska ändras.")


def categories() -> dict[str, str]:
    """Return what a line may be about, by key: what weekly reports have of their own, then the kinds of observation."""
    seen = {key: kind.title for key, kind in kinds().items() if not kind.good}
    return {**catalogue.own_categories(), **{k: t for k, t in seen.items() if k not in catalogue.own_categories()}}


# --- The group ----------------------------------------------------------------------------------------------------


def begin_group(actor: Actor, *, uid: UUID, area: UUID, organisation: str, function: str) -> WeeklyGroup:
    """Begin a group for an area, led by an organisation (its code), its first member; once for each `uid`.

    Raises Denied, Invalid (the area has one), Conflict.
    """
    access.require(actor, EST_LEAD)
    content = db.fingerprint(area=area, organisation=organisation, function=function)
    known = db.session().scalar(select(WeeklyGroup).where(WeeklyGroup.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("weekly_group", uid)
        return known
    where = db.session().scalar(select(Area).where(Area.uid == area, access.rule_of(Area, actor)))
    if where is None:
        raise Invalid({"area": [N_("Välj ett område i listan.")]})
    there = db.session().scalar(select(WeeklyGroup).where(WeeklyGroup.area_id == where.id))
    if there is not None:
        ended = N_("Områdets grupp är avslutad. Öppna den igen på dess sida.")
        raise Invalid({"area": [ended if there.ended_on else N_("Området har redan veckorapporter.")]})
    leading = organisation_called(organisation, "organisation")
    facts = {"name": where.name, "area_id": where.id, "organisation_id": leading.id}
    group = WeeklyGroup(uid=uid, content=content, begins_on=this_week().monday, **facts)
    db.session().add(group)
    db.session().flush()
    led = select(WeeklyGroup.id).where(WeeklyGroup.id == group.id, access.rule_of(WeeklyGroup, actor, EST_LEAD))
    if db.session().scalar(led) is None:
        raise Invalid({"organisation": [N_("Välj en organisation som du leder veckorapporter för.")]})
    member = {"organisation_id": leading.id, "function": function, "joined_on": clock.today()}
    db.session().add(WeeklyMember(group_id=group.id, **member))
    db.session().flush()
    journal.write(actor, "weekly:begin", "weekly_group", uid, area=where.code)
    plan_week(group, this_week())
    return group


def refuse_ended(group: WeeklyGroup) -> None:
    """Refuse to write anything in a group that has ended."""
    if group.ended_on is not None:
        raise flow.Refused([Objection(ENDED)])


def add_member(actor: Actor, group: UUID, *, organisation: UUID, function: str) -> WeeklyMember:
    """Let an organisation be a member, or again one that has left. Raises Missing, Denied, Invalid."""
    about = access.find(WeeklyGroup, group, actor, EST_LEAD, lock=True)
    refuse_ended(about)
    [key] = organisation_keys(actor, [organisation], "organisation")
    known = db.session().scalar(select(WeeklyMember).filter_by(group_id=about.id, organisation_id=key))
    if known is not None and known.left_on is None:
        raise Invalid({"organisation": [N_("Organisationen är redan med.")]})
    member = known or WeeklyMember(group_id=about.id, organisation_id=key)
    member.function, member.joined_on, member.left_on = function, clock.today(), None
    db.session().add(member)
    db.session().flush()
    journal.write(actor, "weekly:join", "weekly_group", about.uid, organisation=str(organisation))
    plan_week(about, this_week())
    for report in _unwritten(member) if known is not None else ():
        week = Week(report.iso_year, report.iso_week)
        terms, why = given(WEEK_REPORT, week.reported_by, str(week)), N_("Är med igen")
        upkeep.restart_deadline(
            HOUSE, WEEK_REPORT, about_report(report, about), rule=ONLY, terms=terms, starts_at=clock.now(), reason=why
        )
    return member


def _unwritten(member: WeeklyMember) -> list[WeeklyReport]:
    """Return what a member is asked for and has not handed in."""
    whose = {"group_id": member.group_id, "organisation_id": member.organisation_id}
    rows = select(WeeklyReport).filter_by(state=WEEKLY_REPORT.start, **whose)
    return list(db.session().scalars(rows.order_by(WeeklyReport.id)))


def leave_group(actor: Actor, uid: UUID) -> WeeklyGroup:
    """Let a member leave: it reads the group no more, and is asked nothing. Raises Missing, Denied, Refused."""
    member = access.find(WeeklyMember, uid, actor, EST_LEAD, lock=True)
    group = db.session().get_one(WeeklyGroup, member.group_id)
    refuse_ended(group)
    if member.organisation_id == group.organisation_id:
        raise flow.Refused([Objection(N_("Den som leder gruppen kan inte lämna den."))])
    if member.left_on is not None:
        raise flow.Refused([Objection(N_("Organisationen har redan lämnat gruppen."))])
    member.left_on = clock.today()
    db.session().flush()
    for report in _unwritten(member):
        upkeep.drop_deadline(HOUSE, WEEK_REPORT, about_report(report, group), reason=N_("Har lämnat gruppen"))
    journal.write(actor, "weekly:leave", "weekly_group", group.uid, member=str(uid))
    return group


# --- The weeks ----------------------------------------------------------------------------------------------------


def plan_weeks() -> None:
    """Let every group have this week: a report for each member, and the day on which the group meets about it."""
    week = this_week()
    rows = select(WeeklyGroup).where(WeeklyGroup.ended_on.is_(None), WeeklyGroup.begins_on <= clock.today())
    for group in db.session().scalars(rows.order_by(WeeklyGroup.id)):
        plan_week(group, week)


def plan_week(group: WeeklyGroup, week: Week) -> None:
    """Let a group have a week, with its frister: Monday noon for reports, Tuesday for the group. Again is no harm."""
    known = {"group_id": group.id, "iso_year": week.year, "iso_week": week.number}
    written = set(db.session().scalars(select(WeeklyReport.organisation_id).filter_by(**known)))
    members = select(WeeklyMember).where(WeeklyMember.group_id == group.id, WeeklyMember.left_on.is_(None))
    for member in db.session().scalars(members.order_by(WeeklyMember.id)):
        if member.organisation_id in written:
            continue
        whose = {"organisation_id": member.organisation_id, "function": member.function}
        report = WeeklyReport(uid=db.new_uid(), state=WEEKLY_REPORT.start, level=group.level, **whose, **known)
        db.session().add(report)
        db.session().flush()
        _plan(WEEK_REPORT, about_report(report, group), week.reported_by, str(week), member.organisation_id)
    if db.session().scalar(select(WeeklyReview.id).filter_by(**known)) is None:
        review = WeeklyReview(uid=db.new_uid(), **known)
        db.session().add(review)
        db.session().flush()
        about = about_review(review, group)
        _plan(WEEK_REVIEW, about, week.reviewed_by, str(week), group.organisation_id)


def _plan(kind: str, about: Subject, day: date | datetime, source: str, owner: int) -> None:
    terms = given(kind, day, source)
    upkeep.plan_deadline(HOUSE, kind, rule=ONLY, subject=about, terms=terms, starts_at=clock.now(), owner=owner)


def given(kind: str, day: date | datetime, source: str) -> Rule:
    """Return the terms of a frist about a week, whose day or moment is given."""
    title = {WEEK_REPORT: AT_NOON, WEEK_REVIEW: ON_TUESDAY}.get(kind, GIVEN)
    return Rule(0, "given_date", title, source=source, given=day)


def about_report(report: WeeklyReport, group: WeeklyGroup) -> Subject:
    """Return a report as what a frist is about: the group, and nothing of what is written."""
    return Subject("weekly_report", report.uid, group.name, level=report.level)


def about_review(review: WeeklyReview, group: WeeklyGroup) -> Subject:
    """Return that the group meets, as what a frist is about."""
    return Subject("weekly_review", review.uid, group.name, level=group.level)


# --- A report -----------------------------------------------------------------------------------------------------


def add_item(
    actor: Actor, report: UUID, *, item: UUID, category: str, place: UUID | None = None, **facts: Any
) -> WeeklyItem:
    """Write a line in one's own report while it is not handed in, once for each `item` (its uid).

    Raises Missing, Denied, Conflict, Invalid, Refused.
    """
    about = access.find(WeeklyReport, report, actor, EST_WRITE, lock=True)
    content = db.fingerprint(report=report, category=category, place=place, **facts)
    known = db.session().scalar(select(WeeklyItem).where(WeeklyItem.uid == item))
    if known is not None:
        if known.content != content:
            raise db.Conflict("weekly_item", item)
        return known
    _refuse_handed_in(about)
    if category not in categories():
        raise Invalid({"category": [N_("Välj i listan.")]})
    lines = select(func.count()).select_from(WeeklyItem).where(WeeklyItem.report_id == about.id)
    if (db.session().scalar(lines) or 0) >= MOST:
        raise flow.Refused([Objection(N_("Rapporten är full. Ta bort en rad först."))])
    row = WeeklyItem(
        uid=item, content=content, report_id=about.id, category=category, place_id=_place(actor, place), **facts
    )
    db.session().add(row)
    db.session().flush()
    return row


def _place(actor: Actor, uid: UUID | None) -> int | None:
    if uid is None:
        return None
    found = db.session().scalar(select(Place.id).where(Place.uid == uid, access.rule_of(Place, actor)))
    if found is None:
        raise Invalid({"place": [N_("Välj en plats i listan.")]})
    return found


def remove_item(actor: Actor, uid: UUID) -> WeeklyReport:
    """Take a line out of one's own report that is not handed in. Raises Missing, Denied, Refused."""
    row = access.find(WeeklyItem, uid, actor, EST_WRITE, lock=True)
    report = db.session().get_one(WeeklyReport, row.report_id)
    _refuse_handed_in(report)
    db.session().delete(row)
    db.session().flush()
    return report


def _refuse_handed_in(report: WeeklyReport) -> None:
    refuse_ended(db.session().get_one(WeeklyGroup, report.group_id))
    if report.state != WEEKLY_REPORT.start:
        raise flow.Refused([Objection(N_("Rapporten är inlämnad. Välj Skriv om, om något ska ändras."))])


def move_report(actor: Actor, uid: UUID, key: str, *, version: int | None = None) -> WeeklyReport:
    """Hand in a report, with lines or with nothing to tell, or take it back. Raises Missing, Denied, Stale, Refused."""
    report = access.find(WeeklyReport, uid, actor, EST_WRITE, lock=True)
    db.refuse_stale("weekly_report", uid, report.version, version)
    flow.move(WEEKLY_REPORT, report, key, actor)
    group = db.session().get_one(WeeklyGroup, report.group_id)
    about, label = about_report(report, group), WEEKLY_REPORT.states[report.state].label
    if key == "lamna_in":
        report.handed_in_at = clock.now()
        upkeep.meet_deadline(HOUSE, WEEK_REPORT, about, reason=label)
    else:
        report.handed_in_at = None
        upkeep.renew_deadline(HOUSE, WEEK_REPORT, about, starts_at=clock.now(), reason=N_("Skrivs om"))
    db.session().flush()
    return report


@WEEKLY_REPORT.guard("lamna_in", "skriv_om")
def _not_when_the_group_has_ended(report: WeeklyReport, _actor: Actor) -> Iterable[Objection]:
    if db.session().get_one(WeeklyGroup, report.group_id).ended_on is not None:
        yield Objection(ENDED)


@WEEKLY_REPORT.guard("lamna_in")
def _of_no_individual(report: WeeklyReport, _actor: Actor) -> Iterable[Objection]:
    """The draft stays as it is written; what leaves it for the group holds no personnummer (H11)."""
    notes = db.session().scalars(select(WeeklyItem.note).where(WeeklyItem.report_id == report.id))
    if any("personal_number" in warns_of_persons(note) for note in notes):
        yield Objection(N_("En rad ser ut att ha ett personnummer. Ta bort raden och skriv den utan numret."))


@WEEKLY_REPORT.guard("skriv_om")
def _not_after_the_group_has_met(report: WeeklyReport, _actor: Actor) -> Iterable[Objection]:
    known = {"group_id": report.group_id, "iso_year": report.iso_year, "iso_week": report.iso_week}
    held = db.session().scalar(select(WeeklyReview.held_on).filter_by(**known))
    if held is not None:
        yield Objection(N_("Gruppen har gått igenom veckan. Skriv i nästa veckas rapport."))


# --- The group's Tuesday ------------------------------------------------------------------------------------------


def hold_review(
    actor: Actor, group: UUID, week: Week, *, held_on: date, picture: str, version: int | None = None
) -> WeeklyReview:
    """Keep that the group has met about a week, and how it sees it together. Raises Missing, Denied, Stale, Invalid."""
    about = access.find(WeeklyGroup, group, actor, EST_LEAD, lock=True)
    refuse_ended(about)
    if held_on > clock.today() or held_on < week.monday:
        raise Invalid({"held_on": [N_("Välj dagen då gruppen möttes.")]})
    known = {"group_id": about.id, "iso_year": week.year, "iso_week": week.number}
    review = db.session().scalar(select(WeeklyReview).filter_by(**known).with_for_update())
    if review is None:
        raise access.Missing("weekly_review", str(week))
    db.refuse_stale("weekly_review", review.uid, review.version, version)
    review.held_on, review.picture = held_on, picture
    db.session().flush()
    upkeep.meet_deadline(HOUSE, WEEK_REVIEW, about_review(review, about), reason=N_("Gruppen har mötts"))
    journal.write(actor, "weekly:review", "weekly_group", group, week=str(week))
    return review


def assign(
    actor: Actor, group: UUID, week: Week, *, uid: UUID, organisation: UUID, text: str, due_on: date, category: str = ""
) -> WeeklyAction:
    """Give a member something to do about a week, with its last day; once for each `uid`.

    Raises Missing, Denied, Conflict, Invalid (no member, a day that has been).
    """
    about = access.find(WeeklyGroup, group, actor, EST_LEAD, lock=True)
    words = {"text": text, "due_on": due_on, "category": category}
    content = db.fingerprint(group=group, week=str(week), organisation=organisation, **words)
    known = db.session().scalar(select(WeeklyAction).where(WeeklyAction.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("weekly_action", uid)
        return known
    refuse_ended(about)
    rows = select(WeeklyMember.organisation_id).where(WeeklyMember.group_id == about.id, WeeklyMember.left_on.is_(None))
    keys = organisation_keys(actor, [organisation], "organisation")
    if keys[0] not in set(db.session().scalars(rows)):
        raise Invalid({"organisation": [N_("Välj någon i gruppen.")]})
    if due_on < clock.today():
        raise Invalid({"due_on": [N_("Välj en dag som kommer.")]})
    if category and category not in categories():
        raise Invalid({"category": [N_("Välj i listan.")]})
    facts = {"iso_year": week.year, "iso_week": week.number, "level": about.level, "state": WEEKLY_ACTION.start}
    facts |= {"decided_on": clock.today()}
    row = WeeklyAction(uid=uid, content=content, group_id=about.id, organisation_id=keys[0], **facts, **words)
    db.session().add(row)
    db.session().flush()
    _plan(WEEK_ACTION, about_action(row, about), due_on, str(week), keys[0])
    journal.write(actor, "weekly:assign", "weekly_group", group, week=str(week), organisation=str(organisation))
    return row


def about_action(row: WeeklyAction, group: WeeklyGroup) -> Subject:
    """Return what was decided as what a frist is about."""
    return Subject("weekly_action", row.uid, group.name, level=row.level)


def move_action(actor: Actor, uid: UUID, key: str, *, outcome: str = "", version: int | None = None) -> WeeklyAction:
    """Say what came of something to do: by who was to do it, or who leads. Raises Missing, Denied, Stale, Refused."""
    row = access.find(WeeklyAction, uid, actor, EST_WRITE, lock=True)
    db.refuse_stale("weekly_action", uid, row.version, version)
    own = db.session().scalar(
        select(WeeklyAction.id).where(WeeklyAction.id == row.id, WeeklyAction.organisation_id.in_(homes(actor)))
    )
    group = db.session().get_one(WeeklyGroup, row.group_id)
    refuse_ended(group)
    led = select(WeeklyGroup.id).where(WeeklyGroup.id == group.id, access.rule_of(WeeklyGroup, actor, EST_LEAD))
    if own is None and db.session().scalar(led) is None:
        raise access.Denied(EST_WRITE, N_("Den som skulle göra det svarar på vad det blev."))
    if key != "ta_upp_igen" and not outcome.strip():
        raise Invalid({"outcome": [N_("Skriv vad som hände.")]})
    flow.move(WEEKLY_ACTION, row, key, actor)
    row.outcome = outcome
    db.session().flush()
    about, label = about_action(row, group), WEEKLY_ACTION.states[row.state].label
    if key == "klarmarkera":
        upkeep.meet_deadline(HOUSE, WEEK_ACTION, about, reason=label)
    elif key == "stall_in":
        upkeep.drop_deadline(HOUSE, WEEK_ACTION, about, reason=label)
    else:  # what lapsed is valid again when it is planned, what was met when it is renewed
        _plan(WEEK_ACTION, about, row.due_on, str(Week(row.iso_year, row.iso_week)), row.organisation_id)
        upkeep.renew_deadline(HOUSE, WEEK_ACTION, about, starts_at=clock.now(), reason=label)
    return row


def read_report(actor: Actor, uid: UUID) -> tuple[WeeklyReport, list[WeeklyItem]]:
    """Return a report with its lines, as far as the actor may read them. Raises Missing."""
    access.require(actor, EST_READ)
    rows = select(WeeklyReport).options(joinedload(WeeklyReport.organisation), joinedload(WeeklyReport.group))
    report = db.session().scalar(rows.where(WeeklyReport.uid == uid, access.rule_of(WeeklyReport, actor)))
    if report is None:
        raise access.Missing("weekly_report", uid)
    items = select(WeeklyItem).options(joinedload(WeeklyItem.place)).where(WeeklyItem.report_id == report.id)
    return report, list(db.session().scalars(access.visible(items, actor).order_by(WeeklyItem.id)))
