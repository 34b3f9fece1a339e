"""The pages of agreements: the list, a draft with its fourteen chapters, answers, signatures, reviews, editions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.agreements import services
from core.agreements.chapters import BY_NUMBER, CHAPTERS
from core.agreements.documents import PAPER
from core.agreements.models import AGREEMENT_KINDS, SIGNED_HOW, Agreement, AgreementParty
from core.agreements.models.together import LEAD, READ, WRITE
from core.agreements.schemas import agreements as asked
from core.agreements.schemas import collaborations as forms_of
from core.agreements.states import AGREEMENT, APPLIES, BY_ITSELF, COMMITMENT
from core.agreements.views.blueprint import (
    Options,
    area_options,
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
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, fresh, none, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_, Text
from core.schema import ReasonForm, Schema

NEXT = {
    "utkast": N_("Skriv de fjorton kapitlen, lägg till parterna och skicka på remiss."),
    "remiss": N_("Parterna svarar på utkastet. Låt dem sedan signera."),
    "signeras": N_("Texten ligger fast. Den gäller när alla har signerat."),
    "galler": N_("Håll åtagandena. Se över den varje år, och förnya i tid."),
    "revideras": N_("Den gäller tills nästa utgåva tar över."),
}
"""What comes next in each state."""
PARTIES_NEXT = {
    "utkast": N_("Den som leder skriver utkastet. Ni får svara på det när det går på remiss."),
    "remiss": N_("Den som leder läser svaren och låter sedan parterna signera."),
}
"""The same for who does not lead."""
ANSWER, SIGN = N_("Svara på utkastet."), N_("Signera för er part. Texten ligger fast.")
SIGNED = N_("Ni har signerat. Den gäller när alla har signerat.")
LISTS = {
    "parties": N_("parter"), "places": N_("platser"), "areas": N_("områden"), "goals": N_("mål"),
    "priorities": N_("prioriterade områden"), "commitments": N_("åtaganden"),
}  # fmt: skip


@pages.get("/overenskommelser", needs=READ)
def list_agreements() -> flask.Response:
    """List the agreements, the newest first, all or those in one state."""
    wanted, wrong = read_filter(forms_of.AgreementFilter, request.args)
    after: Any = place(wanted.get("efter"), int)
    found = services.agreements.list_agreements(actor(), state=wanted["visa"], after=after)
    counts = services.agreements.count_agreements(actor())
    named = {"": N_("Alla")} | {key: AGREEMENT.states[key].label for key in counts}
    return page(
        "agreements/agreements.html",
        status=422 if wrong else 200,
        doors=doors("overenskommelser"),
        tabs=[
            {
                "text": translate(label),
                "href": flask.url_for("agreements.list_agreements", visa=key or None),
                "current": key == wanted["visa"],
                "count": counts[key] if key else sum(counts.values()),
            }
            for key, label in named.items()
            if not key or counts[key] or key == wanted["visa"]
        ],
        rows=[(row, services.agreements.standing_of(row)) for row in found.rows],
        kinds=AGREEMENT_KINDS,
        filtered=bool(wanted["visa"]),
        may_start=actor().may(LEAD),
        more=flask.url_for("agreements.list_agreements", visa=wanted["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


def _choices() -> dict[str, Options]:
    mine = services.collaborations.list_collaborations(actor(), limit=200).rows
    named = [none(), *((str(row.uid), f"{row.name} ({row.number})") for row in mine)]
    return {
        "organisation": services.agreements.makers(actor()),
        "collaboration": named,
        "cycle": cycle_options(),
    }


@pages.get("/overenskommelser/ny", needs=LEAD)
def new_agreement() -> flask.Response:
    """Ask about a new agreement."""
    schema = asked.NewAgreementForm
    return _new(Form(schema, schema().load_draft({}) | {"uid": db.new_uid()}, options=_choices()))


@pages.post("/overenskommelser/ny", needs=LEAD)
def draft_agreement() -> flask.Response:
    """Draft it."""
    schema = asked.NewAgreementForm
    redraw_with(
        lambda problem: _new(Form(schema, written=request.form, errors=problem.fields(schema), options=_choices()))
    )
    made = services.agreements.draft_agreement(actor(), **said(schema))
    return see_other("agreements.read_agreement", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("agreements/agreement_form.html", form=form, agreement=None, doors=doors("overenskommelser"))


@pages.get("/overenskommelser/<uuid:uid>", needs=READ)
def read_agreement(uid: UUID) -> flask.Response:
    """Show an agreement: what comes next, its chapters, parties with signatures, commitments, reviews."""
    return agreement_page(uid)


@pages.get("/overenskommelser/<uuid:uid>/andra", needs=LEAD)
def edit_agreement(uid: UUID) -> flask.Response:
    """Show the form of a draft."""
    found = services.agreements.read_agreement(actor(), uid, LEAD)
    return _edit(found, _form_of(found))


def _draft_options(found: Agreement) -> dict[str, Options]:
    return {"places": place_options(), "areas": area_options(), "goals": goal_options(found.cycle)}


def _form_of(found: Agreement) -> Form:
    schema, chosen = asked.AgreementForm, services.agreements.chosen(actor(), found)
    known: dict[str, Any] = {name: getattr(found, name, None) for name in schema().fields}
    known |= {f"{name}s": [one.uid for one in rows] for name, rows in chosen.items()}
    return Form(schema, known, version=found.version, options=_draft_options(found))


def _edit(found: Agreement, form: Form) -> flask.Response:
    return page("agreements/agreement_form.html", form=form, agreement=found, doors=doors("overenskommelser"))


@pages.post("/overenskommelser/<uuid:uid>/andra", needs=LEAD)
def change_agreement(uid: UUID) -> flask.Response:
    """Save what has been changed about a draft."""
    schema = asked.AgreementForm

    def again(problem: Any) -> flask.Response:
        found = services.agreements.read_agreement(actor(), uid, LEAD)
        facts: dict[str, Any] = {"version": found.version, "options": _draft_options(found)}
        return _edit(found, Form(schema, written=request.form, errors=problem.fields(schema), **facts))

    redraw_with(again, lambda: _form_of(services.agreements.read_agreement(actor(), uid, LEAD)))
    services.agreements.change_agreement(actor(), uid, version=read_version(request.form), **said(schema))
    return see_other("agreements.read_agreement", uid=uid)


@pages.get("/overenskommelser/<uuid:uid>/kapitel/<int:number>", needs=READ)
def read_chapter(uid: UUID, number: int) -> flask.Response:
    """Show a chapter, to be written by any of the parties."""
    return _chapter_page(uid, number)


@pages.post("/overenskommelser/<uuid:uid>/kapitel/<int:number>", needs=WRITE)
def write_chapter(uid: UUID, number: int) -> flask.Response:
    """Save a chapter."""
    if number not in BY_NUMBER:
        flask.abort(404)
    schema = asked.chapter_form(number)
    redraw_with(lambda problem: _chapter_page(uid, number, refused("kapitel", schema, problem)["kapitel"]))
    version = read_version(request.form)
    services.agreements.write_chapter(actor(), uid, number, version=version, **said(schema))
    return see_other("agreements.read_agreement", uid=uid)


def _chapter_page(uid: UUID, number: int, form: Form | None = None) -> flask.Response:
    found = services.agreements.read_agreement(actor(), uid)
    if number not in BY_NUMBER:
        flask.abort(404)
    row = services.agreements.chapters_of(actor(), found).get(number)
    writes = found.state in ("utkast", "remiss") and services.parties.own_party(actor(), found) is not None
    version = row.version if row else 0
    if form is None and writes:
        form = Form(asked.chapter_form(number), {"text": row.text if row else ""}, version=version)
    return page(
        "agreements/chapter.html",
        agreement=found,
        chapter=BY_NUMBER[number],
        text=row.text if row else "",
        form=form,
    )


@pages.post("/overenskommelser/<uuid:uid>/steg/<key>", needs=LEAD)
def move_agreement(uid: UUID, key: str) -> flask.Response:
    """Send a draft to the parties, take it back, let it be signed, give notice."""
    move = AGREEMENT.move(key)
    redraw_with(lambda problem: agreement_page(uid, refused(key, ReasonForm, problem)))
    known = said(ReasonForm if move.reason else Schema)
    services.signing.move_agreement(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("agreements.read_agreement", uid=uid)


@pages.post("/overenskommelser/<uuid:uid>/prioriterade", needs=LEAD)
def add_priority(uid: UUID) -> flask.Response:
    """Add a priority area."""
    schema = asked.PriorityForm
    redraw_with(lambda problem: agreement_page(uid, refused("prioriterat", schema, problem)))
    services.agreements.add_priority(actor(), uid, **said(schema))
    return see_other("agreements.read_agreement", uid=uid)


@pages.post("/overenskommelser/<uuid:uid>/oversyn", needs=LEAD)
def record_review(uid: UUID) -> flask.Response:
    """Write down what the yearly review came to."""
    schema = asked.ReviewForm
    redraw_with(lambda problem: agreement_page(uid, refused("oversyn", schema, problem)))
    services.signing.record_review(actor(), uid, version=read_version(request.form), **said(schema))
    return see_other("agreements.read_agreement", uid=uid)


@pages.post("/overenskommelser/<uuid:uid>/nasta", needs=LEAD)
def begin_next(uid: UUID) -> flask.Response:
    """Begin the next edition."""
    redraw_with(lambda problem: agreement_page(uid, refused("nasta", asked.NextForm, problem)))
    made = services.signing.begin_next(actor(), uid, **said(asked.NextForm))
    return see_other("agreements.read_agreement", uid=made.uid)


# --- Parties ------------------------------------------------------------------------------------------------------


@pages.post("/overenskommelser/<uuid:uid>/parter", needs=LEAD)
def add_agreement_party(uid: UUID) -> flask.Response:
    """Let an organisation be a party."""
    schema, options = forms_of.AgreementPartForm, {"organisation": organisation_options()}
    redraw_with(lambda problem: agreement_page(uid, refused("part", schema, problem, options)))
    services.parties.add_party(actor(), Agreement, uid, **said(schema))
    return see_other("agreements.read_agreement", uid=uid)


def _of(party: UUID) -> UUID:
    return services.parties.owner_of(actor(), AgreementParty, party)


@pages.post("/overenskommelser/parter/<uuid:uid>", needs=WRITE)
def change_agreement_party(uid: UUID) -> flask.Response:
    """Change a party's mandate, or what it puts in."""
    schema = forms_of.AgreementPartFields
    redraw_with(lambda problem: agreement_page(_of(uid), refused(f"part-{uid}", schema, problem)))
    known = said(schema)
    services.parties.change_party(actor(), AgreementParty, uid, version=read_version(request.form), **known)
    return see_other("agreements.read_agreement", uid=_of(uid))


@pages.post("/overenskommelser/parter/<uuid:uid>/lamna", needs=WRITE)
def leave_agreement(uid: UUID) -> flask.Response:
    """Let a party leave a draft."""
    schema = forms_of.LeaveForm
    redraw_with(lambda problem: agreement_page(_of(uid), refused(f"lamna-{uid}", schema, problem)))
    known = said(schema)
    services.parties.leave(actor(), AgreementParty, uid, **known, version=read_version(request.form))
    return see_other("agreements.read_agreement", uid=_of(uid))


@pages.post("/overenskommelser/parter/<uuid:uid>/svar", needs=WRITE)
def answer(uid: UUID) -> flask.Response:
    """Answer a draft for one's own party."""
    schema = asked.AnswerForm
    redraw_with(lambda problem: agreement_page(_of(uid), refused(f"svar-{uid}", schema, problem)))
    services.signing.answer(actor(), uid, **said(schema), version=read_version(request.form))
    return see_other("agreements.read_agreement", uid=_of(uid))


@pages.post("/overenskommelser/parter/<uuid:uid>/underskrift", needs=WRITE)
def sign(uid: UUID) -> flask.Response:
    """Keep a party's signature."""
    schema = asked.SignForm
    redraw_with(lambda problem: agreement_page(_of(uid), refused(f"underskrift-{uid}", schema, problem)))
    services.signing.sign(actor(), uid, **said(schema), version=read_version(request.form))
    return see_other("agreements.read_agreement", uid=_of(uid))


# --- The page -----------------------------------------------------------------------------------------------------


def agreement_page(uid: UUID, again: Forms | None = None) -> flask.Response:
    """Show an agreement, with a form again that was refused."""
    found, again = services.agreements.read_agreement(actor(), uid), again or {}
    leads, own = services.agreements.leads(actor(), found), services.parties.own_party(actor(), found)
    parties = services.parties.parties_of(actor(), found)
    text = services.texts.text_of(found)
    moves = [move for move in moves_for(AGREEMENT, found, actor()) if leads and move.key not in BY_ITSELF]
    forms: Forms = {move.key: Form(ReasonForm, version=found.version, ids=move.key) for move in moves if move.reason}
    forms |= _forms(found, parties, leads=leads, own=own)
    checks = services.checks.standing_checks([one.organisation_id for one in parties])
    new = services.texts.what_changed(found)
    return page(
        "agreements/agreement.html",
        agreement=found,
        kinds=AGREEMENT_KINDS,
        stands=services.agreements.standing_of(found),
        asked=_next(found, own, leads=leads),
        later=services.agreements.applies_later(found),
        on=next((move for move in moves if not move.reason), None),
        moves=[move for move in moves if move.reason],
        chapters=[(one, next(c["text"] for c in text["chapters"] if c["number"] == one.number)) for one in CHAPTERS],
        lacking=services.texts.lacking(text),
        text=text,
        parties=parties,
        roles=PARTY_ROLES,
        how=SIGNED_HOW,
        outside={one.id: checks.get(one.organisation_id) for one in parties if _asked(one)},
        commitments=[
            (one, COMMITMENT.states[one.commitment.state])
            for one in services.commitments.commitments_of(actor(), found)
        ],
        priorities=services.agreements.priorities_of(actor(), found),
        reviews=services.agreements.reviews_of(actor(), found),
        after=services.agreements.next_edition(actor(), found),
        new=new,
        lists=LISTS,
        applies=found.state in APPLIES,
        draft=found.state in ("utkast", "remiss"),
        own=own,
        leads=leads,
        paper=PAPER,
        events=[told(event) for event in services.collaborations.events_of(actor(), found)],
        forms=forms | again,
        form=next(iter(again.values()), None),
    )


def _next(found: Agreement, own: Any, *, leads: bool) -> str | None:
    """Return the next step of who reads: of its own party what is asked of that, of who leads what there is to do."""
    if own is not None and found.state == "signeras":
        return SIGN if own.signed_on is None else SIGNED
    if leads or found.state not in PARTIES_NEXT:
        return NEXT.get(found.state)
    if found.state == "remiss" and own is not None and own.answered_at is None:
        return Text(N_("Svara på utkastet senast {day}."), day=found.answer_by) if found.answer_by else ANSWER
    return PARTIES_NEXT[found.state]


def _asked(party: Any) -> bool:
    return services.checks.needs_check(party.organisation)


def _forms(found: Agreement, parties: Any, *, leads: bool, own: Any) -> Forms:
    forms: Forms = {}
    draft, today = found.state in ("utkast", "remiss"), clock.today()
    if leads and draft:
        forms |= fresh(forms_of.AgreementPartForm, "part", {"organisation": organisation_options()})
        forms |= fresh(asked.PriorityForm, "prioriterat", uid=db.new_uid())
    if leads and found.state in APPLIES:
        forms["oversyn"] = Form(asked.ReviewForm, version=found.version, ids="oversyn")
        forms |= fresh(asked.NextForm, "nasta", uid=db.new_uid())
    if draft and (leads or own is not None):
        options = {"organisation": party_options(found), "goal": [none(), *goal_options(found.cycle)]}
        known = {"organisation": own.organisation.uid} if own else {}
        forms |= fresh(asked.CommitmentForm, "atagande", options, uid=db.new_uid(), starts_on=today, **known)
    for party in parties:
        mine = own is not None and services.keeping.acts_for(actor(), party.organisation_id)
        key, at = party.uid, {"version": party.version}
        if draft and (leads or mine):
            facts = {name: getattr(party, name) for name in forms_of.AgreementPartFields().fields}
            forms[f"part-{key}"] = Form(forms_of.AgreementPartFields, facts, ids=f"part-{key}", **at)
            if party.organisation_id != found.organisation_id:
                forms[f"lamna-{key}"] = Form(forms_of.LeaveForm, ids=f"lamna-{key}", **at)
        if found.state == "remiss" and mine and party.organisation_id != found.organisation_id:
            forms[f"svar-{key}"] = Form(asked.AnswerForm, {"text": party.answer}, ids=f"svar-{key}", **at)
        if found.state == "signeras" and party.signed_on is None and (mine or leads):
            how = {"how": "e_underskrift" if mine else "inskannad", "by": party.mandate, "on": today}
            forms[f"underskrift-{key}"] = Form(asked.SignForm, how, ids=f"underskrift-{key}", **at)
    return forms
