"""Logging in and out: sessions, how often one may try, and who stands behind a session or a token."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Select, false, select, update

from core import access, clock, db, journal, restored
from core.access import Actor
from core.i18n import N_
from core.people import passwords, tries
from core.people.models import DEMO_ADDRESS, Device, DeviceCode, PasswordLink, Person, Throttle, Token, UserSession
from core.people.services.actors import actor_of
from core.people.services.secret import digest, short
from core.people.visits import is_latest
from core.schema import Invalid

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
SEEN = timedelta(minutes=1)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 40


class WrongPassword(Invalid):
    """The account or the password is wrong; which of the two is not told."""

    def __init__(self, email: str, words: str) -> None:
        super().__init__({"password": [words]})
        self._email = email

    def journalled(self, actor: Actor) -> None:
        """Journal the try, after the rollback."""
        person = db.session().scalar(select(Person).where(Person.email == self._email))
        journal.write(actor, "session:refuse", "person", person.uid if person else None)


def sign_in(actor: Actor, *, email: str, password: str, address: str) -> str:
    """Open a session for the person with this password and return its opaque id, for the cookie.

    Raises TooManyTries, or WrongPassword: with the same words and in the same time for an unknown account.
    """
    access.require(actor, "people:session:open")
    words = N_("E-postadressen eller lösenordet stämmer inte. Försök igen.")
    return open_session(_with_password(email.strip().lower(), password, address, words))


def confirm(actor: Actor, *, password: str, address: str) -> Person:
    """Return the person who acts, when she has given her password again; TooManyTries or WrongPassword otherwise."""
    access.require(actor, "people:session:close")
    with db.beforehand():
        email = db.session().get_one(Person, actor.id).email
    return _with_password(email, password, address, N_("Lösenordet stämmer inte. Försök igen."))


def _with_password(email: str, password: str, address: str, words: str) -> Person:
    """Return the person with this e-mail address and password; WrongPassword, with `words`, if there is none.

    The try is counted and committed before the password is looked at, so that of many at the same time no more are
    let through than of one after the other; the right password gives it back.
    """
    most = {f"account:{short(email)}": TRIES_PER_ACCOUNT, f"address:{short(address)}": TRIES_PER_ADDRESS}
    tries.take(most)
    person = db.session().scalar(select(Person).where(Person.email == email, Person.ended_at.is_(None)))
    kept = person.password if person else None
    if not passwords.fits(password, kept) or person is None or kept is None:
        raise WrongPassword(email, words)
    tries.give_back(most)
    if passwords.is_dated(kept):
        person.password = passwords.hashed(password)
    return person


def open_session(person: Person) -> str:
    """Log `person` in and return the session's opaque id; whoever calls this has made sure who it is."""
    opaque, now = secrets.token_urlsafe(32), clock.now()
    row = UserSession(digest=digest(opaque), person_id=person.id, started_at=now, seen_at=now, ends_at=now + ABSOLUTE)
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
    row = db.session().scalar(select(Token).where(Token.digest == digest(opaque)))
    if row is None or row.ended_at or row.ends_at <= clock.now() or row.person.ended_at:
        return None
    return actor_of(row.person, scopes=frozenset(row.scopes))


def seen(opaque: str) -> None:
    """Note that the session is in use."""
    now = clock.now()
    mine = update(UserSession).where(UserSession.digest == digest(opaque), UserSession.ends_at > now)
    db.session().execute(mine.values(seen_at=now))


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


@restored.when_restored
def end_all_log_ins(_actor: Actor) -> None:
    """Let nobody be logged in to a restored copy: what was ended after the backup was made would count again there."""
    now = clock.now()
    for model in (UserSession, DeviceCode, PasswordLink):
        db.session().execute(update(model).where(model.ends_at > now).values(ends_at=now))
    for kept in (Device, Token):
        db.session().execute(update(kept).where(kept.ended_at.is_(None)).values(ended_at=now))


def sweep() -> None:
    """Remove sessions (but each person's latest), links and codes that ended a week ago, tries that no longer count.

    Phones are kept for a year after their last day: what one has signed may come later, in a colleague's hand.
    """
    week, year = clock.now() - timedelta(days=7), clock.now() - timedelta(days=365)
    for model, moment, before, kept in (
        (UserSession, UserSession.ends_at, week, is_latest()),
        (PasswordLink, PasswordLink.ends_at, week, false()),
        (DeviceCode, DeviceCode.ends_at, week, false()),
        (Device, Device.ends_at, year, false()),
        (Throttle, Throttle.started_at, week, false()),
    ):
        for row in db.session().scalars(select(model).where(moment < before, ~kept)):
            db.session().delete(row)


def _session(opaque: str) -> UserSession | None:
    return db.session().scalar(select(UserSession).where(UserSession.digest == digest(opaque)))
