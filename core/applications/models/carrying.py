"""With whom and how it is done: who was consulted, who lets it be done, permits, milestones, and who looks after it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.applications.models.applications import READ, Application, of_application, reached
from core.applications.models.content import ApplicationMeasure
from core.db import Base, Identified, Key, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.media.models import Photo
from core.people.models import Organisation
from core.places.models import PlaceControl

ASK_READ, ASK_ANSWER = "applications:consultation:read", "applications:consultation:answer"

STANCES = {"tillstyrker": N_("Tillstyrker"), "neutral": N_("Neutral"), "avstyrker": N_("Avstyrker")}
SAMRAD, MEDGIVANDE = "samrad", "medgivande"
ASKED_FOR = {SAMRAD: N_("Samråd"), MEDGIVANDE: N_("Medgivande")}
"""A view of the measures, or leave from whoever has rådighet over the spot: leave is given by `tillstyrker`."""

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


class ApplicationAsk(Flowing, Identified, Versioned, Base):
    """A question to another organisation about an application: for its view, or for its leave (samråd, medgivande).

    `control` is the rådighet that the leave is about. `outside` is a reply that came in another way, as `source` says.
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
    control_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place_control.id"))
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
    control: Mapped[PlaceControl | None] = relationship(lazy="raise")
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
    paid by `payer`. No grant is recorded until each built thing has all of it; when it is finished, they become
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
    accepted_on: Mapped[date | None]
    accepted_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    live_since: Mapped[date | None]
    measure: Mapped[ApplicationMeasure] = relationship(lazy="raise")
    owner: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    payer: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[payer_id])


class Attachment(Identified, Base):
    """A file that goes with an application: a photo that has been reviewed, or a PDF in the store under its hash."""

    __tablename__ = "application_attachment"
    __table_args__ = (Index("ix_application_attachment_application_id", "application_id", "id"),)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    photo_id: Mapped[int | None] = mapped_column(Key, ForeignKey("photo.id"))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    size: Mapped[int | None] = mapped_column(Key)
    type: Mapped[str] = mapped_column(String(60), default="")
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    photo: Mapped[Photo | None] = relationship(lazy="raise")


of_application(ApplicationPermit, Milestone, Attachment)


@access.visible_to(ApplicationAsk, ASK_READ)
def _asks(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who is asked sees the question and answers it; who reads the application sees all of them."""
    asked = access.within(actor, permission, ApplicationAsk.organisation_id)
    return asked if permission == ASK_ANSWER else asked | ApplicationAsk.application_id.in_(reached(actor, READ))


@access.visible_to(Promise, READ)
def _promises(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who promises sees it, beside those who read the application."""
    mine = Promise.owner_id.in_(actor.homes(ASK_ANSWER))
    return Promise.application_id.in_(reached(actor, permission)) | (
        mine & Promise.application_id.in_(select(Application.id).where(Application.submitted_at.is_not(None)))
    )
