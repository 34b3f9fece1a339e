"""The pages of what is lifted to the central level: the list of both sides, a new one, one of them with its answer."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.cooperation import services
from core.cooperation.lifted_table import LIFTS
from core.cooperation.models import DECISIONS, LIFT_ANSWER, LIFT_KINDS, LIFT_MAKE, LIFT_READ
from core.cooperation.schemas.lifts import (
    WHICH,
    LiftAnswerForm,
    LiftFilter,
    LiftForm,
    LiftFromPlaceForm,
    LiftMoveForm,
)
from core.cooperation.services import lifts
from core.cooperation.states import LIFT
from core.cooperation.views.blueprint import page_with, pages, sent, spoken
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_filter, read_version, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.places import services as places
from core.schema import Schema

FROM = {"cykel": "cycle", "mal": "goal", "atgard": "measure", "plats": "place"}
"""What a lift may come from, as the address says it."""
TABS = ("open", "late", "answered", "board", "")
HAPPENED = {
    "ta_emot": N_("Börjar handläggas"),
    "begar_mer": N_("Mer behövs"),
    "komplettera": N_("Kompletterat"),
    "besvara": N_("Besvarat"),
    "oppna_igen": N_("Svaret räckte inte"),
    "aterkalla": N_("Återkallat"),
}
"""What has happened with a lift, by its move."""
MADE = N_("Lyft till central nivå")


@pages.get("/samverkan/lyft", needs=LIFT_READ)
def list_lifts() -> flask.Response:
    """List what is lifted: to the central level what waits for it, to others their own."""
    asked, wrong = read_filter(LiftFilter, request.args)
    show = asked["visa"] if "visa" in request.args else "open"
    after: Any = place(asked.get("efter"), int)
    found = lifts.list_lifts(actor(), lifts.Wish(show, asked["slag"]), after=after)
    counts = lifts.counts(actor())
    tabs = [
        {
            "text": translate(WHICH[key]),
            "href": flask.url_for("cooperation.list_lifts", visa=key),
            "current": key == show,
            "count": counts[key],
        }
        for key in TABS
    ]
    here: dict[str, Any] = {"visa": show, "slag": asked["slag"] or None}
    more = flask.url_for("cooperation.list_lifts", efter=mark(found.after), **here) if found.after else None
    return page(
        "cooperation/lifts.html",
        status=422 if wrong else 200,
        rows=[(one, LIFT.states[one.lift.state]) for one in found.rows],
        tabs=tabs,
        filters=[one for one in Form(LiftFilter, asked).fields if one.name in ("slag", "visa")],
        kinds=LIFT_KINDS,
        decisions=DECISIONS,
        answers=actor().may(LIFT_ANSWER),
        late=counts["late"],
        may_lift=actor().may(LIFT_MAKE) and actor().may("places:place:read"),
        wanted={"kind": LIFTS, "subject": actor().uid, "visa": show, "format": "xlsx"},
        more=more,
    )


@pages.get("/samverkan/lyft/ny", needs=LIFT_MAKE)
def new_lift() -> flask.Response:
    """Ask about what is to be lifted, from where one stood, or about a place that is chosen here."""
    whence = _whence()
    schema: type[Schema] = LiftForm if whence else LiftFromPlaceForm
    known = schema().load_draft({}) | {"uid": db.new_uid()} | whence
    return _new(Form(schema, known, options=_places() if not whence else None), whence)


@pages.post("/samverkan/lyft/ny", needs=LIFT_MAKE)
def make_lift() -> flask.Response:
    """Lift it."""
    schema: type[Schema] = LiftForm if {*FROM.values()} - {"place"} & {*request.form} else LiftFromPlaceForm
    options = _places() if schema is LiftFromPlaceForm else None

    def again(problem: Any) -> flask.Response:
        form = Form(schema, written=request.form, errors=problem.fields(schema), options=options)
        return _new(form, {})

    redraw_with(again)
    made = lifts.make(actor(), **said(schema))
    return see_other("cooperation.read_lift", uid=made.uid)


def _whence() -> dict[str, UUID]:
    found = {}
    for word, name in FROM.items():
        try:
            found[name] = UUID(request.args.get(word, ""))
        except ValueError:
            continue
    return found


def _places() -> dict[str, list[tuple[str, str]]]:
    may = actor().may("places:place:read")
    near = places.list_places(actor(), places.Wanted(), limit=300).rows if may else []
    none = ("", translate(N_("Välj")))
    return {"place": [none, *((str(row.uid), f"{row.name} ({row.number})") for row in near)]}


def _new(form: Form, whence: dict[str, UUID]) -> flask.Response:
    back = flask.url_for("cooperation.list_lifts")
    if "cycle" in whence:
        back = flask.url_for("cooperation.read_cycle", uid=whence["cycle"])
    return page("cooperation/lift_form.html", form=form, back=back, central=lifts.central(), nobody=lifts.NOBODY)


@pages.get("/samverkan/lyft/<uuid:uid>", needs=LIFT_READ)
def read_lift(uid: UUID) -> flask.Response:
    """Show what is lifted, its answer, and what has happened to it."""
    return _lift_page(uid)


@pages.post("/samverkan/lyft/<uuid:uid>/svara", needs=LIFT_ANSWER)
def answer_lift(uid: UUID) -> flask.Response:
    """Answer with a decision."""
    known = sent(partial(_lift_page, uid), "besvara", LiftAnswerForm)
    lifts.move(actor(), uid, "besvara", version=read_version(request.form), **known)
    return see_other("cooperation.read_lift", uid=uid)


@pages.post("/samverkan/lyft/<uuid:uid>/steg/<key>", needs=LIFT_READ)
def move_lift(uid: UUID, key: str) -> flask.Response:
    """Take a lift on: the central level takes it up or asks for more, the other side gives more or takes it back."""
    step = LIFT.move(key)
    known = sent(partial(_lift_page, uid), key, LiftMoveForm if step.reason else Schema)
    lifts.move(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("cooperation.read_lift", uid=uid)


def _lift_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = lifts.read(actor(), uid)
    row = found.lift
    moves = moves_for(LIFT, row, actor())
    asks = {"besvara": LiftAnswerForm}
    forms: Forms = {
        move.key: Form(asks.get(move.key, LiftMoveForm), version=row.version, ids=move.key)
        for move in moves
        if move.reason
    }
    labels = HAPPENED | {lifts.MADE: MADE}
    events = [
        {
            "text": translate(labels[one.move]) + (f": {one.text}" if one.text and one.move != lifts.MADE else ""),
            "sub": ", ".join(filter(None, (one.organisation.name if one.organisation else "", spoken(one.at)))),
        }
        for one in lifts.events_of(actor(), row)
    ]
    return page_with(
        "cooperation/lift.html",
        forms,
        refused,
        found=found,
        row=row,
        stands=LIFT.states[row.state],
        kinds=LIFT_KINDS,
        decisions=DECISIONS,
        moves=moves,
        events=events,
        reads_cycle=row.cycle is not None and services.reaches(actor(), row.cycle, "cooperation:cycle:read"),
    )
