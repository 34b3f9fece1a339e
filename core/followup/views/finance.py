"""The pages of files to the finance system: what waits to go over, the files that have, and each of them again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.followup.models.files import BUDGET, KINDS, SEND, FinanceFile
from core.followup.schemas.finance import FileForm
from core.followup.services import finance
from core.followup.views.blueprint import pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, said
from core.http.paging import mark, place
from core.reserve.models import BOOKING_KINDS

SHOWN = 50
"""How many of the lines that wait stand on the page."""


@pages.get("/rekvisitioner/ekonomifiler", needs=SEND)
def list_finance_files() -> flask.Response:
    """List what goes with the next file, and the files that were made, the newest first."""
    return _page(Form(FileForm, {"uid": db.new_uid()}))


@pages.post("/rekvisitioner/ekonomifiler", needs=SEND)
def make_finance_file() -> flask.Response:
    """Make the next file."""
    redraw_with(lambda problem: _page(Form(FileForm, written=request.form, errors=problem.fields(FileForm))))
    finance.make_file(actor(), **said(FileForm))
    return see_other("followup.list_finance_files")


@pages.get("/rekvisitioner/ekonomifiler/<uuid:uid>.csv", needs=SEND)
def fetch_finance_file(uid: UUID) -> flask.Response:
    """Hand out a file, byte for byte as it was made."""
    return handed_out(finance.read_file(actor(), uid))


def handed_out(found: FinanceFile) -> flask.Response:
    """Return a file as a response that no browser keeps: it is of the whole city's money."""
    response = flask.make_response(found.file)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(form: Form) -> flask.Response:
    after: Any = place(request.args.get("efter"), int)
    found, waits = finance.list_files(actor(), after=after), finance.waiting(actor())
    sums = {key: sum(one.amount for one in waits if one.kind == key) for key in KINDS}
    events = BOOKING_KINDS | finance.EVENTS
    return page(
        "followup/finance_files.html",
        form=form,
        waits=waits[:SHOWN],
        count=len(waits),
        full=len(waits) == finance.MOST,
        granted=sums[BUDGET],
        paid=sum(sums.values()) - sums[BUDGET],
        kinds=KINDS,
        events=events,
        rows=found.rows,
        more=flask.url_for("followup.list_finance_files", efter=mark(found.after)) if found.after else None,
    )
