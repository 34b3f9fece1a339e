"""The parts of an application: read, written however little there is, marked as done, and what is not saved yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.applications.coach import AT_SUBMIT
from core.applications.models import (
    WRITE,
    Application,
    ApplicationDraft,
    ApplicationPart,
    ApplicationText,
)
from core.applications.parts import PARTS
from core.applications.services import applications, coach
from core.i18n import N_
from core.people.models import Person
from core.schema import Invalid

LONGEST = 100_000
"""Characters of what is kept unsaved of one form."""


@dataclass(frozen=True)
class Read:
    """A part as the actor reads it: `writes` if it may be changed now, `draft` what the actor has not saved."""

    application: Application
    part: ApplicationPart
    text: ApplicationText
    writes: bool
    draft: ApplicationDraft | None = None
    changed_by: str = ""


Writer = Callable[[Actor, Application, dict[str, Any]], None]
_writers: dict[str, Writer] = {}


def writes(key: str) -> Callable[[Writer], Writer]:
    """Register what keeps the facts of a part's form that are no columns of text; it takes them out of the dict."""

    def register(writer: Writer) -> Writer:
        _writers[PARTS[key].key] = writer
        return writer

    return register


def read_part(actor: Actor, uid: UUID, key: str) -> Read:
    """Return a part of an application that the actor reads. Raises Missing."""
    if key not in PARTS:
        raise access.Missing("application_part", key)
    found = applications.read_application(actor, uid)
    part = db.session().get_one(ApplicationPart, (found.id, key))
    text = db.session().get_one(ApplicationText, found.id)
    wanted = frozenset({key} if part.wanted else ())
    mine = key in applications.open_parts(found, wanted) and actor.may(WRITE)
    mine = mine and applications.reaches(actor, found, WRITE)
    kept = select(ApplicationDraft).where(
        ApplicationDraft.application_id == found.id,
        ApplicationDraft.part == key,
        ApplicationDraft.person_id == actor.id,
    )
    changed = select(Person.name).where(Person.id == part.changed_by_id)
    return Read(
        found,
        part,
        text,
        mine,
        db.session().scalar(kept) if mine else None,
        (db.session().scalar(changed) or "") if part.changed_by_id else "",
    )


def write_part(
    actor: Actor,
    uid: UUID,
    key: str,
    *,
    version: int | None = None,
    done: bool = False,
    despite: bool = False,
    **facts: Any,
) -> ApplicationPart:
    """Save what a part's form says, however little; what is not said stays.

    With `done` it is marked as done if the coach lacks nothing in it. `despite` what it only advises, never despite
    what stops the application. Raises Missing, Denied, Stale, Invalid, Refused (locked as the application stands).
    """
    application, part = applications.part_to_write(actor, uid, key, version=version)
    changed = sorted(facts)
    text = db.session().get_one(ApplicationText, application.id)
    for name in PARTS[key].texts:
        if name in facts:
            setattr(text, name, facts.pop(name))
    if key in _writers:
        _writers[key](actor, application, facts)
    if facts:
        raise Invalid({name: [N_("Fältet finns inte i delen.")] for name in facts})
    applications.touch(actor, part)
    _drop_draft(actor, application, key)
    done = done and _may_be_done(actor, application, key, despite=despite)
    if done:
        part.done_at, part.done_by_id = clock.now(), actor.id
        db.session().flush()
    about = {"part": key, "done": done, "changed": changed}
    journal.write(actor, "application:write", "application", uid, level=application.level, **about)
    return part


def _may_be_done(actor: Actor, application: Application, key: str, *, despite: bool) -> bool:
    """Whether a part may be marked as done: what the coach says of it counts as long as it is told."""
    if application.state not in coach.TOLD_IN:
        return True
    told = coach.read_coach(actor, application, part=key)
    return not told.stops(AT_SUBMIT) and (despite or not (told.missing or told.advice))


# --- What is not saved yet ----------------------------------------------------------------------------------------


def keep_draft(actor: Actor, uid: UUID, key: str, *, version: int, values: Mapping[str, list[str]]) -> ApplicationDraft:
    """Keep what somebody has written in a part's form, for that person only; nothing of it is told to anybody.

    `version` is the one the form was drawn from: it is compared first when the form is saved. Raises Missing, Denied,
    Invalid (too long), Refused.
    """
    application, part = applications.part_to_write(actor, uid, key, version=None)
    if actor.id is None:
        raise access.Denied(WRITE)
    if sum(len(one) for texts in values.values() for one in texts) > LONGEST:
        raise Invalid({"": [N_("Det är för långt för att sparas automatiskt.")]})
    row = db.session().get(ApplicationDraft, (application.id, part.part, actor.id))
    if row is None:
        row = ApplicationDraft(application_id=application.id, part=part.part, person_id=actor.id)
        db.session().add(row)
    row.written = {"schema": 1, "version": version, "values": dict(values)}
    row.at = clock.now()
    db.session().flush()
    return row


def discard_draft(actor: Actor, uid: UUID, key: str) -> None:
    """Throw away what the actor has written in a part and not saved. Raises Missing, Denied, Refused."""
    application, part = applications.part_to_write(actor, uid, key, version=None)
    _drop_draft(actor, application, part.part)


def _drop_draft(actor: Actor, application: Application, key: str) -> None:
    """Forget the actor's draft of a part, as it has been saved."""
    same = (ApplicationDraft.application_id == application.id, ApplicationDraft.part == key)
    db.session().execute(delete(ApplicationDraft).where(*same, ApplicationDraft.person_id == actor.id))


# --- Rows of a part -----------------------------------------------------------------------------------------------


def row_of(actor: Actor, model: Any, uid: UUID, *options: Any) -> tuple[Application, Any]:
    """Return a row of an application that the actor reads, with the application. Raises Missing."""
    rows = select(model).options(*(joinedload(one) for one in options))
    row = db.session().scalar(rows.where(model.uid == uid, access.rule_of(model, actor)))
    if row is None:
        raise access.Missing(model.__tablename__, uid)
    return db.session().get_one(Application, row.application_id), row


def add_row(actor: Actor, uid: UUID, key: str, row: Any) -> Any:
    """Add a row to a part, once for each `row.uid`. Raises Missing, Denied, Conflict, Refused."""
    application, part = applications.part_to_write(actor, uid, key, version=None)
    model, names = type(row), [column.key for column in type(row).__mapper__.column_attrs]
    known = db.session().scalar(select(model).where(model.uid == row.uid))
    if known is not None:
        told = [name for name in names if name in row.__dict__ and name != "number"]
        if known.application_id != application.id or any(getattr(known, n) != getattr(row, n) for n in told):
            raise db.Conflict(model.__tablename__, row.uid)
        return known
    row.application_id = application.id
    db.session().add(row)
    db.session().flush()
    _rows_changed(actor, application, part, "add", model)
    return row


def change_row(
    actor: Actor, key: str, model: Any, uid: UUID, *, version: int | None = None, **changes: Any
) -> tuple[Application, Any]:
    """Change a row of a part. Raises Missing, Denied, Stale, Refused."""
    application, row = _row_to_write(actor, key, model, uid)
    db.refuse_stale(model.__tablename__, uid, row.version, version)
    for name, value in changes.items():
        setattr(row, name, value)
    db.session().flush()
    part = db.session().get_one(ApplicationPart, (application.id, key))
    _rows_changed(actor, application, part, "change", model)
    return application, row


def take_row(actor: Actor, key: str, model: Any, uid: UUID) -> Application:
    """Take a row out of a part. Raises Missing, Denied, Refused."""
    application, row = _row_to_write(actor, key, model, uid)
    db.session().delete(row)
    db.session().flush()
    part = db.session().get_one(ApplicationPart, (application.id, key))
    _rows_changed(actor, application, part, "take", model)
    return application


def _row_to_write(actor: Actor, key: str, model: Any, uid: UUID) -> tuple[Application, Any]:
    application, row = row_of(actor, model, uid)
    applications.part_to_write(actor, application.uid, key, version=None)
    return application, row


def _rows_changed(actor: Actor, application: Application, part: ApplicationPart, what: str, model: Any) -> None:
    applications.touch_rows(actor, part)
    about = {"part": part.part, "row": what, "kind": model.__tablename__}
    journal.write(actor, "application:write", "application", application.uid, level=application.level, **about)
