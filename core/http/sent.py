"""What phones have sent, in words: for the desk's pages and for the API alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import flask

from core import journal, sync
from core.http.frame import Application, actor
from core.http.texts import translate
from core.i18n import N_
from core.sync import CREATION, Change, Row


@dataclass(frozen=True)
class Pair:
    """What a person chooses between: what was sent, and what stands; `both`: the two texts can stand together."""

    name: str
    label: str
    sent: str
    stands: str
    both: bool


@dataclass(frozen=True)
class Last:
    """Who changed a record last, as far as the reader may know (else empty), and when."""

    who: str
    at: datetime


def pairs_of(rows: Sequence[Row]) -> list[list[Pair]]:
    """Return what there is to choose about each; the words of all of one kind are looked up together."""
    found: list[list[Pair]] = [[] for _ in rows]
    for kind in dict.fromkeys(row.change.record_kind for row in rows):
        one = sync.recording(kind)
        asked = [
            (n, row, name)
            for n, row in enumerate(rows)
            if row.change.record_kind == kind and not row.change.creates
            for name in _named(row.change)
        ]
        told = [(name, value) for _, row, name in asked for value in (row.change.fields[name], row.stands.get(name))]
        words, able = iter(one.words(actor(), told)), sync.texts(one)
        for n, _, name in asked:
            label = one.fields().load_fields[name].metadata.get("label", name)
            sent, stands = translate(next(words)), translate(next(words))
            found[n].append(Pair(name, translate(label), sent, stands, name in able))
    for n, row in enumerate(rows):
        if row.change.creates:
            save, leave = translate(N_("Spara den")), translate(N_("Spara den inte"))
            found[n] = [Pair(CREATION, translate(N_("Ska den sparas?")), save, leave, both=False)]
    return found


def _named(change: Change) -> Iterable[str]:
    """Return the fields that wait for a choice; of what is settled all that were sent."""
    return change.open if change.state in (sync.HELD, sync.REVIEW) else change.fields


def why(change: Change) -> str:
    """Return why something that was sent waits, in words; nothing for what is settled."""
    return translate(sync.words_for(change.record_kind, change.reason)) if change.reason else ""


def last_of(rows: Iterable[Row]) -> dict[UUID, Last]:
    """Return by the record's uid who changed it last, in one query for all and one for each who it was."""
    lines = journal.latest_of([row.change.record_uid for row in rows if row.stands])
    names = {pair: known_as(*pair) for pair in {(line.actor_uid, line.organisation_id) for line in lines.values()}}
    return {uid: Last(names[line.actor_uid, line.organisation_id], line.at) for uid, line in lines.items()}


def known_as(person: UUID | None, organisation: int | None) -> str:
    """Return how whoever did something is named to the reader."""
    return cast("Application", flask.current_app).doorkeeper.known_as(actor(), person, organisation)
