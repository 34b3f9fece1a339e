"""What somebody writes in a section and has not saved: kept for that person, sealed as the picture, told to nobody.

When a colleague hands the picture in it does not come along. It stays for who wrote it, who is told so on the picture's
page and may throw it away; nobody else learns that it is there.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from core import access, clock, db
from core.access import Actor
from core.cooperation.models import ReportSection, SectionDraft, SituationReport
from core.cooperation.models.cycles import WRITE
from core.cooperation.services.pictures import section_saved, writable
from core.cooperation.states import PICTURE
from core.hookspecs import Objection
from core.i18n import N_


def keep_draft(actor: Actor, uid: UUID, key: str, *, text: str, done: bool, version: int | None) -> None:
    """Keep what is written in a section of a picture and not saved. Raises Missing, Denied, Refused.

    `version` is the one the form was drawn from: it is compared first when the section is saved. What says the same as
    the section is no draft, also when it comes after it was saved.
    """
    report = writable(actor, uid)
    section = db.session().get(ReportSection, (report.id, key))
    if section is None:
        raise access.Missing("report_section", key)
    if actor.id is None:
        raise access.Denied(WRITE)
    if (text, done) == (section.text, section.done):
        _forget(actor, report, key)
        return
    row = db.session().get(SectionDraft, (report.id, key, actor.id))
    if row is None:
        row = SectionDraft(report_id=report.id, key=key, person_id=actor.id)
        db.session().add(row)
    row.text, row.done, row.base, row.at = text, done, section.version if version is None else version, clock.now()
    db.session().flush()


def discard_draft(actor: Actor, uid: UUID, key: str) -> None:
    """Throw away what the actor has written in a section and not saved, handed in or not. Raises Missing, Denied."""
    _forget(actor, access.find(SituationReport, uid, actor, WRITE, lock=True), key)


@section_saved
def _forget(actor: Actor, report: SituationReport, key: str) -> None:
    same = (SectionDraft.report_id == report.id, SectionDraft.key == key, SectionDraft.person_id == actor.id)
    db.session().execute(delete(SectionDraft).where(*same))


def drafts_of(actor: Actor, report: SituationReport) -> dict[str, SectionDraft]:
    """Return what the actor has written in a picture and not saved, by section."""
    rows = select(SectionDraft).where(SectionDraft.report_id == report.id)
    return {row.key: row for row in db.session().scalars(access.visible(rows, actor))}


@PICTURE.guard("lamna_in")
def _all_is_saved(report: SituationReport, actor: Actor) -> list[Objection]:
    """What somebody wrote and did not save is not handed in without her having seen it."""
    if drafts_of(actor, report):
        return [Objection(N_("Du har skrivit något som inte är sparat. Spara eller kasta det först."))]
    return []
