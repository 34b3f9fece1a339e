"""The page of each part of an application: what it holds, its form, what is saved as it is and what is kept unsaved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core.applications.models import READ, WRITE
from core.applications.parts import PARTS
from core.applications.schemas.parts import FORMS, said_of
from core.applications.services import content, parts
from core.applications.services.parts import Read
from core.applications.views.blueprint import PART, drafted, pages, part_page, sent
from core.http import actor, see_other
from core.http.forms import BUTTON, CONTROLS, Form, Forms, Options, read_version, refuse_others, said
from core.http.texts import moment, translate
from core.i18n import N_

DONE, DESPITE = "klar", "anda"
"""The buttons that save a part and mark it as done: if the coach lacks nothing in it, and despite what it advises."""


@dataclass(frozen=True)
class PartPage:
    """How a part's page differs from that of other parts.

    `kept` returns what its form shows otherwise than the part holds it, `options` the choices that only the application
    knows, `meant` what was written as the service takes it, `rows` the forms of its rows, `shown` what its template
    draws beside. `intro` is what the part is about.
    """

    intro: str
    template: str = "applications/part.html"
    kept: Callable[[Read], dict[str, Any]] = lambda _: {}
    options: Callable[[Read], Mapping[str, Options]] = lambda _: {}
    meant: Callable[[dict[str, Any]], dict[str, Any]] = lambda known: known
    rows: Callable[[Read], Forms] = lambda _: {}
    shown: Callable[[Read], dict[str, Any]] = lambda _: {}


PAGES: dict[str, PartPage] = {
    "problem": PartPage(
        N_("Vad är det som inte är bra, och för vilka? Minst 300 tecken behövs när ansökan skickas in.")
    ),
}
"""By the key of the part, which is also its address; views/parted.py adds those that hold more than words."""
HERE = f"/ansokningar/<uuid:uid>/<any({', '.join(PARTS)}):key>"


@pages.get(HERE, needs=READ)
def read_part(uid: UUID, key: str) -> flask.Response:
    """Show a part: its form where it may be written now, else what it says."""
    return draw(uid, key)


@pages.post(HERE, needs=WRITE)
def write_part(uid: UUID, key: str) -> flask.Response:
    """Save a part, however little it says; marked as done if that was the button and the coach lacks nothing in it."""
    found = partial(parts.read_part, actor(), uid, key)
    known = sent(
        partial(draw, uid, key),
        PART,
        FORMS[key],
        lambda: PAGES[key].options(found()),
        lambda: form_of(found()),
    )
    button = request.form.get(BUTTON)
    facts = said_of(key, PAGES[key].meant(known))
    marked: dict[str, Any] = {"done": button in (DONE, DESPITE), "despite": button == DESPITE}
    saved = parts.write_part(actor(), uid, key, version=read_version(request.form), **marked, **facts)
    if saved.done_at is not None:
        return see_other("applications.read_application", uid=uid)
    if marked["done"]:
        return see_other("applications.read_part", uid=uid, key=key, kvar="ja")
    return see_other("applications.read_part", uid=uid, key=key)


@pages.post(f"{HERE}/utkast", needs=WRITE)
def keep_draft(uid: UUID, key: str) -> flask.Response:
    """Keep what is written and not saved, as it is written; the page's script asks for it."""
    refuse_others(FORMS[key])
    values = {name: texts for name, texts in request.form.lists() if name not in CONTROLS}
    kept = parts.keep_draft(actor(), uid, key, version=read_version(request.form), values=values)
    return flask.jsonify(at=moment(kept.at))


@pages.post(f"{HERE}/kasta", needs=WRITE)
def discard_draft(uid: UUID, key: str) -> flask.Response:
    """Throw away what was kept and not saved."""
    said()
    parts.discard_draft(actor(), uid, key)
    return see_other("applications.read_part", uid=uid, key=key)


def form_of(found: Read) -> Form:
    """Return the form of a part as it is saved."""
    key = found.part.part
    known = FORMS[key]().load_draft({}) | content.held(found) | PAGES[key].kept(found)
    return Form(FORMS[key], known, version=found.part.version, options=PAGES[key].options(found), ids=PART)


def draw(uid: UUID, key: str, refused: Forms | None = None) -> flask.Response:
    """Draw the page of a part; a form of it that was refused stands as it was sent."""
    found = parts.read_part(actor(), uid, key)
    asked = PAGES[key]
    forms: Forms = {}
    used = False
    if found.writes:
        used = request.args.get("utkast") == "ja" and found.draft is not None
        kept = drafted(found, FORMS[key], asked.options(found)) if used else None
        forms = {PART: kept or form_of(found)} | asked.rows(found)
    return part_page(
        asked.template,
        found,
        forms,
        refused,
        intro=translate(asked.intro),
        key=key,
        used_draft=used,
        undone=found.writes and found.part.done_at is None and request.args.get("kvar") == "ja",
        answers=None if found.writes else form_of(found),
        **asked.shown(found),
    )
