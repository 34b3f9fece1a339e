"""Places by the million: copies of one real place, spread over the stadsdelsnämnder, made by the database itself."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import psycopg
from sqlalchemy import Table, make_url

from core import access
from core.db import Base
from core.places import services
from core.places.models import Place, PlaceControl

UID = UUID("00000000-0000-4000-8000-000000000001")
CORNERS = ((18.09, 59.24), (18.091, 59.24), (18.091, 59.241), (18.09, 59.241), (18.09, 59.24))
BATCH = 250_000
BOARDS = "SELECT array_agg(id ORDER BY id) FROM organisation WHERE kind = 'stadsdelsnamnd' AND valid_to IS NULL"
COPIES = {
    "uid": "gen_random_uuid()",
    "number": "format('PL-%s', 9000000 + n)",
    "name": "format('Torget %s', left(md5(n::text), 12))",
    "district_id": "boards[1 + n % array_length(boards, 1)]",
    "geom": "format('SRID=3006;MULTIPOLYGON(((%1$s %2$s,%3$s %2$s,%3$s %4$s,%1$s %4$s,%1$s %2$s)))',"
    " x, y, x + 15, y + 15)::geometry",
}
"""What differs between copies of a place: squares side by side, and names whose order is not that of the keys."""


def template() -> None:
    """Add the place that all others are copies of, in the open transaction; trafiknämnden answers for its street."""
    services.add_place(
        access.system("benchmark"),
        uid=UID,
        name="Torget",
        kind="torg",
        public_access="allman_plats",
        description="Plats till mätningen.",
        geometry={"type": "Polygon", "coordinates": [[list(corner) for corner in CORNERS]]},
        controls=[services.NewControl("driftansvar_gata", "trafik")],
    )


def plant(address: str, many: int) -> None:
    """Copy the template in the database at `address` until there are `many` copies, and let the planner count them."""
    with psycopg.connect(conninfo(address), autocommit=True) as database:
        database.execute("SET session_replication_role = replica")  # no look-up per row of what the original refers to
        for first in range(1, many + 1, BATCH):
            database.execute(_copying_places(), {"uid": UID, "first": first, "last": min(many, first + BATCH - 1)})
        database.execute(
            copying(PlaceControl, {"uid": "gen_random_uuid()", "place_id": "copy.id"}) + OF_EACH, {"uid": UID}
        )
        database.execute("VACUUM ANALYZE place, place_control")


def ends_of_pages(address: str, organisation: str, pages: list[int], size: int) -> list[tuple[str, int]]:
    """Return name and key of the last place of each of these pages (1 is the first) of those in a district."""
    ask = """
        SELECT name, id FROM (
            SELECT name, id, row_number() OVER (ORDER BY name, id) AS place FROM place
            WHERE district_id = (SELECT id FROM organisation WHERE code = %s)
        ) AS ranked WHERE place = ANY(%s) ORDER BY place
    """
    with psycopg.connect(conninfo(address)) as database:
        return database.execute(ask, [organisation, [page * size for page in pages]]).fetchall()


def count(address: str, organisation: str) -> int:
    """Return how many places lie in the district of the organisation with this code."""
    ask = "SELECT count(*) FROM place WHERE district_id = (SELECT id FROM organisation WHERE code = %s)"
    with psycopg.connect(conninfo(address)) as database:
        (found,) = database.execute(ask, [organisation]).fetchone() or (0,)
    return int(found)


OF_EACH = " FROM place_control AS original, place AS copy WHERE copy.uid <> %(uid)s"


def _copying_places() -> str:
    numbers = "SELECT n, 660000 + n % 1400 * 20 AS x, 6570000 + n / 1400 % 1400 * 20 AS y"
    numbers += " FROM generate_series(%(first)s::bigint, %(last)s) AS n"
    made = copying(Place, COPIES) + f" FROM place AS original, ({numbers}) AS grid, ({BOARDS}) AS found(boards)"
    # A percent sign of SQL's own is doubled for the driver; the three named values are not.
    doubled = made.replace("%", "%%").replace("%%(", "%(")
    return f"{doubled} WHERE original.uid = %(uid)s"


def copying(model: type[Base], different: Mapping[str, str]) -> str:
    """Return an INSERT of copies of `original`, whatever columns it has; the key is the database's to give."""
    table = model.__table__
    assert isinstance(table, Table)
    columns = [column.name for column in table.columns if column.name != "id"]
    values = [different.get(name, f"original.{name}") for name in columns]
    return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(values)}"


def conninfo(address: str) -> str:
    url = make_url(address)
    return f"host={url.query['host']} user={url.username} dbname={url.database}"
