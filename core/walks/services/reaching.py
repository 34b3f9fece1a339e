"""Whether somebody reaches one row, and whether it is still the one that was seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.dated import valid_on
from core.i18n import N_
from core.people.models import Organisation
from core.schema import Invalid

RECEIVERS = (
    "stadsdelsnamnd", "facknamnd", "bolag", "kommunalforbund", "kommunstyrelse", "polis_region", "polis_lpo",
    "fastighetsagarforening", "fastighetsagare", "region", "stat", "civilsamhalle", "naringsidkare", "ovrig",
)  # fmt: skip
"""Kinds of organisation that may be asked to answer, or to hold a walk together with its organiser."""


def reaches(actor: Actor, model: Any, key: int, permission: str) -> bool:
    """Whether the actor reaches one row with a permission."""
    found = select(model.id).where(model.id == key, access.rule_of(model, actor, permission))
    return db.session().scalar(found) is not None


def organisations(actor: Actor) -> list[Organisation]:
    """Return the organisations that can be asked today, by name."""
    rows = select(Organisation).where(Organisation.kind.in_(RECEIVERS), valid_on(Organisation, clock.today()))
    return list(db.session().scalars(access.visible(rows, actor).order_by(Organisation.name)))


def organisation_keys(actor: Actor, uids: Collection[UUID], field: str) -> list[int]:
    """Return the keys of organisations that can be asked; Invalid at `field` for one that cannot."""
    known = {row.uid: row.id for row in organisations(actor)} if uids else {}
    if not known.keys() >= set(uids):
        raise Invalid({field: [N_("En av organisationerna finns inte, eller så har den upphört.")]})
    return [known[uid] for uid in dict.fromkeys(uids)]
