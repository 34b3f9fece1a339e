"""The pages of weekly reports: the groups, a week of one of them, a report, a quarter."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.cooperation.models import CERTAINTIES, DAY_PARTS, EST_LEAD, EST_READ, EST_WRITE, RUMOUR, SEVERITIES, TRENDS
from core.cooperation.models.weekly import WeeklyGroup
from core.cooperation.schemas.weekly import (
    ActionForm,
    ActionOutcomeForm,
    EndGroupForm,
    GroupForm,
    ItemForm,
    MemberForm,
    ReviewForm,
)
from core.cooperation.services import weekly, weekly_end, weeks_shown
from core.cooperation.states import WEEKLY_ACTION, WEEKLY_REPORT
from core.cooperation.views.blueprint import page_with, pages, sent
from core.cooperation.weeks import Quarter, Week, this_week, to_report
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_version, said
from core.http.texts import translate
from core.i18n import N_
from core.places import services as places
from core.roles import ROLES
from core.schema import WARNINGS, ReasonForm, Schema, warns_of_persons
from core.walks.services.reaching import organisations

Options = dict[str, list[tuple[str, str]]]
SERIES = tuple(SEVERITIES[key] for key in (1, 2, 3))
MOST_BARS = 10
QUARTERS_BACK = 4


def called(week: Week) -> str:
    """Return a week as people say it."""
    return translate(N_("Vecka {number}, {year}")).format(number=week.number, year=week.year)


# --- The groups ---------------------------------------------------------------------------------------------------


@pages.get("/samverkan/veckor", needs=EST_READ)
def list_groups() -> flask.Response:
    """List the groups with how many of their reports of the week before are in."""
    week = this_week().after(-1)
    return page(
        "cooperation/weekly_groups.html",
        rows=weeks_shown.list_groups(actor()),
        week=called(week),
        may_begin=actor().may(EST_LEAD),
        waiting=[(row, called(Week(row.iso_year, row.iso_week))) for row in weeks_shown.to_report(actor(), 20)],
    )


@pages.get("/samverkan/veckor/ny", needs=EST_LEAD)
def new_group() -> flask.Response:
    """Ask about a group to begin."""
    fresh = GroupForm().load_draft({}) | {"uid": db.new_uid(), "function": translate(ROLES["sdn_samordnare"])}
    return _new(Form(GroupForm, fresh, options=_group_options()))


@pages.post("/samverkan/veckor/ny", needs=EST_LEAD)
def begin_group() -> flask.Response:
    """Begin it."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(GroupForm)
        return _new(Form(GroupForm, written=request.form, errors=errors, options=_group_options()))

    redraw_with(again)
    made = weekly.begin_group(actor(), **said(GroupForm))
    return see_other("cooperation.read_week", uid=made.uid)


def _group_options() -> Options:
    today = clock.today()
    areas = [area for area, _ in places.list_areas(actor(), kind=places.DISTRICT)]
    valid = [(str(area.uid), area.name) for area in areas if area.valid_to is None or area.valid_to >= today]
    own = {key for reach in actor().reaches(EST_LEAD) for key in reach.organisations or ()}
    leading = [(row.code, row.name) for row in organisations(actor()) if row.id in own]
    return {"organisation": leading, "area": sorted(valid, key=lambda pair: pair[1])}


def _new(form: Form) -> flask.Response:
    return page("cooperation/weekly_group_form.html", form=form)


# --- A week of a group --------------------------------------------------------------------------------------------


@pages.get("/samverkan/veckor/<uuid:uid>", needs=EST_READ)
def read_week(uid: UUID) -> flask.Response:
    """Show a week of a group: who has reported, the picture, what was decided and what became of it."""
    return _week_page(uid)


def _asked_week(group: WeeklyGroup) -> Week:
    """Return the week that is asked for; else the one that is reported now, of a group that has ended its last."""
    return Week.read(request.values.get("vecka", "")) or (Week.of(group.ended_on) if group.ended_on else to_report())


@pages.post("/samverkan/veckor/<uuid:uid>/medlemmar", needs=EST_LEAD)
def add_member(uid: UUID) -> flask.Response:
    """Let an organisation in."""
    known = sent(partial(_week_page, uid), "medlem", MemberForm, _members)
    weekly.add_member(actor(), uid, **known)
    return see_other("cooperation.read_week", uid=uid)


@pages.post("/samverkan/veckor/<uuid:uid>/avsluta", needs=EST_LEAD)
def end_group(uid: UUID) -> flask.Response:
    """End a group."""
    known = sent(partial(_week_page, uid), "avsluta", EndGroupForm)
    weekly_end.end_group(actor(), uid, **known, version=read_version(request.form))
    return see_other("cooperation.read_week", uid=uid)


@pages.post("/samverkan/veckor/<uuid:uid>/oppna-igen", needs=EST_LEAD)
def resume_group(uid: UUID) -> flask.Response:
    """Let a group that has ended go on."""
    known = sent(partial(_week_page, uid), "oppna_igen", ReasonForm)
    weekly_end.resume_group(actor(), uid, **known, version=read_version(request.form))
    return see_other("cooperation.read_week", uid=uid)


@pages.post("/samverkan/veckor/medlemmar/<uuid:uid>/lamna", needs=EST_LEAD)
def leave_group(uid: UUID) -> flask.Response:
    """Let a member leave."""
    said()
    group = weekly.leave_group(actor(), uid)
    return see_other("cooperation.read_week", uid=group.uid)


@pages.post("/samverkan/veckor/<uuid:uid>/<vecka>/genomgang", needs=EST_LEAD)
def hold_review(uid: UUID, vecka: str) -> flask.Response:
    """Keep that the group has met about a week."""
    week = _week_of(vecka)
    known = sent(partial(_week_page, uid, week=week), "genomgang", ReviewForm)
    weekly.hold_review(actor(), uid, week, **known, version=read_version(request.form))
    return see_other("cooperation.read_week", uid=uid, vecka=str(week))


@pages.post("/samverkan/veckor/<uuid:uid>/<vecka>/atgarder", needs=EST_LEAD)
def assign(uid: UUID, vecka: str) -> flask.Response:
    """Give a member something to do."""
    week, group = _week_of(vecka), weeks_shown.read_group(actor(), uid)
    options = _action_options(group)
    known = sent(partial(_week_page, uid, week=week), "atgard", ActionForm, lambda: options)
    weekly.assign(actor(), uid, week, **known)
    return see_other("cooperation.read_week", uid=uid, vecka=str(week))


@pages.post("/samverkan/veckor/atgarder/<uuid:uid>/utfall", needs=EST_WRITE)
def tell_outcome(uid: UUID) -> flask.Response:
    """Say what came of something to do."""
    known = said(ActionOutcomeForm)
    key = known.pop("result")
    row = weekly.move_action(actor(), uid, key, version=read_version(request.form), **known)
    group = db.session().get_one(WeeklyGroup, row.group_id)
    return see_other("cooperation.read_week", uid=group.uid)


def _week_of(text: str) -> Week:
    week = Week.read(text)
    if week is None:
        flask.abort(404)
    return week


def _members() -> Options:
    return {"organisation": [(str(row.uid), row.name) for row in organisations(actor())]}


def _action_options(group: WeeklyGroup) -> Options:
    members = weeks_shown.members_of(actor(), group)
    return {
        "organisation": [(str(one.organisation.uid), one.organisation.name) for one in members],
        "category": [("", translate(N_("Inget särskilt"))), *_categories()],
    }


def _categories() -> list[tuple[str, str]]:
    return [(key, translate(title)) for key, title in weekly.categories().items()]


def _week_page(uid: UUID, refused: Forms | None = None, week: Week | None = None) -> flask.Response:
    group = weeks_shown.read_group(actor(), uid)
    week = week or _asked_week(group)
    found = weeks_shown.show_week(actor(), group, week, dict(_categories()))
    leads, inside = weeks_shown.leads(actor(), group), weeks_shown.takes_part(actor(), group)
    own, goes_on = weeks_shown.written_for(actor()), group.ended_on is None
    forms: Forms = _end_form(group) if leads else {}
    if leads and goes_on:
        forms["medlem"] = Form(MemberForm, ids="medlem", options=_members())
        if found.review is not None:
            known = {"held_on": found.review.held_on or clock.today(), "picture": found.review.picture}
            forms["genomgang"] = Form(ReviewForm, known, version=found.review.version, ids="genomgang")
        fresh = ActionForm().load_draft({}) | {"uid": db.new_uid()}
        forms["atgard"] = Form(ActionForm, fresh, ids="atgard", options=_action_options(group))
    for row in (*found.decided, *found.before):
        if goes_on and row.state == WEEKLY_ACTION.start and (leads or row.organisation_id in own):
            forms[f"utfall-{row.uid}"] = Form(ActionOutcomeForm, version=row.version, ids=f"utfall-{row.uid}")
    return page_with(
        "cooperation/week.html",
        forms,
        refused,
        today=clock.today(),
        group=group,
        found=found,
        week=week,
        called=called(week),
        earlier=week.after(-1),
        later=week.after(1) if week < this_week() else None,
        members=weeks_shown.members_of(actor(), group),
        leads=leads,
        inside=inside,
        goes_on=goes_on,
        left=weekly_end.left_in(actor(), group) if leads and goes_on else 0,
        own=next((one for one in found.standings if one.member.organisation_id in own), None),
        report_states=WEEKLY_REPORT.states,
        action_states=WEEKLY_ACTION.states,
        names=dict(_categories()),
        severities=SEVERITIES,
        trends=TRENDS,
        certainties=CERTAINTIES,
        rumour=RUMOUR,
        day_parts=DAY_PARTS,
        series=[translate(words) for words in SERIES],
        bars=[{"label": name, "parts": parts} for name, parts in found.by_category[:MOST_BARS]],
        quarter=Quarter.of(week),
    )


def _end_form(group: WeeklyGroup) -> Forms:
    if group.ended_on is not None:
        return {"oppna_igen": Form(ReasonForm, version=group.version, ids="oppna_igen")}
    return {"avsluta": Form(EndGroupForm, {"ended_on": clock.today()}, version=group.version, ids="avsluta")}


# --- A report -----------------------------------------------------------------------------------------------------


@pages.get("/samverkan/veckorapporter/<uuid:uid>", needs=EST_READ)
def read_report(uid: UUID) -> flask.Response:
    """Show a report, with a form for a further line while it is one's own and not handed in."""
    return _report_page(uid)


@pages.post("/samverkan/veckorapporter/<uuid:uid>/rader", needs=EST_WRITE)
def add_item(uid: UUID) -> flask.Response:
    """Write a line."""
    report, _ = weekly.read_report(actor(), uid)
    options = _item_options(report.group_id)
    known = sent(partial(_report_page, uid), "rad", ItemForm, lambda: options)
    weekly.add_item(actor(), uid, item=known.pop("uid"), severity=int(known.pop("severity")), **known)
    return see_other("cooperation.read_report", uid=uid)


@pages.post("/samverkan/veckorapporter/rader/<uuid:uid>/ta-bort", needs=EST_WRITE)
def remove_item(uid: UUID) -> flask.Response:
    """Take a line out."""
    said()
    report = weekly.remove_item(actor(), uid)
    return see_other("cooperation.read_report", uid=report.uid)


@pages.post("/samverkan/veckorapporter/<uuid:uid>/steg/<key>", needs=EST_WRITE)
def move_report(uid: UUID, key: str) -> flask.Response:
    """Hand a report in, or take it back to write again."""
    sent(partial(_report_page, uid), key, Schema)
    weekly.move_report(actor(), uid, key, version=read_version(request.form))
    return see_other("cooperation.read_report", uid=uid)


def _item_options(group: int) -> Options:
    about = weeks_shown.read_group(actor(), db.session().get_one(WeeklyGroup, group).uid)
    may = actor().may("places:place:read")
    near = [(str(row.uid), row.name) for row in weeks_shown.places_near(about, actor())] if may else []
    none = ("", translate(N_("Hela området")))
    return {"category": _categories(), "place": [none, *near]}


def _report_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    report, items = weekly.read_report(actor(), uid)
    week = Week(report.iso_year, report.iso_week)
    moves = moves_for(WEEKLY_REPORT, report, actor()) if report.group.ended_on is None else []
    forms: Forms = {}
    if any(move.key == "lamna_in" for move in moves):
        fresh = ItemForm().load_draft({}) | {"uid": db.new_uid()}
        forms["rad"] = Form(ItemForm, fresh, ids="rad", options=_item_options(report.group_id))
    own = report.organisation_id in weeks_shown.written_for(actor())
    warned = {kind for item in items for kind in warns_of_persons(item.note)} if own else set()
    return page_with(
        "cooperation/weekly_report.html",
        forms,
        refused,
        report=report,
        items=items,
        week=week,
        called=called(week),
        stands=WEEKLY_REPORT.states[report.state],
        moves=moves,
        own=own,
        warnings=[translate(WARNINGS[kind]) for kind in WARNINGS if kind in warned],
        names=dict(_categories()),
        severities=SEVERITIES,
        trends=TRENDS,
        certainties=CERTAINTIES,
        day_parts=DAY_PARTS,
    )


# --- A quarter ----------------------------------------------------------------------------------------------------


@pages.get("/samverkan/veckor/<uuid:uid>/kvartal", needs=EST_READ)
def read_quarter(uid: UUID) -> flask.Response:
    """Show how much there was of each kind in a quarter, in counts that may leave the group."""
    group = weeks_shown.read_group(actor(), uid)
    asked = Quarter.read(request.args.get("kvartal", "")) or Quarter.of(this_week())
    counted, names = weeks_shown.quarter(actor(), group, asked), dict(_categories())
    rows = sorted(counted.cells.items(), key=lambda cell: (-(cell[1] or 0), names.get(cell[0], cell[0])))
    now = Quarter.of(this_week())
    return page(
        "cooperation/weekly_quarter.html",
        group=group,
        asked=asked,
        rows=[(names.get(key, key), count, key in counted.kept_back) for key, count in rows],
        total=counted.total,
        first=asked.weeks[0],
        last=asked.weeks[-1],
        tabs=[
            {
                "text": translate(N_("Kvartal {number}, {year}")).format(number=one.number, year=one.year),
                "href": flask.url_for("cooperation.read_quarter", uid=uid, kvartal=str(one)),
                "current": one == asked,
            }
            for one in (now.after(-back) for back in range(QUARTERS_BACK))
        ],
    )
