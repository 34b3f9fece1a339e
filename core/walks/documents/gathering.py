"""What the documents of a walk have in common: the letterhead, the rows with their photos, and who may see what.

Nothing protected stands in any of them, and of photos only those that somebody has reviewed and that are not hidden
(design.md 9): paper goes further than a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, media
from core.access import Actor
from core.documents import About
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.places import services as places
from core.schema import Schema, fields
from core.upkeep.models import Deadline
from core.walks import services
from core.walks.limits import ANSWER
from core.walks.models import DANGER, SEVERITIES, Observation, Walk
from core.walks.states import DONE, KEPT, TABS, WAITING, part_of_walk, shown_state
from core.walks.telling import done_on

READ, LEAD = "walks:walk:read", "walks:walk:lead"
LONGEST_ALT = 200
"""Characters of what is said of a photo to who does not see it."""
NO_ANSWER, KEEP, WITHOUT_PLACE = N_("Inget svar än"), N_("Vi behåller det."), N_("Utan plats")
WITH_PLACE, ALT = N_("Foto {n}: {kind}, {place}. {text}"), N_("Foto {n}: {kind}. {text}")


class PaperOptions(Schema):
    """In which language, and in which size of type."""

    language = fields.Choice({"sv": N_("Svenska"), "en": N_("Engelska")}, load_default="sv", label=N_("Språk"))
    large = fields.Boolean(load_default=False, label=N_("Stor text"))


@dataclass(frozen=True)
class Line:
    """An observation as a row of a document. `photo` names a part; `unseen`: it has one that nobody reviewed."""

    number: int
    kind: str
    place: str
    severity: int | None
    severity_title: str
    is_danger: bool
    description: str
    receiver: str
    answer: str
    answered: bool
    done: bool
    day: date | None
    latest: date | None
    photo: str
    alt: str
    unseen: bool


def about_read(actor: Actor, uid: UUID) -> About:
    """Return the walk for who may read it."""
    return _about(services.read_walk(actor, uid, READ))


def about_led(actor: Actor, uid: UUID) -> About:
    """Return the walk for who leads it."""
    return _about(services.read_walk(actor, uid, LEAD))


def _about(walk: Walk) -> About:
    return About(walk.title, f"/vandringar/{walk.uid}", walk.level)


def letterhead(walk: Walk) -> dict[str, Any]:
    """Return what stands at the head of every document of a walk."""
    city = places.city(db.settings().city)
    return {"city": city.get("organisation", city["name"]), "sender": walk.organiser.name, "today": clock.today()}


def rows_of(actor: Actor, walk: Walk) -> list[Observation]:
    """Return what stands in the protocol, as the actor reads it, without what is protected."""
    return [row for row in services.protocol_of(actor, walk) if row.level < PROTECTED]


def level_of(walk: Walk, rows: Iterable[Observation]) -> int:
    """Return the level of a document with these rows."""
    return max([walk.level, *(row.level for row in rows)])


def lines_of(actor: Actor, rows: Iterable[Observation]) -> tuple[list[Line], dict[str, str]]:
    """Return the rows, and the pictures in them: name of the part -> hash of the file."""
    rows = list(rows)
    photos = media.photos_of("observation", [row.uid for row in rows])
    latest = _latest_answers(actor, [row.uid for row in rows])
    lines, pictures = [], {}
    for row in rows:
        first = next((one for one in photos[row.uid] if one.role != "efter" and media.is_for_everybody(one)), None)
        name = f"photo-{row.number}" if first else ""
        if first and first.small:
            pictures[name] = first.small
        lines.append(_line(row, name, latest.get(row.uid), unseen=bool(photos[row.uid]) and not first))
    return lines, pictures


def _line(row: Observation, photo: str, latest: date | None, *, unseen: bool) -> Line:
    kept = shown_state(row.nature, row.state) is KEPT
    place = row.place.name if row.place and row.place.level < PROTECTED else ""
    said: dict[str, Any] = {"n": row.number, "kind": row.kind_title, "place": place}
    alt = Text(WITH_PLACE if place else ALT, **said, text=row.description)
    answered = part_of_walk(row.nature, row.state) in ("pagar", "klara")
    good = row.nature == "positivt"
    return Line(
        number=row.number,
        kind=row.kind_title,
        place=place,
        severity=None if good else row.severity,
        severity_title=SEVERITIES.get(row.severity, ""),
        is_danger=row.severity == DANGER and not good,
        description=row.description,
        receiver=row.organisation.name if row.organisation and row.state not in WAITING and not kept else "",
        answer=row.answer or (KEEP if kept else ""),
        answered=answered,
        done=row.state in DONE,
        day=done_on(row),
        latest=latest,
        photo=photo,
        alt=alt if len(alt) <= LONGEST_ALT else f"{alt[:LONGEST_ALT]} …",
        unseen=unseen,
    )


def _latest_answers(actor: Actor, uids: list[UUID]) -> Mapping[UUID, date]:
    """Return by when each that waits for an answer has one, as far as the actor sees its frist."""
    rows = select(Deadline.subject_uid, Deadline.due_on).where(Deadline.subject_kind == "observation")
    rows = rows.where(Deadline.kind == ANSWER, Deadline.state == "oppen", Deadline.subject_uid.in_(uids))
    return {row.subject_uid: row.due_on for row in db.session().execute(rows.where(access.rule_of(Deadline, actor)))}


def is_asked(row: Observation) -> bool:
    """Whether somebody has been asked about an observation: only then does a letter tell of it."""
    return row.state not in WAITING and shown_state(row.nature, row.state) is not KEPT


def waits(row: Observation) -> bool:
    """Whether the receiver of an observation has yet to answer."""
    return row.state in TABS["att_besvara"]
