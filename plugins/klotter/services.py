"""The rules of graffiti."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.hookspecs import DeadlineRef, MoveRef, Objection, ObservationRef
from core.kit import (
    N_,
    Actor,
    Denied,
    Invalid,
    Missing,
    Stale,
    after_photos,
    drop_deadline,
    now,
    observations_without,
    pause_deadline,
    places_behind,
    plan_deadline,
    require,
    resume_deadline,
    rule_of,
    session,
    system,
    write_journal,
)
from core.kit import observation as observed
from plugins.klotter.models import Incident

KIND = "klotter:klotter"
CLEANING = "klotter:sanering"
SCHOOLS = frozenset({"skolgard", "forskolegard"})
"""Kinds of place that go first (domain.md 8.4)."""
HATEFUL = frozenset({"hat_rasism", "hot_mot_person"})
"""What a case may turn out to be at the desk that must be gone within four hours (domain.md 8.4)."""
GONE = frozenset({"dubblett", "avskriven"})
"""States of an observation in which there is nothing to clean."""
WRITTEN_OFF = N_("Iakttagelsen är avskriven.")
OTHER = N_("Iakttagelsen visade sig vara något annat än klotter.")
OWNER_ANSWERED = N_("Fastighetsägaren har svarat.")
SHOWN = 20


def open_incident(observation: ObservationRef) -> Incident:
    """Open the case of an observation and plan its frist; opened already, both follow the observation."""
    incident = session().scalar(select(Incident).where(Incident.observation_uid == observation.uid))
    if incident is None:
        incident = Incident(observation_uid=observation.uid, hateful=False, opened_at=now())
        session().add(incident)
    incident.hateful = incident.hateful or bool(observation.details.get("hateful"))
    incident.place_uid = observation.place.uid if observation.place else None
    if observation.state not in GONE:
        incident.written_off_at = None
    session().flush()
    _plan(incident, observation)
    return incident


def close_mistaken(observation: ObservationRef) -> None:
    """Write off the case of what turned out to be no graffiti; there is mostly none."""
    incident = session().scalar(select(Incident).where(Incident.observation_uid == observation.uid))
    if incident is not None and incident.written_off_at is None and incident.cleaned_at is None:
        _plan(incident, observation)


def _plan(incident: Incident, observation: ObservationRef) -> None:
    """Plan the frist, or let it follow; of what is written off, or no graffiti after all, let it lapse."""
    if observation.kind != KIND or observation.state in GONE:
        _write_off(incident, observation, WRITTEN_OFF if observation.kind == KIND else OTHER)
    else:
        rule = _rule(observation, hateful=incident.hateful)
        plan_deadline(CLEANING, rule=rule, subject=observation.ref, starts_at=observation.seen_at)


def _write_off(incident: Incident, observation: ObservationRef, reason: str) -> None:
    incident.written_off_at = incident.written_off_at or now()
    incident.waits_since, incident.waits_for = None, None
    session().flush()
    drop_deadline(CLEANING, subject=observation.ref, reason=reason)


def _rule(observation: ObservationRef, *, hateful: bool) -> str:
    if hateful:
        return "hatiskt"
    at_school = observation.place is not None and observation.place.kind in SCHOOLS
    return "skola" if at_school else "vanligt"


def follow(move: MoveRef, subject: ObservationRef | DeadlineRef) -> None:
    """Note when the cleaning was closed or opened again; let the frist lapse when its observation is written off."""
    uid = subject.about.uid if isinstance(subject, DeadlineRef) else subject.uid
    incident = session().scalar(select(Incident).where(Incident.observation_uid == uid))
    if isinstance(subject, ObservationRef):
        if subject.state in GONE and incident is not None:
            _write_off(incident, subject, move.reason or WRITTEN_OFF)
        elif move.source in GONE:
            open_incident(subject)
    elif incident is not None:
        incident.cleaned_at = now() if subject.state == "klar" else None
        if incident.cleaned_at is not None:
            incident.waits_since, incident.waits_for = None, None
        session().flush()
        if incident.cleaned_at is None:  # what it turned out to be meanwhile counts from now on
            _plan(incident, observed(system("klotter"), uid))


def catch_up() -> None:
    """Do what was missed while the plugin could not be told: cases to open, and cases to write off."""
    for observation in observations_without(KIND, select(Incident.observation_uid)):
        open_incident(observation)
    written_off = select(Incident.observation_uid).where(Incident.written_off_at.is_not(None))
    for observation in observations_without(KIND, written_off, states=GONE):
        open_incident(observation)


def incident_of(actor: Actor, observation: UUID) -> Incident | None:
    """Return the case of an observation, None when there is none or the actor does not reach it."""
    require(actor, "klotter:incident:read")
    return _reached(actor, observation, "klotter:incident:read")


def read_incident(actor: Actor, observation: UUID) -> Incident:
    """Return the case of an observation; Missing when the actor does not reach it."""
    found = incident_of(actor, observation)
    if found is None:
        raise Missing("klotter_incident", observation)
    return found


def open_on_place(actor: Actor, place: UUID) -> list[Incident]:
    """Return the latest cases of a place, and of those merged into it, that the actor reaches and that are open."""
    require(actor, "klotter:incident:read")
    rows = select(Incident).where(Incident.place_uid.in_(places_behind(place)))
    rows = rows.where(Incident.cleaned_at.is_(None), Incident.written_off_at.is_(None))
    rows = rows.where(rule_of(Incident, actor, "klotter:incident:read"))
    return list(session().scalars(rows.order_by(Incident.opened_at.desc(), Incident.id.desc()).limit(SHOWN)))


def change_incident(actor: Actor, observation: UUID, *, version: int | None = None, **changes: Any) -> Incident:
    """Add what the handler knows: content, surface, the police report or why there is none.

    Content that is hate or a threat makes the case hateful and its frist shorter; nothing makes it longer.
    Raises Invalid when both a report and a reason against one are given, or neither is left of what is cleaned;
    Stale, Denied, Missing.
    """
    incident = _handled(actor, observation, version)
    changes = {name: value or None for name, value in changes.items()}  # an empty text is none
    after = {name: changes.get(name, getattr(incident, name)) for name in ("police_report", "not_reported_reason")}
    if all(after.values()):
        raise Invalid({"not_reported_reason": [N_("Ta bort skälet eller anmälans nummer. Båda kan inte gälla.")]})
    if incident.cleaned_at is not None and not any(after.values()):
        raise Invalid({"police_report": [N_("Klottret är sanerat. Anmälans nummer, eller skälet, ska stå kvar.")]})
    before = {name: getattr(incident, name) for name in changes}
    for name, value in changes.items():
        setattr(incident, name, value)
    if changes.get("police_report") and before.get("police_report") is None:
        incident.police_reported_at = now()
    if incident.content_class in HATEFUL and not incident.hateful:
        incident.hateful = True
        if incident.waits_since is not None:
            _go_on(incident)
        _plan(incident, observed(system("klotter"), observation))
    session().flush()
    write_journal(actor, "klotter:change", "observation", observation, before=before, after=dict(changes))
    return incident


def wait_for_owner(actor: Actor, observation: UUID, *, waits_for: str, version: int | None = None) -> Incident:
    """Let the frist stand still while the property's owner has to permit the cleaning (domain.md 8.1).

    Only the owner cleans private property, or permits it. What is hate or a threat waits for nobody: it is covered
    meanwhile. Raises Invalid, Stale, Denied, Missing.
    """
    incident = _handled(actor, observation, version)
    if incident.hateful:
        raise Invalid({"waits_for": [N_("Hat, rasism och hot får inte vänta. Täck över det medan ägaren tillfrågas.")]})
    if incident.cleaned_at is not None or incident.written_off_at is not None:
        raise Invalid({"waits_for": [N_("Ärendet är klart. Det finns inget att vänta på.")]})
    if incident.waits_since is None:
        incident.waits_since = now()
        pause_deadline(CLEANING, subject=observed(system("klotter"), observation).ref, reason=waits_for)
    incident.waits_for = waits_for
    session().flush()
    write_journal(actor, "klotter:wait", "observation", observation, reason=waits_for)
    return incident


def owner_answered(actor: Actor, observation: UUID, *, version: int | None = None) -> Incident:
    """Let the frist run on: the owner has answered. Nothing changes where nobody waits. Raises as `wait_for_owner`."""
    incident = _handled(actor, observation, version)
    if incident.waits_since is not None:
        _go_on(incident)
        write_journal(actor, "klotter:answered", "observation", observation)
    return incident


def _go_on(incident: Incident) -> None:
    ref = observed(system("klotter"), incident.observation_uid).ref
    incident.waits_since, incident.waits_for = None, None
    session().flush()
    resume_deadline(CLEANING, subject=ref, reason=OWNER_ANSWERED)


def _handled(actor: Actor, observation: UUID, version: int | None) -> Incident:
    require(actor, "klotter:incident:edit")
    incident = _reached(actor, observation, "klotter:incident:edit")
    if incident is None:
        read_incident(actor, observation)
        raise Denied("klotter:incident:edit")
    if version is not None and version != incident.version:
        raise Stale("klotter_incident", observation, incident.version)
    return incident


def missing_for_closing(observation: UUID) -> Iterable[Objection]:
    """Say what a case lacks before it may be closed."""
    incident = session().scalar(select(Incident).where(Incident.observation_uid == observation))
    if after_photos(observation) == 0:
        yield Objection(N_("Lägg till ett nytt foto, taget efter saneringen, och vänta tills det syns."), "after_photo")
    if incident is None or not (incident.police_report or incident.not_reported_reason):
        yield Objection(N_("Skriv polisanmälans nummer, eller varför det inte anmäls."), "police_report")


def _reached(actor: Actor, observation: UUID, permission: str) -> Incident | None:
    rows = select(Incident).where(Incident.observation_uid == observation, rule_of(Incident, actor, permission))
    return session().scalar(rows)
