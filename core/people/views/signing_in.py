"""Logging in and out, and how the pages look."""

from __future__ import annotations

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core import db
from core.http import actor, back_to, kept, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.people import services
from core.people.schemas import Look, SignIn
from core.people.views.blueprint import pages


@pages.get("/logga-in", needs="people:session:open")
def sign_in_page() -> flask.Response:
    """Ask for e-mail address and password."""
    known = {"till": back_to(request.args.get("till"))} | flask.g.get("kept", {})
    return _sign_in(Form(SignIn, known, action=flask.url_for("people.sign_in")))


@pages.post("/logga-in", needs="people:session:open")
def sign_in() -> flask.Response:
    """Open a session and go to where the person was going."""
    redraw_with(lambda problem: _sign_in(Form(SignIn, written=_without_password(), errors=problem.fields(SignIn))))
    asked = SignIn().load(read_form(SignIn, request.form))
    address = request.remote_addr or ""
    opaque = services.sign_in(actor(), email=asked["email"], password=asked["password"], address=address)
    written = kept.read(asked.get("kvar") or "")
    flask.session.clear()  # a new form token too: nothing from before the login counts after it
    response = _send_again(written, opaque) if written else flask.redirect(back_to(asked.get("till")), 303)
    response = flask.make_response(response)
    settings = db.settings()
    response.set_cookie(
        flask.current_app.config["TRYGGPLATS_COOKIE"], opaque, secure=settings.secure, httponly=True, samesite="Lax"
    )
    _remember(response, services.chosen_look(opaque))
    return response


def _send_again(written: kept.Kept, opaque: str) -> flask.Response:
    """Show what was written before the login, ready to be sent; nothing is saved by logging in."""
    known = services.by_session(opaque)
    flask.g.actor = known[0] if known else flask.g.actor
    return page("people/kept.html", kept=written)


@pages.post("/logga-ut", needs="people:session:close")
def sign_out() -> flask.Response:
    """End the session."""
    services.sign_out(actor(), flask.g.session_token)
    flask.session.clear()
    response = see_other("people.sign_in_page")
    response.delete_cookie(flask.current_app.config["TRYGGPLATS_COOKIE"])
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.get("/utseende", needs="people:look:choose")
def look_page() -> flask.Response:
    """Ask how the pages shall look."""
    known = {"look": flask.g.get("look", "auto"), "locale": flask.g.get("locale", "sv")}
    return page("people/look.html", form=Form(Look, known | {"till": back_to(request.args.get("till"))}))


@pages.post("/utseende", needs="people:look:choose")
def look() -> flask.Response:
    """Keep how the pages shall look, with the person or, before login, in the browser."""
    redraw_with(
        lambda problem: page("people/look.html", form=Form(Look, written=request.form, errors=problem.fields(Look)))
    )
    asked = Look().load(read_form(Look, request.form))
    services.choose_look(actor(), look=asked["look"], locale=asked["locale"])
    response = flask.make_response(flask.redirect(back_to(asked.get("till")), 303))
    _remember(response, {name: asked[name] for name in ("look", "locale")})
    return response


def _remember(response: flask.Response, chosen: dict[str, str]) -> None:
    """Let the browser know how the pages shall look, also when nobody is logged in."""
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=31_536_000, samesite="Lax", secure=db.settings().secure)


def _sign_in(form: Form) -> flask.Response:
    return page("people/sign_in.html", form=form, demo=services.demo_logins(actor()))


def _without_password() -> MultiDict[str, str]:
    written = MultiDict(request.form.items(multi=True))
    written.pop("password", None)
    return written
