"""Planning a walk: what is asked before it, who takes part, which way it goes; and what ought to be looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shapely import LineString
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm.attributes import flag_modified

from core import access, clock, db, journal
from core.access import Actor
from core.dated import valid_on
from core.i18n import N_, Text
from core.people.models import Person, RoleGrant
from core.places.models import Area, Place, PlaceArea, PlaceControl
from core.schema import Invalid
from core.walks.limits import FOLLOWED_UP
from core.walks.models import Observation, ParticipantCount, Walk, WalkPartner, WalkPlace, WalkRoute, WalkStop
from core.walks.services.light import light_of, refuse_daylight, sun_at
from core.walks.services.protocol import refuse_adjusted
from core.walks.services.reaching import organisation_keys
from core.walks.services.way import Stop, along, astray, missed
from core.walks.states import BEFORE_ITS_END, LOGGED_IN

FUNCTIONS = frozenset({"leader", "note_taker", "photographer"})
MOST_IN_GROUP = 20


def change_walk(actor: Actor, uid: UUID, *, version: int, **changes: Any) -> Walk:
    """Change the plan of a walk as of `version`; what is not given stays.

    Takes the columns of the plan, and places, partners, leader, note_taker, photographer (uids), route (a line in
    SWEREF 99 TM or None) and stops. Raises Invalid, Stale, Missing, Denied, and Refused when the protocol is adjusted.
    """
    walk = access.find(Walk, uid, actor, "walks:walk:lead", lock=True)
    db.refuse_stale("walk", uid, walk.version, version)
    refuse_adjusted(walk, N_("Vandringen har läget ”{state}”. Då går det inte att ändra planen."))
    apply_plan(actor, walk, changes)
    flag_modified(walk, "title")  # a new version also when only its stops have changed
    db.session().flush()
    db.session().expire(walk)
    journal.write(actor, "walk:change", "walk", uid, level=walk.level, changed=sorted(changes))
    return walk


def apply_plan(actor: Actor, walk: Walk, changes: Mapping[str, Any]) -> None:
    """Write what is planned to a walk that the actor leads; only a flush is left to do."""
    access.require(actor, "walks:walk:lead")
    for name in FUNCTIONS & changes.keys():
        setattr(walk, f"{name}_id", _person(walk, name, changes[name]))
    for name, value in columns_of(changes).items():
        setattr(walk, name, value)
    if "places" in changes:
        through = enumerate(place_keys(actor, list(changes["places"])), 1)
        _replace(WalkPlace, walk, [{"place_id": key, "seq": number} for number, key in through])
    if "partners" in changes:
        keys = organisation_keys(actor, list(changes["partners"]), "partners")
        _replace(WalkPartner, walk, [{"organisation_id": key} for key in keys if key != walk.organiser_id])
    if "route" in changes:
        _replace(WalkRoute, walk, [{"line": changes["route"]}] if changes["route"] is not None else [])
    if "stops" in changes:
        _replace(WalkStop, walk, [_row(number, stop) for number, stop in enumerate(changes["stops"], 1)])
    _check(walk, {"theme", "planned_at", "places", "light_reason"} & changes.keys())


def columns_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a plan stands on the walk itself and names nobody."""
    elsewhere = {"places", "partners", "route", "stops", *FUNCTIONS}
    return {name: value for name, value in plan.items() if name not in elsewhere}


def _row(number: int, stop: Stop) -> dict[str, Any]:
    return {"seq": number, "name": stop.name, "point": stop.point, "questions": list(stop.questions)}


def _replace(model: Any, walk: Walk, rows: Iterable[dict[str, Any]]) -> None:
    """Replace the rows of a part of a walk."""
    db.session().flush()
    db.session().execute(delete(model).where(model.walk_id == walk.id))
    db.session().add_all([model(walk_id=walk.id, **row) for row in rows])
    db.session().flush()


def _check(walk: Walk, touched: Collection[str]) -> None:
    """Refuse a plan that cannot be meant: light looked at by day, meetings in the wrong order."""
    if walk.pre_meeting_at and walk.pre_meeting_at > walk.planned_at:
        raise Invalid({"pre_meeting_at": [N_("Förmötet är före vandringen. Ändra den ena tiden.")]})
    if walk.feedback_meeting_at and walk.feedback_meeting_at < walk.planned_at:
        raise Invalid({"feedback_meeting_at": [N_("Återkopplingsmötet är efter vandringen. Ändra den ena tiden.")]})
    if walk.light and not walk.light_reason.strip():
        raise Invalid({"light_reason": [N_("Skriv varför ljuset är ett annat än vad solen säger.")]})
    if touched and walk.state in BEFORE_ITS_END:
        place = db.session().scalar(along(walk).limit(1))
        point = place.geom.representative_point() if place else None
        refuse_daylight(walk.theme, walk.planned_at, point, walk.light_reason)


def place_keys(actor: Actor, uids: list[UUID]) -> list[int]:
    """Return the keys of the places of a walk; Invalid for one that the actor does not reach."""
    reached = select(Place.uid, Place.id).where(Place.uid.in_(uids), access.rule_of(Place, actor))
    found = {row.uid: row.id for row in db.session().execute(reached)}
    if not found.keys() >= set(uids):
        raise Invalid({"places": [N_("En av platserna finns inte, eller så har du inte rätt att se den.")]})
    return [found[uid] for uid in dict.fromkeys(uids)]


def people_for(actor: Actor, walk: Walk) -> list[Person]:
    """Return those who can have a function on a walk: people of its organiser and co-organisers."""
    access.require(actor, "walks:walk:lead", walk)
    return list(db.session().scalars(_people(walk).order_by(Person.name, Person.id).limit(200)))


def nearest_to(walk: Walk) -> set[int]:
    """Return the keys of the organisations nearest to a walk: who answers for its places, and for their areas."""
    there, today = select(WalkPlace.place_id).where(WalkPlace.walk_id == walk.id), clock.today()
    holding = select(PlaceControl.organisation_id).where(PlaceControl.place_id.in_(there))
    holding = holding.where(valid_on(PlaceControl, today))
    around = select(Area.organisation_id).join(PlaceArea, PlaceArea.area_id == Area.id)
    around = around.where(PlaceArea.place_id.in_(there), Area.organisation_id.is_not(None), valid_on(Area, today))
    leading = select(Place.district_id).where(Place.id.in_(there), Place.district_id.is_not(None))
    return set(db.session().scalars(holding.union(around, leading)))


def _people(walk: Walk) -> Any:
    partners = select(WalkPartner.organisation_id).where(WalkPartner.walk_id == walk.id)
    there = or_(RoleGrant.organisation_id == walk.organiser_id, RoleGrant.organisation_id.in_(partners))
    held = select(RoleGrant.person_id).where(there, valid_on(RoleGrant, clock.today()))
    return select(Person).where(Person.id.in_(held), Person.ended_at.is_(None))


def _person(walk: Walk, function: str, uid: UUID | None) -> int | None:
    if uid is None:
        return None
    found = db.session().scalar(_people(walk).where(Person.uid == uid))
    if found is None:
        raise Invalid({function: [N_("Välj någon som arbetar hos den som leder vandringen eller en medarrangör.")]})
    return int(found.id)


def route_of(walk: Walk) -> LineString | None:
    """Return the way of a walk that has been read, None where none is drawn."""
    line: LineString | None = db.session().scalar(select(WalkRoute.line).where(WalkRoute.walk_id == walk.id))
    return line


def warnings_about(walk: Walk, route: LineString | None) -> list[str]:
    """Return what ought to be looked at in a walk that has been read with its parts; none of it stops anything."""
    told = _about_the_way(walk, route) if walk.state in BEFORE_ITS_END else []
    came = db.session().scalar(
        select(func.coalesce(func.sum(ParticipantCount.count), 0)).where(ParticipantCount.walk_id == walk.id)
    )
    if (came or 0) > MOST_IN_GROUP * walk.groups:
        words = N_("Det är fler än {max} deltagare i varje grupp. Dela upp er i fler grupper.")
        told.append(Text(words, max=MOST_IN_GROUP))
    if walk.state not in BEFORE_ITS_END and walk.state in LOGGED_IN:
        good = select(Observation.id).where(Observation.walk_id == walk.id, Observation.nature == "positivt")
        if db.session().scalars(good.limit(1)).first() is None:
            told.append(Text(N_("Ingen iakttagelse är positiv. Finns det något att bevara?")))
    if walk.follows is not None:
        told += _as_follow_up(walk, walk.follows)
    return list(told)


def _about_the_way(walk: Walk, route: LineString | None) -> list[Text]:
    """Return what is odd about where a walk is to go; once it is gone nobody walks it otherwise."""
    words = N_("Rutten går inte förbi stoppet {name} inom 30 meter.")
    return [*astray(walk, route), *(Text(words, name=name) for name in missed(route, walk.stops))]


def follow_up_days(first: Walk) -> tuple[date, date]:
    """Return the first and the last day on which a walk is best followed up."""
    held = clock.local(first.planned_at).date()
    return held + timedelta(days=FOLLOWED_UP[0]), held + timedelta(days=FOLLOWED_UP[1])


def _as_follow_up(walk: Walk, first: Walk) -> Iterable[Text]:
    days = (clock.local(walk.planned_at).date() - clock.local(first.planned_at).date()).days
    if not FOLLOWED_UP[0] <= days <= FOLLOWED_UP[1]:
        yield Text(N_("Vandringen följs bäst upp efter tre till sex månader. Det här är efter {n} dagar."), n=days)
    point = walk.places[0].geom.representative_point() if walk.places else None
    before = first.light or sun_at(point, first.planned_at).light_at(first.planned_at)
    if light_of(walk) != before:
        yield Text(N_("Vandringen som följs upp gick i annat ljus. Samma ljus gör dem lättare att jämföra."))
