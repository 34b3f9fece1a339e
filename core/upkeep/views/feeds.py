"""Mina kalendrar: addresses with which a person's own calendar program fetches her frister; and the calendar itself."""

from __future__ import annotations

import flask
from flask import request

from core import access
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.upkeep import services
from core.upkeep.schemas import FeedOf, Press
from core.upkeep.views.blueprint import pages


@pages.get("/jag/kalendrar", needs="upkeep:feed:own")
def own_feeds() -> flask.Response:
    """Show what one may subscribe to."""
    return _feeds()


@pages.post("/jag/kalendrar", needs="upkeep:feed:own")
def make_feed() -> flask.Response:
    """Make an address and show it, this once."""
    redraw_with(lambda problem: _feeds(Form(Press, errors=problem.fields(FeedOf))))
    known = FeedOf().load(read_form(FeedOf, request.form))
    opaque = services.make_feed(actor(), known.get("grant"))
    return _feeds(address=flask.url_for("upkeep.read_feed", key=opaque, _external=True))


@pages.post("/jag/kalendrar/avsluta", needs="upkeep:feed:own")
def end_feed() -> flask.Response:
    """End an address."""
    redraw_with(lambda problem: _feeds(Form(Press, errors=problem.fields(FeedOf))))
    services.end_feed(actor(), FeedOf().load(read_form(FeedOf, request.form)).get("grant"))
    return see_other("upkeep.own_feeds")


@pages.get("/kalender/<key>.ics", needs="upkeep:feed:read")
def read_feed(key: str) -> flask.Response:
    """Answer a calendar program with the calendar."""
    answer = flask.make_response(services.read_feed(key))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _feeds(form: Form | None = None, address: str = "") -> flask.Response:
    shown = services.subscribable(actor())
    return page("upkeep/feeds.html", feeds=shown, roles=access.ROLES, address=address, form=form)
