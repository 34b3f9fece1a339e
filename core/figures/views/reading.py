"""The pages one reads: all indicators, one indicator as table, chart and map, an area, a figure to cite."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import flask
from flask import request

from core import access
from core.figures import layers, maps, periods, presenting, services
from core.figures.documents import TABLE
from core.figures.models import (
    DIRECTIONS,
    EDIT,
    EVERY,
    IMPORT,
    KINDS,
    LEVELS,
    READ,
    STATUSES,
    SUPPRESSION,
    UNITS,
)  # fmt: skip
from core.figures.schemas import Narrowing
from core.figures.services import Choice
from core.figures.views.blueprint import pages
from core.figures.words import said
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.places.models import AREA_KINDS, MUNICIPALITY

GPKG = "application/geopackage+sqlite3"
Days = tuple[Any, Any]


@pages.get("/statistik", needs=READ)
def list_indicators() -> flask.Response:
    """List the indicators, with how new their figures are and where there are none."""
    lines = services.overview(actor())
    groups = [(KINDS[key], list(rows)) for key, rows in groupby(lines, key=lambda line: line.indicator.kind)]
    return page(
        "figures/list.html",
        groups=groups,
        empty=[line for line in lines if line.period is None],
        old=[line for line in lines if line.old],
        told=periods.told,
        kinds=AREA_KINDS,
        every=EVERY,
        may_import=actor().may(IMPORT),
        may_edit=actor().may(EDIT),
    )


@pages.get("/statistik/<uuid:uid>", needs=READ)
def read_indicator(uid: UUID) -> flask.Response:
    """Show an indicator: its areas over time, a chart, a map, where figures are lacking."""
    found = services.read_indicator(actor(), uid)
    asked, wrong = read_filter(Narrowing, request.args)
    choice = services.choose(actor(), found, asked.get("slag"), asked.get("uppdelning"))
    days = services.periods(actor(), choice)
    after: Any = place(asked.get("efter"), int, str, str)
    rows = services.table(actor(), choice, days, after)
    city = services.of_the_city(actor(), choice, days)
    chosen = _period(asked.get("period"), days)
    here: dict[str, Any] = {
        name: request.args[name] for name in ("slag", "uppdelning", "period") if request.args.get(name)
    }
    more = flask.url_for("figures.read_indicator", uid=uid, **here, efter=mark(rows.after)) if rows.after else None
    return page(
        "figures/indicator.html",
        status=422 if wrong else 200,
        indicator=found,
        choice=choice,
        filter=_filter(choice, asked, wrong, days, chosen),
        days=[(one, periods.told(*one)) for one in days],
        rows=[(row, [_cell(choice, row.told[one]) for one in days], _change(choice, row, days)) for row in rows.rows],
        city=[_cell(choice, city[one]) if one in city else None for one in days] if city else None,
        more=more,
        words={"kinds": AREA_KINDS, "units": UNITS, "every": EVERY, "levels": LEVELS, "directions": DIRECTIONS}
        | {"suppression": SUPPRESSION},
        wanted={"kind": TABLE, "subject": str(uid), "slag": choice.area_kind, "format": "xlsx"},
        may_edit=actor().may(EDIT),
        layer=urlencode({"slag": choice.area_kind, "uppdelning": choice.part or "", "period": _said(chosen)})
        if chosen
        else "",
        **_drawn(choice, chosen, rows),
    )


def _filter(choice: Choice, asked: dict[str, Any], wrong: Any, days: list[Days], chosen: Days | None) -> Form:
    """Return the filter of an indicator's page; only choices that there are figures of."""
    options = {
        "slag": [(key, translate(AREA_KINDS[key])) for key in choice.kinds],
        "uppdelning": [("", translate(N_("Alla"))), *((part, part) for part in choice.parts)],
        "period": [(_said(one), translate(periods.told(*one))) for one in days],
    }
    known = {"slag": choice.area_kind, "uppdelning": choice.part or "", "period": _said(chosen) if chosen else ""}
    return Form(Narrowing, asked | known, errors=wrong, options=options)


def _said(days: Days) -> str:
    return f"{days[0].isoformat()}--{days[1].isoformat()}"


def _period(text: str | None, days: list[Days]) -> Days | None:
    """Return the period that is asked for, else the newest."""
    asked = periods.read(text) if text else None
    return asked if asked in days else next(iter(days), None)


def _cell(choice: Choice, told: services.Told) -> dict[str, Any]:
    """Return a figure as a table's cell: its words, its uncertainty, and where one cites it."""
    link = flask.url_for("figures.read_figure", uid=told.uid) if told.uid else None
    return {"text": said(choice.indicator, told), "sub": presenting.span(told), "href": link, "status": told.status}


def _change(choice: Choice, row: services.AreaRow, days: list[Days]) -> dict[str, Any] | None:
    before = next((one for one in days[1:] if periods.follows(days[0], one)), None)
    return presenting.change(choice.indicator, row.told[days[0]], row.told[before]) if before else None


def _drawn(choice: Choice, chosen: Days | None, rows: services.Page) -> dict[str, Any]:
    """Return what the chart and the map are made of: the first area's curve, the classes, what is lacking."""
    first = next(iter(rows.rows), None)
    shown: dict[str, Any] = {"curve": [], "first": first, "map": "", "classes": [], "lacking": [], "named": []}
    if first is None or chosen is None:
        return shown
    series = services.series(actor(), choice, first.code)
    points = presenting.curve(choice.indicator, series, services.of_the_city(actor(), choice, [d for d, _ in series]))
    if sum(one["value"] is not None for one in points) > 1 and all((one["value"] or 0) >= 0 for one in points):
        shown["curve"] = points
    if choice.area_kind != MUNICIPALITY:
        told = services.by_area(actor(), choice, chosen)
        found = maps.classes(one.value for one in told.values() if one.value is not None)
        query = {"area_kind": choice.area_kind, "period": _said(chosen)}
        query |= {"part": choice.part} if choice.part else {}
        shown |= {
            "map": f"/api/v1/indicators/{choice.indicator.uid}/map.geojson?{urlencode(query)}",
            "classes": [(one, translate(presenting.ends_of(choice.indicator, one))) for one in found],
            "gaps": {key: sum(one.status == key for one in told.values()) for key in STATUSES},
            "named": maps.named(actor(), choice.area_kind, chosen),
            "lacking": services.lacking(actor(), choice, chosen),
        }
    return shown | {"chosen": periods.told(*chosen)}


@pages.get("/statistik/<uuid:uid>/lager.gpkg", needs=READ)
def layer(uid: UUID) -> flask.Response:
    """Hand out the figures of a period as a GeoPackage."""
    found = services.read_indicator(actor(), uid)
    asked, _ = read_filter(Narrowing, request.args)
    choice = services.choose(actor(), found, asked.get("slag"), asked.get("uppdelning"))
    chosen = _period(asked.get("period"), services.periods(actor(), choice, services.MOST_PERIODS))
    if chosen is None:
        raise access.Missing("figure", uid)
    body = layers.geopackage(actor(), choice, chosen)
    name = f"attachment; filename={found.key}-{chosen[1].isoformat()}.gpkg"
    response = flask.Response(body, mimetype=GPKG, headers={"Content-Disposition": name})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.get("/statistik/omrade/<kind>/<code>", needs=READ)
def read_area(kind: str, code: str) -> flask.Response:
    """Show an area: all its indicators, beside the whole city."""
    if kind not in AREA_KINDS:
        raise access.Missing("area", code)
    lines = presenting.lines_of(actor(), kind, code)
    name = services.area_called(actor(), kind, code)
    if name is None:
        raise access.Missing("area", code)
    return page(
        "figures/area.html",
        name=name,
        kind=kind,
        groups=list(_grouped(lines)),
        kinds=AREA_KINDS,
        whole=kind == MUNICIPALITY,
    )


def _grouped(lines: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for key, found in groupby(lines, key=lambda line: line["one"].indicator.kind):
        yield KINDS[key], list(found)


@pages.get("/statistik/siffror/<uuid:uid>", needs=READ)
def read_figure(uid: UUID) -> flask.Response:
    """Show a figure as one cites it: in words, with source and where it came from."""
    row = services.read_figure(actor(), uid)
    return page(
        "figures/figure.html",
        row=row,
        cited=services.cite(actor(), uid),
        kinds=AREA_KINDS,
        statuses=STATUSES,
        span=presenting.span(services.added([row])),
        address=f"{request.host_url.rstrip('/')}{flask.url_for('figures.read_figure', uid=uid)}",
    )
