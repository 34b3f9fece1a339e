"""Commands about photos: do the files agree with their rows, what nobody refers to, who has the originals."""

from __future__ import annotations

import sys
from datetime import datetime
from uuid import UUID

import click

from core.cli.installation import DAY, actor, installation, say, warn

SHOWN = 50
REASONS = {"missing": "saknas", "altered": "är ändrad", "extra": "hör inte till något foto"}


@click.group()
def media() -> None:
    """Foton och deras filer."""


@media.command("verify")
@click.option("--sample", type=click.IntRange(1), help="Räkna om hashen för så många filer i stället för alla.")
@click.option("--repair-derivatives", "repairs", is_flag=True, help="Låt bilder som saknas eller är ändrade göras om.")
def media_verify(*, sample: int | None, repairs: bool) -> None:
    """Jämför varje fil med sin rad och sin hash; felkod 1 om något saknas eller är ändrat."""
    from core.media import files

    with installation() as database:
        with database.transaction(write=False):
            faults = list(files.verify(sample=sample))
        for fault in faults[:SHOWN]:
            whose = f"bild av foto {fault.photo}" if fault.picture else f"foto {fault.photo}" if fault.photo else "fil"
            warn(f"{whose}: {fault.sha256} {REASONS[fault.reason]}")
        if len(faults) > SHOWN:
            warn(f"De första {SHOWN} av {len(faults)} visas.")
        wrong = [fault for fault in faults if fault.reason != "extra"]
        if repairs:
            with database.transaction():
                again = files.repair(wrong)
            say(f"{again} foton får sina bilder gjorda om. Kör verify igen när arbetaren är klar.")
    say(f"{len(wrong)} fel, {len(faults) - len(wrong)} filer utan foto.")
    if wrong:
        sys.exit(1)


@media.command("sweep")
@click.option("--dry-run", is_flag=True, help="Visa bara vad som skulle tas bort.")
def media_sweep(*, dry_run: bool) -> None:
    """Ta bort filer som är äldre än ett dygn och inte hör till något foto."""
    from core import journal
    from core.media import files

    with installation() as database:
        with database.transaction(write=False):
            found = list(files.extra())
        if not dry_run:
            with database.transaction():
                found = [one for one in found if files.remove(one)]
                if found:
                    journal.write(actor(), "photo:sweep", "photo", None, files=len(found))
    for one in found[:SHOWN]:
        say(f"{one.sha256} {one.bytes} byte")
    say(f"{len(found)} filer {'skulle tas bort' if dry_run else 'är borttagna'}.")


@media.command("keep")
@click.argument("email")
@click.option("--until", type=DAY, required=True, help="Sista dagen, högst ett år fram.")
@click.option("--reason", required=True, help="Varför, till exempel begärans diarienummer.")
@click.option("--photo", type=click.UUID, help="Bara det här fotot; annars alla som personen når.")
def media_keep(*, email: str, until: datetime, reason: str, photo: UUID | None) -> None:
    """Ge personen med adressen EMAIL tillgång till original av maskade foton."""
    from core.media import keepers

    with installation() as database, database.transaction():
        from core.people import services as people

        row = keepers.grant(actor(), person=people.account(email).id, valid_to=until.date(), reason=reason, photo=photo)
    say(f"{row.uid} gäller till och med {until.date()}.")


@media.command("unkeep")
@click.argument("uid", type=click.UUID)
def media_unkeep(*, uid: UUID) -> None:
    """Avsluta tillgången UID genast."""
    from core.media import keepers

    with installation() as database, database.transaction():
        keepers.end(actor(), uid)
    say("Tillgången är avslutad.")


@media.command("keepers")
def media_keepers() -> None:
    """Visa vilka som har tillgång till original i dag, och varför."""
    from core.media import keepers

    with installation() as database, database.transaction(write=False) as session:
        from core.people.models import Person

        found = keepers.current(actor())
        rows = [(row, session.get_one(Person, row.person_id).email if row.person_id else row.role) for row in found]
    for row, who in rows:
        what = "ett foto" if row.photo_id else "alla foton"
        say(f"{row.uid} {who} {what} till och med {row.valid_to}: {row.reason}")
    if not rows:
        say("Ingen har tillgång till original av maskade foton.")
