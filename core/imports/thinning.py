"""Gallring: what a file said is let go after a time, that it came and what became of its rows stays.

How long is the installation's to decide (`TRYGGPLATS_IMPORTS_KEPT`). The records that were made of the rows are the
rooms', and stay.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from core import access, clock, db, flow, journal, outbox
from core.imports.lists import given_up
from core.imports.models import FIT, NEW, SKIPPED, Import, ImportRow
from core.imports.states import IMPORT, TAKES_IN, UNDOES

HOUSE = access.system("imports:thin")
AT_ONCE = 20
"""Imports of a turn: each has up to 50,000 rows."""
ENDS = {TAKES_IN: "inford", UNDOES: "angrad"}
"""How one that was given up in the middle of a step ends."""
EMPTY = {"cells": [], "key": "", "spot": "", "errors": [], "warnings": [], "warned": False}


def thin() -> None:
    """Thin the imports whose time has come, unless the worker is at them; a job of the worker."""
    before = clock.now() - timedelta(days=db.settings().imports_kept)
    last = func.coalesce(Import.finished_at, Import.received_at)
    rows = select(Import).where(Import.thinned_at.is_(None), last < before).order_by(Import.id).limit(AT_ONCE)
    found = list(db.session().scalars(rows.with_for_update(skip_locked=True)))
    gone = given_up(found)
    for one in found:
        if not one.works or one.uid in gone:
            _thin(one)


def _thin(found: Import) -> None:
    rows = update(ImportRow).where(ImportRow.import_id == found.id)
    db.session().execute(rows.where(ImportRow.state.in_((NEW, FIT))).values(state=SKIPPED))
    db.session().execute(rows.values(**EMPTY))
    if not IMPORT.states[found.state].closed:
        flow.move(IMPORT, found, ENDS.get(found.state, "gallra"), HOUSE)
    found.columns = [{"heading": one["heading"], "example": "", "values": []} for one in found.columns]
    found.mapping, found.meanings, found.notes, found.tally = {}, {}, [], []
    if found.sha256:
        outbox.put("forget file", {"sha256": found.sha256})
    found.sha256, found.thinned_at = None, clock.now()
    db.session().flush()
    journal.write(HOUSE, "import:thin", "import", found.uid, rows=found.total, days=db.settings().imports_kept)
