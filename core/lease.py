"""The lease: of all workers, one runs the jobs by the clock (design.md 8); and how each job went the last time.

Who makes a backup has one too, so that one is made at a time.

Whoever holds it renews it; who stops renewing loses it, and the next one gets a higher epoch. A job ends with
`guard` in its own transaction: a worker that was asleep while another took over cannot commit any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import String, case, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import access, clock, db
from core.db import Base
from core.hookspecs import Job

JOBS, BACKUP = "jobs", "backup"
"""What there is a lease for: running the jobs, and making a backup, during which no stored file is removed."""
HELD = timedelta(seconds=30)
"""How long a lease counts after it was last renewed, and a worker as seen."""
RENEW_SECONDS = 10


class Lease(Base):
    """Who runs the jobs, for which time in the row (`epoch`), until when unless it is renewed."""

    __tablename__ = "worker_lease"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60))
    epoch: Mapped[int]
    until: Mapped[datetime]
    seen_at: Mapped[datetime]


DONE, FAILED = "done", "failed"
"""How a job went."""


class JobRun(Base):
    """How a job by the clock went the last time; `error` is the fault in the program's words."""

    __tablename__ = "job_run"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    seconds: Mapped[int]
    started_at: Mapped[datetime]
    milliseconds: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    error: Mapped[str] = mapped_column(String(500), default="")


access.for_nobody(Lease, JobRun)


class LeaseLost(Exception):
    """Another worker has taken over; what this one was doing must be undone."""


def take(holder: str, name: str = JOBS, *, lasting: timedelta = HELD) -> int | None:
    """Take or renew the lease in one statement; return its epoch, or None while another holds it."""
    now = clock.now()
    fresh = db.insert(Lease).values(name=name, holder=holder, epoch=1, until=now + lasting, seen_at=now)
    taken = fresh.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "epoch": case((Lease.holder == holder, Lease.epoch), else_=Lease.epoch + 1),
            "holder": holder,
            "until": now + lasting,
            "seen_at": now,
        },
        where=or_(Lease.holder == holder, Lease.until < now),
    )
    return db.session().execute(taken.returning(Lease.epoch)).scalar_one_or_none()


def guard(holder: str, epoch: int) -> None:
    """Make sure, as the last act of a job's transaction, that the lease is still the same; raise LeaseLost if not."""
    mine = update(Lease).where(
        Lease.name == JOBS, Lease.holder == holder, Lease.epoch == epoch, Lease.until > clock.now()
    )
    kept = db.session().execute(mine.values(seen_at=clock.now()).returning(Lease.epoch)).all()
    if not kept:
        raise LeaseLost


def give_back(holder: str, name: str = JOBS) -> None:
    """Let the next one take over at once."""
    mine = update(Lease).where(Lease.name == name, Lease.holder == holder)
    db.session().execute(mine.values(until=clock.now() - timedelta(seconds=1)))


def is_held(name: str) -> bool:
    """Whether somebody has the lease now."""
    return db.session().scalar(select(Lease.name).where(Lease.name == name, Lease.until > clock.now())) is not None


def worker_seen() -> bool:
    """Whether a worker was there within the last half minute, for /readyz."""
    seen = last_seen()
    return seen is not None and seen > clock.now() - HELD


def last_seen() -> datetime | None:
    """Return when a worker was there the last time, None for never."""
    return db.session().scalar(select(Lease.seen_at).where(Lease.name == JOBS))


def note_run(job: Job, started_at: datetime, *, error: str = "") -> None:
    """Remember how a job went, in the transaction of its work or, when that was undone, in another."""
    row = db.session().get(JobRun, job.key) or JobRun(key=job.key)
    took = clock.now() - started_at
    row.title, row.seconds, row.started_at = job.title, job.seconds, started_at
    row.milliseconds, row.outcome, row.error = (
        round(took.total_seconds() * 1000),
        FAILED if error else DONE,
        error[:500],
    )
    db.session().add(row)


def forget_runs(known: Iterable[str]) -> None:
    """Forget jobs that there are no more."""
    gone = delete(JobRun).where(JobRun.key.not_in(list(known)))
    db.session().execute(gone.execution_options(synchronize_session=False))
