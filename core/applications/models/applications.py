"""Applications: whose they are, where they stand, their parts, who writes in them, each edition that was frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.applications.models.rounds import Round
from core.cooperation.models import Cycle
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation, Person
from core.reserve.models import Programme

READ, WRITE = "applications:application:read", "applications:application:write"
REVIEW, RESOLVE, SUBMIT = (
    "applications:application:review",
    "applications:application:resolve",
    "applications:application:submit",
)
HANDLE, CLOSE = "applications:application:handle", "applications:application:close"
DECIDE, CORRECT = "applications:decision:record", "applications:decision:correct"

INSIDE = ("utkast", "intern_granskning", "klar_for_namnd", "namndbeslutad", "aterkallad")
"""States in which an application is the applicant's own working paper, which nobody else reads (domain.md 11.1)."""

NAMED = text("project_code <> ''")
AUDIENCES = {"intern": N_("Bara vi"), "alla": N_("Alla som läser ansökan")}


class Application(Flowing, Identified, Once, Base):
    """An application (ansökan) of a board for a programme's money, in a round or, without one, kept for later.

    `version` counts its moves only: what is written stands in its parts, each with its own, so that several write at
    once. `sought` is what it applies for in kronor: the sum of its costs, until a part is granted and they are a plan.
    `submitted_at` is when it last came in, `edition` which of its frozen editions that was. Diary numbers are text as
    each board writes them. `decided` is the board's own decision (nämndbeslut), `rank` the board's order among its own
    in the round. `reply_by` is the last day to complete it.
    `project_code` is how the city's finance system knows the work: one application's, whichever board has it.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("round_id", "organisation_id", "rank"),
        Index("ix_application_organisation_id", "organisation_id", "id"),
        Index("ix_application_round_id", "round_id", "state", "id"),
        Index("ix_application_in_round", "round_id", "organisation_id", "state", "sought"),
        Index("ix_application_state", "state", "id"),
        Index("ix_application_cycle_id", "cycle_id"),
        Index("uq_application_project_code", "project_code", unique=True, sqlite_where=NAMED, postgresql_where=NAMED),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    programme_id: Mapped[int] = mapped_column(Key, ForeignKey("programme.id"))
    round_id: Mapped[int | None] = mapped_column(Key, ForeignKey("round.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(120))
    cycle_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cycle.id"))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    edition: Mapped[int] = mapped_column(default=0)
    sought: Mapped[int] = mapped_column(Key, default=0)
    rank: Mapped[int | None]
    diary_own: Mapped[str] = mapped_column(String(60), default="")
    diary_city: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date | None]
    decided_paragraph: Mapped[str] = mapped_column(String(20), default="")
    decided_at_once: Mapped[bool] = mapped_column(default=False)
    conditional: Mapped[bool] = mapped_column(default=False)
    begun_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    reply_by: Mapped[date | None]
    budget_reference: Mapped[str] = mapped_column(String(60), default="")
    project_code: Mapped[str] = mapped_column(String(40), default="")
    finished_on: Mapped[date | None]
    level: Mapped[int] = mapped_column(default=1)
    programme: Mapped[Programme] = relationship(lazy="raise")
    round: Mapped[Round | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    cycle: Mapped[Cycle | None] = relationship(lazy="raise")


class ApplicationText(Base):
    """What the parts of an application tell in words and single facts; those of a part are written with its version.

    Nothing here is needed to save: the coach says what is missing. Amounts are kronor.
    """

    __tablename__ = "application_text"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    access_note: Mapped[str] = mapped_column(String(2000), default="")
    problem: Mapped[str] = mapped_column(String(8000), default="")
    cause_note: Mapped[str] = mapped_column(String(4000), default="")
    alternatives: Mapped[str] = mapped_column(String(4000), default="")
    displacement: Mapped[str] = mapped_column(String(4000), default="")
    expected: Mapped[str] = mapped_column(String(4000), default="")
    focus_area: Mapped[str] = mapped_column(String(40), default="")
    children_heard: Mapped[str] = mapped_column(String(10), default="")
    children_note: Mapped[str] = mapped_column(String(2000), default="")
    starts_on: Mapped[date | None]
    completes_on: Mapped[date | None]
    consultation_note: Mapped[str] = mapped_column(String(4000), default="")
    control_note: Mapped[str] = mapped_column(String(4000), default="")
    cost_note: Mapped[str] = mapped_column(String(4000), default="")
    running_note: Mapped[str] = mapped_column(String(2000), default="")
    upkeep_note: Mapped[str] = mapped_column(String(4000), default="")


class ApplicationPart(Versioned, Base):
    """How a part of an application stands: marked as done by whom, and what is asked to be completed in it."""

    __tablename__ = "application_part"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    wanted: Mapped[str] = mapped_column(String(2000), default="")
    wanted_edition: Mapped[int | None]


class ApplicationDraft(Base):
    """What somebody has written in a part's form and not saved, as the form has it: nobody else sees it.

    {"schema": 1, "version": …, "values": {field: [texts]}}; `version` is that of the part it was written from.
    """

    __tablename__ = "application_draft"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), primary_key=True)
    written: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class ApplicationParty(Identified, Base):
    """A board that is asked to apply together with the applicant (medsökande), and reads it; once it has `joined_on` it
    writes in its parts (E11). One that said no has left without. One that is asked anew had `joined_before`.
    """

    __tablename__ = "application_party"
    __table_args__ = (
        UniqueConstraint("application_id", "organisation_id"),
        Index("ix_application_party_organisation_id", "organisation_id", "application_id"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    joined_before: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class ApplicationEdition(Identified, Base):
    """An edition of an application, frozen as it was decided or handed in (E17): {"schema": 1, part: …}."""

    __tablename__ = "application_edition"
    __table_args__ = (UniqueConstraint("application_id", "number"),)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    number: Mapped[int]
    why: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class ApplicationEvent(Base):
    """What happened to an application: a move, or what it says itself; by whom, why."""

    __tablename__ = "application_event"
    __table_args__ = (Index("ix_application_event_application_id", "application_id", "id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(20), default="")
    target: Mapped[str] = mapped_column(String(20), default="")
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    person: Mapped[Person | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class ApplicationComment(Identified, Base):
    """Something said about a part of an application: inside one organisation, or to all who read it."""

    __tablename__ = "application_comment"
    __table_args__ = (
        Index("ix_application_comment_application_id", "application_id", "id"),
        Index("ix_application_comment_at", "at"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    part: Mapped[str] = mapped_column(String(20), default="")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    at: Mapped[datetime]
    audience: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(2000))
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")


def _together(organisations: Any, permission: str) -> ColumnElement[bool]:
    """The condition that one of the boards applies together; who is only asked to reads, and nothing more."""
    together = select(ApplicationParty.application_id).where(
        ApplicationParty.organisation_id.in_(organisations), ApplicationParty.left_on.is_(None)
    )
    if permission != READ:
        together = together.where(ApplicationParty.joined_on.is_not(None))
    return Application.id.in_(together)


@access.visible_to(Application, READ)
def _applications(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The applicants write theirs; whoever reads for the whole city does so once it has been handed in."""
    rules: list[ColumnElement[bool]] = []
    for reach in actor.reaches(permission):
        if reach.areas is not None or reach.categories is not None:
            continue
        if reach.organisations is None:
            rules.append(Application.state.not_in(INSIDE) if actor.kind != "system" else Application.id.is_not(None))
        else:
            own = Application.organisation_id.in_(reach.organisations)
            rules.append(
                own if permission in (SUBMIT, RESOLVE) else or_(own, _together(reach.organisations, permission))
            )
    return or_(*rules) if rules else and_(Application.id.is_(None))


def reached(actor: Actor, permission: str = READ) -> Any:
    """Return the keys of the applications that the actor reaches with a permission."""
    return select(Application.id).where(access.rule_of(Application, actor, permission))


def reads_city(actor: Actor, *permissions: str) -> bool:
    """Whether the actor has one of the permissions for the whole city, and not just for its own boards."""
    return any(reach.organisations is None for one in permissions for reach in actor.reaches(one))


def is_reached(model: Any, actor: Actor, *permissions: str) -> ColumnElement[bool]:
    """Return the condition for rows of `model` whose application the actor reaches with each of the permissions.

    Who reads the whole city reaches all but the working papers of others: those few are at hand then, and not all that
    there is. Who reads a board's has a list of its own at hand.
    """
    asked = permissions or (READ,)
    reads = and_(*(access.rule_of(Application, actor, one) for one in asked))
    if all(reads_all(actor, one) for one in asked):
        hidden = select(Application.id).where(Application.state.in_(INSIDE), not_(reads))
        unseen: ColumnElement[bool] = model.application_id.not_in(hidden)
        return unseen
    found: ColumnElement[bool] = model.application_id.in_(select(Application.id).where(reads))
    return found


def reads_all(actor: Actor, permission: str) -> bool:
    """Whether a permission reaches all applications that have been handed in."""
    wide = (reach for reach in actor.reaches(permission) if reach.organisations is None)
    return any(reach.areas is None and reach.categories is None for reach in wide)


def of_application(*models: Any) -> None:
    """Let rows of `models` be reached with their application."""

    def rule_for(model: Any) -> access.RowRule:
        return lambda actor, permission: is_reached(model, actor, permission)

    for model in models:
        access.visible_to(model, READ)(rule_for(model))


of_application(ApplicationText, ApplicationPart, ApplicationParty, ApplicationEdition, ApplicationEvent)


@access.visible_to(ApplicationDraft, READ)
def _drafts(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Nobody but who writes reads what is not saved."""
    return (ApplicationDraft.person_id == actor.id) & ApplicationDraft.application_id.in_(reached(actor, permission))


@access.visible_to(ApplicationComment, READ)
def _comments(actor: Actor, permission: str) -> ColumnElement[bool]:
    """What is said inside an organisation stays there, also for those who read for the whole city."""
    told = (ApplicationComment.audience == "alla") & ApplicationComment.application_id.in_(reached(actor, permission))
    whole = (grant for grant in actor.grants if grant.areas is None and not grant.categories)
    inside = {grant.organisation for grant in whole} if actor.may(permission) else set()
    return told | ApplicationComment.organisation_id.in_(inside)
