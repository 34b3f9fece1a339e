"""The coach of an application: what it holds is read in a constant number of queries, and judged by its rules.

The rules are those that the round froze as it opened, else those of the city's seed pack.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from core import db, plugins
from core.access import Actor
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
from core.applications.models import Application, Round
from core.applications.services import double_funding, late, maintenance
from core.applications.services.held import BUILT, PROMISED, Held, lacks_of, read_held
from core.applications.services.rounds import freezes
from core.cooperation import catalogue
from core.places.services import rows_of
from core.refs import MeasureRef

PLANNING = "projektering"
PAID_TWICE, LATE = "dubbel_finansiering", "sena_loften"
"""Rules about what lies outside the application: that is read where they are asked."""
TOLD_IN = ("utkast", "intern_granskning", "klar_for_namnd", "namndbeslutad", "inskickad", "komplettering")
"""States in which there is still something to mend."""


def read_coach(
    actor: Actor, application: Application, held: Held | None = None, *, part: str | None = None
) -> Coaching:
    """Return what the coach says of an application that the actor has reached, or of one of its parts.

    `held` is what the application holds, where that is read already.
    """
    known = held or read_held(application)
    rules = [rule for rule in rules_of(known.row.Round) if part in (None, rule.part)]
    return coaching(_draft(actor, known, {rule.key for rule in rules}), rules)


def read_draft(actor: Actor, application: Application) -> Draft:
    """Return an application as the coach reads it."""
    return _draft(actor, read_held(application), {PAID_TWICE, LATE})


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


def _draft(actor: Actor, held: Held, rules: Collection[str]) -> Draft:
    row, facts, places = held.row, held.facts, held.places
    application, text, programme, found = row.Application, row.ApplicationText, row.Programme, row.Round
    costs, drawn = (_by_year(facts["utgift"], *kinds) for kinds in ((), (PLANNING,)))
    overdue = late.late_with(actor, application) if LATE in rules else late.Late()
    funding = [fact.word for fact in facts["finansiering"]] if PAID_TWICE in rules else None
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
        measures=tuple(_planned(actor, application, one) for one in held.measures),
        goals=tuple(_aim(fact) for fact in sorted(facts["mal"], key=lambda fact: fact.number)),
        perspectives={fact.word: _as_seen(fact.number) for fact in facts["perspektiv"]},
        children=(text.children_heard, text.children_note),
        starts_on=text.starts_on,
        completes_on=text.completes_on,
        milestones=tuple(fact.day for fact in facts["delmal"]),
        permits={fact.word: fact.said for fact in facts["tillstand"]},
        replies=tuple(_reply(fact) for fact in sorted(facts["svar"], key=lambda fact: fact.kronor)),
        to_ask=held.to_ask,
        owners={fact.word: fact.said for fact in held.holders},
        costs=costs,
        drawn=drawn,
        capital=sum(fact.kronor for fact in facts["utgift"] if fact.flag),
        components=tuple((fact.kronor, fact.number) for fact in facts["del"]),
        running={
            fact.number: Yearly(fact.kronor, paid=bool(fact.flag), why=bool(fact.said)) for fact in facts["drift"]
        },
        alternatives=text.alternatives,
        displacement=text.displacement,
        numbers=((application.diary_own, row.own), (application.diary_city, row.city)),
        others=() if funding is None else double_funding.others(actor, application, places, held.kinds, funding),
        upkeep_words=maintenance.found([(one.word, one.said) for one in held.measures]),
        late=overdue.what,
        late_ones=overdue.oldest,
    )


def _by_year(costs: Iterable[Any], *kinds: str) -> dict[int, int]:
    """Return kronor by year: of all costs, or of those of some kinds."""
    found: dict[int, int] = {}
    for fact in costs:
        if not kinds or fact.word in kinds:
            found[fact.number] = found.get(fact.number, 0) + fact.kronor
    return found


def _planned(actor: Actor, application: Application, fact: Any) -> Planned:
    running = fact.word in catalogue.measure_kinds()
    return Planned(
        kind=fact.word,
        text=fact.said,
        cause=fact.more or "",
        built=bool(fact.kronor & BUILT),
        promised=bool(fact.kronor & PROMISED),
        running=running,
        objections=_objections(actor, application, fact) if running and catalogue.is_of_plugin(fact.word) else (),
    )


def _objections(actor: Actor, application: Application, fact: Any) -> tuple[str, ...]:
    """Return what the plugin of a measure's kind says is left of its own approval; nobody else is asked."""
    about = MeasureRef(fact.uid, fact.word, fact.said, application.uid, fact.place, application.level)
    return tuple(one.message for one in plugins.objections("measure_objections", measure=about, actor=actor))


def _aim(fact: Any) -> Aim:
    return Aim(fact.said, lacks_of(fact.kronor), bool(fact.flag), fact.day)


def _as_seen(bits: int) -> Seen:
    return Seen(*(bool(bits >> bit & 1) for bit in range(3)))


def _reply(fact: Any) -> Reply:
    asked_for, _, stance = fact.said.partition(" ")
    return Reply(fact.word, asked_for, bool(fact.flag), stance)


def _board_left(row: Any) -> int | None:
    """Return what the board may still apply for in the round beside its other applications; None without a ceiling."""
    if row.Round is None:
        return None
    ceiling = row.Round.board_ceiling if row.ceiling is None else row.ceiling
    return None if ceiling is None else int(ceiling) - int(row.others)
