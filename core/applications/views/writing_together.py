"""The page of those who apply together, what is said about the parts, and a board's own order in a round."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, db
from core.applications.models import AUDIENCES, READ, WRITE, Application, ApplicationParty
from core.applications.parts import PARTS
from core.applications.schemas.writing_together import CommentForm, InviteForm, JoiningForm
from core.applications.services import applications, writing_together
from core.applications.states import APPLICATION
from core.applications.views.blueprint import beside, context_of, pages, sent, stands
from core.http import actor, page, see_other
from core.http.forms import Form, Forms, fresh, read_filter
from core.schema import ReasonForm, Schema, fields

COMMENT = "kommentar"


@beside
def _comments_beside(application: Application, part: str | None) -> dict[str, Any]:
    """What has been said about a part, and the form to say more, beside it."""
    if part is None:
        return {"comments": [], "comment_form": None}
    known: dict[str, Any] = {"uid": db.new_uid(), "part": part, "audience": "intern"}
    return {
        "comments": writing_together.comments_of(actor(), application, part),
        "comment_form": fresh(CommentForm, COMMENT, **known)[COMMENT],
        "audiences": AUDIENCES,
    }


@pages.post("/ansokningar/<uuid:uid>/kommentarer", needs=READ)
def comment(uid: UUID) -> flask.Response:
    """Say something about a part, or about the whole of it."""
    known = sent(partial(_together_page, uid), COMMENT, CommentForm)
    writing_together.comment(actor(), uid, **known)
    if known["part"] in PARTS:
        return see_other("applications.read_part", uid=uid, key=known["part"], _anchor="kommentarer")
    return see_other("applications.list_together", uid=uid)


@pages.get("/ansokningar/<uuid:uid>/tillsammans", needs=READ)
def list_together(uid: UUID) -> flask.Response:
    """Show which boards apply together, and all that has been said."""
    return _together_page(uid)


@pages.post("/ansokningar/<uuid:uid>/tillsammans", needs=WRITE)
def invite(uid: UUID) -> flask.Response:
    """Let a board apply together with one's own."""
    known = sent(partial(_together_page, uid), "bjud-in", InviteForm, lambda: _boards(uid))
    writing_together.invite(actor(), uid, **known)
    return see_other("applications.list_together", uid=uid)


@pages.post("/ansokningar/medsokande/<uuid:uid>/svara", needs=WRITE)
def answer_together(uid: UUID) -> flask.Response:
    """Say whether one's board applies together with the one that asked."""
    party = access.find(ApplicationParty, uid, actor(), READ)
    about = db.session().get_one(Application, party.application_id).uid
    known = sent(partial(_together_page, about), f"svara-{uid}", JoiningForm)
    found = writing_together.answer(actor(), uid, joins=known["joins"] == "ja", reason=known["reason"])
    if not applications.reaches(actor(), found, READ):
        return see_other("applications.list_applications")
    return see_other("applications.read_application", uid=about)


@pages.post("/ansokningar/medsokande/<uuid:uid>/lamna", needs=WRITE)
def leave_application(uid: UUID) -> flask.Response:
    """Let a board apply no longer."""
    party = access.find(ApplicationParty, uid, actor(), READ)
    about = db.session().get_one(Application, party.application_id).uid
    known = sent(partial(_together_page, about), f"lamna-{uid}", ReasonForm)
    found = writing_together.leave(actor(), uid, **known)
    if not applications.reaches(actor(), found, READ):
        return see_other("applications.list_applications")
    return see_other("applications.list_together", uid=about)


def _boards(uid: UUID) -> dict[str, Any]:
    found = applications.read_application(actor(), uid)
    return {"organisation": writing_together.boards(actor(), found)}


def _together_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = applications.read_application(actor(), uid)
    parties = applications.parties_of(found)
    draft = found.state == APPLICATION.start and actor().may(WRITE)
    leads = draft and writing_together.leads(actor(), found)
    forms = fresh(CommentForm, COMMENT, uid=db.new_uid(), audience="intern")
    if leads:
        forms |= {"bjud-in": Form(InviteForm, options=_boards(uid), ids="bjud-in")}
    for party in parties:
        own = draft and party.organisation_id in actor().homes(WRITE)
        if own and party.joined_on is None:
            forms |= {f"svara-{party.uid}": Form(JoiningForm, ids=f"svara-{party.uid}")}
        elif leads or own:
            forms |= {f"lamna-{party.uid}": Form(ReasonForm, ids=f"lamna-{party.uid}")}
    told = refused or {}
    return page(
        "applications/together.html",
        **context_of(found),
        parties=parties,
        said=writing_together.comments_of(actor(), found),
        titles=PARTS,
        audiences=AUDIENCES,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


# --- A board's own order ------------------------------------------------------------------------------------------


class RoundFilter(Schema):
    """Of which round; the last in which one has applications, unless said otherwise."""

    omgang = fields.Uid(allow_none=True, load_default=None)


@pages.get("/ansokningar/egen-ordning", needs=WRITE)
def own_order() -> flask.Response:
    """Show one's own applications in a round, in the order that one wants them."""
    asked, _ = read_filter(RoundFilter, request.args)
    return _order_page(asked["omgang"])


@pages.post("/ansokningar/<uuid:uid>/<any(upp, ned):step>", needs=WRITE)
def move_in_order(uid: UUID, step: str) -> flask.Response:
    """Move an application a step up or down among one's own."""
    found = applications.read_application(actor(), uid, WRITE)
    about = found.round.uid if found.round else None
    sent(lambda refused: _order_page(about, refused), "ordning", Schema)
    writing_together.move_in_order(actor(), uid, by=-1 if step == "upp" else 1)
    return see_other("applications.own_order", omgang=about, _anchor=f"a-{uid}")


def _order_page(uid: UUID | None, refused: Forms | None = None) -> flask.Response:
    wanted = uid or writing_together.last_round(actor())
    about, found = writing_together.own_order(actor(), wanted) if wanted else (None, [])
    told = refused or {}
    return page(
        "applications/own_order.html",
        about=about,
        boards=list(_by_board(found)),
        open=about is not None and writing_together.is_open(about),
        form=next(iter(told.values()), None),
    )


def _by_board(found: list[Application]) -> Iterator[tuple[str, list[tuple[Application, Any]]]]:
    names = dict.fromkeys((one.organisation.name, one.organisation_id) for one in found)
    for name, key in names:
        yield name, [(one, stands(one)) for one in found if one.organisation_id == key]
