"""The rules of logging in, of roles and of tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, false, or_, select, update

from core import access, clock, db, journal
from core.access import Actor, Grant
from core.i18n import N_, Text
from core.people import passwords
from core.people.models import DEMO_ADDRESS, Organisation, Person, RoleGrant, Throttle, Token, UserSession
from core.people.visits import is_latest
from core.schema import Invalid

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
SEEN = timedelta(minutes=1)
WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 40


class WrongPassword(Invalid):
    """The account or the password is wrong; which of the two is not told. The try is counted after the rollback."""

    def __init__(self, keys: list[str], email: str) -> None:
        super().__init__({"password": [N_("E-postadressen eller lösenordet stämmer inte. Försök igen.")]})
        self._keys, self._email = keys, email

    def journalled(self, actor: Actor) -> None:
        """Count the try and journal it."""
        for key in self._keys:
            _count(key)
        person = db.session().scalar(select(Person).where(Person.email == self._email))
        journal.write(actor, "session:refuse", "person", person.uid if person else None)


def sign_in(actor: Actor, *, email: str, password: str, address: str) -> str:
    """Open a session for the person with this password and return its opaque id, for the cookie.

    Raises TooManyTries, or WrongPassword: with the same words and in the same time for an unknown account.
    """
    access.require(actor, "people:session:open")
    email = email.strip().lower()
    keys = [f"account:{_short(email)}", f"address:{_short(address)}"]
    if _tries(keys[0]) >= TRIES_PER_ACCOUNT or _tries(keys[1]) >= TRIES_PER_ADDRESS:
        raise access.TooManyTries
    person = db.session().scalar(select(Person).where(Person.email == email, Person.ended_at.is_(None)))
    kept = person.password if person else None
    if not passwords.fits(password, kept) or person is None or kept is None:
        raise WrongPassword(keys, email)
    if passwords.is_dated(kept):
        person.password = passwords.hashed(password)
    return open_session(person)


def open_session(person: Person) -> str:
    """Log `person` in and return the session's opaque id; whoever calls this has made sure who it is."""
    opaque, now = secrets.token_urlsafe(32), clock.now()
    row = UserSession(digest=_digest(opaque), person_id=person.id, started_at=now, seen_at=now, ends_at=now + ABSOLUTE)
    db.session().add(row)
    journal.write(Actor("person", person.name, person.id, person.uid), "session:open", "person", person.uid)
    return opaque


def sign_out(actor: Actor, opaque: str) -> None:
    """End the session, so that its cookie is worth nothing any more."""
    access.require(actor, "people:session:close")
    row = _session(opaque)
    if row is not None:
        row.ends_at = clock.now()
    journal.write(actor, "session:close", "person", actor.uid)


def choose_look(actor: Actor, *, look: str, locale: str) -> None:
    """Keep how a person wants the pages: auto, light or dark; Swedish or English."""
    access.require(actor, "people:look:choose")
    person = db.session().get(Person, actor.id) if actor.id else None
    if person is not None:
        person.look, person.locale = look, locale


def chosen_look(opaque: str) -> dict[str, str]:
    """Return what the person of a session has chosen of look and language, for the browser of the login."""
    row = _session(opaque)
    chosen = {"look": row.person.look, "locale": row.person.locale} if row else {}
    return {name: value for name, value in chosen.items() if value not in ("auto", "sv")}


def by_session(opaque: str) -> tuple[Actor, bool] | None:
    """Return the actor of a session that still counts, and whether it was noted as in use over a minute ago."""
    row = _session(opaque)
    now = clock.now()
    if row is None or row.ends_at <= now or row.seen_at + IDLE <= now or row.person.ended_at:
        return None
    return actor_of(row.person), row.seen_at + SEEN <= now


def by_token(opaque: str) -> Actor | None:
    """Return the actor of a bearer token that still counts: never more than its person may, only its scopes."""
    row = db.session().scalar(select(Token).where(Token.digest == _digest(opaque)))
    if row is None or row.ended_at or row.ends_at <= clock.now() or row.person.ended_at:
        return None
    return actor_of(row.person, scopes=frozenset(row.scopes))


def seen(opaque: str) -> None:
    """Note that the session is in use."""
    now = clock.now()
    mine = update(UserSession).where(UserSession.digest == _digest(opaque), UserSession.ends_at > now)
    db.session().execute(mine.values(seen_at=now))


def actor_of(person: Person, *, scopes: frozenset[str] | None = None) -> Actor:
    """Return `person` as an actor with the roles held today."""
    today = clock.today()
    held = select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.valid_from <= today)
    held = held.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today)).order_by(RoleGrant.id)
    grants = db.session().scalars(held).all()
    family = _families()
    home = grants[0].organisation if grants else None
    return Actor(
        kind="person",
        name=person.name,
        id=person.id,
        uid=person.uid,
        organisation=home.id if home else None,
        organisation_name=home.name if home else "",
        grants=tuple(
            Grant(
                role=grant.role,
                organisation=grant.organisation_id,
                organisations=frozenset(_belonging(grant.organisation_id, family)),
                areas=_areas_of(grant.areas),
                categories=frozenset(grant.categories),
            )
            for grant in grants
        ),
        scopes=scopes,
    )


AreaFinder = Callable[[Iterable[str]], frozenset[int]]
_area_finders: list[AreaFinder] = []


def finds_areas(finder: AreaFinder) -> AreaFinder:
    """Register what finds the areas that limits name; places do, which stand above this room."""
    _area_finders.append(finder)
    return finder


def _areas_of(limits: Iterable[str]) -> frozenset[int] | None:
    """Return the keys of the areas that a role is limited to, None for one that is not.

    Limits that name no area of today give an empty set: such a role reaches nothing, rather than everything.
    """
    named = list(limits)
    return frozenset().union(*(find(named) for find in _area_finders)) if named else None


def _families() -> dict[int, list[int]]:
    """Return, for each organisation, those directly below it and those that it succeeded."""
    family: dict[int, list[int]] = {}
    for key, parent, successor in db.session().execute(
        select(Organisation.id, Organisation.parent_id, Organisation.successor_id)
    ):
        for above in (parent, successor):
            if above is not None:
                family.setdefault(above, []).append(key)
    return family


def _belonging(organisation: int, family: dict[int, list[int]]) -> set[int]:
    found, ahead = {organisation}, [organisation]
    while ahead:
        new = set(family.get(ahead.pop(), ())) - found
        found |= new
        ahead += new
    return found


def organisation(code: str) -> Organisation:
    """Return the organisation with this code; Missing when there is none."""
    row = db.session().scalar(select(Organisation).where(Organisation.code == code))
    if row is None:
        raise access.Missing("organisation", code)
    return row


def demo_logins(actor: Actor) -> list[Person]:
    """Return the demo's people, whose password is no secret; nobody outside the demo."""
    access.require(actor, "people:session:open")
    if not db.settings().demo:
        return []
    invented = demo_people().where(Person.ended_at.is_(None))
    return list(db.session().scalars(invented.order_by(Person.name)))


def demo_people() -> Select[Person]:
    """Select the people that a demo city was filled with."""
    return select(Person).where(Person.email.like(f"%{DEMO_ADDRESS}"))


def add_person(actor: Actor, *, email: str, name: str, password: str | None = None) -> Person:
    """Add somebody who can log in; an account that was closed is opened again, with this name and password.

    It has no roles but those that still go on. Raises Invalid for an address that somebody has.
    """
    access.require(actor, "people:person:edit")
    if password is not None and len(password) < passwords.SHORTEST:
        raise Invalid({"password": [N_("Välj ett lösenord med minst 12 tecken.")]})
    email = email.strip().lower()
    person = db.session().scalar(select(Person).where(Person.email == email).with_for_update())
    if person is not None and person.ended_at is None:
        raise Invalid({"email": [N_("Någon har redan den adressen.")]})
    act = "person:add" if person is None else "person:reopen"
    person = person or Person(email=email)
    person.name, person.password, person.ended_at = name, password and passwords.hashed(password), None
    db.session().add(person)
    db.session().flush()
    journal.write(actor, act, "person", person.uid)
    return person


def grant_role(
    actor: Actor,
    person: Person,
    *,
    role: str,
    organisation: Organisation,
    valid_from: date | None = None,
    valid_to: date | None = None,
    areas: Iterable[str] = (),
    categories: Iterable[str] = (),
) -> RoleGrant:
    """Let `person` hold `role` in `organisation` from a day (today) to a day (until further notice).

    `areas` name what the role is limited to by kind and code, "stadsdel:rinkeby"; Missing for one that is not there.
    """
    access.require(actor, "people:role:grant")
    if role not in access.ROLES:
        raise access.Missing("role", role)
    if valid_to is not None and valid_to < (valid_from or clock.today()):
        raise Invalid({"valid_to": [N_("Rollens sista dag ligger före dess första.")]})
    limits = sorted(areas)
    if lost := [limit for limit in limits if not _areas_of([limit])]:
        raise access.Missing("area", lost[0])
    if actor.id is not None and actor.id == person.id:
        raise access.Denied("people:role:grant")  # nobody widens their own rights (reliability.md A7)
    row = RoleGrant(
        person_id=person.id,
        organisation_id=organisation.id,
        role=role,
        valid_from=valid_from or clock.today(),
        valid_to=valid_to,
        areas=limits,
        categories=sorted(categories),
    )
    db.session().add(row)
    db.session().flush()
    detail: dict[str, Any] = {"role": role, "organisation": organisation.code}
    detail |= {"valid_from": row.valid_from, "valid_to": valid_to, "areas": row.areas, "categories": row.categories}
    journal.write(actor, "role:grant", "person", person.uid, **detail)
    return row


def end_role(actor: Actor, *, email: str, role: str, organisation: str, on: date) -> None:
    """Let `on` be the last day of a role that somebody holds in the organisation with this code.

    The day before its first day takes back a role that was given by mistake. A role is never made longer so.
    Raises Invalid when there is no such role that goes on after `on`.
    """
    access.require(actor, "people:role:grant")
    person = account(email)
    held = select(RoleGrant).join(Organisation, Organisation.id == RoleGrant.organisation_id)
    held = held.where(RoleGrant.person_id == person.id, RoleGrant.role == role, Organisation.code == organisation)
    held = held.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > on))
    grants = db.session().scalars(held).all()
    if not grants:
        words = N_("{email} har ingen roll {role} i {organisation} som gäller efter {day}.")
        raise Invalid({"role": [Text(words, email=email, role=role, organisation=organisation, day=on.isoformat())]})
    for grant in grants:
        grant.valid_to = on
    journal.write(actor, "role:end", "person", person.uid, role=role, organisation=organisation, valid_to=on)


def end_person(actor: Actor, *, email: str) -> None:
    """Close somebody's account: log-ins and keys are worth nothing from the next request on.

    Raises Invalid when nobody who can log in has the address.
    """
    access.require(actor, "people:person:edit")
    person = account(email)
    now = person.ended_at = clock.now()
    for kept, ends in ((UserSession, UserSession.ends_at), (Token, Token.ends_at)):
        ended = update(kept).where(kept.person_id == person.id, ends > now).values({ends: now})
        db.session().execute(ended.execution_options(synchronize_session=False))
    journal.write(actor, "person:end", "person", person.uid)


def account(email: str) -> Person:
    """Return the person who can log in with this address, locked while something of hers is changed."""
    known = select(Person).where(Person.email == email.strip().lower(), Person.ended_at.is_(None))
    person = db.session().scalar(known.with_for_update())
    if person is None:
        raise Invalid({"email": [Text(N_("Ingen som kan logga in har adressen {email}."), email=email)]})
    return person


def create_token(actor: Actor, *, email: str, name: str, scopes: Iterable[str], days: int) -> str:
    """Make a bearer token for a person and return it: it is shown once and kept only as a hash.

    Raises Invalid when nobody who can log in has the address, Missing for a scope that is no permission.
    """
    access.require(actor, "people:token:create")
    person = account(email)
    asked = sorted(set(scopes))
    if unknown := [scope for scope in asked if scope not in access.permissions()]:
        raise access.Missing("permission", ", ".join(unknown))
    opaque, now = f"tp_{secrets.token_urlsafe(32)}", clock.now()
    row = Token(
        uid=db.new_uid(),
        digest=_digest(opaque),
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
    access.require(actor, "people:token:create")
    person, now = account(email), clock.now()
    known = select(Token).where(Token.person_id == person.id, Token.name == name)
    tokens = db.session().scalars(known.where(Token.ended_at.is_(None), Token.ends_at > now)).all()
    if not tokens:
        words = N_("{email} har ingen nyckel {name} som gäller.")
        raise Invalid({"name": [Text(words, email=email, name=name)]})
    for token in tokens:
        token.ended_at = now
        journal.write(actor, "token:end", "token", token.uid, person=str(person.uid))


def sweep() -> None:
    """Remove sessions that ended a week ago, but for each person's latest, and tries that no longer count."""
    before = clock.now() - timedelta(days=7)
    old_sessions = (UserSession, UserSession.ends_at, is_latest())
    for model, moment, kept in (old_sessions, (Throttle, Throttle.started_at, false())):
        for row in db.session().scalars(select(model).where(moment < before, ~kept)):
            db.session().delete(row)


def _session(opaque: str) -> UserSession | None:
    return db.session().scalar(select(UserSession).where(UserSession.digest == _digest(opaque)))


def _digest(opaque: str) -> bytes:
    return hashlib.sha256(opaque.encode("utf-8", "surrogatepass")).digest()


def _short(text: str) -> str:
    """Return a key of bounded length that does not tell the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _tries(key: str) -> int:
    row = db.session().scalar(select(Throttle).where(Throttle.key == key))
    return row.count if row is not None and row.started_at + WINDOW > clock.now() else 0


def _count(key: str) -> None:
    now = clock.now()
    row = db.session().scalar(select(Throttle).where(Throttle.key == key).with_for_update())
    if row is None:
        db.session().add(Throttle(key=key, started_at=now, count=1))
    elif row.started_at + WINDOW <= now:
        row.started_at, row.count = now, 1
    else:
        row.count += 1
    db.session().flush()
