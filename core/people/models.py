"""Organisations, persons, roles, sessions, tokens and phones."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.db import Base, Identified, Key, Versioned
from core.i18n import N_

KINDS = {
    "kommunfullmaktige": N_("Kommunfullmäktige"),
    "kommunstyrelse": N_("Kommunstyrelse"),
    "ks_utskott": N_("Utskott"),
    "stadsdelsnamnd": N_("Stadsdelsnämnd"),
    "facknamnd": N_("Facknämnd"),
    "bolag": N_("Bolag"),
    "kommunalforbund": N_("Kommunalförbund"),
    "polis_region": N_("Polisregion"),
    "polis_lpo": N_("Lokalpolisområde"),
    "fastighetsagarforening": N_("Fastighetsägarförening"),
    "fastighetsagare": N_("Fastighetsägare"),
    "entreprenor": N_("Entreprenör"),
    "region": N_("Region"),
    "stat": N_("Statlig myndighet"),
    "civilsamhalle": N_("Civilsamhälle"),
    "naringsidkare": N_("Näringsidkare"),
    "ovrig": N_("Övrig"),
}
"""Kinds of organisation (domain.md 0b)."""

OUTSIDE = {
    "polis_region": ("polis",),
    "polis_lpo": ("polis",),
    "fastighetsagarforening": ("fof_samordnare", "fastighetsagare_ext"),
    "fastighetsagare": ("fastighetsagare_ext",),
    "entreprenor": ("entreprenor", "besiktare"),
    "region": ("fastighetsagare_ext",),
    "stat": ("fastighetsagare_ext",),
    "civilsamhalle": ("fof_samordnare",),
    "naringsidkare": ("fastighetsagare_ext",),
    "ovrig": ("fastighetsagare_ext",),
}
"""Kinds that are no part of the city, and the only roles that may be held in them."""

ONLY_OUTSIDE = ("polis", "fof_samordnare", "fastighetsagare_ext", "entreprenor")
"""Roles of those who are no part of the city; any other may be held in the city's own organisations."""


class Organisation(Identified, Versioned, Base):
    """An organisation of the city or beside it, while it was valid; its successor carries on (domain.md 0b).

    `contacts` are functions with their address, one a line ("Registrator: registrator@…"), never persons.
    `content` is the digest of what a client sent when it was made, empty where it came from a file.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates"),
    )
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(300), default="")
    diary_pattern: Mapped[str] = mapped_column(String(60), default="")
    eservice_id: Mapped[str] = mapped_column(String(60), default="")
    contacts: Mapped[str] = mapped_column(String(2000), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")


DEMO_ADDRESS = "@tryggplats.example"
"""How the addresses of the demo's people end; everybody knows their password."""


class Person(Identified, Versioned, Base):
    """Somebody who can log in. `ended_at` closes the account; nothing of what was done is touched."""

    __tablename__ = "person"
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="sv")
    look: Mapped[str] = mapped_column(String(10), default="auto")
    ended_at: Mapped[datetime | None]


class RoleGrant(Identified, Base):
    """A role that a person holds in an organisation, both days included.

    Limits are areas by kind and code, which outlive an import ("stadsdel:rinkeby"), and keys of kinds.
    """

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_person_id", "person_id"),)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class UserSession(Base):
    """A log-in. The cookie holds an opaque id, this row only its hash."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_person_id", "person_id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined")


class Token(Identified, Base):
    """A bearer token of the API: of one person, for some permissions, until a day."""

    __tablename__ = "token"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined")


class Device(Identified, Base):
    """A phone that somebody has logged in for field work: a token that counts only with a proof of the phone's key.

    `key` is the public key as a JWK (P-256), `thumbprint` its digest (RFC 7638), `app` the app's version seen last.
    """

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_person_id", "person_id"), Index("ix_device_thumbprint", "thumbprint"))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[dict[str, str]] = mapped_column(JSON)
    thumbprint: Mapped[str] = mapped_column(String(43))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    app: Mapped[int | None]
    person: Mapped[Person] = relationship(lazy="joined")


class DeviceCode(Identified, Base):
    """A code on somebody's screen with which one phone is logged in: read by a phone, then approved on the screen.

    What the phone has said of itself (`name`, `key`) and the `number` that both show come when it has read the code.
    """

    __tablename__ = "device_code"
    __table_args__ = (Index("ix_device_code_person_id", "person_id"),)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    short_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60), default="")
    key: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    thumbprint: Mapped[str] = mapped_column(String(43), default="")
    number: Mapped[str] = mapped_column(String(4), default="")
    person: Mapped[Person] = relationship(lazy="joined")


class PasswordLink(Base):
    """A link with which somebody chooses a password: once, until a moment. Only its hash is kept."""

    __tablename__ = "password_link"
    __table_args__ = (Index("ix_password_link_person_id", "person_id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    ends_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined")


NEVER, WORKDAYS, WEEKLY = "aldrig", "vardagar", "veckovis"
LETTER_DAYS = {
    NEVER: N_("Aldrig"),
    WORKDAYS: N_("Varje arbetsdag när något väntar"),
    WEEKLY: N_("En gång i veckan, den första arbetsdagen"),
}
"""When somebody wants letters of her own. The function mailbox of the organisation gets its letters anyway."""


class LetterChoice(Versioned, Base):
    """Which letters of her own a person wants, and when; who has chosen nothing gets none.

    `urgent_only` leaves out what neither is late nor ends on the day, `others` adds what she waits for others to do.
    """

    __tablename__ = "letter_choice"
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), primary_key=True)
    days: Mapped[str] = mapped_column(String(10), default=NEVER)
    urgent_only: Mapped[bool] = mapped_column(default=False)
    others: Mapped[bool] = mapped_column(default=False)


class Throttle(Base):
    """How often somebody tried, per account and per address, in the present window."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("key"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    started_at: Mapped[datetime]
    count: Mapped[int]


access.for_everybody(Organisation)
access.for_nobody(UserSession, Token, Device, DeviceCode, PasswordLink, LetterChoice, Throttle, RoleGrant)


READ = "people:person:read"


@access.visible_to(Person, READ)
def _persons(actor: access.Actor, permission: str) -> Any:
    """Whoever looks after people sees all; everybody sees herself."""
    if actor.may(permission):
        return true()
    return Person.id == actor.id if permission == READ else false()
