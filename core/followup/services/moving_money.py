"""Money used for something else (omdisponering), and money handed back: within a year, by decisions of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import Application, ApplicationMeasure
from core.applications.states import GRANTED_STATES
from core.followup.models import ASK, DECIDE, READ, Reallocation
from core.followup.services.money import (
    NOT_GRANTED,
    about_application,
    lock_granted,
    of_year,
    post,
    refuse_more,
    refuse_moving,
    refuse_wrong_day,
)
from core.followup.states import REALLOCATION
from core.hookspecs import Objection
from core.i18n import N_
from core.reserve.models import GRANTED, Booking
from core.reserve.services.book import Line
from core.schema import Invalid
from core.schema.paragraphs import bare_paragraph, signed_paragraph

PAGE = 50
HANDED_BACK_IN = (*GRANTED_STATES, "avbruten")
"""States in which money is handed back: also when the work was broken off, or it would stay granted for ever."""


@dataclass(frozen=True)
class Page:
    """A page of what is asked, and where the next one begins."""

    rows: list[Reallocation]
    after: tuple[int] | None


def ask(
    actor: Actor,
    application: UUID,
    *,
    uid: UUID,
    year: int,
    amount: int,
    reason: str,
    to: UUID | None = None,
    from_measure: UUID | None = None,
    to_measure: UUID | None = None,
) -> Reallocation:
    """Ask for `amount` kronor of a year to be used for another granted application of the same board, or for another
    measure of the same; once for each `uid`. Raises Missing, Denied, Invalid, Refused, Conflict.
    """
    about = lock_granted(actor, application, ASK)
    keys = {"to": to, "from_measure": from_measure, "to_measure": to_measure}
    content = db.fingerprint(application=application, year=year, amount=amount, reason=reason, **keys)
    known = access.made_before(actor, Reallocation, uid, content)
    if known is not None:
        return known
    target = about if to is None or to == about.uid else lock_granted(actor, to, ASK)
    if target.organisation_id != about.organisation_id or target.programme_id != about.programme_id:
        raise Invalid({"to": [N_("Välj en av nämndens egna ansökningar till samma satsning.")]})
    first, second = _measure(about, from_measure, "from_measure"), _measure(target, to_measure, "to_measure")
    if target.id == about.id and (first is None or second is None or first == second):
        raise Invalid({"to": [N_("Välj en annan ansökan, eller två olika åtgärder i den här.")]})
    if target.id != about.id:
        refuse_moving(actor, about, year, amount)
    row = Reallocation(
        uid=uid,
        content=content,
        number=f"OD-{db.next_number('OD'):05d}",
        application_id=about.id,
        to_id=target.id,
        from_measure_id=first,
        to_measure_id=second,
        year=year,
        amount=amount,
        reason=reason,
        state=REALLOCATION.start,
        asked_at=clock.now(),
        asked_by_id=actor.id,
        level=about.level,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "reallocation:ask", "application", about.uid, level=about.level, number=row.number)
    return row


def _measure(application: Application, uid: UUID | None, field: str) -> int | None:
    if uid is None:
        return None
    rows = select(ApplicationMeasure.id).where(
        ApplicationMeasure.uid == uid, ApplicationMeasure.application_id == application.id
    )
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({field: [N_("Välj en åtgärd i ansökan.")]})
    return found


def decide(
    actor: Actor,
    uid: UUID,
    key: str,
    *,
    decided_on: date | None = None,
    paragraph: str = "",
    motive: str = "",
    version: int | None = None,
) -> Reallocation:
    """Grant or refuse it, by who did not ask for it. Raises Missing, Denied, Stale, Refused, Invalid.

    What the actor has decided so before is as it is: the same press twice does the same once.
    """
    if key not in ("bevilja", "avsla"):
        raise access.Missing("reallocation-move", key)
    row = access.find(Reallocation, uid, actor, DECIDE, lock=True)
    if row.decided_by_id == actor.id and row.state == REALLOCATION.move(key).target:
        return row
    db.refuse_stale("reallocation", uid, row.version, version)
    day = decided_on or clock.today()
    refuse_wrong_day(day, row.asked_at)
    both = select(Application).where(Application.id.in_([row.application_id, row.to_id])).order_by(Application.id)
    locked = {one.id: one for one in db.session().scalars(both.with_for_update())}
    flow.move(REALLOCATION, row, key, actor, reason=motive)
    row.decided_on, row.paragraph, row.motive, row.decided_by_id = day, bare_paragraph(paragraph), motive, actor.id
    if key == "bevilja" and row.to_id != row.application_id:
        row.booking_id = _book(actor, row, locked[row.application_id], locked[row.to_id]).id
    elif key == "bevilja":
        _between_measures(row)
    db.session().flush()
    return row


def _book(actor: Actor, row: Reallocation, source: Application, target: Application) -> Booking:
    """Take from one matter and give to another: two bookings, as a booking is about one matter."""
    refuse_more(actor, row.amount, of_year(source, row.year))
    decision = f"{row.number} {row.decided_on} {signed_paragraph(row.paragraph)}".strip()
    said: dict[str, Any] = {"decision": decision, "reason": row.reason}
    asked = Actor("person", "", id=row.asked_by_id)
    lines = [Line(row.year, GRANTED, -row.amount)]
    first = post(asked, source, uid=row.uid, kind="omdisponering", lines=lines, second=actor, **said)
    lines = [Line(row.year, GRANTED, row.amount)]
    given = db.uid_of(f"{row.uid} to")
    post(asked, target, uid=given, kind="omdisponering", lines=lines, second=actor, **said)
    return first


def _between_measures(row: Reallocation) -> None:
    """Let the amounts of two measures follow; the sum of the application stays."""
    for key, change in ((row.from_measure_id, -row.amount), (row.to_measure_id, row.amount)):
        measure = db.session().get_one(ApplicationMeasure, key)
        measure.amount = (measure.amount or 0) + change
        if measure.amount < 0:
            raise flow.Refused([Objection(N_("Så mycket är inte tänkt för åtgärden."), "amount")])


def withdraw(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> Reallocation:
    """Take back what one has asked for. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Reallocation, uid, actor, ASK, lock=True)
    db.refuse_stale("reallocation", uid, row.version, version)
    flow.move(REALLOCATION, row, "aterkalla", actor, reason=reason)
    db.session().flush()
    return row


@REALLOCATION.guard("bevilja", "avsla")
def _by_another(row: Reallocation, actor: Actor) -> Iterable[Objection]:
    """Four eyes: who asked does not decide."""
    if row.asked_by_id == actor.id:
        yield Objection(N_("Du har begärt det. Någon annan beslutar."))


@REALLOCATION.guard("bevilja")
def _still_has_money(row: Reallocation, _actor: Actor) -> Iterable[Objection]:
    """Work that has been broken off while it waited gets no more money."""
    if db.session().get_one(Application, row.to_id).state not in GRANTED_STATES:
        yield Objection(NOT_GRANTED)


def hand_back(actor: Actor, application: UUID, *, uid: UUID, year: int, amount: int, reason: str) -> Booking:
    """Hand `amount` kronor that are granted, and neither used nor asked to be moved, back to the frame; once for each
    `uid`. Raises Missing, Denied, Refused, Conflict.
    """
    about = lock_granted(actor, application, ASK, HANDED_BACK_IN)
    known = db.session().scalar(select(Booking).where(Booking.uid == uid, Booking.matter == about.uid))
    if known is None:
        refuse_moving(actor, about, year, amount)
    lines = [Line(year, GRANTED, -amount)]
    booking = post(actor, about, uid=uid, kind="aterlamning", lines=lines, reason=reason)
    journal.write(actor, "application:hand_back", "application", about.uid, level=about.level, by=booking.number)
    return booking


# --- Reading ------------------------------------------------------------------------------------------------------


def list_reallocations(
    actor: Actor,
    state: str = "",
    *,
    application: UUID | None = None,
    after: tuple[int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return what is asked that the actor reaches, the newest first, in one query."""
    access.require(actor, READ)
    rows = access.visible(select(Reallocation).options(*_whole()), actor)
    if state:
        rows = rows.where(Reallocation.state == state)
    if application is not None:
        rows = rows.where(about_application(Reallocation, application))
    if after is not None:
        rows = rows.where(Reallocation.id < after[0])
    found = list(db.session().scalars(rows.order_by(Reallocation.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def read_reallocation(actor: Actor, uid: UUID) -> Reallocation:
    """Return what is asked with both applications and measures; Missing when the actor does not reach it."""
    access.require(actor, READ)
    rows = select(Reallocation).options(*_whole())
    found = db.session().scalar(rows.where(Reallocation.uid == uid, access.rule_of(Reallocation, actor)))
    if found is None:
        raise access.Missing("reallocation", uid)
    return found


def _whole() -> list[Any]:
    board = joinedload(Reallocation.application).joinedload(Application.organisation)
    return [
        board,
        *(joinedload(part) for part in (Reallocation.to, Reallocation.from_measure, Reallocation.to_measure)),
    ]


def reallocations_of(actor: Actor, application: Application) -> list[Reallocation]:
    """Return what is asked from or to an application, the newest first."""
    about = (Reallocation.application_id == application.id) | (Reallocation.to_id == application.id)
    rows = access.visible(select(Reallocation).options(joinedload(Reallocation.to)).where(about), actor)
    return list(db.session().scalars(rows.order_by(Reallocation.id.desc()).limit(100)))


def others_of(actor: Actor, application: Application) -> list[Application]:
    """Return the other applications of the same board and programme that have money, for a choice."""
    rows = select(Application).where(
        Application.organisation_id == application.organisation_id,
        Application.programme_id == application.programme_id,
        Application.id != application.id,
        Application.state.in_(GRANTED_STATES),
    )
    return list(db.session().scalars(access.visible(rows, actor).order_by(Application.id.desc()).limit(100)))
