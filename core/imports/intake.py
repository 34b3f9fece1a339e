"""A file comes in: it is kept whole, and the worker reads it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from core import access, clock, db, outbox
from core import journal as _journal
from core.access import Actor
from core.i18n import N_, Text
from core.imports.kinds import kind_of
from core.imports.models import RUN, Import
from core.imports.reading import LARGEST
from core.imports.states import CHOOSES, IMPORT, READS, TRIED, TRIES
from core.media import store
from core.media.files import refers
from core.media.store import copied, digest, size_of
from core.schema import Invalid

TASK = "import"
TOO_LARGE = N_("Filen är för stor. Högst {largest} MB tas emot. Dela den i flera filer.")
OPEN = (READS, CHOOSES, TRIES, TRIED)
refers(Import.sha256)


def receive(actor: Actor, path: Path, *, kind: str, source: str, name: str) -> Import:
    """Take in a file of rows of a `kind` from the register `source`, to be read; the same once more is the first.

    The file at `path` is the caller's still. Raises Denied, Missing for an unknown kind, Invalid.
    """
    access.require(actor, RUN)
    access.require(actor, kind_of(kind).needs)
    if actor.organisation is None:
        raise access.Denied(RUN)
    size = size_of(path)
    if size > LARGEST:
        raise Invalid({"file": [Text(TOO_LARGE, largest=LARGEST // 1_000_000)]})
    if size == 0:
        raise Invalid({"file": [N_("Filen är tom. Välj en annan.")]})
    sha256 = digest(path)
    db.alone(f"import {actor.organisation} {sha256}")
    same = select(Import).where(Import.organisation_id == actor.organisation, Import.sha256 == sha256)
    same = same.where(Import.kind == kind, Import.source == source, Import.state.in_(OPEN))
    if (known := db.session().scalar(same.order_by(Import.id.desc()).limit(1))) is not None:
        return known
    store().keep(copied(path), claim=lambda found: db.alone(f"file {found}"))
    made = Import(
        uid=db.new_uid(),
        kind=kind,
        source=source,
        organisation_id=actor.organisation,
        person_id=actor.id,
        name=name[:200],
        sha256=sha256,
        bytes=size,
        received_at=clock.now(),
        state=IMPORT.start,
    )
    db.session().add(made)
    let_work(made)
    _journal.write(actor, "import:receive", "import", made.uid, kind=kind, source=source, bytes=size)
    return made


def let_work(found: Import) -> None:
    """Ask the worker to do what the import's state waits for."""
    found.task = outbox.put(TASK, {"import": str(found.uid)})
    db.session().flush()
