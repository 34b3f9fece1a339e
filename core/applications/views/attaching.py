"""The part of attachments: files, photos of the places, and the map."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request
from markupsafe import Markup

from core import db, media
from core.applications.models import ATTACHMENT_KINDS, LARGEST, READ, WRITE
from core.applications.schemas.writing_together import FileForm, PhotoForm
from core.applications.services import attaching
from core.applications.services.parts import Read
from core.applications.views.blueprint import pages, sent
from core.applications.views.parts import PAGES, PartPage, draw
from core.http import actor, redraw_with, see_other
from core.http.forms import Form, Forms, fresh, read_form
from core.http.frame import takes
from core.http.photos import stored_file
from core.i18n import N_
from core.schema import Schema

FORM_ROOM = 100_000
"""Bytes of a form beside its file."""
FILE = "fil"


def _photo_ids(photo: UUID) -> str:
    return f"foto-{photo}"


def _rows(found: Read) -> Forms:
    forms = fresh(FileForm, FILE, uid=db.new_uid())
    for photo, name in attaching.photos_to_choose(actor(), found.application):
        known = {"uid": db.new_uid(), "photo": photo.uid, "title": name}
        forms[_photo_ids(photo.uid)] = Form(PhotoForm, known, ids=_photo_ids(photo.uid))
    return forms


def _shown(found: Read) -> dict[str, Any]:
    rows = attaching.attachments_of(actor(), found.application)
    chosen = [row.photo for row in rows if row.photo is not None]
    to_choose = attaching.photos_to_choose(actor(), found.application) if found.writes else []
    drawn = attaching.map_of(found.application)
    return {
        "papers": [row for row in rows if row.photo is None],
        "pictures": [row for row in rows if row.photo is not None],
        "to_choose": to_choose,
        "looks": media.pictures_for(actor(), [*chosen, *(photo for photo, _ in to_choose)]),
        "photo_ids": _photo_ids,
        "kinds": ATTACHMENT_KINDS,
        "map": drawn,
        "map_svg": Markup(drawn.svg),  # noqa: S704 - drawn by core.documents, of shapes and numbers only
    }


PAGES["bilagor"] = PartPage(
    N_("Kartan görs av sig själv. Lägg till kalkyl, ritningar och granskade foton från platsen."),
    "applications/part_attachments.html",
    rows=_rows,
    shown=_shown,
)


@pages.post("/ansokningar/<uuid:uid>/bilagor/fil", needs=WRITE)
@takes(LARGEST + FORM_ROOM)
def attach_file(uid: UUID) -> flask.Response:
    """Take in a PDF."""

    def again(problem: Any) -> flask.Response:
        return draw(
            uid, "bilagor", {FILE: Form(FileForm, written=request.form, errors=problem.fields(FileForm), ids=FILE)}
        )

    redraw_with(again)
    known = FileForm().load(read_form(FileForm, request.form, request.files))
    with media.spooled(media.whole(known.pop("file").stream)) as spool:
        attaching.add_file(actor(), uid, spool, **known)
    return see_other("applications.read_part", uid=uid, key="bilagor")


@pages.post("/ansokningar/<uuid:uid>/bilagor/foto", needs=WRITE)
def attach_photo(uid: UUID) -> flask.Response:
    """Let a photo go with the application."""
    named = request.form.get("photo", "")
    known = sent(partial(draw, uid, "bilagor"), f"foto-{named}", PhotoForm)
    attaching.add_photo(actor(), uid, **known)
    return see_other("applications.read_part", uid=uid, key="bilagor")


@pages.get("/ansokningar/bilagor/<uuid:uid>", needs=READ)
def fetch_attachment(uid: UUID) -> flask.Response:
    """Hand out a file, to be saved and never shown by the browser as a page of ours."""
    row = attaching.file_of(actor(), uid)
    return stored_file(row.sha256 or "", row.type, f"bilaga-{uid}.pdf", attachment=True)


@pages.post("/ansokningar/bilagor/<uuid:uid>/ta-bort", needs=WRITE)
def remove_attachment(uid: UUID) -> flask.Response:
    """Remove an attachment."""
    about = attaching.application_of(actor(), uid)
    sent(partial(draw, about, "bilagor"), "ta-bort", Schema)
    attaching.remove(actor(), uid)
    return see_other("applications.read_part", uid=about, key="bilagor")
