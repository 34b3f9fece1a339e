"""The page of a grant that is carried out: how far it has come, its money, and what is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.applications.models import WRITE, Application
from core.applications.services import applications
from core.applications.states import APPLICATION, GRANTED_STATES, UNDERWAY
from core.applications.views.blueprint import leads, taken_at
from core.flow import moves_for
from core.followup.models import ASK, CLAIM, FORECAST, READ
from core.followup.schemas.money import (
    BindForm,
    CarryForm,
    ClaimForm,
    FinishedForm,
    ForecastForm,
    HandBackForm,
    MilestoneForm,
    ProgressForm,
    ProjectForm,
    ReallocationForm,
)
from core.followup.services import carrying_out, carrying_over, claims, moving_money, outturn
from core.followup.services.money import years_of
from core.followup.states import CARRY_OVER, CLAIMS, REALLOCATION
from core.followup.views.blueprint import pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, none, read_version, refused, said
from core.i18n import N_, Text, counted
from core.schema import ReasonForm, Schema

MOVES = ("starta", "pausa", "fortsatt", "fardigstall", "ratta_fardig", "avbryt")
"""The moves of an application that are made on this page."""
taken_at("/genomforande", *MOVES)
TITLES = {
    "rekvisition": N_("Skriv en rekvisition"),
    "bindning": N_("Skriv in ett avtal som binder pengar"),
    "prognos": N_("Skriv en ny prognos"),
    "ombudgetering": N_("Begär ombudgetering till ett senare år"),
    "omdisponering": N_("Begär att använda pengar till något annat"),
    "aterlamning": N_("Lämna tillbaka pengar som blir över"),
}
ASKED: dict[str, tuple[type[Schema], str, Callable[..., Any]]] = {
    "rekvisition": (ClaimForm, CLAIM, claims.add_claim),
    "bindning": (BindForm, FORECAST, outturn.bind),
    "prognos": (ForecastForm, FORECAST, outturn.foresee),
    "ombudgetering": (CarryForm, ASK, carrying_over.ask),
    "omdisponering": (ReallocationForm, ASK, moving_money.ask),
    "aterlamning": (HandBackForm, ASK, moving_money.hand_back),
}
"""What is asked on this page about a grant's money: the form, the right, the service, by the form's address."""
SPENT_IN, BACK = ("beviljad", *UNDERWAY, "fardig"), "aterlamning"
"""States in which money is used; it is handed back in others too."""


@leads
def _way_here(application: Application) -> Iterable[tuple[str, str]]:
    """Lead from an application that was granted money to how that is used."""
    if application.state in (*GRANTED_STATES, "avbruten", "avslutad") and actor().may(READ):
        yield N_("Genomförande"), flask.url_for("followup.carry_out", uid=application.uid)
        yield N_("Rapporter, och bilder före och efter"), flask.url_for("followup.reports_of", uid=application.uid)
        yield N_("Effekt"), flask.url_for("followup.show_effect", uid=application.uid)


@pages.get("/ansokningar/<uuid:uid>/genomforande", needs=READ)
def carry_out(uid: UUID) -> flask.Response:
    """Show how far it has come, and its money."""
    return _page(uid)


@pages.post("/ansokningar/<uuid:uid>/genomforande/<what>", needs=READ)
def ask(uid: UUID, what: str) -> flask.Response:
    """Ask for something about its money."""
    if what not in ASKED:
        flask.abort(404)
    schema, _, serve = ASKED[what]
    redraw_with(lambda problem: _page(uid, refused(what, schema, problem, _options(_read(uid)))))
    serve(actor(), uid, **said(schema))
    return see_other("followup.carry_out", uid=uid, _anchor="pengar")


@pages.post("/ansokningar/<uuid:uid>/genomforande/projekt", needs=WRITE)
def name_project(uid: UUID) -> flask.Response:
    """Write the project code and the reference of the budget."""
    redraw_with(lambda problem: _page(uid, refused("projekt", ProjectForm, problem)))
    carrying_out.name_project(actor(), uid, version=read_version(request.form), **said(ProjectForm))
    return see_other("followup.carry_out", uid=uid)


@pages.post("/ansokningar/<uuid:uid>/genomforande/steg/<key>", needs=READ)
def move(uid: UUID, key: str) -> flask.Response:
    """Begin the work, pause it, finish it."""
    if key not in MOVES:
        flask.abort(404)
    schema = _asked_by(key)
    redraw_with(lambda problem: _page(uid, refused(key, schema, problem)))
    applications.move_application(actor(), uid, key, version=read_version(request.form), **said(schema))
    return see_other("followup.carry_out", uid=uid)


@pages.post("/ansokningar/<uuid:uid>/milstolpar/<uuid:milestone>", needs=WRITE)
def finish_milestone(uid: UUID, milestone: UUID) -> flask.Response:
    """Tell that a milestone is done."""
    redraw_with(lambda problem: _page(uid, refused(f"m{milestone}", MilestoneForm, problem)))
    version = read_version(request.form)
    carrying_out.finish_milestone(actor(), uid, milestone, version=version, **said(MilestoneForm))
    return see_other("followup.carry_out", uid=uid, _anchor="milstolpar")


@pages.post("/ansokningar/<uuid:uid>/atgarder/<uuid:measure>/klart", needs=WRITE)
def tell_progress(uid: UUID, measure: UUID) -> flask.Response:
    """Tell how much of a measure is done."""
    redraw_with(lambda problem: _page(uid, refused(f"a{measure}", ProgressForm, problem)))
    version = read_version(request.form)
    carrying_out.tell_progress(actor(), uid, measure, version=version, **said(ProgressForm))
    return see_other("followup.carry_out", uid=uid, _anchor="atgarder")


def _asked_by(key: str) -> type[Schema]:
    if key == "fardigstall":
        return FinishedForm
    return ReasonForm if APPLICATION.move(key).reason else Schema


def _read(uid: UUID) -> Application:
    return carrying_out.read_granted(actor(), uid)


def _options(application: Application) -> dict[str, Options]:
    found = years_of(actor(), application)
    years = [(str(one.year), str(one.year)) for one in found if one.granted] or [(str(clock.today().year),) * 2]
    others = moving_money.others_of(actor(), application)
    measures = [(str(one.uid), f"{one.number}. {one.text}") for one in carrying_out.measures_of(application)]
    return {
        "year": years,
        "from_year": years,
        "to": [none(N_("Den här ansökan")), *((str(one.uid), f"{one.title} ({one.number})") for one in others)],
        "from_measure": [none(N_("Ingen bestämd")), *measures],
        "to_measure": [none(N_("Ingen bestämd")), *measures],
    }


def _page(uid: UUID, told: Forms | None = None) -> flask.Response:
    application = _read(uid)
    milestones, measures = carrying_out.milestones_of(application), carrying_out.measures_of(application)
    writes = applications.reaches(actor(), application, WRITE)
    moves = [one for one in moves_for(APPLICATION, application, actor()) if one.key in MOVES]
    forms: Forms = {
        one.key: Form(_asked_by(one.key), version=application.version, ids=one.key)
        for one in moves
        if _asked_by(one.key) is not Schema
    }
    underway = writes and application.state in UNDERWAY
    if underway:
        forms |= _progress_forms(milestones, measures)
    if writes and application.state in ("beviljad", *UNDERWAY):
        known = {"project_code": application.project_code, "budget_reference": application.budget_reference}
        forms["projekt"] = Form(ProjectForm, known, version=application.version, ids="projekt")
    forms |= _money_forms(application)
    told = told or {}
    done = carrying_out.progress(milestones, clock.today())
    left = [one for one in milestones if one.done_on is None]
    return page(
        "followup/carrying_out.html",
        application=application,
        stands=APPLICATION.states[application.state],
        moves=moves,
        forms=forms | told,
        form=next(iter(told.values()), None),
        titles=TITLES,
        progress=done,
        next_step=_next_step(application, done, milestones, measures) if writes else "",
        next_milestone=left[0] if left else None,
        milestones=milestones,
        measures=measures,
        measured=carrying_out.measures_progress(measures),
        years=years_of(actor(), application),
        claims=[(one, CLAIMS.states[one.state]) for one in claims.claims_of(actor(), application)],
        carried=[(one, CARRY_OVER.states[one.state]) for one in carrying_over.asked_of(actor(), application)],
        moved=[(one, REALLOCATION.states[one.state]) for one in moving_money.reallocations_of(actor(), application)],
        vouchers=outturn.rows_of(application),
        today=clock.today(),
        underway=underway,
    )


def _next_step(
    application: Application, done: carrying_out.Progress, milestones: list[Any], measures: list[Any]
) -> str:
    """Return what whoever carries it out does next."""
    if application.state == "beviljad":
        asked = N_("Skriv in referensen till budgetjusteringen, och starta.")
        return N_("Starta genomförandet.") if application.budget_reference else asked
    if application.state == "pausad":
        return N_("Arbetet är pausat. Fortsätt när det som hindrade är borta.")
    if application.state != "genomfors":
        return ""
    if done.late:
        return counted(len(done.late), N_("En milstolpe är försenad."), N_("{n} milstolpar är försenade."))
    return _what_is_left(milestones, measures)


def _what_is_left(milestones: list[Any], measures: list[Any]) -> str:
    """Return what is done next of work that is in time; by its measures where it has no milestones."""
    if left := [one for one in milestones if one.done_on is None]:
        known = {"title": left[0].title, "day": left[0].due_on.isoformat()}
        return Text(N_("Nästa milstolpe: {title}, senast {day}."), **known)
    if milestones:
        return N_("Alla milstolpar är klara. Skriv in slutbesiktningen, och markera som färdig.")
    kept = [one for one in measures if one.dropped_on is None]
    if undone := sum(1 for one in kept if one.done < carrying_out.WHOLE):
        one, many = N_("En åtgärd är inte helt gjord."), N_("{n} åtgärder är inte helt gjorda.")
        return counted(undone, one, many)
    return N_("Skriv in slutbesiktningen, och markera som färdig.") if kept else ""


def _progress_forms(milestones: list[Any], measures: list[Any]) -> Forms:
    forms: Forms = {
        f"m{one.uid}": Form(MilestoneForm, {"done_on": clock.today()}, version=one.version, ids=f"m{one.uid}")
        for one in milestones
        if one.done_on is None
    }
    return forms | {
        f"a{one.uid}": Form(
            ProgressForm, {"done": one.done, "delivered": one.delivered}, version=one.version, ids=f"a{one.uid}"
        )
        for one in measures
        if one.dropped_on is None
    }


def _money_forms(application: Application) -> Forms:
    asked = [key for key in ASKED if application.state in (moving_money.HANDED_BACK_IN if key == BACK else SPENT_IN)]
    options = _options(application) if asked else {}
    forms: Forms = {}
    for key in asked:
        schema, right, _ = ASKED[key]
        if applications.reaches(actor(), application, right):
            known = schema().load_draft({}) | {"uid": db.new_uid()}
            forms[key] = Form(schema, known, ids=key, options=options)
    return forms
