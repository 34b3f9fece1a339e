"""Parties of a cycle: who joins with which mandate, what they put in, and who leaves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.models import Cycle, CycleParty
from core.cooperation.models.cycles import LEAD, WRITE, homes
from core.cooperation.services import cycles
from core.cooperation.states import JOINED, LEFT, REMOVED
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.schema import Invalid
from core.walks.services.reaching import organisation_keys

LEAST = 2
"""Parties of a cycle, at least: with one there is nobody to work with."""
HAS_LEFT = N_("Parten har redan lämnat.")


def add_party(actor: Actor, cycle: UUID, *, organisation: UUID, **facts: Any) -> CycleParty:
    """Let an organisation be a party of a cycle, or again one that has left. Raises Missing, Denied, Invalid."""
    about = access.find(Cycle, cycle, actor, LEAD, lock=True)
    cycles.refuse_ended(about)
    [key] = organisation_keys(actor, [organisation], "organisation")
    known = db.session().scalar(select(CycleParty).filter_by(cycle_id=about.id, organisation_id=key))
    if known is not None and known.left_on is None:
        raise Invalid({"organisation": [N_("Organisationen är redan part.")]})
    party = known or CycleParty(cycle_id=about.id, organisation_id=key)
    facts |= {"joined_on": clock.today(), "left_on": None, "left_why": ""}
    for name, value in facts.items():
        setattr(party, name, value)
    db.session().add(party)
    db.session().flush()
    cycles.note(actor, about, JOINED, about_id=key)
    journal.write(actor, "cycle:join", "cycle", about.uid, level=about.level, organisation=str(organisation))
    for follow in _joins:
        follow(about, party)
    return party


_joins: list[Any] = []


def joins(rule: Any) -> Any:
    """Register what follows when a party has joined: a function (cycle, party)."""
    _joins.append(rule)
    return rule


def change_party(actor: Actor, uid: UUID, *, version: int | None = None, **changes: Any) -> CycleParty:
    """Change a party's role, mandate, substitute or what it puts in: by who drives the cycle, or by the party itself.

    Its role in the cycle is changed by who drives it only. Raises Missing, Denied, Stale, Refused.
    """
    party = _found(actor, uid, LEAD if "role" in changes else WRITE)
    db.refuse_stale("cycle_party", uid, party.version, version)
    about = db.session().get_one(Cycle, party.cycle_id)
    cycles.refuse_ended(about)
    if party.left_on is not None:
        raise flow.Refused([Objection(HAS_LEFT)])
    for name, value in changes.items():
        setattr(party, name, value)
    db.session().flush()
    journal.write(actor, "cycle:party", "cycle", about.uid, level=about.level, changed=sorted(changes))
    return party


def leave(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> CycleParty:
    """Let a party leave; what it has written stays. Raises Missing, Denied, Stale, Refused (who drives it stays)."""
    party = _found(actor, uid, WRITE)
    db.refuse_stale("cycle_party", uid, party.version, version)
    about = db.session().get_one(Cycle, party.cycle_id, with_for_update=True)  # who leaves last may open the pictures
    cycles.refuse_ended(about)
    if party.organisation_id == about.organisation_id:
        raise flow.Refused([Objection(N_("Den som driver cykeln kan inte lämna den."))])
    if party.left_on is not None:
        raise flow.Refused([Objection(HAS_LEFT)])
    party.left_on, party.left_why = clock.today(), reason
    db.session().flush()
    own = party.organisation_id in set(db.session().scalars(homes(actor)))
    cycles.note(actor, about, LEFT if own else REMOVED, about_id=party.organisation_id, reason=reason)
    journal.write(actor, "cycle:leave", "cycle", about.uid, level=about.level, party=str(party.uid))
    for follow in _leaves:
        follow(about, party)
    return party


_leaves: list[Any] = []


def leaves(rule: Any) -> Any:
    """Register what follows when a party has left: a function (cycle, party)."""
    _leaves.append(rule)
    return rule


def _found(actor: Actor, uid: UUID, permission: str) -> CycleParty:
    """Return a party that the actor may change: of a cycle one drives, or one's own organisation."""
    party = access.find(CycleParty, uid, actor, permission, lock=True)
    cycle = db.session().get_one(Cycle, party.cycle_id)
    own = select(CycleParty.id).where(CycleParty.id == party.id, CycleParty.organisation_id.in_(homes(actor)))
    if db.session().scalar(own) is None and not cycles.reaches(actor, cycle, LEAD):
        raise access.Denied(LEAD, N_("En annan part ändras av den som driver cykeln."))
    return party


def parties_of(actor: Actor, cycle: Cycle, *, left: bool = False) -> list[CycleParty]:
    """Return the parties of a cycle by name, who drives it first; with `left` also those who have left."""
    rows = select(CycleParty).options(joinedload(CycleParty.organisation)).join(CycleParty.organisation)
    rows = rows.where(CycleParty.cycle_id == cycle.id)
    rows = rows if left else rows.where(CycleParty.left_on.is_(None))
    found = db.session().scalars(access.visible(rows, actor).order_by(Organisation.name))
    return sorted(found, key=lambda party: party.organisation_id != cycle.organisation_id)


def own_party(actor: Actor, cycle: Cycle) -> CycleParty | None:
    """Return the party that the actor acts for in a cycle; None for who only reads it."""
    rows = select(CycleParty).options(joinedload(CycleParty.organisation))
    rows = rows.where(CycleParty.cycle_id == cycle.id, CycleParty.left_on.is_(None))
    found = list(db.session().scalars(rows.where(CycleParty.organisation_id.in_(homes(actor)))))
    home = [party for party in found if party.organisation_id == actor.organisation]
    return next(iter(home or found), None)


def taking_part(cycle: Cycle) -> int:
    """Return how many parties a cycle has now."""
    rows = select(func.count()).select_from(CycleParty)
    return db.session().scalar(rows.where(CycleParty.cycle_id == cycle.id, CycleParty.left_on.is_(None))) or 0


def cycle_of(actor: Actor, party: UUID) -> UUID:
    """Return the cycle of a party that the actor reaches; Missing of any other."""
    rows = select(Cycle.uid).join(CycleParty, CycleParty.cycle_id == Cycle.id)
    found = db.session().scalar(rows.where(CycleParty.uid == party, access.rule_of(CycleParty, actor)))
    if found is None:
        raise access.Missing("cycle_party", party)
    return found
