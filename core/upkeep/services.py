"""The rules of fristen: planning, the page "Skötsel i tid", closing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import and_, case, func, select, tuple_
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal, plugins
from core.access import Actor
from core.hookspecs import Subject
from core.people.models import Organisation
from core.places.models import Place, places_behind
from core.places.services import Standing, controller, tells_standings
from core.upkeep import engine
from core.upkeep.calendar import days
from core.upkeep.models import Deadline, DeadlineChange, Workday
from core.upkeep.states import DEADLINE

PAGE = 50
AHEAD = 14
"""Days that the forecast looks ahead, today among them."""
MOVES = frozenset(move.key for move in DEADLINE.moves)
YEARS_BACK, YEARS_AHEAD = 10, 15
"""How far the calendar reaches around today; a job keeps it so (reliability.md T7)."""


@dataclass(frozen=True)
class Page:
    """A page of frister, and where the next one begins."""

    rows: list[Any]
    after: tuple[int, datetime, int] | None


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


def list_open(
    actor: Actor,
    *,
    organisation: UUID | None = None,
    answering: Iterable[int] | None = None,
    after: tuple[int, datetime, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return the open frister that the actor reaches, the most urgent first, in one query over one index.

    Danger goes before lateness, then comes what falls due first. `organisation` is the uid of who answers,
    `answering` the keys of those who do.
    """
    access.require(actor, "upkeep:deadline:read")
    query = open_query(actor, organisation, after)
    if answering is not None:
        query = query.where(Deadline.organisation_id.in_(answering))
    found = db.session().execute(query.limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page(list(found), (found[-1].urgency, found[-1].due_at, found[-1].id) if more else None)


def open_query(actor: Actor, organisation: UUID | None, after: tuple[int, datetime, int] | None = None) -> Any:
    """Return the query of `list_open`, for the page and for the test that asks the database how it would run it."""
    columns = select(
        Deadline.id,
        Deadline.uid,
        Deadline.kind,
        Deadline.leg,
        Deadline.rule,
        Deadline.urgency,
        Deadline.starts_at,
        Deadline.due_at,
        Deadline.due_on,
        Deadline.moved_count,
        Deadline.calendar,
        Deadline.function,
        Deadline.level,
        Deadline.subject_kind,
        Deadline.subject_uid,
        Place.uid.label("place_uid"),
        Place.name.label("place_name"),
        Organisation.name.label("organisation_name"),
        Organisation.uid.label("organisation_uid"),
    )
    rows = columns.outerjoin(Place, and_(Place.id == Deadline.place_id, Place.level < journal.PROTECTED))
    rows = rows.outerjoin(Organisation, Organisation.id == Deadline.organisation_id)
    rows = rows.where(Deadline.state == "oppen", access.rule_of(Deadline, actor))
    if organisation is not None:
        key = select(Organisation.id).where(Organisation.uid == organisation).scalar_subquery()
        rows = rows.where(Deadline.organisation_id == key)
    if after is not None:
        rows = rows.where(tuple_(Deadline.urgency, Deadline.due_at, Deadline.id) > after)
    return rows.order_by(Deadline.urgency, Deadline.due_at, Deadline.id)


def answering(actor: Actor) -> list[tuple[UUID, str]]:
    """Return who answers for the open frister that the actor reaches, by name: the filter's choices."""
    access.require(actor, "upkeep:deadline:read")
    reached = select(Deadline.organisation_id).where(Deadline.state == "oppen", access.rule_of(Deadline, actor))
    rows = select(Organisation.uid, Organisation.name).where(Organisation.id.in_(reached))
    return [(uid, name) for uid, name in db.session().execute(rows.order_by(Organisation.name).limit(200))]


def forecast(actor: Actor, *, organisation: UUID | None = None) -> list[tuple[Workday, int]]:
    """Return, for each of the next fourteen days, how many of the open frister that the actor reaches end then."""
    access.require(actor, "upkeep:deadline:read")
    first = clock.today()
    ahead = (first, first + timedelta(days=AHEAD - 1))
    counted = select(Deadline.due_on, func.count().label("ending")).where(
        Deadline.state == "oppen", Deadline.due_on.between(*ahead)
    )
    if organisation is not None:
        key = select(Organisation.id).where(Organisation.uid == organisation).scalar_subquery()
        counted = counted.where(Deadline.organisation_id == key)
    counted = counted.where(access.rule_of(Deadline, actor)).group_by(Deadline.due_on)
    ending = {row.due_on: row.ending for row in db.session().execute(counted)}
    calendar = select(Workday).where(Workday.calendar == engine.SWEDEN, Workday.day.between(*ahead))
    return [(row, ending.get(row.day, 0)) for row in db.session().scalars(calendar.order_by(Workday.day))]


def read_deadline(actor: Actor, uid: UUID) -> Deadline:
    """Return the frist with its place and who answers; Missing when the actor does not reach it."""
    access.require(actor, "upkeep:deadline:read")
    whole = select(Deadline).options(joinedload(Deadline.place), joinedload(Deadline.organisation))
    row = db.session().scalar(whole.where(Deadline.uid == uid, access.rule_of(Deadline, actor)))
    if row is None:
        raise access.Missing("deadline", uid)
    return row


def open_of_place(actor: Actor, place: UUID) -> list[Deadline]:
    """Return the open frister of a place, the most urgent first."""
    rows = select(Deadline).options(joinedload(Deadline.organisation))
    rows = rows.where(Deadline.place_id.in_(places_behind(place)), Deadline.state == "oppen")
    order = (Deadline.urgency, Deadline.due_at, Deadline.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(*order).limit(PAGE)))


@tells_standings
def standings(actor: Actor, places: Iterable[int]) -> dict[int, Standing]:
    """Return how many open frister that the actor reaches each of the places has, and how many are late."""
    late = func.sum(case((Deadline.due_at < clock.now(), 1), else_=0))
    rows = select(Deadline.place_id, func.count(), late).where(
        Deadline.place_id.in_(list(places)), Deadline.state == "oppen", Deadline.level < journal.PROTECTED
    )
    found = db.session().execute(rows.where(access.rule_of(Deadline, actor)).group_by(Deadline.place_id))
    return {place: Standing(count, overdue) for place, count, overdue in found}


def deadlines_of(actor: Actor, kind: str, uid: UUID) -> list[Deadline]:
    """Return the frister about one thing, such as an observation."""
    rows = select(Deadline).options(joinedload(Deadline.organisation))
    rows = rows.where(Deadline.subject_kind == kind, Deadline.subject_uid == uid).order_by(Deadline.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def changes_of(actor: Actor, deadlines: Iterable[Deadline]) -> list[DeadlineChange]:
    """Return what has happened to `deadlines`, the newest first."""
    keys = [deadline.id for deadline in deadlines]
    rows = select(DeadlineChange).where(DeadlineChange.deadline_id.in_(keys)).order_by(DeadlineChange.id.desc())
    return list(db.session().scalars(access.visible(rows, actor))) if keys else []


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


def fill_calendar(today: date | None = None) -> None:
    """Let the table of working days reach from ten years back to fifteen years ahead; more than once does no harm."""
    today = today or clock.today()
    ends = select(Workday).where(Workday.calendar == engine.SWEDEN).order_by(Workday.day.desc()).limit(1)
    last = db.session().scalar(ends)
    first = last.day + timedelta(days=1) if last else date(today.year - YEARS_BACK, 1, 1)
    before = last.wd if last else 0
    rows = days(first, date(today.year + YEARS_AHEAD, 12, 31), before=before)
    table = [
        {"calendar": engine.SWEDEN, "day": row.day, "is_wd": row.is_working, "wd": row.number, "name": row.name}
        for row in rows
    ]
    if table:
        db.session().execute(Workday.__table__.insert(), table)  # type: ignore[attr-defined]
