"""The order of a round and its line: who fits within each year's frame (E13, X6); frozen, the basis for the decision.

Everybody sees the same order, whoever may read which points. Points are those of who count, once all are in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.line import Cut, Placed, Row, cut, moved
from core.applications.models import (
    ASSESSED,
    ASSESSORS,
    RANK,
    Application,
    ApplicationText,
    Assessment,
    Ranked,
    Round,
    Score,
    SpreadNote,
    aside_from,
)
from core.applications.points import Judged, Verdict, criteria_of, verdict
from core.applications.services import beside, proposing, rounds
from core.applications.services.amounts import amounts_of, outcome, running_of
from core.applications.services.beside import Elsewhere
from core.applications.services.partiality import HOUSE, aside_among, aside_of
from core.applications.states import IN_ORDER, ROUND
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.reserve import services as reserve

MOST = 500
LAST = 1_000_000


@dataclass(frozen=True)
class Line:
    """A row of the order: an application, what is said of it together, what it seeks and is proposed, what it costs.

    `verdict` is there when all are in and the reader may read it. `jav` is how many assessments are not counted.
    """

    application: Application
    verdict: Verdict | None
    sought: Mapping[int, int]
    proposed: Mapping[int, int] | None
    running: Mapping[int, int]
    payers: Mapping[str, int]
    aside: bool
    jav: int

    @property
    def outcome(self) -> str:
        """What the proposal comes to; nothing where nothing is proposed yet."""
        return outcome(self.sought, self.proposed)

    @property
    def fails(self) -> bool:
        """Whether it fails a gate."""
        return self.verdict is not None and bool(self.verdict.fails)

    def row(self) -> Row:
        """Return it as the line reckons it: what is proposed, else all that is sought."""
        counts = self.outcome != "avslag" and not self.fails
        return Row(self.application.id, self.sought if self.proposed is None else self.proposed, counts)


@dataclass(frozen=True)
class Order:
    """The order of a round with its line. `version` is that of the round: each change of the order gives a new one.

    Beside it what the round has taken in and is not assessed (`outside`), and what other rounds propose of the same
    money (`elsewhere`): the line does not count it.
    """

    round: Round
    lines: list[Line]
    cut: Cut
    rows: list[tuple[Line, Placed]] = field(default_factory=list)
    outside: list[Application] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        """The years that somebody seeks or is proposed money for."""
        found = {year for one in self.lines for year in (*one.sought, *(one.proposed or {}))}
        return sorted(found) or [self.round.year]


def order_of(actor: Actor, uid: UUID) -> Order:
    """Return the applications of a round in their order, with the line. Raises Missing, Denied."""
    return order_in(actor, rounds.read_round(actor, uid))


def order_in(actor: Actor, round_: Round) -> Order:
    """Return the order of a round that has been read. Raises Denied."""
    access.require(actor, ASSESSED)
    return _order(actor, round_)


def _order(actor: Actor, round_: Round) -> Order:
    lines, said = _lines(actor, round_)
    laid = cut([_row(one, said) for one in lines], frames_left(actor, round_))
    placed = list(zip(lines, laid.placed, strict=True))
    return Order(round_, lines, laid, placed, beside.outside(actor, round_), beside.elsewhere(round_))


def _lines(actor: Actor, round_: Round) -> tuple[list[Line], dict[int, Verdict]]:
    """Return the rows of an order, with what is said of each application, also where the actor stands aside."""
    stands_aside = aside_from(actor.id).label("aside")
    rows = select(Application, ApplicationText.completes_on, stands_aside)
    rows = rows.options(joinedload(Application.organisation))
    rows = rows.outerjoin(ApplicationText, ApplicationText.application_id == Application.id)
    ready: dict[int, Any] = {}
    found: list[Application] = []
    aside: set[int] = set()
    rows = _placed(rows.where(access.rule_of(Application, actor)), round_)
    for one, completes_on, is_aside in db.session().execute(rows):
        found.append(one)
        ready[one.id] = completes_on
        if is_aside:
            aside.add(one.id)
    keys = [one.id for one in found]
    said, jav = _verdicts(actor, round_, keys)
    amounts = amounts_of(keys)
    running, payers = running_of(found, ready, amounts)
    lines = [
        Line(
            application=one,
            verdict=said.get(one.id) if one.id not in aside else None,
            sought=dict(sorted(amounts.sought.get(one.id, {}).items())),
            proposed=amounts.proposed.get(one.id),
            running=running.get(one.id, {}),
            payers=payers.get(one.id, {}),
            aside=one.id in aside,
            jav=jav.get(one.id, 0),
        )
        for one in found
    ]
    return lines, said


def _placed(rows: Any, round_: Round) -> Any:
    """Narrow rows of applications to those in the order of a round, and put them in it."""
    rows = rows.outerjoin(Ranked, (Ranked.application_id == Application.id) & (Ranked.round_id == round_.id))
    rows = rows.where(Application.round_id == round_.id, Application.state.in_(IN_ORDER))
    return rows.order_by(func.coalesce(Ranked.position, LAST), Application.id).limit(MOST)


def places_in(round_: Round) -> list[Any]:
    """Return the order of a round as who moves a row needs it: key, uid and number of each application."""
    rows = select(Application.id, Application.uid, Application.number)
    return list(db.session().execute(_placed(rows, round_)))


def _row(line: Line, said: Mapping[int, Verdict]) -> Row:
    """Return a line as it is reckoned: a gate that is not met counts also for who may not read why."""
    row, judged = line.row(), said.get(line.application.id)
    return Row(row.key, row.proposed, row.counts and not (judged is not None and judged.fails))


def _verdicts(actor: Actor, round_: Round, keys: list[int]) -> tuple[dict[int, Verdict], dict[int, int]]:
    """Return what is said together of those whose assessments are open, and how many of each are not counted."""
    rows = select(Assessment.application_id, Assessment.id, Assessment.state, Score.criterion, Score.points)
    rows = rows.outerjoin(Score, (Score.assessment_id == Assessment.id) & (Assessment.state == "inlamnad"))
    states: dict[int, dict[int, str]] = {}
    each: dict[int, dict[int, dict[str, int]]] = {}
    for key, assessment, state, criterion, points in db.session().execute(
        rows.where(Assessment.application_id.in_(keys))
    ):
        states.setdefault(key, {})[assessment] = state
        if criterion is not None:
            each.setdefault(key, {}).setdefault(assessment, {})[criterion] = points or 0
    counted = {key: Counter(one.values()) for key, one in states.items()}
    is_open = [key for key, one in counted.items() if not one["tilldelad"] and one["inlamnad"] >= ASSESSORS]
    notes: dict[int, dict[str, int | None]] = {}
    told = select(SpreadNote.application_id, SpreadNote.criterion, SpreadNote.points)
    for key, criterion, points in db.session().execute(told.where(SpreadNote.application_id.in_(is_open))):
        notes.setdefault(key, {})[criterion] = points
    criteria: list[Judged] = criteria_of(round_.terms or rounds.terms_now())
    found = {key: verdict(criteria, list(each.get(key, {}).values()), notes.get(key, {})) for key in is_open}
    return found if actor.may(ASSESSED) else {}, {key: one["jav"] for key, one in counted.items()}


def frames_left(actor: Actor, round_: Round) -> dict[int, int]:
    """Return what is left to grant of each year's frame of a round's programme, from the round's year on."""
    frames = reserve.frames_of(actor if actor.may("reserve:frame:read") else HOUSE, round_.programme)
    return {frame.year: frame.amount - frame.granted for frame in frames if frame.year >= round_.year}


# --- What follows from the order ----------------------------------------------------------------------------------


def shares(order: Order) -> list[tuple[str, int]]:
    """Return what each board gets of what fits, in kronor of all years, the largest first."""
    found: dict[str, int] = {}
    for line, placed in order.rows:
        if placed.fits:
            name = line.application.organisation.name
            found[name] = found.get(name, 0) + sum(placed.row.proposed.values())
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def running_costs(order: Order) -> tuple[dict[int, int], dict[str, int]]:
    """Return the running cost that follows from what fits: by year, and by who carries it in the dearest year."""
    by_year: dict[int, int] = {}
    by_payer: dict[str, int] = {}
    for line, placed in order.rows:
        if placed.fits:
            for year, kronor in line.running.items():
                by_year[year] = by_year.get(year, 0) + kronor
            for payer, kronor in line.payers.items():
                by_payer[payer] = by_payer.get(payer, 0) + kronor
    carried = {payer: kronor for payer, kronor in sorted(by_payer.items(), key=lambda one: -one[1]) if kronor}
    return dict(sorted(by_year.items())), carried


# --- Moving -------------------------------------------------------------------------------------------------------


def move_row(actor: Actor, uid: UUID, application: UUID, *, to: int, version: int | None) -> Round:
    """Put an application at a place (from 1) in the order of a round.

    Raises Missing, Denied, Stale (somebody else has changed the order), Refused (jäv, frozen).
    """
    round_ = _to_order(actor, uid, version)
    order = places_in(round_)
    row = next((one for one in order if one.uid == application), None)
    if row is None:
        raise access.Missing("application", application)
    if aside_among(actor.id, [row.id]):
        told = N_("Du är jävig i {number} och kan inte flytta raden.")
        raise flow.Refused([Objection(Text(told, number=row.number))])
    keys = [one.id for one in order]
    _write(actor, round_, moved(keys, row.id, to - 1))
    detail = {"application": row.number, "from": keys.index(row.id) + 1, "to": to}
    journal.write(actor, "round:rank", "round", uid, level=round_.level, **detail)
    return round_


def rank_by_points(actor: Actor, uid: UUID, *, version: int | None) -> Round:
    """Put the order of a round by points, the most first; what fails a gate, or has none yet, comes last."""
    round_ = _to_order(actor, uid, version)
    lines, _ = _lines(HOUSE, round_)
    by_points = sorted(lines, key=lambda one: (one.fails, -one.verdict.exact if one.verdict is not None else 1))
    _write(actor, round_, [one.application.id for one in by_points])
    journal.write(actor, "round:rank", "round", uid, level=round_.level, by="points")
    return round_


def _to_order(actor: Actor, uid: UUID, version: int | None) -> Round:
    access.require(actor, RANK)
    round_ = access.find(Round, uid, actor, RANK, lock=True)
    db.refuse_stale("round", uid, round_.version, version)
    if round_.state != "bereds":
        raise flow.Refused([Objection(proposing.FROZEN if round_.state == "fryst" else NOT_PREPARED)])
    return rounds.read_round(HOUSE, uid)


NOT_PREPARED = N_("Ordningen går att ändra medan omgången bereds.")


def _write(actor: Actor, round_: Round, keys: Iterable[Any]) -> None:
    """Write an order: one statement for all that were placed before, one for what is new in it."""
    known = dict(
        db.session().execute(select(Ranked.application_id, Ranked.position).where(Ranked.round_id == round_.id)).all()
    )
    places = {key: place for place, key in enumerate(keys, 1)}
    who = {"moved_at": clock.now(), "moved_by_id": actor.id}
    new = [{"application_id": key, "position": place} for key, place in places.items() if key not in known]
    if new:
        db.session().execute(insert(Ranked), [row | who | {"round_id": round_.id} for row in new])
    changed = {key: place for key, place in places.items() if known.get(key, place) != place}
    if changed:
        place = case(changed, value=Ranked.application_id)
        rows = update(Ranked).where(Ranked.round_id == round_.id, Ranked.application_id.in_(changed))
        db.session().execute(rows.values(position=place, version=Ranked.version + 1, **who))
    rounds.touch(round_)


# --- Freezing -----------------------------------------------------------------------------------------------------


def move_order(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Round:
    """Freeze the order of a round as the basis for the decision, or open it again with a reason.

    Raises Missing, Denied, Stale, Refused with all that is lacking.
    """
    access.require(actor, RANK)
    round_ = access.find(Round, uid, actor, RANK, lock=True)
    db.refuse_stale("round", uid, round_.version, version)
    round_ = rounds.read_round(HOUSE, uid)
    flow.move(ROUND, round_, key, actor, reason=reason)
    if key == "frys":
        order = _order(HOUSE, round_)
        round_.frozen, round_.frozen_at, round_.frozen_by_id = frozen(order, actor), clock.now(), actor.id
        _write(actor, round_, [one.application.id for one in order.lines])
    else:
        round_.frozen, round_.frozen_at, round_.frozen_by_id = None, None, None
    db.session().flush()
    return round_


@ROUND.guard("frys")
def _all_are_proposed(round_: Round, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001 - whoever freezes it
    lines, _ = _lines(HOUSE, rounds.read_round(HOUSE, round_.uid))
    if not lines:
        yield Objection(N_("Ingen ansökan är bedömd."))
    for one in lines:
        if one.verdict is not None and one.verdict.lacks_note:
            yield Objection(Text(N_("Gemensam not saknas för {number}."), number=one.application.number))
        elif one.application.state != "forslag":
            yield Objection(Text(N_("{number} har inget förslag till beslut än."), number=one.application.number))


def frozen(order: Order, actor: Actor) -> dict[str, Any]:
    """Return an order as it is kept: never read by key of a table, never changed afterwards."""
    by_year, carried = running_costs(order)
    return {
        "schema": 1,
        "at": clock.now().isoformat(),
        "by": {"name": actor.name, "organisation": actor.organisation_name},
        "frames": texted(order.cut.frames),
        "above": texted(order.cut.above),
        "lines": texted(order.cut.lines),
        "running": texted(by_year),
        "carried": carried,
        "shares": dict(shares(order)),
        "outside": [
            {
                "application": str(one.uid),
                "number": one.number,
                "organisation": one.organisation.name,
                "state": one.state,
            }
            for one in order.outside
        ],
        "elsewhere": [asdict(one) for one in order.elsewhere],
        "rows": [_kept(place, line, placed) for place, (line, placed) in enumerate(order.rows, 1)],
    }


def _kept(place: int, line: Line, placed: Placed) -> dict[str, Any]:
    row = line.application
    return {
        "position": place,
        "application": str(row.uid),
        "number": row.number,
        "title": row.title,
        "organisation": row.organisation.name,
        "points": line.verdict.total if line.verdict is not None else None,
        "sought": texted(line.sought),
        "wished": texted(line.proposed or {}),
        "proposed": texted(line.proposed or {}) if placed.fits else {},
        "outcome": line.outcome if placed.fits else "avslag",
        "fits": placed.fits,
        "left": texted(placed.left),
        "running": max(line.running.values(), default=0),
        "jav": line.jav,
        "fails": line.fails,
    }


def years_of(kept: Mapping[str, Any]) -> list[str]:
    """Return the years, as an order keeps them, that somebody seeks or is proposed money for."""
    return sorted({year for one in kept["rows"] for year in (*one["sought"], *one["proposed"])})


def texted(years: Mapping[int, Any]) -> dict[str, Any]:
    """Return amounts by year as JSON keeps them: its keys are texts."""
    return {str(year): amount for year, amount in years.items()}


def hidden_in(actor: Actor, round_: Round) -> frozenset[str]:
    """Return the applications of a frozen order (their uids as it has them) whose points the actor does not read."""
    kept = [UUID(row["application"]) for row in (round_.frozen or {}).get("rows", ())]
    return frozenset(str(uid) for uid in aside_of(actor.id, kept)) if kept else frozenset()
