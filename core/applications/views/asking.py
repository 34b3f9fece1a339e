"""The parts of consultation and of leave, and the pages of who is asked."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.applications.models import ASK_ANSWER, ASK_READ, MEDGIVANDE, READ, SAMRAD, STANCES, WRITE, ApplicationAsk
from core.applications.schemas.asking import AnswerForm, AskForm, ConsiderForm, WrittenInForm
from core.applications.services import applications, asking, promising, whom_to_ask
from core.applications.services.parts import Read, read_part
from core.applications.states import ASKED
from core.applications.views.blueprint import pages, sent
from core.applications.views.parts import PAGES, PartPage, draw
from core.cooperation import catalogue
from core.flow import moves_for
from core.http import actor, page, see_other
from core.http.forms import Form, Forms, Options, fresh, read_version
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.places.models import CONTROL_ROLES
from core.schema import ReasonForm, Schema
from core.walks.services.reaching import organisations

ASK = "fraga"
CONSIDER = "beakta"
FORMS: dict[str, type[Schema]] = {"svara": AnswerForm, "skriv_in_svar": WrittenInForm, CONSIDER: ConsiderForm}
"""What is asked at a step of a question; the other steps ask why."""
SORT = {part: sort for sort, part in asking.PART.items()}


def _options(found: Read) -> dict[str, Options]:
    away = asking.applicants(found.application)
    rows = (row for row in organisations(actor()) if row.id not in away)
    return {"organisation": [(str(row.uid), row.name) for row in rows]}


def _rows(found: Read) -> Forms:
    return fresh(AskForm, ASK, _options(found), uid=db.new_uid())


def _shown(found: Read) -> dict[str, Any]:
    asked_for = SORT[found.part.part]
    rows = asking.asks_of(actor(), found.application, asked_for)
    shown = {
        "asks": [(row, ASKED.states[row.state]) for row in rows],
        "stances": STANCES,
        "new_uid": db.new_uid,
        "asked_for": asked_for,
    }
    if asked_for == MEDGIVANDE:
        holders = whom_to_ask.holders(actor(), found.application)
        return shown | {"holders": holders, "roles": CONTROL_ROLES, "proposed": [], "waiting": []}
    proposed = [one for one in whom_to_ask.suggestions(actor(), found.application) if one.asked is None]
    return shown | {"proposed": proposed, "holders": []}


PAGES["samrad"] = PartPage(
    N_("Vilka är tillfrågade om åtgärderna, och vad anser de? Trafiknämnden tillfrågas om gatumark och belysning."),
    "applications/part_asks.html",
    rows=_rows,
    shown=_shown,
)
PAGES["radighet"] = PartPage(
    N_("Alla utom ni själva som har rådighet på platserna ska medge åtgärderna innan ansökan skickas in."),
    "applications/part_asks.html",
    rows=_rows,
    shown=_shown,
)


@pages.post("/ansokningar/<uuid:uid>/<any(samrad, radighet):key>/fraga", needs=WRITE)
def ask(uid: UUID, key: str) -> flask.Response:
    """Ask an organisation about the application."""
    known = sent(partial(draw, uid, key), ASK, AskForm, lambda: _options(read_part(actor(), uid, key)))
    asking.ask(actor(), uid, asked_for=SORT[key], **known)
    return see_other("applications.read_part", uid=uid, key=key)


# --- For who is asked ---------------------------------------------------------------------------------------------


@pages.get("/ansokningar/fragor", needs=ASK_READ)
def list_asks() -> flask.Response:
    """List what one's own organisation is asked about applications, and which promises it is asked for."""
    answered = request.args.get("visa") == "besvarade"
    after: Any = place(request.args.get("efter"), int)
    rows, further = asking.asks_for(actor(), answered=answered, after=after)
    show = "besvarade" if answered else None
    tabs = [
        {"text": translate(text), "href": flask.url_for("applications.list_asks", visa=key), "current": key == show}
        for key, text in ((None, N_("Väntar på ert svar")), ("besvarade", N_("Besvarade")))
    ]
    return page(
        "applications/asks.html",
        rows=[(row, ASKED.states[row.state]) for row in rows],
        promises=promising.promises_for(actor(), answered=answered) if after is None else [],
        answered=answered,
        tabs=tabs,
        stances=STANCES,
        sorts={SAMRAD: N_("Samråd"), MEDGIVANDE: N_("Medgivande")},
        more=flask.url_for("applications.list_asks", visa=show, efter=mark(further)) if further else None,
    )


@pages.get("/ansokningar/fragor/<uuid:uid>", needs=ASK_READ)
def read_ask(uid: UUID) -> flask.Response:
    """Show a question with what it is about and its answer."""
    return _ask_page(uid)


@pages.post("/ansokningar/fragor/<uuid:uid>/svara", needs=ASK_ANSWER)
def answer_ask(uid: UUID) -> flask.Response:
    """Answer for the organisation that is asked."""
    known = sent(partial(_ask_page, uid), "svara", AnswerForm)
    asking.answer(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_ask", uid=uid)


@pages.post("/ansokningar/fragor/<uuid:uid>/andra-svar", needs=ASK_ANSWER)
def reopen_answer(uid: UUID) -> flask.Response:
    """Open an answer to be changed."""
    return _move(uid, "andra_svar")


@pages.post("/ansokningar/fragor/<uuid:uid>/skriv-in", needs=WRITE)
def write_answer_in(uid: UUID) -> flask.Response:
    """Write in an answer that came in another way."""
    known = sent(partial(_ask_page, uid), "skriv_in_svar", WrittenInForm)
    asking.write_in(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_ask", uid=uid)


@pages.post("/ansokningar/fragor/<uuid:uid>/beakta", needs=WRITE)
def consider_answer(uid: UUID) -> flask.Response:
    """Write how an answer was considered."""
    known = sent(partial(_ask_page, uid), CONSIDER, ConsiderForm)
    asking.consider(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_ask", uid=uid)


@pages.post("/ansokningar/fragor/<uuid:uid>/<any(aterkalla, fraga_igen):key>", needs=WRITE)
def move_ask(uid: UUID, key: str) -> flask.Response:
    """Take a question back, or ask again."""
    return _move(uid, key)


def _move(uid: UUID, key: str) -> flask.Response:
    known = sent(partial(_ask_page, uid), key, ReasonForm)
    asking.move_ask(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("applications.read_ask", uid=uid)


def _ask_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    row = asking.read_ask(actor(), uid)
    forms = _forms(row)
    places, measures = asking.told_of(row)
    told = refused or {}
    return page(
        "applications/ask.html",
        row=row,
        stands=ASKED.states[row.state],
        forms=forms | told,
        form=next(iter(told.values()), None),
        places=places,
        measures=measures,
        kind_of=catalogue.measure_kind,
        question=row.question or translate(asking.READY_MADE[row.asked_for]),
        reads_application=actor().may(READ) and applications.reaches(actor(), row.application, READ),
        stances=STANCES,
        labels={move.key: move.label for move in ASKED.moves},
    )


def _forms(row: ApplicationAsk) -> Forms:
    """Return a form for each step that lies open to the actor, and for how an answer was considered."""
    writes = actor().may(WRITE) and applications.reaches(actor(), row.application, WRITE)
    writes = writes and read_part(actor(), row.application.uid, asking.PART[row.asked_for]).writes
    forms: Forms = {}
    for move in moves_for(ASKED, row, actor()):
        if (move.needs == WRITE and not writes) or (move.key == "andra_svar" and row.outside):
            continue
        forms[move.key] = Form(FORMS.get(move.key, ReasonForm), version=row.version, ids=move.key)
    if writes and row.state == "besvarad":
        known = {"considered": row.considered}
        forms = {CONSIDER: Form(ConsiderForm, known, version=row.version, ids=CONSIDER)} | forms
    return forms
