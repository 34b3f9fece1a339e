"""The way that was gone on a walk, told by the phone of who leads it, if they turned that on (B13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_
from core.walks.models import Walk, WalkTrack
from core.walks.states import LOG

SURE = 50
"""Metres of accuracy beyond which a point is kept and not drawn."""
NOT_LEADING = N_("Bara den som leder vandringen sparar spåret. Skriv i vandringens plan vem som leder den.")

Fix = tuple[float, float, float | None, datetime]
"""Longitude and latitude in WGS 84, accuracy in metres, time."""


def keep_track(actor: Actor, walk: UUID, uid: UUID, *, points: Sequence[Fix], ended: bool) -> WalkTrack:
    """Keep the way that was gone so far. What came before it is a part of it; sent late, it changes nothing.

    Raises Missing, Refused for who does not lead the walk, and Conflict for another way under the same uid, or for more
    of one that has ended.
    """
    outing = access.find(Walk, walk, actor, LOG, lock=True)
    if outing.leader_id != actor.id:
        raise flow.Refused([Objection(NOT_LEADING)])
    told = [[*where, accuracy, at.isoformat()] for *where, accuracy, at in points]
    known = db.session().scalar(select(WalkTrack).where(WalkTrack.uid == uid))
    if known is None:
        track = WalkTrack(uid=uid, walk_id=outing.id, person_id=actor.id, points=told, ended=ended)
        track.received_at = clock.now()
        db.session().add(track)
        db.session().flush()
        journal.write(actor, "track:keep", "walk", walk, level=outing.level, track=uid)
        return track
    if known.walk_id != outing.id or known.person_id != actor.id:
        raise db.Conflict("track", uid)
    _go_on(known, told, ended=ended)
    return known


def _go_on(track: WalkTrack, told: list[list[Any]], *, ended: bool) -> None:
    """Let a track grow; a shorter one was sent before what is here."""
    had, has = len(track.points), len(told)
    if told[:had] != track.points[:has] or (track.ended and has > had):
        raise db.Conflict("track", track.uid)
    if has > had:
        track.points = told
    track.ended = track.ended or ended
    track.received_at = clock.now()
    db.session().flush()


def tracks_of(actor: Actor, walk: Walk) -> list[WalkTrack]:
    """Return the tracks of a walk that the actor reads, in the order in which they began."""
    rows = select(WalkTrack).where(WalkTrack.walk_id == walk.id).order_by(WalkTrack.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def way_of(track: WalkTrack) -> list[list[float]]:
    """Return the points of a track that are sure enough to draw: longitude and latitude."""
    return [[east, north] for east, north, accuracy, _ in track.points if accuracy is None or accuracy <= SURE]
