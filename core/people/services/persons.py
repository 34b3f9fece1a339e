"""Persons: who may log in, whose account is closed, and the link with which one chooses a password."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, exists, or_, select, tuple_, update

from core import access, clock, db, journal
from core.access import Actor
from core.dated import valid_on
from core.i18n import N_, Text
from core.letters import put_letter
from core.people import passwords
from core.people.models import Device, DeviceCode, Organisation, PasswordLink, Person, RoleGrant, Token, UserSession
from core.people.services.secret import digest
from core.schema import Invalid

EDIT = "people:person:edit"
PAGE = 50
LINK_LASTS = timedelta(hours=24)
ADMINISTRATOR = "sysadmin"
TAKEN = N_("Någon har redan den adressen.")
CLOSED = N_("Kontot är stängt. Öppna det igen först.")


@dataclass(frozen=True)
class Page:
    """A page of persons by name, with the roles they hold today, and where the next one begins."""

    rows: list[Person]
    roles: Mapping[int, list[RoleGrant]]
    after: tuple[str, int] | None


# --- Reading --------------------------------------------------------------------------------------------------------


def list_persons(
    actor: Actor,
    *,
    text: str = "",
    role: str = "",
    organisation: str = "",
    closed: bool = False,
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return persons by name: those who may log in, or whose account is `closed`; with a role or in an organisation."""
    access.require(actor, "people:person:read")
    rows = access.visible(select(Person), actor)
    rows = rows.where(Person.ended_at.is_not(None) if closed else Person.ended_at.is_(None))
    if text:
        rows = rows.where(or_(_contains(Person.name, text), _contains(Person.email, text)))
    if role or organisation:
        held = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, held_today())
        held = held.where(RoleGrant.role == role) if role else held
        if organisation:
            held = held.join(Organisation, Organisation.id == RoleGrant.organisation_id)
            held = held.where(Organisation.code == organisation)
        rows = rows.where(exists(held))
    if after:
        rows = rows.where(tuple_(Person.name, Person.id) > after)
    found = list(db.session().scalars(rows.order_by(Person.name, Person.id).limit(limit + 1)))
    last = found[:limit][-1] if len(found) > limit else None
    found = found[:limit]
    return Page(found, roles_today(found), (last.name, last.id) if last else None)


def held_today() -> Any:
    """Return the condition that a role counts today."""
    return valid_on(RoleGrant, clock.today())


def _contains(column: Any, text: str) -> Any:
    return column.icontains(text, autoescape=True)


def roles_today(persons: Iterable[Person]) -> dict[int, list[RoleGrant]]:
    """Return, by key of person, the roles that they hold today, in one query."""
    found: dict[int, list[RoleGrant]] = {person.id: [] for person in persons}
    held = select(RoleGrant).where(RoleGrant.person_id.in_(found), held_today()).order_by(RoleGrant.id)
    for grant in db.session().scalars(held):
        found[grant.person_id].append(grant)
    return found


def read_person(actor: Actor, uid: UUID) -> Person:
    """Return a person, whether the account is open or closed."""
    access.require(actor, "people:person:read")
    return access.find(Person, uid, actor, "people:person:read")


def known_as(actor: Actor, person: UUID | None, organisation: int | None) -> str:
    """Return how whoever did something is named to `actor`: a colleague by name, others by their organisation.

    Who looks after persons reads every name; what the house itself did has none.
    """
    if organisation == actor.organisation or actor.may("people:person:read"):
        name = db.session().scalar(select(Person.name).where(Person.uid == person))
    else:
        name = db.session().scalar(
            access.visible(select(Organisation), actor)
            .with_only_columns(Organisation.name)
            .where(Organisation.id == organisation)
        )
    return name or ""


def read_account(actor: Actor, email: str) -> Person:
    """Return the person who can log in with this address; Invalid when there is none."""
    access.require(actor, "people:person:read")
    person = db.session().scalar(_with_address(email))
    if person is None:
        raise _nobody(email)
    return person


def account(email: str) -> Person:
    """Return the person who can log in with this address, locked while something of hers is changed."""
    person = db.session().scalar(_with_address(email).with_for_update())
    if person is None:
        raise _nobody(email)
    return person


def _with_address(email: str) -> Select[Person]:
    return select(Person).where(Person.email == email.strip().lower(), Person.ended_at.is_(None))


def _nobody(email: str) -> Invalid:
    return Invalid({"email": [Text(N_("Ingen som kan logga in har adressen {email}."), email=email)]})


# --- Adding, changing, closing --------------------------------------------------------------------------------------


def add_person(actor: Actor, *, email: str, name: str, password: str | None = None) -> Person:
    """Add somebody who can log in; an account that was closed is opened again, with this name and password.

    It has no roles but those that still go on. Raises Invalid for an address that somebody has.
    """
    access.require(actor, EDIT)
    _check_password(password)
    email = email.strip().lower()
    person = db.session().scalar(select(Person).where(Person.email == email).with_for_update())
    if person is not None and person.ended_at is None:
        raise Invalid({"email": [TAKEN]})
    if person is not None:
        refuse_oneself(actor, person, EDIT)
    act = "person:add" if person is None else "person:reopen"
    person = person or Person(email=email)
    person.name, person.password, person.ended_at = name, password and passwords.hashed(password), None
    db.session().add(person)
    db.session().flush()
    journal.write(actor, act, "person", person.uid)
    return person


def end_person(actor: Actor, *, email: str) -> None:
    """Close somebody's account: log-ins, keys and links are worth nothing from the next request on.

    Raises Invalid when nobody who can log in has the address, or when nobody would be left to run the installation.
    """
    access.require(actor, EDIT)
    person = account(email)
    refuse_oneself(actor, person, EDIT)
    keep_an_administrator(person)
    _shut_out(person)
    person.ended_at = clock.now()
    journal.write(actor, "person:end", "person", person.uid)


def change_person(actor: Actor, uid: UUID, *, version: int, **changes: str) -> Person:
    """Change the name or the e-mail address that somebody logs in with; what is not named stays, as do roles and keys.

    With another address every log-in ends, and so do links that were sent to the old one. A letter tells both
    addresses: whoever looks after accounts could otherwise take one over unseen. Raises Stale, or Invalid.
    """
    person = access.find(Person, uid, actor, EDIT, lock=True)
    db.refuse_stale("person", uid, person.version, version)
    if person.ended_at is not None:
        raise Invalid({"email": [CLOSED]})
    before = {"name": person.name, "email": person.email}
    person.name = changes.get("name", person.name)
    _move_to(person, changes.get("email", person.email).strip().lower())
    after = {"name": person.name, "email": person.email}
    changed: dict[str, Any] = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changed:
        db.session().flush()
        journal.write(actor, "person:change", "person", uid, **changed)
    return person


def _move_to(person: Person, email: str) -> None:
    """Let somebody log in with another address from now on."""
    former = person.email
    if email == former:
        return
    if db.session().scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Invalid({"email": [TAKEN]})
    person.email = email
    _log_out(person)
    _take_back_links(person)
    for address in (former, email):
        put_letter(address, "Din e-postadress i Tryggplats har ändrats", _of_the_move(former, email))


def _of_the_move(former: str, email: str) -> str:
    return (
        f"Hej!\n\nDin e-postadress i Tryggplats har ändrats från {former} till {email}. Logga in med den nya adressen. "
        "Lösenordet är det samma.\n\nHar du inte bett om det? Säg genast till den som sköter Tryggplats hos er.\n"
    )


def _shut_out(person: Person) -> None:
    _log_out(person)
    _end_at_once(Token, person)
    _take_back_links(person)


def _log_out(person: Person) -> None:
    """End every log-in of a person, in browsers and phones, and what one could log in a phone with."""
    for kept in (UserSession, Device, DeviceCode):
        _end_at_once(kept, person)


def _end_at_once(kept: type[UserSession | Token | Device | DeviceCode], person: Person) -> None:
    now = clock.now()
    ended = update(kept).where(kept.person_id == person.id, kept.ends_at > now).values(ends_at=now)
    db.session().execute(ended.execution_options(synchronize_session=False))


def _take_back_links(person: Person) -> bool:
    """Let no link choose a password any more; return whether there was one."""
    gone = delete(PasswordLink).where(PasswordLink.person_id == person.id).returning(PasswordLink.id)
    return bool(db.session().execute(gone).all())


def refuse_oneself(actor: Actor, person: Person, permission: str) -> None:
    """Raise Denied where somebody would change her own rights or organisation (reliability.md A7)."""
    if actor.id is not None and actor.id == person.id:
        raise access.Denied(permission)


def keep_an_administrator(person: Person) -> None:
    """Refuse what would leave nobody who can give roles: somebody else must hold that role until further notice."""
    db.alone("people:administrators")
    held = select(RoleGrant.id).where(RoleGrant.role == ADMINISTRATOR, held_today())
    if db.session().scalar(held.where(RoleGrant.person_id == person.id).limit(1)) is None:
        return
    others = held.join(Person, Person.id == RoleGrant.person_id).where(Person.id != person.id)
    others = others.where(Person.ended_at.is_(None), RoleGrant.valid_to.is_(None))
    if db.session().scalar(others.limit(1)) is None:
        words = N_("Det här är den sista systemadministratören. Ge rollen åt någon till först, utan sista dag.")
        raise Invalid({"role": [words]})


# --- Passwords ------------------------------------------------------------------------------------------------------


def invite(actor: Actor, uid: UUID) -> None:
    """Send a person a letter with a link to choose a password: once, within a day. No password is seen by anybody.

    An earlier link is worth nothing any more; the password that she has counts until a new one is chosen.
    """
    access.require(actor, EDIT)
    person = access.find(Person, uid, actor, EDIT, lock=True)
    if person.ended_at is not None:
        raise Invalid({"email": [CLOSED]})
    opaque = secrets.token_urlsafe(32)
    _take_back_links(person)
    db.session().add(PasswordLink(digest=digest(opaque), person_id=person.id, ends_at=clock.now() + LINK_LASTS))
    put_letter(person.email, "Välj ditt lösenord i Tryggplats", _letter(opaque))
    journal.write(actor, "person:invite", "person", person.uid)


def _letter(opaque: str) -> str:
    address = f"{db.settings().base_url}/losenord/{opaque}"
    return (
        f"Hej!\n\nVälj ditt lösenord i Tryggplats här:\n\n{address}\n\n"
        "Länken gäller i ett dygn och går att använda en gång. Behöver du en ny, fråga den som lade upp dig.\n"
    )


def invited(opaque: str) -> Person:
    """Return whose password a link lets one choose; Missing for one that was used, has run out or never was."""
    row = db.session().scalar(select(PasswordLink).where(PasswordLink.digest == digest(opaque)))
    if row is None or row.ends_at <= clock.now() or row.person.ended_at is not None:
        raise access.Missing("password-link", "")
    return row.person


def choose_password(actor: Actor, opaque: str, *, password: str) -> None:
    """Set the password of whom the link was sent to, and use the link up; whoever was logged in so far is not.

    Raises Missing for a link that does not count, Invalid for a password that is too short.
    """
    access.require(actor, "people:session:open")
    person = invited(opaque)
    _check_password(password)
    if not _take_back_links(person):
        raise access.Missing("password-link", "")  # another request of the same moment used it
    _log_out(person)
    person.password = passwords.hashed(password)
    journal.write(Actor("person", person.name, person.id, person.uid), "person:password", "person", person.uid)


def _check_password(password: str | None) -> None:
    if password is not None and len(password) < passwords.SHORTEST:
        raise Invalid({"password": [N_("Välj ett lösenord med minst 12 tecken.")]})
