"""What the page of a walk says of what has come: which photos are awaited, what was just done, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from core import media
from core.http import actor
from core.http.texts import translate
from core.i18n import N_, Text
from core.walks import services
from core.walks.models import Observation, Walk
from core.walks.states import WALK

SENT = "fordela"
TOLD = ("bjuda_in", "skriva_protokoll", "skicka_ut")
"""Moves of a walk whose outcome is told; so is that of sending what was seen on it."""


@dataclass(frozen=True)
class Awaiting:
    """How many photos of a walk are here, how many there are in all, and of what those are that have not come."""

    here: int
    total: int
    missing: list[tuple[Observation, int]]


def awaiting(rows: Iterable[Observation], photos: Mapping[UUID, list[media.Photo]]) -> Awaiting | None:
    """Return which photos are listed and have not come; None where all that are to come are here."""
    lacks = {row: sum(photo.state == media.WAITING for photo in photos[row.uid]) for row in rows}
    missing = [(row, count) for row, count in lacks.items() if count]
    total = sum(photo.state != media.REFUSED for row in lacks for photo in photos[row.uid])
    return Awaiting(total - sum(lacks.values()), total, missing) if missing else None


def outcome_of(walk: Walk, key: str) -> list[str]:
    """Return the sentences about what was just done, none for what does not fit how the walk stands now."""
    if key == SENT:
        return list(_sent(walk))
    if key in TOLD and walk.state == WALK.move(key).target:
        return [translate(words) for words in _moved(walk, key)]
    return []


def _sent(walk: Walk) -> Iterator[str]:
    sent, there = services.just_sent(actor(), walk), services.answerable()
    if not sent:
        return
    names = ", ".join(f"{row.name} ({n})" for row, n in sent)
    yield translate(Text(N_("Skickat: {names}. De ser det i sin inkorg."), names=names))
    for row, _ in sent:
        if row.id not in there:
            yield translate(Text(N_("Ingen hos {name} kan svara här. Ring eller skriv till dem."), name=row.name))


def _moved(walk: Walk, key: str) -> Iterator[str]:
    names = ", ".join(row.name for row in walk.partners)
    if key == "skriva_protokoll":
        yield N_("Protokollet är framtaget av planen, deltagarna och iakttagelserna. Ändra där tills det är justerat.")
        return
    if key == "bjuda_in":
        yield N_("Vandringen står nu som inbjuden. Inga brev går ut härifrån än: skicka inbjudan själv.")
        if not walk.invitation.strip():
            yield N_("Inbjudans text är tom. Skriv den i planen.")
    else:
        yield N_(
            "Protokollet står nu som utskickat. Inga brev går ut härifrån än: skriv ut det eller skicka det själv."
        )
    if names:
        yield Text(N_("Medarrangörer som ser vandringen här: {names}."), names=names)
