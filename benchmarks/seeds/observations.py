"""Observations by the hundred thousand: copies of one that was logged, sent and answered, made by the database itself.

A hundred to a place and forty to a walk, over three years. Trafiknämnden answers for three of five, the board of the
place for the rest. What is older is answered, but for one in twenty; of the last walks nobody has answered anything.
"""

from __future__ import annotations

from uuid import UUID

import psycopg

from benchmarks.seeds import places
from benchmarks.seeds.places import conninfo, copying
from core import access, clock
from core.upkeep.models import Deadline
from core.walks import services
from core.walks.models import Observation, ObservationEvent, Walk

WALK, SEEN = UUID(int=2, version=4), UUID(int=3, version=4)
A_PLACE, A_WALK = 100, 40
MANY = "'atgardad','atgardad','atgardad','verifierad','atgardad','planerad','atgardad','verifierad','atgardas_ej'"
WALKS = {
    "uid": "gen_random_uuid()",
    "number": "format('TV-%s', n)",
    "title": "format('Vandring %s', left(md5(n::text), 8))",
    "planned_at": "now() - interval '3 years' * (1 - n / %(walks)s::float8)",
    "organiser_id": "spot.district_id",
    "state": "CASE WHEN n > %(walks)s * 0.98 THEN 'genomford' ELSE 'aterkopplad' END",
}
OBSERVATIONS = {
    "uid": "gen_random_uuid()",
    "walk_id": "outing.id",
    "number": f"1 + m % {A_WALK}",
    "kind": "kinds[1 + m % array_length(kinds, 1)]",
    "severity": "1 + (m % 17 > 3)::int + (m % 17 = 0)::int",
    "seen_at": "outing.planned_at + interval '2 minutes' * m",
    "received_at": "outing.planned_at + interval '2 minutes' * m",
    "place_id": "spot.id",
    "organisation_id": "CASE WHEN (n + m) % 5 < 3 THEN trafik ELSE spot.district_id END",
    "coordinator_id": "spot.district_id",
    "point": "ST_Translate(ST_Centroid(spot.geom), m % 7, m % 11)",
    "state": "CASE WHEN outing.state = 'genomford' THEN (ARRAY['ny','fordelad','mottagen'])[1 + m % 3]"
    f" WHEN (n + m) % 20 = 0 THEN 'fordelad' ELSE (ARRAY[{MANY}])[1 + m % 9] END",
}
EVENTS = {"observation_id": "copy.id", "at": "copy.seen_at + interval '1 day'", "receiver_id": "copy.organisation_id"}
IS_OPEN = "copy.state IN ('fordelad', 'mottagen')"
FRISTER = {
    "uid": "gen_random_uuid()",
    "subject_uid": "copy.uid",
    "category": "copy.kind",
    "place_id": "copy.place_id",
    "organisation_id": "copy.organisation_id",
    "coordinator_id": "copy.coordinator_id",
    "starts_at": "copy.seen_at",
    "due_at": "copy.seen_at + interval '14 days'",
    "due_on": "(copy.seen_at + interval '14 days')::date",
    "badly_late_at": "copy.seen_at + interval '42 days'",
    "state": f"CASE WHEN {IS_OPEN} THEN 'oppen' ELSE 'klar' END",
    "met_at": f"CASE WHEN {IS_OPEN} THEN NULL ELSE copy.seen_at + interval '1 day' * (copy.id % 20) END",
}


def template() -> None:
    """Add the place, the walk and the observation that all others are copies of, in the open transaction."""
    places.template()
    house = access.system("benchmark")
    services.add_walk(
        house,
        uid=WALK,
        title="Vandring",
        theme="allman",
        planned_at=clock.now(),
        organiser="sdn-farsta",
        places=[places.UID],
    )
    text = "Två lyktor vid trappan lyser inte. Det är mörkt hela vägen till hållplatsen."
    services.log_observation(house, uid=SEEN, walk=WALK, kind="belysning", description=text)
    for move in ("granska", "fordela", "ta_emot", "atgarda"):
        services.move_observation(
            house, SEEN, move, services.Answer(answer="Lyktorna är lagade." if move == "atgarda" else "")
        )


def plant(address: str, many: int) -> None:
    """Copy the template in the database at `address` until there are `many` observations, and let it count them."""
    spots, walks = max(1, many // A_PLACE), max(1, many // A_WALK)
    places.plant(address, spots)
    known = {"walks": walks, "seen": SEEN, "walk": WALK, "spots": spots}
    with psycopg.connect(conninfo(address), autocommit=True) as database:
        database.execute("SET session_replication_role = replica")
        database.execute(SPOTS)
        database.execute("CREATE UNIQUE INDEX ON spot (nth); ANALYZE spot")
        for statement in _statements():
            database.execute(statement, known)
        database.execute("VACUUM ANALYZE")


SPOTS = """
    CREATE TEMP TABLE spot AS
    SELECT row_number() OVER (ORDER BY id) AS nth, * FROM place WHERE district_id IS NOT NULL
"""
OF_WALK = "outing.number = format('TV-%s', n)"
LIES = "spot.nth = 1 + (n * 7919) % %(spots)s"


def _statements() -> list[str]:
    """Return the INSERTs, in their order."""
    walks = "generate_series(1, %(walks)s::bigint) AS n"
    kinds = "(SELECT ARRAY['belysning','skrap_dumpning','vaxtlighet_sikt','skadegorelse','odslighet'] AS kinds) AS k"
    trafik = "(SELECT id AS trafik FROM organisation WHERE code = 'trafik') AS t"
    made = [
        f"{copying(Walk, WALKS)} FROM walk AS original, {walks} JOIN spot ON {LIES} WHERE original.uid = %(walk)s",
        (
            f"INSERT INTO walk_place (walk_id, place_id, seq) SELECT outing.id, spot.id, 1 FROM {walks}"
            f" JOIN spot ON {LIES} JOIN walk AS outing ON {OF_WALK}"
        ),
        (
            f"{copying(Observation, OBSERVATIONS)} FROM observation AS original, {kinds}, {trafik}, {walks}"
            f" JOIN spot ON {LIES} JOIN walk AS outing ON {OF_WALK}, generate_series(0, {A_WALK} - 1) AS m"
            " WHERE original.uid = %(seen)s"
        ),
        (
            f"{copying(ObservationEvent, EVENTS)} FROM observation_event AS original, observation AS copy"
            " WHERE copy.uid <> %(seen)s AND copy.state <> 'ny' AND (original.kind = 'fordela'"
            " OR original.kind = 'atgarda' AND copy.state IN ('atgardad', 'verifierad'))"
        ),
        (
            f"{copying(Deadline, FRISTER)} FROM deadline AS original, observation AS copy"
            " WHERE copy.uid <> %(seen)s AND copy.state <> 'ny' AND original.kind = 'core:svar'"
        ),
    ]
    # A percent sign of SQL's own is doubled for the driver; the named values are not.
    return [statement.replace("%", "%%").replace("%%(", "%(") for statement in made]


def ends(address: str) -> dict[str, str]:
    """Return uids for addresses: a place of Farsta's with much on it, its last walk, and something seen there."""
    ask = """
        SELECT place.uid AS place, walk.uid AS walk, observation.uid AS seen
        FROM walk JOIN observation ON observation.walk_id = walk.id JOIN place ON place.id = observation.place_id
        WHERE walk.organiser_id = (SELECT id FROM organisation WHERE code = %s)
            AND walk.uid <> %s
        ORDER BY walk.planned_at DESC, walk.id, observation.number LIMIT 1
    """
    with psycopg.connect(conninfo(address)) as database:
        row = database.execute(ask, ["sdn-farsta", WALK]).fetchone()
    assert row is not None
    return dict(zip(("place", "walk", "seen"), map(str, row), strict=True))
