"""A table with geometries of the tests' own, made as a migration makes one, and the database's plan for a question."""

import geoalchemy2.alembic_helpers  # noqa: F401 - registers the operations
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from shapely import MultiPolygon, Point, box
from sqlalchemy import text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.expression import ClauseElement, Executable

from core import geo
from core.db import Key


class _Own(DeclarativeBase):
    """Apart from core's tables: nobody migrates these."""


class Spot(_Own):
    __tablename__ = "geo_spot"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    area: Mapped[MultiPolygon] = mapped_column(geo.Geom("MULTIPOLYGON"))
    door: Mapped[Point | None] = mapped_column(geo.Geom("POINT"))


class _Explain(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, statement):
        self.statement = statement


@compiles(_Explain)
def _explain(element, compiler, **kw):
    word = "EXPLAIN QUERY PLAN" if compiler.dialect.name == "sqlite" else "EXPLAIN"
    return f"{word} {compiler.process(element.statement, **kw)}"


@pytest.fixture
def plan_of():
    """Return the database's plan for a select, as text."""

    def plan(session, statement) -> str:
        return "\n".join(str(row[-1]) for row in session.execute(_Explain(statement)))

    return plan


@pytest.fixture
def spots(database):
    """1,600 squares of 100 m, 200 m apart, north-east of a corner of Stockholm; every other one has a door."""
    with database.transaction() as session:
        operations = Operations(MigrationContext.configure(session.connection()))
        operations.create_geospatial_table("geo_spot", *[column._copy() for column in Spot.__table__.columns])
        for column in ("area", "door"):
            operations.create_geospatial_index(
                f"idx_geo_spot_{column}", "geo_spot", [column], postgresql_using="gist", postgresql_ops={}
            )
    with database.transaction() as session:
        for number in range(1600):
            east, north = 670_000 + number % 40 * 200, 6_575_000 + number // 40 * 200
            square = geo.multipolygon(box(east, north, east + 100, north + 100))
            session.add(Spot(id=number + 1, area=square, door=Point(east, north) if number % 2 else None))
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    return Spot
