"""The pages of meetings: the list, a new one, one of them with its list of applications, many decisions in one go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.applications.models import CONFIRM, DECIDE, OUTCOMES, ROUND_READ, BodyMeeting
from core.applications.schemas.deciding import AdjustForm, ManyForm, MeetingForm, SureForm
from core.applications.services import (
    by_order,
    deciding,
    decisions,
    many_decisions,
    meetings,
    partiality,
    proposed,
)
from core.applications.services.many_decisions import Foreseen
from core.applications.services.meetings import Item
from core.applications.states import DECISION, MEETING
from core.applications.views.blueprint import asked_by, pages
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other, undoes
from core.http.forms import BUTTON, Form, Forms, Options, read_version, refuse_others, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_, Text
from core.schema import Invalid, ListFilter, ReasonForm

WAITS = 20
IN_AN_ADDRESS = 80
"""How many of those that are chosen in one go there is room for in an address."""
TRIED = many_decisions.Wish("1", motive="ram_slut", motive_text="–", partial_text="–")
"""What is said while the chosen are only looked at, so that what lacks is told and not what is still to be written."""


@pages.get("/sammantraden", needs=ROUND_READ)
def list_meetings() -> flask.Response:
    """List meetings, the latest first; on top what waits for the reader as the second person."""
    after: Any = place(request.args.get("efter"), date.fromisoformat, int)
    found = meetings.list_meetings(actor(), after=after)
    return page(
        "applications/meetings.html",
        rows=[(row, n, waits, MEETING.states[row.state]) for row, n, waits in found.rows],
        waiting=decisions.to_confirm(actor(), WAITS),
        may_record=actor().may(DECIDE),
        more=flask.url_for("applications.list_meetings", efter=mark(found.after)) if found.after else None,
    )


@pages.get("/sammantraden/nytt", needs=DECIDE)
def new_meeting() -> flask.Response:
    """Ask which round, and on which day."""
    known = MeetingForm().load_draft({}) | {"uid": db.new_uid()}
    return page("applications/meeting_form.html", form=Form(MeetingForm, known, options=_rounds()))


@pages.post("/sammantraden/nytt", needs=DECIDE)
def add_meeting() -> flask.Response:
    """Plan the meeting."""

    def again(problem: Any) -> flask.Response:
        form = Form(MeetingForm, written=request.form, errors=problem.fields(MeetingForm), options=_rounds())
        return page("applications/meeting_form.html", form=form)

    redraw_with(again)
    made = meetings.add_meeting(actor(), programme=None, **said(MeetingForm))
    return see_other("applications.read_meeting", uid=made.uid)


def _rounds() -> dict[str, Options]:
    found = meetings.rounds_to_decide(actor())
    named = translate(N_("{programme} {year}, omgång {number}"))
    return {
        "of_round": [
            (str(one.uid), named.format(programme=one.programme.name, year=one.year, number=one.number))
            for one in found
        ]
    }


@pages.get("/sammantraden/<uuid:uid>", needs=ROUND_READ)
def read_meeting(uid: UUID) -> flask.Response:
    """Show a meeting with its list of applications, what is proposed and what was decided."""
    return _meeting_page(uid)


@pages.post("/sammantraden/<uuid:uid>/steg/<key>", needs=DECIDE)
def move_meeting(uid: UUID, key: str) -> flask.Response:
    """Note that the meeting was held, that its minutes are confirmed, or that it was called off."""
    step = MEETING.move(key)
    schema = AdjustForm if key == "justera" else asked_by(step)

    def again(problem: Any) -> flask.Response:
        form = Form(schema, written=request.form, errors=problem.fields(schema), ids=key)
        return _meeting_page(uid, {key: form})

    redraw_with(again)
    meetings.move_meeting(actor(), uid, key, version=read_version(request.form), **said(schema))
    return see_other("applications.read_meeting", uid=uid)


def _meeting_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = meetings.read_meeting(actor(), uid)
    items = meetings.items_of(actor(), found)
    moves = moves_for(MEETING, found, actor())
    forms: Forms = {
        move.key: Form(ReasonForm, version=found.version, ids=move.key)
        for move in moves
        if move.reason and move.key != "justera"
    }
    if any(move.key == "justera" for move in moves):
        today = {"adjusted_on": clock.today()}
        forms["justera"] = Form(AdjustForm, today, version=found.version, ids="justera")
    given = decisions.amounts_of(one.decision for one in items if one.decision)
    told = refused or {}
    is_open = {one.application.id for one in items if by_order.is_open(one.application.round)}
    may_record = actor().may(DECIDE) and found.state in deciding.HELD
    return page(
        "applications/meeting.html",
        meeting=found,
        stands=MEETING.states[found.state],
        items=[(one, _amounts(one, given), _state(one)) for one in items],
        outcomes=OUTCOMES,
        moves=moves,
        forms=forms | told,
        form=next(iter(told.values()), None),
        records={one.application.id for one in items if not one.decision} - is_open if may_record else set(),
        open_order=is_open,
        mine=_to_confirm(items),
        waits=sum(1 for one in items if one.decision and one.decision.state == DECISION.start),
        left=sum(1 for one in items if one.decision is None and one.elsewhere is None),
    )


def _to_confirm(items: Iterable[Item]) -> set[int]:
    """Return the applications of which the actor can be the second person: of none with one's own jäv."""
    asked = {one.application.id for one in items if _may_confirm(one)}
    return asked - partiality.aside_among(actor().id, asked)


def _may_confirm(one: Item) -> bool:
    row = one.decision
    if row is None or row.state != DECISION.start or row.recorded_by_id == actor().id:
        return False
    return actor().may(CONFIRM) and not decisions.cannot_hold(row, one.application)


def _amounts(one: Item, given: dict[int, dict[int, int]]) -> tuple[int, int | None, int | None]:
    """Return what is sought, proposed and decided, in kronor of all years."""
    decided = sum(given[one.decision.id].values()) if one.decision else None
    proposal = sum(one.offer.proposed.values()) if one.offer.known else None
    return sum(one.offer.sought.values()), proposal, decided


def _state(one: Item) -> Any:
    return DECISION.states[one.decision.state] if one.decision else None


# --- Many in one go -----------------------------------------------------------------------------------------------


def _look(endpoint: str, uid: UUID) -> flask.Response | None:
    """Lead to the page that shows the chosen, which can be gone back to; None when they are too many for an address."""
    chosen = request.form.getlist("vald")
    return see_other(endpoint, uid=uid, vald=chosen) if len(chosen) <= IN_AN_ADDRESS else None


@pages.get("/sammantraden/<uuid:uid>/flera", needs=DECIDE)
@undoes
def foresee_many(uid: UUID) -> flask.Response:
    """Show what would be recorded of the chosen, each as it is proposed."""
    found = meetings.read_meeting(actor(), uid, DECIDE)
    return _many_page(found, many_decisions.foresee(actor(), found, _ticked(), TRIED))


@pages.post("/sammantraden/<uuid:uid>/flera", needs=DECIDE)
def record_many(uid: UUID) -> flask.Response:
    """Record all of the chosen, each as it is proposed; or look first at what would be recorded."""
    if request.form.get(BUTTON) != "skriv_in":
        refuse_others(ManyForm)
        return _look("applications.foresee_many", uid) or foresee_many(uid)
    found = meetings.read_meeting(actor(), uid, DECIDE)

    def again(problem: Any) -> flask.Response:
        form = Form(ManyForm, written=request.form, errors=problem.fields(ManyForm))
        again_found = meetings.read_meeting(actor(), uid, DECIDE)  # nothing is tried: this is drawn without writing
        return _many_page(again_found, many_decisions.chosen(actor(), again_found, _ticked(), TRIED), form)

    redraw_with(again)
    known = said(ManyForm)
    applications = known.pop("vald")
    if not many_decisions.record_all(actor(), found, applications, many_decisions.Wish(**known)):
        raise Invalid({"": [N_("Välj ansökningar i listan först.")]})
    return see_other("applications.read_meeting", uid=uid)


class _Ticked(ListFilter):
    """What was ticked."""

    vald = ManyForm._declared_fields["vald"]  # noqa: SLF001 - marshmallow's own table


def _chosen() -> list[str]:
    """Return what was ticked, in the form or in the address. Raises Invalid for more than a list holds."""
    chosen = request.values.getlist("vald")
    if len(chosen) > meetings.MOST:
        raise Invalid(
            {"": [Text(N_("Du har valt {n}. Välj högst {most} åt gången."), n=len(chosen), most=meetings.MOST)]}
        )
    return chosen


def _ticked() -> list[UUID]:
    """Return what was ticked; what cannot be read was not."""
    return [UUID(text) for text in _chosen() if not _Ticked().validate({"vald": [text]})]


def _many_page(found: BodyMeeting, seen: list[Foreseen], form: Form | None = None) -> flask.Response:
    going = [one for one in seen if not one.refusals]
    drafted = ManyForm().load_draft({"vald": [str(one.item.application.uid) for one in going]})
    return page(
        "applications/many_decisions.html",
        meeting=found,
        seen=seen,
        going=going,
        outcomes=OUTCOMES,
        form=form or Form(ManyForm, drafted),
        left=_left_after(found, (one.amounts for one in going)),
    )


def _left_after(found: BodyMeeting, amounts: Iterable[proposed.Amounts], *, waiting: bool = True) -> Any:
    """Return, for each year, what remains of the frame now, what goes, and what remains after."""
    left = proposed.left_in_frames(actor(), found.programme_id)
    waits = proposed.waiting_in(found.programme_id) if waiting else {}
    goes: dict[int, int] = {}
    for given in amounts:
        for year, kronor in given.items():
            goes[year] = goes.get(year, 0) + kronor
    return [
        (year, left.get(year, 0), waits.get(year, 0), goes.get(year, 0))
        for year in sorted({*goes, *(year for year in left if left[year] and year >= found.held_on.year)})
    ]


@pages.get("/sammantraden/<uuid:uid>/bekrafta", needs=CONFIRM)
@undoes
def foresee_confirmed(uid: UUID) -> flask.Response:
    """Show what would hold of the chosen decisions, and what remains of the frames."""
    return _sure_page(uid, _seen())


@pages.post("/sammantraden/<uuid:uid>/bekrafta", needs=CONFIRM)
def confirm_many(uid: UUID) -> flask.Response:
    """Let all of the chosen decisions hold; or look first at what would hold."""
    refuse_others(SureForm)
    versions = _seen()
    if request.form.get(BUTTON) == "bekrafta":
        found = meetings.read_meeting(actor(), uid)
        redraw_with(lambda problem: _sure_page(uid, versions, problem))
        deciding.confirm_all(actor(), versions)
        return see_other("applications.read_meeting", uid=found.uid)
    return _look("applications.foresee_confirmed", uid) or _sure_page(uid, versions)


def _seen() -> dict[UUID, int | None]:
    """Return which decisions were ticked, with the version that was seen of each."""
    found: dict[UUID, int | None] = {}
    for text in _chosen():
        name, _, version = text.partition(".")
        if not _Ticked().validate({"vald": [name]}) and version.isdecimal() and len(version) < 10:  # noqa: PLR2004
            found[UUID(name)] = int(version)
    return found


def _sure_page(uid: UUID, versions: dict[UUID, int | None], problem: Any = None) -> flask.Response:
    of_it = decisions.of_meeting(actor(), meetings.read_meeting(actor(), uid))
    refusals = _refusals({one.uid: versions[one.uid] for one in of_it if one.uid in versions}) if not problem else []
    found = meetings.read_meeting(actor(), uid)  # what is shown is read when what was tried is undone
    rows = [one for one in decisions.of_meeting(actor(), found) if one.uid in versions]
    amounts = decisions.amounts_of(rows)
    form = Form(SureForm, {"vald": [f"{one.uid}.{versions[one.uid]}" for one in rows]})
    if problem is not None:
        form = Form(SureForm, written=request.form, errors=problem.fields(SureForm))
    elif refusals:
        form = Form(SureForm, written=request.values, errors={"": refusals})
    return page(
        "applications/confirm_many.html",
        meeting=found,
        rows=[(row, sum(amounts[row.id].values())) for row in rows],
        outcomes=OUTCOMES,
        form=form,
        left=_left_after(found, amounts.values(), waiting=False),
    )


def _refusals(versions: dict[UUID, int | None]) -> list[str]:
    """Return what would stand in the way of letting the decisions hold: it is done, looked at and undone."""
    return [translate(text) for text in many_decisions.in_the_way(actor(), versions)]
