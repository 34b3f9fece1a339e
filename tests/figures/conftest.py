"""What the tests of figures share: files of figures read in by the coordinator of Farsta, and what came of them."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, db
from core.figures import services
from core.figures.cells import read
from core.figures.models import Figure, Indicator
from core.figures.naming import indicators_by_key
from core.figures.periods import read as days_of
from core.figures.services import Row
from core.places.models import DISTRICT
from tests.imports.conftest import Reader, messages, reader, work
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["Reader", "messages", "queries", "reader", "scene", "work"]

PER_DISTRICT = f"statistik:{DISTRICT}"


def book(*lines):
    """A file as an office saves it, from its lines."""
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


@pytest.fixture
def take(reader):
    """Read a file in; return the import when it stands."""

    def take(file, kind=PER_DISTRICT, source="Prov", **more):
        tried = reader.tried(file, kind=kind, source=source, name="siffror.csv", **more)
        return reader.move(tried, "for_in") if tried["rows"].get("duger") else tried

    return take


@pytest.fixture
def figures(database):
    """The figures that hold, by indicator, area, period and part: (status, value)."""

    def read_all():
        with database.transaction(write=False) as session:
            rows = select(Figure, Indicator.key).join(Indicator, Indicator.id == Figure.indicator_id)
            return {
                (key, row.area_code, row.first_on.isoformat(), row.part): (row.status, row.value)
                for row, key in session.execute(rows.where(Figure.undone_at.is_(None)))
            }

    return read_all


def put(actor, key, area, period, text, *, kind=DISTRICT, part="", n=None):
    """Let a figure be there, inside a transaction: `text` as a cell of a file has it. Returns its uid."""
    first, last = days_of(period)
    indicator, record = indicators_by_key()[key], uuid4()
    row = Row(
        area_kind=kind, area_code=area, area_name=area.title(), first_on=first, last_on=last, part=part,
        indicator=indicator, cells=(("value", indicator, read(text)),), key=f"{area} {period} {key} {part}", n=n,
    )  # fmt: skip
    services.take_in(actor, db.uid_of("prov"), "Prov", record=record, row=row)
    return record


HOUSE = access.system("test")
