"""Cycles: begun, changed, moved a step on or back, read and listed; and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.models import OWN, Cycle, CycleComment, CycleEvent, CycleParty, SituationReport
from core.cooperation.models.cycles import LEAD, READ, WRITE
from core.cooperation.states import CANCELLED, CYCLE, DECIDED, ENDED, HAPPENED, OVER, STEPS
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.people.services import organisation_called
from core.places.models import Area, Place
from core.places.services import areas
from core.schema import Invalid

START = "cooperation:cycle:start"
PAST = N_("Tiden har redan varit. Välj en som kommer.")
PAGE = 50
HAS_ENDED = {
    ENDED: N_("Cykeln är avslutad. Öppna den igen om något ska ändras."),
    CANCELLED: N_("Samverkan är avbruten. Ta upp den igen om något ska ändras."),
}
WHOLE = (Cycle.place, Cycle.area, Cycle.organisation, Cycle.previous)


@dataclass(frozen=True)
class Wish:
    """Which cycles to list: in one of the five steps or ended, driven by one organisation."""

    step: str = ""
    organisation: UUID | None = None


EVERYTHING = Wish()


@dataclass(frozen=True)
class Page:
    """A page of cycles, and where the next one begins."""

    rows: list[Any]
    after: tuple[int] | None


def begin_cycle(
    actor: Actor,
    *,
    uid: UUID,
    organisation: str,
    mandate: str,
    place: UUID | None = None,
    area: UUID | None = None,
    **facts: Any,
) -> Cycle:
    """Begin a cycle about a place or an area (its uid), driven by an organisation (its code); once for each `uid`.

    The organisation is its first party, by whoever has `mandate`. Raises Denied, Invalid, Conflict.
    """
    access.require(actor, START)
    content = db.fingerprint(organisation=organisation, mandate=mandate, place=place, area=area, **facts)
    known = db.session().scalar(select(Cycle).where(Cycle.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("cycle", uid)
        access.require(actor, READ, known)
        return known
    driving = organisation_called(organisation, "organisation")
    where = _where(actor, place, area)
    level = db.session().get_one(Place, where["place_id"]).level if "place_id" in where else 1
    _refuse_days(facts.get("decided_on"), facts.get("opens_at"))
    cycle = Cycle(
        uid=uid,
        content=content,
        number=f"SC-{db.next_number('SC'):05d}",
        organisation_id=driving.id,
        state=CYCLE.start,
        turn=_turn(where),
        level=level,
        **where,
        **facts,
    )
    db.session().add(cycle)
    db.session().flush()
    if not reaches(actor, cycle, LEAD):
        raise Invalid({"organisation": [N_("Välj en organisation som du leder samverkan för.")]})
    party = {"organisation_id": driving.id, "role": "drivande", "mandate": mandate, "joined_on": cycle.started_on}
    db.session().add(CycleParty(cycle_id=cycle.id, **party))
    note(actor, cycle, "startad")
    journal.write(actor, "cycle:begin", "cycle", uid, level=cycle.level, number=cycle.number)
    return cycle


def _where(actor: Actor, place: UUID | None, area: UUID | None) -> dict[str, int]:
    """Return the place or the area that a cycle is about. Raises Invalid unless it is one of them."""
    if (place is None) == (area is None):
        raise Invalid({"place": [N_("Välj antingen en plats eller ett område.")]})
    model: Any = Place if place is not None else Area
    own = areas.own_areas(actor, START) if area is not None else []
    if own and area not in {row.uid for row in own}:
        raise Invalid({"area": [N_("Välj ett område som din organisation ansvarar för, eller en plats.")]})
    field = "place" if place is not None else "area"
    found = db.session().scalar(select(model.id).where(model.uid == (place or area), access.rule_of(model, actor)))
    if found is None:
        words = N_("Välj en plats i listan.") if place is not None else N_("Välj ett område i listan.")
        raise Invalid({field: [words]})
    return {f"{field}_id": found}


def _refuse_days(decided_on: date | None, opens_at: datetime | None = None) -> None:
    """Refuse a decision that has not been made, and an opening that has been: neither can be waited for."""
    if decided_on is not None and decided_on > clock.today():
        raise Invalid({"decided_on": [N_("Beslutet är inte taget än. Skriv dagen när det är det.")]})
    if opens_at is not None and opens_at <= clock.now():
        raise Invalid({"opens_at": [PAST]})


def _turn(where: Mapping[str, int]) -> int:
    before = select(func.coalesce(func.max(Cycle.turn), 0)).filter_by(**where).where(Cycle.state != CANCELLED)
    return int(db.session().scalar(before) or 0) + 1


def change_cycle(actor: Actor, uid: UUID, *, version: int | None, **changes: Any) -> Cycle:
    """Change what stands about a cycle: title, purpose, decision, when the pictures open.

    Raises Missing, Denied, Stale, Invalid, Refused (it has ended).
    """
    cycle = access.find(Cycle, uid, actor, LEAD, lock=True)
    db.refuse_stale("cycle", uid, cycle.version, version)
    refuse_ended(cycle)
    moved = "opens_at" in changes and changes["opens_at"] != cycle.opens_at
    if moved:
        _refuse_another_opening(cycle, changes["opens_at"])
    if changes.get("decided_on") != cycle.decided_on:
        _refuse_days(changes.get("decided_on"))
    decided = changes.get("decision") and changes["decision"] != cycle.decision
    for name, value in changes.items():
        setattr(cycle, name, value)
    db.session().flush()
    if decided:
        note(actor, cycle, DECIDED)
    for follow in _put_off if moved else ():
        follow(cycle)
    journal.write(actor, "cycle:change", "cycle", uid, level=cycle.level, changed=sorted(changes))
    return cycle


def refuse_ended(cycle: Cycle) -> None:
    """Refuse to change what stands about a cycle that has ended. Raises Refused."""
    if cycle.state in OVER:
        raise flow.Refused([Objection(HAS_ENDED[cycle.state])])


def _refuse_another_opening(cycle: Cycle, at: Any) -> None:
    """Refuse to open sooner what parties have been promised to be sealed, and to close what is open.

    The promise holds from when they were first asked, in whichever step the cycle is now; before that there is none.
    """
    own = select(SituationReport.id).filter_by(cycle_id=cycle.id, kind=OWN).limit(1)
    promised = db.session().scalar(own) is not None
    if promised and is_open(cycle):
        raise Invalid({"opens_at": [N_("Lägesbilderna är redan öppnade.")]})
    if at is not None and at <= clock.now():
        raise Invalid({"opens_at": [PAST]})
    if promised and (at is None or (cycle.opens_at is not None and at < cycle.opens_at)):
        raise Invalid({"opens_at": [N_("Parterna har lovats tid till dess. Den kan bara flyttas framåt.")]})


_put_off: list[Any] = []


def put_off(rule: Any) -> Any:
    """Register what follows when the opening of the pictures has another time: a function (cycle)."""
    _put_off.append(rule)
    return rule


def move_cycle(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Cycle:
    """Take a cycle a step on, or back to any step with a reason. Raises Missing, Denied, Stale, Refused."""
    cycle = access.find(Cycle, uid, actor, READ, lock=True)
    db.refuse_stale("cycle", uid, cycle.version, version)
    source = cycle.state
    flow.move(CYCLE, cycle, key, actor, reason=reason)
    cycle.ended_on = clock.today() if cycle.state in OVER else None
    db.session().flush()
    back = key.startswith("tillbaka")
    kind = key if key in HAPPENED else "tillbaka" if back else "steg"
    note(actor, cycle, kind, source=source, target=cycle.state, reason=reason)
    for follow in _follows:
        follow(actor, cycle, key)
    return cycle


_follows: list[Any] = []


def follows(rule: Any) -> Any:
    """Register what follows when a cycle has been moved: a function (actor, cycle, move)."""
    _follows.append(rule)
    return rule


def note(actor: Actor, cycle: Cycle, kind: str, **facts: Any) -> None:
    """Keep what happened to a cycle; called by services, once they have let the actor do it."""
    by = {"person_id": actor.id, "organisation_id": actor.organisation}
    db.session().add(CycleEvent(cycle_id=cycle.id, at=clock.now(), kind=kind, **by, **facts))
    db.session().flush()


def reaches(actor: Actor, cycle: Cycle, permission: str) -> bool:
    """Whether the actor reaches a cycle with a permission."""
    rows = select(Cycle.id).where(Cycle.id == cycle.id, access.rule_of(Cycle, actor, permission))
    return db.session().scalar(rows) is not None


def reads_place(actor: Actor, cycle: Cycle) -> bool:
    """Whether the actor may read the page of the place that a cycle is about; a party may not always."""
    may = cycle.place_id is not None and actor.may("places:place:read")
    rows = select(Place.id).where(Place.id == cycle.place_id, access.rule_of(Place, actor))
    return may and db.session().scalar(rows) is not None


def reads_where(actor: Actor, cycle: Cycle) -> bool:
    """Whether the actor may see where on the map a cycle is: areas are everybody's."""
    return cycle.area_id is not None or reads_place(actor, cycle)


def is_open(cycle: Cycle) -> bool:
    """Whether the parties read each other's pictures: all are in, or the time is out."""
    return cycle.opened_at is not None or (cycle.opens_at is not None and cycle.opens_at <= clock.now())


def opened_since(cycle: Cycle) -> datetime | None:
    """Return since when the parties read each other's pictures; None while they are sealed.

    From the second that was promised, which may be before the opening was noted.
    """
    known = [at for at in (cycle.opened_at, cycle.opens_at) if at is not None]
    return min(known) if is_open(cycle) else None


def read_cycle(actor: Actor, uid: UUID, permission: str = READ) -> Cycle:
    """Return a cycle with where it is and who drives it; Missing when the actor does not reach it."""
    access.require(actor, permission)
    rows = select(Cycle).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(Cycle.uid == uid, access.rule_of(Cycle, actor, permission)))
    if found is None:
        raise access.Missing("cycle", uid)
    return found


def list_cycles(actor: Actor, wish: Wish = EVERYTHING, *, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the cycles that the actor reaches, the newest first, in one query."""
    access.require(actor, READ)
    rows = select(Cycle).options(*(joinedload(part) for part in WHOLE)).where(access.rule_of(Cycle, actor))
    if wish.step:
        rows = rows.where(Cycle.state == wish.step)
    if wish.organisation is not None:
        named = select(Organisation.id).where(Organisation.uid == wish.organisation).scalar_subquery()
        rows = rows.where(Cycle.organisation_id == named)
    if after is not None:
        rows = rows.where(Cycle.id < after[0])
    found = list(db.session().scalars(rows.order_by(Cycle.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def count_cycles(actor: Actor) -> dict[str, int]:
    """Return how many cycles that the actor reaches are in each step."""
    access.require(actor, READ)
    rows = select(Cycle.state, func.count().label("n")).where(access.rule_of(Cycle, actor)).group_by(Cycle.state)
    found = {row.state: row.n for row in db.session().execute(rows)}
    return {step: found.get(step, 0) for step in (*STEPS, *OVER)}


def cycles_at(actor: Actor, place: UUID) -> list[Cycle]:
    """Return the cycles about a place, the newest first."""
    rows = select(Cycle).join(Place, Place.id == Cycle.place_id).where(Place.uid == place)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Cycle.id.desc()).limit(PAGE)))


def events_of(actor: Actor, cycle: Cycle) -> list[CycleEvent]:
    """Return what has happened to a cycle, the newest first."""
    rows = select(CycleEvent).options(joinedload(CycleEvent.about), joinedload(CycleEvent.organisation))
    rows = rows.where(CycleEvent.cycle_id == cycle.id).order_by(CycleEvent.id.desc())
    return list(db.session().scalars(access.visible(rows, actor).limit(200)))


# --- What is said -------------------------------------------------------------------------------------------------


def comment(actor: Actor, cycle: UUID, *, uid: UUID, audience: str, text: str) -> CycleComment:
    """Say something about a cycle: inside one's own organisation, or to all parties. Once for each `uid`."""
    about = access.find(Cycle, cycle, actor, WRITE)
    known = db.session().scalar(select(CycleComment).where(CycleComment.uid == uid))
    if known is not None:
        if (known.cycle_id, known.audience, known.text, known.person_id) != (about.id, audience, text, actor.id):
            raise db.Conflict("cycle_comment", uid)
        return known
    said = {"step": about.state, "audience": audience, "text": text, "at": clock.now()}
    by = {"person_id": actor.id, "organisation_id": actor.organisation}
    row = CycleComment(uid=uid, cycle_id=about.id, **said, **by)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "cycle:comment", "cycle", about.uid, level=about.level, audience=audience)
    return row


def comments_of(actor: Actor, cycle: Cycle) -> list[CycleComment]:
    """Return what has been said about a cycle that the actor may read, the newest first."""
    rows = select(CycleComment).options(joinedload(CycleComment.organisation))
    rows = rows.where(CycleComment.cycle_id == cycle.id).order_by(CycleComment.id.desc())
    return list(db.session().scalars(access.visible(rows, actor).limit(200)))


def driven_by(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations that the actor may begin cycles for today: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    rows = rows.where(access.within(actor, START, Organisation.id)).order_by(Organisation.name)
    return [(code, name) for code, name in db.session().execute(rows.limit(200))]
