"""The coach of an application: what it holds is read in a constant number of queries, and judged by its rules.

The rules are those that the round froze as it opened, else those of the city's seed pack.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    case,
    cast,
    false,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from core import clock, db, plugins
from core.access import Actor
from core.applications import coach_rules
from core.applications.coach import (
    COLUMNS,
    Aim,
    Coaching,
    Draft,
    Planned,
    Reply,
    Rule,
    Seen,
    Spot,
    Yearly,
    coaching,
)
from core.applications.models import (
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
    RoundCeiling,
    RunningCost,
)
from core.applications.services import double_funding, late, maintenance
from core.applications.services.rounds import freezes
from core.cooperation import catalogue
from core.cooperation.models import Cause, Goal, Problem
from core.dated import valid_on
from core.people.models import Organisation
from core.places.models import Place, PlaceControl
from core.places.services import rows_of
from core.refs import MeasureRef
from core.reserve.models import Frame, Programme

ANSWERED = "besvarad"
STREET = ("vaghallare", "driftansvar_gata")
"""Who has these on a place is consulted about what is done there: it is street land."""
TOLD_IN = ("utkast", "intern_granskning", "klar_for_namnd", "namndbeslutad", "inskickad", "komplettering")
"""States in which there is still something to mend."""
ENDED = ("aterkallad", "avslag", "utgar", "avstadd", "avslutad")
"""States in which an application no longer counts against the ceiling of its board."""


def read_coach(actor: Actor, application: Application) -> Coaching:
    """Return what the coach says of an application that the actor has reached."""
    row = _row(application)
    return coaching(_draft(actor, row), rules_of(row.Round))


def read_draft(actor: Actor, application: Application) -> Draft:
    """Return an application as the coach reads it."""
    return _draft(actor, _row(application))


def rules_of(found: Round | None) -> tuple[Rule, ...]:
    """Return the rules that a round froze as it opened, else those that hold now."""
    frozen = (found.terms or {}).get("rules") if found is not None else None
    return tuple(Rule.of(row) for row in frozen) if frozen else _rules(db.settings().city)


@freezes("rules")
def rules_to_freeze(_round: Round | None = None) -> list[dict[str, str]]:
    """Return the rules that hold now, as a round keeps them in its terms."""
    return [{name: row[name] for name in COLUMNS} for row in rows_of("coach_rules.csv")]


@cache
def _rules(_city: str) -> tuple[Rule, ...]:
    return tuple(Rule.of(row) for row in rows_of("coach_rules.csv"))


# --- What it holds ------------------------------------------------------------------------------------------------


def _row(application: Application) -> Any:
    owner = aliased(Organisation)
    rows = select(
        Application,
        ApplicationText,
        Programme,
        Round,
        Organisation.diary_pattern.label("own"),
        owner.diary_pattern.label("city"),
        *_sums(application),
    )
    rows = rows.join(ApplicationText, ApplicationText.application_id == Application.id)
    rows = rows.join(Programme, Programme.id == Application.programme_id).join(owner, owner.id == Programme.owner_id)
    rows = rows.join(Organisation, Organisation.id == Application.organisation_id)
    rows = rows.outerjoin(Round, Round.id == Application.round_id).where(Application.id == application.id)
    return db.session().execute(rows).one()


def _draft(actor: Actor, row: Any) -> Draft:
    application, text, programme, found = row.Application, row.ApplicationText, row.Programme, row.Round
    facts, places = _facts(application, programme), _places(application)
    measures = _measures(application)
    together = frozenset(fact.kronor for fact in facts["med"]) | {application.organisation_id}
    holders = _holders(places, together)
    costs: dict[int, int] = {}
    for fact in facts["utgift"]:
        costs[fact.number] = costs.get(fact.number, 0) + fact.kronor
    kinds = sorted({one.kind for one in measures})
    overdue = late.late_with(actor, application)
    return Draft(
        programme=programme.code,
        access=frozenset(programme.access.split()),
        large=programme.large,
        late_years=programme.late_years,
        max_amount=found.max_amount if found else None,
        board_left=_board_left(row),
        frames={fact.number: int(fact.kronor) for fact in facts["ram"]},
        places=tuple(Spot(place.name, place.public_access) for place in places),
        problem=text.problem,
        evidence=tuple(fact.word for fact in facts["underlag"]),
        cycle=application.cycle_id is not None,
        likely=row.likely,
        measures=tuple(_planned(actor, application, one) for one in measures),
        goals=_goals(application),
        perspectives={fact.word: _as_seen(fact.number) for fact in facts["perspektiv"]},
        children=(text.children_heard, text.children_note),
        starts_on=text.starts_on,
        completes_on=text.completes_on,
        milestones=tuple(fact.day for fact in facts["delmal"]),
        permits={fact.word: fact.said for fact in facts["tillstand"]},
        replies=tuple(_reply(fact) for fact in sorted(facts["svar"], key=lambda fact: fact.kronor)),
        to_ask=_to_ask(kinds, holders, together),
        owners={row.code: row.name for row in holders},
        costs=costs,
        capital=sum(fact.kronor for fact in facts["utgift"] if fact.flag),
        components=tuple((fact.kronor, fact.number) for fact in facts["del"]),
        running={
            fact.number: Yearly(fact.kronor, paid=bool(fact.flag), why=bool(fact.said)) for fact in facts["drift"]
        },
        alternatives=text.alternatives,
        displacement=text.displacement,
        numbers=((application.diary_own, row.own), (application.diary_city, row.city)),
        others=double_funding.others(actor, application, places, kinds, [fact.word for fact in facts["finansiering"]]),
        upkeep_words=maintenance.found([(one.kind, one.text) for one in measures]),
        late=overdue.what,
        late_ones=overdue.oldest,
    )


def _planned(actor: Actor, application: Application, row: Any) -> Planned:
    running = row.kind in catalogue.measure_kinds()
    return Planned(
        kind=row.kind,
        text=row.text,
        cause=row.cause or "",
        built=row.built,
        promised=bool(row.owner_id and row.standard and row.cost is not None and not row.declined),
        running=running,
        objections=_objections(actor, application, row) if running and catalogue.is_of_plugin(row.kind) else (),
    )


def _objections(actor: Actor, application: Application, row: Any) -> tuple[str, ...]:
    """Return what the plugin of a measure's kind says is left of its own approval; nobody else is asked."""
    about = MeasureRef(row.uid, row.kind, row.text, application.uid, row.place, application.level)
    return tuple(one.message for one in plugins.objections("measure_objections", measure=about, actor=actor))


def _facts(application: Application, programme: Programme) -> dict[str, list[Any]]:
    """Return the small facts of many tables in one query, by what they are of."""
    evidence, permit, cost, part = ApplicationEvidence, ApplicationPermit, CostLine, Component
    seen, party = ApplicationPerspective, ApplicationParty
    rows = union_all(
        _fact("underlag", evidence, application, word=evidence.kind),
        _fact("tillstand", permit, application, word=permit.kind, said=permit.stands),
        _fact("utgift", cost, application, number=cost.year, kronor=cost.amount, flag=cost.capital),
        _fact("del", part, application, number=part.years, kronor=part.amount),
        _fact(
            "drift",
            RunningCost,
            application,
            number=RunningCost.year,
            kronor=RunningCost.amount,
            flag=RunningCost.payer_id.is_not(None),
            said=RunningCost.why,
        ),
        _fact("delmal", Milestone, application, day=Milestone.due_on),
        _fact("finansiering", OtherFunding, application, word=OtherFunding.source),
        _fact("perspektiv", seen, application, word=seen.perspective, number=_seen()),
        _fact("med", party, application, kronor=party.organisation_id).where(party.left_on.is_(None)),
        _replies(application),
        _fact("ram", Frame, application, programme, number=Frame.year, kronor=Frame.amount - Frame.granted),
    )
    found: dict[str, list[Any]] = {what: [] for what in FACTS}
    for row in db.session().execute(rows):
        found[row.what].append(row)
    return found


FACTS = (
    "underlag", "tillstand", "utgift", "del", "drift", "delmal", "finansiering", "perspektiv", "med", "svar", "ram",
)  # fmt: skip


def _fact(
    what: str, model: Any, application: Application, programme: Programme | None = None, **columns: Any
) -> Select[Any]:
    """Return the question for the facts of one table: those of the application, or of its programme if it is given."""
    kinds: dict[str, Any] = {
        "word": String(300),
        "said": String(1000),
        "number": Integer(),
        "kronor": BigInteger(),
        "day": Date(),
        "flag": Boolean(),
    }
    shown: list[ColumnElement[Any]] = [
        columns[name].label(name) if name in columns else cast(null(), kind).label(name) for name, kind in kinds.items()
    ]
    rows = select(literal(what).label("what"), *shown)
    of_it = model.application_id == application.id if programme is None else model.programme_id == programme.id
    return rows.select_from(model).where(of_it)


def _places(application: Application) -> list[Place]:
    rows = select(Place).join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    return list(db.session().scalars(rows.where(ApplicationPlace.application_id == application.id).order_by(Place.id)))


def _holders(places: list[Place], together: frozenset[int]) -> list[Any]:
    """Return who else has rådighet over the places today, each once, and whether it is over street land."""
    street = func.max(cast(PlaceControl.role.in_(STREET), Integer)).label("street")
    rows = select(Organisation.id, Organisation.code, Organisation.name, street)
    rows = rows.join(PlaceControl, PlaceControl.organisation_id == Organisation.id)
    rows = rows.where(PlaceControl.place_id.in_([place.id for place in places]), valid_on(PlaceControl, clock.today()))
    rows = rows.where(Organisation.id.not_in(together)).group_by(Organisation.id, Organisation.code, Organisation.name)
    return list(db.session().execute(rows.order_by(Organisation.name)))


def _to_ask(kinds: list[str], holders: list[Any], together: frozenset[int]) -> dict[str, str]:
    """Return who must be consulted: who has responsibility for the kinds of measure, and for street land."""
    found = {row.code: row.name for row in holders if row.street and kinds}
    codes = {
        rule.organisation
        for kind in kinds
        for rule in catalogue.to_be_asked(kind, ())
        if rule.part == catalogue.RESPONSIBLE
    }
    rows = select(Organisation.code, Organisation.name).where(
        Organisation.code.in_(codes), Organisation.id.not_in(together), valid_on(Organisation, clock.today())
    )
    return found | {row.code: row.name for row in db.session().execute(rows.order_by(Organisation.name))}


def _measures(application: Application) -> list[Any]:
    own = ApplicationMeasure
    rows = select(own.uid, own.kind, own.text, own.built, Place.uid.label("place"), Cause.state.label("cause"))
    rows = rows.add_columns(Promise.owner_id, Promise.standard, Promise.cost, Promise.declined)
    rows = rows.outerjoin(Cause, Cause.id == own.cause_id).outerjoin(Place, Place.id == own.place_id)
    rows = rows.outerjoin(Promise, Promise.measure_id == own.id)
    rows = rows.where(own.application_id == application.id, own.dropped_on.is_(None))
    return list(db.session().execute(rows.order_by(own.number)))


def _goals(application: Application) -> tuple[Aim, ...]:
    rows = select(Goal).join(ApplicationGoal, ApplicationGoal.goal_id == Goal.id)
    rows = rows.where(ApplicationGoal.application_id == application.id).order_by(Goal.number)
    return tuple(Aim(goal.text, _lacks(goal), goal.owner_id is not None) for goal in db.session().scalars(rows))


def _lacks(goal: Goal) -> tuple[str, ...]:
    """Return the fields that a goal must have to be measured, and has not."""
    return tuple(name for name in coach_rules.ONE_LACK if getattr(goal, name) in (None, ""))


def _seen() -> Any:
    """Return what is told from a perspective as one number: a bit for each of its three texts."""
    own = ApplicationPerspective
    return sum(
        case((text != "", 1 << bit), else_=0) for bit, text in enumerate((own.impact, own.considered, own.heard))
    )


def _as_seen(bits: int) -> Seen:
    return Seen(*(bool(bits >> bit & 1) for bit in range(3)))


def _replies(application: Application) -> Select[Any]:
    """Return the question for the replies: whose (`word`), and what for with the stance; unanswered has none."""
    own = ApplicationAsk
    stance = case((own.state == ANSWERED, own.stance), else_="")
    answered = case((own.state == ANSWERED, true()), else_=false())
    said = own.asked_for + " " + stance
    rows = _fact("svar", own, application, word=Organisation.code, said=said, kronor=own.id, flag=answered)
    return rows.join(Organisation, Organisation.id == own.organisation_id).where(own.state != "aterkallad")


def _reply(fact: Any) -> Reply:
    asked_for, _, stance = fact.said.partition(" ")
    return Reply(fact.word, asked_for, bool(fact.flag), stance)


def _sums(application: Application) -> list[Any]:
    """Return what is asked in the question of the application itself: the likely causes of its cycle; the ceiling of
    its board in the round, and what the board seeks there beside it.
    """
    likely = select(func.count()).select_from(Cause).join(Problem, Problem.id == Cause.problem_id)
    likely = likely.where(Problem.cycle_id == application.cycle_id, Cause.state == coach_rules.LIKELY)
    own = select(RoundCeiling.amount).where(
        RoundCeiling.round_id == application.round_id, RoundCeiling.organisation_id == application.organisation_id
    )
    others = select(func.coalesce(func.sum(Application.sought), 0)).where(
        Application.round_id == application.round_id,
        Application.organisation_id == application.organisation_id,
        Application.id != application.id,
        Application.state.not_in(ENDED),
    )
    asked = {"likely": likely, "ceiling": own, "others": others}
    return [rows.correlate(None).scalar_subquery().label(name) for name, rows in asked.items()]


def _board_left(row: Any) -> int | None:
    """Return what the board may still apply for in the round beside its other applications; None without a ceiling."""
    if row.Round is None:
        return None
    ceiling = row.Round.board_ceiling if row.ceiling is None else row.ceiling
    return None if ceiling is None else int(ceiling) - int(row.others)
