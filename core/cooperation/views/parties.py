"""The page of the parties of a cycle: their mandates, and who joins or leaves."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import flask
from flask import request

from core.cooperation import services
from core.cooperation.models import PARTY_ROLES, CycleParty
from core.cooperation.models.cycles import LEAD, READ, WRITE
from core.cooperation.schemas import LeaveForm, PartyFields, PartyForm
from core.cooperation.states import OVER
from core.cooperation.views.blueprint import page_with, pages, sent
from core.http import actor, see_other
from core.http.forms import Form, Forms, read_version
from core.walks.services.reaching import organisations

FIELDS = ("mandate", "substitute", "hours", "budget")


@pages.get("/samverkan/<uuid:uid>/parter", needs=READ)
def list_parties(uid: UUID) -> flask.Response:
    """Show the parties of a cycle with their mandates."""
    return _parties_page(uid)


@pages.post("/samverkan/<uuid:uid>/parter", needs=LEAD)
def add_party(uid: UUID) -> flask.Response:
    """Let an organisation take part."""
    services.add_party(actor(), uid, **sent(partial(_parties_page, uid), "ny", PartyForm, _options))
    return see_other("cooperation.list_parties", uid=uid)


@pages.post("/samverkan/parter/<uuid:uid>", needs=WRITE)
def change_party(uid: UUID) -> flask.Response:
    """Change a party's mandate, or what it puts in."""
    known = sent(partial(_page_of_cycle, uid), f"andra-{uid}", PartyFields)
    services.change_party(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.list_parties", uid=services.cycle_of(actor(), uid))


@pages.post("/samverkan/parter/<uuid:uid>/lamna", needs=WRITE)
def leave(uid: UUID) -> flask.Response:
    """Let a party leave."""
    known = sent(partial(_page_of_cycle, uid), f"lamna-{uid}", LeaveForm)
    services.leave(actor(), uid, **known, version=read_version(request.form))
    return see_other("cooperation.list_parties", uid=services.cycle_of(actor(), uid))


def _page_of_cycle(party: UUID, refused: Forms) -> flask.Response:
    return _parties_page(services.cycle_of(actor(), party), refused)


def _options() -> dict[str, list[tuple[str, str]]]:
    return {"organisation": [(str(row.uid), row.name) for row in organisations(actor())]}


def _parties_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = services.read_cycle(actor(), uid)
    goes_on = found.state not in OVER
    leads = goes_on and services.reaches(actor(), found, LEAD)
    own = services.own_party(actor(), found) if goes_on else None
    parties = services.parties_of(actor(), found, left=True)
    forms: Forms = {"ny": Form(PartyForm, PartyForm().load_draft({}), options=_options(), ids="ny")} if leads else {}
    for party in parties:
        if party.left_on is None and (leads or (own is not None and own.id == party.id)):
            forms |= _forms_of(party, stays=party.organisation_id == found.organisation_id)
    return page_with(
        "cooperation/parties.html",
        forms,
        refused,
        cycle=found,
        parties=parties,
        roles=PARTY_ROLES,
        sealed=leads and found.state == "lagesbild" and not services.is_open(found),
    )


def _forms_of(party: CycleParty, *, stays: bool) -> Forms:
    known = {name: getattr(party, name) for name in FIELDS}
    forms = {f"andra-{party.uid}": Form(PartyFields, known, version=party.version, ids=f"andra-{party.uid}")}
    if not stays:
        forms[f"lamna-{party.uid}"] = Form(LeaveForm, version=party.version, ids=f"lamna-{party.uid}")
    return forms
