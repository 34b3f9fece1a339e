"""Before and after (X5): photos that somebody has reviewed, of the same view, beside each other.

A work is not finished without one photo of it afterwards, or a reason why there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased, joinedload

from core import access, db, flow, journal
from core.access import Actor
from core.applications.models import Application, ApplicationPlace, Attachment
from core.applications.states import APPLICATION, UNDERWAY
from core.followup.models import READ, PicturePair
from core.followup.models import REPORT as MAY_REPORT
from core.hookspecs import Objection
from core.i18n import N_
from core.media.models import Photo
from core.media.seeing import is_for_everybody, pictures_for
from core.media.states import PUBLIC, READY
from core.schema import Invalid
from core.walks.models import Observation

MOST = 200
CHOSEN_IN = (*UNDERWAY, "fardig")
"""States of an application in which its pictures are chosen."""
NONE = N_("Välj minst en bild efter arbetet, eller skriv varför det inte finns någon.")


@dataclass(frozen=True)
class Candidate:
    """A photo that may stand in a pair, and what it is of."""

    photo: Photo
    what: str

    @property
    def after(self) -> bool:
        """Whether it was taken as a picture of what has been done."""
        return self.photo.role == "efter" or self.photo.pairs_with is not None


def _reviewed(photo: Any) -> ColumnElement[bool]:
    shown: ColumnElement[bool] = photo.review.in_(PUBLIC) & (photo.state == READY) & photo.hidden_at.is_(None)
    return shown


def candidates(actor: Actor, application: Application) -> list[Candidate]:
    """Return the reviewed photos of what was seen on its places, and those that go with it, in one query."""
    places = select(ApplicationPlace.place_id).where(ApplicationPlace.application_id == application.id)
    goes_with = select(Attachment.photo_id).where(
        Attachment.application_id == application.id, Attachment.photo_id.is_not(None)
    )
    of_record = (Photo.record_kind == "observation") & (Photo.record_uid == Observation.uid)
    rows = select(Photo, Observation.kind_title, Observation.number).outerjoin(Observation, of_record)
    rows = rows.where(or_(Observation.place_id.in_(places), Photo.id.in_(goes_with)), _reviewed(Photo))
    rows = rows.where(access.rule_of(Photo, actor)).order_by(Photo.id.desc()).limit(MOST)
    return [Candidate(row[0], row[1] or "") for row in db.session().execute(rows)]


def pair(
    actor: Actor,
    application: UUID,
    *,
    uid: UUID,
    title: str,
    before: UUID | None = None,
    after: UUID | None = None,
    why_not: str = "",
) -> PicturePair:
    """Put two reviewed photos beside each other, or say why there is none of it after; once for each `uid`.

    Raises Missing, Denied, Refused, Invalid.
    """
    about = access.find(Application, application, actor, MAY_REPORT, lock=True)
    known = db.session().scalar(select(PicturePair).where(PicturePair.uid == uid))
    if known is not None and known.application_id == about.id:
        return known
    if about.state not in CHOSEN_IN:
        raise flow.Refused([Objection(N_("Bilder väljs medan arbetet pågår, och tills det är slutredovisat."))])
    if after is None and not why_not:
        raise Invalid({"after": [NONE]})
    found = {one.photo.uid: one.photo for one in candidates(actor, about)}
    for name, wanted in (("before", before), ("after", after)):
        if wanted is not None and wanted not in found:
            raise Invalid({name: [N_("Välj en granskad bild i listan.")]})
    if before is not None and before == after:
        raise Invalid({"after": [N_("Välj en annan bild än den före.")]})
    row = PicturePair(
        uid=uid,
        application_id=about.id,
        title=title,
        before_id=found[before].id if before else None,
        after_id=found[after].id if after else None,
        why_not="" if after else why_not,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "picture_pair:add", "application", about.uid, level=about.level, title=title)
    return row


def unpair(actor: Actor, uid: UUID) -> UUID:
    """Take a pair away; return the uid of its application. The photos stay. Raises Missing, Denied, Refused."""
    row = access.find(PicturePair, uid, actor, MAY_REPORT, lock=True)
    about = db.session().get_one(Application, row.application_id)
    if about.state not in CHOSEN_IN:
        raise flow.Refused([Objection(N_("Ansökan är slutredovisad. Bilderna ändras inte."))])
    db.session().delete(row)
    db.session().flush()
    journal.write(actor, "picture_pair:remove", "application", about.uid, level=about.level, title=row.title)
    return about.uid


@APPLICATION.guard("fardigstall")
def _has_been_seen(application: Application, _actor: Actor) -> Iterable[Objection]:
    after = aliased(Photo)
    rows = select(PicturePair.id).outerjoin(after, after.id == PicturePair.after_id)
    rows = rows.where(PicturePair.application_id == application.id)
    if db.session().scalar(rows.where(or_(PicturePair.why_not != "", _reviewed(after))).limit(1)) is None:
        yield Objection(NONE, "#bilder")


def shown(actor: Actor, pairs: Iterable[PicturePair]) -> set[UUID]:
    """Return which photos of pairs may be drawn: those that the actor reaches, reviewed, ready and not hidden now."""
    photos = [photo for one in pairs for photo in (one.before, one.after) if photo is not None]
    seen = pictures_for(actor, photos)
    return {photo.uid for photo in photos if photo.uid in seen and is_for_everybody(photo)}


def pairs_of(actor: Actor, application: Application) -> list[PicturePair]:
    """Return the pairs of an application with their photos, in one query. Raises Denied."""
    access.require(actor, READ)
    rows = select(PicturePair).options(joinedload(PicturePair.before), joinedload(PicturePair.after))
    rows = rows.where(PicturePair.application_id == application.id, access.rule_of(PicturePair, actor))
    return list(db.session().scalars(rows.order_by(PicturePair.id)))
