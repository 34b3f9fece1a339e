"""Kommunstyrelsen's one view over all boards (Z25): money, rounds, work, effect, and what waits for whom.

Every sum is made in the database, by organisation; the number of queries does not depend on how much there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal_column, select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.applications.models import INSIDE as AT_BOARD
from core.applications.models import Application, ApplicationMeasure, Milestone, Promise, Round, is_reached
from core.applications.states import AT_CITY, UNDERWAY
from core.cooperation.models import LIFT_READ, Lift
from core.cooperation.states import LIFT
from core.followup.models import Effect
from core.followup.services.asked import Asked, folded
from core.i18n import N_
from core.people.models import Organisation
from core.reserve.models import BOOKED, COMMITTED, FORECAST, GRANTED, Entry, Frame, Programme
from core.upkeep.models import Deadline

SHOWN = 10
"""How many rows of a list stand on the view itself."""
COUNTED = 1000
"""How far what waits is counted; beyond that it is told as more than so many."""
GROUPS = {
    "hos_staden": (N_("Hos staden"), AT_CITY),
    "beviljad": (N_("Beviljade, inte påbörjade"), ("beviljad", "delvis_beviljad")),
    "pagar": (N_("Genomförs"), UNDERWAY),
    "fardig": (N_("Färdiga"), ("fardig", "slutredovisad", "effekt_uppfoljd", "avslutad")),
    "nej": (N_("Avslag, avstådda och avbrutna"), ("avslag", "utgar", "avstadd", "avbruten")),
}
"""How applications are grouped by state on the view."""


@dataclass(frozen=True)
class Forecast:
    """What is foreseen, in kronor, and of how many of those that have money that was made."""

    amount: int | None
    made: int
    of_all: int


@dataclass(frozen=True)
class Money:
    """A programme's year, in kronor; of a board there is no frame."""

    programme: Programme
    frame: int | None
    granted: int
    committed: int
    used: int
    forecast: Forecast


@dataclass(frozen=True)
class RoundLine:
    """A round with how many applications have come in, and what they seek."""

    round: Round
    programme: str
    applications: int
    sought: int


@dataclass
class BoardLine:
    """A board: how many applications stand where, and its money of the year; nothing is nothing."""

    organisation: int
    name: str
    uid: UUID
    counts: dict[str, int] = field(default_factory=dict)
    sought: int = 0
    granted: int = 0
    used: int = 0


@dataclass(frozen=True)
class Work:
    """Something that is underway: how much of its weight is done, how much is late, and since when."""

    uid: UUID
    number: str
    title: str
    organisation_id: int
    state: str
    done: int | None
    late: int
    late_since: date | None


def total(which: Any, amount: Any = Entry.amount) -> Any:
    """Return the sum of what meets a condition; nothing is nought."""
    return func.coalesce(func.sum(case((which, amount), else_=0)), 0)


@dataclass(frozen=True)
class Book:
    """What the book says of the year: its frames with their programmes, and what each board has of each."""

    frames: list[tuple[Programme, int, int]]
    sums: list[Any]


def book_of(actor: Actor, asked: Asked) -> Book:
    """Return the frames of the year and what is booked on each, board by board, in one query."""
    frames = and_(Frame.year == asked.year, access.rule_of(Frame, actor), asked.of_programme(Frame.programme_id))
    each = of_each_matter(actor, asked, frames)
    rows = select(Programme, Frame.id.label("frame"), Frame.amount, each.c.organisation_id, *sums_of_book(each))
    rows = rows.select_from(Frame).join(Programme, Programme.id == Frame.programme_id)
    rows = rows.outerjoin(each, each.c.frame_id == Frame.id).where(frames)
    rows = rows.group_by(Programme.id, Frame.id, each.c.organisation_id).order_by(Programme.name, Frame.id)
    found = list(db.session().execute(rows))
    frames_told = {row.frame: (row[0], row.frame, row.amount) for row in found}
    return Book(list(frames_told.values()), found)


def of_each_matter(actor: Actor, asked: Asked, frames: ColumnElement[bool]) -> Any:
    """Return what each matter has in each frame, by the organisation that it was booked for.

    `has` and `told` are of the whole matter, on one of its rows alone: a board may be merged within the year.
    The index by organisation has all that is asked for.
    """
    key = (Entry.frame_id, Entry.matter)
    sums = {name: total(Entry.account == account) for account, name in BOOKED_AS.items()}
    foreseen = func.sum(case((Entry.account == FORECAST, Entry.amount)))
    forecasts = func.count(case((Entry.account == FORECAST, Entry.id)))
    whole = {
        "has": func.sum(sums["granted"]).over(partition_by=key),
        "told": func.sum(forecasts).over(partition_by=key),
    }
    first = func.row_number().over(partition_by=key, order_by=Entry.organisation_id) == 1
    columns = {**sums, "foreseen": foreseen, **{name: case((first, one)) for name, one in whole.items()}}
    rows = select(*key, Entry.organisation_id, *(one.label(name) for name, one in columns.items()))
    rows = rows.where(Entry.frame_id.in_(select(Frame.id).where(frames)), Entry.organisation_id.is_not(None))
    rows = rows.where(access.rule_of(Entry, actor), asked.of_board(Entry.organisation_id))
    return rows.group_by(*key, Entry.organisation_id).subquery("each_matter")


def sums_of_book(each: Any) -> list[Any]:
    """Return the sums of what matters have; without a forecast that is none; and how many have money, how many of
    those a forecast: what was declined, carried over or handed back whole has none and makes none.
    """
    sums = [func.coalesce(func.sum(each.c[name]), 0).label(name) for name in BOOKED_AS.values()]
    has_money = each.c.has > 0
    counts = {"with_money": has_money, "with_forecast": and_(has_money, each.c.told > 0)}
    told = (func.count(case((which, 1))).label(name) for name, which in counts.items())
    return [*sums, func.sum(each.c.foreseen).label("foreseen"), *told]


def forecast_of(rows: Iterable[Any]) -> Forecast:
    """Return what a few organisations foresee together; what nobody has foreseen is none."""
    known = list(rows)
    foreseen = [int(row.foreseen) for row in known if row.foreseen is not None]
    made, of_all = (sum(int(getattr(row, name)) for row in known) for name in ("with_forecast", "with_money"))
    return Forecast(sum(foreseen) if foreseen else None, made, of_all)


BOOKED_AS = {GRANTED: "granted", COMMITTED: "committed", BOOKED: "used"}


def money_of(actor: Actor, asked: Asked, book: Book | None = None) -> list[Money]:
    """Return the frame of the year, what is granted, used and foreseen, by programme."""
    told = book or book_of(actor, asked)
    found = []
    for programme, frame, amount in told.frames:
        rows = [row for row in told.sums if row.frame == frame]
        granted, committed, used = (sum(int(getattr(row, name)) for row in rows) for name in BOOKED_AS.values())
        whole = amount if asked.keys is None else None
        found.append(Money(programme, whole, granted, committed, used, forecast_of(rows)))
    return found


def rounds_of(actor: Actor, asked: Asked) -> list[RoundLine]:
    """Return the rounds of the year with what has come in, the first on top, in one query."""
    came = and_(
        Application.round_id == Round.id,
        Application.state.not_in(AT_BOARD),
        access.rule_of(Application, actor),
        asked.of_board(Application.organisation_id),
    )
    sought = func.coalesce(func.sum(Application.sought), 0)
    rows = select(Round, Programme.name, func.count(Application.round_id), sought).select_from(Round)
    rows = rows.join(Programme, Programme.id == Round.programme_id).outerjoin(Application, came)
    rows = rows.where(Round.year == asked.year, asked.of_programme(Round.programme_id))
    rows = rows.group_by(Round.id, Programme.name).order_by(Round.opens_at, Round.id)
    return [RoundLine(row[0], row[1], row[2], int(row[3])) for row in db.session().execute(rows)]


def boards_of(actor: Actor, asked: Asked, book: Book | None = None) -> list[BoardLine]:
    """Return every board of the year with where its applications stand and its money."""
    group = case(*((Application.state.in_(states), key) for key, (_, states) in GROUPS.items()), else_="").label(
        "stands"
    )
    sought = func.sum(Application.sought).label("sought")
    told = select(Application.organisation_id, group, func.count().label("n"), sought)
    told = told.join(Round, Round.id == Application.round_id).where(Round.year == asked.year)
    told = wanted(told.where(access.rule_of(Application, actor)), asked)
    told = told.where(Application.state.not_in(AT_BOARD)).group_by(Application.organisation_id, group)
    lines = {key: _line(asked, key) for key in asked.listed()}
    for key, rows in folded(asked, db.session().execute(told)).items():
        line = lines.setdefault(key, _line(asked, key))
        for row in rows:
            line.counts[row.stands] = line.counts.get(row.stands, 0) + row.n
            line.sought += int(row.sought or 0)
    told_of = (book or book_of(actor, asked)).sums
    for key, rows in folded(asked, [row for row in told_of if row.organisation_id is not None]).items():
        line = lines.setdefault(key, _line(asked, key))
        line.granted += sum(int(row.granted) for row in rows)
        line.used += sum(int(row.used) for row in rows)
    return sorted(lines.values(), key=lambda line: line.name)


def _line(asked: Asked, key: int) -> BoardLine:
    return BoardLine(key, asked.boards.name(key), asked.boards.rows[key].uid)


def wanted(rows: Any, asked: Asked) -> Any:
    """Narrow rows of applications to the board and programme that are asked about."""
    return rows.where(asked.of_board(Application.organisation_id), asked.of_programme(Application.programme_id))


def work_underway(actor: Actor, asked: Asked, *, limit: int) -> tuple[list[Work], int]:
    """Return what is underway whatever its year, the latest first, and how much of it there is, in one query.

    Which are the latest is told by the first milestone that is left; all are summed only for those shown.
    """
    first = _latest(actor, asked).limit(limit).subquery()
    each = case((Milestone.weight > 0, Milestone.weight), else_=0)
    done = total(Milestone.done_on.is_not(None), each)
    plain = total(Milestone.done_on.is_not(None), 1)
    late = total(and_(Milestone.done_on.is_(None), Milestone.due_on < clock.today()), 1)
    names = (Application.uid, Application.number, Application.title, Application.organisation_id, Application.state)
    told = (func.coalesce(func.sum(each), 0), done, func.count(Milestone.id), plain, late)
    own = (first.c.since, first.c.of_all)
    rows = select(*names, *told, *own).select_from(first).join(Application, Application.id == first.c.id)
    rows = rows.outerjoin(Milestone, Milestone.application_id == Application.id).group_by(Application.id, *own)
    found = list(db.session().execute(rows.order_by(first.c.since.nulls_last(), Application.id)))
    return [_work(row[:-1]) for row in found], found[0].of_all if found else 0


def _latest(actor: Actor, asked: Asked) -> Any:
    """Return the question what is underway, the latest first: key, since when, and how many there are in all.

    Of each the first milestone that is left is looked up; what others have left of theirs is not read.
    """
    left = select(func.min(Milestone.due_on)).where(Milestone.application_id == Application.id)
    left = left.where(Milestone.done_on.is_(None), Milestone.due_on < clock.today())
    since = left.correlate(Application).scalar_subquery().label("since")
    rows = select(Application.id, since, func.count().over().label("of_all"))
    rows = wanted(rows.where(Application.state.in_(UNDERWAY), access.rule_of(Application, actor)), asked)
    return rows.order_by(since.nulls_last(), Application.id)


def _work(row: Any) -> Work:
    uid, number, title, board, state, weight, done, milestones, plain, late, since = row
    share = _share(int(weight), int(done), milestones, int(plain))
    return Work(uid, number, title, board, state, share, int(late), since)


def _share(weight: int, done: int, milestones: int, plain: int) -> int | None:
    """Return how much is done in percent of the weight; without weights each milestone weighs the same."""
    if weight:
        return done * 100 // weight
    return plain * 100 // milestones if milestones else None


def is_late(model: Any) -> ColumnElement[bool]:
    """Return the condition that a report or a measuring is late; nothing is measured of work that is not finished."""
    late = and_(model.state == "planerad", model.due_on < clock.today())
    if model is Effect:
        finished = select(Application.id).where(Application.finished_on.is_not(None))
        late &= finished.where(Application.id == Effect.application_id).correlate(Effect).exists()
    return late


def is_shown() -> ColumnElement[bool]:
    """Return the condition that a measuring has shown something against what was before."""
    after: ColumnElement[bool] = Effect.phase != literal_column("'fore'")  # said in full, for the index of these alone
    return and_(Effect.state == literal_column("'matt'"), ~Effect.compares, after)


def late_promises(actor: Actor, asked: Asked, *, limit: int) -> tuple[list[Any], int]:
    """Return the maintenance promises whose inspection is overdue, the oldest first, and how many, in one query.

    Counted no further than COUNTED + 1, or as far as rows are asked for: a file holds more than a page counts.
    """
    due = and_(Promise.uid == Deadline.subject_uid, Deadline.subject_kind == "maintenance_promise")
    late = of_asked(select(Promise.id, Deadline.due_on).select_from(Deadline).join(Promise, due), Promise, asked)
    is_open = Deadline.state == literal_column("'oppen'")  # said in full, for the index that holds these rows alone
    late = late.where(is_open, Deadline.is_late(clock.now()), is_reached(Promise, actor))
    told = late.order_by(Deadline.due_on, Promise.id).limit(max(COUNTED + 1, limit)).subquery()
    of_all = func.count().over().label("of_all")
    first = select(told, of_all).order_by(told.c.due_on, told.c.id).limit(limit).subquery()
    names = (ApplicationMeasure.text, Application.uid, Application.number, Organisation.name.label("owner"))
    rows = select(*names, first.c.due_on, first.c.of_all).select_from(first).join(Promise, Promise.id == first.c.id)
    rows = rows.join(Application, Application.id == Promise.application_id)
    rows = rows.join(ApplicationMeasure, ApplicationMeasure.id == Promise.measure_id)
    rows = rows.outerjoin(Organisation, Organisation.id == Promise.owner_id)
    found = list(db.session().execute(rows.order_by(first.c.due_on, Promise.id)))
    return found, found[0].of_all if found else 0


def open_lifts(actor: Actor, asked: Asked, *, limit: int) -> tuple[list[Lift], int]:
    """Return the obstacles that are lifted and not answered, the oldest first, and how many, in one query."""
    if not actor.may(LIFT_READ):
        return [], 0
    rows = (
        select(Lift, func.count().over())
        .options(joinedload(Lift.organisation))
        .where(Lift.state.in_(LIFT.open_states()))
    )
    rows = rows.where(access.rule_of(Lift, actor), asked.of_board(Lift.organisation_id))
    found = list(db.session().execute(rows.order_by(Lift.lifted_at, Lift.id).limit(limit)))
    return [row[0] for row in found], found[0][1] if found else 0


def of_asked(rows: Any, model: Any, asked: Asked) -> Any:
    """Narrow rows of what belongs to applications to the board and programme that are asked about, if any is."""
    if asked.keys is None and asked.programme is None:
        return rows
    if model is not Application:
        rows = rows.join(Application, Application.id == model.application_id)
    return wanted(rows, asked)
