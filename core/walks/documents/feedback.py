"""The sheet for residents: what they said and what became of it, in plain words and without anything internal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from core import media
from core.access import Actor
from core.documents import Content, kind
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.media import Photo
from core.walks import services
from core.walks.documents.gathering import LEAD, about_led, letterhead, level_of, rows_of
from core.walks.models import Observation
from core.walks.states import DONE, TABS
from core.walks.telling import done_on, said_of

TITLE = N_("Återkoppling till boende")
NOT_DONE = "atgardas_ej"
PAIRS = 3
"""Pictures of before and after that there is room for."""


@kind("walks:feedback", title=TITLE, needs=LEAD, about=about_led, template="documents/feedback.html")
def feedback(actor: Actor, uid: UUID) -> Content:
    """Gather what residents are told."""
    walk = services.read_walk(actor, uid, LEAD)
    rows = rows_of(actor, walk)
    asked = [row for row in rows if row.nature != "positivt"]
    pairs, pictures = _before_and_after(rows)
    told: dict[str, Any] = {
        "walk": walk,
        "count": len(rows),
        "done": _told(row for row in asked if row.state in DONE),
        "under_way": _told(row for row in asked if row.state in TABS["pagar"]),
        "not_done": _told(row for row in asked if row.state == NOT_DONE),
        "waiting": sum(row.state not in (*DONE, *TABS["pagar"], NOT_DONE) for row in asked),
        "good": list(dict.fromkeys(row.description or _what(row) for row in rows if row.nature == "positivt")),
        "pairs": [(_what(row), said_of(row), done_on(row)) for row in pairs],
        "oncall": sorted({one.place.oncall for one in services.places_of(actor, walk) if one.place.oncall}),
    }
    return Content(
        title=Text(N_("Ni såg, vi gjorde: {title}"), title=walk.title),
        filename=f"aterkoppling {walk.number} {walk.title}",
        context=letterhead(walk) | told,
        pictures=pictures,
        level=level_of(walk, rows),
    )


def _told(rows: Iterable[Observation]) -> list[tuple[str, str, int, date | None]]:
    """Return what it was, the answer, how often both are the same, and the last of its days."""
    found: dict[tuple[str, str], list[date | None]] = {}
    for row in rows:
        found.setdefault((_what(row), said_of(row)), []).append(done_on(row))
    return [(*same, len(days), max(filter(None, days), default=None)) for same, days in found.items()]


def _what(row: Observation) -> str:
    """Return what it was by its kind and place: what was written of a fault is for those who mend it."""
    if row.place is None or row.place.level >= PROTECTED:
        return row.kind_title
    return Text(N_("{kind}, {place}"), kind=row.kind_title, place=row.place.name)


def _before_and_after(rows: list[Observation]) -> tuple[list[Observation], dict[str, str]]:
    """Return the first that are mended and have reviewed photos of before and after, and these by name."""
    mended = [row for row in rows if row.state in DONE and row.nature != "positivt"]
    photos = media.photos_of("observation", [row.uid for row in mended])
    found: list[Observation] = []
    pictures: dict[str, str] = {}
    for row in mended:
        ready = [one for one in photos[row.uid] if media.is_for_everybody(one) and one.large]
        before = [one for one in ready if one.role != "efter"]
        after = [one for one in ready if one.role == "efter"]
        if before and after and len(found) < PAIRS:
            found.append(row)
            pictures |= {f"before-{len(found)}": _file(before[0]), f"after-{len(found)}": _file(after[-1])}
    return found, pictures


def _file(photo: Photo) -> str:
    return photo.large or ""
