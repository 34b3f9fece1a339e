"""Who may do what: actors, roles and permissions as data, and the row rules that filter every list in SQL.

Three questions, always in this order (design.md 4.5):
1. the route: does the actor have the permission at all? (`Actor.may`, asked before the body is read)
2. the list: which rows does the actor reach? (`visible(select, actor)`)
3. the object: is this one among them? (`require(actor, permission, row)`; if not, it looks missing)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, True_, false, or_, select, true

from core import db, roles
from core.db import Base
from core.hookspecs import Permission
from core.permissions import PERMISSIONS as PERMISSIONS  # noqa: PLC0414 - who asks what rights there are asks here

ROLES, STAFF = roles.ROLES, roles.STAFF


class Denied(Exception):
    """The actor lacks a permission; carries which one, who has it, and `why` if no role is wanting."""

    def __init__(self, permission: str, why: str = "") -> None:
        super().__init__(permission)
        self.permission, self.why = permission, why

    @property
    def holders(self) -> list[str]:
        """Titles of the roles that have the permission."""
        entry = permissions().get(self.permission)
        return [ROLES[role] for role in ROLES if entry and role in (*entry.own, *entry.city)]


class Missing(Exception):
    """There is no such row, or the actor may not know of it: the same answer for both."""

    def __init__(self, kind: str, uid: object) -> None:
        super().__init__(f"{kind} {uid}")
        self.kind, self.uid = kind, uid


class TooManyTries(Exception):
    """Somebody tried too often; the answer is the same, right or wrong, until the window is over."""


@dataclass(frozen=True)
class Grant:
    """A role held in an organisation now. `organisations` holds it, those it succeeded and those below it."""

    role: str
    organisation: int
    organisations: frozenset[int]
    areas: frozenset[int] | None = None
    """Keys of the areas that the role is limited to, as they are today; None for a role without such a limit."""
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reach:
    """How far a permission goes: None means without limit, otherwise keys of organisations, areas, categories."""

    organisations: frozenset[int] | None
    areas: frozenset[int] | None = None
    categories: frozenset[str] | None = None


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person with the roles held at this moment, nobody (not logged in), or the system itself."""

    kind: str
    name: str
    id: int | None = None
    uid: UUID | None = None
    organisation: int | None = None
    organisation_name: str = ""
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] | None = field(default=None)
    """Permissions of the bearer token used; None with a session. A token never gives more than its person has."""
    device: UUID | None = None
    """The phone that this comes from, if it does."""

    def may(self, permission: str) -> bool:
        """Whether the actor has the permission for anything at all."""
        return bool(self.reaches(permission))

    def reaches(self, permission: str) -> tuple[Reach, ...]:
        """Return how far the permission goes, one reach for each role that gives it."""
        entry = permissions().get(permission)
        if entry is None or (self.scopes is not None and permission not in self.scopes):
            return ()
        if self.kind == "system" or "*" in entry.city:
            return (Reach(None),)
        return tuple(
            Reach(
                organisations=None if grant.role in entry.city else grant.organisations,
                areas=grant.areas,
                categories=grant.categories or None,
            )
            for grant in self.grants
            if grant.role in entry.own or grant.role in entry.city
        )

    def homes(self, permission: str) -> frozenset[int]:
        """Return the organisations in which an unlimited role gives the permission: themselves, none below them."""
        entry = permissions().get(permission)
        if entry is None or (self.scopes is not None and permission not in self.scopes):
            return frozenset()
        whole = (grant for grant in self.grants if grant.areas is None and not grant.categories)
        return frozenset(grant.organisation for grant in whole if grant.role in entry.own)

    @property
    def signed_in(self) -> bool:
        """Whether this is a person."""
        return self.kind == "person"


NOBODY = Actor("anonymous", "")


def system(name: str) -> Actor:
    """Return the actor of what the house does by itself: a job, a rule, a command of the operating system's user."""
    return Actor("system", name)


_added: dict[str, Permission] = {}


def permissions() -> Mapping[str, Permission]:
    """Return every permission, core's and those of the plugins that are on."""
    return {**_CORE, **_added}


_CORE = {entry.key: entry for entry in PERMISSIONS}


def add_permissions(entries: Iterable[Permission]) -> None:
    """Replace the plugins' permissions by `entries`."""
    _added.clear()
    _added.update({entry.key: entry for entry in entries})


RowRule = Callable[[Actor, str], ColumnElement[bool]]
"""(actor, permission) -> the condition that a row must meet to be reached with that permission."""

_row_rules: dict[type[Base], tuple[str, RowRule]] = {}


def visible_to(model: type[Base], permission: str) -> Callable[[RowRule], RowRule]:
    """Register the rule that says, in SQL, which rows of `model` are reached; `permission` is what reading needs."""

    def register(rule: RowRule) -> RowRule:
        _row_rules[model] = (permission, rule)
        return rule

    return register


def for_nobody(*models: type[Base]) -> None:
    """Say that rows of `models` are the machine's own and stand in nobody's list."""
    for model in models:
        _row_rules[model] = ("", lambda actor, _: true() if actor.kind == "system" else false())


for_nobody(db.Counter)


def for_everybody(*models: type[Base]) -> None:
    """Say that rows of `models` are plain facts that every person who is logged in may see."""
    for model in models:
        _row_rules[model] = ("", lambda actor, _: false() if actor.kind == "anonymous" else true())


def has_rule(model: type[Base]) -> bool:
    """Whether somebody has said who may see rows of `model`."""
    return model in _row_rules


def rule_of(model: type[Base], actor: Actor, permission: str = "") -> ColumnElement[bool]:
    """Return the condition for rows of `model` that `actor` reaches with `permission` (reading, if not given).

    A model without a rule shows nothing.
    """
    if model not in _row_rules:
        return false()
    reading, rule = _row_rules[model]
    return rule(actor, permission or reading)


Rows = TypeVar("Rows", bound=Select[Any])


def visible(statement: Rows, actor: Actor) -> Rows:
    """Return `statement` with the row rule of every table it selects from."""
    models = {entry["entity"]: None for entry in statement.column_descriptions if entry["entity"] is not None}
    for model in models:
        statement = statement.where(rule_of(model, actor))
    return statement


def within(
    actor: Actor,
    permission: str,
    *owners: Any,
    area: Callable[[frozenset[int]], ColumnElement[bool]] | None = None,
    category: Any = None,
) -> ColumnElement[bool]:
    """Return the usual row rule: one of the `owners` is an organisation that `permission` reaches.

    An owner is a column, or what else has `in_` of organisations.

    A role limited to areas or categories sees through this rule only what lies inside; where the
    table cannot tell (`area` or `category` not given) the limited role sees nothing.
    """
    conditions = []
    for reach in actor.reaches(permission):
        condition = true() if reach.organisations is None else or_(*(o.in_(reach.organisations) for o in owners))
        if reach.areas is not None:
            condition = condition & (area(reach.areas) if area is not None else false())
        if reach.categories is not None:
            condition = condition & (category.in_(reach.categories) if category is not None else false())
        conditions.append(condition)
    return or_(*conditions) if conditions else false()


Row = TypeVar("Row", bound=Base)


def find(model: type[Row], uid: UUID, actor: Actor, permission: str, *, lock: bool = False) -> Row:
    """Return the row with `uid` that the actor reaches with `permission`, locked for change if asked.

    Raises Denied when the actor lacks the permission for a row that may be seen, Missing for any other row.
    """
    table: Any = model
    statement = select(model).where(table.uid == uid, rule_of(model, actor, permission))
    if lock:
        statement = statement.with_for_update(of=table)
    row = db.session().scalar(statement)
    if row is None:
        raise _refusal(model, uid, actor, permission)
    return row


def _refusal(model: type[Base], uid: UUID, actor: Actor, permission: str) -> Denied | Missing:
    """Return why a row is not reached with `permission`: Denied to who may see it, and to who has not got it at all."""
    table: Any = model
    readable = select(true()).where(table.uid == uid, rule_of(model, actor))
    if not actor.may(permission) or db.session().scalar(readable):
        return Denied(permission)
    return Missing(model.__tablename__, uid)


def made_before(actor: Actor, model: type[Row], uid: UUID, content: bytes) -> Row | None:
    """Return the row that a client has made under this uid with the same content before; None where there is none.

    Raises Conflict for one with other content, as another owner is, and for one that the actor does not read.
    """
    table: Any = model
    reads = true() if actor.kind == "system" else rule_of(model, actor)
    row = db.session().scalar(select(model).where(table.uid == uid, table.content == content, reads))
    if row is None and db.session().scalar(select(true()).where(table.uid == uid)):
        raise db.Conflict(model.__tablename__, uid)
    return row


def require(actor: Actor, permission: str, row: Base | None = None) -> None:
    """Raise Denied without `permission`; with a `row`, also when it is not reached (Missing if not even seen)."""
    if not actor.may(permission):
        raise Denied(permission)
    if row is None or actor.kind == "system":
        return
    table: Any = type(row)
    asked: Any = row
    rule = rule_of(table, actor, permission)
    if isinstance(rule, True_):
        return  # a row that everybody reaches is not asked for again
    reached: Select[Any] = select(true()).where(table.uid == asked.uid, rule)
    if not db.session().scalar(reached):
        raise _refusal(table, asked.uid, actor, permission)
