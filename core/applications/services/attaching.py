"""What goes with an application: reviewed photos of its places, PDF files, and the map that makes itself (1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal, media
from core.access import Actor
from core.applications.models import (
    FOTO,
    LARGEST,
    PAPERS,
    PDF,
    READ,
    WRITE,
    Application,
    ApplicationPart,
    ApplicationPlace,
    Attachment,
)
from core.applications.services import applications
from core.documents.drawn_map import DrawnMap
from core.i18n import N_, Text
from core.media.files import refers
from core.media.models import Photo
from core.media.states import PUBLIC, READY
from core.media.store import copied, digest, size_of
from core.places.models import Place
from core.schema import Invalid
from core.walks.models import Observation

PART = "bilagor"
MOST = 40
"""Attachments of an application."""
CHOICES = 60
"""Photos of the places that are shown to choose among."""
BEGINS, ENDS, TAIL = b"%PDF-", b"%%EOF", 2048
NO_PDF = N_("Filen är inte en PDF. Spara den som PDF och försök igen.")
TOO_LARGE = N_("Filen är för stor. Högst {largest} MB tas emot.")
refers(Attachment.sha256)


@dataclass(frozen=True)
class PlacesMap:
    """The map appendix: the drawing, and the names of the places by their numbers on it."""

    svg: str
    places: list[tuple[int, str]]


def add_file(actor: Actor, application: UUID, path: Path, *, uid: UUID, kind: str, title: str) -> Attachment:
    """Take in a PDF, judged by what is in it and not by its name; the same file once more is the first.

    The file at `path` is the caller's still. Raises Missing, Denied, Refused (locked), Invalid.
    """
    found, part = applications.part_to_write(actor, application, PART, version=None)
    if kind not in PAPERS:
        raise Invalid({"kind": [N_("Välj i listan.")]})
    size = size_of(path)
    if size > LARGEST:
        raise Invalid({"file": [Text(TOO_LARGE, largest=LARGEST // 1_000_000)]})
    if not _is_pdf(path):
        raise Invalid({"file": [NO_PDF]})
    sha256 = digest(path)
    same = select(Attachment).filter_by(application_id=found.id, sha256=sha256, removed_on=None)
    if (known := db.session().scalar(same)) is not None:
        return known
    media.store().keep(copied(path), claim=lambda name: db.alone(f"file {name}"))
    row = Attachment(uid=uid, application_id=found.id, kind=kind, title=title, sha256=sha256, size=size, type=PDF)
    return _added(actor, found, part, row)


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        begins = file.read(len(BEGINS)) == BEGINS
        file.seek(max(0, path.stat().st_size - TAIL))
        return begins and ENDS in file.read()


def add_photo(actor: Actor, application: UUID, *, uid: UUID, photo: UUID, title: str) -> Attachment:
    """Let a reviewed photo of one of the places go with the application; chosen twice it is one.

    Raises Missing, Denied, Refused (locked), Invalid (not one of those to choose among).
    """
    found, part = applications.part_to_write(actor, application, PART, version=None)
    chosen = db.session().scalar(_photos_of(actor, found).where(Photo.uid == photo))
    if chosen is None:
        raise Invalid({"photo": [N_("Välj ett granskat foto från någon av platserna.")]})
    same = select(Attachment).filter_by(application_id=found.id, photo_id=chosen.id, removed_on=None)
    if (known := db.session().scalar(same)) is not None:
        return known
    row = Attachment(uid=uid, application_id=found.id, kind=FOTO, title=title, photo_id=chosen.id, type="image/jpeg")
    return _added(actor, found, part, row)


def _added(actor: Actor, application: Application, part: ApplicationPart, row: Attachment) -> Attachment:
    rows = select(func.count()).select_from(Attachment).filter_by(application_id=application.id, removed_on=None)
    if (db.session().scalar(rows) or 0) >= MOST:
        raise Invalid({"": [Text(N_("Högst {most} bilagor får plats. Ta bort någon först."), most=MOST)]})
    row.added_at, row.added_by_id = clock.now(), actor.id
    db.session().add(row)
    db.session().flush()
    applications.touch_rows(actor, part)
    facts = {"attachment": str(row.uid), "kind": row.kind}
    journal.write(actor, "application:attach", "application", application.uid, level=application.level, **facts)
    return row


def remove(actor: Actor, uid: UUID) -> Application:
    """Remove an attachment; what stands in a frozen edition can still be fetched there.

    Raises Missing, Denied, Refused (locked).
    """
    row = access.find(Attachment, uid, actor, WRITE, lock=True)
    about = db.session().get_one(Application, row.application_id)
    found, part = applications.part_to_write(actor, about.uid, PART, version=None)
    if row.removed_on is None:
        if found.edition or found.decided_on:
            row.removed_on = clock.today()
        else:
            db.session().delete(row)
        db.session().flush()
        applications.touch_rows(actor, part)
        journal.write(actor, "application:detach", "application", found.uid, level=found.level, attachment=str(uid))
    return found


# --- Reading ------------------------------------------------------------------------------------------------------


def attachments_of(actor: Actor, application: Application) -> list[Attachment]:
    """Return what goes with an application, in the order it came."""
    rows = select(Attachment).options(joinedload(Attachment.photo))
    rows = rows.where(Attachment.application_id == application.id, Attachment.removed_on.is_(None))
    return list(db.session().scalars(access.visible(rows, actor).order_by(Attachment.id)))


def file_of(actor: Actor, uid: UUID) -> Attachment:
    """Return an attachment that is a file of the store, for who reads the application. Raises Missing."""
    row = access.find(Attachment, uid, actor, READ)
    if row.sha256 is None:
        raise access.Missing("application_attachment", uid)
    return row


def application_of(actor: Actor, uid: UUID) -> UUID:
    """Return the application that an attachment goes with. Raises Missing."""
    row = access.find(Attachment, uid, actor, READ)
    return db.session().get_one(Application, row.application_id).uid


def photos_to_choose(actor: Actor, application: Application) -> list[tuple[Photo, str]]:
    """Return reviewed photos of the places that do not go with the application yet, each with its place's name."""
    mine = select(Attachment.photo_id).where(
        Attachment.application_id == application.id, Attachment.photo_id.is_not(None), Attachment.removed_on.is_(None)
    )
    rows = _photos_of(actor, application).add_columns(Place.name).where(Photo.id.not_in(mine))
    found = db.session().execute(rows.order_by(Photo.taken_at.desc().nulls_last(), Photo.id.desc()).limit(CHOICES))
    return [(row[0], row[1]) for row in found]


def _photos_of(actor: Actor, application: Application) -> Select[Any]:
    rows = select(Photo).join(Observation, (Photo.record_kind == "observation") & (Observation.uid == Photo.record_uid))
    rows = rows.join(ApplicationPlace, ApplicationPlace.place_id == Observation.place_id)
    rows = rows.join(Place, Place.id == ApplicationPlace.place_id)
    rows = rows.where(ApplicationPlace.application_id == application.id)
    rows = rows.where(Photo.review.in_(PUBLIC), Photo.state == READY, Photo.hidden_at.is_(None))
    return rows.where(access.rule_of(Photo, actor), access.rule_of(Observation, actor))


def map_of(application: Application) -> PlacesMap:
    """Return the map appendix of an application that the actor reaches: its places, numbered."""
    rows = select(Place).join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    rows = rows.where(ApplicationPlace.application_id == application.id).order_by(Place.name)
    places = list(enumerate(db.session().scalars(rows), 1))
    stops = [(number, place.geom.representative_point()) for number, place in places]
    drawn = DrawnMap(shapes=[place.geom for _, place in places], stops=stops)
    return PlacesMap(drawn.svg(), [(number, place.name) for number, place in places])
