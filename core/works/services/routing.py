"""Fördelningsregler as data: how urgent something is and which contract it goes to, by what was seen and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.dated import is_valid, valid_on
from core.i18n import N_
from core.people.models import Organisation
from core.people.services import categories
from core.places.models import Place
from core.places.services import controller, rows_of
from core.schema import Invalid
from core.works.models import Contract, RoutingRule
from core.works.services.contracts import contract_for

EDIT, READ = "works:terms:edit", "works:terms:read"
USUAL = "p3"
"""How urgent something is that no rule knows."""
MOST = 200
ABOUT = ("rank", "place_role", "place_kind", "kind", "words", "priority", "source")
"""What a rule says, beside its contract."""


@dataclass(frozen=True)
class Route:
    """Where something goes: how urgent it is, under which contract (None: one's own people), and by whose word."""

    priority: str
    contract: Contract | None
    source: str = ""


@dataclass(frozen=True)
class Tried:
    """What the rules of today would do with a thing: the rule that takes it (None: none does), and where it goes.

    `organisation` is who answers for it; None where that depends on the place.
    """

    rule: RoutingRule | None
    priority: str
    organisation: Organisation | None
    contract: Contract | None


def route(organisation: int, *, role: str, place: Place | None, kind: str, text: str) -> Route:
    """Return where a thing goes that `organisation` answers for, by the first rule that fits."""
    rule = _first(role=role, place_kind=place.kind if place else "", kind=kind, text=text)
    ordered = _of(rule, organisation) or contract_for(organisation, role=role, place=place.id if place else None)
    return Route(rule.priority, ordered, rule.source) if rule else Route(USUAL, ordered)


def _first(*, role: str, place_kind: str, kind: str, text: str) -> RoutingRule | None:
    """Return the rule of today with the lowest rank that fits."""
    rows = select(RoutingRule).where(
        RoutingRule.place_role.in_(("", role)),
        RoutingRule.place_kind.in_(("", place_kind)),
        RoutingRule.kind.in_(("", kind)),
        valid_on(RoutingRule, clock.today()),
    )
    said = text.casefold()
    found = db.session().scalars(rows.order_by(RoutingRule.rank, RoutingRule.id))
    return next((one for one in found if _says(one.words, said)), None)


def _says(words: str, said: str) -> bool:
    return not words or any(word.strip().casefold() in said for word in words.split(",") if word.strip())


def _of(rule: RoutingRule | None, organisation: int) -> Contract | None:
    """Return the contract that a rule names, while it lasts and is the organisation's own."""
    if rule is None or rule.contract_id is None:
        return None
    rows = select(Contract).where(Contract.id == rule.contract_id, Contract.organisation_id == organisation)
    return db.session().scalar(rows.where(valid_on(Contract, clock.today())))


def try_routing(actor: Actor, *, role: str, place_kind: str, kind: str, text: str) -> Tried:
    """Return what the rules of today would do with a thing, wherever it is; nothing is kept of what was asked."""
    access.require(actor, EDIT)
    rule = _first(role=role, place_kind=place_kind, kind=kind, text=text)
    named = db.session().get(Contract, rule.contract_id) if rule and rule.contract_id else None
    key = named.organisation_id if named else controller(None, role, None, kind=kind)
    answers = db.session().get(Organisation, key) if key else None
    ordered = (_of(rule, answers.id) or contract_for(answers.id, role=role)) if answers else None
    return Tried(rule, rule.priority if rule else USUAL, answers, ordered)


# --- Read and changed by the city's administrator -----------------------------------------------------------------


def rules_of(actor: Actor, *, ended: bool = False) -> list[RoutingRule]:
    """Return the rules of today, in the order in which they are asked; or those that have ended, the latest first."""
    access.require(actor, READ)
    rows = select(RoutingRule).options(joinedload(RoutingRule.contract))
    if ended:
        rows = rows.where(RoutingRule.valid_to < clock.today())
        rows = rows.order_by(RoutingRule.valid_to.desc(), RoutingRule.id.desc())
    else:
        rows = rows.where(valid_on(RoutingRule, clock.today())).order_by(RoutingRule.rank, RoutingRule.id)
    return list(db.session().scalars(access.visible(rows, actor).limit(MOST)))


def read_rule(actor: Actor, uid: UUID) -> RoutingRule:
    """Return a rule with its contract; Missing when there is none."""
    access.require(actor, EDIT)
    rows = select(RoutingRule).options(joinedload(RoutingRule.contract)).where(RoutingRule.uid == uid)
    found = db.session().scalar(access.visible(rows, actor))
    if found is None:
        raise access.Missing("routing_rule", uid)
    return found


def contracts_to_name(actor: Actor) -> list[Contract]:
    """Return the contracts of today that a rule may name, by title: who writes the city's rules knows them by name."""
    access.require(actor, EDIT)
    rows = select(Contract).options(joinedload(Contract.contractor)).where(valid_on(Contract, clock.today()))
    return list(db.session().scalars(rows.order_by(Contract.title, Contract.id).limit(MOST)))


def add_rule(actor: Actor, *, uid: UUID, contract: UUID | None, **facts: Any) -> RoutingRule:
    """Let a rule hold from today on, once for each `uid`. Raises Denied, Invalid, Conflict."""
    access.require(actor, EDIT)
    known = db.session().scalar(select(RoutingRule).where(RoutingRule.uid == uid))
    key = _named(contract)
    if known is not None:
        if known.contract_id != key or any(getattr(known, name) != facts[name] for name in ABOUT):
            raise db.Conflict("routing_rule", uid)
        return known
    if facts["kind"] and facts["kind"] not in categories():
        raise Invalid({"kind": [N_("Välj en sort i listan.")]})
    row = RoutingRule(uid=uid, contract_id=key, valid_from=clock.today(), **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "routing:add", "routing_rule", uid, **facts, contract=contract)
    return row


def change_rule(actor: Actor, uid: UUID, *, new: UUID, reason: str, **facts: Any) -> RoutingRule:
    """Let a rule end, with the reason, and another follow it from today on. Raises Missing, Denied, Invalid."""
    before = access.find(RoutingRule, uid, actor, EDIT, lock=True)
    made = db.session().scalar(select(RoutingRule.id).where(RoutingRule.uid == new))
    if made is None:
        _end(actor, before, reason, followed_by=new)
    return add_rule(actor, uid=new, **facts)


def end_rule(actor: Actor, uid: UUID, *, reason: str) -> RoutingRule:
    """Let a rule hold no longer, with the reason. Raises Missing, Denied, Invalid."""
    row = access.find(RoutingRule, uid, actor, EDIT, lock=True)
    _end(actor, row, reason)
    return row


def _end(actor: Actor, row: RoutingRule, reason: str, **more: Any) -> None:
    """End a rule with yesterday: one that began today held for a part of it, and stays as a row with its reason."""
    if not is_valid(row, clock.today()):
        raise Invalid({"reason": [N_("Regeln är redan avslutad. Ladda om sidan.")]})
    row.valid_to, row.ended_why = clock.today() - timedelta(days=1), reason
    db.session().flush()
    journal.write(actor, "routing:end", "routing_rule", row.uid, reason=reason, **more)


def _named(contract: UUID | None) -> int | None:
    if contract is None:
        return None
    rows = select(Contract.id).where(Contract.uid == contract, valid_on(Contract, clock.today()))
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({"contract": [N_("Avtalet gäller inte i dag. Välj ett annat.")]})
    return found


def load_routing(actor: Actor) -> int:
    """Take in the city's rules from the seed pack, where there are none; return how many there are."""
    access.require(actor, EDIT)
    if db.session().scalar(select(RoutingRule.id).limit(1)) is not None:
        return 0
    rows = rows_of("routing_rules.csv")
    for row in rows:
        about = {name: row[name] for name in ABOUT if name != "rank"}
        db.session().add(RoutingRule(rank=int(row["rank"]), valid_from=date(2020, 1, 1), **about))
    db.session().flush()
    return len(rows)
