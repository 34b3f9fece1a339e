"""Mina enheter: the phones that one has logged in, and the screen on which another one is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
import segno
from flask import request

from core import db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.people import services
from core.people.schemas import DeviceEnd, Nothing, PasswordAgain
from core.people.views.blueprint import pages

OVER = "over"
"""Stands for the state of a code whose time is over."""


@pages.get("/jag/enheter", needs="people:device:connect")
def own_devices() -> flask.Response:
    """Show one's own phones."""
    return _devices()


@pages.post("/jag/enheter", needs="people:device:connect")
def end_device() -> flask.Response:
    """Log out one of one's own phones."""
    redraw_with(lambda problem: _devices(Form(Nothing, errors=problem.fields(Nothing))))
    known = DeviceEnd().load(read_form(DeviceEnd, request.form))
    services.end_device(actor(), known["device"])
    return see_other("people.own_devices")


@pages.get("/jag/enheter/anslut", needs="people:device:connect")
def connect_page() -> flask.Response:
    """Ask for the password again, before a phone may be logged in."""
    return page("people/connect.html", form=Form(PasswordAgain))


@pages.post("/jag/enheter/anslut", needs="people:device:connect")
def connect() -> flask.Response:
    """Make a code for one phone."""
    redraw_with(
        lambda problem: page("people/connect.html", form=Form(PasswordAgain, errors=problem.fields(PasswordAgain)))
    )
    asked = PasswordAgain().load(read_form(PasswordAgain, request.form))
    code = services.new_code(actor(), password=asked["password"], address=request.remote_addr or "")
    return see_other("people.code_page", uid=code.uid)


@pages.get("/jag/enheter/anslut/<uuid:uid>", needs="people:device:connect")
def code_page(uid: UUID) -> flask.Response:
    """Show the code for the phone to read; then which phone has read it, and ask whether that is the right one."""
    return _code(uid)


@pages.get("/jag/enheter/anslut/<uuid:uid>/lage", needs="people:device:connect")
def code_state(uid: UUID) -> flask.Response:
    """Tell how it stands with a code, for the script that waits on its page."""
    return flask.jsonify({"state": _state(services.read_code(actor(), uid))})


@pages.post("/jag/enheter/anslut/<uuid:uid>/<any(godkann, neka):act>", needs="people:device:connect")
def answer(uid: UUID, act: Any) -> flask.Response:
    """Log in the phone that has read the code, or say no to it."""
    redraw_with(lambda problem: _code(uid, Form(Nothing, errors=problem.fields(Nothing))))
    Nothing().load(read_form(Nothing, request.form))
    if act == "godkann":
        services.approve_device(actor(), uid)
    else:
        services.refuse_device(actor(), uid)
    return see_other("people.code_page", uid=uid)


def _devices(form: Form | None = None) -> flask.Response:
    return page("people/devices.html", devices=services.own_devices(actor()), form=form)


def _code(uid: UUID, form: Form | None = None) -> flask.Response:
    code = services.read_code(actor(), uid)
    address = f"{db.settings().base_url}/falt/logga-in"
    drawn = segno.make(f"{address}#kod={services.long_code(uid)}", error="m", micro=False)
    picture = drawn.svg_data_uri(border=4, light="white", omitsize=True, svgclass=None, lineclass=None)
    shown: dict[str, Any] = {"code": code, "state": _state(code), "form": form}
    return page("people/code.html", picture=picture, short=services.short_code(uid), address=address, **shown)


def _state(code: Any) -> str:
    """Return the state of a code as its page tells it."""
    return code.state if services.code_counts(code) or code.state in ("approved", "refused") else OVER
