"""The figures of an indicator as a table: every one of them, also those that are missing or suppressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.documents import About, Column, Content, TableOptions, kind, sheet
from core.figures import services
from core.figures.models import READ, STATUSES, Delivery, Figure, Indicator
from core.figures.periods import told as told_period
from core.figures.services.reading import holding
from core.i18n import N_
from core.places.models import AREA_KINDS
from core.schema import fields

TABLE = "figures:tabell"
AT_A_TIME = 1000
COLUMNS = (
    Column(N_("Slag av område"), width=24),
    Column(N_("Kod"), width=16),
    Column(N_("Område"), width=28),
    Column(N_("Uppdelning"), width=20),
    Column(N_("Period"), width=18),
    Column(N_("Första dag"), "date", 13),
    Column(N_("Sista dag"), "date", 13),
    Column(N_("Läge"), width=16),
    Column(N_("Värde"), "number"),
    Column(N_("Antal svar"), "number"),
    Column(N_("Lägre gräns"), "number"),
    Column(N_("Högre gräns"), "number"),
    Column(N_("Stod i filen"), width=16),
    Column(N_("Källa"), width=24),
    Column(N_("Kom in"), "moment", 18),
)


class FigureOptions(TableOptions):
    """Of which kind of area a table is."""

    slag = fields.Choice({"": N_("Alla"), **AREA_KINDS}, load_default="")


def _about(actor: Actor, uid: UUID) -> About:
    found = services.read_indicator(actor, uid)
    return About(found.title, f"/statistik/{uid}", found.level)


@kind(TABLE, title=N_("Statistik som tabell"), needs=READ, about=_about, options=FigureOptions)
def figures_as_table(actor: Actor, uid: UUID, *, slag: str, **_: Any) -> Content:
    """Gather the figures of an indicator that the actor reaches. A gap stays a gap, with why in its own column."""
    found = services.read_indicator(actor, uid)
    rows = select(Figure, Delivery.source, Delivery.received_at).join(Delivery, Delivery.id == Figure.delivery_id)
    rows = rows.where(Figure.indicator_id == found.id, *holding(actor))
    if slag:
        rows = rows.where(Figure.area_kind == slag)
    order = (Figure.area_kind, Figure.area_name, Figure.part, Figure.first_on, Figure.id)
    told = db.session().execute(rows.order_by(*order).execution_options(yield_per=AT_A_TIME))
    return Content(
        title=found.title,
        filename=f"{found.key} {clock.today().isoformat()}",
        sheet=sheet(COLUMNS, _lines(found, told)),
        level=found.level,
    )


def _lines(indicator: Indicator, told: Any) -> Iterator[Sequence[Any]]:
    for row, source, came in told:
        yield (
            AREA_KINDS.get(row.area_kind, row.area_kind), row.area_code, row.area_name, row.part,
            told_period(row.first_on, row.last_on), row.first_on, row.last_on, STATUSES[row.status], row.value, row.n,
            row.low, row.high, row.note, f"{indicator.source} ({source})", came,
        )  # fmt: skip
