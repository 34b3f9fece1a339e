"""The page of those who are handed originals of masked photos: given, ended, and who did it."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from core.http import Pages, actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_query
from core.media import keepers as rules
from core.operation import keepers
from core.operation.schemas import KeeperEnd, KeeperFilter, KeeperIn

pages = Pages("keepers", __name__)


@pages.get("/admin/original", needs=rules.READ)
def list_keepers() -> flask.Response:
    """List who has access to originals, and who had."""
    asked = read_query(KeeperFilter, request.args)
    return _page(Form(KeeperIn, {"photo": asked.get("bild")}))


@pages.post("/admin/original", needs=rules.GRANT)
def grant() -> flask.Response:
    """Give somebody access."""
    redraw_with(lambda problem: _page(Form(KeeperIn, written=request.form, errors=problem.fields(KeeperIn))))
    keepers.grant(actor(), **KeeperIn().load(read_form(KeeperIn, request.form)))
    return see_other(".list_keepers")


@pages.post("/admin/original/avsluta", needs=rules.GRANT)
def end() -> flask.Response:
    """End an access."""
    redraw_with(lambda problem: _page(Form(KeeperIn, errors=problem.fields(KeeperIn))))
    keepers.end(actor(), KeeperEnd().load(read_form(KeeperEnd, request.form))["keeper"])
    return see_other(".list_keepers")


def _page(form: Form) -> flask.Response:
    now, before = keepers.list_keepers(actor())
    context: dict[str, Any] = {"now": now, "before": before, "form": form}
    return page("operation/keepers.html", may_grant=actor().may(rules.GRANT), **context)
