"""Local councils: begun, their members (police and education always), their yearly plans, their end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.agreements.limits import YEARLY_PLAN
from core.agreements.models import Council, CouncilMember, CouncilPlan
from core.agreements.models.together import BOARD_KIND, EDUCATION, LEAD, POLICE_KINDS, READ
from core.agreements.services.keeping import PAGE, dropped, kept, note, promise, subject
from core.agreements.services.meetings import keep_rhythm
from core.agreements.services.parties import join_first, refuse_closed
from core.agreements.states import COUNCIL
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.people.services import organisation_called
from core.schema import Invalid
from core.upkeep.models import Deadline

POLICE_MISSING, EDUCATION_MISSING = N_("Polisen saknas i rådet."), N_("Utbildning saknas i rådet.")


def begin_council(actor: Actor, *, uid: UUID, organisation: str, function: str, **facts: Any) -> Council:
    """Begin a local council of a stadsdelsnämnd (its code), once for each `uid`. Raises Denied, Invalid, Conflict."""
    access.require(actor, LEAD)
    content = db.fingerprint(organisation=organisation, function=function, **facts)
    if (known := access.made_before(actor, Council, uid, content)) is not None:
        return known
    board = organisation_called(organisation, "organisation")
    led = select(Organisation.id).where(Organisation.id == board.id, access.within(actor, LEAD, Organisation.id))
    if board.kind != BOARD_KIND or db.session().scalar(led) is None:
        raise Invalid({"organisation": [N_("Välj en stadsdelsnämnd som du leder samverkan för.")]})
    number = f"LR-{db.next_number('LR'):05d}"
    row = Council(uid=uid, content=content, number=number, organisation_id=board.id, state=COUNCIL.start, **facts)
    db.session().add(row)
    db.session().flush()
    join_first(actor, row, function=function)
    note(actor, row, "startad")
    journal.write(actor, "council:begin", "council", uid, number=number)
    return row


def change_council(actor: Actor, uid: UUID, *, version: int | None, **changes: Any) -> Council:
    """Change what stands about a council. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Council, uid, actor, LEAD, lock=True)
    db.refuse_stale("council", uid, row.version, version)
    refuse_closed(row)
    weeks = row.meeting_weeks
    for name, value in changes.items():
        setattr(row, name, value)
    db.session().flush()
    if row.meeting_weeks != weeks:
        keep_rhythm(actor, row)
    journal.write(actor, "council:change", "council", uid, changed=sorted(changes))
    return row


def move_council(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Council:
    """Let a council begin to work, or end. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Council, uid, actor, READ, lock=True)
    db.refuse_stale("council", uid, row.version, version)
    flow.move(COUNCIL, row, key, actor, reason=reason)
    today = clock.today()
    if row.state == "verksamt":
        row.active_on = today
    row.ended_on = today if row.state == "avslutat" else None
    db.session().flush()
    note(actor, row, "steg", target=row.state, reason=reason)
    keep_rhythm(actor, row)
    _keep_planning(row)
    return row


@COUNCIL.guard("borja")
def _has_police_and_education(row: Council, _actor: Actor) -> Iterable[Objection]:
    """Police and education are always in a local council (Z14)."""
    for words in missing_members(row):
        yield Objection(words, "ledamoter")


def missing_members(row: Council) -> list[str]:
    """Return the sentences about who has to be in a council and is not."""
    members = select(Organisation.kind, Organisation.code).join(
        CouncilMember, CouncilMember.organisation_id == Organisation.id
    )
    rows = members.where(CouncilMember.council_id == row.id, CouncilMember.left_on.is_(None))
    there = list(db.session().execute(rows))
    found = [] if any(one.kind in POLICE_KINDS for one in there) else [POLICE_MISSING]
    return found + ([] if any(one.code == EDUCATION for one in there) else [EDUCATION_MISSING])


def write_plan(
    actor: Actor, council: UUID, *, year: int, text: str, decided_on: date | None = None, version: int | None = None
) -> CouncilPlan:
    """Write the plan of a council for a year, or anew. Raises Missing, Denied, Stale, Refused."""
    about = access.find(Council, council, actor, LEAD, lock=True)
    db.refuse_stale("council", council, about.version, version)
    refuse_closed(about)
    row = db.session().scalar(select(CouncilPlan).where(CouncilPlan.council_id == about.id, CouncilPlan.year == year))
    was = row.decided_on if row else None
    if row is None:
        row = CouncilPlan(council_id=about.id, year=year)
        db.session().add(row)
    row.text, row.decided_on = text, decided_on
    db.session().flush()
    if decided_on != was:
        _keep_planning(about)
        if decided_on is None:
            dropped(YEARLY_PLAN, subject("council_plan", row, about.name, about), N_("Årsplanen är inte beslutad"))
        elif was is None:
            note(actor, about, "arsplan", text=str(year))
    journal.write(actor, "council:plan", "council", council, year=year)
    return row


def _keep_planning(row: Council) -> None:
    """Let a council that works have a frist for its next plan, counted from the last it decided, else its first day."""
    decided = select(CouncilPlan).where(CouncilPlan.council_id == row.id, CouncilPlan.decided_on.is_not(None))
    rows = db.session().scalars(decided.order_by(CouncilPlan.decided_on.desc(), CouncilPlan.id.desc()).limit(2)).all()
    itself = subject("council", row, row.name)
    last, *before = [*(subject("council_plan", one, row.name, row) for one in rows), itself]
    for one in before:
        kept(YEARLY_PLAN, one, N_("Nästa årsplan är beslutad"))
    since = rows[0].decided_on if rows else row.active_on
    if row.state == "verksamt" and since is not None:
        promise(YEARLY_PLAN, last, row.organisation_id, starts_at=clock.first_moment(since))
    else:
        dropped(YEARLY_PLAN, last, COUNCIL.states[row.state].label)


def plan_what_lacks() -> None:
    """Let councils that work have the frist of their next plan also where it was not known when they decided the last.

    A job: the frist came later than the first councils. One that has it, in whatever state, is left as it is.
    """
    planned = select(Deadline.id).where(Deadline.kind == YEARLY_PLAN)
    plans = select(CouncilPlan.uid).where(CouncilPlan.council_id == Council.id).correlate(Council)
    its = (Deadline.subject_uid == Council.uid) | Deadline.subject_uid.in_(plans)
    rows = select(Council).where(Council.state == "verksamt", ~planned.where(its).correlate(Council).exists())
    for row in db.session().scalars(rows.order_by(Council.id).limit(PAGE).with_for_update()).all():
        _keep_planning(row)


# --- Reading ------------------------------------------------------------------------------------------------------


def read_council(actor: Actor, uid: UUID, permission: str = READ) -> Council:
    """Return a council with whose it is; Missing when the actor does not reach it."""
    access.require(actor, permission)
    rows = select(Council).options(joinedload(Council.organisation))
    found = db.session().scalar(rows.where(Council.uid == uid, access.rule_of(Council, actor, permission)))
    if found is None:
        raise access.Missing("council", uid)
    return found


def list_councils(actor: Actor) -> list[Council]:
    """Return the councils that the actor reaches, those that work first, then by board."""
    access.require(actor, READ)
    rows = select(Council).options(joinedload(Council.organisation)).join(Council.organisation)
    rows = access.visible(rows, actor).order_by(Organisation.name, Council.id).limit(4 * PAGE)
    return sorted(db.session().scalars(rows), key=lambda row: row.state != "verksamt")


def plans_of(actor: Actor, row: Council) -> list[CouncilPlan]:
    """Return the yearly plans of a council, the latest first."""
    rows = select(CouncilPlan).where(CouncilPlan.council_id == row.id).order_by(CouncilPlan.year.desc())
    return list(db.session().scalars(access.visible(rows, actor)))
