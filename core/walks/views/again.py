"""The pages of walks that follow others up: in the same darkness, and the same spots before and after."""

from __future__ import annotations

from uuid import UUID

import flask
from flask import request

from core.http import actor, page
from core.http.texts import translate
from core.i18n import N_
from core.walks import services
from core.walks.models import LIGHTS
from core.walks.views.blueprint import pages, room_tabs


@pages.get("/vandringar/uppfoljning", needs="walks:walk:read")
def follow_ups() -> flask.Response:
    """List the walks that were held, when each is best followed up, and when it is as dark as it was."""
    chosen = request.args.get("ljus", "")
    found = services.to_follow_up(actor())
    titles = {"": N_("Alla")} | LIGHTS
    tabs = [
        {
            "text": translate(title),
            "href": flask.url_for("walks.follow_ups", ljus=key or None),
            "current": key == chosen,
            "count": sum(key in ("", one.light) for one in found),
        }
        for key, title in titles.items()
    ]
    return page(
        "walks/follow_ups.html",
        doors=room_tabs("uppfoljning"),
        rows=[one for one in found if chosen in ("", one.light) or chosen not in titles],
        tabs=tabs,
        lights=LIGHTS,
        may_lead=actor().may("walks:walk:lead"),
    )


@pages.get("/vandringar/<uuid:uid>/fore-efter", needs="walks:walk:read")
def before_after(uid: UUID) -> flask.Response:
    """Show, of a walk that follows another up, each photo of before beside the one taken again from the same spot."""
    walk = services.read_walk(actor(), uid)
    first = walk.follows
    return page(
        "walks/again.html",
        walk=walk,
        first=first,
        as_dark=services.as_dark_as_then(walk, first) if first else None,
        retaken=services.to_retake(actor(), walk),
    )
