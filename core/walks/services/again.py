"""Walks that follow others up: when it is as dark as then, and which photos to take again from the same spot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import access, clock, db, media
from core.access import Actor
from core.walks.models import Observation, Walk
from core.walks.services.light import as_dark_on, light_of, point_of
from core.walks.services.planning import follow_up_days
from core.walks.services.working_set import NEVER_AGAIN
from core.walks.states import HELD

LOOKED_BACK = timedelta(days=400)
"""How long after a walk it is still asked to be followed up."""
MOST = 100
NEAR = timedelta(minutes=30)
"""How far from the same darkness a follow-up may begin and still be compared."""
BETWEEN = 31
"""Days between the evenings that are proposed."""


@dataclass(frozen=True)
class FollowUp:
    """A walk that was held, its light, between which days it is best followed up, and when it is as dark as then."""

    walk: Walk
    light: str
    days: tuple[date, date]
    at: datetime | None
    by: Walk | None
    same: bool
    """The follow-up that is planned, if one is, begins when it is as dark."""


@dataclass(frozen=True)
class Retaken:
    """A photo of before, of what it is, and the one taken again from the same spot, if that is done."""

    observation: Observation
    before: media.Photo
    after: media.Photo | None


def to_follow_up(actor: Actor) -> list[FollowUp]:
    """Return the walks of the last year that wait to be followed up, with what is planned, the oldest first.

    The latest of them where they are many: the days that suit the others have passed.
    """
    access.require(actor, "walks:walk:read")
    rows = select(Walk).options(selectinload(Walk.places)).where(access.rule_of(Walk, actor))
    rows = rows.where(Walk.state.in_(HELD), Walk.state != "uppfoljd", Walk.planned_at > clock.now() - LOOKED_BACK)
    held = list(db.session().scalars(rows.order_by(Walk.planned_at.desc(), Walk.id.desc()).limit(MOST)))[::-1]
    after = select(Walk).where(Walk.follows_id.in_([walk.id for walk in held]), Walk.state != "installd")
    found = db.session().scalars(after.where(access.rule_of(Walk, actor)).order_by(Walk.planned_at.desc()))
    planned = {walk.follows_id: walk for walk in found}
    return [_follow_up(walk, planned.get(walk.id)) for walk in held]


def _follow_up(walk: Walk, by: Walk | None) -> FollowUp:
    days = follow_up_days(walk)
    day = clock.local(by.planned_at).date() if by else min(max(days[0], clock.today()), days[1])
    dark_at = as_dark_on(point_of(walk), walk.planned_at, day)
    same = by is not None and dark_at is not None and abs(by.planned_at - dark_at) <= NEAR
    return FollowUp(walk, light_of(walk), days, dark_at, by, same)


def as_dark_as_then(walk: Walk, first: Walk) -> datetime | None:
    """Return when on a follow-up's day it is as dark as on the walk that it follows up; its places are loaded."""
    return as_dark_on(point_of(walk), first.planned_at, clock.local(walk.planned_at).date())


def evenings(first: Walk) -> list[datetime]:
    """Return moments, a month apart, at which a walk is best followed up: as dark as it was. Its places are loaded."""
    start, end = follow_up_days(first)
    days = (start + timedelta(days=passed) for passed in range(0, (end - start).days + 1, BETWEEN))
    moments = (as_dark_on(point_of(first), first.planned_at, day) for day in days)
    return [moment for moment in moments if moment is not None]


def to_retake(actor: Actor, walk: Walk) -> list[Retaken]:
    """Return the photos of the walk that this one follows up, those that the actor may see, each with its pair."""
    if walk.follows_id is None:
        return []
    rows = select(Observation).options(joinedload(Observation.walk)).where(access.rule_of(Observation, actor))
    rows = rows.where(Observation.walk_id == walk.follows_id, Observation.state.not_in(NEVER_AGAIN))
    before = {row.uid: row for row in db.session().scalars(rows.order_by(Observation.number))}
    now = select(Observation.uid).where(Observation.walk_id == walk.id, access.rule_of(Observation, actor))
    photos = media.photos_of("observation", [*before, *db.session().scalars(now)])
    every = [photo for those in photos.values() for photo in those]
    seen = _seen(actor, every)
    after = {photo.pairs_with: photo for photo in every if photo.pairs_with and photo.uid in seen}
    return [
        Retaken(row, photo, after.get(photo.uid))
        for uid, row in before.items()
        for photo in photos[uid]
        if photo.uid in seen and photo.role != "efter"
    ]


def pairs_among(actor: Actor, photos: Iterable[media.Photo]) -> list[tuple[media.Photo, media.Photo]]:
    """Return those of `photos` that were taken again from the spot of an earlier one, with that one first.

    Only pictures that the actor may see.
    """
    later = [photo for photo in photos if photo.pairs_with]
    if not later:
        return []
    wanted = {photo.pairs_with for photo in later}
    first = {photo.uid: photo for photo in db.session().scalars(select(media.Photo).where(media.Photo.uid.in_(wanted)))}
    seen = _seen(actor, [*later, *first.values()])
    pairs = [(first[photo.pairs_with], photo) for photo in later if photo.pairs_with in first and photo.uid in seen]
    return [(before, after) for before, after in pairs if before.uid in seen]


def _seen(actor: Actor, photos: Iterable[media.Photo]) -> set[UUID]:
    return {uid for uid, look in media.pictures_for(actor, photos).items() if look == "ready"}
