"""The letters about frister: one at most for each mailbox and day, whatever is done twice (reliability.md D4, D21).

A job asks for the letters of the day, under a uid that the day has: they are asked for once. The task writes what the
reminders say into letters whose uids are made of mailbox and day, and notes on each line which letter it went into, in
one transaction. Killed before the commit nothing has been done, after it everything; a clock that jumps finds the uids
taken, and what it missed waits for the next letter.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, update
from sqlalchemy.orm import aliased

from core import access, clock, db, letters, outbox, plugins
from core.access import Actor
from core.people.models import Organisation
from core.people.services import carrying_on, mailbox
from core.places.models import Place
from core.upkeep import engine
from core.upkeep.knowing import SWEDEN, whose
from core.upkeep.letter_text import ASKED, LATE, NEW, OPEN_LEVEL, SOON, STUCK, Line, Part, subject, text
from core.upkeep.models import Deadline, Reminder, Workday
from core.upkeep.models import letters as rows
from core.upkeep.naming import About, about
from core.upkeep.presenting import closing_themselves, latest
from core.upkeep.services.overview import overviews
from core.upkeep.services.personal import put_personal, wanted
from core.upkeep.services.reminders import drop_outdated, running, write_reminders
from core.upkeep.services.sent import with_letters_this_week

log = logging.getLogger(__name__)

HOUSE = access.system("upkeep")
TASK = "upkeep:letters"
AT = 6
"""The hour in Stockholm from which letters go out, on working days."""
MAINTENANCE, CHIEF, BOARD = "Skötsel", "Chef", "Nämnd"
"""Functions that an organisation may have a mailbox for; whoever lacks one is reached in any that it has."""
FUNCTIONS = {"ansvarig": (MAINTENANCE,), "samordnare": (MAINTENANCE,), "chef": (CHIEF, MAINTENANCE)}
AT_ONCE = 500
MADE_GOOD = 7
"""Days back, today among them, whose reminders are made good."""


class Unwritten(Exception):
    """Somebody's own letter could not be written: all others are, and the task is tried again."""


def ask_for_letters() -> None:
    """Ask for the letters of today, once, when it is time for them on a working day."""
    now = clock.local(clock.now())
    day = db.session().get(Workday, (engine.SWEDEN, now.date()))
    uid = asked_for(now.date())
    if now.hour >= AT and day is not None and day.is_wd and not outbox.known([uid]):
        outbox.put(TASK, {"day": now.date().isoformat()}, uid=uid)


@outbox.handler(TASK)
def write_letters(task: outbox.Claimed, database: db.Database) -> None:
    """Write the letters of a day: those to mailboxes together, then each person's own."""
    day = date.fromisoformat(task.payload["day"])
    with database.transaction():
        put_letters(day)
    with database.transaction(write=False):
        persons = wanted()
    failed = [person for person in persons if not _is_put(database, person, day)]
    plugins.note_failures(database)
    if failed:
        raise Unwritten(f"{len(failed)} of {len(persons)} own letters could not be written")


def _is_put(database: db.Database, person: int, day: date) -> bool:
    """Put a person's own letter; one that cannot be written keeps nobody else's, and is tried again with the task."""
    try:
        with database.transaction():
            put_personal(person, day)
    except Exception:
        log.exception("the own letter of person %s could not be written", person)
        return False
    return True


def put_letters(day: date) -> int:
    """Put the letter of `day` to every mailbox that there is something to tell; return how many are new."""
    db.alone(TASK)
    drop_outdated()
    write_reminders(day, since=_unwritten(day))
    homes = {row.id: row for row in db.session().scalars(select(Organisation))}
    heirs, away = carrying_on(day), closed_on(day)
    told: dict[str, dict[int, Part]] = defaultdict(dict)
    kept: dict[str, list[int]] = defaultdict(list)
    unsent = db.session().execute(_unsent()).all()
    named: dict[UUID, About] = {}
    for first in range(0, len(unsent), AT_ONCE):
        named |= about(HOUSE, unsent[first : first + AT_ONCE])
    themselves = closing_themselves()
    for row in unsent:
        home = homes[heirs[row.organisation_id]]
        if home.id in away:
            continue  # it stands in the first letter after its day off
        if to := mailbox(home, *FUNCTIONS[row.receiver]):
            _part(told[to], home).tell(_line(row, named.get(row.subject_uid), row.kind_key in themselves))
            kept[to].append(row.reminder)
    for reminder, organisation, line in _asked_about_things():
        home = homes[heirs[organisation]]
        if home.id not in away and (to := mailbox(home, *FUNCTIONS["ansvarig"])):
            _part(told[to], home).tell(line)
            kept[to].append(reminder)
    _add_overviews(told, {heirs[key]: homes[heirs[key]] for key in homes if heirs[key] not in away}, heirs, day)
    there = letters.written(letters.daily(to, day) for to in told)
    new = [to for to in told if letters.daily(to, day) not in there]
    for to in new:
        parts = sorted(told[to].values(), key=lambda part: part.name)
        _note(kept[to], letters.put_daily(to, day, subject(parts, day), text(parts, day)))
    return len(new)


def closed_on(day: date) -> set[int]:
    """Return the keys of the organisations that have `day` off by a calendar of their own."""
    rows = select(Workday.calendar).where(Workday.day == day, Workday.is_wd.is_(False), Workday.calendar != SWEDEN)
    return {key for calendar in db.session().scalars(rows) if (key := whose(calendar)) is not None}


def _unwritten(day: date) -> date:
    """Return the first day, within a week, whose reminders are not written yet: a night without a worker loses none."""
    known = {asked_for(before): before for before in (day - timedelta(days=back) for back in range(1, MADE_GOOD))}
    done = [known[uid] for uid in outbox.done(known)]
    return max(done) + timedelta(days=1) if done else day - timedelta(days=MADE_GOOD - 1)


def asked_for(day: date) -> UUID:
    """Return the uid under which the letters of a day are asked for."""
    return db.uid_of(f"{TASK} {day.isoformat()}")


def unreached(actor: Actor) -> list[Organisation]:
    """Return, by name, those who answer for open frister, or are reminded, and have no mailbox for letters."""
    access.require(actor, "upkeep:reminder:read")
    answering = select(Deadline.reminded()).where(Deadline.state == "oppen").distinct()
    reminded = select(Reminder.organisation_id).where(Reminder.letter.is_(None), Reminder.subject_uid.is_not(None))
    heirs = carrying_on()
    homes = {heirs[key] for key in db.session().scalars(answering.union(reminded)) if key is not None}
    rows = db.session().scalars(select(Organisation).where(Organisation.id.in_(homes)).order_by(Organisation.name))
    return [row for row in rows if not mailbox(row)]


def _add_overviews(
    told: dict[str, dict[int, Part]], homes: dict[int, Organisation], heirs: dict[int, int], day: date
) -> None:
    """Add how the week stands to the first letter of the week of each mailbox of a board."""
    boxes = {key: to for key, home in homes.items() if (to := mailbox(home, BOARD, MAINTENANCE))}
    had = with_letters_this_week(boxes.values(), day)
    due = {key for key, to in boxes.items() if to not in had}
    if not due:
        return
    for key, overview in overviews(day, heirs).items():
        if key in due and overview:
            _part(told[boxes[key]], homes[key]).overview = overview


def _part(parts: dict[int, Part], home: Organisation) -> Part:
    address = f"{db.settings().base_url}/skotsel?ansvarig={home.uid}"
    return parts.setdefault(home.id, Part(home.name, address))


def _unsent() -> Any:
    """Select the lines that no letter has told, with what they say, the most urgent first."""
    answers = aliased(Organisation)
    columns = select(
        Reminder.id.label("reminder"), Reminder.organisation_id, Reminder.receiver, Reminder.kind, Reminder.days,
        Deadline.uid, Deadline.kind.label("kind_key"), Deadline.subject_kind, Deadline.subject_uid, Deadline.rule,
        Deadline.due_at, Deadline.due_on, Deadline.level,
        Deadline.organisation_id.label("answers"), answers.name.label("whose"), Place.name.label("place"),
    )  # fmt: skip
    found = columns.join(Deadline, Deadline.id == Reminder.deadline_id)
    found = found.outerjoin(answers, answers.id == Deadline.organisation_id)
    found = found.outerjoin(Place, and_(Place.id == Deadline.place_id, Place.level <= OPEN_LEVEL))
    return found.where(Reminder.letter.is_(None), running()).order_by(Deadline.urgency, Deadline.due_at, Reminder.id)


def _line(row: Any, thing: About | None, closes_itself: bool) -> Line:  # noqa: FBT001 - of a row
    """Return the line of a reminder. One that closes itself leads to what it is about: one thing to do, told once."""
    late, others = row.due_at <= clock.now(), row.receiver == "samordnare"
    heading = STUCK if others else {rows.NEW: NEW, rows.NUDGE: ASKED}.get(row.kind) or (LATE if late else SOON)
    page = thing.link if thing is not None and closes_itself else f"/skotsel/frister/{row.uid}"
    return Line(
        heading=heading,
        title=row.rule["kind_title"],
        place=row.place or "",
        due_on=row.due_on,
        link=f"{db.settings().base_url}{page}",
        late=late,
        level=row.level,
        whose=row.whose or "" if others else "",
        thing=thing.title if thing else "",
        is_today=not late and row.due_on == clock.today(),
        until=latest(row) if engine.ends_at_a_moment(row.rule) else "",
    )


def _asked_about_things() -> Iterator[tuple[int, int, Line]]:
    """Yield the lines about things that somebody waits for, each with its reminder and for whom, the oldest first.

    The room whose they are names them; the last day is that of the thing's next frist, if it has one.
    """
    rows = select(Reminder).where(Reminder.letter.is_(None), Reminder.subject_uid.is_not(None)).order_by(Reminder.id)
    found = list(db.session().scalars(rows))
    named = about(HOUSE, found)
    about_them = Deadline.subject_uid.in_([row.subject_uid for row in found])
    frister = select(Deadline).where(about_them, running()).order_by(Deadline.due_at.desc())
    next_of = {row.subject_uid: row for row in db.session().scalars(frister)} if found else {}
    for row in found:
        key: Any = row.subject_uid
        if (thing := named.get(key)) is not None:
            frist, link = next_of.get(key), f"{db.settings().base_url}{thing.link}"
            late = frist is not None and frist.due_at <= clock.now()
            yield row.id, row.organisation_id, Line(
                ASKED, thing.title, "", frist.due_on if frist else None, link, late, row.level
            )  # fmt: skip


def _note(reminders: Iterable[int], letter: UUID) -> None:
    """Note which letter the lines have gone into."""
    keys = list(reminders)
    for first in range(0, len(keys), AT_ONCE):
        lines = update(Reminder).where(Reminder.id.in_(keys[first : first + AT_ONCE])).values(letter=letter)
        db.session().execute(lines.execution_options(synchronize_session=False))
