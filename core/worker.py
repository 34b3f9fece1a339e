"""The worker: a process of its own that does what the outbox holds and what the clock asks for (design.md 8).

Any number of workers may run. Tasks are claimed one by one; the jobs by the clock are run by whichever
worker has the lease. Killed at any moment nothing is lost: claims and the lease run out.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Iterable
from datetime import datetime
from types import FrameType
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from core import clock, db, heads, imports, lease, letters, media, outbox, plugins, restored  # noqa: F401 - letters registers its handler
from core.hookspecs import Job
from core.i18n import N_, Text
from core.people import services as people
from core.settings import Settings

IDLE_SECONDS = 0.5
PATIENCE = (1, 2, 5, 10, 30)
"""Seconds to wait after the first, second, … failure of the database in a row."""
KEEP_LEASE = "core:lease"
LAST_SECONDS = 10
"""How long running work may take to finish after SIGTERM."""

JOBS = (
    Job("core:heads", N_("Spara journalens huvud för dagen"), 600, heads.keep_daily),
    Job("core:imports", N_("Gallra filer som har lästs in"), 3600, imports.thin),
    Job("core:photo-files", N_("Ta bort filer som inget foto hör till"), 3600, media.sweep_files),
    Job("core:photos", N_("Städa foton som inte kom fram hela"), 3600, media.sweep),
    Job("core:sessions", N_("Ta bort gamla inloggningar"), 3600, people.sweep),
)

log = logging.getLogger(__name__)


def jobs() -> list[tuple[str, Job]]:
    """Return everything that is done by the clock: core's own, the rooms' and the plugins', by owner.

    Also of plugins that are off or parked: they may be switched on while the worker runs.
    """
    found = [("core", job) for job in JOBS]
    known = plugins.house().jobs
    for said in plugins.house().manager.hook.tryggplats_jobs.get_hookimpls():
        declared: Any = known[said.plugin_name] if said.plugin_name in known else said.function()
        found += [(said.plugin_name, job) for job in declared]
    return found


class Worker:
    """One worker process. The plugins of this process have been started before."""

    def __init__(self, settings: Settings) -> None:
        self.database = db.Database(settings)
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._epoch: int | None = None
        self._doing: dict[int, outbox.Claimed] = {}
        self._stopping = threading.Event()

    # --- As a process -----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then finish what is running, for at most ten seconds."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        scheduler = self._scheduler()
        scheduler.start()
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(_cores())]
        for thread in threads:
            thread.start()
        self._stopping.wait()
        scheduler.shutdown(wait=False)
        end = clock.monotonic() + LAST_SECONDS
        for thread in threads:
            thread.join(max(0.0, end - clock.monotonic()))
        self._leave()
        if any(thread.is_alive() for thread in threads):
            logging.shutdown()
            os._exit(0)  # what still runs is left to the next worker, whose turn comes when the claim has run out

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Begin to stop; returns at once."""
        self._stopping.set()

    def close(self) -> None:
        """Close the connections."""
        self.database.dispose()

    def _scheduler(self) -> BackgroundScheduler:
        executors = {"default": ThreadPoolExecutor(1), "lease": ThreadPoolExecutor(1)}
        defaults = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        scheduler = BackgroundScheduler(executors=executors, job_defaults=defaults, timezone="UTC")
        for owner, job in jobs():
            scheduler.add_job(self._run_job, "interval", [owner, job], id=job.key, seconds=job.seconds)
        self._keep_lease(scheduler)
        scheduler.add_job(
            self._keep_lease, "interval", [scheduler], id=KEEP_LEASE, seconds=lease.RENEW_SECONDS, executor="lease"
        )
        return scheduler

    def _keep_lease(self, scheduler: BackgroundScheduler) -> None:
        """Renew the lease and the claims. When the lease is a new one, every job is done at once.

        Nobody knows when the worker before this one did them last, and twice does no harm.
        """
        before = self._epoch
        self._renew()
        if self._epoch in (None, before):
            return
        self._forget_gone()
        for scheduled in scheduler.get_jobs():
            if scheduled.id != KEEP_LEASE:
                scheduled.modify(next_run_time=datetime.now().astimezone())

    def _forget_gone(self) -> None:
        try:
            with self.database.transaction():
                lease.forget_runs(job.key for _, job in jobs())
        except Exception:
            log.warning("could not forget the jobs that are no more", exc_info=True)

    def _work(self) -> None:
        """Do tasks one after the other; wait out a database that does not answer."""
        failures = 0
        while not self._stopping.is_set():
            try:
                pause = 0.0 if self._do_next() else IDLE_SECONDS
                failures = 0
            except Exception:  # whatever it is, the next task may go well
                pause = PATIENCE[min(failures, len(PATIENCE) - 1)]
                failures += 1
                log.exception("the worker waits %s s", pause)
            self._stopping.wait(pause)

    def _leave(self) -> None:
        if self._epoch is None:
            return
        try:
            with self.database.transaction():
                lease.give_back(self.name)
        except Exception:
            log.warning("could not give back the lease", exc_info=True)

    # --- What is done -----------------------------------------------------------------------------------------

    def run_once(self, *, keys: Iterable[str] | None = None) -> int:
        """Do all that is due now in this thread: the jobs (those in `keys`, or all) and every task; return how many."""
        self._renew()
        done = 0
        for owner, job in jobs():
            if keys is None or job.key in set(keys):
                done += self._run_job(owner, job)
        while self._do_next():
            done += 1
        return done

    def _renew(self) -> None:
        try:
            with self.database.transaction():
                self._epoch = lease.take(self.name)
                outbox.renew(list(self._doing.values()))
        except Exception:
            log.exception("could not renew the lease and the claims")

    def _run_job(self, owner: str, job: Job) -> bool:
        """Run one job in a transaction that can only commit under the lease; return whether it did."""
        epoch = self._epoch
        if epoch is None:
            return False
        began = clock.now()
        try:
            with self.database.transaction():
                if owner in plugins.house().plugins and plugins.state(owner) != "on":
                    return False
                job.run()
                lease.note_run(job, began)
                lease.guard(self.name, epoch)
        except lease.LeaseLost:
            log.warning("job %s was undone: another worker has taken over", job.key)
            return False
        except (Exception, SystemExit) as error:
            log.exception("job %s failed", job.key)
            self._note_failed(job, began, error)
            if owner in plugins.house().plugins:
                plugins.note(owner, "jobs", error)
                plugins.note_failures(self.database)
            return False
        return True

    def _note_failed(self, job: Job, began: datetime, error: BaseException) -> None:
        try:
            with self.database.transaction():
                lease.note_run(job, began, error=f"{type(error).__name__}: {error}")
        except Exception:
            log.warning("could not note that job %s failed", job.key, exc_info=True)

    def _do_next(self) -> bool:
        """Claim a task and do it; return whether there was one."""
        with self.database.transaction(write=False):
            if not outbox.is_waiting():
                return False
        with self.database.transaction():
            claimed = outbox.claim(self.name, limit=1)
        for task in claimed:
            self._doing[task.id] = task
            try:
                self._do(task)
            finally:
                del self._doing[task.id]
        return bool(claimed)

    def _do(self, task: outbox.Claimed) -> None:
        try:
            handler = outbox.handlers().get(task.kind)
            if handler is None:
                raise outbox.WaitLonger(Text(outbox.NOBODY, kind=task.kind))  # noqa: TRY301
            if not outbox.stays_inside(task.kind) and self._is_copy():
                raise outbox.WaitLonger(restored.HELD, restored.RELEASE)  # noqa: TRY301
            handler(task, self.database)
        except outbox.WaitLonger as reason:
            with self.database.transaction():
                outbox.postpone(task, str(reason), fault=False, waits_for=reason.waits_for)
        except outbox.Hopeless as reason:
            log.warning("task %s (%s) is given up: %s", task.uid, task.kind, reason)
            with self.database.transaction():
                outbox.give_up(task, str(reason))
        except (Exception, SystemExit) as error:
            log.exception("task %s (%s) failed", task.uid, task.kind)
            with self.database.transaction():
                outbox.postpone(task, f"{type(error).__name__}: {error}")
        else:
            with self.database.transaction():
                outbox.finish(task)

    def _is_copy(self) -> bool:
        with self.database.transaction(write=False):
            return restored.held() is not None


def _cores() -> int:
    return len(os.sched_getaffinity(0))
