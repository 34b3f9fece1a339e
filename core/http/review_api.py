"""The review of pictures in the API: the rules of the pages, for a program that masks or hides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.http.blueprints import Api, expected_version, with_etag
from core.http.frame import actor
from core.media import review
from core.media.models import HIDE, READ
from core.media.schemas import BoxesIn, Nothing, ReviewOut, Why

api = Api("review-api", __name__, description="Granskning av bilder: masker, och att dölja en bild.")


@api.route("/photos/<uuid:uid>/mask", methods=["GET"], needs=READ)
@api.doc(**{"x-version": "reads"})
@api.response(200, ReviewOut)
def read_mask(uid: UUID) -> Any:
    """Vad som är täckt i bilden, och det senaste förslaget."""
    return _answer(uid)


@api.route("/photos/<uuid:uid>/mask", methods=["PUT"], needs=review.PROPOSE)
@api.doc(**{"x-version": "changes"})
@api.reads(BoxesIn)
@api.response(200, ReviewOut)
def propose_mask(known: dict[str, Any], uid: UUID) -> Any:
    """Föreslå vad som ska täckas; en tom lista säger att inget behöver det. Någon annan släpper bilden."""
    if known["boxes"]:
        review.propose_mask(actor(), uid, known["boxes"], version=expected_version())
    else:
        review.propose_none(actor(), uid, version=expected_version())
    return _answer(uid)


@api.route("/photos/<uuid:uid>/mask/release", methods=["POST"], needs=review.RELEASE)
@api.doc(**{"x-version": "changes"})
@api.reads(Nothing)
@api.response(200, ReviewOut)
def release_mask(known: dict[str, Any], uid: UUID) -> Any:  # noqa: ARG001 - an empty object: all is said
    """Släpp någon annans förslag; kroppen är ett tomt objekt."""
    review.release(actor(), uid, version=expected_version())
    return _answer(uid)


@api.route("/photos/<uuid:uid>/mask/return", methods=["POST"], needs=review.RELEASE)
@api.doc(**{"x-version": "changes"})
@api.reads(Why)
@api.response(200, ReviewOut)
def return_mask(known: dict[str, Any], uid: UUID) -> Any:
    """Skicka tillbaka ett förslag, med skäl."""
    review.send_back(actor(), uid, reason=known["reason"], version=expected_version())
    return _answer(uid)


@api.route("/photos/<uuid:uid>/hide", methods=["POST"], needs=HIDE)
@api.reads(Why)
@api.response(204)
def hide_photo(known: dict[str, Any], uid: UUID) -> None:
    """Dölj en bild genast för alla utom dem som får dölja, med skäl. Version behövs inte."""
    review.hide(actor(), uid, reason=known["reason"])


@api.route("/photos/<uuid:uid>/show", methods=["POST"], needs=review.SHOW)
@api.reads(Why)
@api.response(204)
def show_photo(known: dict[str, Any], uid: UUID) -> None:
    """Visa en dold bild igen, med skäl. Den som dolde den kan inte."""
    review.show(actor(), uid, reason=known["reason"])


def _answer(uid: UUID) -> Any:
    photo, proposal = review.read(actor(), uid)
    body = {
        "uid": photo.uid,
        "review": photo.review,
        "state": photo.state,
        "hidden": photo.hidden_at is not None,
        "version": photo.review_version,
        "covered": review.covered(photo),
        "proposal": None,
    }
    if proposal is not None:
        facts = {name: getattr(proposal, name) for name in ("uid", "state", "boxes", "proposed_at", "reason")}
        body["proposal"] = facts | {"mine": proposal.proposed_by_id == actor().id}
    return with_etag(body, photo.review_version)
