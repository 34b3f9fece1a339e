"""What the tests of figures share: files of figures read in by the coordinator of Farsta, and what came of them."""

import pytest
from sqlalchemy import select

from core import access
from core.figures.models import Figure, Indicator
from core.places.models import DISTRICT
from tests.figures.putting import put
from tests.imports.conftest import Reader, messages, reader, work
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["Reader", "messages", "put", "queries", "reader", "scene", "work"]

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


HOUSE = access.system("test")
