"""A person as an actor: the roles held today, how far each reaches, and what they are limited to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import case, select

from core import access, clock, db, sync
from core.access import Actor, Grant
from core.dated import valid_on
from core.people.models import Person, RoleGrant
from core.people.services.organisations import belonging, families

AreaFinder = Callable[[Iterable[str]], frozenset[int]]
_area_finders: list[AreaFinder] = []
AreaLister = Callable[[], Iterable[tuple[str, str, str]]]
_area_listers: list[AreaLister] = []


def actor_of(person: Person, *, scopes: frozenset[str] | None = None, device: UUID | None = None) -> Actor:
    """Return `person` as an actor with the roles held today."""
    held = select(RoleGrant).where(RoleGrant.person_id == person.id, valid_on(RoleGrant, clock.today()))
    grants = db.session().scalars(held.order_by(RoleGrant.id)).all()
    family = families()
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
                organisations=frozenset(belonging(grant.organisation_id, family)),
                areas=areas_of(grant.areas),
                categories=frozenset(grant.categories),
            )
            for grant in grants
        ),
        scopes=scopes,
        device=device,
    )


@sync.senders
def _who_sent(key: int | None) -> Actor:
    """Return who has sent something as an actor of today; who has left may do nothing.

    Who has no role any more is of the organisation of the last one: what she sent is seen to there.
    """
    person = db.session().get(Person, key) if key is not None else None
    if person is None:
        return access.NOBODY
    actor = actor_of(person)
    last = None if actor.grants else last_role(person.id)
    if last is not None:
        actor = replace(actor, organisation=last.organisation_id, organisation_name=last.organisation.name)
    return replace(actor, grants=()) if person.ended_at else actor


def last_role(person: int) -> RoleGrant | None:
    """Return the role that a person has, the first of those of today, or else the one that ended last."""
    begun = select(RoleGrant).where(RoleGrant.person_id == person, RoleGrant.valid_from <= clock.today())
    ended = case((valid_on(RoleGrant, clock.today()), None), else_=RoleGrant.valid_to)
    return db.session().scalar(begun.order_by(ended.desc().nulls_first(), RoleGrant.id).limit(1))


def staffed(permission: str) -> frozenset[int]:
    """Return the keys of the organisations in which somebody who can log in has a permission today."""
    entry, family = access.permissions()[permission], families()
    held = select(RoleGrant.organisation_id).join(Person, Person.id == RoleGrant.person_id)
    held = held.where(RoleGrant.role.in_(entry.own), Person.ended_at.is_(None))
    held = held.where(valid_on(RoleGrant, clock.today())).distinct()
    return frozenset().union(*(belonging(key, family) for key in db.session().scalars(held)))


def finds_areas(finder: AreaFinder) -> AreaFinder:
    """Register what finds the areas that limits name; places do, which stand above this room."""
    _area_finders.append(finder)
    return finder


def areas_of(limits: Iterable[str]) -> frozenset[int] | None:
    """Return the keys of the areas that a role is limited to, None for one that is not.

    Limits that name no area of today give an empty set: such a role reaches nothing, rather than everything.
    """
    named = list(limits)
    return frozenset().union(*(find(named) for find in _area_finders)) if named else None


def lists_areas(lister: AreaLister) -> AreaLister:
    """Register what lists the areas that a form offers as limits: each as limit, kind and name, by kind and name."""
    _area_listers.append(lister)
    return lister


def limiting_areas(actor: Actor) -> list[tuple[str, str, str]]:
    """Return the areas of today that a role may be limited to: limit ("stadsdel:rinkeby"), title of the kind, name."""
    access.require(actor, "areas:area:read")
    return [area for list_areas in _area_listers for area in list_areas()]
