"""The pages of applications: the list, a new one, and one of them as a list of its parts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.applications.documents import LIST
from core.applications.models import (
    READ,
    WRITE,
    ApplicationEvent,
    Round,
)
from core.applications.parts import GROUPS, PARTS
from core.applications.schemas import ApplicationFilter
from core.applications.schemas.parts import NewApplicationForm
from core.applications.services import applications, moving, summary
from core.applications.services.rounds import closes_words
from core.applications.states import APPLICATION
from core.applications.views.blueprint import TAKEN_AT, context_of, pages, stands, ways_from
from core.applications.views.next_step import next_step
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, none, read_filter, said
from core.http.paging import mark, place, state_tabs
from core.http.texts import moment, translate
from core.i18n import N_, Text
from core.people.models import Organisation
from core.reserve.services import programmes

HAPPENED = {
    "begunnen": N_("Påbörjad"),
    "byt_omgang": N_("Omgång bytt"),
    "fraga_tillbaka": N_("Frågan till en nämnd togs tillbaka"),
    "lamnat": N_("En medsökande lämnade ansökan"),
    "medsokande": N_("En medsökande bjöds in"),
    "medsokande_ja": N_("En medsökande tackade ja"),
    "medsokande_nej": N_("En medsökande tackade nej"),
    "namndbeslut": N_("Nämndens beslut inskrivet i efterhand"),
}
"""What can have happened beside the moves."""


@pages.get("/ansokningar", needs=READ)
def list_applications() -> flask.Response:
    """List the applications that one reaches, the newest first, all or those in one state."""
    asked, wrong = read_filter(ApplicationFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = applications.list_applications(actor(), applications.Wish(asked["visa"]), after=after)
    counts = applications.count_applications(actor())
    named = {key: APPLICATION.states[key].label for key in counts}
    return page(
        "applications/applications.html",
        status=422 if wrong else 200,
        rows=[(row, stands(row)) for row in found.rows],
        may_begin=actor().may(WRITE),
        tabs=state_tabs("applications.list_applications", named, counts, asked["visa"], applications.COUNTED),
        filtered=bool(asked["visa"]),
        wanted={"kind": LIST, "subject": str(actor().uid), "format": "xlsx", "visa": asked["visa"]},
        more=flask.url_for("applications.list_applications", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


# --- A new one ----------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/ny", needs=WRITE)
def new_application() -> flask.Response:
    """Ask for the least that an application needs."""
    boards, named = applications.applies_for(actor()), programmes.programmes()
    known: dict[str, Any] = {"uid": db.new_uid()}
    home = db.session().get(Organisation, actor().organisation) if actor().organisation else None
    mine = next((code for code, _ in boards if home is not None and code == home.code), None)
    known |= {"organisation": mine or (boards[0][0] if len(boards) == 1 else None)}
    known |= {"programme": named[0].uid} if named else {}
    rounds = applications.open_rounds()
    known |= {"in_round": rounds[0].uid} if len(rounds) == 1 else {}
    return _new(Form(NewApplicationForm, NewApplicationForm().load_draft({}) | known, options=_choices()))


@pages.post("/ansokningar/ny", needs=WRITE)
def begin_application() -> flask.Response:
    """Begin it, and go on to its parts."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(NewApplicationForm)
        return _new(Form(NewApplicationForm, written=request.form, errors=errors, options=_choices()))

    redraw_with(again)
    made = applications.begin_application(actor(), **said(NewApplicationForm))
    return see_other("applications.read_application", uid=made.uid)


def _choices() -> dict[str, Any]:
    rounds = [(str(row.uid), _named(row)) for row in applications.open_rounds()]
    return {
        "organisation": applications.applies_for(actor()),
        "programme": [(str(row.uid), row.name) for row in programmes.programmes()],
        "in_round": [none(N_("Utan omgång, sparas")), *rounds],
    }


def _named(found: Round) -> str:
    at = closes_words(found)
    words = N_("{programme}, omgång {number} {year}, sista dag {at}")
    about = {"programme": found.programme.name, "number": found.number, "year": found.year}
    return translate(Text(words, **about, at=at))


def _new(form: Form) -> flask.Response:
    return page("applications/new.html", form=form)


# --- One of them --------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/<uuid:uid>", needs=READ)
def read_application(uid: UUID) -> flask.Response:
    """Show an application as the list of its parts, with what comes next and what has happened."""
    found = applications.read_application(actor(), uid)
    told = context_of(found)
    open_now = moves_for(APPLICATION, found, actor())
    events = applications.events_of(actor(), found)
    return page(
        "applications/application.html",
        **told,
        groups=[
            (label, [(PARTS[key], one) for key, one in told["summary"].items() if PARTS[key].group == group])
            for group, label in GROUPS.items()
        ],
        step=next_step(found, told["summary"], told["coach"], open_now, events),
        moves=[move for move in open_now if move.key in TAKEN_AT],
        taken_at=TAKEN_AT,
        ways=ways_from(found),
        parties=applications.parties_of(found),
        events=[_happened(one) for one in events],
        closes=summary.last_day(found),
        may_change_round=moving.may_change_round(actor(), found),
    )


def _happened(one: ApplicationEvent) -> dict[str, Any]:
    """Return an event as a line: what, by whom, when, why."""
    labels = {move.key: move.happened for move in APPLICATION.moves}
    by = one.person.name if one.person else one.organisation.name if one.organisation else ""
    said_ = " ".join(filter(None, [", ".join(filter(None, [moment(one.at), by])), one.reason and f"– {one.reason}"]))
    return {"text": translate(labels.get(one.kind) or HAPPENED.get(one.kind, one.kind)), "sub": said_}
