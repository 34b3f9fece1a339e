"""The application on paper: all its parts with their tables, and the map appendix drawn of its places."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import shorten
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db, media
from core.access import Actor
from core.applications.documents.offered import Group, Offered, offers
from core.applications.models import COST_KINDS, PERSPECTIVES, READ, WRITE, Application, Attachment
from core.applications.parts import PARTS
from core.applications.services import applications, attaching, content, editions
from core.applications.services.amounts import sought_by_year
from core.applications.states import APPLICATION
from core.cooperation.states import CAUSE
from core.documents import About, Content, kind
from core.documents.drawn_map import DrawnMap
from core.documents.ground import ground_of
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.places import services as places
from core.places.models import Place
from core.schema.amounts import measured as in_full
from core.walks.models import Observation

WHOLE = "applications:ansokan"
BOARD = "applications:tjansteutlatande"
MAP, PHOTO = "map", "photo"
CHILDREN = {"ja": N_("Ja"), "nej": N_("Nej"), "": N_("Inte besvarat")}
LONG, BEGINNING = 240, 90
"""Characters of a cell from which on it is told below its row, and how many of a name are told in the row then."""
BELOW = N_("Se nedan")


def head_of(sender: str) -> dict[str, Any]:
    """Return what stands at the head of every document of this room, and what its tables are written with."""
    city = places.city(db.settings().city)
    told = {"city": city.get("organisation", city["name"]), "sender": sender, "today": clock.today()}
    return told | {"measured": measured, "parted": parted, "total": total}


def measured(value: float | None, unit: str = "") -> str:
    """Return a measured value as people write it, with its unit; nothing is empty."""
    return "" if value is None else "\u00a0".join(filter(None, (in_full(value), unit.strip())))


def parted(cells: Iterable[Any]) -> tuple[list[Any], list[tuple[int, str]]]:
    """Return the cells of a row as they fit in their columns, and what is too long for its own, by column (from 0).

    That is told below the row over the whole width; of a long name the beginning stays.
    """
    told, below = list(cells), list[tuple[int, str]]()
    for column, cell in enumerate(told):
        if isinstance(cell, str) and len(cell) > LONG:
            below.append((column, cell))
            told[column] = shorten(cell, BEGINNING, placeholder="…") if column == 0 else BELOW
    return told, below


def total(rows: Iterable[Any], name: str) -> int:
    """Return the sum of what rows say under a name; what is not said counts as nothing."""
    return sum(row[name] or 0 for row in rows)


def about_application(actor: Actor, uid: UUID) -> About:
    """Return what a document of an application is about, as who asks reads it."""
    found = applications.read_application(actor, uid)
    return About(found.title, f"/ansokningar/{found.uid}", found.level)


@kind(
    WHOLE,
    title=N_("Ansökan med kartbilaga"),
    needs=READ,
    about=about_application,
    template="documents/application.html",
)
def whole(actor: Actor, uid: UUID) -> Content:
    """Gather an application as it stands, with its places on a map and its photos that have been reviewed."""
    found = applications.read_application(actor, uid)
    here = content.places_of(found)
    drawn = map_of(here)
    ground = ground_of(drawn.box, db.settings())
    photos = _photos(actor, found)
    told = told_of(actor, found) | {
        "map_alt": in_words(here) if here else "",
        "map_places": here,
        "map_part": MAP,
        "attribution": ground.attribution,
        "photos": [(name, title) for name, (title, _) in photos.items()],
    }
    return Content(
        title=Text(N_("Ansökan: {title}"), title=found.title),
        filename=f"ansokan {found.number}",
        context=head_of(found.organisation.name) | told,
        drawings={MAP: drawn.svg(ground.pictures)} if here else {},
        files=ground.files if here else {},
        pictures={name: sha256 for name, (_, sha256) in photos.items()},
        level=max([found.level, *(one.level for one in here)]),
    )


def map_of(here: list[Place]) -> DrawnMap:
    """Return the places of an application, numbered as they stand in its list."""
    stops = [(number, one.geom.representative_point()) for number, one in enumerate(here, 1)]
    return DrawnMap(shapes=[one.geom for one in here], stops=stops)


def in_words(here: list[Place]) -> str:
    """Return the map in words, for who does not see it: which places, how large, and that north is up."""
    named = ", ".join(f"{number} {one.name}, {_size(one)}" for number, one in enumerate(here, 1))
    return Text(N_("Karta med norr uppåt över ansökans platser: {named}."), named=named)


def _size(place: Place) -> str:
    west, south, east, north = place.geom.bounds
    return Text(N_("ungefär {x} gånger {y} meter"), x=max(round(east - west), 1), y=max(round(north - south), 1))


def _photos(actor: Actor, application: Application) -> dict[str, tuple[str, str]]:
    """Return the photos that go with an application and that somebody has reviewed: part -> title, hash."""
    rows: list[Attachment] = [one for one in attaching.attachments_of(actor, application) if one.photo is not None]
    seen = media.pictures_for(actor, [one.photo for one in rows if one.photo])
    found: dict[str, tuple[str, str]] = {}
    for one in rows:
        photo = one.photo
        if photo is not None and photo.uid in seen and media.is_for_everybody(photo) and photo.large:
            found[f"{PHOTO}-{len(found) + 1}"] = (one.title, photo.large)
    return found


def told_of(actor: Actor, application: Application) -> dict[str, Any]:
    """Return all that an application says, by part, as its editions keep it, with which edition it is of."""
    told = editions.content_of(application)
    kept = editions.editions_of(actor, application)
    same = next((one for one in kept if _parts(one.content) == _parts(told)), None)
    told["underlag"]["rows"]["evidence"] = _open(told["underlag"]["rows"]["evidence"])
    perspectives = told["perspektiv"]["rows"]
    perspectives["perspectives"] = _in_order(perspectives["perspectives"])
    lines = told["utgifter"]["rows"]["costs"]
    years = sorted({one["year"] for one in lines})
    return {
        "application": application,
        "whole": told["application"],
        "parts": {key: told[key] for key in PARTS},
        "titles": {key: (number, part.title) for number, (key, part) in enumerate(PARTS.items(), 1)},
        "stands": APPLICATION.states[application.state].label,
        "edition": same,
        "years": years,
        "by_kind": by_kind(lines, years),
        "by_year": {year: sum(one["amount"] for one in lines if one["year"] == year) for year in years},
        "sought": told["utgifter"]["fields"]["sought"],
        "applied": sought_by_year([application.id]).get(application.id, {}),
        "planned": total(lines, "amount"),
        "cause_states": {key: state.label for key, state in CAUSE.states.items()},
        "children": CHILDREN,
        "rate": application.programme.rate,
        "measures_left": [one for one in told["atgarder"]["rows"]["measures"] if not one["dropped_on"]],
    }


def _open(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the evidence without what has been protected since it was picked."""
    uids = [UUID(one["observation"]) for one in evidence if one["observation"]]
    rows = select(Observation.uid).where(Observation.uid.in_(uids), Observation.level >= PROTECTED)
    gone = {str(uid) for uid in db.session().scalars(rows)} if uids else set()
    return [one for one in evidence if one["observation"] not in gone]


def _parts(told: dict[str, Any]) -> dict[str, Any]:
    return {key: told.get(key) for key in PARTS}


def _in_order(perspectives: list[dict[str, Any]]) -> list[dict[str, Any]]:
    order = list(PERSPECTIVES)
    return sorted(perspectives, key=lambda one: order.index(one["perspective"]))


def by_kind(lines: list[dict[str, Any]], years: list[int]) -> list[tuple[str, list[int]]]:
    """Return the cost of each kind that there is any of, in kronor of each year, in the order of the kinds."""
    found: list[tuple[str, list[int]]] = []
    for key, title in COST_KINDS.items():
        mine = [one for one in lines if one["kind"] == key]
        if mine:
            found.append((title, [sum(one["amount"] for one in mine if one["year"] == year) for year in years]))
    return found


@offers
def _offers(actor: Actor, application: Application) -> Iterable[Group]:
    writes = applications.reaches(actor, application, WRITE)
    rows = [Offered(N_("Gör ansökan"), WHOLE, application.uid)]
    rows += [Offered(N_("Gör utkast till tjänsteutlåtande"), BOARD, application.uid)] if writes else []
    note = N_("Alla delar som de står nu, med kartbilaga. Tjänsteutlåtandet är ett utkast för nämnden.")
    yield Group(N_("Ansökan"), note, rows)
