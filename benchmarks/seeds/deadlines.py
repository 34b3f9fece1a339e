"""Frister by the million: copies of one, spread over ten organisations, three calendars and two and a half years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from benchmarks.seeds.places import conninfo, copying
from core import clock, db
from core.people.models import Organisation
from core.upkeep.models import Deadline, ReminderStep, Workday

ORGANISATIONS = 10
CALENDARS = ("sverige", "org-1", "org-2")
SPREAD = 935
"""Days over which the last days lie, half of them behind us."""
LEADS = (-5, -1, 1, 5)
OWN_DAYS = (3, 30, 60, 90, 120)
"""Days from today that the second and third calendar have off, the third one day later."""
BATCH = 250_000
RULE = {"schema": 2, "key": "matning", "title": "Mätning", "kind_title": "Mätning", "clock": "calendar_days", "fix": 30}

DUE = f"%(today)s::date + (n * 7919 %% {SPREAD} - {SPREAD // 2})::int"
COPIES = {
    "uid": "gen_random_uuid()",
    "subject_uid": "gen_random_uuid()",
    "organisation_id": "(%(homes)s::bigint[])[1 + n %% 10]",
    "coordinator_id": "(%(homes)s::bigint[])[1 + (n + 1) %% 10]",
    "calendar": "(%(calendars)s::text[])[1 + n %% 3]",
    "due_on": DUE,
    "due_at": f"({DUE} + 1)::timestamptz",
    "starts_at": f"({DUE} - 29)::timestamptz",
    "badly_late_at": f"({DUE} + 61)::timestamptz",
    "state": "CASE WHEN n %% 5 = 0 THEN 'klar' ELSE 'oppen' END",
}
"""What differs between the copies; a percent sign of SQL's own is doubled for the driver."""


def template() -> None:
    """Add the calendars, four lead times and the frist that all others are copies of, in the open transaction."""
    session, today = db.session(), clock.today()
    session.execute(text("DELETE FROM reminder_step"))
    session.add_all(ReminderStep(days=days, receiver="samordnare" if days > 1 else "ansvarig") for days in LEADS)
    for number, calendar in enumerate(CALENDARS[1:]):
        own = {today + timedelta(days=days + number) for days in OWN_DAYS}
        session.execute(insert(Workday), list(_calendar(session, calendar, own)))
    [first, *_] = homes(session)
    session.execute(update(Organisation).where(Organisation.id == first).values(contacts="Skötsel: drift@x.example"))
    session.add(Deadline(**_row(0, today, [first] * ORGANISATIONS)))


def plant(address: str, many: int) -> None:
    """Copy the template in the PostgreSQL database at `address`, and let the planner count the copies."""
    columns = copying(Deadline, COPIES)
    numbers = " FROM deadline AS original, generate_series(%(first)s::bigint, %(last)s) AS n WHERE original.id = 1"
    with psycopg.connect(conninfo(address), autocommit=True) as database:
        database.execute("SET session_replication_role = replica")  # no look-up per row of what the original refers to
        (found,) = database.execute("SELECT array_agg(id ORDER BY id) FROM organisation").fetchone() or ([],)
        known = {"homes": found[:ORGANISATIONS], "calendars": list(CALENDARS), "today": clock.today()}
        for first in range(1, many + 1, BATCH):
            span = {"first": first, "last": min(many, first + BATCH - 1)}
            database.execute(columns + numbers, known | span)
        database.execute("VACUUM ANALYZE deadline")


def add(session: Session, many: int) -> None:
    """Add as many to the embedded database, row by row."""
    found, today = homes(session), clock.today()
    for first in range(1, many + 1, 10_000):
        session.execute(insert(Deadline), [_row(n, today, found) for n in range(first, first + 10_000)])


def homes(session: Session) -> Sequence[int]:
    """Return the keys of the organisations that answer."""
    return session.scalars(select(Organisation.id).order_by(Organisation.id).limit(ORGANISATIONS)).all()


def _row(n: int, today: date, found: Sequence[int]) -> dict[str, Any]:
    due = today + timedelta(days=n * 7919 % SPREAD - SPREAD // 2)
    ends = datetime.combine(due + timedelta(days=1), time(), clock.STOCKHOLM)
    return {
        "uid": uuid4(),
        "kind": "matning:frist",
        "leg": "fix",
        "subject_kind": "matning",
        "subject_uid": uuid4(),
        "organisation_id": found[n % ORGANISATIONS],
        "coordinator_id": found[(n + 1) % ORGANISATIONS],
        "calendar": CALENDARS[n % len(CALENDARS)],
        "rule": RULE,
        "starts_at": ends - timedelta(days=30),
        "due_at": ends,
        "due_on": due,
        "badly_late_at": ends + timedelta(days=60),
        "state": "klar" if n % 5 == 0 else "oppen",
    }


def _calendar(session: Session, calendar: str, own: set[date]) -> Iterator[dict[str, Any]]:
    wd = 0
    for row in session.scalars(select(Workday).where(Workday.calendar == CALENDARS[0]).order_by(Workday.day)):
        is_wd = row.is_wd and row.day not in own
        wd += is_wd
        yield {"calendar": calendar, "day": row.day, "is_wd": is_wd, "wd": wd, "name": row.name, "closes": row.closes}
