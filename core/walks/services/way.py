"""The way of a walk as people write it: one point per line, in the system they have it in; stops with questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import shapely
from shapely import LineString, Point
from sqlalchemy import Select, select

from core import access, db
from core.access import Actor
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.places import services as places
from core.places.models import Place
from core.places.outline import read_corner, spot
from core.schema import Invalid
from core.walks.models import Walk, WalkPlace, WalkStop

NEAR_STOP = 30
"""Metres from the route within which a stop is passed (domain.md 2.6)."""
FAR = 2000
"""Metres from the places of a walk beyond which its way is probably written wrong: people walk two or three
kilometres in an evening, and the places are what they walk between."""
MOST = 500
MOST_STOPS = 50
LONGEST_NAME, LONGEST_QUESTION = 200, 300


@dataclass(frozen=True)
class Passed:
    """A place that a walk comes to, as somebody is told of it: by name, and who reaches it also by its page."""

    place: Place
    reached: bool


def along(walk: Walk) -> Select[Place]:
    """Return the query of the places of a walk, in the order in which it comes to them."""
    rows = select(Place).join(WalkPlace, WalkPlace.place_id == Place.id)
    return rows.where(WalkPlace.walk_id == walk.id).order_by(WalkPlace.seq)


def places_of(actor: Actor, walk: Walk) -> list[Passed]:
    """Return the places of a walk that the actor reaches: its co-organisers, too, know where it goes.

    A protected place is told to nobody (design.md 9).
    """
    rows = along(walk).add_columns(access.rule_of(Place, actor)).where(Place.level < PROTECTED)
    return [Passed(place, bool(reached)) for place, reached in db.session().execute(rows)]


@dataclass(frozen=True)
class Stop:
    """A stop to make: where, in SWEREF 99 TM, and what to ask there."""

    name: str
    point: Point | None = None
    questions: Sequence[str] = field(default_factory=tuple)


def line_of(text: str, system: str) -> LineString | None:
    """Return the route that is written, one point per line; None for nothing. Raises Invalid at `route`."""
    rows = _rows(text)
    if not rows:
        return None
    if len(rows) < 2:  # noqa: PLR2004 - a line has two ends
        raise Invalid({"route": [N_("Skriv minst två punkter, en på varje rad.")]})
    if len(rows) > MOST:
        raise Invalid({"route": [Text(N_("Skriv högst {max} punkter."), max=MOST)]})
    within = places.bounds()
    return LineString([read_corner(line, system, row=row, field="route", within=within) for row, line in rows])


def stops_of(text: str, system: str) -> list[Stop]:
    """Return the stops that are written, one per line: name; coordinates; questions. Raises Invalid at `stops`."""
    rows = _rows(text)
    if len(rows) > MOST_STOPS:
        raise Invalid({"stops": [Text(N_("Skriv högst {max} stopp."), max=MOST_STOPS)]})
    return [_stop(row, line, system) for row, line in rows]


def _stop(row: int, line: str, system: str) -> Stop:
    name, *rest = (part.strip() for part in line.split(";"))
    if not 0 < len(name) <= LONGEST_NAME:
        words = N_("Rad {n}: börja med stoppets namn, högst {max} tecken.")
        raise Invalid({"stops": [Text(words, n=row, max=LONGEST_NAME)]})
    where, questions = (rest[0], rest[1:]) if rest else ("", [])
    point = read_corner(where, system, row=row, field="stops", within=places.bounds()) if where else None
    return Stop(name, point, [question[:LONGEST_QUESTION] for question in questions if question])


def _rows(text: str) -> list[tuple[int, str]]:
    """Return the rows on which something is written, each with its number in the text."""
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def written_line(line: LineString | None, system: str) -> str:
    """Return a route as it is written, one point per line."""
    return "\n".join(spot(Point(pair), system) for pair in line.coords) if line is not None else ""


def written_stop(stop: WalkStop, system: str) -> str:
    """Return a stop as it is written: name; coordinates; questions."""
    where = spot(Point(stop.point), system) if stop.point is not None else ""
    return "; ".join([stop.name, where, *stop.questions]).rstrip("; ")


def missed(line: LineString | None, stops: Iterable[WalkStop]) -> list[str]:
    """Return the names of stops that the route does not pass within 30 metres."""
    if line is None:
        return []
    return [stop.name for stop in stops if stop.point is not None and stop.point.distance(line) > NEAR_STOP]


def astray(walk: Walk, line: LineString | None) -> Iterable[Text]:
    """Yield what of a walk's way lies more than two kilometres from all of its places, with how far that is."""
    if not walk.places:
        return
    there = shapely.union_all([place.geom for place in walk.places])
    longest = max((there.distance(Point(pair)) for pair in line.coords), default=0) if line is not None else 0
    if longest > FAR:
        words = N_("Rutten går {n} km bort från vandringens platser. Stämmer koordinaterna?")
        yield Text(words, n=round(longest / 1000))
    for stop in walk.stops:
        if stop.point is not None and (distance := there.distance(stop.point)) > FAR:
            words = N_("Stoppet {name} ligger {n} km från vandringens platser. Stämmer koordinaterna?")
            yield Text(words, name=stop.name, n=round(distance / 1000))
