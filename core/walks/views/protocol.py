"""After the walk: its protocol, what residents are told, who took part, and what was logged twice."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import media
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.walks import services
from core.walks.models import AGES, CATEGORIES, GENDERS, LIGHTS, THEMES, Observation, Walk
from core.walks.schemas import CountForm, DecisionForm
from core.walks.services.protocol import PARTS
from core.walks.states import LOGGED_IN, WALK, shown_state
from core.walks.telling import day_of, done_on, said_of
from core.walks.views.blueprint import pages, refused_whole
from core.walks.views.steps import step_of_protocol


@pages.get("/vandringar/<uuid:uid>/protokoll", needs="walks:walk:read")
def protocol(uid: UUID) -> flask.Response:
    """Show the protocol, and who has adjusted it."""
    walk = services.read_walk(actor(), uid)
    rows, route = services.protocol_of(actor(), walk), services.route_of(walk)
    photos = media.photos_of("observation", [row.uid for row in rows])
    may_lead = services.reaches(actor(), Walk, walk.id, "walks:walk:lead")
    return page(
        "walks/protocol.html",
        walk=walk,
        places=services.places_of(actor(), walk),
        state=WALK.states[walk.state],
        themes=THEMES,
        categories=CATEGORIES,
        light=LIGHTS[services.light_of(walk)],
        sun=services.sun_of(walk),
        length=round(route.length) if route else None,
        came=services.participants_of(actor(), walk),
        rows=[(row, shown_state(row.nature, row.state), photos[row.uid], done_on(row)) for row in rows],
        adjusted=[(row, PARTS[row.part]) for row in services.adjustments_of(actor(), walk)],
        step=step_of_protocol(walk, services.moves_of(actor(), walk), may_lead=may_lead),
        awaited=services.awaited(walk),
    )


@pages.get("/vandringar/<uuid:uid>/aterkoppling", needs="walks:walk:lead")
def feedback(uid: UUID) -> flask.Response:
    """Show what residents will be told, place by place: what was said, the answer, when it is done; no internals."""
    walk = services.read_walk(actor(), uid, "walks:walk:lead")
    rows = sorted(services.protocol_of(actor(), walk), key=lambda row: row.place.name if row.place else "")
    good = [row for row in rows if row.nature == "positivt"]
    return page("walks/feedback.html", walk=walk, good=good, places=list(_by_place(rows)), said=said_of, day=day_of)


def _by_place(rows: list[Observation]) -> Iterable[tuple[str, list[Observation]]]:
    asked = (row for row in rows if row.nature != "positivt")
    for name, those in groupby(asked, key=lambda row: row.place.name if row.place else ""):
        yield name, list(those)


@pages.get("/vandringar/<uuid:uid>/deltagare", needs="walks:walk:read")
def participants(uid: UUID) -> flask.Response:
    """Show how many took part."""
    return _participants(uid, Form(CountForm))


def _participants(uid: UUID, form: Form) -> flask.Response:
    walk = services.read_walk(actor(), uid)
    return page(
        "walks/participants.html",
        walk=walk,
        came=services.participants_of(actor(), walk),
        categories=CATEGORIES,
        ages=AGES,
        genders=GENDERS,
        may_count=walk.state in LOGGED_IN and services.reaches(actor(), Walk, walk.id, "walks:walk:lead"),
        form=form,
    )


@pages.post("/vandringar/<uuid:uid>/deltagare", needs="walks:walk:lead")
def count(uid: UUID) -> flask.Response:
    """Write how many of a category took part."""

    def refused(problem: Any) -> flask.Response:
        return _participants(uid, Form(CountForm, written=request.form, errors=problem.fields(CountForm)))

    redraw_with(refused)
    services.count_participants(actor(), uid, **CountForm().load(read_form(CountForm, request.form)))
    return see_other("walks.participants", uid=uid)


@pages.get("/vandringar/<uuid:uid>/dubbletter", needs="walks:observation:review")
def duplicates(uid: UUID) -> flask.Response:
    """Show what may have been logged twice, two and two."""
    return _duplicates(uid)


def _duplicates(uid: UUID, form: Form | None = None) -> flask.Response:
    walk = services.read_walk(actor(), uid)
    pairs = services.pairs_of(actor(), walk)
    uids = [row.uid for pair in pairs for row in (pair.kept, pair.other)]
    photos = media.photos_of("observation", uids)
    seen = media.pictures_for(actor(), [photo for found in photos.values() for photo in found])
    return page("walks/duplicates.html", walk=walk, pairs=pairs, photos=photos, seen=seen, form=form)


@pages.post("/vandringar/<uuid:uid>/dubbletter", needs="walks:observation:review")
def decide(uid: UUID) -> flask.Response:
    """Let one observation go into another, or remember that they are two."""
    redraw_with(lambda problem: _duplicates(uid, refused_whole(DecisionForm, problem)))
    known = DecisionForm().load(read_form(DecisionForm, request.form))
    act = services.merge if known.pop("what") == "sla_ihop" else services.keep_both
    act(actor(), **known)
    return see_other("walks.duplicates", uid=uid)
