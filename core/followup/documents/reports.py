"""Reports of grants on paper: one of them, tertial or final, and a board's section of its own tertial report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.documents.offered import Group, Offered, offers
from core.applications.documents.whole import head_of
from core.applications.models import Application
from core.applications.states import APPLICATION, GRANTED_STATES
from core.documents import About, Content, kind
from core.followup.models import READ, GrantReport, GrantReportEdition, PicturePair
from core.followup.schemas.reports import FinalForm, PeriodAsked, ReportForm
from core.followup.services import final, pairs, reporting
from core.followup.states import REPORTS
from core.i18n import N_, Text
from core.journal import PROTECTED

REPORT, PERIOD = "followup:rapport", "followup:tertialavsnitt"
MOST = 500
AHEAD = ("money", "risks")
"""What a tertial's report is asked of a work that goes on; a final one without it does not say that it lacks."""


def _about(actor: Actor, uid: UUID) -> About:
    report = reporting.read_report(actor, uid)
    name = Text(N_("{report}, {title}"), report=reporting.title_of(report), title=report.application.title)
    return About(name, f"/rapporter/{report.uid}", max(report.level, report.application.level))


@kind(REPORT, title=N_("Rapport om beviljade medel"), needs=READ, about=_about, template="documents/grant_report.html")
def report_on_paper(actor: Actor, uid: UUID) -> Content:
    """Gather a report with the figures of the day when it was handed in; before that with today's."""
    report = reporting.read_report(actor, uid)
    application, at_end = report.application, report.kind == reporting.END
    edition = _edition(actor, report)
    figures = edition.content if edition else reporting.figures(actor, application)
    words = figures.get("words") or reporting.said(report)
    schema = FinalForm if at_end else ReportForm
    labels = [(name, field.metadata.get("label", "")) for name, field in schema().fields.items()]
    passed = AHEAD if at_end else ()
    chosen = pairs.pairs_of(actor, application) if at_end else []
    pictures = _pictures(actor, chosen)
    told: dict[str, Any] = {
        "report": report,
        "application": application,
        "called": reporting.title_of(report),
        "stands": REPORTS.states[report.state].label,
        "edition": edition,
        "figures": figures,
        "money": figures["money"],
        "cost": final.cost_in(figures) if at_end else None,
        "words": [(label, words.get(name, "")) for name, label in labels if words.get(name) or name not in passed],
        "pairs": [(one, *_parts(one, pictures)) for one in chosen],
    }
    return Content(
        title=Text(N_("{report}, {title}"), report=reporting.title_of(report), title=application.title),
        filename=f"{'slutredovisning' if at_end else f'tertialrapport {report.period}'} {application.number}",
        context=head_of(application.organisation.name) | told,
        pictures=pictures,
        level=max(report.level, application.level),
    )


def _edition(actor: Actor, report: GrantReport) -> GrantReportEdition | None:
    """Return the edition that was handed in last, while it stands."""
    found = reporting.editions_of(actor, report) if report.state in reporting.HANDED_IN else []
    return found[0] if found else None


def _part(pair: PicturePair, side: str) -> str:
    return f"{side}-{pair.uid}"


def _pictures(actor: Actor, chosen: Iterable[PicturePair]) -> dict[str, str]:
    """Return the photos that may be drawn: part -> hash."""
    rows = list(chosen)
    seen = pairs.shown(actor, rows)
    return {
        _part(one, side): photo.large
        for one in rows
        for side, photo in (("fore", one.before), ("efter", one.after))
        if photo is not None and photo.uid in seen and photo.large
    }


def _parts(pair: PicturePair, pictures: Mapping[str, str]) -> tuple[str, str]:
    before, after = _part(pair, "fore"), _part(pair, "efter")
    return before if before in pictures else "", after if after in pictures else ""


# --- The section of a board's tertial report ----------------------------------------------------------------------


def _about_oneself(actor: Actor, uid: UUID) -> About:
    """The section is of what somebody reaches: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/rapporter")


@kind(
    PERIOD,
    title=N_("Tertialavsnitt om beviljade medel"),
    needs=READ,
    about=_about_oneself,
    template="documents/tertial_section.html",
    options=PeriodAsked,
)
def section_on_paper(actor: Actor, _uid: UUID, *, period: str) -> Content:
    """Gather the reports of a tertial that the actor reaches: a table with sums, and what each says in words."""
    found = _reports_in(actor, period)
    rows = [_row(actor, report) for report in found]
    called = reporting.called(period)
    money = ("granted", "committed", "used", "forecast")
    told: dict[str, Any] = {
        "called": called,
        "year": _year(period),
        "rows": rows,
        "sums": {name: _sum(one["money"][name] for one in rows) for name in money},
        "lacking": sum(one["money"]["forecast"] is None for one in rows),
        "boards": len({one["board"] for one in rows}),
    }
    return Content(
        title=Text(N_("Beviljade medel: {period}"), period=called),
        filename=f"tertialavsnitt {period}",
        context=head_of(actor.organisation_name) | told,
        level=max([1, *(one.level for one in found)]),
    )


def _reports_in(actor: Actor, period: str) -> list[GrantReport]:
    rows = select(GrantReport).options(joinedload(GrantReport.application).joinedload(Application.organisation))
    rows = rows.join(Application, Application.id == GrantReport.application_id)
    rows = rows.where(GrantReport.kind == reporting.TERTIAL, GrantReport.period == period)
    rows = rows.where(GrantReport.level < PROTECTED, Application.level < PROTECTED)
    rows = rows.order_by(Application.organisation_id, Application.id).limit(MOST)
    return list(db.session().scalars(access.visible(rows, actor)))


def _sum(amounts: Iterable[int | None]) -> int | None:
    """Return the sum of what is known; nothing when nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _year(period: str) -> int:
    return int(period.partition("-")[0])


def _row(actor: Actor, report: GrantReport) -> dict[str, Any]:
    application, edition = report.application, _edition(actor, report)
    figures = edition.content if edition else reporting.figures(actor, application)
    year = _year(report.period)
    empty = {"granted": 0, "committed": 0, "used": 0, "forecast": None}
    return {
        "application": application,
        "board": application.organisation.name,
        "state": REPORTS.states[report.state].label,
        "work": APPLICATION.states[application.state].label,
        "skipped": report.skipped_why,
        "done": figures["done"],
        "planned": figures["planned"],
        "money": next((one for one in figures["money"] if one["year"] == year), empty),
        "words": figures.get("words") or reporting.said(report),
        "on": figures["on"],
    }


# --- Offered ------------------------------------------------------------------------------------------------------


@offers
def _offers(actor: Actor, application: Application) -> Iterable[Group]:
    if not actor.may(READ) or application.state not in (*GRANTED_STATES, "avslutad", "avbruten"):
        return
    found = [one for one in reporting.reports_of(actor, application) if one.state != "overhoppad"]
    items = [Offered(reporting.title_of(one), REPORT, one.uid) for one in found]
    yield Group(N_("Rapporter"), N_("Med siffrorna från den dag då rapporten lämnades in, annars med dagens."), items)
