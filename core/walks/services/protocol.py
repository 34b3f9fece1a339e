"""The protocol of a walk: what stands in it, and the two people who adjust it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.walks.models import Adjustment, Observation, Walk, WalkPartner
from core.walks.services.reaching import reaches
from core.walks.states import LEFT_OUT, LOGGED_IN, WALK

NOTE_TAKER, PARTNER, COORDINATOR = "antecknare", "medarrangor", "samordnare"
PARTS = {
    NOTE_TAKER: N_("den som antecknade"),
    PARTNER: N_("medarrangör"),
    COORDINATOR: N_("samordnare hos den som leder"),
}
"""As what somebody adjusts a protocol."""
ADJUST, DRAFT = "walks:walk:adjust", "protokoll_utkast"
MOST_DRAFTS = 200
"""Protocols that are looked through for those that wait for somebody."""


def refuse_adjusted(walk: Walk | None, words: str) -> None:
    """Keep what an adjusted protocol tells of a walk as it tells it; `words` say what can no longer be done."""
    if walk is not None and walk.state not in LOGGED_IN:
        raise flow.Refused([Objection(Text(words, state=WALK.states[walk.state].label))])


def adjust(actor: Actor, walk: Walk) -> bool:
    """Keep that the actor has adjusted the protocol; whether it is adjusted now, by two people (domain.md 2.3).

    Raises Refused for somebody who is neither the note taker nor a co-organiser (without any: the organiser's
    samordnare), and for the same person again.
    """
    access.require(actor, ADJUST, walk)
    if actor.id is None:
        raise flow.Refused([Objection(N_("Protokollet justeras av två personer."))])
    part, done = _part_of(actor, walk, _partners(walk)), _done(walk)
    if refused := list(_objections(actor, walk, part, done)):
        raise flow.Refused(refused, "justera")
    row = {"person_id": actor.id, "organisation_id": actor.organisation, "part": part, "at": clock.now()}
    db.session().add(Adjustment(walk_id=walk.id, **row))
    db.session().flush()
    journal.write(actor, "walk:adjust", "walk", walk.uid, level=walk.level, part=part)
    parts = {*done.values(), part}
    return NOTE_TAKER in parts and len(parts) > 1


def may_adjust(actor: Actor, walk: Walk) -> bool:
    """Whether the actor is one of those whom the protocol of a walk waits for now."""
    if walk.state != DRAFT or actor.id is None or not reaches(actor, Walk, walk.id, ADJUST):
        return False
    return not list(_objections(actor, walk, _part_of(actor, walk, _partners(walk)), _done(walk)))


def to_adjust(actor: Actor, limit: int = 20) -> list[Walk]:
    """Return the walks whose protocol waits for the actor, in three queries however many there are."""
    if actor.id is None or not actor.may(ADJUST):
        return []
    rows = select(Walk).options(selectinload(Walk.partners)).where(access.rule_of(Walk, actor, ADJUST))
    rows = rows.where(Walk.state == DRAFT, Walk.note_taker_id.is_not(None)).order_by(Walk.planned_at, Walk.id)
    found = list(db.session().scalars(rows.limit(MOST_DRAFTS)))
    if not found:
        return []
    done: dict[int, dict[int, str]] = {walk.id: {} for walk in found}
    for row in db.session().scalars(select(Adjustment).where(Adjustment.walk_id.in_(done))):
        done[row.walk_id][row.person_id] = row.part
    mine = []
    for walk in found:
        part = _part_of(actor, walk, {row.id for row in walk.partners})
        if not list(_objections(actor, walk, part, done[walk.id])):
            mine.append(walk)
    return mine[:limit]


def awaited(walk: Walk) -> list[str]:
    """Return who has yet to adjust the protocol of a walk that has been read with its parts."""
    done, told = set(_done(walk).values()), []
    if walk.state != DRAFT:
        return []
    if NOTE_TAKER not in done:
        named = walk.note_taker and Text(N_("{name} (antecknade)"), name=walk.note_taker.name)
        told.append(named or N_("den som antecknade"))
    if not done & {PARTNER, COORDINATOR}:
        names = ", ".join(row.name for row in walk.partners)
        either = Text(N_("någon hos {names}"), names=names)
        told.append(either if names else Text(N_("samordnaren hos {name}"), name=walk.organiser.name))
    return told


def _partners(walk: Walk) -> set[int]:
    return set(db.session().scalars(select(WalkPartner.organisation_id).where(WalkPartner.walk_id == walk.id)))


def _done(walk: Walk) -> dict[int, str]:
    return {row.person_id: row.part for row in db.session().scalars(_adjusted(walk))}


def _part_of(actor: Actor, walk: Walk, partners: set[int]) -> str | None:
    if actor.id == walk.note_taker_id:
        return NOTE_TAKER
    if any(grant.organisations & partners for grant in actor.grants):
        return PARTNER
    coordinates = any(
        grant.role == "sdn_samordnare" and walk.organiser_id in grant.organisations for grant in actor.grants
    )
    return COORDINATOR if coordinates and not partners else None


def _objections(actor: Actor, walk: Walk, part: str | None, done: dict[int, str]) -> Iterable[Objection]:
    if walk.note_taker_id is None:
        yield Objection(N_("Skriv först i planen vem som antecknade. Den personen justerar protokollet."))
    if part is None:
        words = N_("Den som antecknade och en medarrangör justerar. Finns ingen medarrangör gör samordnaren det.")
        yield Objection(words)
    elif actor.id in done:
        yield Objection(N_("Du har redan justerat protokollet. Nu väntar det på någon annan."))
    elif part in done.values():
        yield Objection(N_("Protokollet är redan justerat från ert håll. Nu väntar det på den andra."))


def _adjusted(walk: Walk) -> Any:
    return select(Adjustment).where(Adjustment.walk_id == walk.id)


def adjustments_of(actor: Actor, walk: Walk) -> list[Adjustment]:
    """Return who has adjusted the protocol of a walk, in order."""
    rows = select(Adjustment).options(joinedload(Adjustment.person), joinedload(Adjustment.organisation))
    rows = rows.where(Adjustment.walk_id == walk.id).order_by(Adjustment.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def protocol_of(actor: Actor, walk: Walk) -> list[Observation]:
    """Return what stands in the protocol of a walk: all but duplicates and what was written off."""
    rows = select(Observation).options(joinedload(Observation.organisation))
    rows = rows.where(Observation.walk_id == walk.id, Observation.state.not_in(LEFT_OUT))
    return list(db.session().scalars(access.visible(rows, actor).order_by(Observation.number)))
