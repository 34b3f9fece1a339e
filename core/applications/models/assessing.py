"""Assessing: by which criteria, by whom, with which points; who must stand aside; in which order, above which line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.applications.models.applications import READ, Application, ApplicationParty, reached
from core.db import Base, Identified, Key, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation, Person

ASSESS, ASSESSED, ASSIGN = (
    "applications:assessment:write",
    "applications:assessment:read",
    "applications:assessment:assign",
)
RANK, INTERESTS = "applications:order:rank", "applications:partiality:read"

RECOMMENDATIONS = {
    "bevilja": N_("Bevilja"),
    "bevilja_delvis": N_("Bevilja delvis"),
    "avsla": N_("Avslå"),
    "komplettering": N_("Begär komplettering"),
    "hanskjut_nasta_omgang": N_("Hänskjut till nästa omgång"),
}
POINTS = {"0": N_("0, saknas"), "1": N_("1, svagt"), "2": N_("2, godtagbart"), "3": N_("3, starkt")}
ASSESSORS = 2
"""How many assess each application."""


class Criterion(Identified, Base):
    """What an application is judged by, while it was valid: a gate that is met or not, or points times `weight`."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)
    key: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(500), default="")
    gate: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Assessment(Flowing, Identified, Versioned, Base):
    """One person's assessment of an application (bedömning): sealed until all that were asked have handed in.

    `edition` is the edition that it is of. Who turns out to be jävig stays here with the reason, and is not counted.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        Index("ix_assessment_person_id", "person_id", "state"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int]
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None]
    handed_in_at: Mapped[datetime | None]
    recommendation: Mapped[str] = mapped_column(String(30), default="")
    summary: Mapped[str] = mapped_column(String(4000), default="")
    level: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise")
    application: Mapped[Application] = relationship(lazy="raise")


class Score(Versioned, Base):
    """The points of one criterion with the reason for them; a gate has 1 for met and 0 for not.

    While it is a draft the reason may come before the points.
    """

    __tablename__ = "assessment_score"
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 3", name="points"),)
    assessment_id: Mapped[int] = mapped_column(Key, ForeignKey("assessment.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(30), primary_key=True)
    points: Mapped[int | None]
    why: Mapped[str] = mapped_column(String(2000), default="")


class SpreadNote(Versioned, Base):
    """What the assessors say together where their points are more than one apart."""

    __tablename__ = "spread_note"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(30), primary_key=True)
    text: Mapped[str] = mapped_column(String(2000))
    points: Mapped[int | None]
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))


class Partiality(Identified, Base):
    """That somebody stands aside (jäv) from an application or from all of an organisation: declared, kept, enforced."""

    __tablename__ = "partiality"
    __table_args__ = (
        Index("ix_partiality_person_id", "person_id"),
        CheckConstraint("(application_id IS NULL) <> (organisation_id IS NULL)", name="about"),
    )
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    application_id: Mapped[int | None] = mapped_column(Key, ForeignKey("application.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class Ranked(Versioned, Base):
    """Where an application stands in the order of its round, and who put it there."""

    __tablename__ = "ranked_application"
    __table_args__ = (Index("ix_ranked_application_round_id", "round_id", "position"),)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(Key, ForeignKey("round.id"))
    position: Mapped[int]
    moved_at: Mapped[datetime]
    moved_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))


class Proposal(Versioned, Base):
    """What stadsledningskontoret proposes that an application gets in a year, in kronor."""

    __tablename__ = "proposed_amount"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(Key)


access.for_everybody(Criterion)


def lineage(organisations: Select[Any]) -> CTE:
    """Return organisations (a query of their keys) with those that they became, and those that became them.

    Who worked for Rinkeby-Kista does not judge what Järva applies for, nor the other way round.
    """
    found = organisations.cte(recursive=True)
    key = found.c[0]
    other = case((Organisation.successor_id == key, Organisation.id), else_=Organisation.successor_id)
    near = or_(Organisation.successor_id == key, (Organisation.id == key) & Organisation.successor_id.is_not(None))
    return found.union(select(other).where(near))


def aside_from(person: int | None) -> ColumnElement[bool]:
    """The condition that a person stands aside (är jävig) from an application: from it, or from who applies."""
    declared = select(Partiality.application_id).where(
        Partiality.person_id == person, Partiality.ended_at.is_(None), Partiality.application_id.is_not(None)
    )
    owned = select(Partiality.organisation_id).where(
        Partiality.person_id == person, Partiality.ended_at.is_(None), Partiality.organisation_id.is_not(None)
    )
    boards = select(lineage(owned).c[0])
    together = select(ApplicationParty.application_id).where(
        ApplicationParty.organisation_id.in_(boards),
        ApplicationParty.joined_on.is_not(None),
        ApplicationParty.left_on.is_(None),
    )
    return or_(Application.id.in_(declared), Application.organisation_id.in_(boards), Application.id.in_(together))


def all_are_in() -> ColumnElement[bool]:
    """The condition that an assessment is open: enough that count are in, and none that was asked is still writing."""
    other = Assessment.__table__.alias("other_assessment")
    of_same = other.c.application_id == Assessment.application_id
    writing = select(other.c.id).where(of_same, other.c.state == "tilldelad").exists()
    count = select(func.count()).select_from(other).where(of_same, other.c.state == "inlamnad").scalar_subquery()
    return ~writing & (count >= ASSESSORS)


@access.visible_to(Assessment, ASSESSED)
def _assessments(actor: Actor, permission: str) -> ColumnElement[bool]:
    """One's own; those of others when all are in, never that of an application from which one stands aside.

    Who assigns reaches them all, to take an assignment back or give it again: `services.assessing` tells nobody more
    than who assesses, and how far that is, before all are in.
    """
    own = Assessment.person_id == actor.id
    if permission == ASSESS:
        return own if actor.may(ASSESS) else Assessment.id.is_(None)
    if not actor.may(permission):
        return Assessment.id.is_(None)
    if actor.kind == "system":
        return Assessment.id.is_not(None)
    here = Assessment.application_id.in_(reached(actor, READ))
    if permission == ASSIGN:
        return here
    mine = Assessment.application_id.in_(select(Application.id).where(aside_from(actor.id)))
    return own | (all_are_in() & here & ~mine)


@access.visible_to(Score, ASSESSED)
def _scores(actor: Actor, permission: str) -> ColumnElement[bool]:
    return Score.assessment_id.in_(select(Assessment.id).where(access.rule_of(Assessment, actor, permission)))


def _told_with_scores(model: Any) -> None:
    """Let rows of `model` be read by those who read assessments, of applications that they reach."""

    @access.visible_to(model, ASSESSED)
    def rule(actor: Actor, permission: str) -> ColumnElement[bool]:
        found: ColumnElement[bool] = model.application_id.in_(reached(actor, READ))
        return found if actor.may(permission) else model.application_id.is_(None)


for _model in (SpreadNote, Ranked, Proposal):
    _told_with_scores(_model)


@access.visible_to(Partiality, INTERESTS)
def _partialities(actor: Actor, permission: str) -> ColumnElement[bool]:
    """One's own, and all of them for who looks after that the rule is kept."""
    own = Partiality.person_id == actor.id
    return own | Partiality.id.is_not(None) if actor.may(permission) else own
