"""The pages of the book: all bookings, one of them, one to propose, and what a second person does with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, none, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.i18n import N_
from core.reserve.models import ACCOUNTS, BOOKING_KINDS, PROPOSE, READ
from core.reserve.schemas import BookingFilter, CorrectionForm, ProposalForm
from core.reserve.services import book, standing
from core.reserve.services.programmes import programmes
from core.reserve.states import BOOKED, BOOKING
from core.reserve.views.blueprint import pages
from core.reserve.views.frames import choices
from core.schema import ReasonForm, Schema

SHOWN_YEARS = 12


@pages.get("/reserven/bokningar", needs=READ)
def list_bookings() -> flask.Response:
    """List the bookings, the newest first, of a programme and a year if one asks."""
    asked, wrong = read_filter(BookingFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    wish = standing.Wish(asked["satsning"], asked["ar"], asked["lage"])
    found = standing.list_bookings(actor(), wish, after=after)
    asked_for = ("satsning", "ar", "lage")
    here: dict[str, Any] = {key: request.args[key] for key in asked_for if request.args.get(key)}
    today = clock.today().year
    years = [(str(year), str(year)) for year in range(today + 3, today + 3 - SHOWN_YEARS, -1)]
    options = {"satsning": [none(N_("Alla")), *choices(programmes())], "ar": [none(N_("Alla")), *years]}
    return page(
        "reserve/bookings.html",
        status=422 if wrong else 200,
        filter=Form(BookingFilter, asked, errors=wrong, options=options),
        rows=[(row, BOOKING.states[row.booking.state]) for row in found.rows],
        kinds=BOOKING_KINDS,
        accounts=ACCOUNTS,
        year=asked["ar"] if asked["satsning"] else None,
        filtered=bool(here),
        may_propose=actor().may(PROPOSE),
        more=flask.url_for("reserve.list_bookings", **here, efter=mark(found.after)) if found.after else None,
    )


@pages.get("/reserven/bokningar/ny", needs=PROPOSE)
def new_booking() -> flask.Response:
    """Ask about more or less money in a frame."""
    known = ProposalForm().load_draft({}) | {"uid": db.new_uid(), "year": clock.today().year}
    return _new(Form(ProposalForm, known, options=_options()))


@pages.post("/reserven/bokningar/ny", needs=PROPOSE)
def propose() -> flask.Response:
    """Propose it to a second person."""

    def again(problem: Any) -> flask.Response:
        return _new(Form(ProposalForm, written=request.form, errors=problem.fields(ProposalForm), options=_options()))

    redraw_with(again)
    made = book.propose(actor(), **said(ProposalForm))
    return see_other("reserve.read_booking", uid=made.uid)


def _options() -> dict[str, list[tuple[str, str]]]:
    return {"programme": choices(programmes())}


def _new(form: Form) -> flask.Response:
    return page("reserve/booking_form.html", form=form)


@pages.get("/reserven/bokningar/<uuid:uid>", needs=READ)
def read_booking(uid: UUID) -> flask.Response:
    """Show a booking with its lines, and what one may do with it."""
    return _page(uid)


@pages.post("/reserven/bokningar/<uuid:uid>/steg/<key>", needs=READ)
def move_booking(uid: UUID, key: str) -> flask.Response:
    """Confirm a booking, turn it down or take it back."""
    asked = ReasonForm if BOOKING.move(key).reason else Schema
    redraw_with(lambda problem: _page(uid, refused(key, asked, problem)))
    book.move_booking(actor(), uid, key, version=read_version(request.form), **said(asked))
    return see_other("reserve.read_booking", uid=uid)


@pages.post("/reserven/bokningar/<uuid:uid>/ratta", needs=PROPOSE)
def correct(uid: UUID) -> flask.Response:
    """Propose a counter-entry."""
    redraw_with(lambda problem: _page(uid, refused("ratta", CorrectionForm, problem)))
    known = said(CorrectionForm)
    made = book.propose_correction(actor(), uid, uid=known["uid"], reason=known["reason"])
    return see_other("reserve.read_booking", uid=made.uid)


def _page(uid: UUID, told: Forms | None = None) -> flask.Response:
    found = standing.read_booking(actor(), uid)
    booking = found.booking
    moves = moves_for(BOOKING, booking, actor())
    shown: Forms = {move.key: Form(ReasonForm, version=booking.version, ids=move.key) for move in moves if move.reason}
    met = standing.corrections_of(actor(), booking)
    lives = any(one.state in (BOOKING.start, BOOKED) for one in met)
    if booking.state == BOOKED and booking.matter is None and actor().may(PROPOSE) and not lives:
        known = CorrectionForm().load_draft({}) | {"uid": db.new_uid()}
        shown["ratta"] = Form(CorrectionForm, known, ids="ratta")
    told = told or {}
    return page(
        "reserve/booking.html",
        found=found,
        booking=booking,
        stands=BOOKING.states[booking.state],
        kinds=BOOKING_KINDS,
        accounts=ACCOUNTS,
        moves=moves,
        met=[(one, BOOKING.states[one.state]) for one in met],
        proposed_here=booking.proposed_by_id == actor().id,
        forms=shown | told,
        form=next(iter(told.values()), None),
    )
