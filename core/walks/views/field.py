"""The phone's pages: photo, kind, save; and the receipt."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, db, media
from core.http import actor, page, redraw_with, see_other, takes
from core.http.forms import Form, read_form
from core.schema import Schema
from core.walks import field, services
from core.walks.kinds import TILES, kinds
from core.walks.models import Walk
from core.walks.states import LOG, LOGGED_IN
from core.walks.views.blueprint import PHOTO_FORM, numbers_for, pages
from core.walks.views.observations import may_edit


@pages.get("/vandringar/<uuid:uid>/skriv-in", needs=LOG)
def log_page(uid: UUID) -> flask.Response:
    """The phone's page: photo, kind, save."""
    return _log_page(uid, _empty_form)


@pages.post("/vandringar/<uuid:uid>/skriv-in", needs=LOG)
@takes(PHOTO_FORM)
def log_observation(uid: UUID) -> flask.Response:
    """Save what the phone's page sent, and show the receipt."""
    chosen = request.form.get("kind", "")
    redraw_with(lambda problem: _log_page(uid, partial(_refused_form, problem)))
    schema = _schema(services.read_walk(actor(), uid, LOG))
    known = schema().load(read_form(schema, field.answers_to(chosen, request.form), request.files))
    observation = field.log(actor(), uid, known)
    return see_other("walks.receipt", uid=observation.uid)


def _empty_form(schema: type[Schema], walk: Walk) -> Form:
    return Form(schema, {"uid": str(db.new_uid()), "place": str(services.place_again(actor(), walk) or "")})


def _refused_form(problem: Any, schema: type[Schema], _walk: Walk) -> Form:
    """Draw the form again; a refused photo is told at the photo."""
    errors = {
        "photo" if problem.status in (413, 415) else name: texts for name, texts in problem.fields(schema).items()
    }
    return Form(schema, written=request.form, errors=errors)


def _schema(walk: Walk) -> type[Schema]:
    places = {str(one.place.uid): one.place.name for one in services.places_of(actor(), walk) if one.reached}
    return field.log_schema(request.form.get("kind", ""), walk.theme, places)


def _log_page(uid: UUID, draw: Callable[[type[Schema], Walk], Form]) -> flask.Response:
    walk = services.read_walk(actor(), uid, LOG)
    sorts = kinds(walk.theme)
    form = draw(_schema(walk), walk)
    forbidden = [one.name for one in walk.places if one.photo_policy == media.FORBIDDEN]
    asked = {key: field.questions_of(key) for key, kind in sorts.items() if kind.details is not None}
    return page(
        "walks/log.html",
        walk=walk,
        logged=services.observations_of(actor(), walk),
        open=walk.state in LOGGED_IN,
        drawings={key: kind.icon for key, kind in sorts.items()},
        first=TILES,
        forbidden=forbidden,
        asks_place=any(one.name == "place" for one in form),
        camera_on=len(forbidden) < len(walk.places) or not walk.places,
        questions={key: [one for one in form if one.name.startswith(f"{name}.")] for key, name in asked.items()},
        numbers=numbers_for(walk.places, walk.organiser),
        form=form,
    )


@pages.get("/iakttagelser/<uuid:uid>/kvitto", needs=LOG)
def receipt(uid: UUID) -> flask.Response:
    """The receipt: the city has it, since when, and each photo."""
    found = services.read_observation(actor(), uid)
    if found.reporter_id != actor().id:
        raise access.Missing("observation", uid)
    photos = media.photos_of("observation", [uid])[uid]
    numbers = numbers_for([found.place] if found.place else [], found.organisation)
    return page(
        "walks/receipt.html",
        observation=found,
        photos=photos,
        states=media.STATES,
        may_edit=may_edit(found),
        numbers=numbers,
    )
