"""The pages of walks and observations, at the desk and on the phone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, db, media
from core.flow import Move, moves_for
from core.http import Pages, actor, back_to, page, redraw_with, section_parts, see_other, takes
from core.http.forms import Form, read_form, read_query, read_version
from core.http.paging import mark, moment, place
from core.schema import Schema
from core.walks import field, services
from core.walks.kinds import TILES, kinds
from core.walks.models import NATURES, SEVERITIES, THEMES, Observation, Walk
from core.walks.schemas import Added, Reason, WalkQuery
from core.walks.states import BEFORE_ITS_END, LOGGED_IN, OBSERVATION, WALK

pages = Pages("walks", __name__)
PHOTO_FORM = 60_000_000
"""Bytes of a form with a photo; how large the photo may be is a setting."""


@pages.get("/vandringar", needs="walks:walk:read")
def list_walks() -> flask.Response:
    """List the walks that the person reaches, the latest first."""
    asked = read_query(WalkQuery, request.args)
    after: Any = place(asked.get("after"), moment, int)
    found = services.list_walks(actor(), after=after)
    more = flask.url_for("walks.list_walks", after=mark(found.after)) if found.after else None
    return page("walks/list.html", rows=found.rows, states=WALK.states, themes=THEMES, more=more)


@pages.get("/vandringar/<uuid:uid>", needs="walks:walk:read")
def read_walk(uid: UUID) -> flask.Response:
    """Show a walk with what was seen on it."""
    return _walk_page(uid)


@pages.post("/vandringar/<uuid:uid>/steg/<key>", needs="walks:walk:read")
def move_walk(uid: UUID, key: str) -> flask.Response:
    """Make a move of the walk."""
    redraw_with(lambda problem: _walk_page(uid, _refused(key, problem)))
    known = Reason().load(read_form(Reason, request.form))
    services.move_walk(actor(), uid, key, reason=known["reason"], version=read_version(request.form))
    return see_other("walks.read_walk", uid=uid)


def _walk_page(uid: UUID, refused: Reasons | None = None) -> flask.Response:
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
        **_reasons(moves, refused),
    )


Reasons = dict[str, Form]
"""The forms that ask why, by the key of their move: each with ids of its own, for they stand on one page."""


def _reasons(moves: Iterable[Move], refused: Reasons | None) -> dict[str, Any]:
    """Return the form of each move as the page draws it, and the one that was refused."""
    forms = {move.key: Form(Reason, ids=move.key) for move in moves} | (refused or {})
    return {"forms": forms, "form": next(iter((refused or {}).values()), None)}


def _refused(key: str, problem: Any) -> Reasons:
    """Return the form of the move that was refused, with what was written."""
    return {key: Form(Reason, written=request.form, errors=problem.fields(Reason), ids=key)}


def _may_log(walk: Walk) -> bool:
    if walk.state not in LOGGED_IN or not actor().may("walks:observation:log"):
        return False
    return services.reaches(actor(), Walk, walk.id, "walks:observation:log")


@pages.get("/iakttagelser/<uuid:uid>", needs="walks:observation:read")
def read_observation(uid: UUID) -> flask.Response:
    """Show an observation: what, where, photos, who answers, and what can be done now."""
    return _observation_page(uid)


@pages.post("/iakttagelser/<uuid:uid>/steg/<key>", needs="walks:observation:read")
def move_observation(uid: UUID, key: str) -> flask.Response:
    """Make a move of the observation."""
    redraw_with(lambda problem: _observation_page(uid, _refused(key, problem)))
    known = Reason().load(read_form(Reason, request.form))
    services.move_observation(actor(), uid, key, reason=known["reason"], version=read_version(request.form))
    return see_other("walks.read_observation", uid=uid)


@pages.post("/iakttagelser/<uuid:uid>/foto", needs="media:photo:add")
@takes(PHOTO_FORM)
def add_photo(uid: UUID) -> flask.Response:
    """Add a photo taken after the work."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(Added)
        refused = Form(Added, errors={"photo": list(chain.from_iterable(errors.values()))}, ids="foto")
        return _observation_page(uid, added=refused)

    redraw_with(again)
    known = Added().load(read_form(Added, request.form, request.files))
    field.add_photo(actor(), uid, known["photo"], "efter")
    there = back_to(request.args.get("till"), f"/iakttagelser/{uid}")
    return flask.make_response(flask.redirect(there, 303))


def _observation_page(uid: UUID, refused: Reasons | None = None, added: Form | None = None) -> flask.Response:
    found = services.read_observation(actor(), uid)
    photos = media.photos_of("observation", [uid])[uid]
    moves = moves_for(OBSERVATION, found, actor())
    here = flask.url_for("walks.read_observation", uid=uid)
    asked = _reasons(moves, refused)
    if added:
        asked["form"] = added
    return page(
        "walks/observation.html",
        observation=found,
        state=OBSERVATION.states[found.state],
        natures=NATURES,
        severities=SEVERITIES,
        photos=photos,
        seen=media.pictures_for(actor(), photos),
        moves=moves,
        parts=section_parts("observation", found.ref().ref, actor(), here=here),
        may_add=actor().may("media:photo:add"),
        may_read_walk=services.reaches(actor(), Walk, found.walk_id, "walks:walk:read"),
        added=added or Form(Added, ids="foto"),
        **asked,
    )


@pages.get("/falt/vandringar/<uuid:uid>", needs="walks:observation:log")
def log_page(uid: UUID) -> flask.Response:
    """The phone's page: photo, kind, save."""
    return _log_page(uid, Form(field.log_schema(), {"uid": str(db.new_uid())}))


@pages.post("/falt/vandringar/<uuid:uid>", needs="walks:observation:log")
@takes(PHOTO_FORM)
def log_observation(uid: UUID) -> flask.Response:
    """Save what the phone's page sent, and show the receipt."""
    chosen = request.form.get("kind", "")
    schema = field.log_schema(chosen)
    redraw_with(lambda problem: _log_page(uid, _form_again(schema, problem)))
    known = schema().load(read_form(schema, field.answers_to(chosen, request.form), request.files))
    observation = field.log(actor(), uid, known)
    return see_other("walks.receipt", uid=observation.uid)


def _form_again(schema: type[Schema], problem: Any) -> Form:
    """Draw the form again; a refused photo is told at the photo."""
    errors = {
        "photo" if problem.status in (413, 415) else name: texts for name, texts in problem.fields(schema).items()
    }
    return Form(schema, written=request.form, errors=errors)


def _log_page(uid: UUID, form: Form) -> flask.Response:
    walk = services.read_walk(actor(), uid, "walks:observation:log")
    asked = {key: field.questions_of(key) for key, kind in kinds().items() if kind.details is not None}
    return page(
        "walks/log.html",
        walk=walk,
        logged=services.observations_of(actor(), walk),
        open=walk.state in LOGGED_IN,
        drawings={key: kind.icon for key, kind in kinds().items()},
        first=TILES,
        questions={key: [one for one in form if one.name.startswith(f"{name}.")] for key, name in asked.items()},
        form=form,
    )


@pages.get("/falt/iakttagelser/<uuid:uid>", needs="walks:observation:log")
def receipt(uid: UUID) -> flask.Response:
    """The receipt: the city has it, since when, and each photo."""
    found = services.read_observation(actor(), uid)
    if found.reporter_id != actor().id:
        raise access.Missing("observation", uid)
    photos = media.photos_of("observation", [uid])[uid]
    return page("walks/receipt.html", observation=found, photos=photos, states=media.STATES, danger=_is_danger(found))


def _is_danger(found: Observation) -> bool:
    return found.severity == max(SEVERITIES)
