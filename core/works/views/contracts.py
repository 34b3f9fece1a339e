"""The pages of contracts, of the Tidskrav, and of one's own jäv."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Options, read_form, read_version
from core.http.texts import translate
from core.i18n import N_
from core.people import services as people
from core.places import services as places
from core.places.models import CONTROL_ROLES
from core.schema import Schema
from core.works import services
from core.works.models import (
    FORMS,
    LEGS,
    PAUSES,
    PENALISED,
    PENALTY_UNITS,
    PRIORITIES,
    Contract,
    PenaltyRule,
    SlaRule,
)
from core.works.presenting import in_words
from core.works.schemas import (
    ContractFields,
    InterestForm,
    NewContractForm,
    PenaltyRuleForm,
    SubcontractorForm,
    TermsForm,
)
from core.works.schemas.plans import EndForm
from core.works.views.blueprint import pages, room_tabs
from core.works.views.routing import rule_in_words

EDIT, READ = "works:contract:edit", "works:contract:read"
NAMED = (*ContractFields().fields,)


@pages.get("/avtal", needs=READ)
def list_contracts() -> flask.Response:
    """List the contracts of today and ahead, or those that have ended."""
    ended = request.args.get("visa") == "avslutade"
    tabs = [
        {"text": translate(N_("Gällande")), "href": "/avtal", "current": not ended},
        {"text": translate(N_("Avslutade")), "href": "/avtal?visa=avslutade", "current": ended},
    ]
    rows = services.list_contracts(actor(), ended=ended)
    return page("works/contracts.html", rows=rows, tabs=tabs, doors=room_tabs("avtal"), may_add=actor().may(EDIT))


def _options(kept: Iterable[str] = ()) -> dict[str, Options]:
    """Return what a form offers; areas that a contract has `kept` may have ended, and can be taken away."""
    areas = people.limiting_areas(actor())
    today = {limit for limit, _, _ in areas}
    areas += places.areas_called(limit for limit in kept if limit not in today)
    return {
        "contractor": services.contractors(actor()),
        "organisation": services.orderers(actor()),
        "areas": [(limit, name, translate(kind)) for limit, kind, name in areas],
    }


@pages.get("/avtal/nytt", needs=EDIT)
def new_contract() -> flask.Response:
    """Ask about a new contract."""
    known = NewContractForm().load_draft({}) | {"uid": db.new_uid(), "interest_months": 24}
    return _new(Form(NewContractForm, known, options=_options()))


@pages.post("/avtal/nytt", needs=EDIT)
def add_contract() -> flask.Response:
    """Lay it up."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(NewContractForm)
        return _new(Form(NewContractForm, written=request.form, errors=errors, options=_options()))

    redraw_with(again)
    known = NewContractForm().load(read_form(NewContractForm, request.form))
    made = services.add_contract(actor(), **known)
    return see_other("works.read_contract", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("works/contract_form.html", form=form, contract=None)


@pages.get("/avtal/<uuid:uid>", needs=READ)
def read_contract(uid: UUID) -> flask.Response:
    """Show a contract: both sides, its Tidskrav, what being late costs, who works for the contractor."""
    return _contract_page(uid)


@pages.get("/avtal/<uuid:uid>/andra", needs=EDIT)
def edit_contract(uid: UUID) -> flask.Response:
    """Show the form of a contract."""
    found = services.read_contract(actor(), uid, EDIT)
    return page("works/contract_form.html", form=_form_of(found), contract=found)


def _form_of(found: Contract) -> Form:
    known = {name: getattr(found, name) for name in NAMED if name != "contractor"}
    known |= {"contractor": found.contractor.uid}
    return Form(ContractFields, known, version=found.version, options=_options(found.areas))


@pages.post("/avtal/<uuid:uid>/andra", needs=EDIT)
def change_contract(uid: UUID) -> flask.Response:
    """Save what has been changed about a contract."""

    def again(problem: Any) -> flask.Response:
        found = services.read_contract(actor(), uid, EDIT)
        errors = problem.fields(ContractFields)
        offered = _options(found.areas)
        form = Form(ContractFields, written=request.form, errors=errors, version=found.version, options=offered)
        return page("works/contract_form.html", form=form, contract=found)

    redraw_with(again, lambda: _form_of(services.read_contract(actor(), uid, EDIT)))
    known = ContractFields().load(read_form(ContractFields, request.form))
    services.change_contract(actor(), uid, version=read_version(request.form), **known)
    return see_other("works.read_contract", uid=uid)


@pages.post("/avtal/<uuid:uid>/viten", needs=EDIT)
def add_penalty_rule(uid: UUID) -> flask.Response:
    """Say what being late, or a deviation, costs."""
    redraw_with(lambda problem: _contract_page(uid, _refused("vite", PenaltyRuleForm, problem)))
    known = PenaltyRuleForm().load(read_form(PenaltyRuleForm, request.form))
    services.add_penalty_rule(actor(), uid, **known)
    return see_other("works.read_contract", uid=uid)


@pages.post("/avtal/viten/<uuid:uid>/avsluta", needs=EDIT)
def end_penalty_rule(uid: UUID) -> flask.Response:
    """Let what being late costs end, with the reason."""
    contract = services.contract_of(actor(), PenaltyRule, uid)
    redraw_with(lambda problem: _contract_page(contract, _refused(str(uid), EndForm, problem)))
    services.end_penalty_rule(actor(), uid, **EndForm().load(read_form(EndForm, request.form)))
    return see_other("works.read_contract", uid=contract)


@pages.post("/avtal/<uuid:uid>/underentreprenorer", needs=EDIT)
def add_subcontractor(uid: UUID) -> flask.Response:
    """Approve somebody who works for the contractor."""
    redraw_with(lambda problem: _contract_page(uid, _refused("under", SubcontractorForm, problem)))
    known = SubcontractorForm().load(read_form(SubcontractorForm, request.form))
    services.add_subcontractor(actor(), uid, **known)
    return see_other("works.read_contract", uid=uid)


@pages.post("/avtal/<uuid:uid>/tidskrav", needs=EDIT)
def change_contract_terms(uid: UUID) -> flask.Response:
    """Let other times hold under a contract from today on."""
    redraw_with(lambda problem: _contract_page(uid, _refused("tid", TermsForm, problem)))
    known = TermsForm().load(read_form(TermsForm, request.form))
    services.change_terms(actor(), contract=uid, **_terms(known))
    return see_other("works.read_contract", uid=uid)


def _refused(ids: str, schema: Any, problem: Any) -> dict[str, Form]:
    return {ids: Form(schema, written=request.form, errors=problem.fields(schema), ids=ids)}


def _terms(known: dict[str, Any]) -> dict[str, Any]:
    """Return what a form of a Tidskrav says, each leg as a number and what it is counted in."""
    legs = {leg: (known[leg], known[f"{leg}_clock"]) if known[leg] else None for leg in LEGS}
    rest = {name: known[name] for name in ("priority", "pauses", "source", "reason")}
    return rest | {"legs": legs}


def _contract_page(uid: UUID, refused: dict[str, Form] | None = None) -> flask.Response:
    found, refused = services.read_contract(actor(), uid), refused or {}
    edits = actor().may(EDIT) and services.edits_contract(actor(), found)
    forms = {
        "tid": Form(TermsForm, ids="tid"),
        "vite": Form(PenaltyRuleForm, ids="vite"),
        "under": Form(SubcontractorForm, ids="under"),
    }
    rules = services.penalty_rules_of(actor(), found)
    forms |= {str(one.uid): Form(EndForm, ids=str(one.uid)) for one in rules if one.valid_to is None}
    areas = {limit: f"{translate(kind)}: {name}" for limit, kind, name in places.areas_called(found.areas)}
    return page(
        "works/contract.html",
        contract=found,
        form=next(iter(refused.values()), None),
        forms=(forms | refused) if edits else {},
        edits=edits,
        form_name=FORMS[found.form],
        roles=[CONTROL_ROLES.get(role, role) for role in found.roles],
        areas=[areas.get(limit, limit) for limit in found.areas],
        warranty=in_words(found.warranty_months, "months") if found.warranty_months else None,
        terms=[_row(row) for row in services.terms_of(actor(), found)],
        penalty_rules=rules,
        subcontractors=services.subcontractors_of(actor(), found),
        interest=services.interest_in_contract(actor(), found) if edits else None,
        legs=LEGS,
        penalised=PENALISED,
        units=PENALTY_UNITS,
        priorities=PRIORITIES,
    )


def _row(row: SlaRule) -> dict[str, Any]:
    """Return a row of a Tidskrav in words."""
    times = {leg: _time(getattr(row, leg), getattr(row, f"{leg}_clock")) for leg in LEGS}
    pauses = ", ".join(translate(PAUSES[key]) for key in row.pauses)
    about = {"priority": translate(PRIORITIES[row.priority]), "source": row.source, "edition": row.edition}
    return about | times | {"pauses": pauses, "since": row.valid_from}


def _time(number: int | None, clock: str) -> str:
    return translate(in_words(number, clock)) if number else ""


# --- The city's own Tidskrav, and how things are routed -----------------------------------------------------------


@pages.get("/tidskrav", needs="works:terms:read")
def terms() -> flask.Response:
    """Show the city's own Tidskrav, and by which rules things get their priority."""
    return _terms_page(Form(TermsForm, ids="tid"))


@pages.post("/tidskrav", needs="works:terms:edit")
def change_terms() -> flask.Response:
    """Let other times hold in the city from today on."""
    redraw_with(lambda problem: _terms_page(_refused("tid", TermsForm, problem)["tid"]))
    known = TermsForm().load(read_form(TermsForm, request.form))
    services.change_terms(actor(), contract=None, **_terms(known))
    return see_other("works.terms")


def _terms_page(form: Form) -> flask.Response:
    return page(
        "works/terms.html",
        terms=[_row(row) for row in services.terms_of(actor(), None)],
        rules=[rule_in_words(row) for row in services.rules_of(actor())],
        legs=LEGS,
        doors=room_tabs("tidskrav"),
        form=form if actor().may("works:terms:edit") else None,
    )


# --- Jäv ----------------------------------------------------------------------------------------------------------


@pages.get("/jag/jav", needs="works:interest:declare")
def interests() -> flask.Response:
    """Show what the person has declared, and ask for more."""
    return _interests_page(Form(InterestForm, options={"contractor": services.contractors(actor())}))


@pages.post("/jag/jav", needs="works:interest:declare")
def declare() -> flask.Response:
    """Say that one has an interest in a contractor."""

    def again(problem: Any) -> flask.Response:
        options = {"contractor": services.contractors(actor())}
        errors = problem.fields(InterestForm)
        return _interests_page(Form(InterestForm, written=request.form, errors=errors, options=options))

    redraw_with(again)
    services.declare(actor(), **InterestForm().load(read_form(InterestForm, request.form)))
    return see_other("works.interests")


@pages.post("/jag/jav/<uuid:uid>/avsluta", needs="works:interest:declare")
def end_interest(uid: UUID) -> flask.Response:
    """Let what one has declared end with this day."""
    options = {"contractor": services.contractors(actor())}
    redraw_with(lambda problem: _interests_page(Form(InterestForm, errors=problem.fields(Schema), options=options)))
    Schema().load(read_form(Schema, request.form))
    services.end_interest(actor(), uid)
    return see_other("works.interests")


def _interests_page(form: Form) -> flask.Response:
    rows = [(row, name, services.lasts(row)) for row, name in services.interests_of(actor())]
    return page("works/interests.html", form=form, rows=rows)
