"""The page on which work is ordered about something that was seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_version
from core.http.texts import translate
from core.i18n import N_, Text
from core.schema import Invalid
from core.walks import services
from core.walks.schemas.ordering import OWN, WorkForm
from core.walks.views.blueprint import Choices, pages
from core.works import services as works

MAKE = "works:order:make"


@pages.get("/iakttagelser/<uuid:uid>/bestall", needs=MAKE)
def propose_order(uid: UUID) -> flask.Response:
    """Show what the city's rules would order, and what is open beside it."""
    proposed = services.propose_order(actor(), uid)
    known = {
        "uid": db.new_uid(),
        "title": proposed.title,
        "priority": proposed.priority,
        "contract": str(proposed.contract.uid) if proposed.contract else OWN,
        "reply": works.replies().get("bestalld", ""),
    }
    found = services.read_observation(actor(), uid)
    known["description"] = found.description
    form = Form(WorkForm, known, version=found.version, options=_options(proposed))
    return _page(uid, proposed, form)


@pages.post("/iakttagelser/<uuid:uid>/bestall", needs=MAKE)
def order_work(uid: UUID) -> flask.Response:
    """Order it, or let it belong to an order that there is."""

    def again(problem: Any) -> flask.Response:
        proposed = services.propose_order(actor(), uid)
        errors, options = problem.fields(WorkForm), _options(proposed)
        return _page(uid, proposed, Form(WorkForm, written=request.form, errors=errors, options=options))

    redraw_with(again, options=lambda: _options(services.propose_order(actor(), uid)))
    known = WorkForm().load(read_form(WorkForm, request.form))
    order, chosen = known.pop("uid"), known.pop("contract")
    said = services.Order(**known, own=chosen == OWN, contract=_contract(chosen))
    made = services.order_work(actor(), uid, order, said, version=read_version(request.form))
    return see_other("works.read_order", uid=made.uid)


def _contract(chosen: str) -> UUID | None:
    if chosen == OWN:
        return None
    try:
        return UUID(chosen)
    except ValueError:
        raise Invalid({"contract": [N_("Välj ett alternativ i listan.")]}) from None


def _options(proposed: services.Proposal) -> Choices:
    running = [row for row in works.list_contracts(actor()) if works.is_running(row)]
    contracts = [(str(row.uid), f"{row.title}, {row.contractor.name}") for row in running]
    words = N_("{number} {title}, {name}")
    near = [
        (str(row.uid), translate(Text(words, number=row.number, title=row.title, name=row.executor.name)))
        for row in proposed.near
    ]
    return {
        "contract": [*contracts, (OWN, translate(N_("Egen personal")))],
        "join": [("", translate(N_("Nej, beställ ett nytt arbete"))), *near],
    }


def _page(uid: UUID, proposed: services.Proposal, form: Form) -> flask.Response:
    access.require(actor(), MAKE)
    found = services.read_observation(actor(), uid)
    return page("walks/order.html", observation=found, proposed=proposed, form=form)
