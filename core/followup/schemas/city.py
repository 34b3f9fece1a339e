"""What the follow-up of the whole city is asked about, on its pages, in its tables and on its map."""

from __future__ import annotations

from core.documents import TableOptions
from core.followup.models import NAMES, THEN
from core.i18n import N_
from core.reserve.schemas import FIRST_YEAR, LAST_YEAR
from core.schema import ListFilter, Schema, fields


def _year() -> fields.Integer:
    return fields.Integer(
        min=FIRST_YEAR, max=LAST_YEAR, allow_none=True, load_default=None, widget="select", label=N_("År")
    )


class CityFilter(ListFilter):
    """Which year, board and programme to show, and by which names."""

    ar = _year()
    namnd = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Nämnd"))
    satsning = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Satsning"))
    namn = fields.Choice(NAMES, load_default=THEN, widget="select", label=N_("Nämndernas namn"))


class TableAsked(TableOptions):
    """Which table of which report is wanted, of what."""

    rapport = fields.String(required=True, max=40)
    tabell = fields.Integer(min=0, max=20, load_default=0)
    ar = _year()
    namnd = fields.Uid(allow_none=True, load_default=None)
    satsning = fields.Uid(allow_none=True, load_default=None)
    namn = fields.Choice(NAMES, load_default=THEN)


class GrantsQuery(Schema):
    """Which grants to draw: those of so many applications, after the one where the last answer ended."""

    year = fields.Integer(required=True, min=FIRST_YEAR, max=LAST_YEAR)
    board = fields.Uid(load_default=None)
    programme = fields.Uid(load_default=None)
    limit = fields.Integer(min=1, max=1000, load_default=200)
    after = fields.String(max=200)
