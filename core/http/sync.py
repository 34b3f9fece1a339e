"""What phones have sent that waits for a person: the lists, and the page on which one chooses what shall hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import sync
from core.http.blueprints import Pages
from core.http.forms import Form, read_form, read_query, read_version
from core.http.frame import actor
from core.http.pages import page, redraw_with, see_other
from core.http.paging import mark, place
from core.http.sent import Pair, known_as, last_of, pairs_of, why
from core.http.texts import translate
from core.i18n import N_
from core.schema import ListFilter, Schema, fields
from core.sync import BOTH, CHOOSE, HOMELESS, MINE, READ, THEIRS, TO_CHOOSE, Change

pages = Pages("sync", __name__)

NOWHERE = "utan"
"""What is chosen for a record that shall belong to nothing."""


class Which(ListFilter):
    """Which part of what waits a page shows, and where it begins."""

    visa = fields.Choice(
        {TO_CHOOSE: N_("Behöver granskas"), HOMELESS: N_("Utan det som de hör till")},
        load_default=TO_CHOOSE,
        label=N_("Visa"),
    )


@pages.get("/granska-andringar", needs=READ)
def list_changes() -> flask.Response:
    """List what phones have sent that a person chooses about, or that lacks what it belongs to."""
    asked = read_query(Which, request.args)
    part, after = asked["visa"], place(asked.get("efter"), int)
    found = sync.list_changes(actor(), part=part, after=after[0] if after else None)
    return page(
        "sync/list.html",
        rows=[(row, sync.recording(row.change.record_kind), why(row.change)) for row in found.rows],
        loose=sync.loose(actor()) if part == HOMELESS and after is None else [],
        part=part,
        homeless=HOMELESS,
        without=", ".join(translate(one.without) for one in sync.recordings().values()),
        counts=sync.counts(actor()),
        states=sync.STATES,
        more=flask.url_for("sync.list_changes", visa=part, efter=mark((found.after,))) if found.after else None,
    )


@pages.get("/granska-andringar/<uuid:uid>", needs=READ)
def read(uid: UUID) -> flask.Response:
    """Show what was sent beside what stands, and let the person choose."""
    return _page(uid)


@pages.post("/granska-andringar/<uuid:uid>", needs=CHOOSE)
def choose(uid: UUID) -> flask.Response:
    """Let what was chosen hold."""
    row = sync.read(actor(), uid)
    schema = _schema(row.change, pairs_of([row])[0])
    redraw_with(lambda problem: _page(uid, problem))
    sync.refuse_settled(row.change)
    known = schema().load(read_form(schema, request.form))
    parent = known.pop("parent", "")
    where = {"parent": None if parent == NOWHERE else UUID(parent)} if parent else {}
    sync.choose(actor(), uid, known, version=read_version(request.form), **where)
    return see_other("sync.read", uid=uid)


def _schema(change: Change, pairs: list[Pair]) -> type[Schema]:
    """Return what is asked about something that waits: each open field, or the whole and where it belongs."""
    asked: dict[str, Any] = {}
    for pair in pairs:
        choices = {THEIRS: pair.stands, MINE: pair.sent} | ({BOTH: N_("Behåll båda texterna")} if pair.both else {})
        asked[pair.name] = fields.Choice(choices, required=True, widget="radios", label=pair.label)
    if change.creates:
        one = sync.recording(change.record_kind)
        options = {NOWHERE: one.nowhere, **{str(uid): title for uid, title in one.parents(actor())}}
        asked["parent"] = fields.Choice(options, load_default="", widget="select", label=one.where)
    return Schema.from_dict(asked, name="Choice")  # type: ignore[return-value]


def _page(uid: UUID, problem: Any = None) -> flask.Response:
    row = sync.read(actor(), uid)
    change, one = row.change, sync.recording(row.change.record_kind)
    [pairs] = pairs_of([row])
    waits = change.state == sync.REVIEW and actor().may(CHOOSE)
    form = None
    if waits:
        schema = _schema(change, pairs)
        errors = problem.fields(schema) if problem else None
        form = Form(schema, written=request.form if problem else None, errors=errors, version=change.version)
    return page(
        "sync/change.html",
        change=change,
        one=one,
        about=row.about,
        pairs=[] if change.creates else pairs,
        told=one.told(actor(), change.fields) if change.creates else (),
        why=why(change),
        sender=known_as(sync.sender_of(change.sender_id).uid, change.organisation_id),
        last=last_of([row]).get(change.record_uid),
        states=sync.STATES,
        form=form,
    )
