"""Claims for payment (rekvisitioner): written, checked by another, paid by a third; never more than is granted (F3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, bounded, clock, db, flow, journal
from core.access import Actor
from core.applications.models import Application, reads_city
from core.followup.limits import CHECKED_WITHIN, CLAIM_CHECK
from core.followup.models import CLAIM, READ, Claim
from core.followup.services import keeping
from core.followup.services.money import about_application, lock_granted, of_year
from core.followup.states import CLAIMS
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.reserve.words import kronor

PAGE, COUNTED = 50, 1000
TOO_MUCH = N_("Det går att rekvirera högst {most} till för {year}. Resten är redan rekvirerat eller inte beviljat.")
OWN = N_("Du har själv skrivit rekvisitionen. Någon annan granskar den.")
CHECKED = N_("Du har granskat rekvisitionen. Någon annan markerar den som betald.")
HOME = N_("Rekvisitionen är från din egen organisation. Någon annan granskar den.")
NO_LONGER = N_("Mer är rekvirerat än vad som är beviljat {year}. Lämna tillbaka rekvisitionen, så att den skrivs om.")


@dataclass(frozen=True)
class Page:
    """A page of claims, and where the next one begins."""

    rows: list[Claim]
    after: tuple[int] | None


def add_claim(
    actor: Actor, application: UUID, *, uid: UUID, year: int, amount: int, what: str, invoice: str = ""
) -> Claim:
    """Write a claim of `amount` kronor of a year's grant; once for each `uid`.

    Raises Missing, Denied, Refused, Conflict.
    """
    about = lock_granted(actor, application, CLAIM)
    content = db.fingerprint(application=application, year=year, amount=amount, what=what, invoice=invoice)
    known = access.made_before(actor, Claim, uid, content)
    if known is not None:
        return known
    claim = Claim(
        uid=uid,
        content=content,
        number=f"RK-{db.next_number('RK'):05d}",
        application_id=about.id,
        year=year,
        amount=amount,
        what=what,
        invoice=invoice,
        state=CLAIMS.start,
        written_by_id=actor.id,
        level=about.level,
    )
    db.session().add(claim)
    db.session().flush()
    journal.write(actor, "claim:add", "application", about.uid, level=about.level, number=claim.number)
    return claim


def change_claim(actor: Actor, uid: UUID, *, version: int | None, **facts: Any) -> Claim:
    """Write a claim that has not been sent, or has come back, anew. Raises Missing, Denied, Stale, Refused."""
    claim = access.find(Claim, uid, actor, CLAIM, lock=True)
    db.refuse_stale("claim", uid, claim.version, version)
    if claim.state not in (CLAIMS.start, "avvisad"):
        raise flow.Refused([Objection(N_("Rekvisitionen är inskickad. Be om att få den tillbaka, om något är fel."))])
    for name, value in facts.items():
        setattr(claim, name, value)
    db.session().flush()
    journal.write(actor, "claim:change", "claim", uid, level=claim.level, number=claim.number)
    return claim


def move_claim(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Claim:
    """Send a claim, check it, pay it, or give it back. Raises Missing, Denied, Stale, Refused."""
    claim = access.find(Claim, uid, actor, CLAIMS.move(key).needs, lock=True)
    db.refuse_stale("claim", uid, claim.version, version)
    application = db.session().get_one(Application, claim.application_id, with_for_update=True)
    flow.move(CLAIMS, claim, key, actor, reason=reason)
    claim.reason = reason
    if key == "skicka":
        claim.written_by_id = actor.id
    elif key == "granska":
        claim.checked_by_id = actor.id
    elif key == "betala":
        claim.paid_by_id, claim.paid_on = actor.id, clock.today()
    elif key == "ratta":
        claim.paid_by_id, claim.paid_on = None, None
    db.session().flush()
    if key == "skicka":
        keeping.ask_the_city(CLAIM_CHECK, claim, application, CHECKED_WITHIN)
    elif key in ("granska", "avvisa"):
        keeping.met(CLAIM_CHECK, claim, application, CLAIMS.states[claim.state].label)
    return claim


@CLAIMS.guard("skicka")
def _within(claim: Claim, _actor: Actor) -> Iterable[Objection]:
    application = db.session().get_one(Application, claim.application_id)
    has = of_year(application, claim.year)
    most = has.granted - has.claimed
    if claim.amount > most:
        yield Objection(Text(TOO_MUCH, most=kronor(max(most, 0)), year=str(claim.year)), "amount")


@CLAIMS.guard("granska")
def _by_another(claim: Claim, actor: Actor) -> Iterable[Objection]:
    """Four eyes: who wrote it, or works where it comes from, does not check it."""
    application = db.session().get_one(Application, claim.application_id)
    if claim.written_by_id == actor.id:
        yield Objection(OWN)
    elif actor.organisation == application.organisation_id:
        yield Objection(HOME)


@CLAIMS.guard("betala")
def _by_a_third(claim: Claim, actor: Actor) -> Iterable[Objection]:
    if actor.id in (claim.written_by_id, claim.checked_by_id):
        yield Objection(CHECKED if claim.checked_by_id == actor.id else OWN)


@CLAIMS.guard("betala")
def _still_within(claim: Claim, _actor: Actor) -> Iterable[Objection]:
    """What was granted may have been moved or handed back since the claim was sent (F3)."""
    has = of_year(db.session().get_one(Application, claim.application_id), claim.year)
    if has.claimed > has.granted:
        yield Objection(Text(NO_LONGER, year=str(claim.year)))


# --- Reading ------------------------------------------------------------------------------------------------------


def read_claim(actor: Actor, uid: UUID) -> Claim:
    """Return a claim with its application; Missing when the actor does not reach it."""
    access.require(actor, READ)
    whole = joinedload(Claim.application).joinedload(Application.organisation)
    found = db.session().scalar(select(Claim).options(whole).where(Claim.uid == uid, access.rule_of(Claim, actor)))
    if found is None:
        raise access.Missing("claim", uid)
    return found


def list_claims(
    actor: Actor,
    state: str = "",
    *,
    application: UUID | None = None,
    after: tuple[int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return the claims that the actor reaches, the newest first, in one query."""
    access.require(actor, READ)
    whole = joinedload(Claim.application).joinedload(Application.organisation)
    rows = access.visible(select(Claim).options(whole), actor)
    if state:
        rows = rows.where(Claim.state == state)
    if application is not None:
        rows = rows.where(about_application(Claim, application))
    if after is not None:
        rows = rows.where(Claim.id < after[0])
    found = list(db.session().scalars(rows.order_by(Claim.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def claims_of(actor: Actor, application: Application) -> list[Claim]:
    """Return the claims of an application, the newest first."""
    rows = access.visible(select(Claim).where(Claim.application_id == application.id), actor)
    return list(db.session().scalars(rows.order_by(Claim.id.desc()).limit(200)))


def count_claims(actor: Actor) -> dict[str, int]:
    """Return how many claims that the actor reaches are in each state, counted no further than COUNTED + 1."""
    mine = select(Claim.id).where(access.rule_of(Claim, actor))
    return bounded.tallied(mine, Claim.state, CLAIMS.states, COUNTED, few=not reads_city(actor, READ))
