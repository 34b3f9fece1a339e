"""What operation says through the contract: what waits for who runs it, the journal's daily walk, backups."""

from __future__ import annotations

from collections.abc import Iterable

from core.access import Actor
from core.backup import make_nightly
from core.hookspecs import Job, Todo, hookimpl
from core.i18n import N_, Text
from core.operation import following  # noqa: F401 - registers what hangs on organisations
from core.operation.plugins import STATES, list_plugins
from core.operation.services import check_daily, facts, unwell, waiting
from core.outbox import FAILED, WAITING

EVERY = 86_400


@hookimpl
def tryggplats_todo(actor: Actor) -> Iterable[Todo]:
    """Plugins that are away, what is not well, and letters and tasks that were given up or wait."""
    if not actor.may("operation:installation:read"):
        return
    for plugin in list_plugins(actor):
        if plugin.state in ("parked", "refused"):
            label, shape = STATES[plugin.state]
            yield Todo(
                key=f"operation:{plugin.name}",
                title=Text(N_("Tillägget {title} är borta"), title=plugin.title),
                link=f"/admin/tillagg/{plugin.name}",
                detail=N_("Läs felen och starta det igen, eller gå vidare utan det."),
                tone="danger",
                shape=shape,
                state=label,
                level=1,
            )
    if ill := [fact.title for fact in unwell(facts(actor)) if not fact.in_parts]:
        many, one = N_("{n} delar av driften behöver ses över"), N_("Driften behöver ses över: {part}")
        said = Text(many, n=len(ill)) if len(ill) > 1 else Text(one, part=ill[0])
        yield Todo(
            "operation:unwell", said, "/admin/drift", tone="warning", shape="missing", state=N_("Se över"), level=1
        )
    found = waiting(actor, limit=1)
    if failed := found.count(FAILED):
        title = Text(N_("{n} uppgifter är uppgivna"), n=failed) if failed > 1 else N_("En uppgift är uppgiven")
        yield Todo(
            "operation:failed",
            title,
            "/admin/drift#koen",
            tone="warning",
            shape="missing",
            state=N_("Uppgivet"),
            level=1,
        )
    if letters := found.counts.get(("letter", WAITING), 0):
        title = Text(N_("{n} brev väntar"), n=letters) if letters > 1 else N_("Ett brev väntar")
        yield Todo(
            "operation:letters",
            title,
            "/admin/drift#koen",
            tone="neutral",
            shape="waiting",
            state=N_("Väntar"),
            level=1,
        )


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Once a day the journal is walked from end to end, and at night a backup is made."""
    return [
        Job("operation:backup", N_("Gör nattens säkerhetskopia"), 1800, make_nightly),
        Job("operation:journal", N_("Kontrollera journalen"), EVERY, check_daily),
    ]
