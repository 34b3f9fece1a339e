"""The demo's frister beside those of walks and orders: own days, what people do to a date, and the letters about it.

`Story` is how the rooms tell what has happened in the demo city, each thing at its own time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, partial

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.people.models import DEMO_ADDRESS, Organisation, Person
from core.people.services import actor_of, choose_letters
from core.places.services import rows_of
from core.upkeep import engine, services
from core.upkeep.models import Deadline, Workday
from core.upkeep.presenting import closing_themselves
from core.upkeep.services.personal import put_personal, wanted
from core.upkeep.services.reminders import running

OPENS, LETTERS = time(8), time(6)
"""When people begin to work in the demo, and when its letters are written."""
WEEKS_OF_LETTERS = 2
"""Weeks back of which the first letter is told; of the last week all."""
HALF_DAY = time(14)


@dataclass
class Story:
    """What happens, each thing at its own time; `tell` lets it happen in that order, up to now."""

    acts: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)

    def add(self, at: datetime, act: Callable[[], object]) -> None:
        """Let `act` happen at `at`."""
        self.acts.append((at, act))

    def tell(self) -> None:
        """Do everything that has happened by now."""
        end = clock.now()
        for at, act in sorted(self.acts, key=lambda entry: entry[0]):
            if at <= end:
                with clock.frozen(at):
                    act()


Plan = Callable[[Story], None]
_parts: list[Plan] = []


def tells(plan: Plan) -> Plan:
    """Register what a room above walks adds to the story: everything is told in one order of time."""
    _parts.append(plan)
    return plan


def plan_parts(story: Story) -> None:
    """Let the rooms above add theirs."""
    for part in _parts:
        part(story)


def begin() -> Story:
    """Return a story in which nothing happens yet."""
    somebody.cache_clear()  # another database has other keys
    return Story()


def on(days: float, at: time = OPENS) -> datetime:
    """Return the moment so many days from today, at a time of the day in Stockholm."""
    whole = int(days // 1)
    day = datetime.combine(clock.today() + timedelta(days=whole), at, clock.STOCKHOLM)
    return day + timedelta(days=days - whole)


@cache
def somebody(role: str, code: str) -> Actor:
    """Return the person of the demo who holds a role in an organisation."""
    email = f"{role}.{code}{DEMO_ADDRESS}"
    return actor_of(db.session().scalars(select(Person).where(Person.email == email)).one())


def plan(story: Story) -> None:
    """Let days be closed, dates be moved, people be reminded, and letters be written."""
    story.add(on(-60), _close_days)
    story.add(on(-45), _choose_letters)
    story.add(on(-2, time(15)), _change_dates)
    story.add(on(-2, time(16)), _remind)
    today = clock.today()
    for back in range(7 * WEEKS_OF_LETTERS, -1, -1):
        day = today - timedelta(days=back)
        if back < 7 or day.weekday() == 0:  # noqa: PLR2004 - a week, Monday
            story.add(on(-back, LETTERS), partial(_write_letters, day))


# --- Days, and what people do to dates ------------------------------------------------------------------------------


def _close_days() -> None:
    """Let trafiknämnden be closed on a klämdag to come, and from two o'clock on the day before a holiday."""
    keeper = somebody("tk_drift", "trafik")
    ahead = clock.today() + timedelta(days=70)
    rows = select(Workday).where(Workday.calendar == engine.SWEDEN, Workday.day > ahead)
    days = list(db.session().scalars(rows.order_by(Workday.day).limit(420)))
    around = list(zip(days, days[1:], days[2:], strict=False))
    between = next(row for before, row, after in around if row.is_wd and not before.is_wd and not after.is_wd)
    services.add_own_day(keeper, day=between.day, name="Klämdag")
    halves = ((row, after) for _, row, after in around if row.is_wd and row.day != between.day and _is_holiday(after))
    half, holiday = next(halves)
    services.add_own_day(keeper, day=half.day, name=f"Halvdag före {(holiday.name or '').lower()}", closes=HALF_DAY)


def _is_holiday(row: Workday) -> bool:
    return row.name is not None and not row.is_wd and row.day.isoweekday() <= 5  # noqa: PLR2004 - Friday


def _choose_letters() -> None:
    """Let a coordinator want a letter each working day, and an engineer one a week."""
    for role, code, days in (("sdn_samordnare", "sdn-jarva", "vardagar"), ("tk_drift", "trafik", "veckovis")):
        choose_letters(somebody(role, code), version=0, days=days, urgent_only=False, others=True)


def _change_dates() -> None:
    """Pause one frist that people close themselves, and move the dates of others, as the seed pack says."""
    rows = select(Deadline, Organisation.code).join(Organisation, Organisation.id == Deadline.organisation_id)
    rows = rows.where(Deadline.state == "oppen", Deadline.kind.not_in(closing_themselves()))
    rows = rows.where((Organisation.kind == "stadsdelsnamnd") | (Organisation.code == "trafik"))
    found = [row for row in db.session().execute(rows.order_by(Deadline.id)) if engine.may_stand_still(row[0].rule)]
    for (frist, code), row in zip(found, rows_of("demo_dates.csv"), strict=False):
        keeper = somebody("tk_drift" if code == "trafik" else "sdn_handlaggare", code)
        if row["days"]:
            day = clock.today() + timedelta(days=int(row["days"]))
            services.move_date(keeper, frist.uid, on=day, reason=row["reason"])
        else:
            services.pause(keeper, frist.uid, reason=row["reason"])


def _remind() -> None:
    """Let a coordinator remind trafikkontoret of one frist that is late with them."""
    waiting = somebody("sdn_samordnare", "sdn-jarva")
    rows = select(Deadline).where(Deadline.coordinator_id == waiting.organisation, running())
    rows = rows.where(Deadline.organisation_id != waiting.organisation, Deadline.due_at < clock.now())
    late = db.session().scalars(rows.order_by(Deadline.due_at).limit(1)).first()
    if late is not None:
        services.nudge(waiting, late.uid)


# --- Letters --------------------------------------------------------------------------------------------------------


def _write_letters(day: date) -> None:
    """Write the letters of a working day, as the worker does; they stay in the house."""
    row = db.session().get(Workday, (engine.SWEDEN, day))
    if row is not None and row.is_wd:
        services.put_letters(day)
        for person in wanted():
            put_personal(person, day)
