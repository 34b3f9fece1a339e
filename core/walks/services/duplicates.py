"""The same thing logged twice: found by kind and distance, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from shapely import GeometryCollection
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, geo, journal
from core.access import Actor
from core.i18n import N_
from core.schema import Invalid
from core.walks.kinds import radius_of
from core.walks.models import Observation, ObservationPair, Walk
from core.walks.services.changes import Answer, move_observation
from core.walks.states import OBSERVATION

FARTHEST = 100
"""Metres beyond which nothing is a duplicate, whatever its kind."""
MOST = 500
REVIEW = "walks:observation:review"
MERGED = OBSERVATION.move("markera_dubblett").sources
"""States in which an observation can still be marked as a duplicate."""


@dataclass(frozen=True)
class Pair:
    """Two observations that may be one: the one to keep first."""

    kept: Observation
    other: Observation
    metres: int


def pairs_of(actor: Actor, walk: Walk) -> list[Pair]:
    """Return what may have been logged twice, on this walk or on this and another: same kind, near, both open."""
    if not actor.may(REVIEW):
        return []
    own = list(db.session().scalars(_open(actor).where(Observation.walk_id == walk.id, Observation.point.is_not(None))))
    if not own:
        return []
    box = GeometryCollection([row.point for row in own]).buffer(FARTHEST).bounds
    kinds = {row.kind for row in own}
    around = {row.id: row for row in db.session().scalars(near_query(actor, box, kinds).limit(MOST))}
    around |= {row.id: row for row in own}
    mine, decided = {row.id for row in own}, _decided(around)
    found = []
    for first, second in combinations(sorted(around.values(), key=lambda row: row.id), 2):
        if first.kind != second.kind or not {first.id, second.id} & mine or (first.id, second.id) in decided:
            continue
        metres = first.point.distance(second.point)
        if metres <= radius_of(first.kind) and second.state in MERGED:
            found.append(Pair(first, second, round(metres)))
    return found


def near_query(actor: Actor, box: geo.Bounds, kinds: set[str]) -> Any:
    """Return the query of what is open in a box, for the page and for the test that asks how it would be run."""
    return _open(actor).where(geo.in_box(Observation.point, box), Observation.kind.in_(sorted(kinds)))


def _open(actor: Actor) -> Any:
    rows = select(Observation).options(joinedload(Observation.walk))
    return rows.where(Observation.state.in_(OBSERVATION.open_states()), access.rule_of(Observation, actor, REVIEW))


def _decided(rows: dict[int, Observation]) -> set[tuple[int, int]]:
    kept = select(ObservationPair.first_id, ObservationPair.second_id)
    found = db.session().execute(
        kept.where(or_(ObservationPair.first_id.in_(rows), ObservationPair.second_id.in_(rows)))
    )
    return {(row.first_id, row.second_id) for row in found}


def merge(actor: Actor, *, kept: UUID, other: UUID) -> Observation:
    """Let `other` go into `kept`: it is marked as a duplicate, and its photos are shown on the one that is kept."""
    return move_observation(actor, other, "markera_dubblett", Answer(kept=kept))


def keep_both(actor: Actor, *, kept: UUID, other: UUID) -> None:
    """Remember that two observations are not the same thing, so that nobody is asked again."""
    first, second = sorted(access.find(Observation, uid, actor, REVIEW).id for uid in (kept, other))
    if first == second:
        raise Invalid({"other": [N_("De två kan inte slås ihop. Ladda om sidan och välj igen.")]})
    if db.session().get(ObservationPair, (first, second)) is None:
        row = ObservationPair(first_id=first, second_id=second, person_id=actor.id, at=clock.now())
        db.session().add(row)
        journal.write(actor, "observation:keep", "observation", kept, other=other)


def merged_into(actor: Actor, observation: Observation) -> list[Observation]:
    """Return the duplicates that went into an observation."""
    rows = select(Observation).where(Observation.kept_id == observation.id, Observation.state == "dubblett")
    return list(db.session().scalars(access.visible(rows, actor).order_by(Observation.id)))
