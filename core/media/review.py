"""The review of pictures: one person proposes what to cover, another releases it; and hiding one at once.

A released mask is made into the picture by the worker, from the stored original; the picture without it is then
removed. Solid fill, never blur. From the decision on nobody is shown the old one (domain.md 2.4, reliability.md P14).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select

from core import access, clock, db, journal, outbox
from core.access import Actor
from core.i18n import N_, Text
from core.media.keepers import keeps
from core.media.models import HIDE, READ, Mask, Photo
from core.media.states import (
    BOX_KINDS,
    NOT_NEEDED,
    NOT_REVIEWED,
    PROPOSED,
    READY,
    RECEIVED,
    RELEASED,
    REPLACED,
    RETURNED,
    REVIEWED,
    SUGGESTED,
)
from core.schema import Invalid

PROPOSE, RELEASE, SHOW = "media:mask:propose", "media:mask:release", "media:photo:show"
PAGE = 24
COUNTED = 100

THINNEST, WHOLE, ROUNDED = 0.1, 100, 0.05
"""Percent: the smallest side of a rectangle, the whole picture, and what rounding may add up to."""

Box = dict[str, Any]
"""kind, and left, top, width, height in percent of the upright picture."""


class ReviewRefused(Exception):
    """The picture cannot be reviewed so now; the message says what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Waiting:
    """A picture that waits for review, and who has proposed what for it."""

    photo: Photo
    mask: Mask | None
    mine: bool
    """The actor made the proposal, so that another person releases it."""


@dataclass(frozen=True)
class Page:
    """A page of pictures, and after which key the next one begins."""

    rows: list[Waiting]
    after: int | None


def read(actor: Actor, uid: UUID) -> tuple[Photo, Mask | None]:
    """Return a photo that the actor may review, and the newest proposal about it that was not replaced."""
    photo = access.find(Photo, uid, actor, READ)
    _refuse_hidden(actor, photo)
    return photo, db.session().scalar(_newest(photo))


def may(actor: Actor, photo: Photo, permission: str) -> bool:
    """Whether the actor reaches the photo with the permission, for buttons."""
    found = select(Photo.id).where(Photo.id == photo.id, access.rule_of(Photo, actor, permission))
    return actor.may(permission) and db.session().scalar(found) is not None


def propose_mask(actor: Actor, uid: UUID, boxes: Sequence[Box], *, version: int | None = None) -> Mask:
    """Propose to cover `boxes`. A picture that others see already is withdrawn from outside at once.

    What a released mask covers stays covered: only a keeper of the original may leave a rectangle of it out.
    Raises Denied, Missing, Stale, ReviewRefused, and Invalid with the field of each rectangle.
    """
    photo = _to_review(actor, uid, PROPOSE, version)
    wanted = [dict(box) for box in boxes]
    if not wanted:
        raise ReviewRefused(N_("Rita minst en ruta, eller välj att bilden inte behöver någon mask."))
    if faults := {f"boxes.{n}.{name}": [text] for n, box in enumerate(wanted) for name, text in faults_of(box)}:
        raise Invalid(faults)
    return _propose(actor, photo, _with_those_before(actor, photo, wanted))


def propose_none(actor: Actor, uid: UUID, *, version: int | None = None) -> Mask:
    """Propose that nothing in the picture needs covering. Of a masked one only a keeper may say so."""
    photo = _to_review(actor, uid, PROPOSE, version)
    if photo.mask_id is not None and not keeps(actor, photo):
        raise ReviewRefused(N_("Bilden är maskad. Bara den som har tillgång till originalet kan ta bort masken."))
    return _propose(actor, photo, [])


def release(actor: Actor, uid: UUID, *, version: int | None = None) -> Mask:
    """Let the proposal about a picture come true. Whoever made the proposal cannot (design.md 9)."""
    photo = _to_review(actor, uid, RELEASE, version)
    mask = _proposal(photo)
    if mask.proposed_by_id == actor.id:
        raise ReviewRefused(N_("Du har själv gjort förslaget. Någon annan släpper bilden."))
    _decide(actor, mask, RELEASED)
    photo.review = REVIEWED if mask.boxes else NOT_NEEDED
    if mask.boxes or photo.mask_id is not None:
        _make_again(photo, mask)
    journal.write(
        actor,
        "photo:release",
        "photo",
        uid,
        level=photo.level,
        mask=mask.uid,
        boxes=len(mask.boxes),
        review=photo.review,
    )
    return mask


def send_back(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> Mask:
    """Send a proposal back with the reason why it is not enough, or too much."""
    photo = _to_review(actor, uid, RELEASE, version)
    mask = _proposal(photo)
    _decide(actor, mask, RETURNED, reason)
    journal.write(actor, "photo:return", "photo", uid, level=photo.level, mask=mask.uid, reason=reason)
    return mask


def hide(actor: Actor, uid: UUID, *, reason: str) -> Photo:
    """Hide a photo from everybody but those who may hide, at once. Hidden twice it is hidden once."""
    photo = access.find(Photo, uid, actor, HIDE, lock=True)
    if photo.hidden_at is None:
        photo.hidden_at, photo.hidden_by_id, photo.hidden_reason = clock.now(), actor.id, reason
        photo.review_version += 1
        journal.write(actor, "photo:hide", "photo", uid, level=photo.level, reason=reason)
    return photo


def is_another(actor: Actor, photo: Photo) -> bool:
    """Whether the actor is somebody else than who hid the photo."""
    return photo.hidden_by_id != actor.id


def show(actor: Actor, uid: UUID, *, reason: str) -> Photo:
    """Show a hidden photo again. Whoever hid it does not decide that alone."""
    photo = access.find(Photo, uid, actor, SHOW, lock=True)
    if photo.hidden_at is None:
        return photo
    if not is_another(actor, photo):
        raise ReviewRefused(N_("Du har själv dolt bilden. Någon annan visar den igen."))
    photo.hidden_at = photo.hidden_by_id = photo.hidden_reason = None
    photo.review_version += 1
    journal.write(actor, "photo:show", "photo", uid, level=photo.level, reason=reason)
    return photo


def waiting(actor: Actor, *, to_release: bool | None = None, after: int | None = None, limit: int = PAGE) -> Page:
    """Return pictures in the actor's reach that nobody outside sees yet, the oldest first.

    `to_release`: only those with a proposal that another person made (True), or with none (False).
    """
    access.require(actor, READ)
    rows = select(Photo, Mask).outerjoin(Mask, and_(Mask.photo_id == Photo.id, Mask.state == PROPOSED))
    rows = rows.where(Photo.review.in_((NOT_REVIEWED, SUGGESTED)), Photo.state == READY, Photo.hidden_at.is_(None))
    rows = rows.where(access.rule_of(Photo, actor, READ))
    if to_release is True:
        rows = rows.where(Mask.proposed_by_id != actor.id)
    elif to_release is False:
        rows = rows.where(Mask.id.is_(None))
    if after is not None:
        rows = rows.where(Photo.id > after)
    found = db.session().execute(rows.order_by(Photo.id).limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    shown = [Waiting(photo, mask, mask is not None and mask.proposed_by_id == actor.id) for photo, mask in found]
    return Page(shown, shown[-1].photo.id if more else None)


def counts(actor: Actor) -> tuple[int, int]:
    """Return how many pictures wait for somebody to mask them, and for the actor to release: at most 100 each."""
    if not actor.may(READ):
        return 0, 0
    proposal = and_(Mask.photo_id == Photo.id, Mask.state == PROPOSED)
    rows = select(Photo.id, Mask.proposed_by_id.label("by")).outerjoin(Mask, proposal)
    rows = rows.where(Photo.review.in_((NOT_REVIEWED, SUGGESTED)), Photo.state == READY, Photo.hidden_at.is_(None))
    some = rows.where(access.rule_of(Photo, actor, READ)).limit(2 * COUNTED).subquery()
    none = func.sum(case((some.c.by.is_(None), 1), else_=0))
    others = func.sum(case((some.c.by != actor.id, 1), else_=0))
    found = db.session().execute(select(none, others)).one()
    return min(found[0] or 0, COUNTED), min(found[1] or 0, COUNTED)


def covered(photo: Photo) -> list[Box]:
    """Return the rectangles that the photo's pictures are made with."""
    mask = db.session().get(Mask, photo.mask_id) if photo.mask_id is not None else None
    return list(mask.boxes) if mask else []


def faults_of(box: Box) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a rectangle: the name of its field, and what to write instead."""
    for name in ("left", "top", "width", "height"):
        value = box.get(name)
        if value is None:
            yield name, N_("Skriv ett tal, eller töm hela rutan.")
        elif name in ("width", "height") and value < THINNEST:
            yield name, Text(N_("Skriv minst {min}."), min=str(THINNEST).replace(".", ","))
        elif not 0 <= value <= WHOLE:
            yield name, N_("Skriv ett tal mellan 0 och 100.")
    for start, size in (("left", "width"), ("top", "height")):
        if (box.get(start) or 0) + (box.get(size) or 0) > WHOLE + ROUNDED:
            yield size, N_("Rutan går utanför bilden. Skriv ett mindre tal.")
    if box.get("kind") not in BOX_KINDS:
        yield "kind", N_("Välj vad rutan täcker.")


def _refuse_hidden(actor: Actor, photo: Photo) -> None:
    """Hidden is hidden, but for those who hide."""
    if photo.hidden_at is not None and not may(actor, photo, HIDE):
        raise access.Missing("photo", photo.uid)


def _to_review(actor: Actor, uid: UUID, permission: str, version: int | None) -> Photo:
    photo = access.find(Photo, uid, actor, permission, lock=True)
    _refuse_hidden(actor, photo)
    db.refuse_stale("photo", uid, photo.review_version, version)
    if photo.state != READY:
        raise ReviewRefused(N_("Bilden görs klar just nu. Försök igen om en stund."))
    photo.review_version += 1
    return photo


def _propose(actor: Actor, photo: Photo, boxes: list[Box]) -> Mask:
    for earlier in db.session().scalars(select(Mask).where(Mask.photo_id == photo.id, Mask.state == PROPOSED)):
        earlier.state = REPLACED
    mask = Mask(photo_id=photo.id, boxes=boxes, state=PROPOSED, proposed_by_id=actor.id, proposed_at=clock.now())
    db.session().add(mask)
    if photo.review not in (NOT_REVIEWED, SUGGESTED):
        journal.write(actor, "photo:withdraw", "photo", photo.uid, level=photo.level, review=photo.review)
    photo.review = NOT_REVIEWED
    db.session().flush()
    journal.write(actor, "photo:mask", "photo", photo.uid, level=photo.level, mask=mask.uid, boxes=len(boxes))
    return mask


def _with_those_before(actor: Actor, photo: Photo, wanted: list[Box]) -> list[Box]:
    if keeps(actor, photo):
        return wanted
    return [*(dict(box) for box in covered(photo) if dict(box) not in wanted), *wanted]


def _proposal(photo: Photo) -> Mask:
    mask = db.session().scalar(select(Mask).where(Mask.photo_id == photo.id, Mask.state == PROPOSED))
    if mask is None:
        raise ReviewRefused(N_("Det finns inget förslag att ta ställning till. Ladda om sidan."))
    return mask


def _decide(actor: Actor, mask: Mask, state: str, reason: str | None = None) -> None:
    mask.state, mask.decided_by_id, mask.decided_at, mask.reason = state, actor.id, clock.now(), reason


def _make_again(photo: Photo, mask: Mask) -> None:
    """Take the pictures away now, and let the worker make those that the mask leaves."""
    photo.state, photo.mask_id = RECEIVED, mask.id if mask.boxes else None
    outbox.put("pictures", {"photo": str(photo.uid), "old": photo.forget_pictures()})


def _newest(photo: Photo) -> Any:
    rows = select(Mask).where(Mask.photo_id == photo.id, Mask.state != REPLACED)
    return rows.order_by(Mask.id.desc()).limit(1)
