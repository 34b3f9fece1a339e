"""Reminders as rows: written by one statement a day over the numbers of working days, and by whoever waits for another.

A row is a line for the next letter (`digest`). Each is written once for its reason and day, however often this runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    column,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    values,
)
from sqlalchemy.orm import aliased, joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_, Text
from core.people.models import Organisation
from core.refs import Subject
from core.schema import Invalid
from core.upkeep.models import Deadline, Reminder, ReminderStep, Workday
from core.upkeep.models.letters import NEW, NUDGE, STEP

SET, REMIND = "upkeep:reminder:set", "upkeep:deadline:remind"
FURTHEST = 60
"""Working days that a step may lie before or after the last day."""
AROUND = timedelta(days=4 * FURTHEST)
MOST = 20
OWN = N_("Det här är ert eget att göra. Det finns ingen annan att påminna.")


def running() -> ColumnElement[bool]:
    """Return the condition that a frist is one to remind of: open, and it runs."""
    is_open = Deadline.state == literal_column("'oppen'")  # said in full, for the index that holds these rows alone
    return and_(is_open, Deadline.runs())


# --- Written by the house -------------------------------------------------------------------------------------------


def write_reminders(today: date, *, since: date | None = None) -> int:
    """Write what the steps ask for on the days from `since` (today) to `today`, in one statement.

    Returns how many rows are new: none the second time.
    """
    asked = reached(since or today, today)
    return _put(lines_of(asked)) if asked else 0


def reached(since: date, today: date) -> list[tuple[str, date, date, int, str]]:
    """Return which last days the steps ask about on those days, by addition in the numbers of each calendar.

    Each with its calendar, the step's own day, its days and its receiver: a few rows, however many frister there are.
    """
    day, last = aliased(Workday), aliased(Workday)
    rows = select(last.calendar, last.day, day.day, ReminderStep.days, ReminderStep.receiver).select_from(day)
    rows = rows.join(ReminderStep, day.is_wd.is_(True)).join(
        last, and_(last.calendar == day.calendar, last.wd == day.wd - ReminderStep.days)
    )
    rows = rows.where(day.day.between(since, today), last.day.between(since - AROUND, today + AROUND))
    found: Any = db.session().execute(rows).all()
    return [tuple(row) for row in found]


def lines_of(asked: Sequence[tuple[str, date, date, int, str]]) -> Select[Any]:
    """Return the query of the lines for what is `asked`: the open frister that end on those days come from an index.

    A frist that began on a step's own day or later has just been told as new.
    """
    named = (column("calendar", String), column("last", Date), column("on", Date), column("days", Integer))
    steps = values(*named, column("receiver", String), name="steps").data(asked).cte("steps")
    follows_up = {"samordnare": Deadline.coordinator_id, "chef": Deadline.organisation_id}
    to = case(follows_up, value=steps.c.receiver, else_=Deadline.reminded())
    follows = Deadline.coordinator_id != Deadline.organisation_id
    return (
        select(Deadline.id, to, steps.c.receiver, literal(STEP), steps.c.days, Deadline.due_on)
        .select_from(steps)
        .join(Deadline, and_(steps.c.last == Deadline.due_on, steps.c.calendar == Deadline.calendar))
        .where(running(), Deadline.starts_at < steps.c.on, to.is_not(None))
        .where(or_(steps.c.receiver != "samordnare", follows))
    )


def drop_outdated() -> None:
    """Take away lines that no letter has told and that no longer hold: closed, moved, or somebody else's to do now."""
    moved = and_(Reminder.kind == STEP, Deadline.due_on != Reminder.on_day)
    elsewhere = and_(Reminder.receiver == "ansvarig", Reminder.organisation_id != Deadline.reminded())
    gone = exists().where(Deadline.id == Reminder.deadline_id, or_(Deadline.state != "oppen", moved, elsewhere))
    outdated = delete(Reminder).where(Reminder.letter.is_(None), gone)
    db.session().execute(outdated.execution_options(synchronize_session=False))


def tell_new(deadline: Deadline) -> None:
    """Let the next letter tell a frist as new to whom it has been given: who does it, else who answers for it."""
    whose = deadline.executor_id or deadline.organisation_id
    if whose is not None:
        row = {"deadline_id": deadline.id, "organisation_id": whose, "receiver": "ansvarig"}
        told = db.insert(Reminder).values(**row, kind=NEW, days=0, on_day=clock.today())
        db.session().execute(told.on_conflict_do_nothing())


def keep_quiet(actor: Actor, subject: Subject) -> None:
    """Let no letter tell the frister about something as new: it has been known elsewhere for long."""
    access.require(actor, "upkeep:deadline:plan")
    known = select(Deadline.id).where(Deadline.subject_kind == subject.kind, Deadline.subject_uid == subject.uid)
    told = delete(Reminder).where(Reminder.deadline_id.in_(known), Reminder.kind == NEW, Reminder.letter.is_(None))
    db.session().execute(told.execution_options(synchronize_session=False))


# --- Asked for by who waits -----------------------------------------------------------------------------------------


def nudge(actor: Actor, uid: UUID) -> None:
    """Remind who answers for a frist that the actor waits for: a line in tomorrow's letter, once a day.

    Raises Invalid where it is the actor's own to do, where nobody answers for it, or where it is not open.
    """
    deadline = access.find(Deadline, uid, actor, REMIND)
    if deadline.state != "oppen":
        raise Invalid({"": [N_("Fristen är inte öppen längre. Det finns inget att påminna om.")]})
    if deadline.organisation_id is None or deadline.organisation_id in own(actor):
        raise Invalid({"": [OWN]})
    _nudge(select(Deadline).where(Deadline.id == deadline.id))
    journal.write(actor, "deadline:remind", "deadline", uid, level=deadline.level)


def nudge_organisation(actor: Actor, uid: UUID) -> int:
    """Remind an organisation of all that is late with it and that the actor follows; return how many frister.

    Raises Invalid when nothing is, or when it was reminded today already; Missing where the actor waits for nothing.
    """
    access.require(actor, REMIND)
    other = access.find(Organisation, uid, actor, "people:organisation:read")
    if other.id in own(actor):
        raise Invalid({"": [OWN]})
    theirs = select(Deadline).where(Deadline.organisation_id == other.id, Deadline.state == "oppen")
    theirs = theirs.where(access.rule_of(Deadline, actor, REMIND))
    if db.session().scalar(theirs.with_only_columns(Deadline.id).limit(1)) is None:
        raise access.Missing("organisation", uid)
    count = _nudge(theirs.where(running(), Deadline.due_at < clock.now()))
    if not count:
        words = N_("{name} har inget försenat att påminna om, eller har redan påmints i dag.")
        raise Invalid({"": [Text(words, name=other.name)]})
    journal.write(actor, "organisation:remind", "organisation", uid, count=count)
    return count


def nudging(actor: Actor, subject: Subject) -> list[tuple[Deadline, date | None]]:
    """Return the open frister about something that others have to meet and that the actor may remind them of.

    Each with the day when they were reminded last by somebody who waits.
    """
    if not actor.may(REMIND):
        return []
    open_ones = select(Deadline).options(joinedload(Deadline.organisation)).where(running())
    about = (Deadline.subject_kind == subject.kind, Deadline.subject_uid == subject.uid)
    others = Deadline.organisation_id.not_in(own(actor))
    rows = list(db.session().scalars(open_ones.where(*about, others, access.rule_of(Deadline, actor, REMIND))))
    asked: Any = select(Reminder.deadline_id, func.max(Reminder.on_day)).group_by(Reminder.deadline_id)
    asked = asked.where(Reminder.kind == NUDGE, Reminder.deadline_id.in_([row.id for row in rows]))
    last: dict[int, date] = dict(db.session().execute(asked).all()) if rows else {}
    return [(row, last.get(row.id)) for row in rows]


def own(actor: Actor) -> frozenset[int]:
    """Return the organisations that the actor acts for."""
    return frozenset().union(*(reach.organisations or () for reach in actor.reaches("upkeep:deadline:read")))


def nudge_about(actor: Actor, subject: Subject, organisation: int) -> None:
    """Remind an organisation of a thing that waits for it, whoever answers for its frister: a line, once a day.

    For rooms above, which know that it waits and have asked who may remind of it.
    """
    access.require(actor, "upkeep:deadline:plan")
    facts = {"subject_kind": subject.kind, "subject_uid": subject.uid, "level": subject.level, "days": 0}
    line = {"organisation_id": organisation, "receiver": "ansvarig", "kind": NUDGE, "on_day": clock.today()}
    db.session().execute(db.insert(Reminder).values(**facts, **line).on_conflict_do_nothing())


def forget_nudges(actor: Actor, subject: Subject, organisation: int | None = None) -> None:
    """Take away what no letter has told yet of a thing that waits no longer, for anybody or for one organisation."""
    access.require(actor, "upkeep:deadline:plan")
    unsent = delete(Reminder).where(Reminder.subject_uid == subject.uid, Reminder.letter.is_(None))
    rows = unsent.where(Reminder.subject_kind == subject.kind)
    if organisation is not None:
        rows = rows.where(Reminder.organisation_id == organisation)
    db.session().execute(rows.execution_options(synchronize_session=False))


def _nudge(deadlines: Select[Any]) -> int:
    kept = (Deadline.id, Deadline.reminded(), literal("ansvarig"), literal(NUDGE), literal(0))
    rows = deadlines.with_only_columns(*kept, literal(clock.today(), Reminder.on_day.type))
    return _put(rows)


def _put(rows: Any) -> int:
    """Put the lines that a query gives, as far as they are not there yet; return how many were not."""
    columns = ["deadline_id", "organisation_id", "receiver", "kind", "days", "on_day"]
    new = db.insert(Reminder).from_select(columns, rows).on_conflict_do_nothing()
    done: Any = db.session().execute(new, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)


# --- The steps ------------------------------------------------------------------------------------------------------


def list_steps(actor: Actor) -> list[ReminderStep]:
    """Return the steps, from the first before the last day to the last after it."""
    access.require(actor, "upkeep:reminder:read")
    return list(db.session().scalars(select(ReminderStep).order_by(ReminderStep.days, ReminderStep.receiver)))


def add_step(actor: Actor, *, days: int, receiver: str) -> ReminderStep:
    """Add a step to the reminders. Raises Invalid for one that there is, or when there are many."""
    access.require(actor, SET)
    known = list_steps(actor)
    if any((step.days, step.receiver) == (days, receiver) for step in known):
        raise Invalid({"days": [N_("Den påminnelsen finns redan.")]})
    if len(known) >= MOST:
        raise Invalid({"days": [Text(N_("Ta bort en påminnelse först. Högst {n} får finnas."), n=MOST)]})
    row = ReminderStep(uid=db.new_uid(), days=days, receiver=receiver)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "reminder:add", "reminder_step", row.uid, days=days, receiver=receiver)
    return row


def remove_step(actor: Actor, uid: UUID) -> None:
    """Take a step away; what it has written so far is told in the next letters."""
    access.require(actor, SET)
    row = db.session().scalar(select(ReminderStep).where(ReminderStep.uid == uid))
    if row is None:
        raise access.Missing("reminder_step", uid)
    journal.write(actor, "reminder:remove", "reminder_step", uid, days=row.days, receiver=row.receiver)
    db.session().delete(row)
