"""Sun and light on a walk: when the sun sets where it goes, and whether it is day, dusk or dark."""

from __future__ import annotations

from collections.abc import Callable
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
UP = -0.833
"""Degrees above the horizon at which the sun rises: its upper edge, as the air bends it."""


@dataclass(frozen=True)
class Sun:
    """The sun of one local day and place; a time is None where it does not do so that day (in the north)."""

    observer: Observer
    sunrise: datetime | None
    sunset: datetime | None
    dawn: datetime | None
    dusk: datetime | None

    def is_up_at(self, moment: datetime) -> bool:
        """Whether the sun is above the horizon at a moment of its day, or so near that day that it makes no odds."""
        return self._is_between(self.sunrise, self.sunset, moment, UP)

    def light_at(self, moment: datetime) -> str:
        """Return dag, skymning or morker."""
        if self.is_up_at(moment):
            return "dag"
        return "skymning" if self._is_between(self.dawn, self.dusk, moment, DARK) else "morker"

    def _is_between(self, begins: datetime | None, ends: datetime | None, moment: datetime, height: float) -> bool:
        if begins and ends and begins < ends:  # in June what ends after midnight ends before it has begun
            return begins <= moment < ends
        return elevation(self.observer, moment, with_refraction=False) > height


def sun_at(point: Point | None, moment: datetime) -> Sun:
    """Return the sun at a point in SWEREF 99 TM (the middle of the city for None) on the local day of a moment."""
    observer, day = _observer(point), clock.local(moment).date()
    return Sun(observer, *(_on(day, event, observer) for event in (sunrise, sunset, dawn, dusk)))


def _on(day: date, event: Callable[..., datetime], observer: Observer) -> datetime | None:
    try:
        return event(observer, day, tzinfo=clock.STOCKHOLM)
    except ValueError:  # the sun stays above or below all that day
        return None


def _observer(point: Point | None) -> Observer:
    west, south, east, north = places.bounds()
    where = point or Point((west + east) / 2, (south + north) / 2)
    longitude, latitude = geo.to_geojson(where)["coordinates"]
    return Observer(latitude, longitude)


def sky_at(point: Point | None, moment: datetime) -> tuple[float, int | None]:
    """Return how many degrees the sun stands above the horizon, and how many minutes ago it set.

    None while it is up, and where it has not been up for a day. The point is in SWEREF 99 TM, None for the middle of
    the city.
    """
    sun = sun_at(point, moment)
    stands = round(elevation(sun.observer, moment), 1)
    if sun.is_up_at(moment):
        return stands, None
    evenings = (sun.sunset, sun_at(point, moment - A_DAY).sunset)  # after midnight the night began the day before
    went = next((evening for evening in evenings if evening and evening <= moment), None)
    return stands, round((moment - went).total_seconds() / 60) if went else None


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
    if not any(sun.is_up_at(planned_at + before) for before in (-AFTER_SUNSET, timedelta(), AFTER_SUNSET)):
        return
    if sun.sunset is None:
        words = N_("Solen går inte ner den dagen. Välj en annan dag eller ett annat tema, eller skriv varför "
                   "vandringen går i dagsljus.")  # fmt: skip
        raise Invalid({"planned_at": [words]})
    earliest = clock.local(sun.sunset + AFTER_SUNSET + timedelta(seconds=59)).strftime("%H.%M")
    words = N_("En vandring om belysning börjar tidigast {time} den dagen, 30 minuter efter solnedgången. "
               "Välj en senare tid eller ett annat tema, eller skriv varför den går i dagsljus.")  # fmt: skip
    raise Invalid({"planned_at": [Text(words, time=earliest)]})
