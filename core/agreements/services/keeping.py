"""What all rules of agreements share: the note of what happened, who belongs to what, and its frister."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from core import access, clock, db
from core.access import Actor
from core.agreements.limits import ONLY, RULES
from core.agreements.models import (
    Agreement,
    AgreementEvent,
    AgreementParty,
    AgreementPlace,
    Collaboration,
    CollaborationParty,
    CollaborationPlace,
    Council,
    CouncilMember,
)
from core.agreements.models.together import LEAD, homes
from core.cooperation.models import Cycle
from core.hookspecs import Rule
from core.i18n import N_
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import Place
from core.places.protecting import protect_what_is_on
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.upkeep.keeping import about

HOUSE = access.system("agreements")
PAGE = 50
UNPROTECTED = 1
"""Level of what no place protects: nothing of ours is told more widely."""
OWNERS: dict[Any, tuple[str, Any]] = {
    Collaboration: ("collaboration_id", CollaborationParty),
    Agreement: ("agreement_id", AgreementParty),
    Council: ("council_id", CouncilMember),
}
"""What has parties: the column that names it, and the rows of its parties."""


def note(actor: Actor, owner: Any, kind: str, **facts: Any) -> None:
    """Keep what happened to a collaboration, an agreement or a council, once a service has let the actor do it."""
    column, _ = OWNERS[type(owner)]
    facts["text"] = facts.get("text", "")[:300]
    row = AgreementEvent(at=clock.now(), kind=kind, organisation_id=actor.organisation, **{column: owner.id}, **facts)
    db.session().add(row)
    db.session().flush()


def reaches(actor: Actor, row: Any, permission: str) -> bool:
    """Whether the actor reaches a row with a permission."""
    model: Any = type(row)
    found = select(model.id).where(model.id == row.id, access.rule_of(model, actor, permission))
    return db.session().scalar(found) is not None


def acts_for(actor: Actor, organisation: int | None) -> bool:
    """Whether the actor writes for an organisation."""
    found = select(Organisation.id).where(Organisation.id == organisation, Organisation.id.in_(homes(actor)))
    return organisation is not None and (actor.kind == "system" or db.session().scalar(found) is not None)


def places_found(actor: Actor, uids: Iterable[UUID], field: str) -> list[int]:
    """Return the keys of places that the actor reaches; nothing protected is named to other organisations."""
    asked = list(dict.fromkeys(uids))
    rows = select(Place.uid, Place.id).where(Place.uid.in_(asked), Place.level < PROTECTED)
    known = {row.uid: row.id for row in db.session().execute(rows.where(access.rule_of(Place, actor)))}
    if len(known) < len(asked):
        raise Invalid({field: [N_("Välj en plats i listan.")]})
    return [known[uid] for uid in asked]


def cycle_found(actor: Actor, uid: UUID | None) -> int | None:
    """Return the key of a cycle that the actor reaches; None for none. Raises Invalid."""
    if uid is None:
        return None
    found = db.session().scalar(select(Cycle.id).where(Cycle.uid == uid, access.rule_of(Cycle, actor)))
    if found is None:
        raise Invalid({"cycle": [N_("Välj en samverkan i listan.")]})
    return found


def set_links(model: Any, column: str, key: int, other: str, keys: Iterable[int]) -> None:
    """Let a thing be linked to just these; called by services, once they have let the actor do it."""
    wanted = set(keys)
    for row in db.session().scalars(select(model).where(getattr(model, column) == key)).all():
        if getattr(row, other) in wanted:
            wanted.remove(getattr(row, other))
        else:
            db.session().delete(row)
    for one in sorted(wanted):
        db.session().add(model(**{column: key, other: one}))
    db.session().flush()


PLACES: dict[Any, Any] = {Collaboration: CollaborationPlace, Agreement: AgreementPlace}


def set_places(actor: Actor, owner: Any, uids: Iterable[UUID]) -> None:
    """Let a collaboration or an agreement be about just these places, and as protected as they are."""
    keys = places_found(actor, uids, "places")
    set_links(PLACES[type(owner)], OWNERS[type(owner)][0], owner.id, "place_id", keys)
    protect(actor, owner)


def protect(actor: Actor, owner: Any) -> None:
    """Let a collaboration or an agreement, and all that is in it, be as protected as the places that it is about.

    By who leads it. Most places protect nothing: for them no room is asked what is there.
    """
    access.require(actor, LEAD, owner)
    for place in db.session().scalars(_places_of(owner).where(Place.level > UNPROTECTED)).all():
        protect_what_is_on(place)


def _places_of(owner: Any) -> Select[Place]:
    model, (column, _) = PLACES[type(owner)], OWNERS[type(owner)]
    rows = select(Place).join(model, model.place_id == Place.id).where(getattr(model, column) == owner.id)
    return rows.order_by(Place.id)


def next_of(model: Any, **where: Any) -> int:
    """Return the next number of rows of `model` within something."""
    rows = select(func.coalesce(func.max(model.number), 0)).filter_by(**where)
    return int(db.session().scalar(rows) or 0) + 1


# --- Frister ------------------------------------------------------------------------------------------------------


def subject(kind: str, row: Any, title: str, *owners: Any) -> Subject:
    """Return a thing as what a frist is about: on the first place of what it belongs to, as protected as that."""
    level = max(getattr(one, "level", 1) for one in (row, *owners))
    return Subject(kind, row.uid, title[:200], place=_first_place([*owners, row][0]), level=level)


def _first_place(owner: Any) -> UUID | None:
    if type(owner) not in PLACES:
        return None
    first = db.session().scalars(_places_of(owner).limit(1)).first()
    return first.uid if first is not None else None


def promise(kind: str, thing: Subject, owner: int, *, starts_at: datetime, terms: Rule | None = None) -> date:
    """Plan the frist of a kind about a thing, or let it begin anew with all its time; return its last day."""
    known = about(thing, kind)
    if known is None:
        known = upkeep.plan_deadline(
            HOUSE, kind, rule=ONLY, subject=thing, starts_at=starts_at, owner=owner, terms=terms
        )
    else:
        rule = terms or RULES[kind][1]
        upkeep.restart_deadline(HOUSE, kind, thing, rule=ONLY, terms=rule, starts_at=starts_at, reason=rule.title)
    return known.due_on


def stands_there(kind: str, thing: Subject, owner: int, terms: Rule) -> None:
    """Let a frist that waits stand on the place where what it is about is now; its day stays."""
    if is_open(kind, thing):
        upkeep.plan_deadline(HOUSE, kind, rule=ONLY, subject=thing, starts_at=clock.now(), owner=owner, terms=terms)


def on_day(kind: str, day: date, source: str = "") -> Rule:
    """Return the terms of a frist whose day is given."""
    return Rule(0, "given_date", RULES[kind][1].title, given=day, source=source)


def is_open(kind: str, thing: Subject) -> bool:
    """Whether the frist of a kind about a thing waits to be met."""
    known = about(thing, kind)
    return known is not None and known.state == "oppen"


def kept(kind: str, thing: Subject, reason: str) -> None:
    """Let a frist be met by what has happened."""
    upkeep.meet_deadline(HOUSE, kind, thing, reason=reason)


def dropped(kind: str, thing: Subject, reason: str) -> None:
    """Let a frist lapse: what it was about is no longer to be done."""
    upkeep.drop_deadline(HOUSE, kind, thing, reason=reason)
