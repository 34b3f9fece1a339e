"""The demo's figures: made up, and said to be so. Three rounds of surveys, events by month, a few gaps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.figures import services
from core.figures.cells import Cell, told
from core.figures.models import MISSING, SUPPRESSED, VALUE, Indicator
from core.figures.naming import indicators_by_key, whole_city
from core.figures.periods import read
from core.figures.services import Row
from core.people.models import Person
from core.people.services import actor_of
from core.places.models import DISTRICT, MUNICIPALITY, Area
from core.places.services import list_areas

SOURCE = "Påhittade siffror för demon"
SEED = 5
WHO = "slk_handlaggare.slk@tryggplats.example"
SURVEYS = {"trygg_kvall": (66, -1), "oro_brott": (31, 1), "nedskrapning": (38, 1), "skola_trygg": (84, -1)}
"""Each with its middle, and which way a hard-pressed district lies."""
ROUNDS = (7, 4, 1)
"""Years before this one in which surveys were made."""
PRESSED = {"jarva": 14, "skarpnack": 4, "skarholmen": 11, "farsta": 5, "hasselby-vallingby": 4, "norra-innerstaden": -6,
           "kungsholmen": -8, "bromma": -7, "sodermalm": -2}  # fmt: skip
"""How hard-pressed a district is in the demo: nothing that anybody has measured."""
EVENTS = {"Skadegörelse": 14, "Bråk": 22, "Rån": 8, "Brand": 11, "Narkotikabrott": 17}
MONTHS = 24


def fill() -> None:
    """Read in the demo's figures as somebody at stadsledningskontoret does."""
    person = db.session().scalar(select(Person).where(Person.email == WHO))
    if person is None:
        return
    actor, chance = actor_of(person), random.Random(SEED)  # noqa: S311 - the same city every time
    areas = [area for area, _ in list_areas(actor) if area.valid_to is None]
    for number, row in enumerate([*_surveys(areas, chance), *_counts(areas, chance), *_events(chance)]):
        services.take_in(actor, db.uid_of("demo figures"), SOURCE, record=db.uid_of(f"demo figure {number}"), row=row)
    _old(actor)


def _surveys(areas: list[Area], chance: random.Random) -> Iterator[Row]:
    """Yield the surveys: of one district one answer is too few to tell, and one has never come."""
    year = clock.today().year
    for key, (middle, pull) in SURVEYS.items():
        indicator = indicators_by_key()[key]
        for turn, before in enumerate(ROUNDS):
            every = []
            for area in areas:
                lies = (
                    middle + pull * PRESSED.get(area.code, 0) + turn * chance.uniform(-1.5, 2) + chance.uniform(-2, 2)
                )
                value, n = round(min(97, max(3, lies)), 1), chance.randint(160, 420)
                every.append(value)
                cell = Cell(VALUE, value)
                if (area.code, key, turn) in (("skarpnack", "oro_brott", 2), ("kungsholmen", "skola_trygg", 1)):
                    cell = Cell(SUPPRESSED, note="..")
                if (area.code, key, turn) == ("bromma", "nedskrapning", 2):
                    cell = Cell(MISSING, note="-")
                wide = round(100 / n**0.5, 1)
                yield _row(indicator, DISTRICT, area.code, area.name, str(year - before), cell, n=n, wide=wide)
            whole = Cell(VALUE, round(sum(every) / len(every), 1))
            yield _row(indicator, MUNICIPALITY, *whole_city(), str(year - before), whole, n=3100, wide=1.8)


def _counts(areas: list[Area], chance: random.Random) -> Iterator[Row]:
    """Yield how many live in each district, and what they have reported; the city is their sum."""
    year = clock.today().year
    for area in areas:
        lives = chance.randint(46_000, 138_000)
        pressed = PRESSED.get(area.code, 0)
        for before in (3, 2, 1):
            lives += chance.randint(-300, 1200)
            crimes = round(lives * (0.11 + pressed / 400) * chance.uniform(0.94, 1.06))
            for key, value in (("folkmangd", lives), ("anmalda_brott", crimes)):
                cell = Cell(VALUE, float(value))
                yield _row(indicators_by_key()[key], DISTRICT, area.code, area.name, str(year - before), cell)
        few = Cell(SUPPRESSED, note="<5") if pressed < 0 else Cell(VALUE, float(chance.randint(5, 9) + pressed))
        quarter = f"{year - 1} kv 4"
        yield _row(indicators_by_key()["lagesbild_kansliga"], DISTRICT, area.code, area.name, quarter, few)


def _events(chance: random.Random) -> Iterator[Row]:
    """Yield the events that the police have published, for the whole city, by month and kind."""
    today = clock.today()
    for back in range(MONTHS, 0, -1):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        for what, usual in EVENTS.items():
            cell = Cell(VALUE, float(max(0, round(chance.gauss(usual, usual**0.5)))))
            indicator = indicators_by_key()["polishandelser"]
            yield _row(indicator, MUNICIPALITY, *whole_city(), f"{year}-{month + 1:02d}", cell, part=what)


def _row(  # noqa: PLR0917 - as a row of a file has them
    indicator: Indicator, kind: str, code: str, name: str, period: str, cell: Cell, *, part: str = "",
    n: int | None = None, wide: float | None = None,
) -> Row:  # fmt: skip
    first, last = read(period) or (date.min, date.min)
    low = high = None
    if cell.value is not None and wide is not None:
        low, high = round(max(0, cell.value - wide), 1), round(min(100, cell.value + wide), 1)
    return Row(
        area_kind=kind, area_code=code, area_name=name, first_on=first, last_on=last, part=part, indicator=indicator,
        cells=(("value", indicator, cell),), key=f"{code} {period} {indicator.key} {part}".strip(),
        n=n if low is not None else None, low=low, high=high,
    )  # fmt: skip


def _old(actor: Actor) -> None:
    """Read in one figure by mistake, and undo it: who has cited it is told."""
    indicator = indicators_by_key()["tyck_till"]
    record, cell = db.uid_of("demo figure undone"), Cell(VALUE, 1.0)
    year = str(clock.today().year - 1)
    row = _row(indicator, MUNICIPALITY, *whole_city(), year, cell)
    services.take_in(actor, db.uid_of("demo figures"), SOURCE, record=record, row=row)
    services.undo_row(actor, record, f"Fel fil: {told(1)} synpunkt på ett helt år.")
