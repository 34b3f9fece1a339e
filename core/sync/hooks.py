"""What is said through the contract of what phones have sent: what waits for a choice, and the job that tries again."""

from __future__ import annotations

from collections.abc import Iterable

from core.access import Actor
from core.hookspecs import Job, Todo, hookimpl
from core.i18n import N_, Text
from core.sync.lists import counts
from core.sync.settling import sweep
from core.sync.states import REVIEW, STATES

TEN_MINUTES = 600


@hookimpl
def tryggplats_todo(actor: Actor) -> Iterable[Todo]:
    """What phones have sent and a person decides: each as one line, however many."""
    to_choose, homeless = counts(actor)
    if to_choose:
        text = Text(N_("Ändringar att granska: {count}"), count=to_choose)
        detail = N_("De kom från telefoner och går inte att föra in utan dig.")
        link = "/granska-andringar"
        yield Todo(
            "sync:granska", text, link, detail=detail, tone="warning", shape="missing", state=STATES[REVIEW], level=1
        )
    if homeless:
        text = Text(N_("Ändringar utan det som de hör till: {count}"), count=homeless)
        link, detail = "/granska-andringar?visa=utan", N_("Det som de hör till har inte kommit.")
        yield Todo(
            "sync:utan", text, link, detail=detail, tone="warning", shape="missing", state=STATES[REVIEW], level=1
        )


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Try what is held."""
    return [Job("sync:held", N_("Försök igen med det som telefoner har skickat"), TEN_MINUTES, sweep)]
