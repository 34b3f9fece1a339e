"""The pages of walks: the list, and the walk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import media
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import read_form, read_query, read_version
from core.http.paging import mark, moment, place
from core.upkeep.presenting import latest, standing, title_of
from core.walks import services
from core.walks.models import THEMES, Walk
from core.walks.schemas import Reason, WalkQuery
from core.walks.states import BEFORE_ITS_END, LOGGED_IN, OBSERVATION, WALK
from core.walks.views.blueprint import Forms, move_forms, pages, refused_form, room_tabs


@pages.get("/vandringar", needs="walks:walk:read")
def list_walks() -> flask.Response:
    """List the walks that the person reaches, the latest first."""
    asked = read_query(WalkQuery, request.args)
    after: Any = place(asked.get("after"), moment, int)
    found = services.list_walks(actor(), after=after)
    more = flask.url_for("walks.list_walks", after=mark(found.after)) if found.after else None
    return page(
        "walks/list.html", doors=room_tabs("vandringar"), rows=found.rows, states=WALK.states, themes=THEMES, more=more
    )


@pages.get("/vandringar/<uuid:uid>", needs="walks:walk:read")
def read_walk(uid: UUID) -> flask.Response:
    """Show a walk with what was seen on it."""
    return _walk_page(uid)


@pages.post("/vandringar/<uuid:uid>/steg/<key>", needs="walks:walk:read")
def move_walk(uid: UUID, key: str) -> flask.Response:
    """Make a move of the walk."""
    redraw_with(lambda problem: _walk_page(uid, refused_form(key, problem)))
    known = Reason().load(read_form(Reason, request.form))
    services.move_walk(actor(), uid, key, reason=known["reason"], version=read_version(request.form))
    return see_other("walks.read_walk", uid=uid)


def _walk_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    walk = services.read_walk(actor(), uid)
    observations = services.observations_of(actor(), walk)
    photos = media.photos_of("observation", [row.uid for row in observations])
    moves, may_log = moves_for(WALK, walk, actor()), _may_log(walk)
    return page(
        "walks/walk.html",
        walk=walk,
        state=WALK.states[walk.state],
        themes=THEMES,
        log_first=may_log and walk.state in BEFORE_ITS_END,
        observations=[(row, OBSERVATION.states[row.state], photos[row.uid]) for row in observations],
        moves=moves,
        may_log=may_log,
        waiting=len(services.waiting_on(actor(), walk)) if actor().may("walks:observation:route") else 0,
        frister=[(row, title_of(row), standing(row)) for row in services.frister_of(actor(), walk)],
        latest=latest,
        **move_forms(moves, refused),
    )


def _may_log(walk: Walk) -> bool:
    if walk.state not in LOGGED_IN or not actor().may("walks:observation:log"):
        return False
    return services.reaches(actor(), Walk, walk.id, "walks:observation:log")
