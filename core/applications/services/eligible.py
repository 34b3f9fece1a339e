"""Who may assess an application: nobody of who applies, nobody who wrote or reviewed it, nobody who stands aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, union

from core import access, clock, db
from core.access import Actor
from core.applications.models import (
    ASSESS,
    ASSIGN,
    RESOLVE,
    REVIEW,
    SUBMIT,
    WRITE,
    Application,
    ApplicationDraft,
    ApplicationEdition,
    ApplicationEvent,
    ApplicationPart,
    ApplicationParty,
    Assessment,
    Partiality,
    lineage,
)
from core.applications.states import APPLICATION
from core.i18n import N_
from core.people.models import Organisation, Person, RoleGrant
from core.permissions import PERMISSIONS

OF_THE_BOARD = tuple(move.key for move in APPLICATION.moves if move.needs in (WRITE, REVIEW, RESOLVE, SUBMIT))
ASSESSOR_ROLES = next((*entry.own, *entry.city) for entry in PERMISSIONS if entry.key == ASSESS)

OWN_BOARD = N_("arbetar för den som söker")
WROTE = N_("har skrivit eller granskat ansökan")
ASIDE = N_("har anmält jäv")
ALREADY = N_("är redan utsedd")


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked; `why` not, if so."""

    uid: UUID
    key: int
    name: str
    why: str


def barred(application: Application) -> dict[int, str]:
    """Return who may not assess an application, by key of person, with why: the first reason that holds."""
    boards = select(lineage(select(Organisation.id).where(Organisation.id.in_(_applicants(application)))).c[0])
    mine = RoleGrant.organisation_id.in_(boards) & _held_since(application)
    found = dict.fromkeys(db.session().scalars(select(RoleGrant.person_id).where(mine)), OWN_BOARD)
    for person in db.session().scalars(_writers(application)):
        found.setdefault(person, WROTE)
    declared = select(Partiality.person_id).where(
        Partiality.ended_at.is_(None),
        or_(Partiality.application_id == application.id, Partiality.organisation_id.in_(boards)),
    )
    for person in db.session().scalars(declared):
        found.setdefault(person, ASIDE)
    return found


def _applicants(application: Application) -> Any:
    """Return the boards that apply, or have applied together for a time: not who was only asked, or said no."""
    party = ApplicationParty
    has_joined = or_(party.joined_on.is_not(None), party.joined_before)
    together = select(party.organisation_id).where(party.application_id == application.id, has_joined)
    return select(Application.organisation_id).where(Application.id == application.id).union(together)


def _held_since(application: Application) -> Any:
    """Whether a role has been held at any time since the application was begun."""
    begun = clock.local(application.begun_at).date()
    return (RoleGrant.valid_from <= clock.today()) & or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= begun)


def _writers(application: Application) -> Any:
    part, own = ApplicationPart, ApplicationPart.application_id == application.id
    by_board = ApplicationEvent.kind.in_(("begunnen", *OF_THE_BOARD))
    return union(
        select(Application.begun_by_id).where(Application.id == application.id),
        select(part.changed_by_id).where(own),
        select(part.done_by_id).where(own),
        select(ApplicationDraft.person_id).where(ApplicationDraft.application_id == application.id),
        select(ApplicationEvent.person_id).where(ApplicationEvent.application_id == application.id, by_board),
        select(ApplicationEdition.person_id).where(ApplicationEdition.application_id == application.id),
    )


def candidates(actor: Actor, application: Application) -> list[Candidate]:
    """Return who could assess an application today, and of those who may not, why."""
    access.require(actor, ASSIGN, application)
    today, role = clock.today(), RoleGrant.role.in_(ASSESSOR_ROLES)
    held = select(RoleGrant.person_id).where(role, RoleGrant.valid_from <= today)
    held = held.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today))
    rows = select(Person.uid, Person.id, Person.name).where(Person.id.in_(held), Person.ended_at.is_(None))
    asked = select(Assessment.person_id).where(Assessment.application_id == application.id)
    reasons = dict.fromkeys(db.session().scalars(asked), ALREADY) | barred(application)
    return [
        Candidate(uid, key, name, reasons.get(key, ""))
        for uid, key, name in db.session().execute(rows.order_by(Person.name, Person.id).limit(200))
    ]


def home_of(person: int) -> int | None:
    """Return where somebody has the role that she assesses by."""
    rows = select(RoleGrant.organisation_id).where(RoleGrant.person_id == person, RoleGrant.role.in_(ASSESSOR_ROLES))
    return db.session().scalar(rows.order_by(RoleGrant.id.desc()).limit(1))
