"""What collaborations, agreements and councils share: who reaches them, and what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Key
from core.i18n import N_
from core.people.models import Organisation

READ, LEAD, WRITE = "agreements:agreement:read", "agreements:agreement:lead", "agreements:agreement:write"
BOARD_KIND = "stadsdelsnamnd"
POLICE_KINDS = ("polis_lpo", "polis_region")
EDUCATION = "utbildning"
"""The code of the board for education, which a local council always has as a member (Z14)."""

PARTS = {
    "platssamverkan": N_("Platssamverkan"),
    "polis": N_("Överenskommelse med polisen"),
    "rad": N_("Lokalt råd"),
}
"""What every stadsdelsnämnd is to have (Z15, Z47)."""


def homes(actor: Actor, permission: str = WRITE) -> Any:
    """Return the keys of the organisations that the actor writes for: its own, and those that were merged into them."""
    own = select(Organisation.id).where(Organisation.id.in_(actor.homes(permission))).cte(recursive=True)
    own = own.union(select(Organisation.id).where(Organisation.successor_id == own.c.id))
    return select(own.c.id)


class Parties:
    """The organisations that take part in something, as an owner of it; `column` is what their rows belong to."""

    def __init__(self, model: Any, party: Any, column: Any) -> None:
        self.model, self.party, self.column = model, party, column

    def in_(self, organisations: Any) -> ColumnElement[bool]:
        taking = select(self.column).where(self.party.organisation_id.in_(organisations), self.party.left_on.is_(None))
        found: ColumnElement[bool] = self.model.id.in_(taking)
        return found


def shared(model: Any, party: Any, column: Any, area: Any = None) -> None:
    """Let who leads a thing lead it, and its parties read it and write their own part, whatever their role."""
    parties = Parties(model, party, column)

    @access.visible_to(model, READ)
    def _rule(actor: Actor, permission: str) -> ColumnElement[bool]:
        if permission == WRITE:
            return parties.in_(homes(actor))
        owners: tuple[Any, ...] = (model.organisation_id,) if permission == LEAD else (model.organisation_id, parties)
        return access.within(actor, permission, *owners, area=area)


def reached(model: Any, actor: Actor, permission: str = READ) -> Any:
    """Return the keys of the rows of `model` that the actor reaches with a permission."""
    return select(model.id).where(access.rule_of(model, actor, permission))


def with_its(model: Any, *owners: tuple[Any, Any]) -> None:
    """Let rows of `model` be reached with what they belong to: pairs of column and the model that it names."""

    @access.visible_to(model, READ)
    def _rule(actor: Actor, permission: str) -> ColumnElement[bool]:
        return or_(*(column.in_(reached(owner, actor, permission)) for column, owner in owners))


class AgreementEvent(Base):
    """What happened to a collaboration, an agreement or a council: by which organisation, when and why."""

    __tablename__ = "agreement_event"
    __table_args__ = (
        Index("ix_agreement_event_collaboration_id", "collaboration_id", "id"),
        Index("ix_agreement_event_agreement_id", "agreement_id", "id"),
        Index("ix_agreement_event_council_id", "council_id", "id"),
        Index("ix_agreement_event_at", "at"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    collaboration_id: Mapped[int | None] = mapped_column(Key, ForeignKey("collaboration.id"))
    agreement_id: Mapped[int | None] = mapped_column(Key, ForeignKey("agreement.id"))
    council_id: Mapped[int | None] = mapped_column(Key, ForeignKey("council.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    target: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(String(300), default="")
    about_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    about: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[about_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[organisation_id])
