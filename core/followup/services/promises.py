"""What is promised in time while a grant is carried out: frister of the house's own, met by what happens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core import access, clock, db
from core.applications.models import Application
from core.followup.limits import ONLY
from core.hookspecs import Subject
from core.i18n import N_
from core.reserve.models import Programme
from core.upkeep import services as upkeep

HOUSE = access.system("followup")


def _about(kind: str, row: Any) -> Subject:
    return Subject(kind, row.uid, row.number, level=row.level)


def _owner(row: Any) -> int:
    """Return who prepares a programme: what is asked of the city is asked of them."""
    rows = select(Programme.owner_id).join(Application, Application.programme_id == Programme.id)
    return db.session().scalars(rows.where(Application.id == row.application_id)).one()


def ask_in_time(key: str, kind: str, row: Any) -> None:
    """Let the city have until a day to answer something that an applicant has sent; again when it comes again."""
    about = _about(kind, row)
    deadline = upkeep.plan_deadline(HOUSE, key, rule=ONLY, subject=about, owner=_owner(row), starts_at=clock.now())
    if deadline.state == "klar":
        upkeep.renew_deadline(HOUSE, key, about, starts_at=clock.now(), reason=N_("Skickad igen"))


def answered(key: str, kind: str, row: Any, reason: str) -> None:
    """Let the frist be met: the city has answered."""
    upkeep.meet_deadline(HOUSE, key, _about(kind, row), reason=reason)


def lapsed(key: str, kind: str, row: Any, reason: str) -> None:
    """Let the frist lapse: nobody asks any more."""
    upkeep.drop_deadline(HOUSE, key, _about(kind, row), reason=reason)
