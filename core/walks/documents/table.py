"""The rows of a protocol as a table, to sort and count in."""

from __future__ import annotations

from uuid import UUID

from core.access import Actor
from core.documents import Column, Content, kind, sheet
from core.i18n import N_, Text
from core.walks import services
from core.walks.documents.gathering import READ, about_read, level_of, lines_of, rows_of
from core.walks.models import NATURES
from core.walks.states import shown_state

TITLE = N_("Iakttagelser som tabell")
COLUMNS = (
    Column(N_("Nr"), "number"),
    Column(N_("Sågs"), "moment", 18),
    Column(N_("Plats"), width=28),
    Column(N_("Sort"), width=24),
    Column(N_("Typ"), width=18),
    Column(N_("Allvar"), "number"),
    Column(N_("Vad vi såg"), width=50),
    Column(N_("Ansvarig"), width=28),
    Column(N_("Läge"), width=20),
    Column(N_("Svar"), width=50),
    Column(N_("Svar senast"), "date", 13),
    Column(N_("Klart"), "date", 13),
)


@kind("walks:observations", title=TITLE, needs=READ, about=about_read)
def table(actor: Actor, uid: UUID, **_: str) -> Content:
    """Gather the rows of the protocol, as the actor reads them."""
    walk = services.read_walk(actor, uid, READ)
    rows = rows_of(actor, walk)
    lines, _pictures = lines_of(actor, rows)
    cells = (
        (
            line.number, row.seen_at, line.place, line.kind, NATURES[row.nature], line.severity, line.description,
            line.receiver, shown_state(row.nature, row.state).label, line.answer, line.latest, line.day,
        )
        for row, line in zip(rows, lines, strict=True)
    )  # fmt: skip
    return Content(
        title=Text(N_("Iakttagelser: {title}"), title=walk.title),
        filename=f"iakttagelser {walk.number} {walk.title}",
        sheet=sheet(COLUMNS, cells),
        level=level_of(walk, rows),
    )
