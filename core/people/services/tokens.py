"""Keys to the API: made for a person, for some permissions, until a day."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_, Text
from core.people.models import Person, Token
from core.people.services.actors import actor_of
from core.people.services.persons import account
from core.people.services.secret import digest
from core.schema import Invalid

CREATE, OWN = "people:token:create", "people:token:own"
OF_ACCOUNTS = ("core:", "people:")
"""How permissions begin that a key has no use for on our pages: those of logging in, and of people themselves."""
SHOWN = 200


def create_token(actor: Actor, *, email: str, name: str, scopes: Iterable[str], days: int) -> str:
    """Make a bearer token for a person and return it: it is shown once and kept only as a hash.

    Raises Invalid when nobody who can log in has the address, when she has a key of that name or lacks a right
    that it should have; Missing for a scope that is no permission.
    """
    access.require(actor, CREATE)
    return _make(actor, account(email), name=name, scopes=scopes, days=days)


def create_persons_token(actor: Actor, person: UUID, *, name: str, scopes: Iterable[str], days: int) -> str:
    """Make a bearer token for somebody, by who looks after people; see `create_token`."""
    access.require(actor, CREATE)
    holder = access.find(Person, person, actor, "people:person:read", lock=True)
    if holder.ended_at is not None:
        raise Invalid({"name": [N_("Kontot är stängt. Öppna det först.")]})
    return _make(actor, holder, name=name, scopes=scopes, days=days)


def _make(actor: Actor, person: Person, *, name: str, scopes: Iterable[str], days: int) -> str:
    asked = sorted(set(scopes))
    if unknown := [scope for scope in asked if scope not in access.permissions()]:
        raise access.Missing("permission", ", ".join(unknown))
    holder = actor_of(person)
    if lacking := [scope for scope in asked if not holder.may(scope)]:
        words = N_("{email} har inte rättigheten {scope} och kan inte ge den vidare till en nyckel.")
        raise Invalid({"scopes": [Text(words, email=person.email, scope=lacking[0])]})
    now = clock.now()
    if any(token.name == name for token in _counting(person)):
        raise Invalid({"name": [Text(N_("{email} har redan en nyckel {name}."), email=person.email, name=name)]})
    opaque = f"tp_{secrets.token_urlsafe(32)}"
    row = Token(
        uid=db.new_uid(),
        digest=digest(opaque),
        person_id=person.id,
        name=name,
        scopes=asked,
        made_at=now,
        ends_at=now + timedelta(days=days),
    )
    db.session().add(row)
    journal.write(actor, "token:create", "token", row.uid, person=str(person.uid), scopes=asked, days=days)
    return opaque


def end_token(actor: Actor, *, email: str, name: str) -> None:
    """End somebody's keys to the API that are called `name`; Invalid when there is none that still counts."""
    access.require(actor, CREATE)
    person = account(email)
    tokens = [token for token in _counting(person) if token.name == name]
    if not tokens:
        words = N_("{email} har ingen nyckel {name} som gäller.")
        raise Invalid({"name": [Text(words, email=email, name=name)]})
    for token in tokens:
        _end(actor, person, token)


def grantable(person: Person) -> dict[str, str]:
    """Return what a key of a person may do at most, with its title: what she may herself, but for her own account."""
    holder = actor_of(person)
    known = access.permissions().values()
    return {one.key: one.title for one in known if not one.key.startswith(OF_ACCOUNTS) and holder.may(one.key)}


def every_token(actor: Actor) -> list[Token]:
    """Return all keys that count, whoever's, those that end first at the top."""
    access.require(actor, CREATE)
    known = select(Token).where(Token.ended_at.is_(None), Token.ends_at > clock.now())
    return list(db.session().scalars(known.order_by(Token.ends_at, Token.id).limit(SHOWN)))


def tokens_of(actor: Actor, person: Person) -> list[Token]:
    """Return the keys of a person that still count: her own, or anybody's for who looks after people."""
    access.require(actor, OWN if actor.id == person.id else "people:person:read")
    return _counting(person)


def own_tokens(actor: Actor) -> list[Token]:
    """Return the actor's own keys that still count."""
    access.require(actor, OWN)
    return _counting(db.session().get_one(Person, actor.id))


def end_own_token(actor: Actor, token: UUID) -> None:
    """End one of the actor's own keys; Missing for anybody else's."""
    access.require(actor, OWN)
    person = db.session().get_one(Person, actor.id)
    _end(actor, person, _find(person, token))


def end_persons_token(actor: Actor, person: UUID, token: UUID) -> None:
    """End a key of somebody, by who looks after people."""
    access.require(actor, CREATE)
    holder = access.find(Person, person, actor, "people:person:read")
    _end(actor, holder, _find(holder, token))


def _find(person: Person, token: UUID) -> Token:
    found = next((row for row in _counting(person) if row.uid == token), None)
    if found is None:
        raise access.Missing("token", token)
    return found


def _counting(person: Person) -> list[Token]:
    known = select(Token).where(Token.person_id == person.id, Token.ended_at.is_(None), Token.ends_at > clock.now())
    return list(db.session().scalars(known.order_by(Token.made_at, Token.id)))


def _end(actor: Actor, person: Person, token: Token) -> None:
    token.ended_at = clock.now()
    journal.write(actor, "token:end", "token", token.uid, person=str(person.uid))
