"""Every name that a plugin may import from core, and since which version of the contract it is here.

Core data comes through the readers, which take the actor; `session()` is for the plugin's own tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from core import access, clock, journal, media, plugins
from core.access import Actor, Denied, Missing, find, require, rule_of, system, visible_to, within
from core.db import Base, Key, Stale, UtcDateTime, Versioned, session
from core.http import Api, Pages, actor, back_to, expected_version, page, redraw_with, see_other, with_etag
from core.http.forms import Form, read_form, read_version
from core.i18n import N_, Text
from core.places import models as places
from core.places.models import Place
from core.refs import ObservationRef, Subject
from core.schema import Invalid, Schema, fields
from core.upkeep import services as upkeep
from core.walks import services as walks
from core.walks.models import Observation

now = clock.now
settings = plugins.settings_of
write_journal = journal.write

__all__ = [
    "N_",
    "Actor",
    "Api",
    "Base",
    "Denied",
    "Form",
    "Invalid",
    "Key",
    "Missing",
    "Pages",
    "Schema",
    "Stale",
    "Text",
    "UtcDateTime",
    "Versioned",
    "actor",
    "after_photos",
    "back_to",
    "drop_deadline",
    "expected_version",
    "fields",
    "find",
    "now",
    "observation",
    "observations_without",
    "page",
    "pause_deadline",
    "places_behind",
    "plan_deadline",
    "read_form",
    "read_version",
    "redraw_with",
    "require",
    "resume_deadline",
    "rule_of",
    "see_other",
    "session",
    "settings",
    "system",
    "visible_observations",
    "visible_to",
    "with_etag",
    "within",
    "write_journal",
]

NAMES = dict.fromkeys(__all__, "1.0")
"""The surface, name by name, with the version of the contract since which it is promised."""


def plan_deadline(kind: str, *, rule: str, subject: Subject, starts_at: datetime) -> UUID:
    """Plan a frist of your kind about `subject` from `starts_at` (UTC) on; the engine finds the date and the owner.

    Planned again the open one follows its subject: to another place, to a stricter rule, never to a milder one.
    Raises Missing for a kind or rule that you have not declared.
    """
    return upkeep.plan_deadline(_house(kind), kind, rule=rule, subject=subject, starts_at=starts_at).uid


def drop_deadline(kind: str, *, subject: Subject, reason: str) -> None:
    """Let your open frist about `subject` lapse, such as when it was a duplicate; planned again it counts again."""
    upkeep.drop_deadline(_house(kind), kind, subject, reason=reason)


def pause_deadline(kind: str, *, subject: Subject, reason: str) -> None:
    """Let your open frist about `subject` stand still from now on, for a reason that people are shown.

    One that stands still already, or whose date is not counted, is left as it is. Time that has passed stays passed.
    """
    upkeep.pause_deadlines(_house(kind), subject, kinds={kind}, reason=reason)


def resume_deadline(kind: str, *, subject: Subject, reason: str) -> None:
    """Let your paused frist about `subject` run on from now, counted with all its pauses."""
    upkeep.resume_deadlines(_house(kind), subject, kinds={kind}, reason=reason)


def _house(kind: str) -> Actor:
    return access.system(kind.partition(":")[0])


def observation(who: Actor, uid: UUID) -> ObservationRef:
    """Return an observation that `who` may read; Missing otherwise."""
    return walks.read_observation(who, uid).ref()


def visible_observations(who: Actor, permission: str) -> Select[UUID]:
    """Return the selection of uids of the observations that `who` reaches with your `permission`, for your row rule."""
    return select(Observation.uid).where(access.rule_of(Observation, who, permission))


def places_behind(place: UUID) -> Select[UUID]:
    """Return the selection of uids of a place and of those that were merged into it: all that happened on it."""
    return select(Place.uid).where(Place.id.in_(places.places_behind(place)))


def observations_without(
    kind: str, cases: Select[UUID], *, states: Iterable[str] | None = None, limit: int = 100
) -> list[ObservationRef]:
    """Return observations of your `kind` whose uid is not in the selection `cases`: what you missed while parked.

    With `states` only those that are in one of them.
    """
    rows = select(Observation).where(Observation.kind == kind, Observation.uid.not_in(cases))
    if states is not None:
        rows = rows.where(Observation.state.in_(states))
    return [row.ref() for row in session().scalars(rows.order_by(Observation.id).limit(limit))]


def after_photos(observation: UUID) -> int:
    """Return how many photos show an observation after the work: their pictures are there and they are new.

    Not new is a photo that was taken over a day before the thing was seen, or that shows it as it was: the same bytes.
    """
    photos = media.photos_of("observation", [observation])[observation]
    before = {photo.received_sha256 for photo in photos if photo.role != "efter"}
    seen_at = session().scalars(select(Observation.seen_at).where(Observation.uid == observation)).one()
    oldest = seen_at - timedelta(days=1)  # a camera's clock may be hours off
    after = [photo for photo in photos if photo.role == "efter" and photo.state == media.READY]
    return sum(photo.received_sha256 not in before and (photo.taken_at or seen_at) >= oldest for photo in after)
