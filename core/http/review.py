"""The pages on which pictures are reviewed: what waits, what to cover, who releases, and hiding one at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import media
from core.http.blueprints import Pages
from core.http.forms import Form, read_form, read_query, read_version
from core.http.frame import actor
from core.http.pages import page, redraw_with, see_other
from core.http.paging import mark, place
from core.media import keepers, review
from core.media.models import HIDE, READ, about, record_page
from core.media.schemas import Nothing, Which, Why, as_rows, boxes_of, mask_schema, rows_for
from core.media.spots import CAREFUL, CAUTION, policy_of
from core.media.states import PROPOSED, READY, RETURNED, REVIEWS

pages = Pages("review", __name__)


@pages.get("/bilder/att-granska", needs=READ)
def list_waiting() -> flask.Response:
    """List the pictures that nobody outside sees yet: those to mask, or those that another person has masked."""
    asked = read_query(Which, request.args)
    after = place(asked.get("efter"), int)
    to_release = asked["visa"] == "slappa"
    found = review.waiting(actor(), to_release=to_release, after=after[0] if after else None)
    more = None
    if found.after:
        more = flask.url_for("review.list_waiting", visa=asked["visa"], efter=mark((found.after,)))
    return page(
        "media/waiting.html",
        rows=found.rows,
        about=about(actor(), [one.photo for one in found.rows]),
        more=more,
        to_release=to_release,
        counts=review.counts(actor()),
    )


@pages.get("/bilder/<uuid:uid>/maskera", needs=READ)
def read(uid: UUID) -> flask.Response:
    """Show a picture with what is proposed to be covered, and what the person may do about it."""
    return _page(uid, changing="andra" in request.args)


@pages.post("/bilder/<uuid:uid>/maskera", needs=review.PROPOSE)
def propose_mask(uid: UUID) -> flask.Response:
    """Propose what to cover."""
    schema = mask_schema(rows_for([], least=_rows_sent()))
    redraw_with(lambda problem: _page(uid, mask=_written(schema, problem), changing=True))
    known = schema().load(read_form(schema, request.form))
    review.propose_mask(actor(), uid, boxes_of(known), version=read_version(request.form))
    return see_other("review.read", uid=uid)


@pages.post("/bilder/<uuid:uid>/behovs_ej", needs=review.PROPOSE)
def propose_none(uid: UUID) -> flask.Response:
    """Propose that nothing needs covering."""
    redraw_with(lambda problem: _page(uid, refused=problem))
    Nothing().load(read_form(Nothing, request.form))
    review.propose_none(actor(), uid, version=read_version(request.form))
    return see_other("review.read", uid=uid)


@pages.post("/bilder/<uuid:uid>/slapp", needs=review.RELEASE)
def release(uid: UUID) -> flask.Response:
    """Let another person's proposal come true."""
    redraw_with(lambda problem: _page(uid, refused=problem))
    Nothing().load(read_form(Nothing, request.form))
    review.release(actor(), uid, version=read_version(request.form))
    return see_other("review.list_waiting", visa="slappa")


@pages.post("/bilder/<uuid:uid>/<any(skicka_tillbaka, dolj, visa):act>", needs=READ)
def decide(uid: UUID, act: str) -> flask.Response:
    """Send a proposal back, hide the picture or show it again: each with a reason."""
    asked = "back" if act == "skicka_tillbaka" else "hiding"

    def again(problem: Any) -> flask.Response:
        refused = Form(Why, written=request.form, errors=problem.fields(Why), ids=asked)
        return _page(uid, back=refused) if asked == "back" else _page(uid, hiding=refused)

    redraw_with(again)
    reason = Why().load(read_form(Why, request.form))["reason"]
    if act == "skicka_tillbaka":
        review.send_back(actor(), uid, reason=reason, version=read_version(request.form))
    elif act == "dolj":
        review.hide(actor(), uid, reason=reason)
    else:
        review.show(actor(), uid, reason=reason)
    return see_other("review.read", uid=uid)


def _written(schema: Any, problem: Any) -> Form:
    """Return the form with what was written; a message without a field stands above it."""
    return Form(schema, written=request.form, errors=problem.fields(schema))


def _rows_sent() -> int:
    """Return how many rectangles the form that was sent has room for."""
    return len({name.partition(".")[0] for name in request.form if "." in name})


def _page(
    uid: UUID,
    *,
    mask: Form | None = None,
    back: Form | None = None,
    hiding: Form | None = None,
    refused: Any = None,
    changing: bool = False,
) -> flask.Response:
    """Draw the page. Whoever may release somebody's proposal either releases it or is `changing` it, never both."""
    photo, proposal = review.read(actor(), uid)
    waits = proposal is not None and proposal.state == PROPOSED
    boxes = list(proposal.boxes) if proposal is not None and waits else review.covered(photo)
    if mask is None:
        told = {"": [refused.detail]} if refused is not None else None
        mask = Form(mask_schema(rows_for(boxes)), as_rows(boxes), version=photo.review_version, errors=told)
    mine = waits and proposal is not None and proposal.proposed_by_id == actor().id
    rights, at_rest = _may(photo), photo.state == READY and photo.hidden_at is None
    releases = rights["release"] and waits and not mine and at_rest and not changing
    return page(
        "media/review.html",
        photo=photo,
        proposal=proposal,
        waits=waits,
        sent_back=proposal is not None and proposal.state == RETURNED,
        mine=mine,
        releases=releases,
        edits=rights["propose"] and at_rest and not releases,
        boxes=boxes,
        rows=_rows(mask),
        reviews=REVIEWS,
        may=rights,
        caution=CAUTION if policy_of(photo) == CAREFUL else "",
        record=record_page(photo),
        about=about(actor(), [photo]).get(photo.uid),
        gets_original=media.gets_original(actor(), uid),
        sees_keepers=actor().may(keepers.READ),
        mask=mask,
        back=back or Form(Why, ids="back"),
        hiding=hiding or Form(Why, ids="hiding"),
        form=next((one for one in (mask, back, hiding) if one is not None and one.errors), None),
    )


def _rows(form: Form) -> list[list[Any]]:
    """Return the form's fields, those of one rectangle together."""
    found: dict[str, list[Any]] = {}
    for field in form.fields:
        found.setdefault(field.name.partition(".")[0], []).append(field)
    return list(found.values())


def _may(photo: Any) -> dict[str, bool]:
    rights = {right: review.may(actor(), photo, needs) for right, needs in _RIGHTS.items()}
    return rights | {"show": rights["show"] and review.is_another(actor(), photo)}


_RIGHTS = {"propose": review.PROPOSE, "release": review.RELEASE, "hide": HIDE, "show": review.SHOW}
