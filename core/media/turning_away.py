"""Photos that nobody may take, of a record that is kept whatever becomes of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select

from core import db
from core.access import Actor
from core.media.intake import Listed, expect
from core.media.limits import PhotoRefused
from core.media.models import Photo
from core.media.states import WITHDRAWN


def expect_those_allowed(actor: Actor, kind: str, record: UUID, photos: Iterable[Listed], *, level: int = 1) -> None:
    """Tie `photos` to their record as `expect` does; one that nobody may take is refused by itself, with why.

    So are those that the actor has tied to it while it was kept, before anybody knew where it lies.
    """
    told = list(photos)
    for listed in [*told, *_tied_before(actor, kind, record, [one.uid for one in told])]:
        try:
            expect(actor, kind, record, [listed], level=level)
        except PhotoRefused as refusal:
            act = refusal.journalled
            if act is None:
                raise
            act(actor)


def _tied_before(actor: Actor, kind: str, record: UUID, others: Collection[UUID]) -> list[Listed]:
    rows = select(Photo).where(Photo.record_kind == kind, Photo.record_uid == record, Photo.sender_id == actor.id)
    rows = rows.where(Photo.state != WITHDRAWN, Photo.uid.not_in(others)).order_by(Photo.id)
    return [
        Listed(photo.uid, sha256=photo.listed_sha256, bytes=photo.listed_bytes, role=photo.role)
        for photo in db.session().scalars(rows)
    ]
