"""The page of how promises were kept, with its charts and tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import flask
from flask import request
from flask_babel import format_date

from core import clock
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.http.texts import translate
from core.upkeep import services
from core.upkeep.documents import REPORT
from core.upkeep.presenting import words_of
from core.upkeep.schemas import Period
from core.upkeep.services.reports import AGES, Kept
from core.upkeep.views.blueprint import pages

SHOWN = 12
"""Bars of a chart at most; its table beneath has them all where there are more."""


@pages.get("/skotsel/rapport", needs="upkeep:deadline:read")
def report() -> flask.Response:
    """Show how the frister of a period were kept, the worst first, and what is open and late."""
    asked, wrong = read_filter(Period, request.args)
    today = clock.today()
    first, last = asked.get("fran") or date(today.year, 1, 1), asked.get("till") or today
    found = services.report(actor(), first=first, last=max(first, last), per=asked["per"])
    form = Form(Period, asked | {"fran": first, "till": last}, written=request.args if wrong else None, errors=wrong)
    named = {key: translate(words_of(asked["per"], key)) for key in _keys(found)}
    return page(
        "upkeep/report.html",
        status=422 if wrong else 200,
        report=found,
        named=named,
        filter=form,
        head=form["per"].options,
        per=asked["per"],
        first=first,
        last=last,
        whole=_whole(found.groups),
        bars=[{"label": named[one.key], "parts": _parts(one)} for one in found.groups[:SHOWN]],
        months=[{"label": _month(*one.key), "parts": _parts(one)} for one in found.months[-SHOWN:]],
        ages=[f"{start}–{end}" for start, end in zip((0, *(end + 1 for end in AGES)), AGES, strict=False)],
        oldest=AGES[-1],
        wanted={"kind": REPORT, "subject": actor().uid, "fran": first, "till": max(first, last), "per": asked["per"]},
    )


def _keys(found: services.Report) -> Iterable[Any]:
    return {one.key for one in found.groups} | {one.key for one in found.aged}


def _parts(one: Kept) -> list[int]:
    return [one.in_time, one.late, one.open_late]


def _month(year: int, month: int) -> str:
    named: str = format_date(date(year, month, 1), "LLLL y")
    return named


def _whole(groups: Iterable[Kept]) -> Kept:
    whole = Kept(None)
    for one in groups:
        whole.moved += one.moved
        for verdict, count in one.counts.items():
            whole.counts[verdict] = whole.counts.get(verdict, 0) + count
    return whole
