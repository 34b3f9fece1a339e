"""Around every page: in which language and light it is read, by whom, and the rooms that she may enter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import current_app, g, request

from core import access
from core.http.forms import page_above
from core.http.frame import Application, actor
from core.http.texts import LOCALES, translate
from core.i18n import N_

Rooms = Sequence[tuple[str, str, str]]
"""Title, address and needed permission of each."""


def install(app: Application, rooms: Rooms) -> None:
    """Give `base.html` what it needs on every page."""
    app.before_request(_reader)
    app.context_processor(partial(_frame_of_page, rooms))


def _reader() -> None:
    """Find out in which language and light the page is wanted: the person's choice, or the browser's."""
    g.locale = request.cookies.get("locale", "sv") if request.cookies.get("locale") in LOCALES else "sv"
    g.look = request.cookies.get("look", "auto") if request.cookies.get("look") in ("light", "dark") else "auto"


def _outermost(rooms: Rooms) -> Rooms:
    """Return the rooms but for those within another of them, from which they are reached."""
    within = [href for _, href, _ in rooms if href != "/"]
    return [room for room in rooms if not any(room[1].startswith(f"{href}/") for href in within)]


def _room_of(rooms: Rooms, path: str) -> str | None:
    """Return the address of the room that a page is in: by its path, else of the only room with its blueprint."""
    above = [href for _, href, _ in rooms if path == href or (href != "/" and path.startswith(f"{href}/"))]
    if above:
        return max(above, key=len)
    routes = current_app.url_map.bind("")
    same = [href for _, href, _ in rooms if routes.match(href)[0].rpartition(".")[0] == request.blueprint]
    same = [href for href in same if not href.startswith("/admin/")] or same  # what is set up there is no room
    return same[0] if len(same) == 1 else None


def _frame_of_page(rooms: Rooms) -> dict[str, Any]:
    me = actor() if "actor" in g else access.NOBODY
    path = request.path
    back = path if request.method == "GET" else page_above()  # where a form was sent cannot be gone back to
    mine = _outermost([room for room in rooms if me.signed_in and me.may(room[2])])
    here = _room_of(mine, path)
    open_rooms = [{"href": href, "text": translate(text), "current": href == here} for text, href, _ in mine]
    links = [
        {"href": "/jag", "text": translate(N_("Min sida"))},
        {"href": f"/utseende?till={quote(back)}", "text": translate(N_("Utseende och språk"))},
        {"href": "/jag/enheter", "text": translate(N_("Mina enheter"))},
        {"href": "/jag/nycklar", "text": translate(N_("Mina nycklar"))},
    ]
    roles = [translate(access.ROLES[role]) for role in dict.fromkeys(grant.role for grant in me.grants)]
    said = {"name": me.name, "organisation": me.organisation_name, "roles": roles, "links": links}
    person = said if me.signed_in else None
    footer = [{"href": "/utseende", "text": translate(N_("Utseende och språk"))}]
    shown = {"me": person, "nav": open_rooms, "lang": g.locale, "color_scheme": g.look, "footer": footer, "actor": me}
    return shown | {"copy": g.get("copy")}
