"""The coordination function, and who is samordnare where: appointed, ended, and which boards lack one (Z11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.dated import valid_on
from core.duties.law import BOARDS
from core.duties.models import CoordinationFunction, Coordinator
from core.duties.models.coordination import APPOINT, EDIT, READ
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid

PAGE = 60
DAY = timedelta(days=1)
NEXT_HOLDS = N_("Då gäller redan nästa funktion.")


@dataclass(frozen=True)
class Board:
    """A board or company on a day: who is samordnare there; where nobody is, who was so last."""

    organisation: Organisation
    now: list[Coordinator]
    before: Coordinator | None

    @property
    def lacks(self) -> bool:
        """Whether nobody is samordnare there on the day."""
        return not self.now


@dataclass(frozen=True)
class Page:
    """A page of boards by name, and where the next one begins."""

    rows: list[Board]
    after: tuple[str, int] | None


# --- The function of the municipality -----------------------------------------------------------------------------


def function_on(actor: Actor, day: date | None = None) -> CoordinationFunction | None:
    """Return the coordination function that holds on a day (today)."""
    access.require(actor, READ)
    rows = select(CoordinationFunction).options(joinedload(CoordinationFunction.organisation))
    rows = access.visible(rows, actor).where(valid_on(CoordinationFunction, day or clock.today()))
    return db.session().scalars(rows.order_by(CoordinationFunction.valid_from.desc()).limit(1)).first()


def functions(actor: Actor) -> list[CoordinationFunction]:
    """Return every coordination function there has been, the latest first."""
    access.require(actor, READ)
    rows = access.visible(select(CoordinationFunction), actor).options(joinedload(CoordinationFunction.organisation))
    return list(db.session().scalars(rows.order_by(CoordinationFunction.valid_from.desc()).limit(PAGE)))


def decide_function(actor: Actor, *, uid: UUID, organisation: UUID, **facts: Any) -> CoordinationFunction:
    """Write down which function coordinates for the municipality, once for each `uid`; the one before ends then.

    Raises Denied, Invalid, Conflict.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(organisation=organisation, **facts)
    if (known := access.made_before(actor, CoordinationFunction, uid, content)) is not None:
        return known
    db.alone("duties:function")
    home = valid_home(organisation, facts["valid_from"])
    later = select(CoordinationFunction.id).where(CoordinationFunction.valid_from >= facts["valid_from"])
    if db.session().scalar(later.limit(1)) is not None:
        raise Invalid({"valid_from": [N_("Det finns redan en funktion från den dagen eller senare.")]})
    for row in db.session().scalars(
        select(CoordinationFunction).where(valid_on(CoordinationFunction, facts["valid_from"]))
    ):
        row.valid_to = facts["valid_from"] - DAY
    row = CoordinationFunction(uid=uid, content=content, organisation_id=home.id, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "coordination:decide", "coordination_function", uid, organisation=home.code)
    return row


def change_function(
    actor: Actor,
    uid: UUID,
    *,
    organisation: UUID,
    valid_from: date,
    valid_to: date | None,
    version: int | None = None,
    **facts: Any,
) -> CoordinationFunction:
    """Correct a coordination function. The one before ends the day before it, wherever its first day is moved.

    Raises Missing, Denied, Stale, Invalid.
    """
    access.require(actor, EDIT)
    db.alone("duties:function")
    row = access.find(CoordinationFunction, uid, actor, EDIT, lock=True)
    db.refuse_stale("coordination_function", uid, row.version, version)
    home = valid_home(organisation, valid_from)
    _check_days(valid_from, valid_to, "valid_to")
    _make_room(row, valid_from, valid_to)
    row.organisation_id, row.valid_from, row.valid_to = home.id, valid_from, valid_to
    for name, value in facts.items():
        setattr(row, name, value)
    db.session().flush()
    journal.write(actor, "coordination:change", "coordination_function", uid, organisation=home.code, on=valid_from)
    return row


def _make_room(row: CoordinationFunction, first: date, last: date | None) -> None:
    """Let the function before make room for one whose days are moved, and refuse days of the next one's."""
    others = select(CoordinationFunction).where(CoordinationFunction.id != row.id)
    earlier = others.where(CoordinationFunction.valid_from < row.valid_from)
    before = db.session().scalar(earlier.order_by(CoordinationFunction.valid_from.desc()).limit(1))
    later = select(func.min(CoordinationFunction.valid_from)).where(CoordinationFunction.valid_from > row.valid_from)
    next_one = db.session().scalar(later)
    if next_one is not None and (last is None or last >= next_one):
        raise Invalid({"valid_to": [NEXT_HOLDS]})
    if before is None:
        return
    if first <= before.valid_from:
        raise Invalid({"valid_from": [N_("Det finns redan en funktion från den dagen eller senare.")]})
    if before.valid_to is None or before.valid_to >= first or before.valid_to == row.valid_from - DAY:
        before.valid_to = first - DAY


def end_function(actor: Actor, uid: UUID, *, on: date, version: int | None = None) -> CoordinationFunction:
    """Let `on` be the last day of a coordination function. Raises Missing, Denied, Stale, Invalid."""
    row = access.find(CoordinationFunction, uid, actor, EDIT, lock=True)
    db.refuse_stale("coordination_function", uid, row.version, version)
    _check_days(row.valid_from, on, "on")
    after = select(CoordinationFunction.id).where(CoordinationFunction.valid_from.between(row.valid_from + DAY, on))
    if db.session().scalar(after.limit(1)) is not None:
        raise Invalid({"on": [NEXT_HOLDS]})
    row.valid_to = on
    db.session().flush()
    journal.write(actor, "coordination:end", "coordination_function", uid, on=on)
    return row


def read_function(actor: Actor, uid: UUID) -> CoordinationFunction:
    """Return a coordination function for whoever may correct it. Raises Missing, Denied."""
    row = access.find(CoordinationFunction, uid, actor, EDIT)
    db.session().refresh(row, ["organisation"])
    return row


# --- Samordnare ---------------------------------------------------------------------------------------------------


def appoint(actor: Actor, *, uid: UUID, organisation: UUID, **facts: Any) -> Coordinator:
    """Write down the samordnare of a board or company, once for each `uid`.

    Raises Denied, Missing, Invalid, Conflict.
    """
    access.require(actor, APPOINT)
    content = db.fingerprint(organisation=organisation, **facts)
    if (known := access.made_before(actor, Coordinator, uid, content)) is not None:
        return known
    home = _board_of(actor, organisation, facts["valid_from"])
    row = Coordinator(uid=uid, content=content, organisation_id=home.id, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "coordinator:appoint", "coordinator", uid, organisation=home.code)
    return row


def change_coordinator(
    actor: Actor,
    uid: UUID,
    *,
    organisation: UUID,
    valid_from: date,
    valid_to: date | None,
    version: int | None = None,
    **facts: Any,
) -> Coordinator:
    """Correct a samordnare. Raises Missing, Stale, Invalid."""
    row = _appointed(actor, uid, version)
    home = _board_of(actor, organisation, valid_from)
    _check_days(valid_from, valid_to, "valid_to")
    row.organisation_id, row.valid_from, row.valid_to = home.id, valid_from, valid_to
    for name, value in facts.items():
        setattr(row, name, value)
    db.session().flush()
    journal.write(actor, "coordinator:change", "coordinator", uid, organisation=home.code)
    return row


def end_coordinator(actor: Actor, uid: UUID, *, on: date, version: int | None = None) -> Coordinator:
    """Let `on` be the last day of a samordnare. Raises Missing, Stale, Invalid."""
    row = _appointed(actor, uid, version)
    _check_days(row.valid_from, on, "on")
    row.valid_to = on
    db.session().flush()
    journal.write(actor, "coordinator:end", "coordinator", uid, on=on)
    return row


def read_coordinator(actor: Actor, uid: UUID) -> Coordinator:
    """Return a samordnare for whoever appoints there. Raises Missing."""
    rows = select(Coordinator).options(joinedload(Coordinator.organisation)).where(Coordinator.uid == uid)
    row = db.session().scalar(rows.where(access.rule_of(Coordinator, actor, APPOINT)))
    if row is None:
        raise access.Missing("coordinator", uid)
    return row


def _appointed(actor: Actor, uid: UUID, version: int | None) -> Coordinator:
    rows = select(Coordinator).where(Coordinator.uid == uid, access.rule_of(Coordinator, actor, APPOINT))
    row = db.session().scalar(rows.with_for_update(of=Coordinator))
    if row is None:
        raise access.Missing("coordinator", uid)
    db.refuse_stale("coordinator", uid, row.version, version)
    return row


def _board_of(actor: Actor, uid: UUID, day: date) -> Organisation:
    reached = select(Organisation.id).where(Organisation.uid == uid, access.within(actor, APPOINT, Organisation.id))
    if db.session().scalar(reached) is None:
        raise access.Missing("organisation", uid)
    home = valid_home(uid, day)
    if home.kind not in BOARDS:
        raise Invalid({"organisation": [N_("Välj en nämnd eller ett bolag.")]})
    return home


def valid_home(uid: UUID, day: date) -> Organisation:
    """Return an organisation that is there on a day. Raises Invalid at `organisation`."""
    row = db.session().scalar(select(Organisation).where(Organisation.uid == uid, valid_on(Organisation, day)))
    if row is None:
        raise Invalid({"organisation": [Text(N_("Välj en organisation som finns {day}."), day=day.isoformat())]})
    return row


def _check_days(first: date, last: date | None, field: str) -> None:
    if last is not None and last < first:
        raise Invalid({field: [N_("Den sista dagen ligger före den första.")]})


# --- Which boards lack one ----------------------------------------------------------------------------------------


def _boards_on(day: date) -> Any:
    """Select the boards and companies that are there on a day: before a merger those that there were then."""
    return select(Organisation).where(Organisation.kind.in_(BOARDS), valid_on(Organisation, day))


def _has_one(day: date) -> Any:
    return exists().where(Coordinator.organisation_id == Organisation.id, valid_on(Coordinator, day))


def list_boards(
    actor: Actor,
    *,
    day: date | None = None,
    lacking: bool = False,
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return the boards and companies of a day (today) with their samordnare, by name; only those that lack one.

    A samordnare of a board that was merged into another is not that one's: it shows as who was so last.
    """
    access.require(actor, READ)
    day = day or clock.today()
    rows = access.visible(_boards_on(day), actor)
    rows = rows.where(~_has_one(day)) if lacking else rows
    if after:
        rows = rows.where(tuple_(Organisation.name, Organisation.id) > after)
    found = list(db.session().scalars(rows.order_by(Organisation.name, Organisation.id).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(_with_coordinators(found, day), (found[-1].name, found[-1].id) if more else None)


def _with_coordinators(boards: Iterable[Organisation], day: date) -> list[Board]:
    boards = list(boards)
    keys = [board.id for board in boards]
    heirs = {
        row.id: row.heir
        for row in db.session().execute(
            select(Organisation.id, func.coalesce(Organisation.successor_id, Organisation.id).label("heir")).where(
                Organisation.id.in_(keys) | Organisation.successor_id.in_(keys)
            )
        )
    }
    rows = select(Coordinator).options(joinedload(Coordinator.organisation))
    rows = rows.where(Coordinator.organisation_id.in_(heirs), Coordinator.valid_from <= day)
    known = list(db.session().scalars(rows.order_by(Coordinator.valid_from.desc(), Coordinator.id.desc())))
    told = []
    for board in boards:
        now = [
            one for one in known if one.organisation_id == board.id and (one.valid_to is None or one.valid_to >= day)
        ]
        ended = [one for one in known if heirs[one.organisation_id] == board.id and one not in now]
        told.append(Board(board, now, None if now else next(iter(ended), None)))
    return told


def count_boards(actor: Actor, *, day: date | None = None) -> tuple[int, int]:
    """Return how many boards and companies there are on a day (today), and how many of them lack a samordnare."""
    access.require(actor, READ)
    day = day or clock.today()
    whole, lacking = (
        select(func.count()).select_from(rows.subquery()).scalar_subquery()
        for rows in (_boards_on(day), _boards_on(day).where(~_has_one(day)))
    )
    row = db.session().execute(select(whole.label("whole"), lacking.label("lacking"))).one()
    return int(row.whole), int(row.lacking)


def coordinators_of(actor: Actor, organisation: int) -> list[Coordinator]:
    """Return who is samordnare of an organisation today."""
    rows = select(Coordinator).where(Coordinator.organisation_id == organisation, valid_on(Coordinator, clock.today()))
    return list(db.session().scalars(access.visible(rows, actor).order_by(Coordinator.id)))


def lacking_of(actor: Actor, limit: int) -> list[Organisation]:
    """Return the boards that lack a samordnare today and that the actor appoints for, as one of their own."""
    own = actor.homes(APPOINT)
    rows = _boards_on(clock.today()).where(Organisation.id.in_(own), ~_has_one(clock.today()))
    return list(db.session().scalars(rows.order_by(Organisation.name).limit(limit))) if own else []


def appointing(actor: Actor) -> list[tuple[str, str]]:
    """Return the boards and companies that the actor may appoint for today: uid and name."""
    rows = _boards_on(clock.today()).where(access.within(actor, APPOINT, Organisation.id))
    found = db.session().scalars(rows.order_by(Organisation.name).limit(200))
    return [(str(row.uid), row.name) for row in found]


def may_end(actor: Actor, row: Coordinator) -> bool:
    """Whether the actor appoints, and ends, samordnare there."""
    return any(
        reach.organisations is None or row.organisation_id in reach.organisations for reach in actor.reaches(APPOINT)
    )
