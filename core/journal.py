"""The journal: an append-only, chained record of who did what to what, and why (design.md 9).

Lines are collected while a transaction runs and written just before its commit, under a lock on the one
head row, so that the chain has no forks. A line holds only a digest of its detail; the detail lies apart,
salted, and can be thinned by a decision without breaking the chain.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, LargeBinary, String, Subquery, Text, false, func, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import access, clock, db
from core.access import Actor
from core.db import Base, Key

PROTECTED = 3
"""From this level on the journal knows only kind, uid and act: no detail, no reason."""


class JournalLine(Base):
    """One act. `detail_digest` is of the salted detail; `digest` is of this line and the one before it."""

    __tablename__ = "journal_line"
    seq: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_uid: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(Key)
    action: Mapped[str] = mapped_column(String(100))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_uid: Mapped[UUID | None] = mapped_column(index=True)
    detail_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class JournalDetail(Base):
    """What the act was, apart from the chain. Thinned: salt and detail are gone, the decision stands instead."""

    __tablename__ = "journal_detail"
    seq: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    thinned_by: Mapped[str | None] = mapped_column(Text)


class JournalHead(Base):
    """The last line; its row lock is what keeps the chain single."""

    __tablename__ = "journal_head"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    seq: Mapped[int] = mapped_column(Key)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class JournalCheck(Base):
    """How the last walk through the whole journal went: one row."""

    __tablename__ = "journal_check"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime]
    lines: Mapped[int] = mapped_column(Key)
    faults: Mapped[int]
    first: Mapped[str] = mapped_column(String(300), default="")


access.for_nobody(JournalHead, JournalDetail, JournalCheck)


@access.visible_to(JournalLine, "journal:line:read")
def _lines(actor: Actor, permission: str) -> Any:
    return true() if any(reach.organisations is None for reach in actor.reaches(permission)) else false()


@dataclass(frozen=True)
class Head:
    """How far the journal goes: what is sent out of the house every day."""

    seq: int
    digest: str


@dataclass(frozen=True)
class Fault:
    """A place where the journal is not what was written."""

    seq: int
    reason: str


def write(
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_uid: UUID | None,
    *,
    level: int = 1,
    **detail: Any,
) -> None:
    """Let this transaction leave a line: `actor` did `action` to the subject. The detail is JSON."""
    entry = {
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_uid": actor.uid,
        "actor_name": actor.name if actor.kind == "system" else "",
        "organisation_id": actor.organisation,
        "action": action,
        "subject_kind": subject_kind,
        "subject_uid": subject_uid,
        "detail": {} if level >= PROTECTED else detail,
    }
    db.session().info.setdefault("journal", []).append(entry)


def by_others(actor: Actor, kind: str, since: datetime) -> Subquery:
    """Select what others than `actor` have done to things of `kind` after `since`: what, when, and for whom.

    Whoever joins it to a table asks that table's row rule: the journal itself knows of everything.
    """
    others = or_(JournalLine.actor_uid.is_(None), JournalLine.actor_uid != actor.uid)
    lines = select(
        JournalLine.seq, JournalLine.at, JournalLine.action, JournalLine.subject_uid, JournalLine.organisation_id
    )
    return lines.where(JournalLine.subject_kind == kind, JournalLine.at > since, others).subquery()


def latest_about(uid: UUID) -> JournalLine | None:
    """Return the last line about a thing; whoever shows it has let the reader reach the thing first."""
    about = select(JournalLine).where(JournalLine.subject_uid == uid)
    return db.session().scalar(about.order_by(JournalLine.seq.desc()).limit(1))


def latest_of(uids: Collection[UUID]) -> dict[UUID, JournalLine]:
    """Return the last line about each of some things, by uid, in one query; as `latest_about` otherwise."""
    last = select(func.max(JournalLine.seq)).where(JournalLine.subject_uid.in_(uids)).group_by(JournalLine.subject_uid)
    found = db.session().scalars(select(JournalLine).where(JournalLine.seq.in_(last))) if uids else ()
    return {line.subject_uid: line for line in found if line.subject_uid is not None}


@db.before_commit
def _write_lines(session: Session) -> None:
    entries = session.info.pop("journal", [])
    if not entries:
        return
    session.flush()
    head = session.execute(select(JournalHead).with_for_update()).scalar_one()
    for entry in entries:
        salt, detail = os.urandom(16), entry.pop("detail")
        detail = orjson.loads(_canonical(detail))
        line = JournalLine(seq=head.seq + 1, detail_digest=_detail_digest(salt, detail), digest=b"", **entry)
        line.digest = _line_digest(head.digest, line)
        session.add_all([line, JournalDetail(seq=line.seq, salt=salt, detail=detail)])
        head.seq, head.digest = line.seq, line.digest
    session.flush()


def _canonical(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)


def _detail_digest(salt: bytes, detail: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(salt + _canonical(detail)).digest()


def _line_digest(before: bytes, line: JournalLine) -> bytes:
    content = {
        "seq": line.seq,
        "at": line.at.isoformat(timespec="microseconds"),
        "actor": [line.actor_kind, str(line.actor_uid), line.actor_name, line.organisation_id],
        "action": line.action,
        "subject": [line.subject_kind, str(line.subject_uid)],
        "detail": line.detail_digest.hex(),
    }
    return hashlib.sha256(before + _canonical(content)).digest()


def head() -> Head:
    """Return how far the journal goes now."""
    row = db.session().execute(select(JournalHead.seq, JournalHead.digest)).one()
    return Head(row.seq, row.digest.hex())


def note_check(lines: int, faults: list[Fault]) -> None:
    """Remember how a walk through the journal went, for those who run the installation."""
    first = f"Rad {faults[0].seq}: {faults[0].reason}."[:300] if faults else ""
    row = db.session().get(JournalCheck, 1) or JournalCheck(id=1)
    row.at, row.lines, row.faults, row.first = clock.now(), lines, len(faults), first
    db.session().add(row)


def last_check() -> JournalCheck | None:
    """Return how the last walk through the journal went, None before the first."""
    return db.session().get(JournalCheck, 1)


def begun_at() -> datetime | None:
    """Return when the first line was written, None before it."""
    return db.session().scalar(select(JournalLine.at).where(JournalLine.seq == 1))


def verify(known: Mapping[int, str] | None = None, *, passed: Callable[[int], None] | None = None) -> Iterator[Fault]:
    """Walk the whole journal and yield each line that was altered, moved, removed or never written.

    `known` are daily heads kept outside the database, by sequence number: without them nobody
    can see that the end was cut off and the head rewound. The journal may grow meanwhile: its end must lie
    between the head as it was before the walk and as it is after it. `passed` is told how far the walk has come.
    """
    start = head()  # before the lines: those that come meanwhile are beyond it
    statement = select(JournalLine, JournalDetail).outerjoin(JournalDetail, JournalDetail.seq == JournalLine.seq)
    rows = db.session().execute(statement.order_by(JournalLine.seq).execution_options(yield_per=1000))
    yield from walk(((line, detail) for line, detail in rows), start=start, end=head, known=known, passed=passed)


def walk(
    lines: Iterable[tuple[JournalLine, JournalDetail | None]],
    *,
    start: Head,
    end: Callable[[], Head],
    known: Mapping[int, str] | None = None,
    passed: Callable[[int], None] | None = None,
) -> Iterator[Fault]:
    """Walk lines with their details from the first on, wherever they lie; otherwise as `verify`."""
    known, before, expected = dict(known or {}), b"", 1
    for line, detail in lines:
        if line.seq != expected:
            yield Fault(expected, f"rad {expected} till {line.seq - 1} saknas")
        if line.digest != _line_digest(before, line):
            yield Fault(line.seq, "raden är ändrad, eller raden före den")
        if reason := _detail_fault(line, detail):
            yield Fault(line.seq, reason)
        if known.pop(line.seq, line.digest.hex()) != line.digest.hex():
            yield Fault(line.seq, "raden stämmer inte med dagens utlämnade huvud")
        if line.seq == start.seq and line.digest.hex() != start.digest:
            yield Fault(line.seq, "raden stämmer inte med journalens huvud")
        before, expected = line.digest, line.seq + 1
        if passed is not None:
            passed(line.seq)
    last = end()
    if not start.seq <= expected - 1 <= last.seq:
        yield Fault(expected, f"journalens huvud säger {last.seq} rader, {expected - 1} finns")
    for seq in sorted(known):
        yield Fault(seq, "raden var utlämnad som dagens huvud men finns inte")


def _detail_fault(line: JournalLine, detail: JournalDetail | None) -> str:
    if detail is None:
        return "detaljen saknas"
    if detail.thinned_by:
        return ""  # gallrad enligt beslut: that is no fault
    if detail.salt is None or detail.detail is None:
        return "detaljen är borttagen utan beslut"
    return "" if _detail_digest(detail.salt, detail.detail) == line.detail_digest else "detaljen är ändrad"
