"""Commitments: proposed, taken on by the party itself, kept or not each time, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.agreements.limits import COMMITTED
from core.agreements.models import Agreement, Collaboration, Commitment, CommitmentTime
from core.agreements.models.together import LEAD, READ, WRITE
from core.agreements.services.days import coming, first_day, following, refuse_rule
from core.agreements.services.keeping import (
    HOUSE,
    OWNERS,
    PAGE,
    acts_for,
    dropped,
    kept,
    next_of,
    note,
    on_day,
    places_found,
    promise,
    reaches,
    stands_there,
    subject,
)
from core.agreements.services.parties import HAS_ENDED, TEXT_STANDS, has_ended, leaves, party_called, refuse_closed
from core.agreements.states import COMMITMENT, DRAFTED, WHILE_DRAFTED
from core.cooperation.models import Goal
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.people.models import Organisation
from core.places.models import Place
from core.refs import Subject
from core.schema import Invalid

EARLY = timedelta(days=30)
"""So long before its day a time may be told of."""
MOST = 500
NO_TIME = N_("Inget tillfälle kommer före den sista dagen. Välj en senare sista dag.")
WHOLE = (Commitment.organisation, Commitment.goal, Commitment.collaboration, Commitment.agreement, Commitment.place)


@dataclass(frozen=True)
class Kept:
    """A commitment with how often it was kept, how often not, and the next time it is to be."""

    commitment: Commitment
    kept: int
    missed: int
    next: date | None


def propose(
    actor: Actor,
    owner: Any,
    about: UUID,
    *,
    uid: UUID,
    organisation: UUID,
    starts_on: date,
    goal: UUID | None = None,
    place: UUID | None = None,
    rrule: str = "",
    due_on: date | None = None,
    **facts: Any,
) -> Commitment:
    """Propose what a party does in a collaboration or an agreement (`owner` is the model), once for each `uid`.

    By who leads, or by the party itself. Raises Missing, Denied, Invalid, Refused, Conflict.
    """
    thing = access.find(owner, about, actor, WRITE, lock=True)
    told = {"about": about, "organisation": organisation, "goal": goal, "place": place, "rrule": rrule}
    content = db.fingerprint(starts_on=starts_on, due_on=due_on, **told, **facts)
    if (known := access.made_before(actor, Commitment, uid, content)) is not None:
        return known
    refuse_closed(thing)
    whose = party_called(thing, organisation, "organisation")
    if not acts_for(actor, whose) and not reaches(actor, thing, LEAD):
        raise Invalid(
            {"organisation": [N_("Välj din egen organisation. En annan parts åtagande skrivs av den som leder.")]}
        )
    if not rrule and due_on is None:
        raise Invalid({"due_on": [N_("Skriv när det ska vara gjort, eller hur ofta det görs.")]})
    refuse_rule(rrule)
    if due_on is not None and due_on < starts_on:
        raise Invalid({"due_on": [N_("Den sista dagen kommer före den första.")]})
    if rrule and coming(rrule, starts_on, due_on) is None:
        raise Invalid({"due_on": [NO_TIME]})
    column, _ = OWNERS[owner]
    where = {column: thing.id}
    spot = _place(actor, place)
    row = Commitment(
        uid=uid,
        content=content,
        number=next_of(Commitment, **where),
        organisation_id=whose,
        goal_id=_goal(actor, thing, goal),
        place_id=spot.id if spot else None,
        level=max(thing.level, spot.level if spot else thing.level),
        starts_on=starts_on,
        due_on=due_on,
        rrule=rrule,
        state=COMMITMENT.start,
        **where,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "commitment:propose", "commitment", uid, number=row.number)
    return row


def _place(actor: Actor, uid: UUID | None) -> Place | None:
    """Return a place that stays as protected as it is until the commit, so that what is promised on it is no less."""
    if uid is None:
        return None
    rows = select(Place).where(Place.id.in_(places_found(actor, [uid], "place")))
    rows = rows.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
    return db.session().scalars(rows).one()


def _goal(actor: Actor, thing: Any, uid: UUID | None) -> int | None:
    if uid is None:
        return None
    rows = select(Goal.id).where(Goal.uid == uid, Goal.cycle_id == thing.cycle_id, access.rule_of(Goal, actor))
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({"goal": [N_("Välj bland cykelns mål.")]})
    return found


def move_commitment(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Commitment:
    """Take a commitment on, decline it, end it or propose it again. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Commitment, uid, actor, READ, lock=True)
    db.refuse_stale("commitment", uid, row.version, version)
    flow.move(COMMITMENT, row, key, actor, reason=reason)
    _moved(actor, row)
    return row


def _moved(actor: Actor, row: Commitment) -> None:
    thing = thing_of(row)
    if row.state == "atagit":
        row.next_on = first_day(row)
        note(actor, thing, "atagande", text=row.what, about_id=row.organisation_id)
        _make_times(row)
        return
    row.next_on = None
    db.session().flush()
    for time in db.session().scalars(_waiting(row)).all():
        dropped(COMMITTED, _about(time, row), COMMITMENT.states[row.state].label)
        db.session().delete(time)
    db.session().flush()


@COMMITMENT.guard("ata", "avboj", "avsluta", "ta_upp_igen")
def _by_the_party(row: Commitment, actor: Actor) -> Iterable[Objection]:
    if not acts_for(actor, row.organisation_id):
        yield Objection(N_("Det gör parten själv."))


@COMMITMENT.guard("ata")
def _has_a_day_to_come(row: Commitment, actor: Actor) -> Iterable[Objection]:
    if row.rrule and actor.kind != "system" and first_day(row) is None:
        yield Objection(NO_TIME)


@COMMITMENT.guard("ata", "avsluta")
def _with_its_agreement(row: Commitment, actor: Actor) -> Iterable[Objection]:
    if row.agreement_id is not None and actor.kind != "system":
        yield Objection(N_("Åtagandet börjar gälla när parterna har signerat överenskommelsen, och upphör med den."))


@COMMITMENT.guard(*WHILE_DRAFTED)
def _while_it_is_drafted(row: Commitment, actor: Actor) -> Iterable[Objection]:
    if row.agreement_id is not None and actor.kind != "system" and thing_of(row).state not in DRAFTED:
        yield Objection(TEXT_STANDS)


@COMMITMENT.guard("ata", "ta_upp_igen")
def _not_when_all_has_ended(row: Commitment, _actor: Actor) -> Iterable[Objection]:
    """What was said to be nobody's when it ended is not anybody's again by itself."""
    if has_ended(thing_of(row)):
        yield Objection(HAS_ENDED)


def take_on_all(actor: Actor, agreement: Agreement) -> None:
    """Let what the parties have signed be taken on: called once all have."""
    access.require(actor, READ, agreement)
    _move_all(agreement, COMMITMENT.start, "ata")


def end_all(actor: Actor, agreement: Agreement, reason: str) -> None:
    """Let the commitments of an agreement end with it."""
    access.require(actor, READ, agreement)
    _move_all(agreement, "atagit", "avsluta", reason)


def decline_all(actor: Actor, agreement: Agreement, reason: str) -> None:
    """Let what was proposed in a draft fall with it."""
    access.require(actor, READ, agreement)
    _move_all(agreement, COMMITMENT.start, "avboj", reason)


def _move_all(agreement: Agreement, state: str, key: str, reason: str = "") -> None:
    rows = select(Commitment).where(Commitment.agreement_id == agreement.id, Commitment.state == state)
    for row in db.session().scalars(rows.order_by(Commitment.number)).all():
        flow.move(COMMITMENT, row, key, HOUSE, reason=reason)
        _moved(HOUSE, row)


@leaves
def _end_what_it_promised(thing: Any, organisation: int, reason: str) -> None:
    """Let what a party that leaves has promised end with it: nobody else can keep it, or has signed it."""
    column = getattr(Commitment, OWNERS[type(thing)][0], None)
    if column is None:
        return  # in a council nobody promises anything
    rows = select(Commitment).where(column == thing.id, Commitment.organisation_id == organisation)
    rows = rows.where(Commitment.state.in_(COMMITMENT.open_states()))
    end_those(HOUSE, thing, db.session().scalars(rows).all(), reason)


def end_those(actor: Actor, thing: Any, rows: Iterable[Commitment], reason: str) -> None:
    """Let commitments of a thing that are open end; what was only proposed falls."""
    access.require(actor, READ, thing)
    for row in rows:
        if row.state == "atagit":
            note(actor, thing, "upphort", text=row.what, about_id=row.organisation_id, reason=reason)
        flow.move(COMMITMENT, row, "avsluta" if row.state == "atagit" else "avboj", HOUSE, reason=reason)
        _moved(HOUSE, row)


# --- Its times ----------------------------------------------------------------------------------------------------


def _make_times(row: Commitment) -> None:
    """Give each day of a commitment a row and a frist, up to the next one that is to come: one waits at a time."""
    comes = _one_is_coming(row)
    while row.next_on is not None and not comes:
        day, row.next_on = row.next_on, following(row, row.next_on)
        known = select(CommitmentTime.id).where(CommitmentTime.commitment_id == row.id, CommitmentTime.due_on == day)
        if db.session().scalar(known) is None:
            _plan(row, day)
            comes = day >= clock.today()
    db.session().flush()


def _one_is_coming(row: Commitment) -> bool:
    return db.session().scalar(_waiting(row).where(CommitmentTime.due_on >= clock.today()).limit(1)) is not None


def _waiting(row: Commitment) -> Select[Any]:
    return select(CommitmentTime).where(CommitmentTime.commitment_id == row.id, CommitmentTime.kept.is_(None))


def _plan(row: Commitment, day: date) -> None:
    time = CommitmentTime(commitment_id=row.id, due_on=day)
    db.session().add(time)
    db.session().flush()
    promise(COMMITTED, _about(time, row), row.organisation_id, starts_at=clock.now(), terms=_terms(time, row))


def _about(time: CommitmentTime, row: Commitment) -> Subject:
    return subject("commitment_time", time, row.what, thing_of(row), row)


def _terms(time: CommitmentTime, row: Commitment) -> Rule:
    return on_day(COMMITTED, time.due_on, Text(N_("Åtagande {number}"), number=row.number))


def stand_on_its_place(actor: Actor, after: Collaboration, rows: Iterable[Commitment]) -> None:
    """Let the frister of commitments that another platssamverkan has taken over stand on the place of that one.

    By who leads the one that they belong to now.
    """
    access.require(actor, LEAD, after)
    for row in rows:
        for time in db.session().scalars(_waiting(row)).all():
            stands_there(COMMITTED, _about(time, row), row.organisation_id, _terms(time, row))


def make_commitment_times() -> None:
    """Give what comes next its frist: the same job again, or two at once, makes no other."""
    coming = select(CommitmentTime.id).where(CommitmentTime.commitment_id == Commitment.id)
    coming = coming.where(CommitmentTime.kept.is_(None), CommitmentTime.due_on >= clock.today()).correlate(Commitment)
    rows = select(Commitment).where(Commitment.state == "atagit", Commitment.next_on.is_not(None), ~coming.exists())
    for row in db.session().scalars(rows.order_by(Commitment.next_on).limit(MOST).with_for_update()).all():
        _make_times(row)


def tell_time(actor: Actor, uid: UUID, *, kept_it: bool, told: str, version: int | None = None) -> CommitmentTime:
    """Say whether a commitment was kept a time: by the party itself. What was not kept says why.

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    time = access.find(CommitmentTime, uid, actor, WRITE, lock=True)
    db.refuse_stale("commitment_time", uid, time.version, version)
    row = db.session().get_one(Commitment, time.commitment_id)
    if not acts_for(actor, row.organisation_id):
        raise flow.Refused([Objection(N_("Det gör parten själv."))])
    if time.kept is not None:
        raise flow.Refused([Objection(N_("Det är redan besvarat."))])
    if kept_it and time.due_on > clock.today() + EARLY:
        raise flow.Refused([Objection(N_("Dagen ligger för långt fram."))])
    if not kept_it and not told.strip():
        raise Invalid({"told": [N_("Skriv varför det inte hölls.")]})
    time.kept, time.told, time.told_at = kept_it, told, clock.now()
    db.session().flush()
    if kept_it:
        kept(COMMITTED, _about(time, row), told or N_("Hållet"))
    else:
        dropped(COMMITTED, _about(time, row), told)
    thing = thing_of(row)
    note(actor, thing, "hallet" if kept_it else "ej_hallet", text=row.what, about_id=row.organisation_id, reason=told)
    journal.write(actor, "commitment:tell", "commitment", row.uid, kept=kept_it)
    if row.state == "atagit":
        _make_times(row)
    return time


# --- Reading ------------------------------------------------------------------------------------------------------


def thing_of(row: Commitment) -> Any:
    """Return the collaboration or the agreement of a commitment that somebody has been let reach."""
    model: Any = Collaboration if row.collaboration_id is not None else Agreement
    return db.session().get_one(model, row.collaboration_id or row.agreement_id)


def read_commitment(actor: Actor, uid: UUID) -> Commitment:
    """Return a commitment, whole; Missing when the actor does not reach it."""
    access.require(actor, READ)
    rows = select(Commitment).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(Commitment.uid == uid, access.rule_of(Commitment, actor)))
    if found is None:
        raise access.Missing("commitment", uid)
    return found


def times_of(actor: Actor, row: Commitment) -> list[CommitmentTime]:
    """Return the times of a commitment, the next ones first, then what has been."""
    rows = select(CommitmentTime).where(CommitmentTime.commitment_id == row.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(CommitmentTime.due_on.desc()).limit(PAGE)))


def commitments_of(actor: Actor, thing: Any) -> list[Kept]:
    """Return the commitments in a collaboration or an agreement with how they were kept, in two queries."""
    column, _ = OWNERS[type(thing)]
    rows = select(Commitment).options(joinedload(Commitment.organisation), joinedload(Commitment.goal))
    rows = rows.where(getattr(Commitment, column) == thing.id).order_by(Commitment.number)
    found = list(db.session().scalars(access.visible(rows, actor)))
    waits = case((CommitmentTime.kept.is_(None), CommitmentTime.due_on))
    kept_, missed = (func.count(case((CommitmentTime.kept.is_(said), 1))) for said in (True, False))
    counts = select(CommitmentTime.commitment_id, kept_, missed, func.min(waits)).group_by(CommitmentTime.commitment_id)
    counts = counts.where(CommitmentTime.commitment_id.in_([row.id for row in found]))
    known: dict[int, Any] = {key: rest for key, *rest in db.session().execute(counts)} if found else {}
    return [Kept(row, *known.get(row.id, (0, 0, None))) for row in found]


def own_times(actor: Actor, organisations: Any, limit: int) -> list[CommitmentTime]:
    """Return the times that some organisations have yet to tell of, what is late first."""
    rows = select(CommitmentTime).options(joinedload(CommitmentTime.commitment)).join(CommitmentTime.commitment)
    rows = rows.where(Commitment.organisation_id.in_(organisations), CommitmentTime.kept.is_(None))
    rows = rows.where(access.rule_of(CommitmentTime, actor, WRITE)).order_by(CommitmentTime.due_on)
    return list(db.session().scalars(rows.limit(limit)))


def promised_by(actor: Actor, organisation: UUID, limit: int = PAGE) -> list[CommitmentTime]:
    """Return when an organisation is to keep what it has promised, what is late first, as far as the actor reads it."""
    access.require(actor, READ)
    whole = joinedload(CommitmentTime.commitment)
    whole = whole.options(joinedload(Commitment.collaboration), joinedload(Commitment.agreement))
    rows = select(CommitmentTime).options(whole).join(CommitmentTime.commitment)
    rows = rows.join(Organisation, Organisation.id == Commitment.organisation_id)
    rows = rows.where(Organisation.uid == organisation, CommitmentTime.kept.is_(None), Commitment.state == "atagit")
    rows = rows.where(access.rule_of(CommitmentTime, actor)).order_by(CommitmentTime.due_on, CommitmentTime.id)
    return list(db.session().scalars(rows.limit(limit)))


def commitment_of(actor: Actor, time: UUID) -> UUID:
    """Return the uid of the commitment of a time; Missing of one that the actor does not reach."""
    rows = select(Commitment.uid).join(CommitmentTime, CommitmentTime.commitment_id == Commitment.id)
    found = db.session().scalar(rows.where(CommitmentTime.uid == time, access.rule_of(CommitmentTime, actor)))
    if found is None:
        raise access.Missing("commitment_time", time)
    return found
