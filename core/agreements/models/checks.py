"""The check of democratic conditions: asked of an association or a business that becomes a party or gets support."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.agreements.models.together import homes
from core.db import Base, Identified, Key, Once
from core.i18n import N_
from core.people.models import Organisation

MAKE_CHECK, READ_CHECK = "agreements:check:make", "agreements:check:read"
CHECKED_KINDS = ("civilsamhalle", "naringsidkare", "fastighetsagarforening", "fastighetsagare", "ovrig")
"""Kinds of organisation that are asked: no authority, and nothing of the city's own (Z41)."""
OCCASIONS = {"part": N_("Ska bli part i en överenskommelse"), "stod": N_("Ska få stöd")}
CHECK_RESULTS = {
    "uppfyller": N_("Uppfyller villkoren"),
    "med_atgard": N_("Uppfyller villkoren om något rättas"),
    "uppfyller_inte": N_("Uppfyller inte villkoren"),
}
ANSWERS = {"ja": N_("Ja"), "nej": N_("Nej"), "vet_inte": N_("Vet inte")}


class PartyCheck(Identified, Once, Base):
    """That an outside organisation was asked about democratic conditions: what was asked, and what came of it.

    `answers` stand as they were asked: {schema: 1, rows: [{key, question, answer}]}. It holds until `valid_to`. Who
    asked is a function, never a name.
    """

    __tablename__ = "party_check"
    __table_args__ = (Index("ix_party_check_organisation_id", "organisation_id", "id"),)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    checked_by_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    occasion: Mapped[str] = mapped_column(String(20))
    function: Mapped[str] = mapped_column(String(120))
    checked_on: Mapped[date]
    valid_to: Mapped[date]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(2000), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    checked_by: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[checked_by_id])


@access.visible_to(PartyCheck, READ_CHECK)
def _checks(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who made it, and who reads for the whole city; the organisation itself sees what was said of it."""
    own = access.within(actor, permission, PartyCheck.checked_by_id)
    return own if permission != READ_CHECK else own | PartyCheck.organisation_id.in_(homes(actor))
