"""Fristen from its first day to its last: planned, followed, met, dropped, opened again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import select

from core import access, clock, db, flow, journal, plugins
from core.access import Actor
from core.hookspecs import Subject
from core.people.models import Organisation
from core.places.models import Place
from core.places.services import controller
from core.upkeep import engine
from core.upkeep.models import Deadline, DeadlineChange
from core.upkeep.states import DEADLINE

MOVES = frozenset(move.key for move in DEADLINE.moves)


def plan_deadline(
    actor: Actor, kind: str, *, rule: str, subject: Subject, starts_at: datetime, owner: int | None = None
) -> Deadline:
    """Plan a frist of a declared `kind` under one of its rules; planned again the open one follows its subject.

    The owner is the organisation that is given, else whoever has the kind's control role over the subject's spot;
    where nobody has, the stadsdelsnämnd of the place. Raises Missing for a kind or rule that nobody has declared.
    """
    access.require(actor, "upkeep:deadline:plan")
    declared = plugins.house().deadline_kinds.get(kind)
    if declared is None or rule not in declared.rules:
        raise access.Missing("deadline-kind", f"{kind} {rule}")
    known = _about(subject, kind)
    place = db.session().scalar(select(Place).where(Place.uid == subject.place)) if subject.place else None
    owner = owner or controller(
        place.id if place else None, declared.control_role, Point(subject.point) if subject.point else None
    )
    frozen = engine.frozen(declared.title, rule, declared.rules[rule], plugins.CONTRACT)
    where = {
        "place_id": place.id if place else None,
        "organisation_id": owner or (place.district_id if place else None),
        "coordinator_id": place.district_id if place else None,
    }
    if known is not None:
        _follow(actor, known, where, frozen)
        return known
    ends = engine.due(frozen, starts_at)
    deadline = Deadline(
        uid=db.new_uid(),
        kind=kind,
        leg=declared.leg,
        subject_kind=subject.kind,
        subject_uid=subject.uid,
        category=subject.category,
        function=declared.control_role,
        rule=frozen,
        urgency=frozen["urgency"],
        starts_at=starts_at,
        due_at=ends.at,
        due_on=ends.on,
        state=DEADLINE.start,
        level=subject.level,
        **where,
    )
    db.session().add(deadline)
    db.session().flush()
    detail = {"kind": kind, "rule": rule, "due_at": ends.at, "organisation": deadline.organisation_id}
    journal.write(actor, "deadline:plan", "deadline", deadline.uid, level=subject.level, **detail)
    return deadline


def _about(subject: Subject, kind: str) -> Deadline | None:
    same = select(Deadline).where(Deadline.kind == kind, Deadline.subject_uid == subject.uid)
    return db.session().scalar(same.where(Deadline.subject_kind == subject.kind).with_for_update())


def _follow(actor: Actor, deadline: Deadline, where: dict[str, int | None], rule: dict[str, Any]) -> None:
    """Let an open frist follow its subject to another place, and to a stricter rule: a promise is never made longer."""
    if deadline.state == "utgar":
        _step(deadline, "galla_igen", actor, reason=rule["title"])
    if deadline.state != "oppen":
        return
    if deadline.organisation_id != where["organisation_id"]:
        answers = db.session().get(Organisation, where["organisation_id"]) if where["organisation_id"] else None
        _note(actor, deadline, "byta_ansvarig", answers.name if answers else "–")
    for name, value in where.items():
        setattr(deadline, name, value)
    ends = engine.due(rule, deadline.starts_at, paused_seconds=deadline.paused_seconds, calendar=deadline.calendar)
    is_shorter = ends.at < deadline.due_at
    if is_shorter or (ends.at == deadline.due_at and rule["urgency"] < deadline.urgency):
        deadline.rule, deadline.urgency = rule, rule["urgency"]
        deadline.due_at, deadline.due_on = ends.at, ends.on
        deadline.moved_count += is_shorter
        _note(actor, deadline, "korta" if is_shorter else "ga_fore", rule["title"])
    db.session().flush()


def drop_deadline(actor: Actor, kind: str, subject: Subject, *, reason: str) -> None:
    """Let an open frist lapse because its subject is no longer to be done, such as a duplicate."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = _about(subject, kind)
    if deadline is not None and deadline.state == "oppen":
        _step(deadline, "lata_utga", actor, reason=reason)


def meet_deadline(actor: Actor, kind: str, subject: Subject, *, reason: str) -> None:
    """Let an open frist be met by what has been done elsewhere, such as an answer."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = _about(subject, kind)
    if deadline is not None and deadline.state == "oppen":
        _step(deadline, "klarmarkera", actor, reason=reason)


def renew_deadline(actor: Actor, kind: str, subject: Subject, *, starts_at: datetime, reason: str) -> None:
    """Open a frist again that was met, to be counted from `starts_at`: what it was about has begun anew."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = _about(subject, kind)
    if deadline is None or deadline.state != "klar":
        return
    ends = engine.due(deadline.rule, starts_at, calendar=deadline.calendar)
    deadline.starts_at, deadline.paused_seconds = starts_at, 0
    deadline.due_at, deadline.due_on = ends.at, ends.on
    _step(deadline, "oppna_igen", actor, reason=reason)


def move(actor: Actor, uid: UUID, key: str, *, reason: str, version: int | None = None) -> Deadline:
    """Make a move of a frist, such as `klarmarkera`; with its reason, as a row of its own too.

    Raises Missing, Denied, Stale for another version than the one seen, and Refused with all objections.
    """
    needs = DEADLINE.move(key).needs
    deadline = access.find(Deadline, uid, actor, needs, lock=True)
    db.refuse_stale("deadline", uid, deadline.version, version)
    _step(deadline, key, actor, reason=reason)
    return deadline


def _step(deadline: Deadline, key: str, actor: Actor, *, reason: str) -> None:
    flow.move(DEADLINE, deadline, key, actor, reason=reason)
    deadline.met_at = clock.now() if deadline.state == "klar" else None
    _note(actor, deadline, key, reason.strip())
    db.session().flush()


def _note(actor: Actor, deadline: Deadline, key: str, reason: str) -> None:
    change = {"kind": key, "reason": reason[:1000], "organisation_id": actor.organisation}
    db.session().add(DeadlineChange(deadline_id=deadline.id, at=clock.now(), **change))
    if key not in MOVES:  # of a move the flow writes
        detail = {"reason": reason, "organisation": deadline.organisation_id, "due_at": deadline.due_at}
        journal.write(actor, f"deadline:{key}", "deadline", deadline.uid, level=deadline.level, **detail)
