"""Vårt arbete här: what an organisation does and what is asked of it, for whoever works there (Z9, Z40).

Rows come by the row rules of their rooms with the right `duties:work:read`, which reaches one's own organisation only;
counts say no more than that something is kept or late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.cooperation.models import Cycle, CycleParty, Goal, Measure
from core.cooperation.states import MEASURE, OVER
from core.dated import valid_on
from core.duties import limits
from core.duties.law import BOARDS
from core.duties.models import CoordinationFunction, Coordinator, IlsReport, PlanMeasure
from core.duties.models.coordination import READ as LAW_READ
from core.duties.models.ils import READ as ILS_READ
from core.duties.services import plans
from core.duties.services.coordination import coordinators_of, function_on
from core.duties.states import OPEN
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.people.services import mailbox, telephones
from core.places.models import Place, PlaceControl
from core.places.services import rows_of
from core.upkeep.models import Deadline
from core.upkeep.naming import about
from core.upkeep.presenting import Standing, latest, standing

READ = "duties:work:read"
SHOWN = 20
YEAR = timedelta(days=365)
AHEAD = timedelta(days=92)
"""What falls due later than in a quarter nobody has to do yet."""
TOLD = (limits.ILS, limits.MEASURE)
"""Frister of what the page asks for in words of its own."""


@dataclass(frozen=True)
class Kept:
    """How the frister of an organisation stand: open, late now, and those of a year that were met in time or late."""

    open: int
    late: int
    in_time: int
    too_late: int


@dataclass(frozen=True)
class Due:
    """A frist of the organisation: what is to be done, about what, and its page where the reader reaches it."""

    deadline: Deadline
    title: str
    link: str
    latest: str
    stands: Standing


@dataclass(frozen=True)
class Work:
    """What an organisation does, and what is asked of it."""

    organisation: Organisation
    asked: list[tuple[str, str]]
    """What is asked of it now: a sentence, and where to do it."""
    due: list[Due]
    places: list[Place]
    cycles: list[Cycle]
    goals: list[Goal]
    measures: list[Measure]
    promised: list[PlanMeasure]
    kept: Kept
    coordinators: list[Coordinator]
    reports: list[IlsReport]
    contacts: list[tuple[str, str]]
    function: CoordinationFunction | None
    training: list[dict[str, str]]


def own_organisations(actor: Actor) -> list[Organisation]:
    """Return the organisations in which the actor works, by name."""
    access.require(actor, READ)
    rows = select(Organisation).where(Organisation.id.in_(actor.homes(READ)), valid_on(Organisation, clock.today()))
    return list(db.session().scalars(rows.order_by(Organisation.name)))


def work_of(actor: Actor, organisation: UUID | None = None) -> Work:
    """Return the work of one of the actor's own organisations (the first), in a constant number of queries.

    Raises Missing for another organisation's.
    """
    homes = own_organisations(actor)
    home = next((one for one in homes if organisation in (None, one.uid)), None)
    if home is None:
        raise access.Missing("organisation", organisation or "")
    coordinators = coordinators_of(actor, home.id)
    promised = plans.measures_for(actor, home.id)
    reports = _reports(actor, home)
    return Work(
        organisation=home,
        asked=_asked(home, coordinators, promised, reports),
        due=_due(actor, home),
        places=_places(actor, home),
        cycles=_cycles(actor, home),
        goals=_goals(actor, home),
        measures=_measures(actor, home),
        promised=promised,
        kept=_kept(actor, home),
        coordinators=coordinators,
        reports=reports,
        contacts=[(name, number) for name, number in telephones(home)] + _mailbox(home),
        function=function_on(actor) if actor.may(LAW_READ) else None,
        training=[row for row in rows_of("training.csv") if actor.may(row["needs"])],
    )


def _mailbox(home: Organisation) -> list[tuple[str, str]]:
    to = mailbox(home)
    return [(N_("Vår brevlåda"), to)] if to else []


def _asked(
    home: Organisation, coordinators: list[Coordinator], promised: list[PlanMeasure], reports: list[IlsReport]
) -> list[tuple[str, str]]:
    asked = []
    if home.kind in BOARDS and not coordinators:
        asked.append((N_("Utse en samordnare."), "/lagkrav/samordnare"))
    for report in reports:
        if report.state == OPEN:
            words = N_("Lämna uppföljningen i ILS för {period} {year} senast {day}.")
            told = {"period": report.period, "year": report.year, "day": report.due_on.isoformat()}
            asked.append((Text(words, **told), f"/ils/{report.uid}"))
    for one in promised:
        if not one.result:
            words = N_("{text}, senast {day} enligt åtgärdsplanen.")
            told = {"text": one.text, "day": one.ends_on.isoformat()}
            asked.append((Text(words, **told), f"/lagkrav/atgarder/{one.uid}"))
    return asked


def _due(actor: Actor, home: Organisation) -> list[Due]:
    """Return the open frister of the organisation that are late or fall due within a quarter, the first first."""
    rows = select(Deadline).where(*_own(actor, home), Deadline.state == "oppen", Deadline.kind.not_in(TOLD))
    rows = rows.where(Deadline.due_at < clock.now() + AHEAD).order_by(Deadline.due_at, Deadline.id).limit(SHOWN)
    found = list(db.session().scalars(rows))
    named, opens = about(actor, found), actor.may("upkeep:deadline:read")
    due = []
    for row in found:
        thing = named.get(row.subject_uid)
        link = thing.link if thing else f"/skotsel/frister/{row.uid}" if opens else ""
        due.append(Due(row, thing.title if thing else row.rule["title"], link, latest(row), standing(row)))
    return due


def _own(actor: Actor, home: Organisation) -> tuple[Any, ...]:
    return Deadline.organisation_id == home.id, Deadline.level < PROTECTED, access.rule_of(Deadline, actor, READ)


def _rows(actor: Actor, rows: Select[Any], model: Any, permission: str = "") -> list[Any]:
    return list(db.session().scalars(rows.where(access.rule_of(model, actor, permission)).limit(SHOWN)))


def _places(actor: Actor, home: Organisation) -> list[Place]:
    """Return places of the organisation: in its district, else where it answers for something."""
    held = select(PlaceControl.place_id).where(PlaceControl.organisation_id == home.id)
    here = Place.id.in_(held.where(valid_on(PlaceControl, clock.today())))
    whose = Place.district_id == home.id if home.kind == "stadsdelsnamnd" else here
    return _rows(actor, select(Place).where(whose, Place.state == "oppen").order_by(Place.name, Place.id), Place, READ)


def _cycles(actor: Actor, home: Organisation) -> list[Cycle]:
    taking = select(CycleParty.cycle_id).where(CycleParty.organisation_id == home.id, CycleParty.left_on.is_(None))
    rows = select(Cycle).options(joinedload(Cycle.place), joinedload(Cycle.area)).where(Cycle.state.not_in(OVER))
    rows = rows.where(or_(Cycle.organisation_id == home.id, Cycle.id.in_(taking)))
    return _rows(actor, rows.order_by(Cycle.id.desc()), Cycle)


def _goals(actor: Actor, home: Organisation) -> list[Goal]:
    rows = select(Goal).where(Goal.owner_id == home.id, Goal.result == "")
    return _rows(actor, rows.order_by(Goal.due_on, Goal.id), Goal)


def _measures(actor: Actor, home: Organisation) -> list[Measure]:
    rows = select(Measure).where(Measure.owner_id == home.id, Measure.state.in_(MEASURE.open_states()))
    return _rows(actor, rows.order_by(Measure.ends_on, Measure.id), Measure)


def _reports(actor: Actor, home: Organisation) -> list[IlsReport]:
    if not actor.may(ILS_READ):
        return []
    rows = select(IlsReport).where(IlsReport.organisation_id == home.id)
    return _rows(actor, rows.order_by(IlsReport.year.desc(), IlsReport.due_on.desc()), IlsReport)


def _kept(actor: Actor, home: Organisation, day: date | None = None) -> Kept:
    """Count the frister that the organisation answers for, protected ones aside, in one query."""
    now, today = clock.now(), day or clock.today()
    ended = Deadline.owed_between(today - YEAR, today) & (Deadline.state == "klar")
    in_time = Deadline.met_at <= Deadline.owed_at()
    counts = (
        Deadline.state == "oppen",
        (Deadline.state == "oppen") & Deadline.is_late(now),
        ended & in_time,
        ended & ~in_time,
    )
    rows = select(*(func.count().filter(one) for one in counts)).select_from(Deadline).where(*_own(actor, home))
    found = db.session().execute(rows).one()
    return Kept(*(int(n) for n in found))
