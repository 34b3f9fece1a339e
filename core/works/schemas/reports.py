"""What is asked about how orders went."""

from __future__ import annotations

from core.documents import TableOptions
from core.i18n import N_
from core.schema import Schema, fields
from core.upkeep import schemas as upkeep

BREAKDOWNS = {
    "avtal": N_("Avtal"),
    "stadsdel": N_("Stadsdelsnämnd"),
    "prioritet": N_("Prioritet"),
    "sort": N_("Sort"),
}
"""What the report can be broken down by."""

TABLES = {
    "frister": N_("Hölls fristerna?"),
    "alder": N_("Öppna och försenade, efter ålder"),
    "igen": N_("Samma sak igen inom 30 dagar"),
    "kontroll": N_("Entreprenadkontroll mot plan"),
    "viten": N_("Viten"),
    "kostnader": N_("Kostnad per plats"),
}
"""The tables of the report, by their key."""


def _per() -> fields.Choice:
    return fields.Choice(BREAKDOWNS, load_default="avtal", widget="select", label=N_("Dela upp efter"))


class OrderPeriod(upkeep.Days):
    """Which time the report is about, and how it is broken down."""

    per = _per()


class PaperOptions(Schema):
    """What the report on paper is about."""

    fran = fields.Date(required=True)
    till = fields.Date(required=True)
    per = _per()


class OrderTableOptions(TableOptions, PaperOptions):
    """Which of its tables is wanted as a file."""

    tabell = fields.Choice(TABLES, required=True, widget="select", label=N_("Vilken tabell?"))


class TableChoice(TableOptions):
    """The same, as it is asked on the page of the report, which knows the rest."""

    tabell = fields.Choice(TABLES, load_default="frister", widget="select", label=N_("Vilken tabell?"))
