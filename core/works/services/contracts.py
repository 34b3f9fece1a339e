"""Contracts: laid up, changed, read; and which one holds for a kind of work on a spot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.dated import is_valid, valid_on
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.people.services import organisation_called
from core.people.services.actors import areas_of
from core.places.models import PlaceArea
from core.schema import Invalid
from core.works.models import DEVIATION, Contract, PenaltyRule, Subcontractor

EDIT, READ = "works:contract:edit", "works:contract:read"
MOST = 200
"""Contracts on one page: a city has some dozens."""


def list_contracts(actor: Actor, *, ended: bool = False) -> list[Contract]:
    """Return the contracts that the actor reaches, those of today and ahead, or those that have ended."""
    access.require(actor, READ)
    rows = select(Contract).options(joinedload(Contract.organisation), joinedload(Contract.contractor))
    past = Contract.valid_to < clock.today()
    rows = access.visible(rows.where(past if ended else ~past), actor)
    return list(db.session().scalars(rows.order_by(Contract.title, Contract.id).limit(MOST)))


def every_contract(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the contracts that the actor reaches, ended ones too, as choices: uid, and title with number."""
    if not actor.may(READ):
        return []
    rows = select(Contract.uid, Contract.title, Contract.number).where(access.rule_of(Contract, actor))
    found = db.session().execute(rows.order_by(Contract.title, Contract.id).limit(MOST))
    return [(row.uid, f"{row.title} ({row.number})") for row in found]


def read_contract(actor: Actor, uid: UUID, permission: str = READ) -> Contract:
    """Return a contract with both sides; Missing when the actor does not reach it."""
    access.require(actor, permission)
    rows = select(Contract).options(joinedload(Contract.organisation), joinedload(Contract.contractor))
    found = db.session().scalar(rows.where(Contract.uid == uid, access.rule_of(Contract, actor, permission)))
    if found is None:
        raise access.Missing("contract", uid)
    return found


def add_contract(actor: Actor, *, uid: UUID, organisation: str, contractor: UUID, **facts: Any) -> Contract:
    """Lay up a contract of an organisation (its code) with a contractor (its uid), once.

    Raises Denied, Invalid, Conflict.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(organisation=organisation, contractor=contractor, **facts)
    known = db.session().scalar(select(Contract).where(Contract.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("contract", uid)
        access.require(actor, READ, known)
        return known
    _refuse_backwards(facts["valid_from"], facts["valid_to"])
    _refuse_unknown(facts.get("areas", ()))
    orders = organisation_called(organisation, "organisation")
    contract = Contract(
        uid=uid,
        content=content,
        number=f"AV-{db.next_number('AV'):04d}",
        organisation_id=orders.id,
        contractor_id=_contractor(contractor),
        **facts,
    )
    db.session().add(contract)
    db.session().flush()
    if not edits_contract(actor, contract):
        raise Invalid({"organisation": [N_("Välj en organisation som du beställer åt.")]})
    journal.write(actor, "contract:add", "contract", uid, number=contract.number, title=contract.title)
    return contract


def change_contract(actor: Actor, uid: UUID, *, version: int | None, **changes: Any) -> Contract:
    """Change a contract; what stood there before is journalled. Raises Missing, Denied, Stale, Invalid."""
    contract = access.find(Contract, uid, actor, EDIT, lock=True)
    db.refuse_stale("contract", uid, contract.version, version)
    if "contractor" in changes:
        changes["contractor_id"] = _contractor(changes.pop("contractor"))
    changes.pop("organisation", None)  # what was ordered under a contract stays where it was ordered
    stands = {name: changes.get(name, getattr(contract, name)) for name in ("valid_from", "valid_to")}
    _refuse_backwards(**stands)
    _refuse_unknown(set(changes.get("areas", ())) - set(contract.areas))
    before = {name: getattr(contract, name) for name in changes}
    for name, value in changes.items():
        setattr(contract, name, value)
    db.session().flush()
    journal.write(actor, "contract:change", "contract", uid, before=before)
    return contract


def edits_contract(actor: Actor, contract: Contract) -> bool:
    """Whether the actor may change a contract."""
    rows = select(Contract.id).where(Contract.id == contract.id, access.rule_of(Contract, actor, EDIT))
    return db.session().scalar(rows) is not None


def _contractor(uid: UUID) -> int:
    rows = select(Organisation.id).where(Organisation.uid == uid, valid_on(Organisation, clock.today()))
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({"contractor": [N_("Välj en entreprenör i listan.")]})
    return found


def _refuse_backwards(valid_from: date, valid_to: date) -> None:
    if valid_to < valid_from:
        raise Invalid({"valid_to": [N_("Sista dagen kan inte ligga före den första.")]})


def _refuse_unknown(areas: Iterable[str]) -> None:
    """Refuse an area that there is none of today: such a contract would hold nowhere."""
    if lost := next((limit for limit in areas if not areas_of([limit])), None):
        raise Invalid({"areas": [Text(N_("Området {area} finns inte. Välj ett i listan."), area=lost)]})


def contractors(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations that a contract can be with: contractors, and the city's companies; uid and name."""
    rows = select(Organisation.uid, Organisation.name).where(is_contractor(actor))
    return [(str(uid), name) for uid, name in db.session().execute(rows.order_by(Organisation.name))]


def is_contractor(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a contract can be with an organisation today, and that the actor may name it."""
    firm = Organisation.kind.in_(("entreprenor", "bolag"))
    return and_(firm, valid_on(Organisation, clock.today()), access.rule_of(Organisation, actor))


def orderers(actor: Actor, permission: str = EDIT) -> list[tuple[str, str]]:
    """Return the organisations that the actor orders for today: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    rows = rows.where(access.within(actor, permission, Organisation.id))
    return [(code, name) for code, name in db.session().execute(rows.order_by(Organisation.name).limit(MOST))]


# --- What belongs to a contract -----------------------------------------------------------------------------------


def penalty_rules_of(actor: Actor, contract: Contract) -> list[PenaltyRule]:
    """Return what being late costs by a contract."""
    rows = select(PenaltyRule).where(PenaltyRule.contract_id == contract.id).order_by(PenaltyRule.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def add_penalty_rule(actor: Actor, contract: UUID, *, valid_from: date | None = None, **facts: Any) -> PenaltyRule:
    """Say what being late with a leg, or a deviation, costs by a contract from a day (today) on.

    Of a leg one rule holds for each priority: the one before ends the day before. Raises Missing, Denied, Invalid.
    """
    if facts["leg"] == DEVIATION and facts["per"] != "tillfalle":
        raise Invalid({"per": [N_("En avvikelse är ett tillfälle. Välj per tillfälle.")]})
    if facts["leg"] == DEVIATION and facts["priority"]:
        raise Invalid({"priority": [N_("En avvikelse har ingen prioritet. Välj alla.")]})
    first = valid_from or clock.today()
    if facts["leg"] != DEVIATION:
        _end_the_one_before(access.find(Contract, contract, actor, EDIT, lock=True), first, facts)
    row: PenaltyRule = _add(actor, contract, PenaltyRule, facts | {"valid_from": first}, "contract:penalty")
    return row


def _end_the_one_before(owner: Contract, first: date, facts: Mapping[str, Any]) -> None:
    same = (PenaltyRule.leg == facts["leg"], PenaltyRule.priority == facts["priority"])
    rows = select(PenaltyRule).where(PenaltyRule.contract_id == owner.id, *same)
    for former in db.session().scalars(rows.where(or_(PenaltyRule.valid_to.is_(None), PenaltyRule.valid_to >= first))):
        if former.valid_from >= first:
            raise Invalid({"valid_from": [N_("Det finns redan ett vite från den dagen. Avsluta det först.")]})
        former.valid_to = first - timedelta(days=1)


def end_penalty_rule(actor: Actor, uid: UUID, *, reason: str) -> PenaltyRule:
    """Let what being late costs hold until yesterday; what began today never held. Raises Missing, Denied, Refused."""
    row = access.find(PenaltyRule, uid, actor, EDIT, lock=True)
    owner = db.session().get_one(Contract, row.contract_id)
    if row.valid_to is not None:
        raise flow.Refused([Objection(N_("Vitet har redan en sista dag."))])
    row.valid_to, row.ended_why = clock.today() - timedelta(days=1), reason
    db.session().flush()
    journal.write(actor, "contract:end-penalty", "contract", owner.uid, rule=uid, reason=reason)
    return row


def subcontractors_of(actor: Actor, contract: Contract) -> list[Subcontractor]:
    """Return who works for the contractor, by name."""
    rows = select(Subcontractor).where(Subcontractor.contract_id == contract.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Subcontractor.name)))


def add_subcontractor(actor: Actor, contract: UUID, **facts: Any) -> Subcontractor:
    """Approve somebody who works for the contractor. Raises Missing, Denied."""
    known = facts | {"approved_by_id": actor.id}
    row: Subcontractor = _add(actor, contract, Subcontractor, known, "contract:subcontractor")
    return row


def _add(actor: Actor, contract: UUID, model: Any, facts: Mapping[str, Any], action: str) -> Any:
    owner = access.find(Contract, contract, actor, EDIT, lock=True)
    row = model(contract_id=owner.id, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, action, "contract", owner.uid, **facts)
    return row


# --- Which holds where --------------------------------------------------------------------------------------------


def contract_for(organisation: int, *, role: str = "", place: int | None = None) -> Contract | None:
    """Return the contract under which an organisation orders work of a `role` on a place; None: its own people.

    One that names the role goes before one about everything, one that names the area before one for the whole city.
    """
    rows = select(Contract).where(Contract.organisation_id == organisation, valid_on(Contract, clock.today()))
    there = frozenset(db.session().scalars(select(PlaceArea.area_id).where(PlaceArea.place_id == place)))
    fits = [one for one in db.session().scalars(rows.order_by(Contract.id)) if _fits(one, role, there)]
    return min(fits, key=lambda one: (not one.roles, not one.areas, -one.id), default=None)


def _fits(contract: Contract, role: str, there: frozenset[int]) -> bool:
    if contract.roles and role not in contract.roles:
        return False
    areas = areas_of(contract.areas)
    return areas is None or bool(areas & there)


def chosen_contract(actor: Actor, uid: UUID | None, permission: str) -> Contract | None:
    """Return the contract that was chosen, if any; Invalid for one that the actor does not reach with a permission."""
    if uid is None:
        return None
    found = db.session().scalar(
        select(Contract).where(Contract.uid == uid, access.rule_of(Contract, actor, permission))
    )
    if found is None:
        raise Invalid({"contract": [N_("Avtalet finns inte, eller så får du inte beställa under det.")]})
    return found


def is_running(contract: Contract) -> bool:
    """Whether something can be ordered under a contract today."""
    return is_valid(contract, clock.today())
