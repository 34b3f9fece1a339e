"""What upkeep hands out as tables: the open frister as they are listed, and how promises were kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from core import access, clock, db
from core.access import Actor
from core.documents import About, Column, Content, TableOptions, kind, sheet
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.schema import fields
from core.upkeep import naming, narrowing, services
from core.upkeep.letter_text import OPEN_LEVEL
from core.upkeep.models import Deadline
from core.upkeep.presenting import FIRST, standing, title_of, words_of
from core.upkeep.schemas import BREAKDOWNS, URGENCIES
from core.upkeep.services.listing import open_query
from core.upkeep.states import STANDINGS

READ = "upkeep:deadline:read"
LIST, REPORT = "upkeep:frister", "upkeep:rapport"
AT_A_TIME = 500
OPEN = (
    Column(N_("Frist"), width=30),
    Column(N_("Regel"), width=30),
    Column(N_("Nummer"), width=16),
    Column(N_("Gäller"), width=36),
    Column(N_("Plats"), width=28),
    Column(N_("Ansvarig"), width=28),
    Column(N_("Prioritet"), width=20),
    Column(N_("Började"), "moment", 18),
    Column(N_("Senast"), "moment", 18),
    Column(N_("Sista dag"), "date", 13),
    Column(N_("Läge"), width=18),
    Column(N_("Flyttad, gånger"), "number"),
)
KEPT = (
    Column(N_("I tid"), "number"),
    Column(N_("Klara för sent"), "number"),
    Column(N_("Öppna och försenade"), "number"),
    Column(N_("I tid, %"), "number"),
    Column(N_("Flyttade"), "number"),
)


class OpenOptions(TableOptions):
    """Which of the open frister a table holds: what the list was narrowed to."""

    visa = fields.Choice(STANDINGS, load_default="alla")
    ansvarig = fields.Uid(allow_none=True, load_default=None)
    stadsdel = fields.Uid(allow_none=True, load_default=None)
    slag = fields.String(max=80, load_default="")
    prioritet = fields.Choice({"": "", **URGENCIES}, load_default="")


narrowing.asks_for_ways(OpenOptions, lambda way: (way.key, fields.Uid(allow_none=True, load_default=None)))


class ReportOptions(TableOptions):
    """Which frister a report counts."""

    fran = fields.Date(required=True)
    till = fields.Date(required=True)
    per = fields.Choice(BREAKDOWNS, load_default="ansvarig")


def _about(actor: Actor, uid: UUID) -> About:
    """A table of what somebody reaches is about themselves: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/skotsel")


@kind(LIST, title=N_("Öppna frister som tabell"), needs=READ, about=_about, options=OpenOptions, level=2)
def open_frister(actor: Actor, _uid: UUID, **asked: Any) -> Content:
    """Gather the open frister that the actor reaches, as they are listed; protected ones are in no file."""
    urgency = int(asked["prioritet"]) if asked["prioritet"] else None
    by = narrowing.chosen(asked)
    narrowed = services.Narrowed(asked["ansvarig"], asked["stadsdel"], asked["slag"], urgency, by)
    rows = open_query(actor, narrowed, asked["visa"]).where(Deadline.level < PROTECTED)
    found = db.session().execute(rows.execution_options(yield_per=AT_A_TIME))
    return Content(
        title=Text(N_("Öppna frister, {name}"), name=actor.organisation_name),
        filename=f"frister {clock.today().isoformat()}",
        sheet=sheet(OPEN, _lines(actor, found)),
    )


def _lines(actor: Actor, found: Any) -> Iterator[Sequence[Any]]:
    """Yield a line for each frist; what a restricted one (level 2) is about is not named in a file."""
    for rows in found.partitions():
        named = naming.about(actor, (row for row in rows if row.level <= OPEN_LEVEL))
        for row in rows:
            thing = named.get(row.subject_uid)
            number, title = (thing.number, thing.title) if thing else ("", "")
            yield (
                title_of(row), row.rule["title"], number, title, row.place_name, row.organisation_name,
                FIRST.get(row.urgency, ""), row.starts_at, row.due_at, row.due_on, standing(row).label,
                row.moved_count,
            )  # fmt: skip


@kind(REPORT, title=N_("Hölls fristerna? som tabell"), needs=READ, about=_about, options=ReportOptions)
def kept(actor: Actor, _uid: UUID, *, fran: date, till: date, per: str, **_: Any) -> Content:
    """Gather how the frister of a period were kept."""
    found = services.report(actor, first=fran, last=till, per=per).groups
    rows = [(words_of(per, one.key), one.in_time, one.late, one.open_late, one.share, one.moved) for one in found]
    return Content(
        title=Text(N_("Hölls fristerna? {name}"), name=actor.organisation_name),
        filename=f"frister {fran.isoformat()} till {till.isoformat()}",
        sheet=sheet((Column(BREAKDOWNS[per], width=30), *KEPT), rows),
    )
