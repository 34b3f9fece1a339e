"""Money asked to follow to another year (ombudgetering): asked, said something about, decided, confirmed by another.

Nothing follows by itself (domain.md 0.5): what is refused, or never asked for, stays where it was until it is handed
back.
"""

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
from core.applications.models import Application
from core.applications.states import GRANTED_STATES
from core.followup.limits import CARRY_OPINION, OPINION_WITHIN
from core.followup.models import ASK, DECIDE, READ, CarryOver
from core.followup.services import keeping
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
from core.followup.states import CARRY_OVER
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.reserve.models import FRAME, GRANTED
from core.reserve.services.book import Line
from core.reserve.services.programmes import body_on
from core.schema import Invalid
from core.schema.paragraphs import bare_paragraph, signed_paragraph

PAGE = 50
LATEST = 3
"""Years that money may follow on at once: the city's budget is for a year, with a direction for two more."""
TOO_LATE = N_("Välj {year} eller tidigare.")
TOO_SOON = N_("Skriv en dag {year} eller senare. Det som är klart före {year} behöver inga pengar det året.")
NO_BODY = N_("Ingen beslutade om ombudgetering för satsningen den dagen. Kontrollera datumet.")


@dataclass(frozen=True)
class Page:
    """A page of what is asked, and where the next one begins."""

    rows: list[CarryOver]
    after: tuple[int] | None


def ask(
    actor: Actor,
    application: UUID,
    *,
    uid: UUID,
    from_year: int,
    to_year: int,
    amount: int,
    cause: str,
    reason: str,
    new_completion: date,
) -> CarryOver:
    """Ask for `amount` kronor of a year to follow to a later one; once for each `uid`.

    Raises Missing, Denied, Invalid, Refused, Conflict.
    """
    about = lock_granted(actor, application, ASK)
    facts: dict[str, Any] = {"from_year": from_year, "to_year": to_year, "amount": amount, "cause": cause}
    facts |= {"reason": reason, "new_completion": new_completion}
    content = db.fingerprint(application=application, **facts)
    known = access.made_before(actor, CarryOver, uid, content)
    if known is not None:
        return known
    if to_year <= from_year:
        raise Invalid({"to_year": [N_("Välj ett år efter det som pengarna kommer från.")]})
    if to_year > from_year + LATEST:
        raise Invalid({"to_year": [Text(TOO_LATE, year=str(from_year + LATEST))]})
    if new_completion.year < to_year:
        raise Invalid({"new_completion": [Text(TOO_SOON, year=str(to_year))]})
    refuse_moving(actor, about, from_year, amount)
    row = CarryOver(
        uid=uid,
        content=content,
        number=f"OB-{db.next_number('OB'):05d}",
        application_id=about.id,
        state=CARRY_OVER.start,
        asked_at=clock.now(),
        asked_by_id=actor.id,
        level=about.level,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    keeping.ask_the_city(CARRY_OPINION, row, about, OPINION_WITHIN)
    journal.write(actor, "carry_over:ask", "application", about.uid, level=about.level, number=row.number)
    return row


def give_opinion(actor: Actor, uid: UUID, *, opinion: str, version: int | None = None) -> CarryOver:
    """Say what stadsledningskontoret thinks of it. Raises Missing, Denied, Stale, Refused."""
    row = _locked(actor, uid, version)
    flow.move(CARRY_OVER, row, "yttra", actor, reason=opinion)
    row.opinion, row.opinion_by_id = opinion, actor.id
    db.session().flush()
    keeping.met(CARRY_OPINION, row, _application(row), CARRY_OVER.states[row.state].label)
    return row


def record(
    actor: Actor, uid: UUID, *, granted: bool, decided_on: date, paragraph: str, motive: str = "", version: int | None
) -> CarryOver:
    """Record what the body that decides on such a day has decided; another person confirms it.

    Raises Missing, Denied, Stale, Refused, Invalid.
    """
    row = _locked(actor, uid, version)
    application = _application(row)
    refuse_wrong_day(decided_on, row.asked_at)
    body = body_on(application.programme_id, "ombudgetering", decided_on)
    if body is None:
        raise Invalid({"decided_on": [NO_BODY]})
    if not (kept := bare_paragraph(paragraph)):
        raise Invalid({"paragraph": [N_("Skriv beslutets paragraf, till exempel § 12.")]})
    if not granted and not motive:
        raise Invalid({"motive": [N_("Skriv varför, ett avslag ska ha skäl.")]})
    flow.move(CARRY_OVER, row, "registrera", actor)
    row.body_id, row.decided_on, row.paragraph, row.motive = body.organisation_id, decided_on, kept, motive
    row.granted, row.decided_by_id = granted, actor.id
    db.session().flush()
    return row


def confirm(actor: Actor, uid: UUID, *, version: int | None = None) -> CarryOver:
    """Confirm what another person has recorded: then the money follows, or what is not used of it goes back.

    What the actor has confirmed before is as it is: the same press twice does the same once.
    Raises Missing, Denied, Stale, Refused, Over.
    """
    row = access.find(CarryOver, uid, actor, DECIDE, lock=True)
    if row.confirmed_by_id == actor.id and CARRY_OVER.states[row.state].closed:
        return row
    db.refuse_stale("carry_over", uid, row.version, version)
    application = db.session().get_one(Application, row.application_id, with_for_update=True)
    flow.move(CARRY_OVER, row, "bevilja" if row.granted else "avsla", actor)
    has = of_year(application, row.from_year)
    decided = f"{row.decided_on} {signed_paragraph(row.paragraph)}"
    facts: dict[str, Any] = {"uid": row.uid, "second": actor, "decision": decided, "reason": row.reason}
    by = _person(row.decided_by_id)
    if row.granted:
        refuse_more(actor, row.amount, has)
        lines = [Line(row.from_year, GRANTED, -row.amount), Line(row.from_year, FRAME, -row.amount)]
        lines += [Line(row.to_year, FRAME, row.amount), Line(row.to_year, GRANTED, row.amount)]
        row.booking_id = post(by, application, kind="ombudgetering", lines=lines, **facts).id
    elif has.unused > 0:  # what was used while it waited cannot go back
        lines = [Line(row.from_year, GRANTED, -min(row.amount, has.unused))]
        row.booking_id = post(by, application, kind="aterlamning", lines=lines, **facts).id
    row.confirmed_by_id = actor.id
    db.session().flush()
    return row


def _application(row: CarryOver) -> Application:
    return db.session().get_one(Application, row.application_id)


def _person(key: int | None) -> Actor:
    return Actor("person", "", id=key)


def move(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> CarryOver:
    """Take back what was asked, or what was recorded and not confirmed. Raises Missing, Denied, Stale, Refused."""
    if key not in ("aterkalla", "ta_tillbaka"):
        raise access.Missing("carry_over-move", key)
    row = access.find(CarryOver, uid, actor, CARRY_OVER.move(key).needs, lock=True)
    db.refuse_stale("carry_over", uid, row.version, version)
    flow.move(CARRY_OVER, row, key, actor, reason=reason)
    if key == "ta_tillbaka":
        row.body_id, row.decided_on, row.paragraph, row.motive, row.decided_by_id = None, None, "", "", None
        row.granted = None
    else:
        keeping.lapsed(CARRY_OPINION, row, _application(row), CARRY_OVER.states[row.state].label)
    db.session().flush()
    return row


def _locked(actor: Actor, uid: UUID, version: int | None) -> CarryOver:
    row = access.find(CarryOver, uid, actor, DECIDE, lock=True)
    db.refuse_stale("carry_over", uid, row.version, version)
    return row


@CARRY_OVER.guard("bevilja", "avsla")
def _two_persons(row: CarryOver, actor: Actor) -> Iterable[Objection]:
    """Four eyes: who recorded the decision does not confirm it."""
    if row.decided_by_id == actor.id:
        yield Objection(N_("Du har skrivit in beslutet. Någon annan bekräftar det."))


@CARRY_OVER.guard("bevilja")
def _still_has_money(row: CarryOver, _actor: Actor) -> Iterable[Objection]:
    """Work that has been broken off while it waited needs no money in a later year."""
    if _application(row).state not in GRANTED_STATES:
        yield Objection(NOT_GRANTED)


@CARRY_OVER.guard("aterkalla")
def _asked_by_the_applicant(row: CarryOver, actor: Actor) -> Iterable[Objection]:
    """Only who asked takes it back: others would give up somebody else's money."""
    application = _application(row)
    if application.organisation_id not in actor.homes(ASK):
        yield Objection(N_("Den som har begärt ombudgeteringen återkallar den."))


# --- Reading ------------------------------------------------------------------------------------------------------


def read(actor: Actor, uid: UUID) -> CarryOver:
    """Return what is asked, with its application and who decided; Missing when the actor does not reach it."""
    access.require(actor, READ)
    whole = (joinedload(CarryOver.application).joinedload(Application.organisation), joinedload(CarryOver.body))
    found = db.session().scalar(
        select(CarryOver).options(*whole).where(CarryOver.uid == uid, access.rule_of(CarryOver, actor))
    )
    if found is None:
        raise access.Missing("carry_over", uid)
    return found


def list_asked(
    actor: Actor,
    state: str = "",
    *,
    application: UUID | None = None,
    after: tuple[int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return what is asked that the actor reaches, the newest first, in one query."""
    access.require(actor, READ)
    whole = joinedload(CarryOver.application).joinedload(Application.organisation)
    rows = access.visible(select(CarryOver).options(whole), actor)
    if state:
        rows = rows.where(CarryOver.state == state)
    if application is not None:
        rows = rows.where(about_application(CarryOver, application))
    if after is not None:
        rows = rows.where(CarryOver.id < after[0])
    found = list(db.session().scalars(rows.order_by(CarryOver.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def asked_of(actor: Actor, application: Application) -> list[CarryOver]:
    """Return what is asked of an application, the newest first."""
    rows = access.visible(select(CarryOver).where(CarryOver.application_id == application.id), actor)
    return list(db.session().scalars(rows.order_by(CarryOver.id.desc()).limit(100)))
