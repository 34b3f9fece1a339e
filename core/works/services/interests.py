"""Jäv: who has an interest in a contractor, and so judges none of its work (domain.md 0b, 13.10)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_, Text, counted
from core.people import services as people
from core.people.models import Organisation, RoleGrant
from core.schema import Invalid
from core.upkeep.counting import after_months
from core.works.models import Contract, Interest, WorkOrder
from core.works.services.contracts import is_contractor

MONTHS = 24
"""Months that a former employee judges none of a contractor's work, where no contract says how many."""
EMPLOYED = (
    N_("Du har arbetat hos {name} någon gång under den senaste månaden. Någon annan bedömer deras arbete."),
    N_("Du har arbetat hos {name} någon gång under de senaste {n} månaderna. Någon annan bedömer deras arbete."),
)
DECLARED = N_("Du har anmält jäv mot {name}. Någon annan bedömer deras arbete.")


def interest_in(actor: Actor, contractor: int, months: int) -> Text | None:
    """Return why the actor does not judge the work of a contractor; None when nothing stands in the way.

    Known are roles that she has or has had there within `months`, and what has been declared.
    """
    if actor.id is None:
        return None
    firm = db.session().get_one(Organisation, contractor)
    theirs = people.family(firm.code)
    since = after_months(clock.today(), -months)
    worked = select(RoleGrant.id).where(RoleGrant.person_id == actor.id, RoleGrant.organisation_id.in_(theirs))
    worked = worked.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= since))
    if db.session().scalars(worked.limit(1)).first() is not None:
        return counted(months, *EMPLOYED, name=firm.name)
    said = select(Interest.id).where(Interest.person_id == actor.id, Interest.organisation_id.in_(theirs))
    said = said.where(valid_on(Interest, clock.today()))
    return Text(DECLARED, name=firm.name) if db.session().scalars(said.limit(1)).first() is not None else None


def interest_in_order(actor: Actor, order: WorkOrder) -> Text | None:
    """Return why the actor does not judge what somebody else than the orderer has done; None when she may."""
    if order.executor_id == order.organisation_id:
        return None
    contract = db.session().get(Contract, order.contract_id) if order.contract_id else None
    return interest_in(actor, order.executor_id, contract.interest_months if contract else MONTHS)


def interest_in_contract(actor: Actor, contract: Contract) -> Text | None:
    """Return why the actor does not judge the other side of a contract."""
    return interest_in(actor, contract.contractor_id, contract.interest_months)


def declare(actor: Actor, *, contractor: UUID, valid_to: date | None, reason: str) -> Interest:
    """Say that one has an interest in a contractor, until a day or until further notice. Raises Invalid."""
    access.require(actor, "works:interest:declare")
    found = db.session().scalar(select(Organisation).where(Organisation.uid == contractor, is_contractor(actor)))
    if found is None:
        raise Invalid({"contractor": [N_("Välj en entreprenör i listan.")]})
    if valid_to is not None and valid_to < clock.today():
        raise Invalid({"valid_to": [N_("Dagen har redan varit. Skriv en dag som kommer.")]})
    row = Interest(
        person_id=actor.id,
        organisation_id=found.id,
        valid_from=clock.today(),
        valid_to=valid_to,
        reason=reason,
        declared_by_id=actor.id,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "interest:declare", "interest", row.uid, contractor=found.name)
    return row


def end_interest(actor: Actor, uid: UUID) -> Interest:
    """Let what the actor has declared end with this day. Raises Denied, Missing, Refused."""
    access.require(actor, "works:interest:declare")
    rows = select(Interest).where(Interest.uid == uid, Interest.person_id == actor.id).with_for_update()
    row = db.session().scalar(rows)
    if row is None:
        raise access.Missing("interest", uid)
    if not lasts(row):
        raise flow.Refused([Objection(N_("Det gäller inte längre än i dag ändå."))])
    row.valid_to = clock.today()
    db.session().flush()
    journal.write(actor, "interest:end", "interest", row.uid)
    return row


def lasts(row: Interest) -> bool:
    """Whether what was declared goes on after this day."""
    return row.valid_to is None or row.valid_to > clock.today()


def interests_of(actor: Actor) -> list[tuple[Interest, str]]:
    """Return what the actor has declared, with the name of the contractor, the latest first."""
    rows = select(Interest, Organisation.name).join(Organisation, Organisation.id == Interest.organisation_id)
    rows = rows.where(Interest.person_id == actor.id, access.rule_of(Interest, actor)).order_by(Interest.id.desc())
    return [(row[0], row[1]) for row in db.session().execute(rows)]
