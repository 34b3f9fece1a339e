"""Klotter: graffiti seen on a walk is cleaned within 24 hours, hateful within four, and always reported to the police.

The city's rule (domain.md 8.1, 8.4): everything within 24 clock hours, schools and preschools first, hate and threats
within four; nothing is closed without a photo taken after the work and the number of the police report.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from core.hookspecs import (
    DeadlineKind,
    DeadlineRef,
    Job,
    Manifest,
    MeasureKind,
    MoveRef,
    Objection,
    ObservationKind,
    ObservationRef,
    Permission,
    Routes,
    Rule,
    Section,
    Subject,
    hookimpl,
)
from core.kit import N_, Actor
from plugins.klotter import api, services, views
from plugins.klotter.schemas import Details

CLOSING = frozenset({"deadline:klarmarkera", "observation:atgarda"})
SOURCE = N_("Stadens klotterpolicy")

HANDLERS = ("sdn_samordnare", "sdn_handlaggare", "fack_handlaggare", "tk_drift")


@hookimpl
def tryggplats_manifest() -> Manifest:
    """Say who we are."""
    return Manifest(name="klotter", title=N_("Klotter"), root=Path(__file__).parent, core=">=1,<2")


@hookimpl
def tryggplats_permissions() -> Iterable[Permission]:
    """Those who answer for the spot, and those who coordinate it, handle the case; the city's own read it."""
    readers = (*HANDLERS, "falt", "tk_belysning", "polis", "forv_chef")
    return [
        Permission("klotter:incident:edit", N_("Handlägga klotter"), own=HANDLERS),
        Permission(
            "klotter:incident:read",
            N_("Se klotterärenden"),
            own=readers,
            city=("slk_handlaggare", "revisor"),
        ),
    ]


@hookimpl
def tryggplats_observation_kinds() -> Iterable[ObservationKind]:
    """Graffiti is a kind of its own, with one question on the phone."""
    return [ObservationKind(services.KIND, N_("Klotter"), N_("Klotter"), "graffiti", "renhallning", Details)]


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """Clock hours, day and night, whatever the weekday."""
    rules = {
        "hatiskt": Rule(4, "clock_hours", N_("Hat, rasism eller hot: inom 4 timmar"), urgency=0, source=SOURCE),
        "skola": Rule(24, "clock_hours", N_("Skola eller förskola: först, inom 24 timmar"), urgency=1, source=SOURCE),
        "vanligt": Rule(24, "clock_hours", N_("Klotter: inom 24 timmar"), urgency=2, source=SOURCE),
    }
    return [DeadlineKind(services.CLEANING, N_("Sanera klotter"), "renhallning", rules)]


@hookimpl
def tryggplats_measure_kinds() -> Iterable[MeasureKind]:
    """Walls and furniture can be protected, so that graffiti comes off."""
    return [MeasureKind("klotter:klotterskydd", N_("Klotterskydd"))]


@hookimpl
def tryggplats_routes() -> Routes:
    """One page and one API resource for a case."""
    return Routes(pages=(views.pages,), api=(api.api,))


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Take up what was logged while the plugin was parked."""
    return [Job("klotter:ikapp", N_("Ta upp klotter som loggats utan ärende"), 300, services.catch_up)]


@hookimpl
def tryggplats_after_observation(observation: ObservationRef) -> None:
    """Graffiti was logged or changed: open its case and plan its frist, or let them follow."""
    if observation.kind == services.KIND:
        services.open_incident(observation)
    else:
        services.close_mistaken(observation)


@hookimpl
def tryggplats_after_move(move: MoveRef, subject: ObservationRef | DeadlineRef) -> None:
    """A case follows its frist, and a frist its observation."""
    if subject.kind in (services.KIND, services.CLEANING):
        services.follow(move, subject)


@hookimpl
def tryggplats_objections(move: MoveRef, subject: ObservationRef | DeadlineRef) -> Iterable[Objection]:
    """Nothing is closed without an after-photo and the police report."""
    about = subject.about.uid if isinstance(subject, DeadlineRef) else subject.uid
    if subject.kind in (services.KIND, services.CLEANING) and f"{move.flow}:{move.key}" in CLOSING:
        yield from services.missing_for_closing(about)


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """Show the open cases of a place, and the case behind a frist or an observation."""
    if not actor.may("klotter:incident:read"):
        return
    if page == "place":
        incidents = services.open_on_place(actor, subject.uid)
        yield Section("klotter:plats", N_("Klotter"), "klotter/on_place.html", {"incidents": incidents}, 50)
    elif subject.kind == "observation":
        incident = services.incident_of(actor, subject.uid)
        if incident is not None:
            yield Section("klotter:arende", N_("Klotterärendet"), "klotter/case.html", views.case(incident), 20)
