"""The pages of the experience index: the surveys, one of them with its answers, before beside after."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.presence import services
from core.presence.bands import questions
from core.presence.models import PHASES
from core.presence.models.counts import READ, WRITE
from core.presence.schemas import AnswersChange, AnswersForm, CountFilter, SurveyForm
from core.presence.views.blueprint import (
    kind_choices,
    own_choices,
    pages,
    place_asked,
    place_choices,
    room_tabs,
    with_place,
)

ANSWERS = ("n1", "n2", "n3", "n4", "n5")


@pages.get("/upplevelseindex", needs=READ)
def list_surveys() -> flask.Response:
    """List the surveys, the latest first."""
    asked, wrong = read_filter(CountFilter, request.args)
    after: Any = place(asked.get("efter"), date.fromisoformat, int)
    found = services.list_surveys(actor(), after=after)
    return page(
        "presence/surveys.html",
        status=422 if wrong else 200,
        doors=room_tabs("upplevelse"),
        rows=found.rows,
        phases=PHASES,
        may_write=actor().may(WRITE),
        more=flask.url_for("presence.list_surveys", efter=mark(found.after)) if found.after else None,
    )


def _options() -> dict[str, Options]:
    return {"where": place_choices(), "organisation": own_choices(WRITE)}


@pages.get("/upplevelseindex/ny", needs=WRITE)
def new_survey() -> flask.Response:
    """Ask about a survey."""
    known = {"uid": db.new_uid(), "where": place_asked(), "last_on": clock.today()}
    return _new(Form(SurveyForm, SurveyForm().load_draft({}) | known, options=_options()))


@pages.post("/upplevelseindex/ny", needs=WRITE)
def add_survey() -> flask.Response:
    """Write it down."""

    def again(problem: Any) -> flask.Response:
        return _new(Form(SurveyForm, written=request.form, errors=problem.fields(SurveyForm), options=_options()))

    redraw_with(again)
    made = services.add_survey(actor(), **with_place(said(SurveyForm)))
    return see_other("presence.read_survey", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("presence/survey_form.html", form=form)


@pages.get("/upplevelseindex/<uuid:uid>", needs=READ)
def read_survey(uid: UUID) -> flask.Response:
    """Show a survey: the index of each question, and what has changed since before."""
    return _survey_page(uid)


@pages.post("/upplevelseindex/<uuid:uid>/svar", needs=WRITE)
def write_answers(uid: UUID) -> flask.Response:
    """Write how many gave each answer to a question."""
    options: dict[str, Options] = {"question": kind_choices(questions())}

    def stands() -> Form:
        found = services.answers_of(actor(), services.read_survey(actor(), uid))
        answer = next(one for one in found if one.question == known["question"])
        return Form(AnswersForm, answer, version=answer.version, options=options)

    redraw_with(lambda told: _survey_page(uid, refused("svar", AnswersForm, told, options)), stands)
    known = said(AnswersForm)
    counts, version = [known[name] for name in ANSWERS], read_version(request.form)
    services.write_answers(actor(), uid, question=known["question"], counts=counts, version=version)
    return see_other("presence.read_survey", uid=uid)


def _survey_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = services.read_survey(actor(), uid), told or {}
    indexes = services.indexes_of(actor(), [found])[found.id]
    forms: Forms = {}
    if services.reaches(actor(), found, WRITE):
        missing = [key for key in questions() if key not in {one.question for one in indexes}]
        known = AnswersForm().load_draft({}) | {"question": missing[0] if missing else ""}
        options = {"question": kind_choices(questions())}
        forms["svar"] = Form(AnswersForm, known, version=0, ids="svar", options=options)
        for one in services.answers_of(actor(), found):
            ids = f"svar-{one.question}"
            forms[ids] = Form(AnswersChange, one, version=one.version, ids=ids)
    return page(
        "presence/survey.html",
        survey=found,
        phase=PHASES[found.phase],
        indexes=indexes,
        compared=services.before_and_after(actor(), found),
        forms=forms | told,
        form=next(iter(told.values()), None),
    )
