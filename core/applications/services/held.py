"""What the coach reads of an application: itself with its places in one query, its small facts in another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from core import clock, db
from core.applications import coach_rules
from core.applications.models import (
    STREET,
    Application,
    ApplicationAsk,
    ApplicationEvidence,
    ApplicationGoal,
    ApplicationMeasure,
    ApplicationParty,
    ApplicationPermit,
    ApplicationPerspective,
    ApplicationPlace,
    ApplicationText,
    Component,
    CostLine,
    Milestone,
    OtherFunding,
    Promise,
    Round,
    RunningCost,
)
from core.applications.services.ceilings import boards_with, named_for
from core.cooperation import catalogue
from core.cooperation.models import Cause, Goal, Problem
from core.dated import valid_on
from core.db import Key
from core.people.models import Organisation
from core.places.models import Place, PlaceControl
from core.reserve.models import Frame, Programme

ANSWERED = "besvarad"
ENDED = ("aterkallad", "avslag", "utgar", "avstadd", "avslutad")
"""States in which an application no longer counts against the ceiling of its board."""
FACTS = (
    "underlag", "tillstand", "utgift", "del", "drift", "delmal", "finansiering", "perspektiv", "med", "svar", "ram",
    "mal", "atgard", "radighet", "ansvar",
)  # fmt: skip
BUILT, PROMISED = 1, 2
"""Bits of what is told of a measure."""
KINDS: dict[str, Any] = {
    "word": String(300),
    "said": String(1000),
    "more": String(40),
    "number": Integer(),
    "kronor": BigInteger(),
    "day": Date(),
    "flag": Boolean(),
    "uid": Uuid(),
    "place": Uuid(),
}
"""What a small fact can tell."""
_ASKED, _PROGRAMME, _ROUND, _CYCLE, _BOARD = (
    bindparam(name, type_=Key) for name in ("application", "programme", "round", "cycle", "board")
)
"""What is known of the application that is asked of: to put these questions together takes longer than to ask them."""


@dataclass(frozen=True)
class Held:
    """What an application holds: the row of itself with its text, programme and round; its places; its small facts."""

    row: Any
    places: list[Place]
    facts: dict[str, list[Any]]

    @cached_property
    def measures(self) -> list[Any]:
        """Its measures that are not dropped, in their order."""
        return sorted(self.facts["atgard"], key=lambda fact: fact.number)

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of its measures."""
        return sorted({fact.word for fact in self.measures})

    @cached_property
    def together(self) -> frozenset[int]:
        """The organisations that apply, as keys."""
        return frozenset(fact.kronor for fact in self.facts["med"]) | {self.row.Application.organisation_id}

    @cached_property
    def holders(self) -> list[Any]:
        """Who else has rådighet over the places today, each once; `number` is whether over the street or its lamps."""
        return self._others("radighet")

    @property
    def to_ask(self) -> dict[str, str]:
        """Who must be consulted: who has responsibility for the kinds of measure, and for street land."""
        found = {fact.word: fact.said for fact in self.holders if fact.number and self.kinds}
        rules = [rule for kind in self.kinds for rule in catalogue.to_be_asked(kind, ())]
        codes = {rule.organisation for rule in rules if rule.part == catalogue.RESPONSIBLE}
        return found | {fact.word: fact.said for fact in self._others("ansvar") if fact.word in codes}

    def _others(self, what: str) -> list[Any]:
        there = (fact for fact in self.facts[what] if fact.kronor not in self.together)
        return sorted(there, key=lambda fact: fact.said)


def read_held(application: Application) -> Held:
    """Return what an application holds, in two queries."""
    asked = {
        "application": application.id,
        "programme": application.programme_id,
        "round": application.round_id,
        "cycle": application.cycle_id,
        "board": application.organisation_id,
    }
    rows = list(db.session().execute(_rows(), asked))
    facts: dict[str, list[Any]] = {what: [] for what in FACTS}
    for row in db.session().execute(_facts(clock.today(), tuple(catalogue.responsible())), asked):
        facts[row.what].append(row)
    return Held(rows[0], [row.Place for row in rows if row.Place is not None], facts)


@cache
def _rows() -> Select[Any]:
    """Return the question for an application itself, once for each of its places."""
    owner = aliased(Organisation)
    rows = select(
        Application,
        ApplicationText,
        Programme,
        Round,
        Place,
        Organisation.diary_pattern.label("own"),
        owner.diary_pattern.label("city"),
        *_sums(),
    )
    rows = rows.join(ApplicationText, ApplicationText.application_id == Application.id)
    rows = rows.join(Programme, Programme.id == Application.programme_id).join(owner, owner.id == Programme.owner_id)
    rows = rows.join(Organisation, Organisation.id == Application.organisation_id)
    rows = rows.outerjoin(Round, Round.id == Application.round_id)
    rows = rows.outerjoin(ApplicationPlace, ApplicationPlace.application_id == Application.id)
    rows = rows.outerjoin(Place, Place.id == ApplicationPlace.place_id)
    return rows.where(Application.id == _ASKED).order_by(Place.id)


@lru_cache(maxsize=2)
def _facts(today: date, responsible: tuple[str, ...]) -> CompoundSelect[Any]:
    """Return the question for the small facts of many tables of an application, each named by what it is of."""
    evidence, permit, cost, part = ApplicationEvidence, ApplicationPermit, CostLine, Component
    seen, party = ApplicationPerspective, ApplicationParty
    return union_all(
        _fact("underlag", evidence, word=evidence.kind),
        _fact("tillstand", permit, word=permit.kind, said=permit.stands),
        _fact("utgift", cost, word=cost.kind, number=cost.year, kronor=cost.amount, flag=cost.capital),
        _fact("del", part, number=part.years, kronor=part.amount),
        _fact(
            "drift",
            RunningCost,
            number=RunningCost.year,
            kronor=RunningCost.amount,
            flag=RunningCost.payer_id.is_not(None),
            said=RunningCost.why,
        ),
        _fact("delmal", Milestone, day=Milestone.due_on),
        _fact("finansiering", OtherFunding, word=OtherFunding.source),
        _fact("perspektiv", seen, word=seen.perspective, number=_seen()),
        _fact("med", party, kronor=party.organisation_id).where(party.left_on.is_(None), party.joined_on.is_not(None)),
        _replies(),
        _named("ram", Frame, number=Frame.year, kronor=Frame.amount - Frame.granted).where(
            Frame.programme_id == _PROGRAMME
        ),
        _goals(),
        _measures(),
        _holders(today),
        _responsible_ones(today, responsible),
    )


def _named(what: str, model: Any, **columns: Any) -> Select[Any]:
    """Return the question for the facts of a table."""
    shown: list[ColumnElement[Any]] = [
        columns[name].label(name) if name in columns else cast(null(), kind).label(name) for name, kind in KINDS.items()
    ]
    return select(literal(what).label("what"), *shown).select_from(model)


def _fact(what: str, model: Any, **columns: Any) -> Select[Any]:
    """Return the question for the facts of a table that are of the application."""
    return _named(what, model, **columns).where(model.application_id == _ASKED)


def _goals() -> Select[Any]:
    """Return the question for the goals: in which order, who answers, and what is lacking as a bit for each field."""
    own, lacks = ApplicationGoal, [getattr(Goal, name) for name in coach_rules.ONE_LACK]
    empty = [or_(one.is_(None), one == "") if isinstance(one.type, String) else one.is_(None) for one in lacks]
    bits = sum(case((which, 1 << bit), else_=0) for bit, which in enumerate(empty))
    owned = Goal.owner_id.is_not(None)
    rows = _fact("mal", own, said=Goal.text, number=Goal.number, kronor=bits, flag=owned, day=Goal.due_on)
    return rows.join(Goal, Goal.id == own.goal_id)


def lacks_of(bits: int) -> tuple[str, ...]:
    """Return the fields that a goal must have to be measured, and has not."""
    return tuple(name for bit, name in enumerate(coach_rules.ONE_LACK) if bits >> bit & 1)


def _measures() -> Select[Any]:
    """Return the question for the measures that are not dropped: with the state of the cause (`more`), and bits."""
    own = ApplicationMeasure
    promised = Promise.owner_id.is_not(None) & (Promise.standard != "") & Promise.cost.is_not(None)
    promised &= Promise.declined == ""
    bits = case((own.built, BUILT), else_=0) + case((promised, PROMISED), else_=0)
    told = {"word": own.kind, "said": own.text, "more": Cause.state, "number": own.number, "kronor": bits}
    rows = _fact("atgard", own, uid=own.uid, place=Place.uid, **told)
    rows = rows.outerjoin(Cause, Cause.id == own.cause_id).outerjoin(Place, Place.id == own.place_id)
    return rows.outerjoin(Promise, Promise.measure_id == own.id).where(own.dropped_on.is_(None))


def _holders(today: date) -> Select[Any]:
    """Return the question for who has rådighet over the places today, each once, and whether that is of the street."""
    own, whose = PlaceControl, Organisation
    street = func.max(cast(own.role.in_(STREET), Integer))
    rows = _named("radighet", own, word=whose.code, said=whose.name, number=street, kronor=whose.id)
    rows = rows.join(whose, whose.id == own.organisation_id)
    rows = rows.join(ApplicationPlace, ApplicationPlace.place_id == own.place_id)
    rows = rows.where(ApplicationPlace.application_id == _ASKED, valid_on(own, today))
    return rows.group_by(whose.id, whose.code, whose.name)


def _responsible_ones(today: date, responsible: tuple[str, ...]) -> Select[Any]:
    """Return the question for those that have responsibility for any kind of measure."""
    whose = Organisation
    rows = _named("ansvar", whose, word=whose.code, said=whose.name, kronor=whose.id)
    return rows.where(whose.code.in_(responsible), valid_on(whose, today))


def _seen() -> Any:
    """Return what is told from a perspective as one number: a bit for each of its three texts."""
    own = ApplicationPerspective
    return sum(
        case((text != "", 1 << bit), else_=0) for bit, text in enumerate((own.impact, own.considered, own.heard))
    )


def _replies() -> Select[Any]:
    """Return the question for the replies: whose (`word`), and what for with the stance; unanswered has none."""
    own = ApplicationAsk
    stance = case((own.state == ANSWERED, own.stance), else_="")
    answered = case((own.state == ANSWERED, true()), else_=false())
    said = own.asked_for + " " + stance
    rows = _fact("svar", own, word=Organisation.code, said=said, kronor=own.id, flag=answered)
    return rows.join(Organisation, Organisation.id == own.organisation_id).where(own.state != "aterkallad")


def _sums() -> list[Any]:
    """Return what is asked in the question of the application itself: the likely causes of its cycle; the ceiling of
    its board in the round, and what the board seeks there beside it, with those that it was made of or became.
    """
    likely = select(func.count()).select_from(Cause).join(Problem, Problem.id == Cause.problem_id)
    likely = likely.where(Problem.cycle_id == _CYCLE, Cause.state == coach_rules.LIKELY)
    boards = boards_with(_BOARD)
    others = select(func.coalesce(func.sum(Application.sought), 0)).where(
        Application.round_id == _ROUND,
        Application.organisation_id.in_(boards),
        Application.id != _ASKED,
        Application.state.not_in(ENDED),
    )
    asked = {"likely": likely, "ceiling": named_for(_ROUND, boards), "others": others}
    return [rows.correlate(None).scalar_subquery().label(name) for name, rows in asked.items()]
