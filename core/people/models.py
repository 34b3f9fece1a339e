"""Organisations, persons, roles, sessions and tokens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.db import Base, Identified, Key

KINDS = (
    "kommunfullmaktige", "kommunstyrelse", "ks_utskott", "stadsdelsnamnd", "facknamnd", "bolag", "kommunalforbund",
    "polis_region", "polis_lpo", "fastighetsagarforening", "fastighetsagare", "entreprenor", "region", "stat",
    "civilsamhalle", "naringsidkare", "ovrig",
)  # fmt: skip
"""Kinds of organisation (domain.md 0b)."""


class Organisation(Identified, Base):
    """An organisation of the city or beside it, while it was valid; its successor carries on (domain.md 0b)."""

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


DEMO_ADDRESS = "@tryggplats.example"
"""How the addresses of the demo's people end; everybody knows their password."""


class Person(Identified, Base):
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


class Throttle(Base):
    """How often somebody tried, per account and per address, in the present window."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("key"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    started_at: Mapped[datetime]
    count: Mapped[int]


access.for_everybody(Organisation)
access.for_nobody(UserSession, Token, Throttle, RoleGrant)


@access.visible_to(Person, "people:start:read")
def _persons(actor: access.Actor, _permission: str) -> Any:
    """A person sees herself; lists of people come with the administration."""
    return Person.id == actor.id if actor.kind != "system" else Person.id.is_not(None)
