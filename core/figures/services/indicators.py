"""Indicators: what is measured, in which unit, how often, and what is not told of it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core import access, db, journal
from core.access import Actor
from core.figures import naming
from core.figures.models import EDIT, READ, UNITS, Figure, Indicator
from core.i18n import N_, Text
from core.places.services import rows_of
from core.schema import Invalid

_KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")
KEY_WORDS = N_("Skriv små bokstäver a–z, siffror och understreck, med en bokstav först.")
TAKEN = N_("En annan indikator heter redan {key} i filer.")
IN_USE = N_("Enheten går inte att byta när det finns siffror. Lägg upp en ny indikator.")
NO_SUMS = N_("Det går inte att lägga ihop {unit}.")
SUMS = ("antal", "kronor")
"""Units whose figures may be added up."""


def read_indicator(actor: Actor, uid: UUID, permission: str = READ) -> Indicator:
    """Return an indicator. Raises Missing, Denied."""
    access.require(actor, permission)
    return access.find(Indicator, uid, actor, permission)


def list_indicators(actor: Actor) -> list[Indicator]:
    """Return every indicator, those of a kind together."""
    access.require(actor, READ)
    rows = access.visible(select(Indicator), actor).order_by(Indicator.kind, Indicator.title, Indicator.id)
    return list(db.session().scalars(rows))


def add_indicator(actor: Actor, *, uid: UUID, key: str, **facts: Any) -> Indicator:
    """Add an indicator, once under its uid. Raises Denied, Invalid, Conflict."""
    access.require(actor, EDIT)
    if (known := db.session().scalar(select(Indicator).where(Indicator.uid == uid))) is not None:
        said = facts | {"key": key, "level": int(facts["level"])}
        if any(getattr(known, name) != value for name, value in said.items()):
            raise db.Conflict("indicator", uid)
        return known
    if not _KEY.fullmatch(key):
        raise Invalid({"key": [KEY_WORDS]})
    if db.session().scalar(select(Indicator.id).where(Indicator.key == key)) is not None:
        raise Invalid({"key": [Text(TAKEN, key=key)]})
    made = Indicator(uid=uid, key=key, **_checked(facts))
    db.session().add(made)
    db.session().flush()
    naming.forget()
    journal.write(actor, "indicator:add", "indicator", uid, key=key)
    return made


def change_indicator(actor: Actor, uid: UUID, *, version: int | None = None, **facts: Any) -> Indicator:
    """Change what stands about an indicator; its figures follow to who may see them. Raises Stale, Invalid, Missing."""
    found = access.find(Indicator, uid, actor, EDIT, lock=True)
    db.refuse_stale("indicator", uid, found.version, version)
    known = _checked(facts)
    if known["unit"] != found.unit:
        used = select(Figure.id).where(Figure.indicator_id == found.id, Figure.undone_at.is_(None)).limit(1)
        if db.session().scalar(used) is not None:
            raise Invalid({"unit": [IN_USE]})
    for name, value in known.items():
        setattr(found, name, value)
    db.session().flush()
    of_it = update(Figure).where(Figure.indicator_id == found.id, Figure.level != found.level)
    db.session().execute(of_it.values(level=found.level).execution_options(synchronize_session=False))
    naming.forget()
    journal.write(actor, "indicator:change", "indicator", uid, key=found.key)
    return found


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    known = {**facts, "level": int(facts["level"])}
    if known["adds"] and known["unit"] not in SUMS:
        raise Invalid({"adds": [Text(NO_SUMS, unit=UNITS[known["unit"]])]})
    return known


def load_indicators(actor: Actor) -> int:
    """Take in the city's own indicators from the seed pack, those that are not there; return how many came."""
    access.require(actor, EDIT)
    known = naming.indicators_by_key()
    rows = [row for row in rows_of("indicators.csv") if row["key"] not in known]
    for row in rows:
        facts = _checked(row | {"adds": row["adds"] == "ja"})
        db.session().add(Indicator(uid=db.uid_of(f"indicator {row['key']}"), **facts))
    db.session().flush()
    naming.forget()
    return len(rows)
