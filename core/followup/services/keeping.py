"""The frister of a grant: one for each thing, met by what happens, begun anew when it is asked for again."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from core import access, clock, db
from core.applications.models import Application
from core.followup.limits import ONLY
from core.hookspecs import Rule
from core.i18n import N_
from core.refs import Subject
from core.reserve.models import Programme
from core.upkeep import services as upkeep

HOUSE = access.system("followup")
NOON = time(12)


def at(day: date) -> datetime:
    """Return the middle of a day in Stockholm: what is counted from a day begins there."""
    return datetime.combine(day, NOON, clock.STOCKHOLM)


def about(row: Any, application: Application) -> Subject:
    """Return a claim, a report or a measuring as the subject of a frist."""
    return Subject(row.__tablename__, row.uid, application.title, level=row.level)


def promise(
    key: str, row: Any, application: Application, *, owner: int, terms: Rule, start: date | None = None
) -> date:
    """Let something be due by `terms`, counted from a day (now); anew if it was met or had lapsed. Return the day."""
    subject, begins = about(row, application), at(start) if start else clock.now()
    known: dict[str, Any] = {"rule": ONLY, "subject": subject, "owner": owner, "terms": terms}
    deadline = upkeep.plan_deadline(HOUSE, key, starts_at=begins, **known)
    if deadline.state != "oppen":
        again: dict[str, Any] = {"rule": ONLY, "terms": terms, "starts_at": begins}
        upkeep.restart_deadline(HOUSE, key, subject, reason=N_("Gäller igen"), **again)
    elif terms.given and deadline.rule["given"] != str(terms.given):
        upkeep.retime_deadline(HOUSE, key, subject, terms=terms, reason=N_("Ny sista dag"))
    return deadline.due_on


def ask_the_city(key: str, row: Any, application: Application, terms: Rule) -> date:
    """Let who prepares the programme have until a day to answer what an applicant has sent. Return the day."""
    owner = db.session().get_one(Programme, application.programme_id).owner_id
    return promise(key, row, application, owner=owner, terms=terms)


def met(key: str, row: Any, application: Application, reason: str) -> None:
    """Let the frist be met."""
    upkeep.meet_deadline(HOUSE, key, about(row, application), reason=reason)


def lapsed(key: str, row: Any, application: Application, reason: str) -> None:
    """Let the frist lapse: nobody asks any more."""
    upkeep.drop_deadline(HOUSE, key, about(row, application), reason=reason)
