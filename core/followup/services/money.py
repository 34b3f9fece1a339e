"""What a granted application has: kronor a year by account, what is claimed of it, and what may still be moved.

Whoever changes any of it locks the application first, so that two never count on the same krona.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select

from core import access, clock, db, flow
from core.access import Actor
from core.applications.models import Application
from core.applications.states import GRANTED_STATES
from core.followup.models import CHECK, READ, CarryOver, Claim, Reallocation
from core.followup.states import CARRY_OVER, REALLOCATION
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.reserve.models import BOOKED, COMMITTED, FORECAST, GRANTED, Booking, Programme
from core.reserve.services import book
from core.reserve.words import kronor
from core.schema import Invalid

HOUSE = access.system("followup")
CLAIMED, APPROVED = ("inskickad", "granskad", "betald"), ("granskad", "betald")
"""States of a claim that counts; and those in which its money is to be paid, or has been."""
NOT_GRANTED = N_("Ansökan har inga beviljade medel. Medel används när den är beviljad.")
USED_MORE = N_("{year} är {over} mer använt än beviljat.")
BOUND_MORE = N_("{year} är {over} mer bundet i avtal än beviljat.")
FORESEEN_MORE = N_("Prognosen för {year} är {over} högre än det som är beviljat.")
FORESEEN_LESS = N_("Prognosen för {year} är {over} lägre än det som redan är använt.")
BEFORE_ASKED = N_("Det begärdes {day}. Skriv den dagen eller en senare.")
UNUSED = N_(
    "Högst {most} är kvar av {year}. Beviljat: {granted}. Använt, eller godkänt att betala: {spent}. "
    "Redan begärt att flytta: {asked}."
)
HELD = N_(
    "Av {year} är {waits} rekvirerat och väntar på granskning. Pengarna går inte att flytta eller lämna tillbaka "
    "förrän rekvisitionen har kommit tillbaka. Be stadsledningskontoret om det."
)
HELD_HERE = N_(
    "Av {year} är {waits} rekvirerat och väntar på granskning. Pengarna går inte att flytta eller lämna tillbaka "
    "förrän rekvisitionen har kommit tillbaka. Lämna tillbaka den till sökanden först."
)


@dataclass(frozen=True)
class Year:
    """What a granted application has in a budget year, in kronor."""

    year: int
    granted: int = 0
    committed: int = 0
    used: int = 0
    forecast: int | None = None
    claimed: int = 0
    approved: int = 0

    @property
    def spent(self) -> int:
        """What is used: by the finance system or, before its rows have come, by claims that are approved or paid."""
        return max(self.used, self.approved, 0)

    @property
    def waits(self) -> int:
        """What is claimed and not approved yet, beside what is used: it is asked for, and holds its money."""
        return max(self.claimed - self.spent, 0)

    @property
    def unused(self) -> int:
        """What is neither used nor claimed: all that may follow to another year, be used for something else, or go
        back.
        """
        return self.granted - self.spent - self.waits

    def holds(self, actor: Actor) -> Text | None:
        """What is told where money is moved, as long as a claim waits: whom to ask, or to who checks it what to do."""
        words = HELD_HERE if actor.may(CHECK) else HELD
        return Text(words, year=str(self.year), waits=kronor(self.waits)) if self.waits else None

    @property
    def warnings(self) -> list[Text]:
        """What cannot be right, or cannot go on: more used or bound than there is, or foreseen than can come true."""
        known = {"year": str(self.year)}
        found = [
            (USED_MORE, self.spent - self.granted),
            (BOUND_MORE, self.committed - self.granted),
            (FORESEEN_MORE, (self.forecast or 0) - self.granted),
            (FORESEEN_LESS, self.spent - self.forecast if self.forecast is not None else 0),
        ]
        return [Text(told, over=kronor(over), **known) for told, over in found if over > 0]


def years_of(actor: Actor, application: Application) -> list[Year]:
    """Return what an application has, the earliest year first, in two queries. Raises Denied, Missing."""
    access.require(actor, READ)
    return _years(application)


def _years(application: Application) -> list[Year]:
    booked = book.of_matter(application.uid)
    claimed = _claimed(application)
    return [
        Year(
            year,
            booked.get(year, {}).get(GRANTED, 0),
            booked.get(year, {}).get(COMMITTED, 0),
            booked.get(year, {}).get(BOOKED, 0),
            booked.get(year, {}).get(FORECAST),
            *claimed.get(year, (0, 0)),
        )
        for year in sorted({*booked, *claimed})
    ]


def _claimed(application: Application) -> dict[int, tuple[int, int]]:
    """Return what is claimed of an application each year, and what of that is approved or paid."""
    approved = func.sum(case((Claim.state.in_(APPROVED), Claim.amount), else_=0))
    rows = select(Claim.year, func.sum(Claim.amount), approved).group_by(Claim.year)
    rows = rows.where(Claim.application_id == application.id, Claim.state.in_(CLAIMED))
    return {year: (int(every), int(some)) for year, every, some in db.session().execute(rows)}


def about_application(model: Any, uid: UUID) -> ColumnElement[bool]:
    """Return the condition that a row of `model` is about an application."""
    found: ColumnElement[bool] = model.application_id.in_(select(Application.id).where(Application.uid == uid))
    return found


def of_year(application: Application, year: int) -> Year:
    """Return what an application that is locked has in one year; nothing is nothing."""
    return next((one for one in _years(application) if one.year == year), Year(year))


def asked_of(application: Application, year: int) -> int:
    """Return how much of a year is asked to follow to another or to be used for another matter, and not decided yet."""
    about = Reallocation.application_id == application.id, Reallocation.to_id != application.id
    follows = select(func.sum(CarryOver.amount)).where(
        CarryOver.application_id == application.id,
        CarryOver.from_year == year,
        CarryOver.state.in_(CARRY_OVER.open_states()),
    )
    leaves = select(func.sum(Reallocation.amount)).where(
        *about, Reallocation.year == year, Reallocation.state.in_(REALLOCATION.open_states())
    )
    both = (func.coalesce(rows.scalar_subquery(), 0) for rows in (follows, leaves))
    return sum(int(amount) for amount in db.session().execute(select(*both)).one())


def lock_granted(actor: Actor, uid: UUID, permission: str, states: Collection[str] = GRANTED_STATES) -> Application:
    """Return an application that has money, locked, once the actor reaches it. Raises Missing, Denied, Refused."""
    found = access.find(Application, uid, actor, permission, lock=True)
    if found.state not in states:
        raise flow.Refused([Objection(NOT_GRANTED)])
    return found


def refuse_more(actor: Actor, amount: int, has: Year, asked: int = 0) -> None:
    """Refuse to move more of a year than is neither used nor claimed nor `asked` to be moved. Raises Refused."""
    most = has.unused - asked
    if amount > most:
        sums = {"most": max(most, 0), "granted": has.granted, "spent": has.spent, "asked": asked}
        told = {name: kronor(amount) for name, amount in sums.items()}
        words = [Text(UNUSED, year=str(has.year), **told), has.holds(actor)]
        raise flow.Refused([Objection(one, "amount") for one in words if one is not None])


def refuse_wrong_day(decided_on: date, asked_at: datetime) -> None:
    """Refuse that something was decided before it was asked for, or on a day to come. Raises Invalid."""
    first = clock.local(asked_at).date()
    if decided_on > clock.today():
        raise Invalid({"decided_on": [N_("Dagen har inte varit än.")]})
    if decided_on < first:
        raise Invalid({"decided_on": [Text(BEFORE_ASKED, day=first.isoformat())]})


def refuse_moving(actor: Actor, application: Application, year: int, amount: int) -> None:
    """Refuse to move more of a year than is neither used, claimed nor asked to be moved already. Raises Refused."""
    refuse_more(actor, amount, of_year(application, year), asked_of(application, year))


def post(
    actor: Actor,
    application: Application,
    *,
    uid: UUID,
    kind: str,
    lines: list[book.Line],
    second: Actor | None = None,
    decision: str = "",
    reason: str = "",
) -> Booking:
    """Book something about an application, as the house, by whoever has been let decide it. Raises Over, Conflict."""
    return book.post(
        HOUSE,
        uid=uid,
        programme=db.session().get_one(Programme, application.programme_id),
        kind=kind,
        lines=lines,
        by=actor,
        second=second,
        matter=application.uid,
        number=application.number,
        organisation=application.organisation_id,
        decision=decision,
        reason=reason,
    )
