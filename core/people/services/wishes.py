"""Which letters of her own a person wants, and when (the function mailbox gets the organisation's in any case)."""

from __future__ import annotations

from sqlalchemy import select

from core import access, db, journal
from core.access import Actor
from core.people.models import NEVER, LetterChoice, Person

CHOOSE = "people:letter:choose"


def letter_choice(actor: Actor) -> LetterChoice:
    """Return what the actor has chosen; none at all for who has chosen nothing."""
    access.require(actor, CHOOSE)
    return db.session().get(LetterChoice, actor.id) or LetterChoice(days=NEVER, urgent_only=False, others=False)


def choose_letters(actor: Actor, *, version: int, days: str, urgent_only: bool, others: bool) -> None:
    """Keep which letters the actor wants; `version` is that of the choice she saw, 0 for none. Raises Stale."""
    access.require(actor, CHOOSE)
    person = db.session().get_one(Person, actor.id)
    row = db.session().get(LetterChoice, person.id) or LetterChoice(person_id=person.id)
    db.refuse_stale("letter_choice", person.uid, row.version or 0, version)
    row.days, row.urgent_only, row.others = days, urgent_only, others
    db.session().add(row)
    journal.write(actor, "letters:choose", "person", person.uid, days=days, urgent_only=urgent_only, others=others)


def wanting_letters() -> list[tuple[Person, LetterChoice]]:
    """Return who wants letters of her own, and which."""
    rows = select(Person, LetterChoice).join(LetterChoice, LetterChoice.person_id == Person.id)
    rows = rows.where(LetterChoice.days != NEVER, Person.ended_at.is_(None)).order_by(Person.id)
    return [(person, choice) for person, choice in db.session().execute(rows)]
