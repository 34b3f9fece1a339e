"""The pages of assessing: one's own assessment, what all say together with the proposal, and jäv."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, db
from core.applications.models import (
    ASSESS,
    ASSESSED,
    ASSESSORS,
    ASSIGN,
    HANDLE,
    OUTCOMES,
    POINTS,
    RECOMMENDATIONS,
    Application,
    Assessment,
)
from core.applications.schemas import assessing as asked
from core.applications.schemas.assessing import AssignForm, PartialityForm
from core.applications.services import applications, assessing, eligible, partiality, proposing, rounds
from core.applications.services.amounts import outcome, proposed_by_year, sought_by_year
from core.applications.services.partiality import DECLARE
from core.applications.states import APPLICATION, ASSESSMENT
from core.applications.views.blueprint import asked_by, pages, taken_at
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import BUTTON, Form, Forms, fresh, none, read_version, refused, said
from core.http.texts import translate
from core.i18n import N_, Text
from core.schema import ReasonForm

taken_at("/bedomningar", "lamna_forslag")
HAND_IN, REWRITE = "lamna_in", "skriv_om"
STEPS = (REWRITE, "aterkalla", "tilldela_igen")
"""Steps that have a button of their own: to hand in saves the form, and jäv is declared on its own page."""


# --- One's own ----------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/<uuid:uid>/bedomning", needs=ASSESS)
def read_assessment(uid: UUID) -> flask.Response:
    """Show one's own assessment of an application, to be written while it is not handed in."""
    return _own_page(uid)


@pages.post("/ansokningar/<uuid:uid>/bedomning", needs=ASSESS)
def write_assessment(uid: UUID) -> flask.Response:
    """Save one's own assessment as a draft, or hand it in."""
    sheet = assessing.own_sheet(actor(), uid)
    schema = asked.assessment_form(sheet.criteria)

    def again(problem: Any) -> flask.Response:
        return _own_page(uid, Form(schema, written=request.form, errors=problem.fields(schema)))

    redraw_with(again, lambda: _own_form(assessing.own_sheet(actor(), uid)))
    known = said(schema)
    scores = asked.scores_of(sheet.criteria, known)
    words = {"recommendation": known["recommendation"], "summary": known["summary"]}
    row = assessing.write_assessment(actor(), uid, scores=scores, version=read_version(request.form), **words)
    if request.form.get(BUTTON) == HAND_IN:
        assessing.move_assessment(actor(), row.uid, HAND_IN)
    return see_other("applications.read_assessment", uid=uid)


def _own_form(sheet: assessing.Sheet) -> Form:
    known: dict[str, Any] = {"recommendation": sheet.row.recommendation, "summary": sheet.row.summary}
    for key, score in sheet.scores.items():
        known[key + asked.POINTS_OF] = "" if score.points is None else str(score.points)
        known[key + asked.WHY_OF] = score.why
    return Form(asked.assessment_form(sheet.criteria), known, version=sheet.row.version)


def _own_page(uid: UUID, form: Form | None = None, rewrite: Form | None = None) -> flask.Response:
    application = applications.read_application(actor(), uid)
    if (left := assessing.put_aside(actor(), uid)) is not None:
        looks = ASSESSMENT.states[left.state]
        return page("applications/put_aside.html", application=application, stands=looks, jav=left.state == "jav")
    sheet = assessing.own_sheet(actor(), uid)
    writes = sheet.row.state == ASSESSMENT.start and application.state == assessing.ASSESSED_IN
    if sheet.row.state == "inlamnad" and not assessing.is_open(application):
        rewrite = rewrite or Form(ReasonForm, version=sheet.row.version, ids=REWRITE)
    return page(
        "applications/assessment.html",
        application=application,
        sheet=sheet,
        form=form or _own_form(sheet),
        writes=writes,
        stands=ASSESSMENT.states[sheet.row.state],
        points_of=asked.POINTS_OF,
        why_of=asked.WHY_OF,
        points=POINTS,
        recommendations=RECOMMENDATIONS,
        weights={one.key + asked.POINTS_OF: one.weight for one in sheet.criteria if not one.gate},
        hand_in=HAND_IN,
        rewrite=rewrite,
        is_open=assessing.is_open(application),
    )


@pages.post("/bedomningar/<uuid:uid>/steg/<key>", needs=ASSESSED)
def move_assessment(uid: UUID, key: str) -> flask.Response:
    """Write an assessment again, take an assignment back, or give it again."""
    if key not in STEPS:
        raise access.Missing("assessment-move", key)
    move = ASSESSMENT.move(key)
    row = access.find(Assessment, uid, actor(), move.needs)
    about = db.session().get_one(Application, row.application_id).uid
    ids = key if move.needs == ASSESS else f"{key}-{uid}"
    redraw_with(lambda problem: _page_of(about, move.needs, refused(ids, ReasonForm, problem)))
    known = said(ReasonForm)
    assessing.move_assessment(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("applications.read_assessment" if move.needs == ASSESS else "applications.prepare", uid=about)


def _page_of(uid: UUID, needs: str, told: Forms) -> flask.Response:
    return _own_page(uid, rewrite=told[REWRITE]) if needs == ASSESS else prepare_page(uid, told)


# --- All together -------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/<uuid:uid>/bedomningar", needs=ASSESSED)
def prepare(uid: UUID) -> flask.Response:
    """Show who assesses an application, what they say when all are in, and what is proposed."""
    return prepare_page(uid)


@pages.post("/ansokningar/<uuid:uid>/bedomningar", needs=ASSIGN)
def assign(uid: UUID) -> flask.Response:
    """Ask somebody to assess it."""
    redraw_with(lambda problem: prepare_page(uid, refused("utse", AssignForm, problem, _who(uid))))
    assessing.assign(actor(), uid, **said(AssignForm))
    return see_other("applications.prepare", uid=uid)


@pages.post("/ansokningar/<uuid:uid>/bedomningar/not/<key>", needs=ASSESS)
def write_note(uid: UUID, key: str) -> flask.Response:
    """Write what the assessors say together of a criterion where they lie apart."""
    application = applications.read_application(actor(), uid)
    gates = {one.key for one in assessing.criteria_for(application.id) if one.gate}
    schema = asked.GateNoteForm if key in gates else asked.NoteForm
    redraw_with(lambda problem: prepare_page(uid, refused(f"not-{key}", schema, problem)))
    known = said(schema)
    points = int(known["points"]) if known["points"] else None
    proposing.write_note(actor(), uid, key, text=known["text"], points=points)
    return see_other("applications.prepare", uid=uid)


@pages.post("/ansokningar/<uuid:uid>/bedomningar/forslag", needs=HANDLE)
def propose(uid: UUID) -> flask.Response:
    """Propose what it gets each year; nothing at all refuses it."""
    application = applications.read_application(actor(), uid)
    schema = asked.proposal_form(sought_by_year([application.id]).get(application.id, {}))
    redraw_with(lambda problem: prepare_page(uid, refused("forslag", schema, problem)))
    amounts = asked.amounts_of(said(schema))
    proposing.propose(actor(), uid, amounts=amounts, version=read_version(request.form))
    return see_other("applications.prepare", uid=uid)


@pages.post("/ansokningar/<uuid:uid>/bedomningar/steg/<key>", needs=HANDLE)
def move_prepared(uid: UUID, key: str) -> flask.Response:
    """Hand in the proposal, or take it back to be assessed again."""
    if key not in ("lamna_forslag", "bedom_igen"):
        flask.abort(404)
    schema = asked_by(APPLICATION.move(key))
    redraw_with(lambda problem: prepare_page(uid, refused(key, schema, problem)))
    known = said(schema)
    applications.move_application(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("applications.prepare", uid=uid)


def _who(uid: UUID) -> dict[str, Any]:
    """Return who may be asked; of the others, why not."""
    application = applications.read_application(actor(), uid, ASSIGN)
    found = [none(N_("Välj"))]
    for one in eligible.candidates(actor(), application):
        told = f"{one.name} ({translate(one.why)})" if one.why else one.name
        found.append((str(one.uid), told))
    return {"person": found}


def prepare_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    """Draw how an application is prepared, with the form that was refused."""
    application = applications.read_application(actor(), uid)
    who = assessing.assessors(actor(), application)
    stand = proposing.stand_of(actor(), application)
    sought = sought_by_year([application.id]).get(application.id, {})
    proposed = proposed_by_year([application.id]).get(application.id)
    moves = [one for one in moves_for(APPLICATION, application, actor()) if one.key in ("lamna_forslag", "bedom_igen")]
    aside = partiality.stands_aside(actor().id, application)
    is_prepared = application.state in ("under_bedomning", "forslag") and not aside
    round_ = rounds.read_round(actor(), application.round.uid) if application.round is not None else None
    changes = is_prepared and (round_ is None or round_.state != "fryst")
    forms: Forms = {}
    if changes and application.state == assessing.ASSESSED_IN and actor().may(ASSIGN):
        if sum(one.state in assessing.COUNT for one in who) < ASSESSORS:
            forms |= fresh(AssignForm, "utse", _who(uid))
        for one in who:
            again = {"tilldelad": "aterkalla", "jav": "tilldela_igen", "aterkallad": "tilldela_igen"}.get(one.state)
            if again:
                forms[f"{again}-{one.uid}"] = Form(ReasonForm, version=one.version, ids=f"{again}-{one.uid}")
    if changes and actor().may(HANDLE):
        version = round_.version if round_ is not None else None
        known = {f"{asked.YEAR_OF}{year}": (proposed or {}).get(year) for year in sought}
        forms["forslag"] = Form(asked.proposal_form(sought), known, version=version, ids="forslag")
    forms |= _notes(stand) if changes else {}
    forms |= {one.key: Form(ReasonForm, version=application.version, ids=one.key) for one in moves if one.reason}
    forms |= told or {}
    return page(
        "applications/prepare.html",
        form=next(iter((told or {}).values()), None),
        forms=forms,
        application=application,
        round=round_,
        stands=APPLICATION.states[application.state],
        who=[(one, ASSESSMENT.states[one.state]) for one in who],
        stand=stand,
        sealed=bool(who) and not stand.sheets,
        aside=aside,
        sought=sought,
        proposed=proposed,
        outcome=outcome(sought, proposed),
        outcomes=OUTCOMES,
        moves=moves,
        own=any(one.person == actor().id and one.state in assessing.COUNT for one in who),
        recommendations=RECOMMENDATIONS,
    )


def _notes(stand: proposing.Stand) -> Forms:
    """Return a form for each criterion where the assessors lie apart, for those two."""
    if actor().id not in {sheet.row.person_id for sheet in stand.sheets} or stand.verdict is None:
        return {}
    gates = {one.key for one in stand.sheets[0].criteria if one.gate}
    forms: Forms = {}
    for key in stand.verdict.apart:
        row = stand.notes.get(key)
        points = str(row.points) if row is not None and row.points is not None else ""
        known = {"text": row.text if row is not None else "", "points": points}
        forms[f"not-{key}"] = Form(asked.GateNoteForm if key in gates else asked.NoteForm, known, ids=f"not-{key}")
    return forms


# --- Jäv ----------------------------------------------------------------------------------------------------------


@pages.get("/jav", needs=DECLARE)
def list_partialities() -> flask.Response:
    """Show what one stands aside from, and ask for more."""
    return _jav_page()


@pages.post("/jav", needs=DECLARE)
def declare() -> flask.Response:
    """Say that one stands aside from an application, or from all of a board's."""
    redraw_with(lambda problem: _jav_page(refused("jav", PartialityForm, problem, _to_choose())))
    partiality.declare(actor(), **said(PartialityForm))
    return see_other("applications.list_partialities")


@pages.post("/jav/<uuid:uid>/avsluta", needs=DECLARE)
def end_partiality(uid: UUID) -> flask.Response:
    """Say that one stands aside no longer."""
    redraw_with(lambda problem: _jav_page(refused(f"avsluta-{uid}", ReasonForm, problem)))
    partiality.end_partiality(actor(), uid, **said(ReasonForm))
    return see_other("applications.list_partialities")


def _to_choose() -> dict[str, Any]:
    nothing = none(N_("Välj"))
    return {
        "application": [nothing, *partiality.applications_to_choose(actor())],
        "organisation": [nothing, *rounds.boards()],
    }


def _jav_page(told: Forms | None = None) -> flask.Response:
    rows = partiality.list_partialities(actor())
    options = _to_choose()
    chosen = request.args.get("ansokan", "")
    known: dict[str, Any] = {"uid": db.new_uid()}
    if chosen in dict(options["application"]) and chosen:
        known["application"] = UUID(chosen)
    forms = fresh(PartialityForm, "jav", options, **known)
    for row, _ in rows:
        if row.person_id == actor().id and row.ended_at is None:
            forms[f"avsluta-{row.uid}"] = Form(ReasonForm, ids=f"avsluta-{row.uid}")
    mine = [(row, one) for row, one in rows if row.person_id == actor().id]
    return page(
        "applications/partialities.html",
        forms=forms | (told or {}),
        form=next(iter((told or {}).values()), None),
        mine=mine,
        others=[(row, one) for row, one in rows if row.person_id != actor().id],
        about=_about,
    )


def _about(row: Any, application: Application | None) -> str:
    """Return from what somebody stands aside; an application that the reader does not reach is not named."""
    if row.organisation is not None:
        return translate(Text(N_("Allt som {board} söker för"), board=row.organisation.name))
    return f"{application.number} {application.title}" if application else translate(N_("En ansökan"))
