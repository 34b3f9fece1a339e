"""Fristen from its first day to its last: planned, followed, met, dropped, opened again, put under other terms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import select

from core import access, db, journal, plugins
from core.access import Actor
from core.hookspecs import DeadlineKind, Rule
from core.people.models import Organisation
from core.places.models import Place
from core.places.services import controller
from core.refs import Subject
from core.upkeep import engine
from core.upkeep.keeping import about, count_anew, note, pauses_of, put_under, set_dates, step
from core.upkeep.knowing import calendar_of
from core.upkeep.models import Deadline
from core.upkeep.services.reminders import tell_new
from core.upkeep.states import DEADLINE


def plan_deadline(
    actor: Actor,
    kind: str,
    *,
    rule: str,
    subject: Subject,
    starts_at: datetime,
    owner: int | None = None,
    executor: int | None = None,
    terms: Rule | None = None,
    calendar: str | None = None,
) -> Deadline:
    """Plan a frist of a declared `kind` under one of its rules; planned again the open one follows its subject.

    The owner is the organisation that is given, else whoever has the kind's control role over the subject's spot;
    where nobody has, the stadsdelsnämnd of the place. The `executor` does it for the owner, and is reminded. `terms`
    take the place of the declared rule, such as those of a contract, which then go by the name `rule`. Days are
    counted in the `calendar` that is given, else in the owner's. Raises Missing for a kind or rule that nobody has
    declared.
    """
    access.require(actor, "upkeep:deadline:plan")
    frozen = frozen_rule(kind, rule, terms)
    declared = plugins.house().deadline_kinds[kind]
    known = about(subject, kind)
    where = _placed(declared, subject, owner)
    where["executor_id"] = executor if executor != where["organisation_id"] else None
    if known is not None:
        _follow(actor, known, where, frozen)
        return known
    calendar = calendar or calendar_of(where["organisation_id"])
    ends = engine.due(frozen, starts_at, calendar=calendar)
    deadline = Deadline(
        uid=db.new_uid(),
        kind=kind,
        leg=declared.leg,
        subject_kind=subject.kind,
        subject_uid=subject.uid,
        category=subject.category,
        function=declared.control_role,
        rule=frozen,
        calendar=calendar,
        urgency=frozen["urgency"],
        starts_at=starts_at,
        state=DEADLINE.start,
        level=subject.level,
        **where,
    )
    set_dates(deadline, ends)
    db.session().add(deadline)
    db.session().flush()
    tell_new(deadline)
    detail = {"kind": kind, "rule": rule, "due_at": ends.at, "organisation": deadline.organisation_id}
    journal.write(actor, "deadline:plan", "deadline", deadline.uid, level=subject.level, **detail)
    return deadline


def frozen_rule(kind: str, rule: str, terms: Rule | None) -> dict[str, Any]:
    """Return the rule of a kind, or the `terms` in its place, as it is kept; Missing where nobody has declared it."""
    declared = plugins.house().deadline_kinds.get(kind)
    if declared is None or (terms is None and rule not in declared.rules):
        raise access.Missing("deadline-kind", f"{kind} {rule}")
    return engine.frozen(declared.title, rule, terms or declared.rules[rule], plugins.CONTRACT)


def _placed(declared: DeadlineKind, subject: Subject, owner: int | None) -> dict[str, int | None]:
    place = db.session().scalar(select(Place).where(Place.uid == subject.place)) if subject.place else None
    owner = owner or controller(
        place.id if place else None, declared.control_role, Point(subject.point) if subject.point else None
    )
    return {
        "place_id": place.id if place else None,
        "organisation_id": owner or (place.district_id if place else None),
        "coordinator_id": place.district_id if place else None,
    }


def _follow(actor: Actor, deadline: Deadline, where: dict[str, int | None], rule: dict[str, Any]) -> None:
    """Let an open frist follow its subject to another place, and to a stricter rule: a promise is never made longer.

    A date that somebody has moved stands, unless the new rule is stricter than the one that it was moved from.
    """
    if deadline.state == "utgar":
        step(deadline, "galla_igen", actor, reason=rule["title"])
    if deadline.state != "oppen":
        return
    whose = where["executor_id"] or where["organisation_id"]
    given = (deadline.executor_id or deadline.organisation_id) != whose
    if given:
        answers = db.session().get(Organisation, whose) if whose else None
        note(actor, deadline, "byta_ansvarig", answers.name if answers else "–")
    for name, value in where.items():
        setattr(deadline, name, value)
    if given:
        tell_new(deadline)
    ends, stands = count_anew(deadline, rule), deadline.due_at
    if before := deadline.rule.get("before"):
        stands = min(stands, count_anew(deadline, before).at)
    is_shorter = ends.at < stands
    if is_shorter or (ends.at == stands and rule["urgency"] < deadline.urgency):
        was = deadline.due_at
        deadline.rule, deadline.urgency = rule, rule["urgency"]
        set_dates(deadline, ends, pauses_of(deadline))
        deadline.moved_count += is_shorter
        note(actor, deadline, "korta" if is_shorter else "ga_fore", rule["title"], due_was=was)
    db.session().flush()


def drop_deadline(actor: Actor, kind: str, subject: Subject, *, reason: str) -> None:
    """Let an open frist lapse because its subject is no longer to be done, such as a duplicate."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is not None and deadline.state == "oppen":
        step(deadline, "lata_utga", actor, reason=reason)


def meet_deadline(actor: Actor, kind: str, subject: Subject, *, reason: str) -> None:
    """Let an open frist be met by what has been done elsewhere, such as an answer."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is not None and deadline.state == "oppen":
        step(deadline, "klarmarkera", actor, reason=reason)


def renew_deadline(actor: Actor, kind: str, subject: Subject, *, starts_at: datetime, reason: str) -> None:
    """Open a frist again that was met, to be counted from `starts_at` around its pauses since then."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is None or deadline.state != "klar":
        return
    deadline.starts_at = starts_at
    deadline.missed_at = deadline.missed_on = None
    set_dates(deadline, count_anew(deadline, deadline.rule), pauses_of(deadline))
    step(deadline, "oppna_igen", actor, reason=reason)


def retime_deadline(
    actor: Actor, kind: str, subject: Subject, *, rule: str | None = None, terms: Rule | None = None, reason: str
) -> None:
    """Let an open frist go by another rule of its kind, or by other terms: same start, same pauses, no time lost.

    The date may come later as well as sooner: another priority is a decision, with its reason.
    """
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is not None and deadline.state == "oppen":
        put_under(actor, deadline, frozen_rule(kind, rule or deadline.rule["key"], terms), "omprioritera", reason)


def restart_deadline(
    actor: Actor, kind: str, subject: Subject, *, rule: str, terms: Rule, starts_at: datetime, reason: str
) -> None:
    """Let a frist begin anew, by the terms of whoever does it now: with all its time, whatever became of it before."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is None:
        return
    if deadline.state != "oppen":
        step(deadline, "galla_igen" if deadline.state == "utgar" else "oppna_igen", actor, reason=reason)
    deadline.starts_at = starts_at
    put_under(actor, deadline, frozen_rule(kind, rule, terms), "borja_om", reason)


def move(actor: Actor, uid: UUID, key: str, *, reason: str, version: int | None = None) -> Deadline:
    """Make a move of a frist, such as `klarmarkera`; with its reason, as a row of its own too.

    Raises Missing, Denied, Stale for another version than the one seen, and Refused with all objections.
    """
    needs = DEADLINE.move(key).needs
    deadline = access.find(Deadline, uid, actor, needs, lock=True)
    db.refuse_stale("deadline", uid, deadline.version, version)
    step(deadline, key, actor, reason=reason)
    return deadline
