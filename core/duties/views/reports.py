"""The pages of the municipality's lägesbild: the list, one of them, its sections, and its decisions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.duties.law import PARTS, SECTIONS, SOURCE_KINDS
from core.duties.models import CitySource, CityTable
from core.duties.models.coordination import EDIT, READ
from core.duties.models.reports import DRAFT
from core.duties.schemas.law import DecisionForm, ReportForm, SectionForm, SourceForm, TableForm
from core.duties.services import clocks, reports
from core.duties.states import APPROVE, CITY_REPORT
from core.duties.views.blueprint import pages, tabs
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_version, refused, said
from core.http.texts import translate
from core.i18n import N_
from core.schema import ReasonForm, Schema

NEXT = {
    "utkast": N_("Skriv avsnitten. Skicka sedan lägesbilden på remiss."),
    "remiss": N_("Vänta in synpunkterna. Skriv sedan in beslutet."),
}


@pages.get("/lagkrav/lagesbilder", needs=READ)
def list_reports() -> flask.Response:
    """List the lägesbilder of the municipality, the newest first."""
    return _list()


@pages.post("/lagkrav/lagesbilder", needs=EDIT)
def begin_report() -> flask.Response:
    """Begin a lägesbild."""
    redraw_with(lambda problem: _list(refused("ny", ReportForm, problem)))
    made = reports.begin_report(actor(), **said(ReportForm))
    return see_other("duties.read_report", uid=made.uid)


def _list(told: Forms | None = None) -> flask.Response:
    told = told or {}
    forms: Forms = {}
    if actor().may(EDIT):
        today = clock.today()
        known = {"uid": db.new_uid(), "title": translate(N_("Lägesbild över brottsligheten"))}
        known |= {"first_on": date(today.year - 2, 1, 1), "last_on": date(today.year - 1, 12, 31)}
        forms["ny"] = Form(ReportForm, known, ids="ny")
    return page(
        "duties/reports.html",
        tabs=tabs("duties.list_reports"),
        rows=[(row, CITY_REPORT.states[row.state]) for row in reports.list_reports(actor())],
        today=clock.today(),
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


@pages.get("/lagkrav/lagesbilder/<uuid:uid>", needs=READ)
def read_report(uid: UUID) -> flask.Response:
    """Show a lägesbild: what it lacks, its sections, sources and tables."""
    return _report(uid)


def _report(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = reports.read_report(actor(), uid), told or {}
    report = found.report
    moves = moves_for(CITY_REPORT, report, actor())
    writes = report.state == DRAFT and bool(moves)
    forms: Forms = {one.key: Form(ReasonForm, version=report.version, ids=one.key) for one in moves if one.reason}
    if any(one.key == APPROVE for one in moves):
        forms[APPROVE] = Form(DecisionForm, {"decided_on": clock.today()}, version=report.version, ids=APPROVE)
    if writes:
        forms["kalla"] = Form(SourceForm, SourceForm().load_draft({}) | {"uid": db.new_uid()}, ids="kalla")
        forms["tabell"] = Form(TableForm, TableForm().load_draft({}) | {"uid": db.new_uid()}, ids="tabell")
    return page(
        "duties/report.html",
        found=found,
        report=report,
        stands=CITY_REPORT.states[report.state],
        kinds=SECTIONS,
        parts=PARTS,
        source_kinds=SOURCE_KINDS,
        moves=moves,
        writes=writes,
        warnings=clocks.warning_days(report.decided_on) if report.decided_on else {},
        moved_from=clocks.moved_from(report),
        next_step=NEXT.get(report.state) if moves else None,
        is_late=report.valid_until is not None and report.valid_until < clock.today(),
        wanted={"kind": "duties:lagesbild", "subject": report.uid},
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


@pages.get("/lagkrav/lagesbilder/<uuid:uid>/avsnitt/<key>", needs=EDIT)
def edit_section(uid: UUID, key: str) -> flask.Response:
    """Show the form of a section."""
    return _section(uid, key)


@pages.post("/lagkrav/lagesbilder/<uuid:uid>/avsnitt/<key>", needs=EDIT)
def write_section(uid: UUID, key: str) -> flask.Response:
    """Save a section."""

    def again(problem: Any) -> flask.Response:
        return _section(uid, key, Form(SectionForm, written=request.form, errors=problem.fields(SectionForm)))

    redraw_with(again, lambda: _section_form(reports.read_report(actor(), uid, EDIT), key))
    known = said(SectionForm)
    reports.write_section(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("duties.read_report", uid=uid)


def _section_form(found: reports.Whole, key: str) -> Form:
    section = found.sections.get(key)
    if section is None:
        flask.abort(404)
    return Form(SectionForm, {"text": section.text}, version=section.version)


def _section(uid: UUID, key: str, form: Form | None = None) -> flask.Response:
    found = reports.read_report(actor(), uid, EDIT)
    form = form or _section_form(found, key)
    kind = SECTIONS[key]
    part = PARTS.get(kind.part, "")
    return page("duties/section.html", report=found.report, kind=kind, part=part, form=form)


@pages.post("/lagkrav/lagesbilder/<uuid:uid>/kallor", needs=EDIT)
def add_source(uid: UUID) -> flask.Response:
    """List a source."""
    redraw_with(lambda problem: _report(uid, refused("kalla", SourceForm, problem)))
    known = said(SourceForm)
    reports.add_source(actor(), uid, source=known.pop("uid"), **known)
    return see_other("duties.read_report", uid=uid)


@pages.post("/lagkrav/lagesbilder/<uuid:uid>/tabeller", needs=EDIT)
def add_table(uid: UUID) -> flask.Response:
    """Put a table into the appendix."""
    redraw_with(lambda problem: _report(uid, refused("tabell", TableForm, problem)))
    known = said(TableForm)
    reports.add_table(actor(), uid, table=known.pop("uid"), **known)
    return see_other("duties.read_report", uid=uid)


@pages.post("/lagkrav/kallor/<uuid:uid>/ta-bort", needs=EDIT)
def take_source_away(uid: UUID) -> flask.Response:
    """Take a source out."""
    said()
    return see_other("duties.read_report", uid=reports.take_away(actor(), CitySource, uid).uid)


@pages.post("/lagkrav/tabeller/<uuid:uid>/ta-bort", needs=EDIT)
def take_table_away(uid: UUID) -> flask.Response:
    """Take a table out."""
    said()
    return see_other("duties.read_report", uid=reports.take_away(actor(), CityTable, uid).uid)


@pages.post("/lagkrav/lagesbilder/<uuid:uid>/steg/<key>", needs=EDIT)
def move_report(uid: UUID, key: str) -> flask.Response:
    """Send a lägesbild out for comments, write down its approval, or take a step back."""
    move = CITY_REPORT.move(key)
    schema: Any = DecisionForm if key == APPROVE else ReasonForm if move.reason else Schema
    redraw_with(lambda problem: _report(uid, refused(key, ReasonForm if schema is Schema else schema, problem)))
    known, version = said(schema), read_version(request.form)
    if key == APPROVE:
        reports.approve_report(actor(), uid, version=version, **known)
    else:
        reports.move_report(actor(), uid, key, version=version, **known)
    return see_other("duties.read_report", uid=uid)
