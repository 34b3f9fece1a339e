"""Jäv: that somebody stands aside from an application, or from all that a board applies for (E12).

Declared by oneself at any time, also afterwards; kept with its reason; and enforced by whoever assesses, ranks,
proposes and confirms, who all ask `stands_aside`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.limits import ASSESS_BY
from core.applications.models import (
    INTERESTS,
    READ,
    Application,
    Assessment,
    Partiality,
    aside_from,
)
from core.applications.services.applications import APPLIES
from core.applications.states import ASSESSMENT
from core.hookspecs import Objection
from core.i18n import N_
from core.people.services import organisation_called
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep

DECLARE = "applications:partiality:declare"
HOUSE = access.system("applications")
MOST = 200


def stands_aside(person: int | None, application: Application) -> bool:
    """Whether a person has declared jäv in an application, or in what its applicants apply for."""
    return person is not None and bool(aside_among(person, [application.id]))


def aside_among(person: int | None, applications: Collection[int]) -> frozenset[int]:
    """Return which of some applications (their keys) a person stands aside from, in one query."""
    if person is None or not applications:
        return frozenset()
    rows = select(Application.id).where(Application.id.in_(applications), aside_from(person))
    return frozenset(db.session().scalars(rows))


def aside_of(person: int | None, applications: Collection[UUID]) -> frozenset[UUID]:
    """Return which of some applications (their uids) a person stands aside from, in one query."""
    rows = select(Application.uid).where(Application.uid.in_(applications), aside_from(person))
    return frozenset(db.session().scalars(rows))


def declare(
    actor: Actor, *, uid: UUID, reason: str, application: UUID | None = None, organisation: str = ""
) -> Partiality:
    """Declare that one stands aside from an application, or from all that a board (its code) applies for.

    One's own assessments of what it is about are kept, and count no more. Once for each `uid`; there is no way to do
    it for somebody else. Raises Denied, Missing, Invalid.
    """
    access.require(actor, DECLARE)
    known = db.session().scalar(select(Partiality).where(Partiality.uid == uid))
    if known is not None:
        if known.person_id != actor.id:
            raise db.Conflict("partiality", uid)
        return known
    if (application is None) == (not organisation):
        raise Invalid({"application": [N_("Välj en ansökan eller en nämnd, en av dem.")]})
    about: dict[str, int] = {}
    if application is not None:
        about["application_id"] = access.find(Application, application, actor, READ).id
    else:
        board = organisation_called(organisation, "organisation")
        if board.kind not in APPLIES:
            raise Invalid({"organisation": [N_("Välj en nämnd i listan.")]})
        about["organisation_id"] = board.id
    now = clock.now()
    facts = {"reason": reason, "declared_at": now, "declared_by_id": actor.id}
    row = Partiality(uid=uid, person_id=actor.id, **about, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "partiality:declare", "partiality", uid, level=1, reason=reason)
    for assessment, title in _own_assessments(actor):
        flow.move(ASSESSMENT, assessment, "anmal_jav", actor if actor.may(_NEEDS) else HOUSE, reason=reason)
        frist = Subject("assessment", assessment.uid, title, level=assessment.level)
        upkeep.drop_deadline(HOUSE, ASSESS_BY, frist, reason=ASSESSMENT.states[assessment.state].label)
    return row


_NEEDS = ASSESSMENT.move("anmal_jav").needs


def _own_assessments(actor: Actor) -> list[tuple[Assessment, str]]:
    """Return one's own assessments that count, of applications from which one stands aside, locked; with the titles."""
    rows = select(Assessment, Application.title).join(Application, Application.id == Assessment.application_id)
    rows = rows.where(Assessment.person_id == actor.id, Assessment.state.in_(("tilldelad", "inlamnad")))
    rows = rows.where(aside_from(actor.id)).order_by(Assessment.id).with_for_update(of=Assessment)
    return [(assessment, title) for assessment, title in db.session().execute(rows)]


@ASSESSMENT.guard("anmal_jav")
def _is_declared(row: Assessment, _actor: Actor) -> Iterable[Objection]:
    """An assessment is put aside for what has been declared, and for nothing else."""
    if not stands_aside(row.person_id, db.session().get_one(Application, row.application_id)):
        yield Objection(N_("Anmäl jäv på sidan Jäv, med vad det gäller och varför."))


def end_partiality(actor: Actor, uid: UUID, *, reason: str) -> Partiality:
    """Say that one stands aside no longer, and why. What was set aside meanwhile stays so. Raises Missing."""
    access.require(actor, DECLARE)
    row = db.session().scalar(
        select(Partiality).where(Partiality.uid == uid, Partiality.person_id == actor.id).with_for_update()
    )
    if row is None:
        raise access.Missing("partiality", uid)
    if row.ended_at is None:
        row.ended_at, row.ended_why = clock.now(), reason
        db.session().flush()
        journal.write(actor, "partiality:end", "partiality", uid, level=1, reason=reason)
    return row


def list_partialities(actor: Actor) -> list[tuple[Partiality, Application | None]]:
    """Return what the actor has declared, and all that is declared for who sees to that it is kept; newest first.

    An application that the actor does not reach is left out of its row.
    """
    access.require(actor, DECLARE if actor.may(DECLARE) else INTERESTS)
    mine = select(Application.id).where(access.rule_of(Application, actor, READ))
    rows = select(Partiality, Application).options(joinedload(Partiality.person), joinedload(Partiality.organisation))
    rows = rows.outerjoin(Application, (Application.id == Partiality.application_id) & Application.id.in_(mine))
    rows = rows.where(access.rule_of(Partiality, actor)).order_by(Partiality.id.desc()).limit(MOST)
    return [(row, application) for row, application in db.session().execute(rows)]


def applications_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """Return the applications that the actor reaches and may have jäv in: uid, and number with title."""
    if not actor.may(READ):
        return []
    rows = select(Application.uid, Application.number, Application.title).where(access.rule_of(Application, actor))
    rows = rows.where(Application.state.not_in(("aterkallad", "avslutad"))).order_by(Application.id.desc()).limit(MOST)
    return [(str(uid), f"{number} {title}") for uid, number, title in db.session().execute(rows)]
