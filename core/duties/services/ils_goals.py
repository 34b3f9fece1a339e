"""The goals of ILS: kommunfullmäktige's, those of the field of work, the board's with what measures them (Z37)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.cooperation.models import Goal, Measure
from core.dated import valid_on
from core.duties.models import (
    AREA_GOAL,
    BOARD_GOAL,
    CITY_GOAL,
    IlsActivity,
    IlsGoal,
    IlsIndicator,
    IlsLine,
    IlsReport,
    IlsVerdict,
)
from core.duties.models.ils import NOT_BEGUN, READ, STEER, WRITE
from core.duties.states import OPEN
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid

STEERED = ("stadsdelsnamnd", "facknamnd", "bolag")
"""Kinds of organisation that report in ILS."""
MOST = 200
NUMBERING = "duties:goals"
"""Who takes a number waits for others that do: the second is told beside the field that it is taken."""
NO_GOAL = {"measured_by": [N_("Välj ett mål i listan.")]}
NO_MEASURE = {"measure": [N_("Välj en åtgärd i listan.")]}
Part = TypeVar("Part", IlsIndicator, IlsActivity)


@dataclass(frozen=True)
class Aim:
    """A board's goal with what it hangs under, its indicators and its activities."""

    goal: IlsGoal
    above: list[IlsGoal]
    """The goal of the field of work and, above it, kommunfullmäktige's."""
    indicators: list[IlsIndicator]
    activities: list[IlsActivity]


def add_city_goal(actor: Actor, *, uid: UUID, year: int, number: str, text: str, under: str = "") -> IlsGoal:
    """Write down a goal of kommunfullmäktige, or one for the field of work `under` another's number; once per uid.

    Raises Denied, Invalid, Conflict.
    """
    access.require(actor, STEER)
    content = db.fingerprint(year=year, number=number, text=text, under=under)
    if (known := access.made_before(actor, IlsGoal, uid, content)) is not None:
        return known
    db.alone(NUMBERING)
    same = select(IlsGoal.id).where(IlsGoal.year == year, IlsGoal.organisation_id.is_(None))
    if db.session().scalar(same.where(IlsGoal.number == number)) is not None:
        raise Invalid({"number": [Text(N_("Mål {number} finns redan för {year}."), number=number, year=year)]})
    above = None
    if under:
        above = db.session().scalar(same.where(IlsGoal.number == under, IlsGoal.level_of_goal == CITY_GOAL))
        if above is None:
            raise Invalid(
                {"under": [Text(N_("Inriktningsmål {number} finns inte för {year}."), number=under, year=year)]}
            )
    level = AREA_GOAL if under else CITY_GOAL
    goal = IlsGoal(uid=uid, content=content, year=year, number=number, text=text, level_of_goal=level, parent_id=above)
    db.session().add(goal)
    db.session().flush()
    journal.write(actor, "ils_goal:add", "ils_goal", uid, year=year, number=number)
    return goal


def add_board_goal(
    actor: Actor, *, uid: UUID, organisation: UUID, year: int, number: str, text: str, parent: UUID
) -> IlsGoal:
    """Write down a board's goal under one of kommunfullmäktige's for the field of work; once for each uid.

    Reports of the year that are open get it too. Raises Denied, Missing, Invalid, Conflict.
    """
    access.require(actor, WRITE)
    home = _own_board(actor, organisation)
    content = db.fingerprint(organisation=organisation, year=year, number=number, text=text, parent=parent)
    if (known := access.made_before(actor, IlsGoal, uid, content)) is not None:
        return known
    db.alone(NUMBERING)
    rows = select(IlsGoal.id).where(IlsGoal.uid == parent, IlsGoal.year == year, IlsGoal.level_of_goal == AREA_GOAL)
    above = db.session().scalar(rows)
    if above is None:
        raise Invalid({"parent": [N_("Välj ett av kommunfullmäktiges mål för verksamhetsområdet.")]})
    same = select(IlsGoal.id).where(IlsGoal.year == year, IlsGoal.organisation_id == home.id, IlsGoal.number == number)
    if db.session().scalar(same) is not None:
        raise Invalid({"nr": [Text(N_("Mål {number} finns redan för {year}."), number=number, year=year)]})
    facts: dict[str, Any] = {"year": year, "number": number, "text": text, "parent_id": above}
    goal = IlsGoal(uid=uid, content=content, level_of_goal=BOARD_GOAL, organisation_id=home.id, **facts)
    db.session().add(goal)
    db.session().flush()
    db.session().add_all([IlsVerdict(report_id=row.id, ils_goal_id=goal.id) for row in _open_reports(goal)])
    db.session().flush()
    journal.write(actor, "ils_goal:add", "ils_goal", uid, year=year, number=number, organisation=home.code)
    return goal


def _own_board(actor: Actor, uid: UUID) -> Organisation:
    rows = select(Organisation).where(Organisation.uid == uid, access.within(actor, WRITE, Organisation.id))
    rows = rows.where(valid_on(Organisation, clock.today()))
    home = db.session().scalar(rows)
    if home is None:
        raise access.Missing("organisation", uid)
    if home.kind not in STEERED:
        raise Invalid({"organisation": [N_("Välj en nämnd eller ett bolag.")]})
    return home


def _open_reports(goal: IlsGoal) -> list[IlsReport]:
    rows = select(IlsReport).filter_by(organisation_id=goal.organisation_id, year=goal.year, state=OPEN)
    return list(db.session().scalars(rows))


def _writable(actor: Actor, uid: UUID) -> IlsGoal:
    rows = select(IlsGoal).where(IlsGoal.uid == uid, IlsGoal.level_of_goal == BOARD_GOAL)
    goal = db.session().scalar(rows.where(access.rule_of(IlsGoal, actor, WRITE)).with_for_update())
    if goal is None:
        raise access.Missing("ils_goal", uid)
    return goal


def add_indicator(
    actor: Actor, goal: UUID, *, uid: UUID, measured_by: UUID | None = None, **facts: Any
) -> IlsIndicator:
    """Write down an indicator of a board's goal, perhaps measured by a cycle's goal; once for each uid.

    Open reports of the year get a line for it. Raises Missing, Conflict, Invalid.
    """
    above = _writable(actor, goal)
    content = db.fingerprint(goal=goal, measured_by=measured_by, **facts)
    if (known := access.made_before(actor, IlsIndicator, uid, content)) is not None:
        return known
    linked = _linked(actor, Goal, measured_by, NO_GOAL)
    row = IlsIndicator(uid=uid, content=content, ils_goal_id=above.id, goal_id=linked, **facts)
    db.session().add(row)
    db.session().flush()
    db.session().add_all([IlsLine(report_id=one.id, indicator_id=row.id) for one in _open_reports(above)])
    db.session().flush()
    journal.write(actor, "ils_indicator:add", "ils_goal", goal, text=row.text)
    return row


def add_activity(actor: Actor, goal: UUID, *, uid: UUID, text: str, measure: UUID | None = None) -> IlsActivity:
    """Write down an activity of a board's goal, perhaps one of a cycle's measures; once for each uid.

    Open reports of the year get a line for it. Raises Missing, Conflict, Invalid.
    """
    above = _writable(actor, goal)
    content = db.fingerprint(goal=goal, text=text, measure=measure)
    if (known := access.made_before(actor, IlsActivity, uid, content)) is not None:
        return known
    linked = _linked(actor, Measure, measure, NO_MEASURE)
    row = IlsActivity(uid=uid, content=content, ils_goal_id=above.id, text=text, measure_id=linked)
    db.session().add(row)
    db.session().flush()
    lines = [IlsLine(report_id=one.id, activity_id=row.id, status=NOT_BEGUN) for one in _open_reports(above)]
    db.session().add_all(lines)
    db.session().flush()
    journal.write(actor, "ils_activity:add", "ils_goal", goal, text=text)
    return row


def _linked(
    actor: Actor,
    model: type[Goal | Measure],
    uid: UUID | None,
    problem: dict[str, list[str]],
    standing: int | None = None,
) -> int | None:
    """Return the goal or measure of a cycle that was chosen; the one that stands already stays, reached or not."""
    if uid is None:
        return None
    reached = or_(access.rule_of(model, actor), model.id == standing)
    found = db.session().scalar(select(model.id).where(model.uid == uid, reached))
    if found is None:
        raise Invalid(problem)
    return found


# --- Changed ------------------------------------------------------------------------------------------------------


def change_goal(actor: Actor, uid: UUID, *, number: str, text: str, version: int | None = None) -> IlsGoal:
    """Change a board's goal; tertials that are closed keep it as it was. Raises Missing, Stale, Invalid."""
    goal = _writable(actor, uid)
    db.refuse_stale("ils_goal", uid, goal.version, version)
    db.alone(NUMBERING)
    same = select(IlsGoal.id).where(IlsGoal.year == goal.year, IlsGoal.organisation_id == goal.organisation_id)
    if db.session().scalar(same.where(IlsGoal.number == number, IlsGoal.id != goal.id)) is not None:
        raise Invalid({"nr": [Text(N_("Mål {number} finns redan för {year}."), number=number, year=goal.year)]})
    goal.number, goal.text = number, text
    db.session().flush()
    journal.write(actor, "ils_goal:change", "ils_goal", uid, number=number)
    return goal


def change_indicator(
    actor: Actor, uid: UUID, *, measured_by: UUID | None, version: int | None = None, **facts: Any
) -> IlsIndicator:
    """Change an indicator; tertials that are closed keep it as it was. Raises Missing, Stale, Invalid."""
    row = _part(actor, IlsIndicator, uid, version)
    row.goal_id = _linked(actor, Goal, measured_by, NO_GOAL, row.goal_id)
    return _changed(actor, row, facts)


def change_activity(
    actor: Actor, uid: UUID, *, measure: UUID | None, version: int | None = None, **facts: Any
) -> IlsActivity:
    """Change an activity; tertials that are closed keep it as it was. Raises Missing, Stale, Invalid."""
    row = _part(actor, IlsActivity, uid, version)
    row.measure_id = _linked(actor, Measure, measure, NO_MEASURE, row.measure_id)
    return _changed(actor, row, facts)


def _changed(actor: Actor, row: Part, facts: Mapping[str, Any]) -> Part:
    for name, value in facts.items():
        setattr(row, name, value)
    db.session().flush()
    kind = row.__tablename__
    journal.write(actor, f"{kind}:change", kind, row.uid, text=row.text)
    return row


def goal_of(actor: Actor, model: type[IlsIndicator | IlsActivity], uid: UUID) -> UUID:
    """Return the goal of an indicator or an activity that the actor writes; Missing of any other."""
    rows = select(IlsGoal.uid).join(model, model.ils_goal_id == IlsGoal.id)
    found = db.session().scalar(rows.where(model.uid == uid, access.rule_of(IlsGoal, actor, WRITE)))
    if found is None:
        raise access.Missing(model.__tablename__, uid)
    return found


def _part(actor: Actor, model: type[Part], uid: UUID, version: int | None) -> Part:
    goal_of(actor, model, uid)
    row = db.session().scalars(select(model).where(model.uid == uid).with_for_update()).one()
    db.refuse_stale(model.__tablename__, uid, row.version, version)
    return row


# --- Reading ------------------------------------------------------------------------------------------------------


def city_goals(actor: Actor, year: int) -> list[IlsGoal]:
    """Return kommunfullmäktige's goals of a year, each before those for the fields of work under it."""
    access.require(actor, READ)
    rows = select(IlsGoal).options(joinedload(IlsGoal.parent))
    rows = rows.where(IlsGoal.year == year, IlsGoal.organisation_id.is_(None)).order_by(IlsGoal.number)
    return list(db.session().scalars(access.visible(rows, actor).limit(MOST)))


def aims_of(actor: Actor, organisation: int, year: int) -> list[Aim]:
    """Return a board's goals of a year, each with what is above and below it, in three queries."""
    access.require(actor, READ)
    rows = select(IlsGoal).options(joinedload(IlsGoal.parent).joinedload(IlsGoal.parent))
    rows = rows.where(IlsGoal.organisation_id == organisation, IlsGoal.year == year).order_by(IlsGoal.number)
    goals = list(db.session().scalars(access.visible(rows, actor)))
    keys = [goal.id for goal in goals]
    indicators = select(IlsIndicator).options(joinedload(IlsIndicator.goal))
    known = list(db.session().scalars(indicators.where(IlsIndicator.ils_goal_id.in_(keys)).order_by(IlsIndicator.id)))
    acts = select(IlsActivity).where(IlsActivity.ils_goal_id.in_(keys)).order_by(IlsActivity.id)
    activities = list(db.session().scalars(acts.options(joinedload(IlsActivity.measure))))
    return [
        Aim(
            goal,
            [one for one in (goal.parent, goal.parent.parent if goal.parent else None) if one is not None],
            [one for one in known if one.ils_goal_id == goal.id],
            [one for one in activities if one.ils_goal_id == goal.id],
        )
        for goal in goals
    ]


def steered(actor: Actor) -> list[Organisation]:
    """Return the boards and companies that the actor writes in ILS for, by name."""
    rows = select(Organisation).where(Organisation.kind.in_(STEERED), valid_on(Organisation, clock.today()))
    rows = rows.where(access.within(actor, WRITE, Organisation.id)).order_by(Organisation.name)
    return list(db.session().scalars(rows.limit(MOST)))


def linkable_goals(actor: Actor) -> list[tuple[str, str]]:
    """Return goals of cycles that the actor reaches, the newest first: uid and text."""
    rows = access.visible(select(Goal), actor).order_by(Goal.id.desc()).limit(MOST)
    return [(str(row.uid), row.text) for row in db.session().scalars(rows)]


# --- Read in from a file ------------------------------------------------------------------------------------------


def numbers_read_in(numbers: Collection[str]) -> set[str]:
    """Return which goals of kommunfullmäktige are here already, each as year and number ("2027:1.2")."""
    rows = select(IlsGoal.year, IlsGoal.number).where(IlsGoal.organisation_id.is_(None))
    return {f"{row.year}:{row.number}" for row in db.session().execute(rows)} & set(numbers)


def used_goals(records: Any) -> Select[Any]:
    """Select those of the goals that another hangs under."""
    below = aliased(IlsGoal)
    return select(IlsGoal.uid).where(IlsGoal.uid.in_(records), exists().where(below.parent_id == IlsGoal.id))


def take_city_goal_back(actor: Actor, uid: UUID) -> None:
    """Take a goal of kommunfullmäktige back that nothing hangs under. Raises Denied, Missing, Invalid."""
    access.require(actor, STEER)
    goal = access.find(IlsGoal, uid, actor, STEER, lock=True)
    below = select(IlsGoal.id).where(IlsGoal.parent_id == goal.id).limit(1)
    if goal.level_of_goal == BOARD_GOAL or db.session().scalar(below) is not None:
        raise Invalid({"": [N_("Andra mål hänger under det här målet.")]})
    db.session().delete(goal)
    db.session().flush()
    journal.write(actor, "ils_goal:take_back", "ils_goal", uid, number=goal.number)


def path_of(goal: IlsGoal, above: Sequence[IlsGoal]) -> str:
    """Return what a board's goal hangs under, as it is exported: the goal for the field of work."""
    first = next(iter(above), None)
    return f"{first.number} {first.text}" if first else goal.text


def readable(actor: Actor) -> list[Organisation]:
    """Return the boards and companies whose goals the actor reads, by name, those that it works in first."""
    rows = select(Organisation).where(Organisation.kind.in_(STEERED), valid_on(Organisation, clock.today()))
    rows = rows.where(access.within(actor, READ, Organisation.id)).order_by(Organisation.name).limit(MOST)
    return sorted(db.session().scalars(rows), key=lambda row: row.id not in actor.homes(READ))


def read_aim(actor: Actor, uid: UUID) -> Aim:
    """Return a board's goal with what is above and below it. Raises Missing."""
    access.require(actor, READ)
    rows = select(IlsGoal).where(IlsGoal.uid == uid, IlsGoal.level_of_goal == BOARD_GOAL)
    goal = db.session().scalar(rows.where(access.rule_of(IlsGoal, actor)))
    if goal is None or goal.organisation_id is None:
        raise access.Missing("ils_goal", uid)
    return next(one for one in aims_of(actor, goal.organisation_id, goal.year) if one.goal.id == goal.id)
