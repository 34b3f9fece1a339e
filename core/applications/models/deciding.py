"""Deciding: meetings of the deciding body, what it decided of each application, for which years, on which terms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.applications.models.applications import DECIDE, READ, Application, is_reached
from core.applications.models.rounds import Round
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation
from core.reserve.models import Booking, Programme

ROUND_READ, DECISION_READ = "applications:round:read", "applications:decision:read"
CONFIRM = "applications:decision:confirm"

OUTCOMES = {
    "beviljad": N_("Beviljad"),
    "delvis_beviljad": N_("Delvis beviljad"),
    "avslag": N_("Avslag"),
    "aterremiss": N_("Återremiss"),
    "bordlagd": N_("Bordlagd"),
    "utgar": N_("Utgår"),
}
RETURNS = {"under_bedomning": N_("Till ny bedömning"), "utkast": N_("Till sökanden, som skriver om")}
"""Where what is sent back goes (domain.md 1.3)."""
GRANTS = ("beviljad", "delvis_beviljad")
MOTIVES = {
    "analys_bristfallig": N_("Analysen bär inte"),
    "ej_fysisk_miljo": N_("Gäller inte den fysiska miljön"),
    "ej_tilltrade": N_("Allmänheten har inte tillträde"),
    "drift_ej_investering": N_("Är drift, inte investering"),
    "ordinarie_uppdrag": N_("Ingår i nämndens ordinarie uppdrag"),
    "annan_finansiering": N_("Kan betalas på annat sätt"),
    "ej_genomforbar": N_("Går inte att genomföra som den är beskriven"),
    "ram_slut": N_("Ramen räcker inte"),
    "lagre_prioritet": N_("Andra ansökningar gick före"),
}
"""Why an application was refused (domain.md 1.2): about the application, never about a person."""


class BodyMeeting(Flowing, Identified, Versioned, Once, Base):
    """A meeting (sammanträde) of the body that decides for a programme, with the order that it decides by.

    One a day, beside those that were called off. `adjusted_on` is the day when its minutes were confirmed (justerat).
    """

    __tablename__ = "meeting_of_body"
    __table_args__ = (
        Index(
            "uq_meeting_of_body_day",
            "programme_id",
            "organisation_id",
            "held_on",
            unique=True,
            sqlite_where=text("state <> 'installt'"),
            postgresql_where=text("state <> 'installt'"),
        ),
        Index("ix_meeting_of_body_round_id", "round_id"),
        Index("ix_meeting_of_body_held_on", "held_on", "id"),
    )
    programme_id: Mapped[int] = mapped_column(Key, ForeignKey("programme.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    round_id: Mapped[int | None] = mapped_column(Key, ForeignKey("round.id"))
    held_on: Mapped[date]
    diary: Mapped[str] = mapped_column(String(60), default="")
    adjusted_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    programme: Mapped[Programme] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    round: Mapped[Round | None] = relationship(lazy="raise")


class GrantDecision(Flowing, Identified, Versioned, Once, Base):
    """What a meeting decided of an application: recorded by one person, and in force when another has confirmed it.

    One is in force for an application at a meeting. `left_out` are the measures that it is not for when a part is
    granted, as they were then: {"schema": 1, "measures": [{uid, number, text}]}; without it, it is for all. `departs`
    is why it is not what the frozen order proposed. `plan_by` is the last day to hand in a new plan when a part was
    granted. `wrong_because` is why who recorded it says that it is recorded wrongly: it stands until another person
    agrees.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_application_id", "application_id", "id"),
        Index("ix_decision_meeting_id", "meeting_id", "id", "state", "application_id"),
        Index(
            "uq_decision_in_force",
            "application_id",
            "meeting_id",
            unique=True,
            sqlite_where=text("state NOT IN ('rattad', 'aterkallad')"),
            postgresql_where=text("state NOT IN ('rattad', 'aterkallad')"),
        ),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    meeting_id: Mapped[int] = mapped_column(Key, ForeignKey("meeting_of_body.id"))
    paragraph: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    motive: Mapped[str] = mapped_column(String(30), default="")
    motive_text: Mapped[str] = mapped_column(String(4000), default="")
    conditions: Mapped[str] = mapped_column(String(4000), default="")
    reservation: Mapped[str] = mapped_column(String(4000), default="")
    departs: Mapped[str] = mapped_column(String(2000), default="")
    returns_to: Mapped[str] = mapped_column(String(20), default="")
    left_out: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    plan_by: Mapped[date | None]
    wrong_because: Mapped[str] = mapped_column(String(2000), default="")
    wrong_at: Mapped[datetime | None]
    wrong_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    booking_id: Mapped[int | None] = mapped_column(Key, ForeignKey("booking.id"))
    level: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise")
    meeting: Mapped[BodyMeeting] = relationship(lazy="raise")
    booking: Mapped[Booking | None] = relationship(lazy="raise")


class DecisionDraft(Base):
    """What somebody has written of a decision and not recorded, as the form has it: nobody else sees it.

    {"schema": 1, "values": {field: [texts]}}.
    """

    __tablename__ = "decision_draft"
    meeting_id: Mapped[int] = mapped_column(Key, ForeignKey("meeting_of_body.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), primary_key=True)
    written: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class Allocation(Base):
    """What a decision grants in a budget year (tilldelning), in kronor, with the reserve's code then.

    Not by measure: the body grants years of its frames (domain.md 1.2, `budget_year, granted_sek`), and says which
    measures it leaves out. What each of the others gets the applicant tells in its new plan,
    whose costs must be what was granted each year and whose measures may cost no more (`services.answering`); between
    them it is moved by a decision of its own (`Reallocation`). Written as the decision is recorded; it counts, and is
    booked, while the decision is in force (`bekraftad`).
    """

    __tablename__ = "allocation"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    decision_id: Mapped[int] = mapped_column(Key, ForeignKey("decision.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(Key)
    reserve_code: Mapped[str] = mapped_column(String(20))


@access.visible_to(BodyMeeting, ROUND_READ)
def _meetings(actor: Actor, permission: str) -> ColumnElement[bool]:
    """When a committee meets, about which round, is told to all who work in the city; what is on its list is not."""
    return BodyMeeting.id.is_not(None) if actor.may(permission) else BodyMeeting.id.is_(None)


@access.visible_to(GrantDecision, DECISION_READ)
def _decisions(actor: Actor, permission: str) -> ColumnElement[bool]:
    """What waits to be confirmed is known to those who record and confirm; the rest with its application."""
    if not actor.may(permission):
        return GrantDecision.id.is_(None)
    found = is_reached(GrantDecision, actor, READ)
    return found if actor.may(DECIDE) or actor.may(CONFIRM) else found & (GrantDecision.state == "bekraftad")


@access.visible_to(DecisionDraft, DECIDE)
def _drafts(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Nobody but who writes reads what is not recorded."""
    return (DecisionDraft.person_id == actor.id) & is_reached(DecisionDraft, actor, permission)


@access.visible_to(Allocation, DECISION_READ)
def _allocations(actor: Actor, permission: str) -> ColumnElement[bool]:
    return Allocation.decision_id.in_(select(GrantDecision.id).where(access.rule_of(GrantDecision, actor, permission)))
