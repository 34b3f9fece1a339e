"""Roles: given in an organisation from a day to a day, limited, and ended. Which role fits where is a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_, Text
from core.people.models import KINDS, ONLY_OUTSIDE, OUTSIDE, Organisation, Person, RoleGrant
from core.people.services.actors import areas_of
from core.people.services.organisations import organisation_called
from core.people.services.persons import ADMINISTRATOR, CLOSED, account, keep_an_administrator, refuse_oneself
from core.schema import Invalid

GRANT = "people:role:grant"
SOON = timedelta(days=30)
CategoryFinder = Callable[[], Mapping[str, str]]
_category_finders: list[CategoryFinder] = []


def finds_categories(finder: CategoryFinder) -> CategoryFinder:
    """Register what knows what roles may be limited to: kinds of observation and of frist, of rooms above, by key."""
    _category_finders.append(finder)
    return finder


def categories() -> dict[str, str]:
    """Return every kind that a role may be limited to: its title by its key."""
    return {key: title for find in _category_finders for key, title in find().items()}


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

    `areas` name what the role is limited to by kind and code, "stadsdel:rinkeby", `categories` by the key of a kind.
    Raises Missing for a role that there is not, Invalid with the field for what does not fit: also for a role that does
    not belong in the organisation, and one that is held there already so that one of the two would say nothing.
    """
    access.require(actor, GRANT)
    if role not in access.ROLES:
        raise access.Missing("role", role)
    facts = {"valid_from": valid_from or clock.today(), "valid_to": valid_to}
    limits = {"areas": sorted(set(areas)), "categories": sorted(set(categories))}
    row = RoleGrant(person_id=person.id, organisation_id=organisation.id, role=role, **facts, **limits)
    _check_days(row, organisation)
    _check_limits(limits["areas"], limits["categories"])
    _check_fits(role, organisation)
    _check_new(row, organisation)
    refuse_oneself(actor, person, GRANT)
    db.session().add(row)
    db.session().flush()
    detail: dict[str, Any] = {"role": role, "organisation": organisation.code, **facts, **limits}
    journal.write(actor, "role:grant", "person", person.uid, **detail)
    return row


def grant_role_in(actor: Actor, person: UUID, *, organisation: str, **role: Any) -> RoleGrant:
    """Give a role as a form says it: whom by uid, where by code. Raises Invalid with the field."""
    access.require(actor, GRANT)
    holder = access.find(Person, person, actor, GRANT, lock=True)
    if holder.ended_at is not None:
        raise Invalid({"role": [CLOSED]})
    home = organisation_called(organisation, "organisation")
    return grant_role(actor, holder, organisation=home, **role)


def _check_days(row: RoleGrant, organisation: Organisation) -> None:
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise Invalid({"valid_to": [N_("Rollens sista dag ligger före dess första.")]})
    if organisation.valid_to is not None and organisation.valid_to < row.valid_from:
        words = N_("{name} har upphört den dagen. Ge rollen i den som har tagit över.")
        raise Invalid({"organisation": [Text(words, name=organisation.name)]})


def _check_limits(areas: list[str], kinds: list[str]) -> None:
    if lost := [limit for limit in areas if not areas_of([limit])]:
        words = N_("Området {area} finns inte i dag. Skriv slag och kod, till exempel stadsdel:rinkeby.")
        raise Invalid({"areas": [Text(words, area=lost[0])]})
    if unknown := sorted(set(kinds) - categories().keys()):
        words = N_("Slaget {kind} finns inte. Välj bland dem som går att skriva in, till exempel belysning.")
        raise Invalid({"categories": [Text(words, kind=unknown[0])]})


def _check_fits(role: str, organisation: Organisation) -> None:
    """Refuse a role of the city's own outside it, for what it sees is not masked (design.md 9), and the reverse."""
    fitting = OUTSIDE.get(organisation.kind)
    if fitting is not None and role not in fitting:
        words = N_("{name} är ingen del av staden. Där går det att vara {roles}.")
        titles = ", ".join(access.ROLES[one] for one in fitting)
        raise Invalid({"role": [Text(words, name=organisation.name, roles=titles)]})
    if fitting is None and role in ONLY_OUTSIDE:
        homes = ", ".join(KINDS[kind] for kind, roles in OUTSIDE.items() if role in roles)
        words = N_("{name} är en del av staden. Rollen {role} ges hos: {homes}.")
        raise Invalid({"role": [Text(words, name=organisation.name, role=access.ROLES[role], homes=homes)]})


def _check_new(row: RoleGrant, organisation: Organisation) -> None:
    """Refuse the same role at the same time where one of the two has no limits: the limits of the other say nothing."""
    same = (RoleGrant.person_id == row.person_id, RoleGrant.organisation_id == organisation.id)
    held = select(RoleGrant).where(*same, RoleGrant.role == row.role)
    held = held.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= row.valid_from))
    held = held.where(RoleGrant.valid_from <= row.valid_to) if row.valid_to else held
    known = [bool(grant.areas or grant.categories) for grant in db.session().scalars(held)]
    limited = bool(row.areas or row.categories)
    if limited and not all(known):
        words = N_("Personen har redan rollen i {name} utan gränser. Avsluta den, annars betyder gränserna inget.")
    elif known and not limited:
        words = N_("Personen har redan rollen i {name}. Avsluta den först, eller ange andra gränser för den nya.")
    else:
        return
    raise Invalid({"role": [Text(words, name=organisation.name)]})


def roles_of(actor: Actor, person: Person) -> list[RoleGrant]:
    """Return every role that a person holds, will hold or has held, the latest first: nothing is forgotten."""
    access.require(actor, "people:person:read")
    held = select(RoleGrant).where(RoleGrant.person_id == person.id)
    return list(db.session().scalars(held.order_by(RoleGrant.valid_from.desc(), RoleGrant.id.desc())))


def ending_soon(actor: Actor, *, limit: int = 100) -> list[tuple[RoleGrant, Person]]:
    """Return the roles that end within thirty days, the first to end first, of people who can log in."""
    access.require(actor, "people:person:read")
    today = clock.today()
    rows = select(RoleGrant, Person).join(Person, Person.id == RoleGrant.person_id).where(Person.ended_at.is_(None))
    rows = rows.where(RoleGrant.valid_to >= today, RoleGrant.valid_to <= today + SOON)
    ordered = rows.order_by(RoleGrant.valid_to, RoleGrant.id).options(joinedload(RoleGrant.organisation))
    return list(db.session().execute(ordered.limit(limit)).all())


def end_role(actor: Actor, *, email: str, role: str, organisation: str, on: date) -> None:
    """Let `on` be the last day of a role that somebody holds in the organisation with this code.

    The day before its first day takes back a role that was given by mistake. A role is never made longer so.
    Raises Invalid when there is no such role that goes on after `on`.
    """
    access.require(actor, GRANT)
    person = account(email)
    held = select(RoleGrant).join(Organisation, Organisation.id == RoleGrant.organisation_id)
    held = held.where(RoleGrant.person_id == person.id, RoleGrant.role == role, Organisation.code == organisation)
    held = held.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > on))
    grants = list(db.session().scalars(held))
    if not grants:
        words = N_("{email} har ingen roll {role} i {organisation} som gäller efter {day}.")
        raise Invalid({"role": [Text(words, email=email, role=role, organisation=organisation, day=on.isoformat())]})
    _end(actor, person, grants, on)
    journal.write(actor, "role:end", "person", person.uid, role=role, organisation=organisation, valid_to=on)


def end_grant(actor: Actor, person: UUID, grant: UUID, *, on: date) -> None:
    """Let `on` be the last day of one role of a person; Invalid when it has ended by then already."""
    access.require(actor, GRANT)
    holder = access.find(Person, person, actor, GRANT, lock=True)
    row = db.session().scalar(select(RoleGrant).where(RoleGrant.uid == grant, RoleGrant.person_id == holder.id))
    if row is None:
        raise access.Missing("role", grant)
    if row.valid_to is not None and row.valid_to <= on:
        raise Invalid({"on": [Text(N_("Rollen slutar redan {day}."), day=row.valid_to.isoformat())]})
    _end(actor, holder, [row], on)
    code = row.organisation.code
    journal.write(actor, "role:end", "person", holder.uid, role=row.role, organisation=code, valid_to=on)


def _end(actor: Actor, person: Person, grants: list[RoleGrant], on: date) -> None:
    refuse_oneself(actor, person, GRANT)
    if any(grant.role == ADMINISTRATOR for grant in grants):
        keep_an_administrator(person)
    for grant in grants:
        grant.valid_to = on
