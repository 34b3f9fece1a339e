"""The table of working days, and the days that an organisation is closed besides: klämdagar, half days."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import and_, func, insert, literal, select, update

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid
from core.upkeep import engine
from core.upkeep.calendar import days, holidays_of, is_working_day
from core.upkeep.knowing import key_of
from core.upkeep.models import CalendarDay, Workday

YEARS_BACK, YEARS_AHEAD = 10, 15
"""How far the calendar reaches around today; a job keeps it so (reliability.md T7)."""
WARNED = timedelta(days=2 * 365)
"""So far ahead it must reach and agree with the list of holidays; else it is told to those who run the installation."""


def fill_calendar(today: date | None = None) -> None:
    """Let each table of working days reach from ten years back to fifteen years ahead; again does no harm."""
    today = today or clock.today()
    last = date(today.year + YEARS_AHEAD, 12, 31)
    ends = select(Workday.calendar, func.max(Workday.day), func.max(Workday.wd)).group_by(Workday.calendar)
    known = {calendar: (day, number) for calendar, day, number in db.session().execute(ends)}
    known.setdefault(engine.SWEDEN, (date(today.year - YEARS_BACK - 1, 12, 31), 0))
    for calendar, (day, number) in known.items():
        table = [
            {"calendar": calendar, "day": row.day, "is_wd": row.is_working, "wd": row.number, "name": row.name}
            for row in days(day + timedelta(days=1), last, before=number)
        ]
        if table:  # in one statement: else there is one for each run of days with a name, and of days without
            db.session().execute(insert(Workday), table, execution_options={"render_nulls": True})


def calendar_reach() -> tuple[date | None, date | None]:
    """Return the last day that Sweden's calendar knows, and the first day ahead of which the list says otherwise.

    The list of holidays is a library's: one that was taken away, or that learnt of a new holiday, shows here.
    """
    today = clock.today()
    rows = select(Workday).where(Workday.calendar == engine.SWEDEN, Workday.day >= today)
    near = rows.where(Workday.day < today + WARNED).order_by(Workday.day)
    other = (row.day for row in db.session().scalars(near) if row.is_wd != is_working_day(row.day))
    last = select(func.max(Workday.day)).where(Workday.calendar == engine.SWEDEN)
    return db.session().scalar(last), next(other, None)


def own_days(actor: Actor) -> list[CalendarDay]:
    """Return the days of the actor's own organisation that stand and are to come."""
    access.require(actor, "upkeep:deadline:read")
    rows = select(CalendarDay).where(
        CalendarDay.organisation_id == actor.organisation, CalendarDay.removed_at.is_(None)
    )
    rows = rows.where(CalendarDay.day >= clock.today(), access.rule_of(CalendarDay, actor))
    return list(db.session().scalars(rows.order_by(CalendarDay.day)))


def coming_holidays(actor: Actor, *, days_ahead: int = 365) -> list[Workday]:
    """Return the holidays of Sweden that fall on weekdays within a year."""
    access.require(actor, "upkeep:deadline:read")
    ahead = (clock.today(), clock.today() + timedelta(days=days_ahead))
    rows = select(Workday).where(Workday.calendar == engine.SWEDEN, Workday.day.between(*ahead))
    rows = rows.where(Workday.name.is_not(None)).order_by(Workday.day)
    return [row for row in db.session().scalars(rows) if row.day.isoweekday() <= 5]  # noqa: PLR2004 - Friday


def add_own_day(actor: Actor, *, day: date, name: str, closes: time | None = None) -> CalendarDay:
    """Let the actor's organisation be closed on a day to come, or from `closes` on.

    Frister that are promised already keep their dates: each knows when its rule was frozen.
    """
    access.require(actor, "upkeep:calendar:edit")
    owner = db.session().get_one(Organisation, actor.organisation, with_for_update=True)
    if day < clock.today():
        raise Invalid({"day": [N_("Välj i dag eller en dag som kommer.")]})
    calendar = _own_calendar(owner.id)
    usual = db.session().get(Workday, (calendar, day))
    if usual is None:
        raise Invalid({"day": [N_("Kalendern når inte så långt. Välj en tidigare dag.")]})
    if usual.closes is not None or (not usual.is_wd and day not in holidays_of(day.year) and usual.name):
        raise Invalid({"day": [Text(N_("Dagen finns redan: {name}. Ta bort den först."), name=usual.name)]})
    if not usual.is_wd:
        raise Invalid({"day": [N_("Dagen är ledig redan. Välj en arbetsdag.")]})
    row = CalendarDay(uid=db.new_uid(), organisation_id=owner.id, day=day, name=name, closes=closes)
    row.added_at = clock.now()
    db.session().add(row)
    db.session().flush()
    access.require(actor, "upkeep:calendar:edit", row)
    _put(calendar, day, name=name, closes=closes, is_wd=closes is not None)
    journal.write(actor, "calendar:add", "calendar_day", row.uid, day=day, name=name, closes=closes)
    return row


def remove_own_day(actor: Actor, uid: UUID) -> None:
    """Let a day to come be a working day again; what was promised while it stood goes by it still."""
    row = access.find(CalendarDay, uid, actor, "upkeep:calendar:edit", lock=True)
    if row.removed_at is not None or row.day < clock.today():
        raise access.Missing("calendar_day", uid)
    row.removed_at = clock.now()
    _put(key_of(row.organisation_id), row.day, name=None, closes=None, is_wd=True)
    journal.write(actor, "calendar:remove", "calendar_day", row.uid, day=row.day, name=row.name)


def _own_calendar(organisation: int) -> str:
    """Return an organisation's own calendar, begun as Sweden's where there is none yet."""
    key = key_of(organisation)
    if db.session().scalar(select(Workday.day).where(Workday.calendar == key).limit(1)) is None:
        columns = ("calendar", "day", "is_wd", "wd", "name")
        whole = select(literal(key), Workday.day, Workday.is_wd, Workday.wd, Workday.name)
        db.session().execute(insert(Workday).from_select(columns, whole.where(Workday.calendar == engine.SWEDEN)))
    return key


def _put(calendar: str, day: date, *, name: str | None, closes: time | None, is_wd: bool) -> None:
    """Change a day, and the numbers from it on where it begins or ceases to count."""
    row = db.session().get_one(Workday, (calendar, day), populate_existing=True)
    step = is_wd - row.is_wd
    row.name, row.closes, row.is_wd = name, closes, is_wd
    db.session().flush()
    if step:
        later = and_(Workday.calendar == calendar, Workday.day >= day)
        db.session().execute(
            update(Workday).where(later).values(wd=Workday.wd + step), execution_options={"synchronize_session": False}
        )
