"""What the follow-up hands out: each table of its view and its reports as a spreadsheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import access, clock
from core.access import Actor
from core.documents import About, Content, kind, sheet
from core.followup import figures_more, view_tables  # noqa: F401 - register their reports
from core.followup.figures_of import Link, every_report, tables_of
from core.followup.models import THEN, VIEW
from core.followup.schemas.city import TableAsked
from core.followup.services.asked import IN_FILE, Asked, Boards
from core.i18n import N_, Text

TABLE = "followup:tabell"


def _about(actor: Actor, uid: UUID) -> About:
    """A table of what somebody reaches is about themselves: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/uppfoljning")


@kind(TABLE, title=N_("Uppföljning av beviljade medel, som tabell"), needs=VIEW, about=_about, options=TableAsked)
def as_table(
    actor: Actor,
    _uid: UUID,
    *,
    rapport: str,
    tabell: int = 0,
    ar: int | None = None,
    namnd: UUID | None = None,
    satsning: UUID | None = None,
    namn: str = THEN,
    **_: Any,
) -> Content:
    """Gather a table of a report as the page shows it."""
    year = ar or clock.today().year
    asked = Asked(year, Boards(), _uid_of(satsning), _uid_of(namnd), namn, most=IN_FILE)
    found = tables_of(actor, rapport, asked)
    if tabell >= len(found):
        raise access.Missing("report", rapport)
    told, table = every_report()[rapport], found[tabell]
    rows = [[cell.text if isinstance(cell, Link) else cell for cell in row] for row in table.rows]
    title = Text(N_("{report}: {table}"), report=told.title, table=table.title)
    if table.more:
        first = N_("{report}: {table}, de {n} första")
        title = Text(first, report=told.title, table=table.title, n=len(rows))
    name = f"uppfoljning {rapport} {tabell + 1} {year if told.of_year else clock.today().isoformat()}"
    return Content(title=title, filename=name, sheet=sheet(table.columns, rows))


def _uid_of(value: Any) -> UUID | None:
    """Return a uid that may have been kept as text."""
    return UUID(str(value)) if value else None
