"""The pages of commitments: proposed in a collaboration or an agreement, each with its times and how it was kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.agreements import services
from core.agreements.models import COMMITMENT_KINDS, Agreement, Collaboration
from core.agreements.models.together import READ, WRITE
from core.agreements.schemas import agreements as asked
from core.agreements.schemas.agreements import OFTEN
from core.agreements.states import COMMITMENT, DRAFTED, WHILE_DRAFTED
from core.agreements.views.agreements import agreement_page
from core.agreements.views.blueprint import goal_options, pages, party_options
from core.agreements.views.collaborations import collaboration_page
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, none, read_version, refused, said
from core.schema import ReasonForm, Schema


def _options(thing: Any) -> dict[str, Any]:
    return {"organisation": party_options(thing), "goal": [none(), *goal_options(thing.cycle)]}


@pages.post("/platssamverkan/<uuid:uid>/ataganden", needs=WRITE)
def propose(uid: UUID) -> flask.Response:
    """Propose a commitment in a platssamverkan."""
    schema, options = asked.CommitmentForm, _options(services.collaborations.read_collaboration(actor(), uid))
    redraw_with(lambda problem: collaboration_page(uid, refused("atagande", schema, problem, options)))
    services.commitments.propose(actor(), Collaboration, uid, **said(schema))
    return see_other("agreements.read_collaboration", uid=uid)


@pages.post("/overenskommelser/<uuid:uid>/ataganden", needs=WRITE)
def propose_in_agreement(uid: UUID) -> flask.Response:
    """Propose a commitment in an agreement."""
    schema, options = asked.CommitmentForm, _options(services.agreements.read_agreement(actor(), uid))
    redraw_with(lambda problem: agreement_page(uid, refused("atagande", schema, problem, options)))
    services.commitments.propose(actor(), Agreement, uid, **said(schema))
    return see_other("agreements.read_agreement", uid=uid)


@pages.get("/ataganden/<uuid:uid>", needs=READ)
def read_commitment(uid: UUID) -> flask.Response:
    """Show a commitment with its times."""
    return _commitment_page(uid)


@pages.post("/ataganden/<uuid:uid>/steg/<key>", needs=WRITE)
def move_commitment(uid: UUID, key: str) -> flask.Response:
    """Take a commitment on, decline it, end it or propose it again."""
    move = COMMITMENT.move(key)
    redraw_with(lambda problem: _commitment_page(uid, refused(key, ReasonForm, problem)))
    known = said(ReasonForm if move.reason else Schema)
    services.commitments.move_commitment(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("agreements.read_commitment", uid=uid)


@pages.post("/ataganden/tillfallen/<uuid:uid>", needs=WRITE)
def tell_time(uid: UUID) -> flask.Response:
    """Say whether a commitment was kept."""
    whose = services.commitments.commitment_of(actor(), uid)
    redraw_with(lambda problem: _commitment_page(whose, refused(f"tillfalle-{uid}", asked.TimeForm, problem)))
    known = said(asked.TimeForm)
    kept = known["kept"] == "ja"
    services.commitments.tell_time(actor(), uid, kept_it=kept, told=known["told"], version=read_version(request.form))
    return see_other("agreements.read_commitment", uid=whose)


def _commitment_page(uid: UUID, again: Forms | None = None) -> flask.Response:
    row, again = services.commitments.read_commitment(actor(), uid), again or {}
    own = services.keeping.acts_for(actor(), row.organisation_id)
    times = services.commitments.times_of(actor(), row)
    thing = row.collaboration or row.agreement
    moves = moves_for(COMMITMENT, row, actor()) if own and not services.parties.has_ended(thing) else []
    if row.agreement is not None:
        moves = [move for move in moves if move.key in WHILE_DRAFTED and row.agreement.state in DRAFTED]
    forms: Forms = {move.key: Form(ReasonForm, version=row.version, ids=move.key) for move in moves if move.reason}
    if own:
        for time in times:
            if time.kept is None:
                ids = f"tillfalle-{time.uid}"
                forms[ids] = Form(asked.TimeForm, version=time.version, ids=ids)
    home = "agreements.read_collaboration" if row.collaboration else "agreements.read_agreement"
    return page(
        "agreements/commitment.html",
        commitment=row,
        thing=thing,
        title=row.collaboration.name if row.collaboration else row.agreement.title if row.agreement else "",
        home=home,
        stands=COMMITMENT.states[row.state],
        kinds=COMMITMENT_KINDS,
        often=OFTEN.get(row.rrule, row.rrule),
        times=times,
        moves=moves,
        forms=forms | again,
        form=next(iter(again.values()), None),
    )
