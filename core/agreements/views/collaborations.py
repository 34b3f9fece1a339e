"""The pages of platssamverkan: the list, a new one, one of them with its parties, groups and what waits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.agreements import services
from core.agreements.models import GROUP_KINDS, Collaboration, CollaborationParty
from core.agreements.models.together import LEAD, READ, WRITE
from core.agreements.schemas import agreements as asked
from core.agreements.schemas import collaborations as forms_of
from core.agreements.states import AGREEMENT, COLLABORATION, COLLABORATION_ON, COMMITMENT, ENDS, MEETING
from core.agreements.views.blueprint import (
    Options,
    cycle_options,
    doors,
    goal_options,
    organisation_options,
    pages,
    party_options,
    place_options,
    told,
)
from core.cooperation.models import PARTY_ROLES
from core.cooperation.schemas import PartyFields
from core.flow import Move, moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, fresh, none, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.places.outline import CITY_S_OWN, Outline, written
from core.roles import ROLES
from core.schema import ReasonForm, Schema

NEXT = {
    "initierad": N_("Börja med nuläget: vad vet ni om platsen?"),
    "nulage": N_("Skriv visionen och lägg till parterna. Organisera sedan arbetet."),
    "organiserad": N_("Lägg till en styrgrupp, kalla till möten och kom överens."),
    "overenskommen": N_("Sätt igång med det ni har kommit överens om."),
    "pagar": N_("Håll möten och åtaganden. Utvärdera efter 12 och 24 månader."),
    "utvarderas": N_("Bestäm om samverkan ska förnyas eller avvecklas."),
    "fornyad": N_("Sätt igång igen."),
    "avvecklas": N_("Avsluta när det som återstår är gjort."),
}
"""What comes next in each phase."""
WHAT = ("mandate", "substitute", "hours", "budget", "fee_share")


def part_fields() -> type[Schema]:
    """Return the form of a party; the share of a fee is asked for only where that is turned on (domain.md 4.5)."""
    return forms_of.FeePartFields if db.settings().area_fees else PartyFields


@pages.get("/platssamverkan", needs=READ)
def list_collaborations() -> flask.Response:
    """List the collaborations, the newest first, all or those in one phase."""
    wanted, wrong = read_filter(forms_of.CollaborationFilter, request.args)
    after: Any = place(wanted.get("efter"), int)
    found = services.collaborations.list_collaborations(actor(), state=wanted["visa"], after=after)
    counts = services.collaborations.count_collaborations(actor())
    named = {"": N_("Alla")} | {key: state.label for key, state in COLLABORATION.states.items()}
    return page(
        "agreements/collaborations.html",
        status=422 if wrong else 200,
        doors=doors("platssamverkan"),
        tabs=[
            {
                "text": translate(label),
                "href": flask.url_for("agreements.list_collaborations", visa=key or None),
                "current": key == wanted["visa"],
                "count": counts[key] if key else sum(counts.values()),
            }
            for key, label in named.items()
            if not key or counts[key] or key == wanted["visa"]
        ],
        rows=[(row, COLLABORATION.states[row.state]) for row in found.rows],
        places=services.collaborations.places_of(actor(), found.rows),
        filtered=bool(wanted["visa"]),
        may_start=bool(services.collaborations.boards_led(actor())) if actor().may(LEAD) else False,
        more=flask.url_for("agreements.list_collaborations", visa=wanted["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


def _options() -> dict[str, Options]:
    boards = services.collaborations.boards_led(actor())
    return {"organisation": boards, "places": place_options(), "cycle": cycle_options()}


@pages.get("/platssamverkan/ny", needs=LEAD)
def new_collaboration() -> flask.Response:
    """Ask about a new platssamverkan."""
    known = {"uid": db.new_uid(), "started_on": clock.today(), "mandate": translate(ROLES["sdn_samordnare"])}
    schema = forms_of.NewCollaborationForm
    return _new(Form(schema, schema().load_draft({}) | known, options=_options()))


@pages.post("/platssamverkan/ny", needs=LEAD)
def begin_collaboration() -> flask.Response:
    """Begin it."""
    schema = forms_of.NewCollaborationForm
    redraw_with(
        lambda problem: _new(Form(schema, written=request.form, errors=problem.fields(schema), options=_options()))
    )
    made = services.collaborations.begin_collaboration(actor(), **said(schema))
    return see_other("agreements.read_collaboration", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("agreements/collaboration_form.html", form=form, collaboration=None, doors=doors("platssamverkan"))


@pages.get("/platssamverkan/<uuid:uid>", needs=READ)
def read_collaboration(uid: UUID) -> flask.Response:
    """Show a platssamverkan: its phase and what comes next, parties, groups, meetings, commitments, agreements."""
    return collaboration_page(uid)


@pages.get("/platssamverkan/<uuid:uid>/andra", needs=LEAD)
def edit_collaboration(uid: UUID) -> flask.Response:
    """Show the form of a platssamverkan."""
    found = services.collaborations.read_collaboration(actor(), uid, LEAD)
    return _edit(found, _form_of(found))


def _form_of(found: Collaboration) -> Form:
    schema = forms_of.CollaborationForm
    places = services.collaborations.places_of(actor(), [found])[found.id]
    known: dict[str, Any] = {name: getattr(found, name, None) for name in schema().fields}
    known |= {"places": [one.uid for one in places], "cycle": found.cycle.uid if found.cycle else None}
    known |= {"system": CITY_S_OWN, "outline": written(found.boundary, CITY_S_OWN) if found.boundary else ""}
    return Form(schema, known, version=found.version, options=_options())


def _edit(found: Collaboration, form: Form) -> flask.Response:
    return page("agreements/collaboration_form.html", form=form, collaboration=found, doors=doors("platssamverkan"))


@pages.post("/platssamverkan/<uuid:uid>/andra", needs=LEAD)
def change_collaboration(uid: UUID) -> flask.Response:
    """Save what has been changed about a platssamverkan."""
    schema = forms_of.CollaborationForm

    def again(problem: Any) -> flask.Response:
        found = services.collaborations.read_collaboration(actor(), uid, LEAD)
        errors = problem.fields(schema)
        return _edit(
            found, Form(schema, written=request.form, errors=errors, version=found.version, options=_options())
        )

    redraw_with(again, lambda: _form_of(services.collaborations.read_collaboration(actor(), uid, LEAD)))
    known = said(schema)
    system, outline = known.pop("system"), known.pop("outline")
    boundary = Outline(system, outline).shape() if outline else None
    services.collaborations.change_collaboration(
        actor(), uid, version=read_version(request.form), boundary=boundary, **known
    )
    return see_other("agreements.read_collaboration", uid=uid)


@pages.post("/platssamverkan/<uuid:uid>/steg/<key>", needs=LEAD)
def move_collaboration(uid: UUID, key: str) -> flask.Response:
    """Take a platssamverkan to its next phase, or back."""
    move = COLLABORATION.move(key)
    if key in ENDS:
        return _end(uid, key)
    redraw_with(lambda problem: collaboration_page(uid, refused(key, ReasonForm, problem)))
    known = said(ReasonForm if move.reason else Schema)
    services.collaborations.move_collaboration(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("agreements.read_collaboration", uid=uid)


def _end(uid: UUID, key: str) -> flask.Response:
    schema = forms_of.EndForm

    def again(problem: Any) -> flask.Response:
        found = services.collaborations.read_collaboration(actor(), uid, LEAD)
        return collaboration_page(uid, refused(key, schema, problem, _others(found)))

    redraw_with(again)
    services.ending.end_collaboration(actor(), uid, key, **said(schema), version=read_version(request.form))
    return see_other("agreements.read_collaboration", uid=uid)


def _others(found: Collaboration) -> dict[str, Options]:
    return {"to": [none(), *((str(one), name) for one, name in services.ending.others(actor(), found))]}


# --- Parties and groups -------------------------------------------------------------------------------------------


def _joining() -> type[Schema]:
    return type("JoinForm", (forms_of.NewPart, part_fields()), {})


@pages.post("/platssamverkan/<uuid:uid>/parter", needs=LEAD)
def add_party(uid: UUID) -> flask.Response:
    """Let an organisation take part."""
    schema, options = _joining(), {"organisation": organisation_options()}
    redraw_with(lambda problem: collaboration_page(uid, refused("part", schema, problem, options)))
    services.parties.add_party(actor(), Collaboration, uid, **said(schema))
    return see_other("agreements.read_collaboration", uid=uid)


def _of(party: UUID) -> UUID:
    return services.parties.owner_of(actor(), CollaborationParty, party)


@pages.post("/platssamverkan/parter/<uuid:uid>", needs=WRITE)
def change_party(uid: UUID) -> flask.Response:
    """Change a party's mandate, or what it puts in."""
    schema = part_fields()
    redraw_with(lambda problem: collaboration_page(_of(uid), refused(f"part-{uid}", schema, problem)))
    known = said(schema)
    services.parties.change_party(actor(), CollaborationParty, uid, version=read_version(request.form), **known)
    return see_other("agreements.read_collaboration", uid=_of(uid))


@pages.post("/platssamverkan/parter/<uuid:uid>/lamna", needs=WRITE)
def leave(uid: UUID) -> flask.Response:
    """Let a party leave."""
    schema = forms_of.LeaveForm
    redraw_with(lambda problem: collaboration_page(_of(uid), refused(f"lamna-{uid}", schema, problem)))
    known = said(schema)
    services.parties.leave(actor(), CollaborationParty, uid, **known, version=read_version(request.form))
    return see_other("agreements.read_collaboration", uid=_of(uid))


def _members(uid: UUID) -> dict[str, Options]:
    found = services.collaborations.read_collaboration(actor(), uid)
    parties = services.parties.parties_of(actor(), found)
    return {"members": [(str(one.uid), one.organisation.name) for one in parties]}


@pages.post("/platssamverkan/<uuid:uid>/grupper", needs=LEAD)
def add_group(uid: UUID) -> flask.Response:
    """Add a group."""
    schema = forms_of.GroupForm
    redraw_with(lambda problem: collaboration_page(uid, refused("grupp", schema, problem, _members(uid))))
    services.collaborations.add_group(actor(), uid, **said(schema))
    return see_other("agreements.read_collaboration", uid=uid)


@pages.post("/platssamverkan/grupper/<uuid:uid>", needs=LEAD)
def change_group(uid: UUID) -> flask.Response:
    """Change a group."""
    schema, whose = forms_of.GroupFields, services.collaborations.collaboration_of(actor(), uid)
    redraw_with(lambda problem: collaboration_page(whose, refused(f"grupp-{uid}", schema, problem, _members(whose))))
    services.collaborations.change_group(actor(), uid, version=read_version(request.form), **said(schema))
    return see_other("agreements.read_collaboration", uid=whose)


# --- The page -----------------------------------------------------------------------------------------------------


def collaboration_page(uid: UUID, again: Forms | None = None) -> flask.Response:
    """Show a platssamverkan, with a form again that was refused."""
    found, again = services.collaborations.read_collaboration(actor(), uid), again or {}
    leads, own = services.agreements.leads(actor(), found), services.parties.own_party(actor(), found)
    parties = services.parties.parties_of(actor(), found, left=True)
    groups = services.collaborations.groups_of(actor(), found)
    moves = moves_for(COLLABORATION, found, actor()) if leads else []
    goals = services.collaborations.goals_of(actor(), found.cycle)
    ends = leads and any(move.key in ENDS for move in moves)
    left = services.ending.left_in(actor(), found) if ends else None
    forms: Forms = {move.key: _asked_of(move, found, left) for move in moves if move.reason}
    if not COLLABORATION.states[found.state].closed:
        forms |= _forms(found, parties, groups, leads=leads, own=own)
    return page(
        "agreements/collaboration.html",
        collaboration=found,
        stands=COLLABORATION.states[found.state],
        places=services.collaborations.places_of(actor(), [found])[found.id],
        left=left,
        ends=ENDS,
        asked=NEXT.get(found.state) if leads else None,
        on=next((move for move in moves if move.key in COLLABORATION_ON), None),
        moves=[move for move in moves if move.reason],
        parties=parties,
        roles=PARTY_ROLES,
        groups=groups,
        group_kinds=GROUP_KINDS,
        goals=goals,
        meetings=[(row, MEETING.states[row.state]) for row in services.meetings.meetings_of(actor(), found)],
        waiting=services.decisions.open_decisions(actor(), found),
        commitments=[
            (one, COMMITMENT.states[one.commitment.state])
            for one in services.commitments.commitments_of(actor(), found)
        ],
        agreements=[
            (row, services.agreements.standing_of(row)) for row in services.agreements.agreements_of(actor(), found)
        ],
        agreement_states=AGREEMENT.states,
        own=own,
        leads=leads,
        fees=db.settings().area_fees,
        events=[told(event) for event in services.collaborations.events_of(actor(), found)],
        forms=forms | again,
        form=next(iter(again.values()), None),
    )


def _asked_of(move: Move, found: Collaboration, left: services.ending.Left | None) -> Form:
    """Return the form of a move: one that ends what has open commitments asks what becomes of them."""
    if move.key not in ENDS or left is None or not left.commitments:
        return Form(ReasonForm, version=found.version, ids=move.key)
    return Form(forms_of.EndForm, version=found.version, ids=move.key, options=_others(found))


def _forms(found: Collaboration, parties: Any, groups: Any, *, leads: bool, own: Any) -> Forms:
    forms: Forms = {}
    if leads:
        forms |= fresh(_joining(), "part", {"organisation": organisation_options()})
        forms |= fresh(forms_of.GroupForm, "grupp", _members(found.uid), uid=db.new_uid())
        group_choices = [none(N_("Alla")), *((str(one.group.uid), one.group.name) for one in groups)]
        forms |= fresh(asked.MeetingForm, "mote", {"group": group_choices}, uid=db.new_uid())
    for group in groups if leads else ():
        known = {name: getattr(group.group, name, None) for name in forms_of.GroupFields().fields}
        known["members"] = [party.uid for party in group.members]
        ids = f"grupp-{group.group.uid}"
        facts: dict[str, Any] = {"version": group.group.version, "ids": ids, "options": _members(found.uid)}
        forms[ids] = Form(forms_of.GroupFields, known, **facts)
    for party in parties:
        if party.left_on is None and (leads or (own is not None and own.id == party.id)):
            known = {name: getattr(party, name) for name in WHAT if name in part_fields()().fields}
            forms[f"part-{party.uid}"] = Form(part_fields(), known, version=party.version, ids=f"part-{party.uid}")
            if party.organisation_id != found.organisation_id:
                forms[f"lamna-{party.uid}"] = Form(forms_of.LeaveForm, version=party.version, ids=f"lamna-{party.uid}")
    if leads or own is not None:
        options = {"organisation": party_options(found), "goal": [none(), *goal_options(found.cycle)]}
        known = {"uid": db.new_uid(), "starts_on": clock.today()}
        known |= {"organisation": own.organisation.uid} if own else {}
        forms |= fresh(asked.CommitmentForm, "atagande", options, **known)
    return forms
