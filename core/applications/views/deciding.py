"""The pages of decisions: recording one as the protocol has it, one that is recorded, and its second person."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core import access
from core.applications.models import (
    CONFIRM,
    CORRECT,
    DECIDE,
    DECISION_READ,
    GRANTS,
    HANDLE,
    MOTIVES,
    OUTCOMES,
    RETURNS,
    DecisionDraft,
    GrantDecision,
)
from core.applications.schemas.deciding import (
    LARGEST,
    MOVES,
    MoreTimeForm,
    PromiseForm,
    amount_name,
    decision_form,
)
from core.applications.services import (
    answering,
    by_measure,
    deciding,
    decision_drafts,
    decisions,
    meetings,
    promises_live,
    proposed,
)
from core.applications.services.meetings import Item
from core.applications.services.promises_live import Built
from core.applications.states import APPLICATION, DECISION
from core.applications.views.blueprint import pages
from core.db import new_uid
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import BUTTON, CONTROLS, Form, Forms, Options, read_version, refuse_others, said
from core.http.texts import translate
from core.schema import ReasonForm, Schema, fields

DRAFT = "utkast"
"""The button that keeps what is written."""
AS_PROPOSED = "forslag"
"""What the address asks for to begin from the proposal again, whatever is kept."""
SHOWN = 6
"""Applications of the meeting in the aside."""


@pages.get("/sammantraden/<uuid:uid>/beslut/<uuid:application>", needs=DECIDE)
def decide(uid: UUID, application: UUID) -> flask.Response:
    """Ask what was decided of an application, filled in as it is proposed."""
    return _decide_page(uid, application)


@pages.post("/sammantraden/<uuid:uid>/beslut/<uuid:application>", needs=DECIDE)
def record_decision(uid: UUID, application: UUID) -> flask.Response:
    """Record it; somebody else confirms it. Or keep what is written, to go on with later."""
    item = _item(uid, application)
    years = _years(item)
    schema = decision_form(years)

    def choices() -> dict[str, Options]:
        return _measures(_item(uid, application))

    def again(problem: Any) -> flask.Response:
        errors = dict(problem.fields(schema))
        wrong = errors.pop("", [])
        if problem.status == _UNREADABLE and wrong:
            errors[_first_written(years)] = wrong  # of the amounts together: told at the first that is written
        elif wrong:
            errors[""] = wrong
        return _decide_page(uid, application, Form(schema, written=request.form, errors=errors, options=choices()))

    redraw_with(again, options=choices)
    if request.form.get(BUTTON) == DRAFT:
        refuse_others(schema)
        values = {name: texts for name, texts in request.form.lists() if name not in CONTROLS}
        decision_drafts.keep(actor(), meetings.read_meeting(actor(), uid, DECIDE), item, values)
        return see_other("applications.decide", uid=uid, application=application)
    known = said(schema)
    amounts = {year: known.pop(amount_name(year)) or 0 for year in years}
    row = deciding.record(actor(), meeting=uid, application=application, amounts=amounts, **known)
    return see_other("applications.read_decision", uid=row.uid)


_UNREADABLE = 422


def _first_written(years: list[int]) -> str:
    """Return the field of the first year that an amount is written for, else that of the first year."""
    names = [amount_name(year) for year in years]
    return next((name for name in names if request.form.get(name, "").strip(" 0")), names[0])


def _item(uid: UUID, application: UUID) -> Item:
    items = meetings.items_of(actor(), meetings.read_meeting(actor(), uid, DECIDE))
    found = next((one for one in items if one.application.uid == application), None)
    if found is None:
        raise access.Missing("application", application)
    return found


def _years(item: Item) -> list[int]:
    return item.offer.years or [item.application.begun_at.year]


def _decide_page(uid: UUID, application: UUID, form: Form | None = None, filled: Forms | None = None) -> flask.Response:
    meeting = meetings.read_meeting(actor(), uid, DECIDE)
    items = meetings.items_of(actor(), meeting)
    item = next((one for one in items if one.application.uid == application), None)
    if item is None:
        raise access.Missing("application", application)
    if item.decision is not None and form is None:
        return see_other("applications.read_decision", uid=item.decision.uid)
    years = _years(item)
    draft = decision_drafts.kept(actor(), meeting, item.application) if form is None else None
    used = draft is not None and AS_PROPOSED not in request.args
    drawn = form or (_draft_form(draft, item, years) if draft and used else _proposed_form(item, years))
    left = proposed.left_in_frames(actor(), meeting.programme_id)
    waits = proposed.waiting_in(meeting.programme_id)
    before = {year: left.get(year, 0) - waits.get(year, 0) for year in years}
    built = promises_live.built_of([item.application])[item.application.id]
    holes = {f"lofte-{one.measure.uid}": _promise_form(one) for one in built if one.lacks}
    return page(
        "applications/decide.html",
        meeting=meeting,
        item=item,
        form=drawn,
        asks=drawn,
        years=[(year, drawn[amount_name(year)], before[year] - _written(drawn, year)) for year in years],
        before={amount_name(year): kronor for year, kronor in before.items()},
        draft=draft,
        used_draft=used,
        grants=GRANTS,
        built=built,
        lacking=promises_live.LACKING,
        holes=holes | (filled or {}),
        total=sum(_written(drawn, year) for year in years),
        items=_around(items, item),
        more=max(0, len(items) - SHOWN),
        state=lambda one: DECISION.states[one.decision.state] if one.decision else None,
    )


def _around(items: list[Item], item: Item) -> list[Item]:
    """Return the part of a meeting's list that stands around an application."""
    first = max(0, min(items.index(item) - SHOWN // 2, len(items) - SHOWN))
    return items[first : first + SHOWN]


def _proposed_form(item: Item, years: list[int]) -> Form:
    schema = decision_form(years)
    amounts = {amount_name(year): item.offer.proposed.get(year, 0) for year in years}
    known = {"uid": new_uid(), "outcome": item.offer.outcome or None} | amounts
    return Form(schema, schema().load_draft({}) | known, options=_measures(item))


def _measures(item: Item) -> dict[str, Options]:
    """Return the measures that a part may leave out; nothing to choose where there is but one."""
    found = answering.kept_measures(item.application)
    return {"left_out": [(str(one.uid), one.text) for one in found] if len(found) > 1 else []}


def _draft_form(draft: DecisionDraft, item: Item, years: list[int]) -> Form:
    """Return what somebody has kept, as it was written; its years may be others now."""
    asked = decision_form(years)
    known = {one.name for one in asked().describe()}
    texts = [(name, text) for name, all_of in draft.written["values"].items() if name in known for text in all_of]
    return Form(asked, written=MultiDict(texts), options=_measures(item))


def _written(form: Form, year: int) -> int:
    told = fields.Kronor().from_text(str(form[amount_name(year)].value))
    return told if isinstance(told, int) and 0 < told <= LARGEST else 0


# --- A promise with a hole ------------------------------------------------------------------------------------------


def _owners() -> dict[str, Options]:
    return {"owner": [(str(uid), name) for uid, name in promises_live.owners()]}


def _promise_form(one: Built) -> Form:
    promise = one.promise
    known: dict[str, Any] = {"first_after": 1, "every": 12}
    if promise is not None:
        known |= {name: getattr(promise, name) for name in ("standard", "first_after", "every", "cost")}
        known["owner"] = promise.owner.uid if promise.owner else None
    version = promise.version if promise else 0
    ids = f"lofte-{one.measure.uid}"
    return Form(PromiseForm, known, version=version, options=_owners(), ids=ids)


@pages.post("/sammantraden/<uuid:uid>/lofte/<uuid:measure>", needs=DECIDE)
def complete_promise(uid: UUID, measure: UUID) -> flask.Response:
    """Fill in the promise of something that is built."""
    application = promises_live.application_of(actor(), measure)

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(PromiseForm)
        name = f"lofte-{measure}"
        form = Form(PromiseForm, written=request.form, errors=errors, options=_owners(), ids=name)
        return _decide_page(uid, application, None, {name: form})

    redraw_with(again, options=_owners)
    promises_live.complete_promise(actor(), measure, version=read_version(request.form), **said(PromiseForm))
    return see_other("applications.decide", uid=uid, application=application)


# --- A decision that is recorded ------------------------------------------------------------------------------------


@pages.get("/beslut/<uuid:uid>", needs=DECISION_READ)
def read_decision(uid: UUID) -> flask.Response:
    """Show a decision, what it grants, and what its second person can do."""
    return _decision_page(uid)


ASKS: dict[str, type[Schema]] = {"aterkalla": ReasonForm, "begar_rattelse": ReasonForm}


@pages.post("/beslut/<uuid:uid>/steg/<key>", needs=DECISION_READ)
def move_decision(uid: UUID, key: str) -> flask.Response:
    """Confirm a decision, take it back, say that it is wrong, agree that it is, or let it stand."""
    if key not in MOVES:
        raise access.Missing("decision-move", key)
    schema = ASKS.get(key, Schema)

    def again(problem: Any) -> flask.Response:
        return _decision_page(uid, {key: Form(schema, written=request.form, errors=problem.fields(schema), ids=key)})

    redraw_with(again)
    known = said(schema)
    deciding.move_decision(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("applications.read_decision", uid=uid)


@pages.post("/beslut/<uuid:uid>/mer-tid", needs=HANDLE)
def give_more_time(uid: UUID) -> flask.Response:
    """Let the applicant have more time for the new plan."""

    def again(problem: Any) -> flask.Response:
        form = Form(MoreTimeForm, written=request.form, errors=problem.fields(MoreTimeForm), ids="mer_tid")
        return _decision_page(uid, {"mer_tid": form})

    redraw_with(again)
    row = decisions.read_decision(actor(), uid)
    known = said(MoreTimeForm)
    answering.more_time(actor(), row.application.uid, version=read_version(request.form), **known)
    return see_other("applications.read_decision", uid=uid)


def _decision_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    row = decisions.read_decision(actor(), uid)
    amounts = decisions.amounts_of([row])[row.id]
    keys = _open_moves(row)
    forms: Forms = {key: Form(ASKS[key], version=row.version, ids=key) for key in keys if key in ASKS}
    waits_for_plan = row.state == "bekraftad" and row.application.state == "delvis_beviljad" and row.plan_by
    if actor().may(HANDLE) and waits_for_plan:
        forms["mer_tid"] = Form(MoreTimeForm, version=row.version, ids="mer_tid")
    told = refused or {}
    names = decisions.recorders([row]) if actor().may(CONFIRM) else {}
    return page(
        "applications/decision.html",
        row=row,
        stands=DECISION.states[row.state],
        application_stands=APPLICATION.states[row.application.state],
        cannot_hold=decisions.cannot_hold(row, row.application),
        amounts=amounts,
        left_out=by_measure.left_out_of(row),
        outcomes=OUTCOMES,
        motives=MOTIVES,
        returns=RETURNS,
        moves=[(key, translate(MOVES[key])) for key in keys if key not in forms],
        labels={key: translate(text) for key, text in MOVES.items()},
        forms=forms | told,
        form=next(iter(told.values()), None),
        names=names,
        mine=row.recorded_by_id == actor().id,
        given=partial(sum, amounts.values()),
    )


def _open_moves(row: GrantDecision) -> list[str]:
    """Return what the actor can do with a decision now: never both parts of the two that it takes."""
    me = actor()
    open_now = {move.key for move in moves_for(DECISION, row, me)}
    found = []
    mine = row.recorded_by_id == me.id
    if "bekrafta" in open_now and not mine and not decisions.cannot_hold(row, row.application):
        found.append("bekrafta")
    if "ratta" in open_now and row.wrong_by_id is not None and row.wrong_by_id != me.id:
        found.append("ratta")
    if row.state == "bekraftad" and me.may(CORRECT):
        found.append("behall" if row.wrong_by_id is not None else "begar_rattelse")
    if "aterkalla" in open_now:
        found.append("aterkalla")
    return found
