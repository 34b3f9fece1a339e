"""The pages of presence that is promised: the list with this month, one of them with its months."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.presence import services
from core.presence.bands import PRESENCE, kinds_of
from core.presence.models import PresenceCount, PresencePlan
from core.presence.models.plans import EDIT, READ, REPORT
from core.presence.schemas import MonthChange, MonthForm, PlanChange, PlanEnd, PlanFilter, PlanForm
from core.presence.schemas.plans import PLANS
from core.presence.views.blueprint import (
    area_choices,
    days_said,
    hours_said,
    kind_choices,
    other_choices,
    own_choices,
    pages,
    part_tabs,
    place_asked,
    place_choices,
    room_tabs,
    with_place,
)
from core.upkeep.counting import after_months


@pages.get("/narvaro", needs=READ)
def list_plans() -> flask.Response:
    """List the promises of presence, each with what last month came to."""
    asked, wrong = read_filter(PlanFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = services.list_plans(actor(), ended=asked["visa"] == "avslutade", after=after)
    last = after_months(clock.today().replace(day=1), -1)
    counts = services.counts_in(actor(), found.rows, last)
    rows = [(row, services.planned_hours(row, last), counts.get(row.id)) for row in found.rows]
    return page(
        "presence/plans.html",
        status=422 if wrong else 200,
        doors=room_tabs("narvaro"),
        tabs=part_tabs(PLANS, asked["visa"], "/narvaro"),
        rows=rows,
        month=last.strftime("%Y-%m"),
        kinds=kinds_of(PRESENCE),
        where_named=services.where_named,
        days_said=days_said,
        hours_said=hours_said,
        may_add=actor().may(EDIT),
        subject=actor().uid,
        more=flask.url_for("presence.list_plans", visa=asked["visa"], efter=mark(found.after)) if found.after else None,
    )


def _options() -> dict[str, Options]:
    return {
        "kind": kind_choices(kinds_of(PRESENCE)),
        "organisation": own_choices(EDIT),
        "where": place_choices(),
        "area": area_choices(),
        "done_by": other_choices(),
    }


@pages.get("/narvaro/ny", needs=EDIT)
def new_plan() -> flask.Response:
    """Ask about presence to promise."""
    known = {"uid": db.new_uid(), "where": place_asked(), "valid_from": clock.today()}
    return _new(Form(PlanForm, PlanForm().load_draft({}) | known, options=_options()))


@pages.post("/narvaro/ny", needs=EDIT)
def add_plan() -> flask.Response:
    """Promise it."""

    def again(problem: Any) -> flask.Response:
        return _new(Form(PlanForm, written=request.form, errors=problem.fields(PlanForm), options=_options()))

    redraw_with(again)
    made = services.add_plan(actor(), **with_place(said(PlanForm)))
    return see_other("presence.read_plan", uid=made.uid)


def _new(form: Form, found: PresencePlan | None = None) -> flask.Response:
    return page("presence/plan_form.html", form=form, plan=found, kinds=kinds_of(PRESENCE))


@pages.get("/narvaro/<uuid:uid>/andra", needs=EDIT)
def edit_plan(uid: UUID) -> flask.Response:
    """Show the form by which a promise is changed from a day on."""
    found = services.read_plan(actor(), uid, EDIT)
    return _new(_change_of(found), found)


def _change_of(found: PresencePlan) -> Form:
    known = {name: getattr(found, name, None) for name in PlanChange().fields}
    known |= {"following": db.new_uid(), "first": max(found.valid_from, clock.today())}
    known |= {"done_by": found.done_by.uid if found.done_by else None}
    return Form(PlanChange, known, version=found.version, options={"done_by": other_choices()})


@pages.post("/narvaro/<uuid:uid>/andra", needs=EDIT)
def change_plan(uid: UUID) -> flask.Response:
    """Save what is changed from a day on."""
    options = {"done_by": other_choices()}

    def again(problem: Any) -> flask.Response:
        form = Form(PlanChange, written=request.form, errors=problem.fields(PlanChange), options=options)
        return _new(form, services.read_plan(actor(), uid, EDIT))

    redraw_with(again, lambda: _change_of(services.read_plan(actor(), uid, EDIT)))
    made = services.change_plan(actor(), uid, version=read_version(request.form), **said(PlanChange))
    return see_other("presence.read_plan", uid=made.uid)


@pages.get("/narvaro/<uuid:uid>", needs=READ)
def read_plan(uid: UUID) -> flask.Response:
    """Show a promise with its months: planned and done."""
    return _plan_page(uid)


@pages.post("/narvaro/<uuid:uid>/utfall", needs=REPORT)
def report_month(uid: UUID) -> flask.Response:
    """Write what a month came to."""

    def stands() -> Form:
        count = services.counts_in(actor(), [services.read_plan(actor(), uid)], known["month"])
        return _month_of(MonthForm, next(iter(count.values())))

    redraw_with(lambda told: _plan_page(uid, refused("utfall", MonthForm, told)), stands)
    known = said(MonthForm)
    services.report_month(actor(), uid, version=read_version(request.form), **known)
    return see_other("presence.read_plan", uid=uid)


@pages.post("/narvaro/<uuid:uid>/avsluta", needs=EDIT)
def end_plan(uid: UUID) -> flask.Response:
    """Let a promise end."""
    redraw_with(lambda told: _plan_page(uid, refused("avsluta", PlanEnd, told)))
    known = said(PlanEnd)
    services.end_plan(actor(), uid, version=read_version(request.form), **known)
    return see_other("presence.read_plan", uid=uid)


def _month_of(schema: type[MonthForm], count: PresenceCount, ids: str = "utfall") -> Form:
    return Form(schema, count, version=count.version, ids=ids)


def _plan_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = services.read_plan(actor(), uid), told or {}
    forms, written = Forms(), []
    months, contacts = services.months_of(actor(), found)
    if services.reaches(actor(), found, REPORT) and months:
        unwritten = [one.month for one in months[1:] if one.done is None]
        known = {"month": next(iter(unwritten), months[0].month)}
        forms["utfall"] = Form(MonthForm, MonthForm().load_draft({}) | known, version=0, ids="utfall")
        written = services.written_of(actor(), found, months)
        for count in written:
            ids = f"manad-{count.month}"
            forms[ids] = _month_of(MonthChange, count, ids)
    before, after = services.around(actor(), found)
    may_change = after is None and services.reaches(actor(), found, EDIT)
    if may_change:
        forms["avsluta"] = Form(PlanEnd, {"valid_to": clock.today()}, version=found.version, ids="avsluta")
    return page(
        "presence/plan.html",
        plan=found,
        before=before,
        after=after,
        may_change=may_change and (found.valid_to is None or found.valid_to >= clock.today()),
        kind=kinds_of(PRESENCE).get(found.kind, found.kind),
        where=services.where_named(found),
        days=days_said(found.weekdays),
        hours=hours_said(found.begins, found.ends),
        months=months,
        written=written,
        contacts=contacts,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )
