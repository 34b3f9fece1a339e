"""Parties of collaborations and agreements, and members of councils: who joins with which mandate, and who leaves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.agreements.models import Agreement, AgreementParty, Collaboration, CollaborationParty, Council, CouncilMember
from core.agreements.models.together import LEAD, WRITE, homes
from core.agreements.services.keeping import OWNERS, acts_for, note, reaches
from core.agreements.states import AGREEMENT, COLLABORATION, COUNCIL, DRAFTED
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.schema import Invalid
from core.walks.services.reaching import organisation_keys

Party = CollaborationParty | AgreementParty | CouncilMember
PARTY_OF: dict[Any, Any] = {party: (owner, column) for owner, (column, party) in OWNERS.items()}
FLOW_OF = {Collaboration: COLLABORATION, Agreement: AGREEMENT, Council: COUNCIL}
TEXT_STANDS = N_("Texten ligger fast. Ta tillbaka den till utkast om något ska ändras.")
HAS_ENDED = N_("Det är avslutat. Öppna det igen om något ska ändras.")
LEAST = 2
"""Parties, at least: with one there is nobody to agree with."""


def add_party(actor: Actor, owner: Any, uid: UUID, *, organisation: UUID, **facts: Any) -> Any:
    """Let an organisation take part in what `owner` (a model) and `uid` name, or again one that has left.

    Raises Missing, Denied, Invalid, Refused.
    """
    about = access.find(owner, uid, actor, LEAD, lock=True)
    refuse_closed(about)
    column, model = OWNERS[owner]
    [key] = organisation_keys(actor, [organisation], "organisation")
    known = db.session().scalar(select(model).filter_by(organisation_id=key, **{column: about.id}))
    if known is not None and known.left_on is None:
        raise Invalid({"organisation": [N_("Organisationen är redan part.")]})
    party = known or model(organisation_id=key, **{column: about.id})
    for name, value in (facts | {"joined_on": clock.today(), "left_on": None, "left_why": ""}).items():
        setattr(party, name, value)
    db.session().add(party)
    db.session().flush()
    note(actor, about, "part", about_id=key)
    journal.write(actor, f"{owner.__tablename__}:join", owner.__tablename__, about.uid, organisation=str(organisation))
    for begin in _begins:
        begin(about, party)
    return party


def join_first(actor: Actor, about: Any, **facts: Any) -> None:
    """Let who leads a new thing be its first party; called once that has been made."""
    access.require(actor, LEAD, about)
    column, model = OWNERS[type(about)]
    known = {column: about.id, "organisation_id": about.organisation_id, "joined_on": clock.today()}
    db.session().add(model(**known, **facts))
    db.session().flush()


def change_party(actor: Actor, party: Any, uid: UUID, *, version: int | None = None, **changes: Any) -> Any:
    """Change a party's mandate, substitute or what it puts in: by who leads, or by the party itself.

    Raises Missing, Denied, Stale, Refused.
    """
    row, about = _found(actor, party, uid)
    db.refuse_stale(party.__tablename__, uid, row.version, version)
    refuse_closed(about)
    for name, value in changes.items():
        setattr(row, name, value)
    db.session().flush()
    kind = type(about).__tablename__
    journal.write(actor, f"{kind}:party", kind, about.uid, changed=sorted(changes))
    return row


def leave(actor: Actor, party: Any, uid: UUID, *, reason: str, version: int | None = None) -> Any:
    """Let a party leave; what it has written stays. Raises Missing, Denied, Stale, Refused (who leads it stays)."""
    row, about = _found(actor, party, uid)
    db.refuse_stale(party.__tablename__, uid, row.version, version)
    refuse_closed(about)
    if row.organisation_id == about.organisation_id:
        raise flow.Refused([Objection(N_("Den som leder kan inte lämna."))])
    if row.left_on is not None:
        raise flow.Refused([Objection(N_("Parten har redan lämnat."))])
    row.left_on, row.left_why = clock.today(), reason
    db.session().flush()
    note(actor, about, "part_lamnar", about_id=row.organisation_id, reason=reason)
    for follow in _follows:
        follow(about, row.organisation_id, reason)
    kind = type(about).__tablename__
    journal.write(actor, f"{kind}:leave", kind, about.uid, party=str(uid))
    return row


_begins: list[Any] = []
_follows: list[Any] = []


def joins(rule: Any) -> Any:
    """Register what follows when a party has joined: a function (what it is a party of, the party)."""
    _begins.append(rule)
    return rule


def leaves(rule: Any) -> Any:
    """Register what follows when a party has left: a function (what it was a party of, organisation, reason)."""
    _follows.append(rule)
    return rule


def _found(actor: Actor, party: Any, uid: UUID) -> tuple[Any, Any]:
    """Return a party that the actor may change, and what it is a party of: led by the actor, or its own part."""
    row = access.find(party, uid, actor, WRITE, lock=True)
    owner, column = PARTY_OF[party]
    about = db.session().get_one(owner, getattr(row, column))
    if not acts_for(actor, row.organisation_id) and not reaches(actor, about, LEAD):
        raise access.Denied(LEAD, N_("En annan part ändras av den som leder."))
    return row, about


def has_ended(about: Any) -> bool:
    """Whether a collaboration, an agreement or a council is closed."""
    return FLOW_OF[type(about)].states[about.state].closed


def refuse_closed(about: Any) -> None:
    """Refuse to change what has ended, and an agreement whose text stands."""
    if has_ended(about):
        raise flow.Refused([Objection(HAS_ENDED)])
    if isinstance(about, Agreement) and about.state not in DRAFTED:
        raise flow.Refused([Objection(TEXT_STANDS)])


def parties_of(actor: Actor, about: Any, *, left: bool = False) -> list[Any]:
    """Return the parties of something by name, who leads it first; with `left` also those who have left."""
    column, model = OWNERS[type(about)]
    rows = select(model).options(joinedload(model.organisation)).join(model.organisation)
    rows = rows.where(getattr(model, column) == about.id)
    rows = rows if left else rows.where(model.left_on.is_(None))
    found = db.session().scalars(access.visible(rows, actor).order_by(Organisation.name))
    return sorted(found, key=lambda party: party.organisation_id != about.organisation_id)


def own_party(actor: Actor, about: Any) -> Any:
    """Return the party that the actor acts for; None for who only reads."""
    column, model = OWNERS[type(about)]
    rows = select(model).options(joinedload(model.organisation)).where(getattr(model, column) == about.id)
    rows = rows.where(model.left_on.is_(None), model.organisation_id.in_(homes(actor)))
    found = list(db.session().scalars(rows))
    home = [party for party in found if party.organisation_id == actor.organisation]
    return next(iter(home or found), None)


def taking_part(about: Any, organisation: int) -> bool:
    """Whether an organisation takes part in something now."""
    column, model = OWNERS[type(about)]
    rows = select(model.id).where(getattr(model, column) == about.id, model.organisation_id == organisation)
    return db.session().scalar(rows.where(model.left_on.is_(None)).limit(1)) is not None


def party_called(about: Any, uid: UUID | None, field: str) -> int | None:
    """Return the key of the organisation that takes part, by its uid; None for none. Raises Invalid at `field`."""
    if uid is None:
        return None
    key = db.session().scalar(select(Organisation.id).where(Organisation.uid == uid))
    if key is None or not taking_part(about, key):
        raise Invalid({field: [N_("Välj en av parterna.")]})
    return key


def count_parties(about: Any) -> int:
    """Return how many take part now."""
    column, model = OWNERS[type(about)]
    rows = select(func.count()).select_from(model).where(getattr(model, column) == about.id, model.left_on.is_(None))
    return db.session().scalar(rows) or 0


def owner_of(actor: Actor, party: Any, uid: UUID) -> UUID:
    """Return the uid of what a party that the actor reaches is a party of; Missing of any other."""
    owner, column = PARTY_OF[party]
    rows = select(owner.uid).join(party, getattr(party, column) == owner.id)
    found: UUID | None = db.session().scalar(rows.where(party.uid == uid, access.rule_of(party, actor)))
    if found is None:
        raise access.Missing(party.__tablename__, uid)
    return found
