"""The page of backups: which there are, the latest that holds, and a button for one more."""

from __future__ import annotations

import flask
from flask import request

from core.http import Pages, actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.operation import backups
from core.operation.schemas import Nothing

pages = Pages("backups", __name__)


@pages.get("/admin/sakerhetskopior", needs=backups.READ)
def list_backups() -> flask.Response:
    """List the backups and say which is the latest that holds."""
    return _page()


@pages.post("/admin/sakerhetskopior", needs=backups.MAKE)
def make_now() -> flask.Response:
    """Ask for one now, and show how far it has come."""
    redraw_with(lambda problem: _page(Form(Nothing, errors=problem.fields(Nothing))))
    Nothing().load(read_form(Nothing, request.form))
    return see_other("operation.show_task", uid=backups.make_now(actor()))


def _page(form: Form | None = None) -> flask.Response:
    return page(
        "operation/backups.html",
        found=backups.standing(actor()),
        states=backups.STATES,
        may_make=actor().may(backups.MAKE),
        form=form,
    )
