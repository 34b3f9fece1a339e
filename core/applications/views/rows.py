"""The pages on which a row of a part is changed or taken out: evidence, a measure, a step of the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core.applications.models import WRITE, Application, ApplicationEvidence, ApplicationMeasure, Milestone
from core.applications.schemas.evidence import EvidenceForm
from core.applications.schemas.parts import MeasureLineForm, MilestoneForm
from core.applications.services import evidence, measures, parts
from core.applications.services.parts import Read
from core.applications.views.blueprint import pages, part_page, sent
from core.applications.views.parted import measure_options
from core.http import actor, see_other
from core.http.forms import Form, Forms, Options, read_version
from core.i18n import N_
from core.schema import Schema

ROW = "rad"


@dataclass(frozen=True)
class Row:
    """How a row of a part is changed: its form, what that shows of keys, what can be chosen, the services."""

    part: str
    model: Any
    schema: type[Schema]
    title: str
    change: Callable[..., Application]
    take: Callable[..., Application]
    load: tuple[Any, ...] = ()
    kept: Callable[[Any], dict[str, Any]] = lambda _: {}
    options: Callable[[Read, Any], Mapping[str, Options]] = lambda _found, _row: {}


def _change_milestone(actor: Any, uid: UUID, **facts: Any) -> Application:
    return parts.change_row(actor, "tidplan", Milestone, uid, **facts)[0]


def _measure_kept(row: ApplicationMeasure) -> dict[str, Any]:
    named = {"place": row.place, "cause": row.cause, "measure": row.measure}
    return {name: one.uid if one is not None else None for name, one in named.items()}


ROWS: dict[str, Row] = {
    "underlag": Row(
        "underlag",
        ApplicationEvidence,
        EvidenceForm,
        N_("Ändra underlaget"),
        evidence.change_evidence,
        evidence.take_evidence,
    ),
    "atgarder": Row(
        "atgarder",
        ApplicationMeasure,
        MeasureLineForm,
        N_("Ändra åtgärden"),
        measures.change_measure,
        measures.take_measure,
        measures.WHOLE,
        _measure_kept,
        measure_options,
    ),
    "milstolpar": Row(
        "tidplan",
        Milestone,
        MilestoneForm,
        N_("Ändra milstolpen"),
        _change_milestone,
        lambda actor, uid: parts.take_row(actor, "tidplan", Milestone, uid),
    ),
}
"""By the name in the address."""
HERE = "/ansokningar/<any(underlag, atgarder, milstolpar, kostnader, komponenter, finansiering):kind>/<uuid:uid>"


@pages.get(HERE, needs=WRITE)
def edit_row(kind: str, uid: UUID) -> flask.Response:
    """Show the form of a row."""
    return _page(kind, uid)


@pages.post(HERE, needs=WRITE)
def change_row(kind: str, uid: UUID) -> flask.Response:
    """Save a row."""
    row = ROWS[kind]
    known = sent(partial(_page, kind, uid), ROW, row.schema, partial(_options, kind, uid), partial(_form, kind, uid))
    application = row.change(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_part", uid=application.uid, key=row.part)


@pages.post(f"{HERE}/ta-bort", needs=WRITE)
def take_row(kind: str, uid: UUID) -> flask.Response:
    """Take a row out."""
    sent(partial(_page, kind, uid), ROW, Schema)
    row = ROWS[kind]
    return see_other("applications.read_part", uid=row.take(actor(), uid).uid, key=row.part)


def _found(kind: str, uid: UUID) -> tuple[Read, Any]:
    row = ROWS[kind]
    application, found = parts.row_of(actor(), row.model, uid, *row.load)
    return parts.read_part(actor(), application.uid, row.part), found


def _options(kind: str, uid: UUID) -> Mapping[str, Options]:
    return ROWS[kind].options(*_found(kind, uid))


def _form(kind: str, uid: UUID) -> Form:
    read, found = _found(kind, uid)
    row = ROWS[kind]
    told = row.kept(found)
    known = {name: getattr(found, name) for name in row.schema().fields if name not in told} | told
    return Form(row.schema, known, version=found.version, options=row.options(read, found), ids=ROW)


def _page(kind: str, uid: UUID, refused: Forms | None = None) -> flask.Response:
    read, _ = _found(kind, uid)
    title = ROWS[kind].title
    return part_page("applications/row.html", read, {ROW: _form(kind, uid)}, refused, kind=kind, uid=uid, title=title)
