"""Documents: asked for here, made by the worker, kept for a while, handed out to who asked and still may."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, flow, journal, outbox
from core.access import Actor
from core.documents.kinds import Kind, every_kind
from core.documents.models import READ, Document
from core.documents.states import DONE, WAITING
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.schema import Invalid

ASK, TASK = "documents:document:ask", "document"
KEPT = timedelta(days=30)
"""How long a document is there to be fetched; it can be made anew."""
MOST_WAITING = 20
"""Documents of one person that are being made at once: enough for the letters of a walk."""
SHOWN = 50
PROTECTED_WORDS = N_("Om skyddade ärenden görs inga dokument.")
MANY_WORDS = N_("Du väntar redan på {n} dokument. Be om fler när de är klara.")


def ask(actor: Actor, key: str, subject: UUID, options: Mapping[str, Any]) -> Document:
    """Let a document be made; asked for again while it is being made it is the same one.

    Raises Denied or Missing for who does not reach what it is about, Invalid for options that there are not, Refused
    for one of something protected, or one too many at once.
    """
    access.require(actor, ASK)
    found, known = every_kind().get(key), dict(options)
    if found is None:
        raise Invalid({"kind": [N_("Välj ett dokument som finns.")]})
    access.require(actor, found.needs)
    about = found.about(actor, subject)
    if about.level >= PROTECTED:
        raise flow.Refused([Objection(PROTECTED_WORDS)])
    kept = _checked(found, known)
    waiting = select(Document).where(Document.asked_by_id == actor.id, Document.state == WAITING)
    same = waiting.where(Document.kind == key, Document.subject == subject)
    for row in db.session().scalars(same):
        if row.options == kept:
            return row
    count = db.session().scalar(select(func.count()).select_from(waiting.subquery())) or 0
    if count >= MOST_WAITING:
        raise flow.Refused([Objection(Text(MANY_WORDS, n=count))])
    now, uid = clock.now(), db.new_uid()
    row = Document(
        uid=uid,
        kind=key,
        subject=subject,
        about=about.name[:300],
        link=about.link,
        options=kept,
        level=max(about.level, found.level),
        asked_by_id=actor.id,
        organisation_id=actor.organisation,
        roles=_roles(actor, found) if subject == actor.uid else [],
        asked_at=now,
        ends_at=now + KEPT,
        state=WAITING,
        task=outbox.put(TASK, {"document": str(uid)}),
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "document:ask", "document", uid, level=row.level, kind=key, about=str(subject))
    return row


def _checked(found: Kind, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options as they are kept: all of them, as JSON."""
    schema = found.options()
    try:
        kept: dict[str, Any] = schema.dump(schema.load(options))
    except Invalid as refused:
        raise refused.under("options") from None
    return kept


def list_documents(actor: Actor, *, subject: UUID | None = None, limit: int = SHOWN) -> list[Document]:
    """Return the actor's documents, or those about one thing, the latest first."""
    access.require(actor, READ)
    rows = select(Document) if subject is None else select(Document).where(Document.subject == subject)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Document.id.desc()).limit(limit)))


def read_document(actor: Actor, uid: UUID) -> Document:
    """Return one of the actor's documents."""
    return access.find(Document, uid, actor, READ)


def progress_of(rows: Collection[Document]) -> dict[UUID, int]:
    """Return how many percent of each document are made, by uid."""
    found = {row.uid: 100 for row in rows}
    waiting = {row.task: row.uid for row in rows if row.state == WAITING}
    if waiting:
        tasks = select(outbox.Task.uid, outbox.Task.progress).where(outbox.Task.uid.in_(waiting))
        found |= dict.fromkeys(waiting.values(), 0)
        found |= {waiting[task]: percent for task, percent in db.session().execute(tasks)}
    return found


def file_of(actor: Actor, uid: UUID) -> tuple[str, str, str]:
    """Return hash, media type and name of a document's file, made of what the actor still reaches.

    Raises Missing or Denied; a right that has ended since then has ended for the file too.
    """
    row = read_document(actor, uid)
    found = every_kind().get(row.kind)
    if found is None or row.state != DONE or row.sha256 is None:
        raise access.Missing("document", uid)
    access.require(actor, found.needs)
    found.about(actor, row.subject)
    if not set(row.roles) <= set(_roles(actor, found)):
        raise access.Missing("document", uid)
    return row.sha256, row.media_type, row.filename


def _roles(actor: Actor, found: Kind) -> list[str]:
    """Return the roles, each with where it is held, that let the actor ask: what a table holds follows from them."""
    gives = access.permissions()[found.needs]
    held = {f"{one.role} {one.organisation}" for one in actor.grants if one.role in (*gives.own, *gives.city)}
    return sorted(held)


def remove(actor: Actor, uid: UUID) -> None:
    """Let a document go before its day, made or not."""
    row = access.find(Document, uid, actor, ASK, lock=True)
    _forget(row)
    journal.write(actor, "document:remove", "document", uid, level=row.level)


def sweep() -> None:
    """Let go of documents whose day has come; a job of the worker."""
    for row in db.session().scalars(select(Document).where(Document.ends_at < clock.now()).limit(500)):
        _forget(row)


def _forget(row: Document) -> None:
    if row.sha256:
        outbox.put("forget file", {"sha256": row.sha256})
    db.session().delete(row)
    db.session().flush()
