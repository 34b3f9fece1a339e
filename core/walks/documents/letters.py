"""A letter to each receiver: what was seen where they answer, and nothing of anybody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, db
from core.access import Actor
from core.documents import Content, kind
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Schema, fields
from core.walks import services
from core.walks.documents.gathering import LEAD, about_led, is_asked, letterhead, level_of, lines_of, rows_of, waits
from core.walks.models import Walk

TITLE = N_("Brev till mottagare")


class LetterOptions(Schema):
    """To whom."""

    receiver = fields.Uid(required=True, label=N_("Mottagare"))


def receivers_of(actor: Actor, walk: Walk) -> list[tuple[Organisation, int, int]]:
    """Return who has been asked about something on a walk, by name: how many rows each has, and how many wait."""
    found: dict[int, tuple[Organisation, int, int]] = {}
    for row in rows_of(actor, walk):
        if row.organisation is not None and is_asked(row):
            _, total, waiting = found.get(row.organisation.id, (row.organisation, 0, 0))
            found[row.organisation.id] = row.organisation, total + 1, waiting + waits(row)
    return sorted(found.values(), key=lambda one: one[0].name)


@kind("walks:letter", title=TITLE, needs=LEAD, about=about_led, template="documents/letter.html", options=LetterOptions)
def letter(actor: Actor, uid: UUID, *, receiver: UUID) -> Content:
    """Gather the letter to one receiver; Missing for who has not been asked about anything."""
    walk = services.read_walk(actor, uid, LEAD)
    rows = [row for row in rows_of(actor, walk) if row.organisation and row.organisation.uid == receiver]
    asked = [row for row in rows if is_asked(row)]
    if not asked:
        raise access.Missing("receiver", receiver)
    found = db.session().scalars(access.visible(select(Organisation), actor).where(Organisation.uid == receiver)).one()
    lines, pictures = lines_of(actor, asked)
    waiting = [line for row, line in zip(asked, lines, strict=True) if waits(row)]
    answered = [line for row, line in zip(asked, lines, strict=True) if not waits(row)]
    told: dict[str, Any] = {
        "walk": walk,
        "receiver": found,
        "waiting": waiting,
        "answered": answered,
        "latest": min((line.latest for line in waiting if line.latest), default=None),
        "address": f"{db.settings().base_url}/inkorg",
        "contacts": walk.organiser.contacts.splitlines(),
    }
    return Content(
        title=Text(N_("{title}: till {receiver}"), title=walk.title, receiver=found.name),
        filename=f"brev {walk.number} {found.name}",
        context=letterhead(walk) | told,
        pictures=pictures,
        level=level_of(walk, asked),
    )
