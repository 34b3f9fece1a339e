"""Fördelningsregler as data: how urgent something is and which contract it goes to, by what was seen and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.dated import valid_on
from core.places.models import Place
from core.places.services import rows_of
from core.works.models import Contract, RoutingRule
from core.works.services.contracts import contract_for

USUAL = "p3"
"""How urgent something is that no rule knows."""


@dataclass(frozen=True)
class Route:
    """Where something goes: how urgent it is, under which contract (None: one's own people), and by whose word."""

    priority: str
    contract: Contract | None
    source: str = ""


def route(organisation: int, *, role: str, place: Place | None, kind: str, text: str) -> Route:
    """Return where a thing goes that `organisation` answers for, by the first rule that fits."""
    rows = select(RoutingRule).where(
        RoutingRule.place_role.in_(("", role)),
        RoutingRule.place_kind.in_(("", place.kind if place else "")),
        RoutingRule.kind.in_(("", kind)),
        valid_on(RoutingRule, clock.today()),
    )
    said = text.casefold()
    found = db.session().scalars(rows.order_by(RoutingRule.rank, RoutingRule.id))
    rule = next((one for one in found if _says(one.words, said)), None)
    ordered = _of(rule, organisation) or contract_for(organisation, role=role, place=place.id if place else None)
    return Route(rule.priority, ordered, rule.source) if rule else Route(USUAL, ordered)


def _says(words: str, said: str) -> bool:
    return not words or any(word.strip().casefold() in said for word in words.split(",") if word.strip())


def _of(rule: RoutingRule | None, organisation: int) -> Contract | None:
    """Return the contract that a rule names, while it lasts and is the organisation's own."""
    if rule is None or rule.contract_id is None:
        return None
    rows = select(Contract).where(Contract.id == rule.contract_id, Contract.organisation_id == organisation)
    return db.session().scalar(rows.where(valid_on(Contract, clock.today())))


def rules_of(actor: Actor) -> list[RoutingRule]:
    """Return the rules of today, in the order in which they are asked."""
    access.require(actor, "works:terms:read")
    rows = select(RoutingRule).where(valid_on(RoutingRule, clock.today()))
    return list(db.session().scalars(access.visible(rows, actor).order_by(RoutingRule.rank, RoutingRule.id)))


def load_routing(actor: Actor) -> int:
    """Take in the city's rules from the seed pack, where there are none; return how many there are."""
    access.require(actor, "works:terms:edit")
    if db.session().scalar(select(RoutingRule.id).limit(1)) is not None:
        return 0
    rows = rows_of("routing_rules.csv")
    for row in rows:
        about = {name: row[name] for name in ("place_role", "place_kind", "kind", "words", "priority", "source")}
        db.session().add(RoutingRule(rank=int(row["rank"]), valid_from=date(2020, 1, 1), **about))
    db.session().flush()
    return len(rows)
