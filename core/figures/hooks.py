"""What figures say through the contract: their part of a place's page, and the demo's figures."""

from __future__ import annotations

from collections.abc import Iterable

from core.access import Actor
from core.figures import documents, registers  # noqa: F401 - what leaves as a table, what can be read in
from core.figures.models import READ
from core.figures.presenting import of_place
from core.hookspecs import Section, hookimpl
from core.i18n import N_
from core.refs import Subject


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place the newest figures of the areas that it lies in."""
    if page == "place" and actor.may(READ):
        shown = of_place(actor, subject.uid)
        if shown["lines"]:
            yield Section("core:statistik", N_("Siffror om området"), "figures/on_place.html", shown, 60)


@hookimpl
def tryggplats_demo(city: str) -> None:  # noqa: ARG001 - the same figures wherever
    """Read in made-up figures."""
    from core.figures.demo import fill

    fill()
