"""The pages of consultation and of perspectives."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core.cooperation import catalogue, services
from core.cooperation.models import ASK_ANSWER, ASK_READ, STANCES
from core.cooperation.models.cycles import WRITE
from core.cooperation.schemas.consulting import AnswerForm, AskForm, ConsiderForm, OutcomeForm, PerspectiveForm
from core.cooperation.services import consulting
from core.cooperation.states import CONSULTATION
from core.cooperation.views.blueprint import page_with, pages, sent
from core.cooperation.views.heard import ask_options
from core.cooperation.views.plan import measure_page
from core.flow import moves_for
from core.http import actor, page, see_other
from core.http.forms import Form, Forms, read_version
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.schema import ReasonForm, Schema

FORMS = {"svara": AnswerForm, "beakta": ConsiderForm}
"""What is asked at a step of a consultation; other steps ask why."""


# --- On a measure -------------------------------------------------------------------------------------------------


@pages.post("/samverkan/atgarder/<uuid:uid>/samrad", needs=WRITE)
def ask(uid: UUID) -> flask.Response:
    """Ask a body about a measure."""
    known = sent(partial(measure_page, uid), "samrad", AskForm, ask_options)
    consulting.ask(actor(), uid, **known)
    return see_other("cooperation.read_measure", uid=uid)


@pages.post("/samverkan/atgarder/<uuid:uid>/perspektiv/<key>", needs=WRITE)
def write_perspective(uid: UUID, key: str) -> flask.Response:
    """Write how a measure looks from a perspective."""
    known = sent(partial(measure_page, uid), f"p-{key}", PerspectiveForm)
    consulting.write_perspective(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("cooperation.read_measure", uid=uid)


@pages.post("/samverkan/atgarder/<uuid:uid>/perspektiv/<key>/utfall", needs=WRITE)
def follow_perspective(uid: UUID, key: str) -> flask.Response:
    """Write what came of a perspective."""
    known = sent(partial(measure_page, uid), f"u-{key}", OutcomeForm)
    consulting.follow_perspective(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("cooperation.read_measure", uid=uid)


# --- For who is asked ---------------------------------------------------------------------------------------------


@pages.get("/samverkan/samrad", needs=ASK_READ)
def list_consultations() -> flask.Response:
    """List what one's own organisation is asked, or has asked others."""
    asked = request.args.get("visa") == "fragat"
    after: Any = place(request.args.get("efter"), int)
    rows, further = consulting.consultations_for(actor(), asked=asked, after=after)
    show = "fragat" if asked else None
    tabs = [
        {
            "text": translate(text),
            "href": flask.url_for("cooperation.list_consultations", visa=key),
            "current": key == show,
        }
        for key, text in ((None, N_("Ni är tillfrågade")), ("fragat", N_("Ni har frågat")))
    ]
    return page(
        "cooperation/consultations.html",
        rows=[(row, CONSULTATION.states[row.state]) for row in rows],
        asked=asked,
        tabs=tabs,
        stances=STANCES,
        more=flask.url_for("cooperation.list_consultations", visa=show, efter=mark(further)) if further else None,
    )


@pages.get("/samverkan/samrad/<uuid:uid>", needs=ASK_READ)
def read_consultation(uid: UUID) -> flask.Response:
    """Show what a body is asked, the measure that it is about, and what it answers."""
    return _consultation_page(uid)


@pages.post("/samverkan/samrad/<uuid:uid>/svara", needs=ASK_ANSWER)
def answer(uid: UUID) -> flask.Response:
    """Answer for the body that is asked."""
    known = sent(partial(_consultation_page, uid), "svara", AnswerForm)
    consulting.answer(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_consultation", uid=uid)


@pages.post("/samverkan/samrad/<uuid:uid>/andra-svar", needs=ASK_ANSWER)
def reopen_answer(uid: UUID) -> flask.Response:
    """Open an answer to be changed."""
    return _move(uid, "andra_svar")


@pages.post("/samverkan/samrad/<uuid:uid>/beakta", needs=WRITE)
def consider(uid: UUID) -> flask.Response:
    """Write how an answer was considered."""
    known = sent(partial(_consultation_page, uid), "beakta", ConsiderForm)
    consulting.consider(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_consultation", uid=uid)


@pages.post("/samverkan/samrad/<uuid:uid>/aterkalla", needs=WRITE)
def recall(uid: UUID) -> flask.Response:
    """Take a question back."""
    return _move(uid, "aterkalla")


def _move(uid: UUID, key: str) -> flask.Response:
    known = sent(partial(_consultation_page, uid), key, ReasonForm)
    consulting.move_consultation(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("cooperation.read_consultation", uid=uid)


def _consultation_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    row = consulting.read_consultation(actor(), uid)
    forms: Forms = {}
    for move in moves_for(CONSULTATION, row, actor()):
        schema: type[Schema] = FORMS.get(move.key, ReasonForm)
        forms[move.key] = Form(schema, version=row.version, ids=move.key)
    return page_with(
        "cooperation/consultation.html",
        forms,
        refused,
        row=row,
        stands=CONSULTATION.states[row.state],
        moves=[CONSULTATION.move(key) for key in forms],
        where=consulting.place_of(row.cycle),
        kind=catalogue.measure_kind(row.measure.kind),
        reads_cycle=services.reaches(actor(), row.cycle, "cooperation:cycle:read"),
        stances=STANCES,
    )
