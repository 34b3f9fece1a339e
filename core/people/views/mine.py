"""Min sida: what a person decides for herself, first of all which letters she wants."""

from __future__ import annotations

import flask
from flask import request

from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_version
from core.people import services
from core.people.schemas import LetterWish
from core.people.views.blueprint import pages


@pages.get("/jag", needs="people:letter:choose")
def mine() -> flask.Response:
    """Ask which letters the person wants, and show the way to the rest of what is hers."""
    return _mine(_form())


@pages.post("/jag", needs="people:letter:choose")
def choose_letters() -> flask.Response:
    """Keep which letters she wants."""
    redraw_with(
        lambda problem: _mine(Form(LetterWish, written=request.form, errors=problem.fields(LetterWish))), saved=_form
    )
    known = LetterWish().load(read_form(LetterWish, request.form))
    services.choose_letters(actor(), version=read_version(request.form), **known)
    return see_other("people.mine")


def _form() -> Form:
    chosen = services.letter_choice(actor())
    return Form(LetterWish, chosen, version=chosen.version or 0)


def _mine(form: Form) -> flask.Response:
    return page("people/mine.html", form=form)
