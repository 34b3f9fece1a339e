"""The same thing done to many frister: first rehearsed, so that one sees what changes; then all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db, flow
from core.access import Actor
from core.hookspecs import Objection
from core.journal import PROTECTED
from core.upkeep.models import Deadline
from core.upkeep.services.by_hand import day_off, move_date, pause, resume
from core.upkeep.services.planning import move

MANY = 100
"""Frister that are changed at once at most."""


@dataclass(frozen=True)
class Wish:
    """What is to be done to frister: a key of DEEDS, why, and for a new date the day."""

    act: str
    reason: str
    on: date | None = None


@dataclass(frozen=True)
class Foreseen:
    """What would become of a frist: its last day as it was, and what it would be; or what stands in the way.

    `late` is one that stays late though it is moved; `day_off` says why the new last day is no working day.
    """

    uid: UUID
    version: int
    title: str
    place: str
    was: date
    state: str = ""
    becomes: date | None = None
    paused: bool = False
    late: bool = False
    day_off: str = ""
    objections: Sequence[Objection] = ()


class _Undo(Exception):
    """What was only rehearsed is undone."""


def _moved(actor: Actor, uid: UUID, wish: Wish, version: int | None) -> Deadline:
    if wish.on is None:
        raise ValueError("another date without a day")
    return move_date(actor, uid, on=wish.on, reason=wish.reason, version=version)


DEEDS: Mapping[str, Callable[[Actor, UUID, Wish, int | None], Deadline]] = {
    "klarmarkera": lambda actor, uid, wish, version: move(actor, uid, wish.act, reason=wish.reason, version=version),
    "pausa": lambda actor, uid, wish, version: pause(actor, uid, reason=wish.reason, version=version),
    "ateruppta": lambda actor, uid, wish, version: resume(actor, uid, reason=wish.reason, version=version),
    "flytta": _moved,
}
"""What can be done to many at once."""


def chosen(actor: Actor, uids: Sequence[UUID]) -> list[Deadline]:
    """Return the frister that somebody has ticked, what falls due first first.

    Raises Missing for one that is not reached, and for a protected one, which nobody handles together with others.
    """
    access.require(actor, "upkeep:deadline:read")
    rows = select(Deadline).options(joinedload(Deadline.place), joinedload(Deadline.organisation))
    rows = rows.where(Deadline.uid.in_(uids), Deadline.level < PROTECTED, access.rule_of(Deadline, actor))
    found = list(db.session().scalars(rows.order_by(Deadline.due_at, Deadline.id)))
    if lost := set(uids) - {row.uid for row in found}:
        raise access.Missing("deadline", min(lost))
    return found


def rehearse(actor: Actor, uids: Sequence[UUID], wish: Wish) -> list[Foreseen]:
    """Return what would become of each: it is done, looked at and undone."""
    found = []
    for deadline in chosen(actor, uids):
        place = deadline.place.name if deadline.place and deadline.place.level < PROTECTED else ""
        seen = Foreseen(deadline.uid, deadline.version, deadline.rule["kind_title"], place, deadline.due_on)
        try:
            found.append(_what_if(actor, seen, wish))
        except flow.Refused as refusal:
            found.append(replace(seen, objections=refusal.objections))
    return found


def _what_if(actor: Actor, seen: Foreseen, wish: Wish) -> Foreseen:
    with suppress(_Undo), db.savepoint():
        done = DEEDS[wish.act](actor, seen.uid, wish, None)
        seen = replace(seen, state=done.state, becomes=done.due_on, paused=done.paused_since is not None)
        if wish.act == "flytta":
            seen = replace(seen, late=done.missed_at is not None, day_off=day_off(done, done.due_on))
        raise _Undo
    return seen


def change_all(actor: Actor, versions: Mapping[UUID, int], wish: Wish) -> int:
    """Do it to each frist of `versions`, as that version was seen; all or none. Return how many.

    Raises Missing, Denied, Stale for one that has changed since, and Refused.
    """
    for deadline in chosen(actor, list(versions)):
        DEEDS[wish.act](actor, deadline.uid, wish, versions[deadline.uid])
    return len(versions)
