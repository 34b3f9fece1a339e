"""With whom and how it is done: who was consulted, who lets it be done, permits, milestones, and who looks after it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.applications.models.applications import READ, Application, is_reached, of_application, reached
from core.applications.models.content import ApplicationMeasure
from core.db import Base, Identified, Key, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.media.models import Photo
from core.people.models import Organisation

LEFT = text("done_on IS NULL")

ASK_READ, ASK_ANSWER = "applications:consultation:read", "applications:consultation:answer"

STANCES = {"tillstyrker": N_("Tillstyrker"), "neutral": N_("Neutral"), "avstyrker": N_("Avstyrker")}
SAMRAD, MEDGIVANDE = "samrad", "medgivande"
ASKED_FOR = {SAMRAD: N_("Samråd"), MEDGIVANDE: N_("Medgivande")}
"""A view of the measures, or leave from whoever has rådighet over the spot: leave is given by `tillstyrker`."""
STREET = ("vaghallare", "driftansvar_gata", "belysning_agare")
"""Rådighet over street land and its lighting: who has it must be asked for a view, not only may be (domain.md 1.2)."""

PERMIT_KINDS = {
    "bygglov": N_("Bygglov"),
    "marklov": N_("Marklov"),
    "polistillstand": N_("Polistillstånd"),
    "ta_plan": N_("TA-plan"),
    "strandskydd": N_("Strandskydd"),
    "kulturmiljo": N_("Kulturmiljö"),
    "schakt": N_("Schakttillstånd"),
}
PERMIT_STANDS = {
    "oklart": N_("Inte utrett"),
    "behovs_ej": N_("Behövs inte"),
    "behovs": N_("Behövs, inte sökt"),
    "sokt": N_("Sökt"),
    "beviljat": N_("Beviljat"),
}
ATTACHMENT_KINDS = {
    "foto": N_("Foto"),
    "kalkyl": N_("Kalkyl"),
    "ritning": N_("Ritning"),
    "ovrigt": N_("Övrigt"),
}
FOTO, PDF = "foto", "application/pdf"
PAPERS = {key: title for key, title in ATTACHMENT_KINDS.items() if key != FOTO}
"""What a file can be."""
LARGEST = 20_000_000
"""Bytes of one file."""


class ApplicationAsk(Flowing, Identified, Versioned, Base):
    """A question to another organisation about an application: for its view, or for its leave (samråd, medgivande).

    Leave is given for all rådighet that it has over the places. `outside` is a reply that came in another way, as
    `source` says.
    """

    __tablename__ = "application_ask"
    __table_args__ = (
        Index("ix_application_ask_application_id", "application_id", "id"),
        Index("ix_application_ask_organisation_id", "organisation_id", "state"),
        UniqueConstraint("application_id", "organisation_id", "asked_for"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    asked_for: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(String(2000), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(20))
    stance: Mapped[str] = mapped_column(String(20), default="")
    answer: Mapped[str] = mapped_column(String(4000), default="")
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    outside: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(300), default="")
    considered: Mapped[str] = mapped_column(String(2000), default="")
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    application: Mapped[Application] = relationship(lazy="raise")


class ApplicationPermit(Versioned, Base):
    """Whether a permit is needed, and how it stands."""

    __tablename__ = "application_permit"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    stands: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(500), default="")


class Milestone(Identified, Versioned, Base):
    """A step of the work with its day, and how much of the work it is, in percent (F5)."""

    __tablename__ = "application_milestone"
    __table_args__ = (
        Index("ix_application_milestone_application_id", "application_id", "due_on"),
        Index("ix_application_milestone_left", "application_id", "due_on", sqlite_where=LEFT, postgresql_where=LEFT),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    weight: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(1000), default="")


class Promise(Identified, Versioned, Base):
    """A maintenance promise (skötsellöfte) for one built thing: who looks after it, to which standard, how often.

    First inspected `first_after` months after it is finished, then every `every` months; `cost` kronor a year to run,
    paid by `payer`. An owner who is not of the applicants is asked on `asked_on`, and accepts or says why not
    (`declined`). No grant is recorded until each built thing has all of it; when it is finished, they become
    frister (X3).
    """

    __tablename__ = "maintenance_promise"
    __table_args__ = (
        Index("ix_maintenance_promise_application_id", "application_id", "id"),
        Index("ix_maintenance_promise_owner_id", "owner_id"),
        CheckConstraint("first_after BETWEEN 0 AND 120 AND every BETWEEN 1 AND 120", name="months"),
        CheckConstraint("cost >= 0", name="cost"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    measure_id: Mapped[int] = mapped_column(Key, ForeignKey("application_measure.id"), unique=True)
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    standard: Mapped[str] = mapped_column(String(500), default="")
    first_after: Mapped[int] = mapped_column(default=1)
    every: Mapped[int] = mapped_column(default=12)
    cost: Mapped[int | None] = mapped_column(Key)
    payer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    asked_on: Mapped[date | None]
    declined: Mapped[str] = mapped_column(String(1000), default="")
    accepted_on: Mapped[date | None]
    accepted_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    live_since: Mapped[date | None]
    measure: Mapped[ApplicationMeasure] = relationship(lazy="raise")
    owner: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    payer: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[payer_id])


class Attachment(Identified, Base):
    """A file that goes with an application: a photo that has been reviewed, or a PDF in the store under its hash.

    One that stands in a frozen edition is kept when it is removed, with the day (`removed_on`).
    """

    __tablename__ = "application_attachment"
    __table_args__ = (
        Index("ix_application_attachment_application_id", "application_id", "id"),
        Index("ix_application_attachment_sha256", "sha256"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    photo_id: Mapped[int | None] = mapped_column(Key, ForeignKey("photo.id"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(Key)
    type: Mapped[str] = mapped_column(String(60), default="")
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    removed_on: Mapped[date | None]
    photo: Mapped[Photo | None] = relationship(lazy="raise")


of_application(ApplicationPermit, Milestone, Attachment)


def _at_home(actor: Actor, permission: str, owner: Any) -> ColumnElement[bool]:
    """Rows of the actor's own organisations; whoever reads for the whole city has none by that."""
    if actor.kind == "system":
        return true()
    whole = (one for one in actor.reaches(permission) if one.areas is None and one.categories is None)
    return or_(false(), *(owner.in_(one.organisations) for one in whole if one.organisations is not None))


@access.visible_to(ApplicationAsk, ASK_READ)
def _asks(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who is asked sees the question and answers it; who reads the application sees all of them, and its authors
    change them.
    """
    asked = _at_home(actor, permission, ApplicationAsk.organisation_id)
    if permission == ASK_ANSWER:
        return asked
    if permission != ASK_READ:
        return ApplicationAsk.application_id.in_(reached(actor, permission))
    return asked | ApplicationAsk.application_id.in_(reached(actor, READ))


@access.visible_to(Promise, READ)
def _promises(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who promises sees it once asked or handed in, beside those who read the application; its authors change it."""
    whose = select(Application.id).where(Application.id == Promise.application_id)
    handed_in = whose.where(Application.submitted_at.is_not(None)).correlate(Promise).exists()
    asked = or_(Promise.asked_on.is_not(None), handed_in) & _at_home(actor, ASK_ANSWER, Promise.owner_id)
    if permission == ASK_ANSWER:
        return asked
    found = is_reached(Promise, actor, permission)
    return found | asked if permission == READ else found
