"""The pages of cycles: the list, a new one, one of them with its steps, its parties and what has been said."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.cooperation import services
from core.cooperation.models import AUDIENCES, MEASURE_RESULTS, PARTY_ROLES, RESULTS, Cycle, CycleEvent
from core.cooperation.models.cycles import LEAD, READ, WRITE
from core.cooperation.schemas import CommentForm, CycleFilter, CycleForm, NewCycleForm
from core.cooperation.services.cycles import START
from core.cooperation.services.lifts import lifts_about
from core.cooperation.services.pictures_shown import Picture
from core.cooperation.states import CANCELLED, CYCLE, ENDED, FORWARD, HAPPENED, LIFT, PICTURE, STEPS
from core.cooperation.views.blueprint import asked_by, asking, opening, page_with, pages, sent, spoken, step_row
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_filter, read_version, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.places import services as places
from core.roles import ROLES
from core.walks.services.reaching import organisations

TABS = {
    "": N_("Alla"),
    "initiera": N_("Initiera"),
    "lagesbild": N_("Lägesbild"),
    "prioritera": N_("Prioritera"),
    "mal": N_("Mål"),
    "genomfora": N_("Genomföra"),
    ENDED: N_("Avslutade"),
    CANCELLED: N_("Avbrutna"),
}
"""Of the list, in words so short that they fit a phone; a step in which there is nothing has none."""
LATEST = 5
"""Of what has happened, so much stands unfolded."""
ASKED = {
    "initiera": N_("Skriv in beslutet och lägg till parterna. Be sedan om deras lägesbilder."),
    "lagesbild": N_("Lämna in er egen lägesbild."),
    "prioritera": N_("Välj vad ni ska arbeta med, och pröva varför det är som det är."),
    "mal": N_("Skriv mål som går att följa upp, och bestäm vem som gör vad."),
    "genomfora": N_("Gör det ni har bestämt, och skriv vad det gav."),
    ENDED: N_("Läs vad ni har lärt er, och gå vidare med det som är kvar."),
    CANCELLED: N_("Ta upp den igen om den ändå ska göras."),
}
"""What comes next in each step."""
OPENED = N_("Läs lägesbilderna, och skriv den gemensamma.")
HANDED_IN = N_("Er del är klar. Lägesbilderna öppnas när alla har lämnat in, eller när tiden är ute.")


@pages.get("/samverkan", needs=READ)
def list_cycles() -> flask.Response:
    """List the cycles, the newest first, all or those in one step."""
    asked, wrong = read_filter(CycleFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = services.list_cycles(actor(), services.Wish(asked["visa"]), after=after)
    counts = services.count_cycles(actor())
    tabs = [
        {
            "text": translate(label),
            "href": flask.url_for("cooperation.list_cycles", visa=key or None),
            "current": key == asked["visa"],
            "count": counts.get(key) if key else sum(counts.values()),
        }
        for key, label in TABS.items()
        if key in ("", asked["visa"]) or counts[key]
    ]
    return page(
        "cooperation/cycles.html",
        status=422 if wrong else 200,
        rows=[(row, CYCLE.states[row.state]) for row in found.rows],
        tabs=tabs,
        filtered=bool(asked["visa"]),
        may_start=actor().may(START),
        more=flask.url_for("cooperation.list_cycles", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


# --- A new one ----------------------------------------------------------------------------------------------------


def _options() -> dict[str, list[tuple[str, str]]]:
    none = ("", translate(N_("Välj")))
    near = places.list_places(actor(), places.Wanted(), limit=300).rows if actor().may("places:place:read") else []
    every = [area for area, _ in places.list_areas(actor(), kind=places.DISTRICT) if _valid(area)]
    areas = [(str(area.uid), area.name) for area in places.own_areas(actor(), START) or every]
    return {
        "organisation": services.driven_by(actor()),
        "place": [none, *((str(row.uid), f"{row.name} ({row.number})") for row in near)],
        "area": [none, *sorted(areas, key=lambda pair: pair[1])],
    }


def _valid(area: Any) -> bool:
    return area.valid_to is None or area.valid_to >= clock.today()


@pages.get("/samverkan/ny", needs=START)
def new_cycle() -> flask.Response:
    """Ask about a new cycle."""
    options = _options()
    own = next((row.code for row in organisations(actor()) if row.id == actor().organisation), "")
    known = {"uid": db.new_uid(), "started_on": clock.today(), "mandate": translate(ROLES["sdn_samordnare"])}
    known |= {"organisation": own if own in dict(options["organisation"]) else ""}
    return _new(Form(NewCycleForm, NewCycleForm().load_draft({}) | known, options=options))


@pages.post("/samverkan/ny", needs=START)
def begin_cycle() -> flask.Response:
    """Begin it."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(NewCycleForm)
        return _new(Form(NewCycleForm, written=request.form, errors=errors, options=_options()))

    redraw_with(again)
    known = said(NewCycleForm)
    made = services.begin_cycle(actor(), **known)
    return see_other("cooperation.read_cycle", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("cooperation/cycle_form.html", form=form, cycle=None)


# --- One of them --------------------------------------------------------------------------------------------------


@pages.get("/samverkan/<uuid:uid>", needs=READ)
def read_cycle(uid: UUID) -> flask.Response:
    """Show a cycle: its steps, what comes next, who has handed in, what has happened and been said."""
    return _cycle_page(uid)


@pages.get("/samverkan/<uuid:uid>/andra", needs=LEAD)
def edit_cycle(uid: UUID) -> flask.Response:
    """Show the form of a cycle."""
    found = services.read_cycle(actor(), uid, LEAD)
    return page("cooperation/cycle_form.html", form=_form_of(found), cycle=found)


def _form_of(found: Cycle) -> Form:
    known = {name: getattr(found, name) for name in CycleForm().fields}
    return Form(CycleForm, known, version=found.version)


@pages.post("/samverkan/<uuid:uid>/andra", needs=LEAD)
def change_cycle(uid: UUID) -> flask.Response:
    """Save what has been changed about a cycle."""

    def again(problem: Any) -> flask.Response:
        found = services.read_cycle(actor(), uid, LEAD)
        form = Form(CycleForm, written=request.form, errors=problem.fields(CycleForm), version=found.version)
        return page("cooperation/cycle_form.html", form=form, cycle=found)

    redraw_with(again, lambda: _form_of(services.read_cycle(actor(), uid, LEAD)))
    known = said(CycleForm)
    services.change_cycle(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_cycle", uid=uid)


@pages.post("/samverkan/<uuid:uid>/steg/<key>", needs=LEAD)
def move_cycle(uid: UUID, key: str) -> flask.Response:
    """Take a cycle a step on, or back."""
    known = sent(partial(_cycle_page, uid), key, asked_by(CYCLE.move(key)))
    services.move_cycle(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("cooperation.read_cycle", uid=uid)


@pages.post("/samverkan/<uuid:uid>/kommentarer", needs=WRITE)
def comment(uid: UUID) -> flask.Response:
    """Say something about a cycle."""
    services.comment(actor(), uid, **sent(partial(_cycle_page, uid), "kommentar", CommentForm))
    return see_other("cooperation.read_cycle", uid=uid)


def _cycle_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = services.read_cycle(actor(), uid)
    moves = moves_for(CYCLE, found, actor())
    parties = services.parties_of(actor(), found)
    own = services.own_party(actor(), found)
    mine = services.own_picture(actor(), found) if own else None
    forms = asking(moves, found)
    if own is not None:
        empty = {"uid": db.new_uid(), "text": "", "audience": "alla"}
        forms["kommentar"] = Form(CommentForm, empty, ids="kommentar")
    return page_with(
        "cooperation/cycle.html",
        forms,
        refused,
        cycle=found,
        stands=CYCLE.states[found.state],
        steps=step_row(found),
        number=STEPS.index(found.state) + 1 if found.state in STEPS else None,
        asked=_asked(found, mine),
        left=services.gates.left_before(actor(), found) if own or moves else [],
        on=next((move for move in moves if move.key in FORWARD), None),
        back=[move for move in moves if move.key not in FORWARD],
        parties=[(one, PICTURE.states.get(one.state)) for one in services.handed_in(actor(), found, parties)],
        roles=PARTY_ROLES,
        own=own,
        mine=mine,
        is_open=services.is_open(found),
        opening=opening(found),
        leads=services.reaches(actor(), found, LEAD),
        reads_place=services.reads_place(actor(), found),
        may_follow=found.state == ENDED,
        latest=LATEST,
        events=[_told(event) for event in services.events_of(actor(), found)],
        comments=services.comments_of(actor(), found),
        carried=services.carried(actor(), found),
        following=services.next_of(actor(), found),
        results=RESULTS,
        measure_results=MEASURE_RESULTS,
        audiences=AUDIENCES,
        lifted=[(one, LIFT.states[one.lift.state]) for one in lifts_about(actor(), cycle=found)],
    )


def _asked(found: Cycle, mine: Picture | None) -> str | None:
    """Return what comes next; of pictures it hangs on whether they are open, and on whether one's own is in."""
    if found.state != "lagesbild":
        return ASKED.get(found.state)
    if services.is_open(found):
        return OPENED
    return HANDED_IN if mine is not None and mine.report.state != PICTURE.start else ASKED[found.state]


def _told(event: CycleEvent) -> dict[str, Any]:
    """Return a line about what happened: what, by whom, and why."""
    numbers = {key: number for number, key in enumerate((*STEPS, ENDED), 1)}
    facts = {"source": numbers.get(event.source, ""), "target": numbers.get(event.target, "")}
    what = translate(HAPPENED[event.kind]).format(about=event.about.name if event.about else "", **facts)
    who = event.organisation.name if event.organisation else ""
    told = {"text": what, "sub": ", ".join(filter(None, (spoken(event.at), who)))}
    return told | ({"after": event.reason} if event.reason else {})
