"""The pages of pictures: all of a cycle beside each other, a section, the figures and the drawings of one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.cooperation import services
from core.cooperation.models import ASKS, DRAWN_KINDS, EVIDENCE_KINDS, OWN, ReportDrawing, ReportEvidence, SectionDraft
from core.cooperation.models.cycles import READ, WRITE
from core.cooperation.schemas import DrawingForm, EvidenceForm, SectionForm
from core.cooperation.services.drawings import meetings, seen_from, unseen
from core.cooperation.services.pictures import SECTIONS
from core.cooperation.services.pictures_shown import Picture, is_afterwards
from core.cooperation.states import OVER, PICTURE
from core.cooperation.views.blueprint import asked_by, asking, opening, page_with, pages, sent, step_row
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_version, said
from core.http.texts import moment, translate
from core.places.outline import CITY_S_OWN, Outline, written
from core.schema import WARNINGS, warns_of_persons


@pages.get("/samverkan/<uuid:uid>/lagesbilder", needs=READ)
def list_pictures(uid: UUID) -> flask.Response:
    """Show one's own picture, and when they are open those of all beside each other, and the common one."""
    found = services.read_cycle(actor(), uid)
    parties = services.parties_of(actor(), found)
    own = services.own_picture(actor(), found)
    is_open = services.is_open(found)
    told = services.handed_in(actor(), found, parties)
    pictures = services.opened_pictures(actor(), found) if is_open else []
    return page(
        "cooperation/pictures.html",
        cycle=found,
        steps=step_row(found),
        opening=opening(found),
        is_open=is_open,
        parties=[(one, PICTURE.states.get(one.state)) for one in told],
        afterwards={one.party.organisation_id for one in told if one.afterwards},
        own=own,
        unsaved=services.drafts_of(actor(), own.report) if own is not None else {},
        writes=own is not None and own.report.state == PICTURE.start and found.state not in OVER,
        pictures=pictures,
        meetings=meetings(pictures),
        unseen=unseen(found, pictures),
        common=services.common_picture(actor(), found) if is_open else None,
        may_write=found.state not in OVER and services.own_party(actor(), found) is not None,
        sections=SECTIONS,
        kinds=EVIDENCE_KINDS,
        drawn=DRAWN_KINDS,
    )


@pages.post("/samverkan/<uuid:uid>/gemensam", needs=WRITE)
def begin_common(uid: UUID) -> flask.Response:
    """Begin the common picture."""
    said()
    made = services.begin_common(actor(), uid)
    return see_other("cooperation.read_picture", uid=made.uid)


@pages.get("/lagesbilder/<uuid:uid>", needs=READ)
def read_picture(uid: UUID) -> flask.Response:
    """Show a picture that one may read: its sections, figures, drawings, and how it is handed in."""
    return _picture_page(uid)


@pages.get("/lagesbilder/<uuid:uid>/<key>", needs=WRITE)
def edit_section(uid: UUID, key: str) -> flask.Response:
    """Show the form of a section; of a picture that is handed in, what stands in it."""
    if services.read_picture(actor(), uid, WRITE).report.state != PICTURE.start:
        return see_other("cooperation.read_picture", uid=uid)
    return _section_page(uid, key)


@pages.post("/lagesbilder/<uuid:uid>/<key>", needs=WRITE)
def write_section(uid: UUID, key: str) -> flask.Response:
    """Save a section."""

    def again(problem: Any) -> flask.Response:
        return _section_page(uid, key, Form(SectionForm, written=request.form, errors=problem.fields(SectionForm)))

    redraw_with(again, lambda: _section_form(services.read_picture(actor(), uid, WRITE), key))
    known = said(SectionForm)
    services.write_section(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("cooperation.read_picture", uid=uid)


@pages.post("/lagesbilder/<uuid:uid>/<key>/utkast", needs=WRITE)
def keep_section_draft(uid: UUID, key: str) -> flask.Response:
    """Keep what is written in a section and not saved; the page's script asks for it."""
    known = said(SectionForm)
    services.keep_draft(actor(), uid, key, version=read_version(request.form), **known)
    return flask.jsonify(at=moment(clock.now()))


@pages.post("/lagesbilder/<uuid:uid>/<key>/kasta", needs=WRITE)
def discard_section_draft(uid: UUID, key: str) -> flask.Response:
    """Throw away what was kept and not saved."""
    said()
    services.discard_draft(actor(), uid, key)
    return see_other("cooperation.edit_section", uid=uid, key=key)


def _section_form(found: Picture, key: str, draft: SectionDraft | None = None) -> Form:
    """Return the form of a section: what the reader wrote and did not save, else what stands there."""
    section = found.sections.get(key)
    if section is None:
        flask.abort(404)
    if draft is not None:
        return Form(SectionForm, {"text": draft.text, "done": draft.done}, version=draft.base)
    return Form(SectionForm, {"text": section.text, "done": section.done}, version=section.version)


def _section_page(uid: UUID, key: str, form: Form | None = None) -> flask.Response:
    found = services.read_picture(actor(), uid, WRITE)
    draft = services.drafts_of(actor(), found.report).get(key) if form is None else None
    form = form or _section_form(found, key, draft)
    return page(
        "cooperation/section.html",
        picture=found,
        key=key,
        draft=draft,
        title=SECTIONS[found.report.kind].get(key) or flask.abort(404),
        asks=ASKS[key],
        warnings=_warnings([form["text"].value]),
        form=form,
    )


def _warnings(texts: Iterable[Any]) -> list[str]:
    """Return what to look over in one's own texts: what seems to tell of a person."""
    kinds = {kind for text in texts for kind in warns_of_persons(str(text))}
    return [translate(words) for kind, words in WARNINGS.items() if kind in kinds]


@pages.post("/lagesbilder/<uuid:uid>/underlag", needs=WRITE)
def add_evidence(uid: UUID) -> flask.Response:
    """Write down a figure or a finding."""
    known = sent(partial(_picture_page, uid), "underlag", EvidenceForm)
    services.add_evidence(actor(), uid, evidence=known.pop("uid"), **known)
    return see_other("cooperation.read_picture", uid=uid)


@pages.post("/lagesbilder/<uuid:uid>/karta", needs=WRITE)
def draw(uid: UUID) -> flask.Response:
    """Draw something in the map."""
    known = sent(partial(_picture_page, uid), "karta", DrawingForm)
    shape = Outline(known.pop("system"), known.pop("outline"), known.pop("radius_m")).shape()
    services.draw(actor(), uid, drawing=known.pop("uid"), geom=shape, **known)
    return see_other("cooperation.read_picture", uid=uid)


@pages.post("/lagesbilder/underlag/<uuid:uid>/ta-bort", needs=WRITE)
def take_evidence_away(uid: UUID) -> flask.Response:
    """Take a figure out."""
    said()
    return see_other("cooperation.read_picture", uid=services.take_away(actor(), ReportEvidence, uid).uid)


@pages.post("/lagesbilder/karta/<uuid:uid>/ta-bort", needs=WRITE)
def take_drawing_away(uid: UUID) -> flask.Response:
    """Take a drawing out."""
    said()
    return see_other("cooperation.read_picture", uid=services.take_away(actor(), ReportDrawing, uid).uid)


@pages.post("/lagesbilder/<uuid:uid>/steg/<key>", needs=WRITE)
def move_picture(uid: UUID, key: str) -> flask.Response:
    """Hand a picture in, go without one, or take it back."""
    known = sent(partial(_picture_page, uid), key, asked_by(PICTURE.move(key)))
    services.move_picture(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("cooperation.read_picture", uid=uid)


def _picture_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = services.read_picture(actor(), uid)
    moves = services.moves_of(actor(), found.report)
    writes = found.report.state == PICTURE.start and bool(moves)
    forms = asking(moves, found.report)
    if writes:
        today = clock.today()
        figure = EvidenceForm().load_draft({}) | {"uid": db.new_uid(), "first_on": today, "last_on": today}
        drawing = DrawingForm().load_draft({}) | {"uid": db.new_uid(), "system": CITY_S_OWN, "kind": "otrygg"}
        forms |= {"underlag": Form(EvidenceForm, figure, ids="underlag")}
        forms |= {"karta": Form(DrawingForm, drawing, ids="karta")}
    written_here = [section.text for section in found.sections.values()]
    written_here += [text for row in found.evidence for text in (row.what, row.source)]
    written_here += [row.label for row in found.drawings]
    return page_with(
        "cooperation/picture.html",
        forms,
        refused,
        picture=found,
        stands=PICTURE.states[found.report.state],
        is_own=found.report.kind == OWN,
        is_open=services.is_open(found.report.cycle),
        afterwards=found.report.kind == OWN and is_afterwards(found.report.cycle, found.report),
        opening=opening(found.report.cycle),
        sections=SECTIONS[found.report.kind],
        kinds=EVIDENCE_KINDS,
        drawn=DRAWN_KINDS,
        corners={row.uid: written(row.geom, CITY_S_OWN) for row in found.drawings},
        moves=moves,
        writes=writes,
        warnings=_warnings(written_here) if writes else [],
        unsaved=services.drafts_of(actor(), found.report),
        around=seen_from(found.report.cycle) if writes else None,
    )
