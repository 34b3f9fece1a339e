"""The pages of the checks of democratic conditions: the list, a new one, one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.agreements import services
from core.agreements.models import ANSWERS, CHECK_RESULTS, OCCASIONS
from core.agreements.models.checks import MAKE_CHECK, READ_CHECK
from core.agreements.schemas.agreements import check_form
from core.agreements.views.blueprint import doors, pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, said


@pages.get("/demokrativillkor", needs=READ_CHECK)
def list_checks() -> flask.Response:
    """List the checks, the newest first."""
    today = clock.today()
    return page(
        "agreements/checks.html",
        doors=doors("villkor"),
        rows=services.checks.list_checks(actor()),
        results=CHECK_RESULTS,
        occasions=OCCASIONS,
        today=today,
        may_make=actor().may(MAKE_CHECK),
    )


def _options() -> dict[str, Any]:
    return {"organisation": services.checks.checked(actor()), "by": services.checks.makes_for(actor())}


@pages.get("/demokrativillkor/ny", needs=MAKE_CHECK)
def new_check() -> flask.Response:
    """Ask about a check."""
    schema = check_form(services.checks.questions())
    known = {"uid": db.new_uid(), "checked_on": clock.today(), "occasion": "part"}
    return _new(Form(schema, schema().load_draft({}) | known, options=_options()))


@pages.post("/demokrativillkor/ny", needs=MAKE_CHECK)
def record_check() -> flask.Response:
    """Write it down."""
    questions = services.checks.questions()
    schema = check_form(questions)
    redraw_with(
        lambda problem: _new(Form(schema, written=request.form, errors=problem.fields(schema), options=_options()))
    )
    known = said(schema)
    answers = {key: known.pop(key) for key, _ in questions}
    made = services.checks.record_check(actor(), answers=answers, **known)
    return see_other("agreements.read_check", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("agreements/check_form.html", form=form)


@pages.get("/demokrativillkor/<uuid:uid>", needs=READ_CHECK)
def read_check(uid: UUID) -> flask.Response:
    """Show a check: what was asked, and what came of it."""
    return page(
        "agreements/check.html",
        check=services.checks.read_check(actor(), uid),
        results=CHECK_RESULTS,
        occasions=OCCASIONS,
        answers=ANSWERS,
        today=clock.today(),
    )
