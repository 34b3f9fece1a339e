"""The rules of running an installation: plugins, jobs, the outbox, the journal's walk, and whether all is well."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import (
    __version__,
    access,
    backup,
    clock,
    db,
    heads,
    health,
    journal,
    lease,
    letters,
    media,
    outbox,
    plugins,
    restored,
)
from core.access import Actor
from core.i18n import N_, Text, recognised
from core.journal import JournalCheck
from core.lease import JobRun
from core.outbox import Task
from core.schema import Invalid
from core.upkeep import services as upkeep

READ = "operation:installation:read"
PLUGIN = "operation:plugin:edit"
TASK = "operation:task:edit"
CHECK = "journal check"
SHOWN = 50
LETTERS = 40
"""Letters of a demo that its page of operation lists."""
STEP = 1000
"""Lines of the journal between two notes of how far its walk has come."""
DAILY = timedelta(hours=20)
ADDRESS = re.compile(r"[^\s<>()\"'@:;,]+@(?=[\w.-])")
SECRET = re.compile(r"\b(tp_)?[\w-]{32,}\b")


def redacted(text: str | None) -> str:
    """Return a fault's words without whose mailbox it was about, and without anything that looks like a key."""
    return SECRET.sub("…", ADDRESS.sub("…@", text or ""))


def reason_of(task: Task) -> str:
    """Return why a task waits or was given up, redacted; what our own code says of it is translated when shown."""
    return recognised(redacted(task.error), (outbox.NOBODY, *letters.REASONS, restored.HELD, media.LATER))


# --- Plugins --------------------------------------------------------------------------------------------------------


def decide_plugin(actor: Actor, name: str, *, state: str, reason: str) -> None:
    """Switch a plugin on (or let go of one that is parked), off, or off with what hangs on it free to move.

    Raises Missing for a plugin that is not installed, unless it is set aside.
    """
    access.require(actor, PLUGIN)
    if name not in plugins.house().plugins and (state != "waived" or plugins.state(name) != "absent"):
        raise access.Missing("plugin", name)
    plugins.set_state(actor, name, state, reason)


def save_plugin_settings(actor: Actor, name: str, sent: Mapping[str, Any], *, version: int | None) -> None:
    """Keep what a form says of a plugin; see `core.plugins.save_settings`."""
    access.require(actor, PLUGIN)
    plugins.save_settings(actor, name, sent, version=version)


def export_plugin(actor: Actor, name: str, folder: Path) -> list[tuple[str, int]]:
    """Write a plugin's tables, a CSV file each, into a new folder that others cannot read; return names and rows.

    Raises Missing for a plugin that is not here or has no tables: the same word before core's tables is no plugin.
    """
    access.require(actor, PLUGIN)
    tables = plugins.tables_of(name)
    if name not in plugins.house().plugins or not tables:
        raise access.Missing("plugin", name)
    folder.mkdir(mode=0o700, parents=True)
    written = []
    for table in tables:
        rows = db.session().execute(select(table).execution_options(yield_per=1000))
        with (folder / f"{table.name}.csv").open("x", encoding="utf-8", newline="") as file:
            writer, count = csv.writer(file), 0
            writer.writerow(rows.keys())
            for count, row in enumerate(rows, 1):  # noqa: B007 - how many there were
                writer.writerow(["" if value is None else value for value in row])
        written.append((table.name, count))
    journal.write(actor, "plugin:export", "plugin", None, name=name, tables=written)
    return written


def trace_plugin(actor: Actor, name: str, *, minutes: int) -> None:
    """Note the calls of a plugin's hooks for some minutes; none stops it."""
    access.require(actor, PLUGIN)
    if name not in plugins.house().plugins:
        raise access.Missing("plugin", name)
    plugins.trace(actor, name, clock.now() + timedelta(minutes=minutes) if minutes else None)


# --- Jobs and the outbox ----------------------------------------------------------------------------------------------


def jobs(actor: Actor) -> list[JobRun]:
    """Return how each job by the clock went the last time."""
    access.require(actor, READ)
    return list(db.session().scalars(select(JobRun).order_by(JobRun.key)))


def next_run(job: JobRun) -> datetime:
    """Return when a job is done again, while a worker is there."""
    return job.started_at + timedelta(seconds=job.seconds)


@dataclass(frozen=True)
class Waiting:
    """What waits in the outbox: how much of each kind, by state, and the first rows."""

    counts: dict[tuple[str, str], int]
    rows: list[Task]

    def count(self, *states: str) -> int:
        """Return how many there are in some states."""
        return sum(number for (_, state), number in self.counts.items() if state in states)


def waiting(actor: Actor, *, limit: int = SHOWN) -> Waiting:
    """Return what has been given up or waits, without what it holds."""
    access.require(actor, READ)
    return Waiting(_counts(), outbox.unfinished(limit=limit))


def _counts() -> dict[tuple[str, str], int]:
    open_ones = select(Task.kind, Task.state, func.count()).where(Task.state.in_((outbox.WAITING, outbox.FAILED)))
    return {(kind, state): n for kind, state, n in db.session().execute(open_ones.group_by(Task.kind, Task.state))}


def read_task(actor: Actor, uid: UUID) -> Task:
    """Return a task: how far it has come, never what it holds."""
    access.require(actor, READ)
    task = db.session().scalar(select(Task).where(Task.uid == uid))
    if task is None:
        raise access.Missing("task", uid)
    return task


@dataclass(frozen=True)
class Letter:
    """A letter as it was written."""

    uid: UUID
    at: datetime
    to: str
    subject: str
    text: str


def demo_letters(actor: Actor, uid: UUID | None = None) -> list[Letter]:
    """Return the latest letters of a demo, or the one with this uid, whole: there they go nowhere else to be read.

    Nowhere but in a demo does anybody read what letters hold.
    """
    access.require(actor, READ)
    if not letters.stay(db.settings()):
        return []
    rows = select(Task).where(Task.kind == "letter").order_by(Task.created_at.desc(), Task.id.desc()).limit(LETTERS)
    rows = rows.where(Task.uid == uid) if uid else rows
    found = db.session().scalars(rows)
    return [
        Letter(one.uid, one.created_at, *(one.payload[name] for name in ("to", "subject", "text"))) for one in found
    ]


def retry_task(actor: Actor, uid: UUID, *, reason: str) -> None:
    """Let a task that was given up be tried again."""
    access.require(actor, TASK)
    read_task(actor, uid)
    if not outbox.retry(uid):
        raise Invalid({"reason": [N_("Uppgiften är inte uppgiven. Den som väntar görs av sig själv.")]})
    journal.write(actor, "outbox:retry", "task", uid, reason=reason)


def drop_task(actor: Actor, uid: UUID, *, reason: str) -> None:
    """Let a task that waits, or was given up, never be done."""
    access.require(actor, TASK)
    read_task(actor, uid)
    if not outbox.drop(uid, reason):
        raise Invalid({"reason": [N_("Uppgiften är redan gjord eller avskriven.")]})
    journal.write(actor, "outbox:drop", "task", uid, reason=reason)


# --- The journal's walk -----------------------------------------------------------------------------------------------


def check_journal(actor: Actor) -> UUID:
    """Ask for a walk through the whole journal; return the task, whose progress can be seen."""
    access.require(actor, TASK)
    going = select(Task.uid).where(Task.kind == CHECK, Task.state == outbox.WAITING).limit(1)
    known = db.session().scalar(going)
    if known is not None:
        return known
    uid = outbox.put(CHECK, {})
    journal.write(actor, "journal:check", "journal", None)
    return uid


def check_daily() -> None:
    """Ask for the walk once a day, from its second day on; a job of the worker, done again at each of its starts."""
    last = journal.last_check()
    since = last.at if last else journal.begun_at()
    if since is not None and since < clock.now() - DAILY:
        check_journal(access.system("journal:check"))


@outbox.handler(CHECK, inside=True)
def walk_the_journal(task: outbox.Claimed, database: db.Database) -> None:
    """Walk the journal and keep what was found. A fault is a finding, not a failure of the task."""
    with database.transaction(write=False):
        end = journal.head().seq

        def passed(seq: int) -> None:
            if seq % STEP == 0:  # beside this transaction, which reads: in a context that knows none
                Context().run(_note_progress, database, task, min(99, 100 * seq // max(1, end)))

        kept = heads.read(heads.path()) if heads.path().exists() else None
        faults = list(islice(journal.verify(kept, passed=passed), 1000))
    with database.transaction():
        journal.note_check(end, faults)


def _note_progress(database: db.Database, task: outbox.Claimed, percent: int) -> None:
    with database.transaction():
        outbox.progress(task, percent)


def last_check(actor: Actor) -> JournalCheck | None:
    """Return how the last walk went."""
    access.require(actor, READ)
    return journal.last_check()


# --- Whether all is well ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """Something that the installation needs: is it well, since when, and what to know."""

    title: str
    well: bool
    state: str
    note: str = ""
    at: datetime | None = None
    in_parts: bool = False
    """Whether a start page tells of each of its parts for itself, as of each plugin."""


def facts(actor: Actor) -> list[Fact]:
    """Return whether the installation is well, part by part: the same facts as /readyz, and what they rest on."""
    access.require(actor, READ)
    well = health.checks()
    return [
        Fact(N_("Databas"), well["database"], N_("Svarar"), health.database_version()),
        _disk(),
        Fact(
            N_("Arbetare"),
            well["worker"],
            N_("Går") if well["worker"] else N_("Går inte"),
            ""
            if well["worker"]
            else N_("Brev, bilder och det som görs på klockslag väntar. Starta tryggplats worker."),
            at=lease.last_seen(),
        ),
        _plugins(well["plugins"]),
        _letters(),
        _store(),
        _clock(),
        _calendar(),
        _journal(),
        *_backup(),
        Fact(N_("Version"), True, __version__, Text(N_("Kontrakt {version} med tilläggen"), version=plugins.CONTRACT)),
    ]


def _disk() -> Fact:
    folder = db.settings().data_dir
    free = Text(N_("{n} GB ledigt"), n=round(health.free_bytes(folder) / 1e9, 1))
    well = health.has_room(folder)
    return Fact(N_("Disk"), well, N_("Har plats") if well else N_("Nästan full"), free)


def _plugins(well: bool) -> Fact:  # noqa: FBT001 - one of the facts of health
    away = [plugins.title(name) for name in plugins.house().plugins if plugins.state(name) in ("refused", "parked")]
    said = N_("Alla svarar") if well else N_("Något är borta")
    return Fact(N_("Tillägg"), well, said, ", ".join(away), in_parts=True)


def _letters() -> Fact:
    counts = _counts()
    stuck, later = (counts.get(("letter", state), 0) for state in (outbox.FAILED, outbox.WAITING))
    if letters.stay(db.settings()):
        return Fact(
            N_("Brev"), True, N_("Stannar här"), N_("Demon skickar inga brev. De går att läsa på den här sidan.")
        )
    if not db.settings().smtp_url:
        return Fact(N_("Brev"), False, N_("Skickas inte"), N_("TRYGGPLATS_SMTP_URL är inte satt: breven väntar."))
    said = Text(N_("{waiting} väntar, {failed} uppgivna"), waiting=later, failed=stuck)
    return Fact(N_("Brev"), not stuck, N_("Skickas") if not stuck else N_("Några är uppgivna"), said)


def _store() -> Fact:
    well = health.can_store(db.settings().data_dir)
    return Fact(N_("Foton"), well, N_("Kan sparas") if well else N_("Kan inte sparas"))


def _clock() -> Fact:
    seconds = health.clock_is_off()
    well = abs(seconds) <= health.DRIFT_SECONDS
    said = "" if well else Text(N_("Databasens klocka går {seconds} s före serverns."), seconds=seconds)
    if db.settings().now:
        said = N_("Demons klocka är ställd.")
    return Fact(N_("Klocka"), well, N_("Går rätt") if well else N_("Går fel"), said, at=clock.now())


def _calendar() -> Fact:
    """Tell how far working days are known: beyond it no frist can be promised, and none is guessed."""
    last, wrong = upkeep.calendar_reach()
    if wrong is not None:
        words = N_("Listan över helgdagar säger annat om {day} än kalendern. Nya frister kan få fel dag.")
        return Fact(N_("Arbetsdagar"), False, N_("Stämmer inte"), Text(words, day=wrong.isoformat()))
    if last is None or last < clock.today() + upkeep.WARNED:
        words = N_("Kalendern slutar {day}. Arbetaren fyller på den en gång om dygnet: se att den går.")
        ends = last or clock.today()
        return Fact(N_("Arbetsdagar"), False, N_("Tar snart slut"), Text(words, day=ends.isoformat()))
    return Fact(N_("Arbetsdagar"), True, N_("Kända"), Text(N_("Till och med {day}"), day=last.isoformat()))


def _journal() -> Fact:
    last = journal.last_check()
    if last is None:
        return Fact(
            N_("Journalens kedja"),
            True,
            N_("Inte kontrollerad än"),
            N_("Den kontrolleras en gång om dygnet, första gången efter ett dygn."),
        )
    said = Text(N_("{n} rader"), n=last.lines) if not last.faults else last.first
    return Fact(
        N_("Journalens kedja"), not last.faults, N_("Hel") if not last.faults else N_("Skadad"), said, at=last.at
    )


def _backup() -> Iterable[Fact]:
    """Tell of the latest backup, and that none is made; of a copy that is held, that it is one."""
    last, nightly = backup.last_backup(), db.settings().backup_dir is not None
    if copy := restored.held():
        made_at = f"{clock.local(copy.made_at):%Y-%m-%d %H.%M}"
        said = Text(N_("Av {at}. Släpp den fri med tryggplats release."), at=made_at)
        yield Fact(N_("Återläst kopia"), False, N_("Skickar inget"), said, at=copy.restored_at)
        return
    if last is None:
        missing = N_("Ingen än") if nightly else N_("Görs inte av sig själv")
        note = N_("Den första görs i natt.") if nightly else N_("TRYGGPLATS_BACKUP_DIR är inte satt.")
        yield Fact(N_("Säkerhetskopia"), nightly, missing, note)
        return
    late = nightly and last.made_at < clock.now() - backup.LATE
    state = N_("För gammal") if late else N_("Kontrollerad") if last.verified_at else N_("Gjord, inte kontrollerad")
    note = Text(N_("{rows} rader, {files} filer, {lost} saknades"), rows=last.rows, files=last.files, lost=last.lost)
    yield Fact(N_("Säkerhetskopia"), not (late or last.lost), state, note, at=last.made_at)


def unwell(found: Iterable[Fact]) -> list[Fact]:
    """Return what is not well."""
    return [fact for fact in found if not fact.well]
