"""Commands about the outbox: what waits to be done, what was given up, and letting that be tried again."""

from __future__ import annotations

from uuid import UUID

import click

from core.cli.installation import actor, installation, say

SHOWN = 200
LABELS = {"failed": "uppgiven", "waiting": "väntar"}


@click.group()
def outbox() -> None:
    """Brev, bilder och annat som arbetaren gör."""


@outbox.command("list")
def outbox_list() -> None:
    """Visa vad som är uppgivet eller väntar, och varför."""
    with installation() as database, database.transaction(write=False):
        from core import clock
        from core import outbox as tasks

        found = tasks.unfinished(limit=SHOWN + 1)
    for task in found[:SHOWN]:
        since = clock.local(task.created_at).strftime("%Y-%m-%d %H.%M")
        say(f"{task.uid} {since} {LABELS[task.state]:<8} {task.kind:<12} {task.error or ''}".rstrip())
    if len(found) > SHOWN:
        say(f"De första {SHOWN} visas. Det finns fler.")
    if not found:
        say("Inget väntar och inget är uppgivet.")


@outbox.command("retry")
@click.argument("uid", type=click.UUID, required=False)
@click.option("--all", "everything", is_flag=True, help="Allt som är uppgivet.")
def outbox_retry(*, uid: UUID | None, everything: bool) -> None:
    """Gör om det som är uppgivet: uppgiften UID, eller allt."""
    if everything == (uid is not None):
        raise click.UsageError("Skriv vilken uppgift (UID) eller --all.")
    with installation() as database:
        from core import journal
        from core import outbox as tasks

        with database.transaction():
            again = tasks.retry(uid)
            for task in again:
                journal.write(actor(), "outbox:retry", "task", task)
    if uid and not again:
        raise click.ClickException(f"{uid} är ingen uppgift som är uppgiven. Se tryggplats outbox list.")
    say(f"{len(again)} görs om.")
