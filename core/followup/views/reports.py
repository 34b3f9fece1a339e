"""The pages of reports of grants: those of one, the list of all, and one with its figures and its editions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.applications.services import applications
from core.applications.views.blueprint import taken_at
from core.flow import moves_for
from core.followup.models import READ, REPORT, GrantReport
from core.followup.schemas.reports import FinalForm, PairForm, ReportFilter, ReportForm
from core.followup.services import carrying_out, final, pairs, reporting
from core.followup.states import REPORTS
from core.followup.views.blueprint import pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, none, read_filter, read_version, refused, said
from core.http.paging import mark, place, state_tabs
from core.http.texts import moment, translate
from core.i18n import N_
from core.schema import ReasonForm, Schema

taken_at("/rapporter", "slutredovisa", "ratta_redovisning")


@pages.get("/ansokningar/<uuid:uid>/rapporter", needs=READ)
def reports_of(uid: UUID) -> flask.Response:
    """Show the reports of a grant, and the photos of before and after."""
    return _of(uid)


@pages.post("/ansokningar/<uuid:uid>/bilder", needs=REPORT)
def pair(uid: UUID) -> flask.Response:
    """Put two photos beside each other."""
    redraw_with(lambda problem: _of(uid, refused("bilder", PairForm, problem, _photos(uid))))
    pairs.pair(actor(), uid, **said(PairForm))
    return see_other("followup.reports_of", uid=uid, _anchor="bilder")


@pages.post("/bildpar/<uuid:uid>/ta-bort", needs=REPORT)
def unpair(uid: UUID) -> flask.Response:
    """Take a pair away."""
    said()
    about = pairs.unpair(actor(), uid)
    return see_other("followup.reports_of", uid=about, _anchor="bilder")


@pages.get("/rapporter", needs=READ)
def list_reports() -> flask.Response:
    """List the reports, the newest first, all or those in one state."""
    asked, wrong = read_filter(ReportFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = reporting.list_reports(actor(), asked["visa"], after=after)
    counts = reporting.count_reports(actor())
    named = {key: state.label for key, state in REPORTS.states.items()}
    return page(
        "followup/reports.html",
        status=422 if wrong else 200,
        rows=[_shown(row) for row in found.rows],
        tabs=state_tabs("followup.list_reports", named, counts, asked["visa"], reporting.COUNTED),
        filtered=bool(asked["visa"]),
        periods=[(one, reporting.called(one)) for one in reporting.latest_periods(actor())],
        more=flask.url_for("followup.list_reports", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


@pages.get("/rapporter/<uuid:uid>", needs=READ)
def read_report(uid: UUID) -> flask.Response:
    """Show a report with today's figures, or an edition of it with those of its day."""
    return _page(uid)


@pages.post("/rapporter/<uuid:uid>", needs=REPORT)
def change_report(uid: UUID) -> flask.Response:
    """Write in it."""
    schema = _schema(reporting.read_report(actor(), uid))
    redraw_with(lambda problem: _page(uid, refused("text", schema, problem)))
    reporting.change_report(actor(), uid, version=read_version(request.form), **said(schema))
    return see_other("followup.read_report", uid=uid)


@pages.post("/rapporter/<uuid:uid>/steg/<key>", needs=READ)
def move_report(uid: UUID, key: str) -> flask.Response:
    """Hand it in, approve it, give it back."""
    asked = ReasonForm if REPORTS.move(key).reason else Schema
    redraw_with(lambda problem: _page(uid, refused(key, asked, problem)))
    reporting.move_report(actor(), uid, key, version=read_version(request.form), **said(asked))
    return see_other("followup.read_report", uid=uid)


def _schema(report: GrantReport) -> type[Schema]:
    return FinalForm if report.kind == reporting.END else ReportForm


def _shown(report: GrantReport) -> dict[str, Any]:
    stands = REPORTS.states[report.state]
    late = report.state == REPORTS.start and report.due_on < clock.today()
    return {"row": report, "title": reporting.title_of(report), "stands": stands, "late": late}


def _photos(uid: UUID) -> dict[str, Options]:
    found = pairs.candidates(actor(), carrying_out.read_granted(actor(), uid))
    named = [(str(one.photo.uid), _named(one), one.after) for one in found]
    return {
        "before": [none(N_("Ingen bild")), *((key, name) for key, name, after in named if not after)],
        "after": [none(N_("Ingen bild")), *((key, name) for key, name, _ in named)],
    }


def _named(one: pairs.Candidate) -> str:
    kind = translate(N_("efter")) if one.after else translate(N_("före"))
    return ", ".join(filter(None, (moment(one.photo.taken_at or one.photo.received_at), translate(one.what), kind)))


def _of(uid: UUID, told: Forms | None = None) -> flask.Response:
    application = carrying_out.read_granted(actor(), uid)
    chosen = pairs.pairs_of(actor(), application)
    writes = applications.reaches(actor(), application, REPORT)
    open_ones = application.state in pairs.CHOSEN_IN
    forms: Forms = {}
    if writes and open_ones:
        known = {"uid": db.new_uid(), "title": ""}
        forms["bilder"] = Form(PairForm, known, ids="bilder", options=_photos(uid))
    told = told or {}
    return page(
        "followup/reports_of.html",
        application=application,
        reports=[_shown(row) for row in reporting.reports_of(actor(), application)],
        pairs=chosen,
        seen=pairs.shown(actor(), chosen),
        may_change=writes and open_ones,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


def _page(uid: UUID, told: Forms | None = None) -> flask.Response:
    report = reporting.read_report(actor(), uid)
    moves = moves_for(REPORTS, report, actor())
    editions = reporting.editions_of(actor(), report)
    wanted = request.args.get("utgava", "")
    edition = next((one for one in editions if str(one.number) == wanted), None)
    if edition is None and report.state in reporting.HANDED_IN and editions:
        edition = editions[0]
    forms: Forms = {one.key: Form(ReasonForm, version=report.version, ids=one.key) for one in moves if one.reason}
    if any(one.key == "lamna_in" for one in moves):
        schema = _schema(report)
        known = {name: getattr(report, name) for name in schema().fields}
        forms["text"] = Form(schema, known, version=report.version, ids="text")
    told = told or {}
    chosen = pairs.pairs_of(actor(), report.application) if report.kind == reporting.END else []
    figures = edition.content if edition else reporting.figures(actor(), report.application)
    words = figures.get("words") or reporting.said(report)
    labels = [(name, field.metadata.get("label", "")) for name, field in _schema(report)().fields.items()]
    return page(
        "followup/report.html",
        report=report,
        title=reporting.title_of(report),
        shown=_shown(report),
        moves=moves,
        forms=forms | told,
        form=next(iter(told.values()), None),
        editions=editions,
        edition=edition,
        figures=figures,
        words=[(label, words.get(name, "")) for name, label in labels],
        cost=final.cost_in(figures) if report.kind == reporting.END else None,
        pairs=chosen,
        seen=pairs.shown(actor(), chosen),
        own=report.handed_in_by_id == actor().id,
    )
