"""Rounds: laid up as data, one after the other within a programme, frozen as they open; open by the clock (E1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import EDIT, READ, Application, Round, RoundCeiling
from core.applications.services.applications import APPLIES
from core.applications.services.criteria import criteria
from core.applications.states import AT_CITY, ROUND
from core.dated import valid_on
from core.flow import State
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.people.services import organisation_called
from core.reserve.models import Programme
from core.reserve.services.programmes import programmes
from core.schema import Invalid

SEE = "applications:round:read"
PAGE = 20
"""Rounds on a page: those of some years."""
BEFORE_CLOSING = N_("Omgångens sista dag är {day}. Sammanträdet är den dagen eller senare.")
NOT_YET = State(N_("Öppnar senare"), "wait", "waiting")
CLOSED = State(N_("Stängd för ansökningar"), "wait", "waiting")


@dataclass(frozen=True)
class Page:
    """A page of rounds, and where the next one begins."""

    rows: list[Round]
    after: tuple[datetime, int] | None


def plan_round(actor: Actor, *, uid: UUID, programme: UUID, **facts: Any) -> Round:
    """Plan a round of a programme, once for each `uid`; numbered within the year of its last day.

    `facts` are opens_at, closes_at, meets_on, instructions, max_amount, board_ceiling (kronor), conditional. Raises
    Denied, Invalid (days in the wrong order, another round at the same time), Conflict.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(programme=programme, **facts)
    known = db.session().scalar(select(Round).where(Round.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("round", uid)
        return known
    found = next((one for one in programmes() if one.uid == programme), None)
    if found is None:
        raise Invalid({"programme": [N_("Välj en satsning i listan.")]})
    _refuse_days(found, facts)
    _one_at_a_time(found.id, facts)
    year, number = _numbered(found.id, facts["closes_at"])
    row = Round(uid=uid, content=content, programme_id=found.id, year=year, number=number, state=ROUND.start, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "round:plan", "round", uid, level=row.level, programme=found.code, year=year, number=number)
    return row


def _numbered(programme: int, closes_at: datetime) -> tuple[int, int]:
    """Return the year of the last day of a round, and the next number there: called under the lock of the programme."""
    year = clock.last_day(closes_at).year
    numbers = select(func.max(Round.number)).where(Round.programme_id == programme, Round.year == year)
    return year, (db.session().scalar(numbers) or 0) + 1


def _refuse_days(programme: Programme, facts: Mapping[str, Any]) -> None:
    """Refuse days in the wrong order, a last day that has been, and days on which the programme is not there."""
    opens, closes = facts["opens_at"], facts["closes_at"]
    first, last = clock.local(opens).date(), clock.last_day(closes)
    if opens >= closes:
        raise Invalid({"closes_on": [N_("Välj en sista dag efter den dag då omgången öppnar.")]})
    if closes <= clock.now():
        raise Invalid({"closes_on": [N_("Den sista dagen har redan varit. Välj en dag som kommer.")]})
    if first < programme.active_from:
        words = Text(N_("Satsningen finns från och med {day}. Välj en senare dag."), day=programme.active_from)
        raise Invalid({"opens_on": [words]})
    if programme.active_to is not None and last > programme.active_to:
        words = Text(N_("Satsningen finns till och med {day}. Välj en tidigare dag."), day=programme.active_to)
        raise Invalid({"closes_on": [words]})
    if facts.get("meets_on") is not None and facts["meets_on"] < last:
        raise Invalid({"meets_on": [Text(BEFORE_CLOSING, day=last.isoformat())]})


def _one_at_a_time(programme: int, facts: Mapping[str, Any], but: int | None = None) -> None:
    """Refuse days on which another round of the programme is open; two who plan at once are told apart by the lock."""
    opens, closes = facts["opens_at"], facts["closes_at"]
    db.alone(f"rounds of programme {programme}")
    rows = select(Round).where(Round.programme_id == programme, Round.state != "installd", Round.id != (but or 0))
    other = db.session().scalar(rows.where(Round.opens_at < closes, Round.closes_at > opens).limit(1))
    if other is not None:
        told = N_("Omgång {number} {year} är öppen {first} till {last}. Två omgångar överlappar inte.")
        days = {"first": clock.local(other.opens_at).date(), "last": clock.last_day(other.closes_at)}
        raise Invalid({"opens_on": [Text(told, number=other.number, year=str(other.year), **days)]})


def change_round(actor: Actor, uid: UUID, *, version: int | None, **facts: Any) -> Round:
    """Change a round that has not been opened; in another year it gets that year's next number.

    `facts` are those of `plan_round`. Raises Missing, Denied, Stale, Refused, Invalid.
    """
    row = _planned(actor, uid, version)
    _refuse_days(db.session().get_one(Programme, row.programme_id), facts)
    _one_at_a_time(row.programme_id, facts, row.id)
    if clock.last_day(facts["closes_at"]).year != row.year:
        row.year, row.number = _numbered(row.programme_id, facts["closes_at"])
    for name, value in facts.items():
        setattr(row, name, value)
    db.session().flush()
    journal.write(actor, "round:change", "round", uid, level=row.level)
    return row


def set_ceiling(actor: Actor, uid: UUID, *, organisation: str, amount: int | None, version: int | None) -> Round:
    """Say what one board (its code) may apply for in a round, in kronor; None lets it be as for all (F1).

    Raises Missing, Denied, Stale, Refused (it has been opened), Invalid (no board).
    """
    row = _planned(actor, uid, version)
    board = organisation_called(organisation, "organisation")
    db.session().execute(delete(RoundCeiling).where(RoundCeiling.round_id == row.id, _of(board)))
    if amount is not None:
        db.session().add(RoundCeiling(round_id=row.id, organisation_id=board.id, amount=amount))
    touch(row)
    journal.write(actor, "round:ceiling", "round", uid, level=row.level, organisation=board.code, kronor=amount)
    return row


def _of(board: Organisation) -> Any:
    return RoundCeiling.organisation_id == board.id


def touch(row: Round) -> None:
    """Give a round a new version although no column of it has changed, only what hangs on it."""
    flag_modified(row, "number")
    db.session().flush()


def _planned(actor: Actor, uid: UUID, version: int | None) -> Round:
    access.require(actor, EDIT)
    row = access.find(Round, uid, actor, EDIT, lock=True)
    db.refuse_stale("round", uid, row.version, version)
    if row.state != ROUND.start:
        raise flow.Refused([Objection(N_("Omgången har öppnat. Villkoren ligger fast för alla som söker."))])
    return row


# --- Moves --------------------------------------------------------------------------------------------------------

Frozen = Callable[[Round], Any]
_frozen: dict[str, Frozen] = {}


def freezes(key: str) -> Callable[[Frozen], Frozen]:
    """Register what else a round freezes in its terms as it opens, such as the rules of the coach."""

    def register(gather: Frozen) -> Frozen:
        _frozen[key] = gather
        return gather

    return register


def move_round(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Round:
    """Open a round, begin to prepare what came in, call it off or end it.

    To freeze and thaw its order is `ranking.move_order`. Raises Missing, Denied, Stale, Refused.
    """
    access.require(actor, ROUND.move(key).needs)
    row = access.find(Round, uid, actor, ROUND.move(key).needs, lock=True)
    db.refuse_stale("round", uid, row.version, version)
    flow.move(ROUND, row, key, actor, reason=reason)
    if key == "oppna":
        row.terms = terms(row)
    db.session().flush()
    return row


def terms(row: Round) -> dict[str, Any]:
    """Return what a round is judged by, as it is kept: a later change of criteria or rules does not reach it."""
    return terms_now() | {key: gather(row) for key, gather in _frozen.items()}


def terms_now() -> dict[str, Any]:
    """Return what an application is judged by today, where no round has frozen it."""
    judged = [
        {"key": one.key, "title": one.title, "what": one.what, "gate": one.gate, "weight": one.weight}
        for one in criteria()
    ]
    return {"schema": 1, "criteria": judged, "rules": []}


@ROUND.guard("oppna")
def _has_criteria(row: Round, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001 - whoever opens it
    if not criteria():
        yield Objection(N_("Det finns inga kriterier att bedöma efter. Läs in dem först."))
    if row.closes_at <= clock.now():
        yield Objection(N_("Omgångens sista dag har varit. Ändra den först."))


@ROUND.guard("bered")
def _is_closed(row: Round, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    if row.closes_at > clock.now():
        told = N_("Omgången är öppen till och med {at}. Börja bereda när den har stängt.")
        yield Objection(Text(told, at=closes_words(row)))


@ROUND.guard("stall_in")
def _nobody_has_applied(row: Round, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    if waits := _with_the_city(row):
        yield Objection(Text(N_("{count} ansökningar har kommit in. Lämna tillbaka dem först."), count=waits))


@ROUND.guard("ateruppta")
def _has_its_order(row: Round, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    if row.frozen is None:
        yield Objection(N_("Omgången har ingen fryst ordning. Börja bereda den igen."))


@ROUND.guard("bered_igen")
def _has_no_order(row: Round, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    if row.frozen is not None:
        yield Objection(N_("Ordningen är fryst. Ta upp omgången igen. Sedan går det att öppna ordningen."))


@ROUND.guard("avsluta")
def _all_is_decided(row: Round, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    if waits := _with_the_city(row):
        yield Objection(Text(N_("{count} ansökningar är inte beslutade."), count=waits))


def _with_the_city(row: Round) -> int:
    rows = select(func.count()).select_from(Application).where(Application.round_id == row.id)
    return db.session().scalar(rows.where(Application.state.in_(AT_CITY))) or 0


def other_way_back(row: Round) -> str:
    """Return the way to take up a round that is not this one's: what was decided by an order goes on with that."""
    return "ateruppta" if row.frozen is None else "bered_igen"


# --- Reading ------------------------------------------------------------------------------------------------------


def is_open(row: Round) -> bool:
    """Whether applications may be handed in now: it has been opened, and its time has come and is not out."""
    return row.state == "oppnad" and row.opens_at <= clock.now() < row.closes_at


def stands(row: Round) -> State:
    """Return how a round stands, as people see it: the clock says whether one that was opened is open."""
    if row.state == "oppnad" and not is_open(row):
        return NOT_YET if clock.now() < row.opens_at else CLOSED
    return ROUND.states[row.state]


def read_round(actor: Actor, uid: UUID) -> Round:
    """Return a round with its programme. Raises Missing, Denied."""
    access.require(actor, SEE)
    rows = select(Round).options(joinedload(Round.programme)).where(Round.uid == uid, access.rule_of(Round, actor))
    found = db.session().scalar(rows)
    if found is None:
        raise access.Missing("round", uid)
    return found


def list_rounds(
    actor: Actor, *, programme: UUID | None = None, after: tuple[datetime, int] | None = None, limit: int = PAGE
) -> Page:
    """Return rounds, the one that closes last first, in one query."""
    access.require(actor, SEE)
    rows = select(Round).options(joinedload(Round.programme)).where(access.rule_of(Round, actor))
    if programme is not None:
        rows = rows.where(Round.programme_id.in_(select(Programme.id).where(Programme.uid == programme)))
    if after is not None:
        at, key = after
        rows = rows.where((Round.closes_at < at) | ((Round.closes_at == at) & (Round.id < key)))
    found = list(db.session().scalars(rows.order_by(Round.closes_at.desc(), Round.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].closes_at, found[-1].id) if more else None)


def open_rounds(actor: Actor) -> list[Round]:
    """Return the rounds that are open now, the one that closes first at the top."""
    rows = select(Round).options(joinedload(Round.programme)).where(access.rule_of(Round, actor))
    rows = rows.where(Round.state == "oppnad", Round.opens_at <= clock.now(), Round.closes_at > clock.now())
    return list(db.session().scalars(rows.order_by(Round.closes_at, Round.id)))


def ceilings_of(row: Round) -> list[RoundCeiling]:
    """Return what single boards may apply for in a round."""
    rows = select(RoundCeiling).options(joinedload(RoundCeiling.organisation)).where(RoundCeiling.round_id == row.id)
    return list(db.session().scalars(rows.order_by(RoundCeiling.organisation_id)))


def boards() -> list[tuple[str, str]]:
    """Return the boards that apply today: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    found = db.session().execute(rows.where(Organisation.kind.in_(APPLIES)).order_by(Organisation.name))
    return [(code, name) for code, name in found]


def applied_in(actor: Actor, rounds: Iterable[Round]) -> dict[int, tuple[int, int]]:
    """Return by key of round how many applications of it the actor reaches, and the kronor that they ask for."""
    if not actor.may(READ):
        return {}
    rows = select(Application.round_id, func.count(), func.coalesce(func.sum(Application.sought), 0))
    rows = rows.where(Application.round_id.in_([one.id for one in rounds]), access.rule_of(Application, actor))
    found = db.session().execute(rows.group_by(Application.round_id))
    return {key: (count, int(kronor)) for key, count, kronor in found if key is not None}


def closes_words(row: Round) -> str:
    """Return the last day on which an application may be handed in, with the hour where it is not the whole day."""
    return _with_clock(clock.last_day(row.closes_at), row.closes_at)


def opens_words(row: Round) -> str:
    """Return the first day on which an application may be handed in, with the hour where it is not the whole day."""
    return _with_clock(clock.local(row.opens_at).date(), row.opens_at)


def _with_clock(day: date, at: datetime) -> str:
    told = f"{clock.local(at):%H.%M}"
    return day.isoformat() if told == "00.00" else f"{day.isoformat()} {told}"


def last_day(row: Round) -> date:
    """Return the last day on which an application may be handed in."""
    return clock.last_day(row.closes_at)
