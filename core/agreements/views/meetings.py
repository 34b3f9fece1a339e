"""The pages of meetings: called from a collaboration or a council, their minutes and their decisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.agreements import services
from core.agreements.models import Collaboration, Council, Meeting
from core.agreements.models.together import LEAD, READ, WRITE
from core.agreements.schemas import agreements as asked
from core.agreements.states import DECISION, MEETING
from core.agreements.views.blueprint import Options, pages, party_options
from core.agreements.views.collaborations import collaboration_page
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, fresh, none, read_version, refused, said
from core.i18n import N_
from core.schema import ReasonForm, Schema


@pages.post("/platssamverkan/<uuid:uid>/moten", needs=LEAD)
def call_meeting(uid: UUID) -> flask.Response:
    """Call a meeting of a platssamverkan."""
    found = services.collaborations.read_collaboration(actor(), uid)
    groups = services.collaborations.groups_of(actor(), found)
    options = {"group": [none(N_("Alla")), *((str(one.group.uid), one.group.name) for one in groups)]}
    redraw_with(lambda problem: collaboration_page(uid, refused("mote", asked.MeetingForm, problem, options)))
    made = services.meetings.call_meeting(actor(), Collaboration, uid, **said(asked.MeetingForm))
    return see_other("agreements.read_meeting", uid=made.uid)


@pages.get("/moten/<uuid:uid>", needs=READ)
def read_meeting(uid: UUID) -> flask.Response:
    """Show a meeting: what came along from before, its minutes, who was there, its decisions."""
    return _meeting_page(uid)


@pages.post("/moten/<uuid:uid>", needs=LEAD)
def write_minutes(uid: UUID) -> flask.Response:
    """Save what stands about a meeting."""
    schema = asked.MinutesForm
    row = services.meetings.read_meeting(actor(), uid)
    options = _parties(row)
    redraw_with(lambda problem: _meeting_page(uid, refused("anteckna", schema, problem, options)))
    known = said(schema)
    parties = services.parties.parties_of(actor(), services.meetings.owner_of(row))
    functions = {one.organisation.uid: getattr(one, "mandate", "") or getattr(one, "function", "") for one in parties}
    present = {organisation: functions.get(organisation, "") for organisation in known.pop("present")}
    services.meetings.write_minutes(actor(), uid, present=present, version=read_version(request.form), **known)
    return see_other("agreements.read_meeting", uid=uid)


@pages.post("/moten/<uuid:uid>/steg/<key>", needs=LEAD)
def move_meeting(uid: UUID, key: str) -> flask.Response:
    """Hold a meeting, call it off, or open it again."""
    move = MEETING.move(key)
    redraw_with(lambda problem: _meeting_page(uid, refused(key, ReasonForm, problem)))
    known = said(ReasonForm if move.reason else Schema)
    services.meetings.move_meeting(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("agreements.read_meeting", uid=uid)


@pages.post("/moten/<uuid:uid>/beslut", needs=LEAD)
def add_decision(uid: UUID) -> flask.Response:
    """Write down what a meeting decided."""
    options = _responsible(services.meetings.read_meeting(actor(), uid))
    redraw_with(lambda problem: _meeting_page(uid, refused("beslut", asked.DecisionForm, problem, options)))
    services.decisions.add_decision(actor(), uid, **said(asked.DecisionForm))
    return see_other("agreements.read_meeting", uid=uid)


@pages.post("/moten/beslut/<uuid:uid>/steg/<key>", needs=WRITE)
def move_decision(uid: UUID, key: str) -> flask.Response:
    """Say that a decision is done, write it off, or take it up again."""
    move, whose = DECISION.move(key), services.decisions.meeting_of(actor(), uid)
    schema = ReasonForm if move.reason else asked.DoneForm
    redraw_with(lambda problem: _meeting_page(whose, refused(f"{key}-{uid}", schema, problem)))
    services.decisions.move_decision(actor(), uid, key, **said(schema), version=read_version(request.form))
    return see_other("agreements.read_meeting", uid=whose)


def _parties(row: Meeting) -> dict[str, Options]:
    return {"present": party_options(services.meetings.owner_of(row))}


def _responsible(row: Meeting) -> dict[str, Options]:
    return {"organisation": [none(), *party_options(services.meetings.owner_of(row))]}


def _meeting_page(uid: UUID, again: Forms | None = None) -> flask.Response:
    row, again = services.meetings.read_meeting(actor(), uid), again or {}
    leads = services.meetings.may_lead(actor(), row)
    present = services.meetings.present_at(actor(), row)
    decided = services.decisions.decisions_of(actor(), row)
    carried = services.decisions.carried_to(actor(), row)
    thing = services.meetings.owner_of(row)
    ended = services.parties.has_ended(thing)
    moves = moves_for(MEETING, row, actor()) if leads else []
    forms: Forms = {move.key: Form(ReasonForm, version=row.version, ids=move.key) for move in moves if move.reason}
    if leads and row.state == MEETING.start:
        known: dict[str, Any] = {name: getattr(row, name, None) for name in asked.MinutesForm().fields}
        known["present"] = [one.organisation.uid for one in present]
        facts: dict[str, Any] = {"version": row.version, "ids": "anteckna", "options": _parties(row)}
        forms["anteckna"] = Form(asked.MinutesForm, known, **facts)
    if leads and row.state != "installt" and not ended:
        forms |= fresh(asked.DecisionForm, "beslut", _responsible(row), uid=db.new_uid())
    for one in (*decided, *carried):
        forms |= _decision_forms(one.decision, leads=leads, ended=ended)
    return page(
        "agreements/meeting.html",
        meeting=row,
        thing=thing,
        home="agreements.read_council" if isinstance(thing, Council) else "agreements.read_collaboration",
        stands=MEETING.states[row.state],
        moves=moves,
        present=present,
        decided=decided,
        carried=carried,
        leads=leads,
        forms=forms | again,
        form=next(iter(again.values()), None),
    )


def _decision_forms(decision: Any, *, leads: bool, ended: bool) -> Forms:
    if not leads and not services.keeping.acts_for(actor(), decision.organisation_id):
        return {}
    forms: Forms = {}
    for move in DECISION.moves:
        may = (leads or move.key == "gor") and not (ended and move.key == "ta_upp_igen")
        if may and decision.state in move.sources:
            ids = f"{move.key}-{decision.uid}"
            forms[ids] = Form(ReasonForm if move.reason else asked.DoneForm, version=decision.version, ids=ids)
    return forms
