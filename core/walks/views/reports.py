"""The page of reports on walks, and the same as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import flask

from core.http import actor, page
from core.http.texts import translate
from core.i18n import N_
from core.upkeep.services.reports import AGES
from core.walks import services
from core.walks.services.reports import Report
from core.walks.views.blueprint import pages, room_tabs

HEAD = (N_("Rapport"), N_("Namn"), N_("Vad"), N_("Antal"))


@pages.get("/vandringar/rapport", needs="walks:walk:read")
def report() -> flask.Response:
    """Show what walks have led to."""
    return page("walks/report.html", report=services.report(actor()), ages=AGES, doors=room_tabs("rapport"))


@pages.get("/vandringar/rapport.csv", needs="walks:walk:read")
def report_file() -> flask.Response:
    """Hand out the report's figures, one on each row."""
    told = io.StringIO()
    writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(translate, HEAD))
    writer.writerows([_plain(cell) for cell in row] for row in _figures(services.report(actor())))
    response = flask.make_response("\ufeff" + told.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="vandringar.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _figures(found: Report) -> Iterable[tuple[Any, ...]]:
    answers, walks, again = map(translate, (N_("Svar"), N_("Vandringar"), N_("Återkommer")))
    still, light, dark_ = map(translate, (N_("öppna"), N_("i dagsljus"), N_("i mörker")))
    names = [f"{still} {text}" for text in _ages()]
    words = [translate(text) for text in (N_("besvarade"), N_("i tid"), N_("åtgärdade"), N_("bekräftade"))]
    for one in found.receivers:
        yield from ((answers, one.name, name, count) for name, count in zip(names, one.open, strict=True))
        figures = (one.answered, one.in_time, one.done, one.verified)
        yield from ((answers, one.name, word, count) for word, count in zip(words, figures, strict=True))
    for title, held in ((walks, found.walks), (translate(N_("Lokalpolisområde")), found.police)):
        for name, year, day, dark in held:
            yield title, name, f"{year} {light}", day
            yield title, name, f"{year} {dark_}", dark
    for name, kind, count, first, last in found.again:
        yield again, name, f"{translate(kind)} {first}–{last}", count


def _ages() -> list[str]:
    starts = (0, *(limit + 1 for limit in AGES))
    return [f"{start}–{end}" for start, end in zip(starts, AGES, strict=False)] + [f"{AGES[-1] + 1}–"]


def _plain(cell: Any) -> Any:
    """Keep a text from being read as a formula by a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell
