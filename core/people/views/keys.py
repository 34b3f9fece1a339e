"""The pages of keys to the API: which there are, and a new one for a person, shown once."""

from __future__ import annotations

from uuid import UUID

import flask
from flask import request

from core import access
from core.http import actor, page, redraw_with
from core.http.forms import Form, read_form
from core.http.texts import translate
from core.people import services
from core.people.schemas import TokenIn
from core.people.views.blueprint import pages


@pages.get("/admin/nycklar", needs="people:token:create")
def list_keys() -> flask.Response:
    """List every key that counts, whoever's it is."""
    return page("people/keys.html", tokens=services.every_token(actor()), titles=_titles())


@pages.get("/admin/personer/<uuid:uid>/nycklar", needs="people:token:create")
def persons_keys(uid: UUID) -> flask.Response:
    """Show a person's keys, with a form for another."""
    return _keys(uid)


@pages.post("/admin/personer/<uuid:uid>/nycklar", needs="people:token:create")
def make_key(uid: UUID) -> flask.Response:
    """Make a key, and show it this once."""
    redraw_with(
        lambda problem: _keys(
            uid, Form(TokenIn, written=request.form, errors=problem.fields(TokenIn), options=_options(uid))
        )
    )
    known = TokenIn().load(read_form(TokenIn, request.form))
    key = services.create_persons_token(
        actor(), uid, name=known["name"], scopes=known["scopes"], days=int(known["days"])
    )
    return _keys(uid, key=key)


def _keys(uid: UUID, form: Form | None = None, key: str = "") -> flask.Response:
    person = services.read_person(actor(), uid)
    return page(
        "people/persons_keys.html",
        person=person,
        tokens=services.tokens_of(actor(), person),
        titles=_titles(),
        refused=form,
        form=form or Form(TokenIn, {"days": "90"}, options=_options(uid)),
        key=key,
    )


def _options(uid: UUID) -> dict[str, list[tuple[str, str]]]:
    found = services.grantable(services.read_person(actor(), uid))
    return {"scopes": sorted(((one, translate(title)) for one, title in found.items()), key=lambda pair: pair[1])}


def _titles() -> dict[str, str]:
    return {key: one.title for key, one in access.permissions().items()}
