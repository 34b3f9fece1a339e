"""Platssamverkan: begun by a stadsdelsnämnd, changed, moved from phase to phase, listed; its groups and its goals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, geo, journal
from core.access import Actor
from core.agreements.limits import EVALUATE_12, EVALUATE_24
from core.agreements.models import (
    AgreementEvent,
    Collaboration,
    CollaborationGroup,
    CollaborationParty,
    CollaborationPlace,
    GroupMember,
)
from core.agreements.models.together import BOARD_KIND, LEAD, READ
from core.agreements.services.keeping import (
    OWNERS,
    PAGE,
    cycle_found,
    dropped,
    is_open,
    kept,
    note,
    promise,
    reaches,
    set_links,
    set_places,
    subject,
)
from core.agreements.services.parties import LEAST, count_parties, join_first, refuse_closed
from core.agreements.states import COLLABORATION
from core.cooperation import services as cooperation
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.people.services import organisation_called
from core.places.models import Place
from core.schema import Invalid

SHOWN = 15
"""Things that have happened, on a page."""
WHOLE = (Collaboration.organisation, Collaboration.cycle)
EVALUATIONS = {EVALUATE_12: N_("Utvärdering efter 12 månader"), EVALUATE_24: N_("Utvärdering efter 24 månader")}


@dataclass(frozen=True)
class Page:
    """A page of rows, and where the next one begins."""

    rows: list[Any]
    after: tuple[int] | None


@dataclass(frozen=True)
class Group:
    """A group, with the organisations in it."""

    group: CollaborationGroup
    members: list[CollaborationParty]


def begin_collaboration(
    actor: Actor,
    *,
    uid: UUID,
    organisation: str,
    mandate: str,
    places: Collection[UUID],
    cycle: UUID | None = None,
    **facts: Any,
) -> Collaboration:
    """Begin a platssamverkan about places, led by a stadsdelsnämnd (its code), once for each `uid`.

    Raises Denied, Invalid, Conflict.
    """
    access.require(actor, LEAD)
    told: dict[str, Any] = {"organisation": organisation, "mandate": mandate, "places": sorted(map(str, places))}
    content = db.fingerprint(cycle=cycle, **told, **facts)
    if (known := access.made_before(actor, Collaboration, uid, content)) is not None:
        return known
    leading = organisation_called(organisation, "organisation")
    if leading.kind != BOARD_KIND:
        raise Invalid({"organisation": [N_("En platssamverkan leds av en stadsdelsnämnd.")]})
    if not places:
        raise Invalid({"places": [N_("Välj minst en plats.")]})
    row = Collaboration(
        uid=uid,
        content=content,
        number=f"PS-{db.next_number('PS'):05d}",
        organisation_id=leading.id,
        cycle_id=cycle_found(actor, cycle),
        state=COLLABORATION.start,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    if not reaches(actor, row, LEAD) and not _leads(actor, leading):
        raise Invalid({"organisation": [N_("Välj en stadsdelsnämnd som du leder samverkan för.")]})
    join_first(actor, row, role="drivande", mandate=mandate)
    set_places(actor, row, places)
    note(actor, row, "startad")
    journal.write(actor, "collaboration:begin", "collaboration", uid, number=row.number)
    return row


def _leads(actor: Actor, leading: Organisation) -> bool:
    found = select(Organisation.id).where(Organisation.id == leading.id, access.within(actor, LEAD, Organisation.id))
    return db.session().scalar(found) is not None


def change_collaboration(
    actor: Actor,
    uid: UUID,
    *,
    version: int | None,
    places: Collection[UUID] | None = None,
    boundary: BaseGeometry | None = None,
    **changes: Any,
) -> Collaboration:
    """Change what stands about a platssamverkan: vision, places, boundary, rhythm, cycle. Raises Invalid, Stale."""
    row = access.find(Collaboration, uid, actor, LEAD, lock=True)
    db.refuse_stale("collaboration", uid, row.version, version)
    refuse_closed(row)
    weeks = row.meeting_weeks
    if "cycle" in changes:
        row.cycle_id = cycle_found(actor, changes.pop("cycle"))
    for name, value in changes.items():
        setattr(row, name, value)
    row.boundary = geo.multipolygon(boundary) if boundary is not None else None
    if places is not None:
        if not places:
            raise Invalid({"places": [N_("Välj minst en plats.")]})
        set_places(actor, row, places)
    db.session().flush()
    if row.meeting_weeks != weeks:
        for follow in _follows:
            follow(row)
    journal.write(actor, "collaboration:change", "collaboration", uid, changed=sorted(changes))
    return row


def move_collaboration(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None
) -> Collaboration:
    """Take a platssamverkan to its next phase, or back. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Collaboration, uid, actor, READ, lock=True)
    db.refuse_stale("collaboration", uid, row.version, version)
    flow.move(COLLABORATION, row, key, actor, reason=reason)
    today = clock.today()
    if key == "kom_overens" and row.agreed_on is None:
        row.agreed_on = today
    row.ended_on = today if COLLABORATION.states[row.state].closed else None
    db.session().flush()
    note(actor, row, "steg", target=row.state, reason=reason)
    _evaluations(row, key)
    for follow in _follows:
        follow(row)
    return row


def _evaluations(row: Collaboration, key: str) -> None:
    """Plan both evaluations from the day it was agreed; renewed or wound up it has been evaluated."""
    about = subject("collaboration", row, row.name)
    if key == "kom_overens":
        for kind in EVALUATIONS:
            promise(kind, about, row.organisation_id, starts_at=clock.first_moment(row.agreed_on or clock.today()))
    elif key in ("fornya", "avveckla"):
        waiting = (kind for kind in EVALUATIONS if is_open(kind, about))
        for kind in [*waiting][:1]:
            kept(kind, about, N_("Utvärderad"))
    elif key in ("avsluta", "backa_organisera"):
        for kind in EVALUATIONS:
            dropped(kind, about, COLLABORATION.states[row.state].label)


_follows: list[Any] = []


def follows(rule: Any) -> Any:
    """Register what follows when a platssamverkan is moved or meets in another rhythm: a function (collaboration)."""
    _follows.append(rule)
    return rule


@COLLABORATION.guard("organisera")
def _has_a_vision(row: Collaboration, _actor: Actor) -> Iterable[Objection]:
    if not row.vision.strip():
        yield Objection(N_("Skriv visionen: hur ska det vara när ni har lyckats?"), "vision")
    if count_parties(row) < LEAST:
        yield Objection(Text(N_("Lägg till parter. Det behövs minst {least}."), least=LEAST))


@COLLABORATION.guard("kom_overens")
def _is_organised(row: Collaboration, _actor: Actor) -> Iterable[Objection]:
    groups = select(CollaborationGroup.id).where(
        CollaborationGroup.collaboration_id == row.id, CollaborationGroup.kind == "styrgrupp"
    )
    if db.session().scalar(groups.limit(1)) is None:
        yield Objection(N_("Lägg till en styrgrupp."))


# --- Reading ------------------------------------------------------------------------------------------------------


def read_collaboration(actor: Actor, uid: UUID, permission: str = READ) -> Collaboration:
    """Return a platssamverkan with who leads it; Missing when the actor does not reach it."""
    access.require(actor, permission)
    rows = select(Collaboration).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(Collaboration.uid == uid, access.rule_of(Collaboration, actor, permission)))
    if found is None:
        raise access.Missing("collaboration", uid)
    return found


def list_collaborations(actor: Actor, *, state: str = "", after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the collaborations that the actor reaches, the newest first, in one query."""
    access.require(actor, READ)
    rows = select(Collaboration).options(*(joinedload(part) for part in WHOLE))
    rows = rows.where(access.rule_of(Collaboration, actor))
    rows = rows.where(Collaboration.state == state) if state else rows
    rows = rows.where(Collaboration.id < after[0]) if after else rows
    found = list(db.session().scalars(rows.order_by(Collaboration.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def count_collaborations(actor: Actor) -> dict[str, int]:
    """Return how many that the actor reaches are in each phase."""
    access.require(actor, READ)
    rows = select(Collaboration.state, func.count().label("n")).where(access.rule_of(Collaboration, actor))
    found = {row.state: row.n for row in db.session().execute(rows.group_by(Collaboration.state))}
    return {state: found.get(state, 0) for state in COLLABORATION.states}


def places_of(actor: Actor, rows: Iterable[Collaboration]) -> dict[int, list[Place]]:
    """Return the places of collaborations by their key, in one query."""
    keys = [row.id for row in rows]
    links = select(CollaborationPlace).options(joinedload(CollaborationPlace.place))
    links = links.join(CollaborationPlace.place).where(CollaborationPlace.collaboration_id.in_(keys))
    found: dict[int, list[Place]] = {key: [] for key in keys}
    for link in db.session().scalars(access.visible(links, actor).order_by(Place.name)):
        found[link.collaboration_id].append(link.place)
    return found


def collaborations_at(actor: Actor, place: UUID) -> list[Collaboration]:
    """Return the collaborations about a place, the newest first."""
    about = select(CollaborationPlace.collaboration_id).join(Place, Place.id == CollaborationPlace.place_id)
    rows = select(Collaboration).where(Collaboration.id.in_(about.where(Place.uid == place)))
    return list(db.session().scalars(access.visible(rows, actor).order_by(Collaboration.id.desc()).limit(PAGE)))


def goals_of(actor: Actor, cycle: Any) -> list[Any]:
    """Return the goals of a linked cycle, as far as the actor reads that cycle."""
    return cooperation.goals_of(actor, cycle) if cycle is not None and cooperation.reaches(actor, cycle, CYCLE) else []


CYCLE = "cooperation:cycle:read"


def events_of(actor: Actor, about: Any) -> list[AgreementEvent]:
    """Return what has happened last to a collaboration, an agreement or a council, but for what was simply kept."""
    column, _ = OWNERS[type(about)]
    rows = select(AgreementEvent).options(joinedload(AgreementEvent.about), joinedload(AgreementEvent.organisation))
    rows = rows.where(getattr(AgreementEvent, column) == about.id, AgreementEvent.kind != "hallet")
    rows = rows.order_by(AgreementEvent.id.desc()).limit(SHOWN)
    return list(db.session().scalars(access.visible(rows, actor)))


def boards_led(actor: Actor) -> list[tuple[str, str]]:
    """Return the boards that the actor leads collaborations for today: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    rows = rows.where(Organisation.kind == BOARD_KIND, access.within(actor, LEAD, Organisation.id))
    return [(code, name) for code, name in db.session().execute(rows.order_by(Organisation.name))]


# --- Groups -------------------------------------------------------------------------------------------------------


def add_group(
    actor: Actor, collaboration: UUID, *, uid: UUID, members: Collection[UUID], **facts: Any
) -> CollaborationGroup:
    """Add a group of parties (their uids), once for each `uid`. Raises Missing, Denied, Invalid, Refused."""
    about = access.find(Collaboration, collaboration, actor, LEAD, lock=True)
    refuse_closed(about)
    known = db.session().scalar(select(CollaborationGroup).where(CollaborationGroup.uid == uid))
    if known is not None:
        if known.collaboration_id != about.id or any(getattr(known, name) != facts[name] for name in facts):
            raise db.Conflict("collaboration_group", uid)
        return known
    row = CollaborationGroup(uid=uid, collaboration_id=about.id, **facts)
    db.session().add(row)
    db.session().flush()
    _sit(row, members)
    journal.write(actor, "collaboration:group", "collaboration", about.uid, group=row.name)
    return row


def change_group(
    actor: Actor, uid: UUID, *, members: Collection[UUID], version: int | None = None, **changes: Any
) -> CollaborationGroup:
    """Change a group and who sits in it. Raises Missing, Denied, Stale, Invalid, Refused."""
    row = access.find(CollaborationGroup, uid, actor, LEAD, lock=True)
    db.refuse_stale("collaboration_group", uid, row.version, version)
    refuse_closed(db.session().get_one(Collaboration, row.collaboration_id))
    for name, value in changes.items():
        setattr(row, name, value)
    _sit(row, members)
    journal.write(actor, "collaboration:group", "collaboration", collaboration_of(actor, uid), group=row.name)
    return row


def _sit(row: CollaborationGroup, members: Collection[UUID]) -> None:
    parties = select(CollaborationParty.uid, CollaborationParty.id).where(
        CollaborationParty.collaboration_id == row.collaboration_id, CollaborationParty.left_on.is_(None)
    )
    known = {found.uid: found.id for found in db.session().execute(parties)}
    if not set(members) <= known.keys():
        raise Invalid({"members": [N_("Välj bland parterna.")]})
    set_links(GroupMember, "group_id", row.id, "party_id", [known[uid] for uid in members])


def groups_of(actor: Actor, about: Collaboration) -> list[Group]:
    """Return the groups with the parties in them, styrgruppen first, in two queries."""
    rows = select(CollaborationGroup).where(CollaborationGroup.collaboration_id == about.id)
    groups = list(db.session().scalars(access.visible(rows, actor).order_by(CollaborationGroup.id)))
    seats = select(GroupMember.group_id, CollaborationParty).join(
        CollaborationParty, CollaborationParty.id == GroupMember.party_id
    )
    seats = seats.options(joinedload(CollaborationParty.organisation)).join(CollaborationParty.organisation)
    seats = seats.where(GroupMember.group_id.in_([row.id for row in groups])).order_by(Organisation.name)
    sitting: dict[int, list[CollaborationParty]] = {row.id: [] for row in groups}
    for key, party in db.session().execute(seats) if groups else ():
        sitting[key].append(party)
    order = {"styrgrupp": 0, "projektgrupp": 1}
    return [Group(row, sitting[row.id]) for row in sorted(groups, key=lambda row: order.get(row.kind, 2))]


def collaboration_of(actor: Actor, group: UUID) -> UUID:
    """Return the uid of the collaboration that a group belongs to; Missing of one that the actor does not reach."""
    rows = select(Collaboration.uid).join(CollaborationGroup, CollaborationGroup.collaboration_id == Collaboration.id)
    found = db.session().scalar(rows.where(CollaborationGroup.uid == group, access.rule_of(CollaborationGroup, actor)))
    if found is None:
        raise access.Missing("collaboration_group", group)
    return found
