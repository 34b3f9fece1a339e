"""The pages of local councils: the list, a new one, one of them with its members, plans, meetings and decisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.agreements import services
from core.agreements.models import Council, CouncilMember
from core.agreements.models.together import LEAD, READ, WRITE
from core.agreements.schemas import agreements as asked
from core.agreements.schemas import collaborations as forms_of
from core.agreements.states import COUNCIL, MEETING
from core.agreements.views.blueprint import doors, organisation_options, pages, told
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, fresh, none, read_version, refused, said
from core.http.texts import translate
from core.i18n import N_
from core.roles import ROLES
from core.schema import ReasonForm, Schema


@pages.get("/lokala-rad", needs=READ)
def list_councils() -> flask.Response:
    """List the local councils, those that work first."""
    rows = services.councils.list_councils(actor())
    return page(
        "agreements/councils.html",
        doors=doors("rad"),
        rows=[(row, COUNCIL.states[row.state]) for row in rows],
        may_start=bool(services.collaborations.boards_led(actor())) if actor().may(LEAD) else False,
    )


@pages.get("/lokala-rad/nytt", needs=LEAD)
def new_council() -> flask.Response:
    """Ask about a new council."""
    known = {"uid": db.new_uid(), "started_on": clock.today(), "function": translate(ROLES["sdn_samordnare"])}
    known |= {"name": translate(N_("Lokalt råd för trygghet och brottsförebyggande"))}
    schema = forms_of.CouncilForm
    return _form_page(Form(schema, schema().load_draft({}) | known, options=_options()))


def _options() -> dict[str, Any]:
    return {"organisation": services.collaborations.boards_led(actor())}


@pages.post("/lokala-rad/nytt", needs=LEAD)
def begin_council() -> flask.Response:
    """Begin it."""
    schema = forms_of.CouncilForm
    redraw_with(
        lambda problem: _form_page(
            Form(schema, written=request.form, errors=problem.fields(schema), options=_options())
        )
    )
    made = services.councils.begin_council(actor(), **said(schema))
    return see_other("agreements.read_council", uid=made.uid)


def _form_page(form: Form, found: Council | None = None) -> flask.Response:
    return page("agreements/council_form.html", form=form, council=found, doors=doors("rad"))


@pages.get("/lokala-rad/<uuid:uid>", needs=READ)
def read_council(uid: UUID) -> flask.Response:
    """Show a council: who is missing, its members, meetings, decisions and yearly plans."""
    return _council_page(uid)


@pages.get("/lokala-rad/<uuid:uid>/andra", needs=LEAD)
def edit_council(uid: UUID) -> flask.Response:
    """Show the form of a council."""
    found = services.councils.read_council(actor(), uid, LEAD)
    return _form_page(_form_of(found), found)


def _form_of(found: Council) -> Form:
    known = {name: getattr(found, name) for name in forms_of.CouncilFields().fields}
    return Form(forms_of.CouncilFields, known, version=found.version)


@pages.post("/lokala-rad/<uuid:uid>/andra", needs=LEAD)
def change_council(uid: UUID) -> flask.Response:
    """Save what has been changed about a council."""
    schema = forms_of.CouncilFields

    def again(problem: Any) -> flask.Response:
        found = services.councils.read_council(actor(), uid, LEAD)
        form = Form(schema, written=request.form, errors=problem.fields(schema), version=found.version)
        return _form_page(form, found)

    redraw_with(again, lambda: _form_of(services.councils.read_council(actor(), uid, LEAD)))
    services.councils.change_council(actor(), uid, version=read_version(request.form), **said(schema))
    return see_other("agreements.read_council", uid=uid)


@pages.post("/lokala-rad/<uuid:uid>/steg/<key>", needs=LEAD)
def move_council(uid: UUID, key: str) -> flask.Response:
    """Let a council begin to work, or end."""
    move = COUNCIL.move(key)
    redraw_with(lambda problem: _council_page(uid, refused(key, ReasonForm, problem)))
    known = said(ReasonForm if move.reason else Schema)
    known |= {"version": read_version(request.form)}
    if key == "avsluta":
        services.ending.end_council(actor(), uid, **known)
    else:
        services.councils.move_council(actor(), uid, key, **known)
    return see_other("agreements.read_council", uid=uid)


@pages.post("/lokala-rad/<uuid:uid>/ledamoter", needs=LEAD)
def add_member(uid: UUID) -> flask.Response:
    """Let an organisation sit in a council."""
    schema, options = forms_of.MemberForm, {"organisation": organisation_options()}
    redraw_with(lambda problem: _council_page(uid, refused("ledamot", schema, problem, options)))
    services.parties.add_party(actor(), Council, uid, **said(schema))
    return see_other("agreements.read_council", uid=uid)


def _of(member: UUID) -> UUID:
    return services.parties.owner_of(actor(), CouncilMember, member)


@pages.post("/lokala-rad/ledamoter/<uuid:uid>", needs=WRITE)
def change_member(uid: UUID) -> flask.Response:
    """Change by which function an organisation sits there."""
    schema = forms_of.MemberFields
    redraw_with(lambda problem: _council_page(_of(uid), refused(f"ledamot-{uid}", schema, problem)))
    known = said(schema)
    services.parties.change_party(actor(), CouncilMember, uid, version=read_version(request.form), **known)
    return see_other("agreements.read_council", uid=_of(uid))


@pages.post("/lokala-rad/ledamoter/<uuid:uid>/lamna", needs=WRITE)
def leave_council(uid: UUID) -> flask.Response:
    """Let an organisation leave a council."""
    schema = forms_of.LeaveForm
    redraw_with(lambda problem: _council_page(_of(uid), refused(f"lamna-{uid}", schema, problem)))
    known = said(schema)
    services.parties.leave(actor(), CouncilMember, uid, **known, version=read_version(request.form))
    return see_other("agreements.read_council", uid=_of(uid))


@pages.post("/lokala-rad/<uuid:uid>/arsplan", needs=LEAD)
def write_plan(uid: UUID) -> flask.Response:
    """Write the plan of a year."""
    schema = forms_of.PlanForm
    redraw_with(lambda problem: _council_page(uid, refused("arsplan", schema, problem)))
    services.councils.write_plan(actor(), uid, version=read_version(request.form), **said(schema))
    return see_other("agreements.read_council", uid=uid)


@pages.post("/lokala-rad/<uuid:uid>/moten", needs=LEAD)
def call_council_meeting(uid: UUID) -> flask.Response:
    """Call a meeting of a council."""
    options = {"group": [none(N_("Alla"))]}
    redraw_with(lambda problem: _council_page(uid, refused("mote", asked.MeetingForm, problem, options)))
    made = services.meetings.call_meeting(actor(), Council, uid, **said(asked.MeetingForm))
    return see_other("agreements.read_meeting", uid=made.uid)


def _council_page(uid: UUID, again: Forms | None = None) -> flask.Response:
    found, again = services.councils.read_council(actor(), uid), again or {}
    leads, own = services.agreements.leads(actor(), found), services.parties.own_party(actor(), found)
    members = services.parties.parties_of(actor(), found, left=True)
    moves = moves_for(COUNCIL, found, actor()) if leads else []
    forms: Forms = {move.key: Form(ReasonForm, version=found.version, ids=move.key) for move in moves if move.reason}
    if not COUNCIL.states[found.state].closed:
        forms |= _forms(found, members, leads=leads, own=own)
    plans, year = services.councils.plans_of(actor(), found), clock.today().year
    return page(
        "agreements/council.html",
        council=found,
        stands=COUNCIL.states[found.state],
        missing=services.councils.missing_members(found),
        members=members,
        plans=plans,
        year=year,
        planned=any(plan.year == year and plan.decided_on for plan in plans),
        meetings=[(row, MEETING.states[row.state]) for row in services.meetings.meetings_of(actor(), found)],
        waiting=services.decisions.open_decisions(actor(), found),
        on=next((move for move in moves if not move.reason), None),
        moves=[move for move in moves if move.reason],
        left=services.ending.left_in(actor(), found) if any(move.key == "avsluta" for move in moves) else None,
        leads=leads,
        own=own,
        events=[told(event) for event in services.collaborations.events_of(actor(), found)],
        forms=forms | again,
        form=next(iter(again.values()), None),
    )


def _forms(found: Council, members: Any, *, leads: bool, own: Any) -> Forms:
    forms: Forms = {}
    if leads:
        forms |= fresh(forms_of.MemberForm, "ledamot", {"organisation": organisation_options()})
        forms |= fresh(asked.MeetingForm, "mote", {"group": [none(N_("Alla"))]}, uid=db.new_uid())
        plan = {"year": clock.today().year, "text": "", "decided_on": None}
        forms["arsplan"] = Form(forms_of.PlanForm, plan, version=found.version, ids="arsplan")
    for member in members:
        if member.left_on is None and (leads or (own is not None and own.id == member.id)):
            ids, at = f"ledamot-{member.uid}", {"version": member.version}
            forms[ids] = Form(forms_of.MemberFields, {"function": member.function}, ids=ids, **at)
            if member.organisation_id != found.organisation_id:
                forms[f"lamna-{member.uid}"] = Form(forms_of.LeaveForm, ids=f"lamna-{member.uid}", **at)
    return forms
