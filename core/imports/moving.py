"""The steps of an import that a person takes: take the rows in, undo all of it, choose again, leave it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from core import access, db, flow, journal, outbox
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.imports.intake import let_work
from core.imports.kinds import kind_of
from core.imports.lists import given_up
from core.imports.models import FIT, RUN, TAKEN, Import, ImportRow
from core.imports.states import IMPORT, WORKERS

NOTHING_FITS = N_("Ingen rad går att föra in. Rätta filen och läs in den igen, eller välj andra kolumner.")
GO_ON = "fortsatt"
"""The step that lets the worker go on with what it has given up; it is no move, as the state stays."""
NOT_GIVEN_UP = N_("Inläsningen är inte avbruten. Ladda om sidan.")
TRIED_AGAIN = "Den som läste in filen har låtit göra det på nytt."
USED = N_("{n} av det som fördes in har någon redan arbetat med. Då går det inte att ångra hela inläsningen.")


def move_import(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Import:
    """Take a step of an import; the worker does what it asks for. Raises Missing, Denied, Stale, Refused."""
    if key == GO_ON:
        return _go_on(actor, uid, version)
    if key in WORKERS or key == "prova":
        raise access.Missing("import-move", key)
    found = access.find(Import, uid, actor, RUN, lock=True)
    access.require(actor, kind_of(found.kind).needs)
    db.refuse_stale("import", uid, found.version, version)
    flow.move(IMPORT, found, key, actor, reason=reason)
    found.reason = reason
    if found.works:
        found.done = 0
        let_work(found)
    db.session().flush()
    return found


def _go_on(actor: Actor, uid: UUID, version: int | None) -> Import:
    """Let the worker go on with an import that it has given up, from the rows that are left."""
    found = access.find(Import, uid, actor, RUN, lock=True)
    access.require(actor, kind_of(found.kind).needs)
    db.refuse_stale("import", uid, found.version, version)
    if not given_up([found]):
        raise flow.Refused([Objection(NOT_GIVEN_UP)])
    if found.task is not None:
        outbox.drop(found.task, TRIED_AGAIN)
    let_work(found)
    journal.write(actor, "import:go-on", "import", uid, state=found.state)
    return found


@IMPORT.guard("for_in")
def _something_to_take_in(found: Import, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001 - as all guards
    some = select(ImportRow.id).where(ImportRow.import_id == found.id, ImportRow.state == FIT).limit(1)
    if db.session().scalar(some) is None:
        yield Objection(NOTHING_FITS)


@IMPORT.guard("angra")
def _nobody_has_begun(found: Import, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001 - as all guards
    records = select(ImportRow.record).where(ImportRow.import_id == found.id, ImportRow.state == TAKEN)
    used = kind_of(found.kind).used(records)
    if number := db.session().scalars(select(func.count()).select_from(used.subquery())).one():
        yield Objection(Text(USED, n=number))
