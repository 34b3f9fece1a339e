"""The worker makes a document: gathers with the asker's rights, renders in a child, keeps the file.

Done twice it is the same row and one file: whoever comes second finds it made. Killed in between it is done again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from contextlib import ExitStack, suppress
from datetime import timedelta
from importlib import resources
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select

from core import access, clock, db, outbox, sync
from core.documents.kinds import CSV, MEDIA_TYPES, PDF, Content, Kind, every_kind
from core.documents.models import Document
from core.documents.rendering import CannotRender, render
from core.documents.services import TASK
from core.documents.sheets import Sheet, TooLong
from core.documents.states import DONE, FAILED, GONE, LONG, OURS, WAITING
from core.documents.wording import drawn
from core.http.machine import STATIC, folder
from core.journal import PROTECTED
from core.media import store_of
from core.media.store import copied
from core.outbox import Claimed
from core.settings import Settings

WEIGHTS = (400, 600, 700)
ABANDONED = timedelta(hours=6)
"""After which nobody works on a document any more."""
GATHERED, RENDERED = 30, 90
"""Percent of the work that are done then."""
REFUSALS = (access.Denied, access.Missing)


class CannotMake(Exception):
    """The document can never be made as it was asked for; carries a key of `FAILURES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@outbox.handler(TASK, inside=True)
def make(task: Claimed, database: db.Database) -> None:
    """Make the document of a task, or note why it cannot be made; raises what may be over at the next attempt."""
    uid = UUID(task.payload["document"])
    try:
        _make(task, database, uid)
    except CannotMake as refused:
        _note_failed(database, uid, refused.reason)
    except CannotRender as refused:
        _note_failed(database, uid, refused.reason)
    except outbox.WaitLonger:
        raise
    except Exception:
        if task.is_last:
            _note_failed(database, uid, OURS)
        raise


def work_folder(settings: Settings) -> Path:
    """Return where documents lie while they are made: with the city's other files, not where everybody may look."""
    return settings.data_dir / "making"


def sweep_work() -> None:
    """Remove what a killed worker left of a document; a job of the worker."""
    before = (clock.now() - ABANDONED).timestamp()
    for path in work_folder(db.settings()).glob("*"):
        with suppress(FileNotFoundError):  # another worker was faster
            if path.stat().st_mtime < before:
                shutil.rmtree(path, ignore_errors=True)


def _make(task: Claimed, database: db.Database, uid: UUID) -> None:
    folder = work_folder(database.settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work, path = Path(name), Path(name) / "made"
        with database.transaction(write=False) as session:
            row = session.scalar(select(Document).where(Document.uid == uid, Document.state == WAITING))
            if row is None:
                return
            kind, content = _gathered(row)
            ending = PDF
            if content.sheet is not None:
                ending = _write_table(content.sheet, content.title, row.options["format"], path)
        _note_progress(database, task, GATHERED)
        if content.sheet is None:
            _write_page(kind, content, work, path, database.settings)
            _note_progress(database, task, RENDERED)
        sha256, size = store_of(database.settings).keep(
            copied(path), claim=lambda sha256: _claim(database, uid, sha256)
        )
    with database.transaction() as session:
        made = session.scalar(_waiting(uid))
        if made is None:  # taken back meanwhile, or made by another worker
            outbox.put("forget file", {"sha256": sha256})
            return
        made.state, made.finished_at, made.sha256, made.bytes = DONE, clock.now(), sha256, size
        made.media_type, made.filename = MEDIA_TYPES[ending], f"{_plain(content.filename)}.{ending}"
        made.level = max(made.level, content.level)


def _gathered(row: Document) -> tuple[Kind, Content]:
    """Return what the document says, as who asked for it may read it now."""
    kind, actor = every_kind().get(row.kind), sync.sender_of(row.asked_by_id)
    if kind is None:
        raise CannotMake(GONE)
    try:
        access.require(actor, kind.needs)
        about = kind.about(actor, row.subject)
        content = kind.gather(actor, row.subject, **kind.options().load(row.options))
    except REFUSALS as error:
        raise CannotMake(GONE) from error
    if max(about.level, content.level) >= PROTECTED:
        raise CannotMake(GONE)
    return kind, content


def _write_table(sheet: Sheet, title: str, ending: str, path: Path) -> str:
    try:
        if ending == CSV:
            sheet.write_csv(path)
        else:
            sheet.write_xlsx(path, title=title)
    except TooLong as error:
        raise CannotMake(LONG) from error
    return ending


def _write_page(kind: Kind, content: Content, work: Path, pdf: Path, settings: Settings) -> None:
    """Lay everything that the page shows into the folder `work`, and let it be rendered."""
    html, files = work / "document.html", store_of(settings).whole
    html.write_text(drawn(kind.template, content.language, {"title": content.title, **content.context}), "utf-8")
    parts = _parts_of_every_document(settings)
    drawn_here = {name: (svg.encode(), "image/svg+xml") for name, svg in content.drawings.items()}
    for number, (name, (written, media_type)) in enumerate({**drawn_here, **content.files}.items()):
        path = work / f"part-{number}"
        path.write_bytes(written)
        parts[name] = path, media_type
    with ExitStack() as opened:
        for name, sha256 in content.pictures.items():
            parts[name] = opened.enter_context(files.local(sha256)), "image/jpeg"
        render(html, pdf, parts, attached=content.attached)


def _parts_of_every_document(settings: Settings) -> dict[str, tuple[Path, str]]:
    styles = folder("templates") / "documents"
    theme = Path(str(resources.files("core") / "seeds" / settings.city / "document.css"))
    parts = {
        "document.css": (styles / "document.css", "text/css"),
        "theme.css": (theme if theme.is_file() else styles / "theme.css", "text/css"),
    }
    for weight in WEIGHTS:
        parts[f"font-{weight}"] = STATIC / f"document-{weight}.woff2", "font/woff2"
    return parts


def _claim(database: db.Database, uid: UUID, sha256: str) -> None:
    """Let the row name the file before it is there: nobody removes it then as one without a row."""
    with database.transaction() as session:
        row = session.scalar(_waiting(uid))
        if row is not None:
            row.sha256 = sha256


def _note_progress(database: db.Database, task: Claimed, percent: int) -> None:
    with database.transaction():
        outbox.progress(task, percent)


def _note_failed(database: db.Database, uid: UUID, reason: str) -> None:
    with database.transaction() as session:
        row = session.scalar(_waiting(uid))
        if row is not None:
            row.state, row.failure, row.finished_at = FAILED, reason, clock.now()


def _waiting(uid: UUID) -> Select[Document]:
    return select(Document).where(Document.uid == uid, Document.state == WAITING).with_for_update()


def _plain(name: str) -> str:
    """Return a name of a file that every system takes: å becomes a, a space a hyphen."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-").lower()[:100] or "dokument"
