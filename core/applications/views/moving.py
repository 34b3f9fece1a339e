"""The pages of an application's steps: what each asks, what stands in its way, and another round."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access
from core.applications.coach import AT_REVIEW, AT_SUBMIT
from core.applications.models import READ, RESOLVE, Application, Round
from core.applications.parts import PARTS
from core.applications.schemas.moving import STEPS, BoardDecisionForm, CompletingForm, RoundChoiceForm
from core.applications.services import applications, coach, guards, moving
from core.applications.services.rounds import closes_words
from core.applications.states import APPLICATION
from core.applications.views.blueprint import pages, stands, taken_at
from core.applications.views.coach import lines
from core.flow import Move, moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, none, read_version, said
from core.http.texts import either, translate
from core.i18n import N_, Text
from core.schema import Schema

for _key in STEPS:
    taken_at(f"/steg/{_key}", _key)

STOPPED_AT = {"begar_granskning": AT_REVIEW, "skicka_in": AT_SUBMIT, "borja_bedoma": AT_SUBMIT}
"""Steps that the coach stops, and by which of its rules."""
STOPPED_LATER = {"godkann": AT_SUBMIT, "registrera_namndbeslut": AT_SUBMIT}
"""Steps after which it is late to learn what will stop the submission."""
LOCKED = {
    "klar_for_namnd": N_("Delarna är låsta. Chefen kan öppna utkastet igen, så att de går att ändra."),
    "namndbeslutad": N_("Delarna är låsta. Nämndens beslut rättas först, sedan kan chefen öppna utkastet igen."),
}
"""How what is missing can be mended once the parts are locked."""
TOLD = {
    "begar_granskning": N_("Ansökan går till chefen, och ingen kan ändra den förrän den kommer tillbaka."),
    "aterlamna": N_("Ansökan blir ett utkast igen. Handläggaren läser vad du skriver här."),
    "godkann": N_("Ansökan är klar för nämndens beslut."),
    "oppna_igen": N_("Ansökan blir ett utkast igen och behöver granskas på nytt."),
    "registrera_namndbeslut": N_("Texten låses som den står, som en egen utgåva."),
    "ratta_namndbeslut": N_("Det inskrivna tas bort, så att det rätta kan skrivas in. Händelsen finns kvar."),
    "skicka_in": N_("Ansökan går till stadsledningskontoret."),
    "aterta": N_("Ansökan blir ett utkast igen. Nämnden behöver besluta på nytt."),
    "begar_komplettering": N_("Skriv i de delar som ska kompletteras. Bara de går att ändra för sökanden."),
    "komplettera": N_("Ansökan går tillbaka till stadsledningskontoret."),
    "borja_bedoma": N_("Ansökan är komplett och går inte att ändra medan den bedöms."),
    "bedom_igen": N_("Ansökan bedöms igen."),
    "skriv_om": N_("Ansökan blir ett utkast hos nämnden igen. Nämnden behöver besluta på nytt."),
    "ta_upp": N_("Ansökan går till ett nytt beslut."),
    "aterkalla": N_("Ansökan prövas inte. Den finns kvar att läsa."),
    "avsluta": N_("Inget mer väntas i ärendet."),
    "ateroppna": N_("Ärendet öppnas igen."),
}
"""What each step leads to."""


@pages.get("/ansokningar/<uuid:uid>/steg/<key>", needs=READ)
def ask_step(uid: UUID, key: str) -> flask.Response:
    """Show what a step asks, what it leads to, and what stands in its way."""
    return _step_page(uid, key)


@pages.post("/ansokningar/<uuid:uid>/steg/<key>", needs=READ)
def take_step(uid: UUID, key: str) -> flask.Response:
    """Take it."""
    schema = _asked(key)

    def again(problem: Any) -> flask.Response:
        return _step_page(uid, key, Form(schema, written=request.form, errors=problem.fields(schema), ids="steg"))

    redraw_with(again)
    known = said(schema)
    if schema is CompletingForm:
        known = {"reply_by": known["reply_by"], "parts": {part: known[part] for part in PARTS}}
    moving.take_step(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("applications.read_application", uid=uid)


def _asked(key: str) -> type[Schema]:
    if key not in STEPS:
        raise access.Missing("application-move", key)
    return STEPS[key]


def _step_page(uid: UUID, key: str, refused: Form | None = None) -> flask.Response:
    schema, move = _asked(key), APPLICATION.move(key)
    found = applications.read_application(actor(), uid)
    known = {"diary_own": found.diary_own, "diary_city": found.diary_city}
    fresh = Form(schema, schema().load_draft({}) | known, version=found.version, ids="steg")
    return page(
        "applications/step.html",
        application=found,
        stands=stands(found),
        move=move,
        told=TOLD[key],
        waits=_waits(found, move),
        stops=_stops(found, move),
        later=move.key in STOPPED_LATER,
        locked=LOCKED.get(found.state, ""),
        wanted=_wanted(found, move),
        too_little=_too_little(found, move),
        form=refused or fresh,
        may_change_round=moving.may_change_round(actor(), found),
    )


def _waits(found: Application, move: Move) -> Text | None:
    """Return why the reader cannot take a step at all; None for who can."""
    if found.state not in move.sources:
        return Text(N_("Det går inte nu: läget är ”{state}”."), state=stands(found).label)
    if move in moves_for(APPLICATION, found, actor()):
        return None
    return Text(N_("Det får den som har rollen {roles}."), roles=either(access.Denied(move.needs).holders))


def _stops(found: Application, move: Move) -> list[dict[str, Any]]:
    """Return what the coach says stops a step, now or later, for its page; the rest is told when the step is taken."""
    stopped = (STOPPED_AT | STOPPED_LATER).get(move.key)
    if stopped is None or found.state not in move.sources:
        return []
    return lines(found, coach.read_coach(actor(), found).stops(stopped))


def _too_little(found: Application, move: Move) -> Text | None:
    """Return that too little is written to ask for a review."""
    if move.key != "begar_granskning" or found.state not in move.sources:
        return None
    told = coach.read_coach(actor(), found)
    return None if told.is_ready else guards.too_little(told)


def _wanted(found: Application, move: Move) -> list[dict[str, str]]:
    """Return what is to be completed, for the step that says it is done."""
    if move.key != "komplettera":
        return []
    asked = {key: part.wanted for key, part in applications.parts_of(found).items() if part.wanted}
    here = f"/ansokningar/{found.uid}"
    return [{"id": key, "text": PARTS[key].title, "why": text, "href": f"{here}/{key}"} for key, text in asked.items()]


# --- Another round ------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/<uuid:uid>/omgang", needs=READ)
def ask_round(uid: UUID) -> flask.Response:
    """Show the open rounds that an application can be for."""
    return _round_page(uid)


@pages.post("/ansokningar/<uuid:uid>/omgang", needs=READ)
def choose_round(uid: UUID) -> flask.Response:
    """Let it be for another, or for none."""
    redraw_with(partial(_round_page, uid))
    known = said(RoundChoiceForm)
    moving.change_round(actor(), uid, known["in_round"], version=read_version(request.form))
    return see_other("applications.read_application", uid=uid)


def _round_page(uid: UUID, problem: Any = None) -> flask.Response:
    found = applications.read_application(actor(), uid)
    open_now = [(str(row.uid), _called(row)) for row in moving.rounds_to_choose(found)]
    options = {"in_round": [none(N_("Utan omgång, sparas")), *open_now]}
    known: dict[str, Any] = {"options": options, "version": found.version, "ids": "omgang"}
    if problem is not None:
        form = Form(RoundChoiceForm, written=request.form, errors=problem.fields(RoundChoiceForm), **known)
    else:
        form = Form(RoundChoiceForm, {"in_round": found.round.uid if found.round else None}, **known)
    return page("applications/round_choice.html", application=found, form=form, closed=_closed(found))


def _called(found: Round) -> str:
    words = N_("Omgång {number} {year}, sista dag {at}")
    return translate(Text(words, number=found.number, year=str(found.year), at=closes_words(found)))


def _closed(found: Application) -> Text | None:
    return guards.closed_words(found.round) if found.round else None


# --- The board's decision, afterwards -----------------------------------------------------------------------------


@pages.get("/ansokningar/<uuid:uid>/namndbeslut", needs=RESOLVE)
def ask_decision(uid: UUID) -> flask.Response:
    """Ask for the board's decision of an application that was handed in on condition of it."""
    return _decision_page(uid)


@pages.post("/ansokningar/<uuid:uid>/namndbeslut", needs=RESOLVE)
def decide_afterwards(uid: UUID) -> flask.Response:
    """Write it in."""
    redraw_with(partial(_decision_page, uid))
    known = said(BoardDecisionForm)
    moving.decide_afterwards(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_application", uid=uid)


def _decision_page(uid: UUID, problem: Any = None) -> flask.Response:
    found = applications.read_application(actor(), uid, RESOLVE)
    if problem is not None:
        errors = problem.fields(BoardDecisionForm)
        form = Form(BoardDecisionForm, written=request.form, errors=errors, version=found.version, ids="beslut")
    else:
        known = BoardDecisionForm().load_draft({}) | {"diary_own": found.diary_own}
        form = Form(BoardDecisionForm, known, version=found.version, ids="beslut")
    waits = moving.waits_for_board(found)
    return page("applications/board_decision.html", application=found, form=form, waits=waits)
