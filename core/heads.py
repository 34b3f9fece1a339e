"""The journal's daily head: kept in a file and sent to a function mailbox, out of the database's reach.

Without it nobody could see that the journal's end was cut off and its head rewound (design.md 9).
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import orjson

from core import clock, db, journal
from core.letters import put_letter


class HeadsUnreadable(Exception):
    """A line of the file with daily heads cannot be read; the message names it."""


def path() -> Path:
    """Return the file with one JSON line per day: date, seq, digest."""
    return path_in(db.settings().data_dir)


def path_in(data_dir: Path) -> Path:
    """Return where it lies in a data folder."""
    return data_dir / "journal" / "heads.jsonl"


def keep_daily() -> None:
    """Keep the journal's head once a day, in the file and by letter. Done twice, the same head stands there twice.

    The file is written after the commit: a line in it says that the day's letter is on its way. Killed in between,
    the next run does both again.
    """
    now, today = journal.head(), clock.today().isoformat()
    if not now.seq or _last_day() == today:
        return
    _append(path(), None)  # a file that cannot be written is found before the letter, not every ten minutes after one
    line = orjson.dumps({"date": today, "seq": now.seq, "digest": now.digest}).decode()
    if mailbox := db.settings().journal_mailbox:
        put_letter(mailbox, f"Journalens huvud {today}", f"{line}\n\nSpara brevet. Det visar vad journalen innehöll.\n")
    db.after_commit(partial(_append, path(), line))


def read(file: Path) -> dict[int, str]:
    """Return the heads in `file`: digest by sequence number. Raises HeadsUnreadable."""
    return read_lines(file.read_bytes(), file.name)


def read_lines(text: bytes, name: str) -> dict[int, str]:
    """Return the heads in what a file of this name holds. Raises HeadsUnreadable."""
    known: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            entry = orjson.loads(line) if line.strip() else None
            if entry:
                known[int(entry["seq"])] = str(entry["digest"])
        except (ValueError, KeyError, TypeError) as error:
            raise HeadsUnreadable(f"rad {number} i {name} går inte att läsa") from error
    return known


def _last_day() -> str:
    lines = path().read_bytes().splitlines() if path().exists() else []
    try:
        return str(orjson.loads(lines[-1])["date"]) if lines else ""
    except (ValueError, KeyError, TypeError):
        return ""


def _append(file: Path, line: str | None) -> None:
    """Add a line, if there is one, and make sure that it is on the disk; one torn by a crash is left, on its own."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab+") as opened:
        if opened.tell() and not _ends_line(file):
            opened.write(b"\n")
        opened.write(line.encode() + b"\n" if line else b"")
        opened.flush()
        os.fsync(opened.fileno())


def _ends_line(file: Path) -> bool:
    with file.open("rb") as opened:
        opened.seek(-1, os.SEEK_END)
        return opened.read() == b"\n"
