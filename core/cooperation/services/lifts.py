"""What is lifted to the central level (HINDER_LYFT, SIGNAL_EFFEKT), its answer and its frist (Z12, Z46).

The frist is the central level's: 20 working days (domain.md 4.3). It stands still while more is asked for, and begins
anew when an answer is not enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation import catalogue
from core.cooperation.limits import LIFTED, ONLY
from core.cooperation.models import LIFT_ANSWER, LIFT_MAKE, LIFT_READ, Cycle, Goal, Lift, LiftEvent, Measure
from core.cooperation.models.cycles import WRITE, homes
from core.cooperation.services.parties import own_party
from core.cooperation.states import LIFT
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.upkeep.models import Deadline

HOUSE = access.system("cooperation")
PAGE = 50
MADE = "lyft"
WHOLE = (Lift.organisation, Lift.cycle, Lift.goal, Lift.measure, Lift.place)
OPEN = LIFT.open_states()
WITH_THE_CENTRAL = ("lyft", "handlaggs")
"""States in which the central level has the next word."""
NOBODY = N_("Staden har ingen organisation som svarar för central nivå. Be den som sköter Tryggplats att ange vilken.")


@dataclass(frozen=True)
class Wish:
    """Which lifts to list: `open`, `late`, `answered`, `board` (taken on to kommunstyrelsen), or all; of one kind."""

    which: str = ""
    kind: str = ""


EVERYTHING = Wish()


@dataclass(frozen=True)
class Line:
    """A lift with the last day of its answer, and whether that has been."""

    lift: Lift
    due_at: datetime | None
    due_on: date | None

    @property
    def late(self) -> bool:
        """Whether the answer is late."""
        return self.due_at is not None and self.lift.state in WITH_THE_CENTRAL and self.due_at < clock.now()


@dataclass(frozen=True)
class Page:
    """A page of lifts, and where the next one begins."""

    rows: list[Line]
    after: tuple[int] | None


def make(
    actor: Actor,
    *,
    uid: UUID,
    kind: str,
    cycle: UUID | None = None,
    goal: UUID | None = None,
    measure: UUID | None = None,
    place: UUID | None = None,
    **facts: Any,
) -> Lift:
    """Lift something to the central level from a cycle, one of its goals or measures, or a place; once for each `uid`.

    Raises Missing, Denied, Conflict; Invalid (nothing that it is about, a day to come), Refused (no party, or a city
    that has no central level to answer).
    """
    access.require(actor, LIFT_MAKE)
    content = db.fingerprint(kind=kind, cycle=cycle, goal=goal, measure=measure, place=place, **facts)
    known = db.session().scalar(select(Lift).where(Lift.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("lift", uid)
        return known
    if facts["since_on"] > clock.today():
        raise Invalid({"since_on": [N_("Välj i dag eller en tidigare dag.")]})
    answers = central()
    if answers is None:
        raise flow.Refused([Objection(NOBODY)])
    where = _where(actor, cycle, goal, measure, place)
    now = clock.now()
    row = Lift(
        uid=uid,
        content=content,
        number=f"LY-{db.next_number('LY'):05d}",
        kind=kind,
        lifted_at=now,
        lifted_by_id=actor.id,
        changed_at=now,
        state=LIFT.start,
        **where,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    _note(actor, row, MADE, row.what)
    upkeep.plan_deadline(HOUSE, LIFTED, rule=ONLY, subject=_about(row), starts_at=now, owner=answers.id)
    journal.write(actor, "lift:make", "lift", uid, level=row.level, number=row.number, kind=kind)
    return row


def _where(
    actor: Actor, cycle: UUID | None, goal: UUID | None, measure: UUID | None, place: UUID | None
) -> dict[str, Any]:
    """Return what a lift is about and whose it is: the party that the actor acts for, or its organisation."""
    found: dict[str, Any] = {}
    for name, model, wanted in (("goal", Goal, goal), ("measure", Measure, measure)):
        if wanted is not None:
            row: Any = access.find(model, wanted, actor, WRITE)
            found |= {f"{name}_id": row.id, "cycle_id": row.cycle_id}
    about: Cycle | None = None
    if found:
        about = db.session().get_one(Cycle, found["cycle_id"])
    elif cycle is not None:
        about = access.find(Cycle, cycle, actor, WRITE)
    if about is not None:
        party = own_party(actor, about)
        if party is None:
            raise flow.Refused([Objection(N_("Bara den som är part lyfter något från cykeln."))])
        whose = {"cycle_id": about.id, "place_id": about.place_id, "organisation_id": party.organisation_id}
        return found | whose | {"level": about.level}
    if place is None or actor.organisation is None:
        raise Invalid({"place": [N_("Välj vad det gäller: en plats, eller en samverkan.")]})
    there = access.find(Place, place, actor, "places:place:read")
    return {"place_id": there.id, "organisation_id": actor.organisation, "level": there.level}


def central() -> Organisation | None:
    """Return the organisation that answers what is lifted; None in a city that has said of none."""
    rows = select(Organisation).where(Organisation.code == catalogue.central())
    return db.session().scalar(rows)


def _about(row: Lift) -> Subject:
    return Subject("lift", row.uid, row.title, level=row.level)


def _note(actor: Actor, row: Lift, move: str, text: str) -> None:
    by = {"person_id": actor.id, "organisation_id": actor.organisation}
    db.session().add(LiftEvent(lift_id=row.id, at=clock.now(), move=move, text=text, **by))
    db.session().flush()


def move(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", decision: str = "", version: int | None = None
) -> Lift:
    """Take a lift on: taken up, more asked for, answered with a decision, taken back, opened again.

    Raises Missing, Denied, Stale, Refused; Invalid for an answer without a decision.
    """
    needs = LIFT.move(key).needs
    row = access.find(Lift, uid, actor, needs, lock=True)
    db.refuse_stale("lift", uid, row.version, version)
    if key == "besvara" and not decision:
        raise Invalid({"decision": [N_("Välj vad ni beslutar.")]})
    before = row.state
    flow.move(LIFT, row, key, actor, reason=reason)
    row.changed_at = clock.now()
    if key == "besvara":
        row.decision, row.answer, row.answered_at = decision, reason, clock.now()
    db.session().flush()
    _note(actor, row, key, reason)
    _follow(row, key, before)
    return row


def _follow(row: Lift, key: str, before: str) -> None:
    """Let the frist follow: it stands still while more is asked for, ends with the answer, begins anew if it must."""
    about, label = _about(row), LIFT.states[row.state].label
    if before == "komplettering":
        upkeep.resume_deadlines(HOUSE, about, kinds=[LIFTED])
    if key == "begar_mer":
        upkeep.pause_deadlines(HOUSE, about, kinds=[LIFTED], reason=label)
    elif key == "besvara":
        upkeep.meet_deadline(HOUSE, LIFTED, about, reason=label)
    elif key == "aterkalla":
        upkeep.drop_deadline(HOUSE, LIFTED, about, reason=label)
    elif key == "oppna_igen":
        upkeep.renew_deadline(HOUSE, LIFTED, about, starts_at=clock.now(), reason=N_("Svaret räckte inte"))


@LIFT.guard("oppna_igen")
def _once_a_cycle(row: Lift, _actor: Actor) -> Iterable[Objection]:
    """What has been taken on to kommunstyrelsen waits there."""
    if row.decision == "vidare":
        yield Objection(N_("Det är taget vidare till kommunstyrelsen. Lyft det på nytt om läget ändras."))


def _lines(rows: Any, actor: Actor) -> list[Line]:
    """Return lifts with the last day of their answer."""
    frist = (Deadline.subject_uid == Lift.uid) & (Deadline.kind == LIFTED)
    rows = rows.add_columns(Deadline.due_at, Deadline.due_on).outerjoin(Deadline, frist)
    rows = rows.options(*(joinedload(part) for part in WHOLE)).where(access.rule_of(Lift, actor))
    return [Line(lift, due_at, due_on) for lift, due_at, due_on in db.session().execute(rows)]


def read(actor: Actor, uid: UUID) -> Line:
    """Return a lift with the last day of its answer; Missing when the actor does not reach it."""
    access.require(actor, LIFT_READ)
    found = _lines(select(Lift).where(Lift.uid == uid), actor)
    if not found:
        raise access.Missing("lift", uid)
    return found[0]


def _late(rows: Any) -> Any:
    late = select(Deadline.subject_uid).where(Deadline.kind == LIFTED, Deadline.due_at < clock.now())
    return rows.where(Lift.state.in_(WITH_THE_CENTRAL), Lift.uid.in_(late))


def _wished(rows: Any, wish: Wish) -> Any:
    if wish.which == "open":
        rows = rows.where(Lift.state.in_(OPEN))
    elif wish.which == "late":
        rows = _late(rows)
    elif wish.which == "answered":
        rows = rows.where(Lift.state == "besvarad")
    elif wish.which == "board":
        rows = rows.where(Lift.decision == "vidare")
    return rows.where(Lift.kind == wish.kind) if wish.kind else rows


def list_lifts(actor: Actor, wish: Wish = EVERYTHING, *, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the lifts that the actor reaches, the newest first, in one query."""
    access.require(actor, LIFT_READ)
    rows = _wished(select(Lift), wish)
    if after is not None:
        rows = rows.where(Lift.id < after[0])
    found = _lines(rows.order_by(Lift.id.desc()).limit(limit + 1), actor)
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].lift.id,) if more else None)


def counts(actor: Actor) -> dict[str, int]:
    """Return how many lifts that the actor reaches there are of each wish."""
    access.require(actor, LIFT_READ)
    told = {}
    for which in ("open", "late", "answered", "board", ""):
        rows = _wished(select(func.count()).select_from(Lift), Wish(which))
        told[which] = db.session().scalar(rows.where(access.rule_of(Lift, actor))) or 0
    return told


def events_of(actor: Actor, lift: Lift) -> list[LiftEvent]:
    """Return what has happened to a lift, the newest first."""
    rows = select(LiftEvent).options(joinedload(LiftEvent.organisation)).where(LiftEvent.lift_id == lift.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(LiftEvent.id.desc()).limit(200)))


def to_answer(actor: Actor, limit: int) -> list[Line]:
    """Return what waits for an answer of the central level, the oldest first; none for who does not answer."""
    if not actor.may(LIFT_ANSWER):
        return []
    rows = select(Lift).where(Lift.state.in_(WITH_THE_CENTRAL), access.rule_of(Lift, actor, LIFT_ANSWER))
    return _lines(rows.order_by(Lift.id).limit(limit), actor)


def to_complete(actor: Actor, limit: int) -> list[Line]:
    """Return the actor's own lifts of which more is asked, the oldest first."""
    rows = select(Lift).where(Lift.state == "komplettering", Lift.organisation_id.in_(homes(actor)))
    return _lines(rows.order_by(Lift.id).limit(limit), actor)


def lifts_about(actor: Actor, *, cycle: Cycle | None = None, place: UUID | None = None) -> list[Line]:
    """Return what is lifted from a cycle, or about a place, the newest first."""
    rows = select(Lift)
    if cycle is not None:
        rows = rows.where(Lift.cycle_id == cycle.id)
    if place is not None:
        rows = rows.where(Lift.place_id.in_(select(Place.id).where(Place.uid == place)))
    return _lines(rows.order_by(Lift.id.desc()).limit(PAGE), actor)
