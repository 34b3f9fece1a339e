"""The one view of kommunstyrelsen over all boards, and the reports on grants."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import flask
from flask import request

from core import clock
from core.figures.presenting import ends_of
from core.followup import view_tables
from core.followup.documents import TABLE
from core.followup.figures_more import MAP, tables_of_map
from core.followup.figures_of import every_report, tables_of
from core.followup.models import NAMES, READ, VIEW
from core.followup.safety import Safety, safety_of
from core.followup.schemas.city import CityFilter
from core.followup.services.asked import Asked, Boards
from core.followup.services.city import COUNTED, SHOWN, late_promises, open_lifts, work_underway
from core.followup.views.blueprint import pages
from core.http import actor, page
from core.http.forms import Form, Options, none, read_filter
from core.http.texts import translate
from core.i18n import N_
from core.places.models import DISTRICT
from core.reserve.services.programmes import programmes
from core.reserve.views.frames import choices

YEARS_BACK, YEARS_AHEAD = 9, 2
MAP_PAGE = 1000
"""Applications in one answer for the map, which asks for the next ones by itself."""


@pages.get("/uppfoljning", needs=VIEW)
def show_city() -> flask.Response:
    """Show the money, the rounds, the boards, the work and what waits for whom, over all boards."""
    asked, form, wrong = _asked()
    tables = tables_of(actor(), view_tables.VIEW, asked)
    work, underway = work_underway(actor(), asked, limit=SHOWN)
    promises, promises_late = late_promises(actor(), asked, limit=SHOWN)
    lifts, lifts_open = open_lifts(actor(), asked, limit=SHOWN)
    return page(
        "followup/city.html",
        status=422 if wrong else 200,
        filter=form,
        asked=asked,
        tables=_shown(view_tables.VIEW, tables),
        work=work,
        underway=underway,
        board=asked.boards.name,
        promises=promises,
        promises_late=promises_late,
        counted=COUNTED,
        lifts=lifts,
        lifts_open=lifts_open,
        reports=_doors(),
        lists=_lists(),
        query=_query(),
    )


@pages.get("/uppfoljning/<rapport>", needs=VIEW)
def show_report(rapport: str) -> flask.Response:
    """Show a report."""
    if rapport not in every_report():
        flask.abort(404)
    asked, form, wrong = _asked()
    is_map = rapport == MAP
    shades = safety_of(actor()) if is_map else None
    tables = tables_of_map(actor(), asked, shades) if is_map else tables_of(actor(), rapport, asked)
    return page(
        "followup/figures.html",
        status=422 if wrong else 200,
        filter=form,
        asked=asked,
        report=every_report()[rapport],
        tables=_shown(rapport, tables),
        drawn=_drawn(asked, shades) if is_map else "",
        shades=shades,
        classes=[(one, translate(ends_of(shades.choice.indicator, one))) for one in shades.classes] if shades else [],
        names=NAMES,
        query=_query(),
    )


def _drawn(asked: Asked, shades: Safety | None) -> str:
    """Return where the map gets what it draws: the areas with their shades, and the places with money."""
    known = {"year": asked.year, "board": asked.board, "programme": asked.programme, "limit": MAP_PAGE}
    money = f"/api/v1/grants.geojson?{urlencode({key: value for key, value in known.items() if value})}"
    if shades is None:
        return money
    return f"/api/v1/indicators/{shades.choice.indicator.uid}/map.geojson?area_kind={DISTRICT} {money}"


def _asked() -> tuple[Asked, Form, Any]:
    asked, wrong = read_filter(CityFilter, request.args)
    boards = Boards()
    year = asked.get("ar") or clock.today().year
    told = Asked(year, boards, asked.get("satsning"), asked.get("namnd"), asked["namn"])
    known = {"ar": year, "namnd": told.board, "satsning": told.programme, "namn": told.names}
    return told, Form(CityFilter, known, errors=wrong, options=_options(told)), wrong


def _options(asked: Asked) -> dict[str, Options]:
    this_year = clock.today().year
    years = {*range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1), asked.year}
    rows = asked.boards.rows
    listed = [key for key in asked.boards.on(asked.day()) if rows[key].uid != asked.board]
    chosen = [key for key, row in rows.items() if row.uid == asked.board]
    named = sorted((rows[key] for key in (*listed, *chosen)), key=lambda row: row.name)
    return {
        "ar": [(str(year), str(year)) for year in sorted(years, reverse=True)],
        "namnd": [none(N_("Alla nämnder")), *((str(row.uid), row.name) for row in named)],
        "satsning": [none(N_("Alla satsningar")), *choices(programmes())],
    }


def _query() -> dict[str, Any]:
    """Return what this page is asked about, to be asked again by its links and its files."""
    return {name: value for name, value in request.args.items() if name in CityFilter().fields and value}


def _shown(report: str, tables: list[Any]) -> list[dict[str, Any]]:
    """Return tables with what asks for each as a file."""
    may = actor().may("documents:document:ask")
    wanted = {"kind": TABLE, "subject": str(actor().uid), "format": "xlsx", "rapport": report} | _query()
    return [
        {"table": one, "wanted": wanted | {"tabell": str(number)} if may and one.rows else None}
        for number, one in enumerate(tables)
    ]


def _doors() -> list[dict[str, str]]:
    return [
        {
            "text": translate(told.title),
            "href": flask.url_for("followup.show_report", rapport=key, **_query()),
            "sub": translate(told.what),
        }
        for key, told in every_report().items()
        if key != view_tables.VIEW
    ]


def _lists() -> list[dict[str, str]]:
    """Return the lists over all boards that the view's numbers are of, for who reads them."""
    if not actor().may(READ):
        return []
    return [{"text": translate(text), "href": flask.url_for(endpoint)} for text, endpoint in LISTS]


LISTS = (
    (N_("Rapporter om beviljade medel"), "followup.list_reports"),
    (N_("Rekvisitioner"), "followup.list_claims"),
    (N_("Ombudgetering"), "followup.list_carry_overs"),
    (N_("Omdisponering"), "followup.list_reallocations"),
)
