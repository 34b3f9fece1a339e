"""Sun and light on a walk: when the sun sets where it goes, and whether it is day, dusk or dark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from astral import Observer, SunDirection
from astral.sun import dawn, dusk, elevation, sunrise, sunset, time_at_elevation
from shapely import Point

from core import clock, geo
from core.i18n import N_, Text
from core.places import services as places
from core.schema import Invalid
from core.walks.models import Walk

DARK_THEMES = ("belysning",)
AFTER_SUNSET = timedelta(minutes=30)
"""How long after sunset a walk about light begins, at the earliest (domain.md 2.6)."""
A_DAY = timedelta(days=1)
NOON = 12
DARK = -6.0
"""Degrees above the horizon below which one sees nothing without lamps: where dusk ends (civil twilight)."""


@dataclass(frozen=True)
class Sun:
    """The sun of one day and place; dawn and dusk are None where it never gets dark."""

    sunrise: datetime
    sunset: datetime
    dawn: datetime | None
    dusk: datetime | None

    def light_at(self, moment: datetime) -> str:
        """Return dag, skymning or morker."""
        if self.sunrise <= moment < self.sunset:
            return "dag"
        if self.dusk is None or self.dawn is None or self.dawn <= moment < self.dusk:
            return "skymning"
        return "morker"


def sun_at(point: Point | None, moment: datetime) -> Sun:
    """Return the sun at a point in SWEREF 99 TM (the middle of the city for None) on the local day of a moment."""
    observer, day, zone = _observer(point), clock.local(moment).date(), clock.STOCKHOLM
    try:
        twilight = dawn(observer, day, tzinfo=zone), dusk(observer, day, tzinfo=zone)
    except ValueError:  # in the north in summer the sun never goes six degrees below the horizon
        twilight = None, None  # type: ignore[assignment]
    return Sun(sunrise(observer, day, tzinfo=zone), sunset(observer, day, tzinfo=zone), *twilight)


def _observer(point: Point | None) -> Observer:
    west, south, east, north = places.bounds()
    where = point or Point((west + east) / 2, (south + north) / 2)
    longitude, latitude = geo.to_geojson(where)["coordinates"]
    return Observer(latitude, longitude)


def sky_at(point: Point | None, moment: datetime) -> tuple[float, int | None]:
    """Return how many degrees the sun stands above the horizon, and how many minutes ago it set; None while it is up.

    The point is in SWEREF 99 TM, None for the middle of the city.
    """
    sun = sun_at(point, moment)
    stands = round(elevation(_observer(point), moment), 1)
    if sun.sunrise <= moment < sun.sunset:
        return stands, None
    evening = moment if moment >= sun.sunset else moment - A_DAY  # after midnight the night began the day before
    return stands, round((moment - sun_at(point, evening).sunset).total_seconds() / 60)


def as_dark_on(point: Point | None, first: datetime, day: date) -> datetime | None:
    """Return when on a local day the sun stands as it stood at the moment `first`; None where it never does.

    What was seen in the evening is looked at again in the evening, and what was seen in the morning in the morning.
    """
    observer, began = _observer(point), clock.local(first)
    way = SunDirection.RISING if began.hour < NOON else SunDirection.SETTING
    try:
        return time_at_elevation(observer, elevation(observer, first), day, way, tzinfo=clock.STOCKHOLM)
    except ValueError:
        return None


def point_of(walk: Walk) -> Point | None:
    """Return where the sun of a walk is looked at: the middle of its first place, which is loaded."""
    return Point(walk.places[0].geom.representative_point()) if walk.places else None


def sun_of(walk: Walk) -> Sun:
    """Return the sun of a walk whose places are loaded."""
    return sun_at(point_of(walk), walk.planned_at)


def light_of(walk: Walk) -> str:
    """Return the light of a walk: what somebody has said it is, else what the sun says."""
    return walk.light or sun_of(walk).light_at(walk.planned_at)


def refuse_daylight(theme: str, planned_at: datetime, point: Point | None, reason: str) -> None:
    """Raise Invalid for a walk about light that begins while one sees without lamps, unless there is a reason."""
    if theme not in DARK_THEMES or reason.strip():
        return
    sun = sun_at(point, planned_at)
    if sun.sunrise - AFTER_SUNSET < planned_at < sun.sunset + AFTER_SUNSET:
        earliest = clock.local(sun.sunset + AFTER_SUNSET + timedelta(seconds=59)).strftime("%H.%M")
        words = N_("En vandring om belysning börjar tidigast {time} den dagen, 30 minuter efter solnedgången. "
                   "Välj en senare tid eller ett annat tema, eller skriv varför den går i dagsljus.")  # fmt: skip
        raise Invalid({"planned_at": [Text(words, time=earliest)]})
