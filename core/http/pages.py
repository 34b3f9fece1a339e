"""What views need to answer with a page: the frame of the page, sections of others, and where to go next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import flask
from flask import render_template
from markupsafe import Markup

from core import db, plugins
from core.access import Actor
from core.hookspecs import Section
from core.http.forms import Form, Options
from core.http.texts import translate
from core.i18n import N_, Text
from core.refs import Subject

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """A section ready to stand on a page: its title and its rendered text, or the note that it failed."""

    key: str
    title: str
    body: Markup
    failed: bool = False


def page(template: str, status: int = 200, **context: Any) -> flask.Response:
    """Render a page; `base.html` takes the rest of the frame from the app's context processor."""
    response = flask.make_response(render_template(template, **context), status)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def see_other(endpoint: str, **values: Any) -> flask.Response:
    """Go on to another page after a POST (303), so that reloading sends nothing twice."""
    return flask.make_response(flask.redirect(flask.url_for(endpoint, **values), 303))


def back_to(address: str | None, otherwise: str = "/") -> str:
    """Return `address` if it is a path of this site, else `otherwise`: no open redirect (reliability.md W6)."""
    parts = urlsplit(address or "")
    plain = address and address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    clean = plain and not parts.netloc and not parts.scheme and address and address.isprintable()
    return address if clean and address else otherwise


def redraw_with(
    draw: Callable[[Any], flask.Response],
    saved: Callable[[], Form] | None = None,
    options: Callable[[], Mapping[str, Options]] | None = None,
) -> None:
    """Say how this page is drawn again if what follows is refused: `draw` gets the Problem.

    The refusal has undone the transaction by then, so that nothing is half saved. If somebody else has changed the
    same thing meanwhile, a page with both versions is drawn instead: `saved` returns the form as it stands then.
    Where there is none, as for a move, what was written is told, with the titles of the choices that only this
    request knows (`options`).
    """
    flask.g.redraw, flask.g.saved, flask.g.options = draw, saved, options


def section_parts(where: str, subject: Subject, actor: Actor, *, here: str) -> list[Part]:
    """Return the sections of rooms and plugins for page `where`; one that fails leaves a note in its place.

    `here` is the address of the page, which a section's template may name as the way back (`?till=`): after a
    refused form the request's own address is where the form was sent, and cannot be read.
    """
    parts: list[tuple[int, Part]] = []
    for called in plugins.collected("sections", page=where, subject=subject, actor=actor):
        if called.failure:
            parts.append((99, _note(called.plugin)))
        parts += [(section.weight, _rendered(called.plugin, section, here)) for section in called.values]
    return [part for _, part in sorted(parts, key=lambda pair: (pair[0], pair[1].key))]


def _note(name: str) -> Part:
    title = plugins.title(name)
    text = translate(Text(N_("Tillägget {title} svarar inte. Resten av sidan fungerar."), title=title))
    return Part(f"{name}:fel", title, Markup("{}").format(text), failed=True)


def _rendered(name: str, section: Section, here: str) -> Part:
    try:
        with db.savepoint():
            body = Markup(render_template(section.template, **{"here": here, **section.context}))  # noqa: S704 - a template's output
    except (Exception, SystemExit) as error:
        if name.startswith("core:"):
            raise
        plugins.note(name, "sections", error)
        return _note(name)
    return Part(section.key, translate(section.title), body)
