"""Adding and changing places, and the end of one: closed, or merged into another. None is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from shapely import box
from sqlalchemy import select, update
from sqlalchemy.orm.attributes import flag_modified

from core import access, clock, db, flow, geo, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.places.models import CONFIDENTIALITY, Area, Place, PlaceChange, PlaceEntry
from core.places.outline import Outline, drawn, written
from core.places.protecting import protect_what_is_on
from core.places.services.answering import NewControl, begin_control
from core.places.services.areas import locate, own_areas
from core.places.services.city import bounds
from core.places.states import PLACE
from core.schema import Invalid

SMALLEST, LARGEST = 10, 5_000_000
"""Square metres that a place may have (domain.md 0b)."""
FARTHEST_DOOR = 1_000
"""Metres from a place to a way into it; one that lies farther away is a mistake."""
COMPARED = 50
"""Places that a new shape is compared with."""
LEVELS = {key: level for level, key in enumerate(CONFIDENTIALITY)}
Shape = Mapping[str, Any] | Outline
"""A shape as it comes from outside: GeoJSON in degrees, or text."""
Entry = Mapping[str, Any]
"""A way in: `name`, and `point` in SWEREF 99 TM."""


def add_place(
    actor: Actor,
    *,
    uid: UUID,
    geometry: Shape,
    controls: Iterable[NewControl | Mapping[str, str]] = (),
    entries: Iterable[Entry] = (),
    confidentiality: str = "intern",
    confirm_outside: bool = False,
    confirm_overlap: bool = False,
    **facts: Any,
) -> Place:
    """Add a place with its shape; number, areas and stadsdelsnämnd follow.

    `facts` are name, kind, public_access and, if there is more to say, description, photo_policy and oncall.
    The same uid with the same content gives the first place again. Raises Denied, Invalid, GeometryRefused, Conflict.
    """
    access.require(actor, "places:place:edit")
    held = [control if isinstance(control, NewControl) else NewControl(**control) for control in controls]
    doors = list(entries)
    facts = {"description": ""} | facts
    parts = {"entries": [_told(door) for door in doors], "controls": [asdict(control) for control in held]}
    content = db.fingerprint(**facts, **parts, geometry=geometry, confidentiality=confidentiality)
    known = db.session().scalar(select(Place).where(Place.uid == uid))
    if known is not None:
        return _same_again(actor, known, content)
    place = Place(
        uid=uid,
        number=f"PL-{db.next_number('PL'):05d}",
        content=content,
        level=LEVELS[confidentiality],
        state=PLACE.start,
        created_at=clock.now(),
        **facts,
    )
    _put_shape(actor, place, geometry, confirm_outside=confirm_outside, confirm_overlap=confirm_overlap)
    _put_entries(place, doors)
    for control in held:
        begin_control(place, control)
    told = {"number": place.number, "name": place.name, "kind": place.kind}
    journal.write(actor, "place:add", "place", uid, level=place.level, **told)
    return place


def change_place(
    actor: Actor,
    uid: UUID,
    *,
    version: int | None,
    geometry: Shape | None = None,
    entries: Iterable[Entry] | None = None,
    confidentiality: str | None = None,
    confirm_outside: bool = False,
    confirm_overlap: bool = False,
    **facts: Any,
) -> Place:
    """Change what is said about a place as of `version`; what stood there before is journalled.

    A text that says the shape as it is leaves it untouched to the last bit. Raises Stale, Missing, Denied, Invalid,
    GeometryRefused, and Refused for a place that has been merged into another.
    """
    place = access.find(Place, uid, actor, "places:place:edit", lock=True)
    db.refuse_stale("place", uid, place.version, version)
    if place.state == "sammanslagen":
        raise flow.Refused([Objection(N_("Platsen är sammanslagen med en annan. Ändra den i stället."))])
    facts |= {"level": LEVELS[confidentiality]} if confidentiality is not None else {}
    before = {name: getattr(place, name) for name, value in facts.items() if getattr(place, name) != value}
    for name, value in facts.items():
        setattr(place, name, value)
    if geometry is not None and not _is_as_it_is(place, geometry):
        before["geometry"] = geo.to_geojson(place.geom)
        _put_shape(actor, place, geometry, confirm_outside=confirm_outside, confirm_overlap=confirm_overlap)
    if entries is not None and _put_entries(place, list(entries)):
        before["entries"] = True
        flag_modified(place, "name")  # a new version, although no column of the place itself has changed
    db.session().flush()
    if "level" in before:
        protect_what_is_on(place)
    if before:
        journal.write(actor, "place:change", "place", uid, level=place.level, before=before)
    return place


def _same_again(actor: Actor, known: Place, content: bytes) -> Place:
    reached = access.rule_of(Place, actor, "places:place:edit")
    mine = db.session().scalar(select(Place.id).where(Place.id == known.id, reached)) is not None
    if known.content != content or not mine:
        raise db.Conflict("place", known.uid)
    return known


# --- Shape --------------------------------------------------------------------------------------------------------


def _is_as_it_is(place: Place, geometry: Shape) -> bool:
    """Whether a text says nothing else than the place's own shape; a blank one says nothing."""
    if not isinstance(geometry, Outline):
        return False
    lines = [line.strip() for line in geometry.text.strip().splitlines()]
    same = "\n".join(lines) == written(place.geom, geometry.system)
    return (same or lines in ([], [""])) and geometry.radius_m is None


def _put_shape(actor: Actor, place: Place, geometry: Shape, *, confirm_outside: bool, confirm_overlap: bool) -> None:
    """Give a place its shape, and with that its areas and its board; refuse what cannot be, ask about what is odd."""
    field = "outline" if isinstance(geometry, Outline) else "geometry"
    place.geom = drawn(geometry, field=field)
    size = geo.area_m2(place.geom)
    if not SMALLEST <= size <= LARGEST:
        text = Text(N_("En plats är mellan 10 m² och 5 km². Den här är {size} m²."), size=round(size))
        raise Invalid({field: [text]})
    db.session().add(place)
    locate(place)
    _refuse_beyond(actor, place, field)
    if not confirm_outside and not box(*bounds()).covers(place.geom):
        words = N_("Platsen ligger helt eller delvis utanför staden. Kontrollera läget, och bekräfta om det stämmer.")
        raise Invalid({"confirm_outside": [words]})
    if not confirm_overlap:
        _refuse_twice(actor, place)


def _refuse_beyond(actor: Actor, place: Place, field: str) -> None:
    """Refuse a place that lies where the actor may write none; it is told whose it is, which is no secret."""
    reached = select(Place.id).where(Place.id == place.id, access.rule_of(Place, actor, "places:place:edit"))
    if actor.kind == "system" or db.session().scalar(reached) is not None:
        return
    own = ", ".join(area.name for area in own_areas(actor, "places:place:edit")) or actor.organisation_name
    area, board = db.session().get(Area, place.area_id or 0), db.session().get(Organisation, place.district_id or 0)
    if area is None or board is None:
        words = N_("Platsen ligger utanför stadens områden. Du får lägga upp och ändra platser i {own}. Rätta läget.")
        text = Text(words, own=own)
    else:
        words = N_(
            "Platsen ligger i {area}, som {board} har hand om. Du får lägga upp och ändra platser i {own}. "
            "Rätta läget, eller kontakta {board}."
        )
        text = Text(words, area=area.name, board=board.name, own=own)
    raise Invalid({field: [text]})


def _refuse_twice(actor: Actor, place: Place) -> None:
    """Ask a person who draws what is already there: more than half of one of the two lies in the other."""
    if actor.kind != "person":
        return
    with db.session().no_autoflush:
        for other in db.session().scalars(overlap_query(place)):
            shared = place.geom.intersection(other.geom).area
            if shared <= min(place.geom.area, other.geom.area) / 2:
                continue
            reached = select(Place.id).where(Place.id == other.id, access.rule_of(Place, actor))
            seen = db.session().scalar(reached) is not None
            said = Text(N_("{number} {name}"), number=other.number, name=other.name) if seen else N_("en annan plats")
            text = Text(N_("Platsen ligger till mer än hälften på {place}. Bekräfta om det ska vara två."), place=said)
            raise Invalid({"confirm_overlap": [text]})


def overlap_query(place: Place) -> Any:
    """Return the query for the open places that a shape meets."""
    rows = select(Place).where(geo.intersecting(Place.geom, place.geom), Place.state == PLACE.start)
    if place.id is not None:
        rows = rows.where(Place.id != place.id)
    return rows.order_by(Place.id).limit(COMPARED)


def _put_entries(place: Place, entries: list[Entry]) -> bool:
    """Let the place have these ways in and no others; return whether that is a change."""
    had = db.session().scalars(select(PlaceEntry).where(PlaceEntry.place_id == place.id).order_by(PlaceEntry.id)).all()
    apart = [entry["point"].distance(door.point) for entry, door in zip(entries, had, strict=False)]
    if [door.name for door in had] == [entry["name"] for entry in entries] and all(one < 0.05 for one in apart):  # noqa: PLR2004 - what writing it down leaves
        return False
    for entry in entries:
        away = entry["point"].distance(place.geom)
        if away > FARTHEST_DOOR:
            words = N_("Ingången {name} ligger {km} km från platsen. Rätta läget.")
            raise Invalid({"entries": [Text(words, name=entry["name"], km=round(away / 1000))]})
    for door in had:
        db.session().delete(door)
    db.session().flush()
    db.session().add_all([PlaceEntry(place_id=place.id, **entry) for entry in entries])
    db.session().flush()
    return True


def _told(entry: Entry) -> dict[str, Any]:
    return {"name": entry["name"], "point": entry["point"].wkt}


# --- The end of a place -------------------------------------------------------------------------------------------


def move_place(
    actor: Actor,
    uid: UUID,
    key: str,
    *,
    reason: str = "",
    into: str = "",
    confirm: bool = True,
    version: int | None = None,
) -> Place:
    """Close a place, merge it into the one with the number `into`, or take either back, with the reason.

    A page asks to `confirm` the other place once it is found. Raises Missing, Denied, Stale, Refused, Invalid.
    """
    place = access.find(Place, uid, actor, PLACE.move(key).needs, lock=True)
    db.refuse_stale("place", uid, place.version, version)
    heir = _heir(actor, place, into) if key == "sla_ihop" else None
    if heir is not None and not confirm:
        raise Invalid({"confirm": [_shown(heir, place)]})
    flow.move(PLACE, place, key, actor, reason=reason)
    if key in ("sla_ihop", "skilj_at"):
        place.merged_into_id = heir.id if heir else None
    if heir is not None:
        earlier = update(Place).where(Place.merged_into_id == place.id)
        db.session().execute(earlier.values(merged_into_id=heir.id).execution_options(synchronize_session=False))
        journal.write(actor, "place:into", "place", place.uid, level=place.level, into=heir.number)
    change = {"kind": key, "reason": reason.strip(), "into_id": heir.id if heir else None}
    db.session().add(PlaceChange(place_id=place.id, at=clock.now(), **change))
    db.session().flush()
    return place


def _heir(actor: Actor, place: Place, written: str) -> Place:
    """Return the open place whose number this is or begins with, which the actor may change too."""
    number = written.partition(" ")[0] if written.strip() else written
    reached = access.rule_of(Place, actor, PLACE.move("sla_ihop").needs)
    heir = db.session().scalar(select(Place).where(Place.number == number.strip().upper(), reached).with_for_update())
    if heir is None:
        words = N_("Det finns ingen plats med numret {number} som du får ändra. Skriv till exempel PL-00012.")
        raise Invalid({"into": [Text(words, number=number)]})
    if heir.id == place.id:
        raise Invalid({"into": [N_("Det är samma plats. Skriv numret på den andra.")]})
    if heir.state != PLACE.start:
        raise Invalid({"into": [N_("Den platsen är inte öppen. Välj en öppen plats.")]})
    return heir


def _shown(heir: Place, place: Place) -> Text:
    """Return what the other place is, for who shall say that it is the one."""
    words = N_("Platsen blir en del av {number} {name}, {metres} m härifrån, {district}. Är det rätt plats, svara ja.")
    district = db.session().get(Organisation, heir.district_id or 0)
    metres = round(heir.geom.distance(place.geom))
    return Text(words, number=heir.number, name=heir.name, metres=metres, district=district.name if district else "")


def changes_of(actor: Actor, place: Place) -> list[PlaceChange]:
    """Return how the place was closed, merged and opened again, the latest first."""
    rows = select(PlaceChange).where(PlaceChange.place_id == place.id)
    return list(
        db.session().scalars(access.visible(rows, actor).order_by(PlaceChange.at.desc(), PlaceChange.id.desc()))
    )


def merged_into(actor: Actor, place: Place) -> list[Place]:
    """Return the places that were merged into this one, by number."""
    rows = select(Place).where(Place.merged_into_id == place.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Place.number)))
