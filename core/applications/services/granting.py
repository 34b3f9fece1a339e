"""What follows a decision in the same moment: money in the reserve's book, the time for a new plan, the letter.

All of it has a fixed uid made of the decision's, so that it is there once however often somebody tries.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, letters
from core.access import Actor
from core.applications import decision_letter
from core.applications.limits import NEW_PLAN, ONLY, WITHIN
from core.applications.models import GRANTS, Allocation, Application, BodyMeeting, GrantDecision
from core.hookspecs import Rule
from core.i18n import N_
from core.people.models import Organisation
from core.people.services import carrying_on, mailbox
from core.refs import Subject
from core.reserve.models import GRANTED, Programme
from core.reserve.services import Line, book
from core.schema.paragraphs import signed_paragraph
from core.upkeep import services as upkeep

HOUSE = access.system("applications")
MAILBOXES = ("Nämnd", "Registrator")
"""Functions of a board that are written to, the first that there is."""


def allocated(row: GrantDecision) -> dict[int, int]:
    """Return what a decision grants, in kronor by year."""
    rows = select(Allocation.year, Allocation.amount).where(Allocation.decision_id == row.id).order_by(Allocation.year)
    return {one.year: one.amount for one in db.session().execute(rows)}


def granted_now(application: Application) -> dict[int, int]:
    """Return what an application has granted now by the reserve's book, in kronor by year."""
    sums = {year: told.get(GRANTED, 0) for year, told in book.of_matter(application.uid).items()}
    return {year: kronor for year, kronor in sums.items() if kronor}


def meeting_of(row: GrantDecision) -> BodyMeeting:
    """Return the meeting of a decision with its body."""
    rows = select(BodyMeeting).options(joinedload(BodyMeeting.organisation)).where(BodyMeeting.id == row.meeting_id)
    return db.session().scalars(rows.execution_options(populate_existing=True)).one()


def reference(row: GrantDecision) -> str:
    """Return how a decision is named in the book: body, day and paragraph."""
    held = meeting_of(row)
    return f"{held.organisation.name} {held.held_on.isoformat()} {signed_paragraph(row.paragraph)}"


def book_grant(second: Actor, row: GrantDecision, application: Application) -> None:
    """Book what a decision grants, for years to come too: the frames are locked already. Raises Over."""
    given = allocated(row)
    if row.outcome not in GRANTS or not given:
        return
    booking = book.post(
        HOUSE,
        uid=db.uid_of(f"decision booking {row.uid}"),
        programme=db.session().get_one(Programme, application.programme_id),
        kind="beslut",
        lines=[Line(year, GRANTED, kronor) for year, kronor in given.items()],
        by=_recorder(row.recorded_by_id),
        second=second,
        matter=application.uid,
        number=application.number,
        organisation=application.organisation_id,
        decision=reference(row),
    )
    row.booking_id = booking.id
    db.session().flush()


def book_back(actor: Actor, row: GrantDecision | None, application: Application, kind: str, reason: str) -> None:
    """Book back all that an application has granted now: given back (`aterlamning`) or corrected (`rattelse`)."""
    now = granted_now(application)
    if not now:
        return
    booking = book.post(
        HOUSE,
        uid=db.uid_of(f"{kind} {row.uid if row else application.uid}"),
        programme=db.session().get_one(Programme, application.programme_id),
        kind=kind,
        lines=[Line(year, GRANTED, -kronor) for year, kronor in now.items()],
        by=_recorder(row.wrong_by_id) if row is not None and kind == "rattelse" else actor,
        second=actor,
        matter=application.uid,
        number=application.number,
        organisation=application.organisation_id,
        decision=reference(row) if row else "",
        reason=reason[:1000],
    )
    if kind == "rattelse" and row is not None:
        booking.corrects_id = row.booking_id
        db.session().flush()


def _recorder(person: int | None) -> Actor:
    return Actor("person", "", id=person)


def after_decision(row: GrantDecision, application: Application) -> None:
    """Begin the time for a new plan where a part was granted, and write the letter to the applicant."""
    if row.outcome == "delvis_beviljad":
        row.plan_by = _begin_plan(application)
        db.session().flush()
    _write(f"decision letter {row.uid}", application, decision_letter.decided(_told(row, application)))


def after_correction(row: GrantDecision, application: Application) -> None:
    """Let no new plan be waited for, and write to the applicant that the decision does not hold."""
    end_plan(application, N_("Beslutet är rättat"))
    _write(f"correction letter {row.uid}", application, decision_letter.corrected(_told(row, application)))


def _told(row: GrantDecision, application: Application) -> decision_letter.Decided:
    held = meeting_of(row)
    return decision_letter.Decided(
        number=application.number,
        title=application.title if application.level == 1 else "",
        body=held.organisation.name,
        held_on=held.held_on,
        row=row,
        amounts=allocated(row),
        sought=application.sought,
        link=f"{db.settings().base_url}/ansokningar/{application.uid}/beslut",
    )


def _write(name: str, application: Application, told: tuple[str, str]) -> None:
    """Put a letter to whoever carries on for the applicant, once for each name."""
    home = db.session().get_one(Organisation, carrying_on()[application.organisation_id])
    if to := mailbox(home, *MAILBOXES):
        letters.put_once(db.uid_of(name), to, *told)


def letter_of(row: GrantDecision) -> UUID:
    """Return the uid of the letter of a decision."""
    return db.uid_of(f"decision letter {row.uid}")


# --- The time for a new plan ----------------------------------------------------------------------------------------


def plan_subject(application: Application) -> Subject:
    """Return what the time for a new plan is about."""
    return Subject("granted_application", application.uid, application.title, level=application.level)


def _begin_plan(application: Application) -> date:
    about = plan_subject(application)
    begun: dict[str, Any] = {"rule": ONLY, "starts_at": clock.now()}
    known = upkeep.plan_deadline(HOUSE, NEW_PLAN, subject=about, owner=application.organisation_id, **begun)
    if known.starts_at != begun["starts_at"] or known.state != "oppen":
        upkeep.restart_deadline(HOUSE, NEW_PLAN, about, terms=WITHIN, reason=N_("Nytt beslut"), **begun)
    return known.due_on


def move_plan(application: Application, until: date, reason: str) -> None:
    """Let the time for a new plan end on another day."""
    terms = Rule(0, "given_date", N_("Ny dag för planen"), given=until, source=application.number)
    upkeep.retime_deadline(HOUSE, NEW_PLAN, plan_subject(application), terms=terms, reason=reason)


def meet_plan(application: Application, reason: str) -> None:
    """Let the time for a new plan be met."""
    upkeep.meet_deadline(HOUSE, NEW_PLAN, plan_subject(application), reason=reason)


def end_plan(application: Application, reason: str) -> None:
    """Let no new plan be waited for."""
    upkeep.drop_deadline(HOUSE, NEW_PLAN, plan_subject(application), reason=reason)
