"""Commands about backups: making one, reading it through, putting it back, and letting a restored copy count."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from core.cli.installation import actor, damaged, installation, say, warn

if TYPE_CHECKING:
    from core.backup import Checked
    from core.journal import Fault
    from core.settings import Settings

SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KEY = click.option("--key", "key", type=FILE, help="Filen med den hemliga nyckeln, om kopian är krypterad.")


@click.group(invoke_without_command=True)
@click.option("--to", "target", type=click.Path(path_type=Path), help="Ny fil eller en mapp; annars BACKUP_DIR.")
@click.pass_context
def backup(context: click.Context, *, target: Path | None) -> None:
    """Gör en säkerhetskopia av allt: databasen, filerna och journalens huvud. Tjänsten kan vara igång."""
    if context.invoked_subcommand is not None:
        return
    from core import backup as copies

    with installation() as database:
        keys = copies.read_public(database.settings.backup_key)
        made = copies.make(actor(), database, _file(target, database.settings), keys=keys)
    say(f"{made.file}: {made.count.all_rows} rader, {made.count.files} filer, {made.bytes} byte.")
    if not keys:
        warn("Kopian är inte krypterad. Förvara den som databasen själv, eller ange TRYGGPLATS_BACKUP_KEY.")
    if made.lost:
        warn(f"{len(made.lost)} filer saknades eller var ändrade redan i lagret. Kör tryggplats media verify.")
        sys.exit(1)


def _file(target: Path | None, settings: Settings) -> Path:
    from core.backup import name_now

    where = target or settings.backup_dir
    if where is None:
        raise click.UsageError("Skriv vart kopian ska: --to FIL, eller ange TRYGGPLATS_BACKUP_DIR.")
    return where / name_now(encrypted=bool(settings.backup_key)) if where.is_dir() else where


@backup.command("verify")
@click.argument("file", type=FILE)
@KEY
@click.option("--note", is_flag=True, help="Anteckna i installationen att kopian är kontrollerad.")
def backup_verify(*, file: Path, key: Path | None, note: bool) -> None:
    """Läs igenom hela säkerhetskopian FILE utan att återläsa den; felkod 1 om något är fel."""
    from core import backup as copies

    try:
        checked = copies.verify(file, keys=_keys(key))
    except copies.Damaged as error:
        raise click.ClickException(damaged(error)) from error
    except copies.KeyRefused as error:
        raise click.ClickException(str(error)) from error
    say(_told(checked))
    faults = [*checked.journal_faults]
    if note and not faults:
        with installation() as database, database.transaction():
            if not copies.note_verified(actor(), UUID(checked.head.uid)):
                raise click.ClickException("Den här installationen har inte gjort kopian: inget är antecknat.")
    _tell_of_journal(faults)


@backup.command("key")
@click.option("--to", "file", type=click.Path(exists=False, path_type=Path), required=True, help="Ny fil.")
def backup_key(*, file: Path) -> None:
    """Gör ett nyckelpar: den hemliga nyckeln i en ny fil, den publika till TRYGGPLATS_BACKUP_KEY."""
    import os

    from core.backup import new_key

    secret, public = new_key()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(f"# Hör till {public}\n{secret}\n")
    except OSError as error:
        raise click.ClickException(f"{file} kunde inte skrivas: {error.strerror}.") from error
    say(f"TRYGGPLATS_BACKUP_KEY={public}")
    say(f"Den hemliga nyckeln ligger i {file}. Flytta den från servern. Utan den går ingen kopia att läsa.")


@click.command()
@click.argument("file", type=FILE)
@KEY
def restore(*, file: Path, key: Path | None) -> None:
    """Återläs säkerhetskopian FILE i en tom installation. Den skickar inget förrän du kör tryggplats release."""
    from core import backup as copies

    with installation(new=True) as database:
        done = copies.restore(actor(), database, file, keys=_keys(key))
    say(_told(done.checked))
    say(
        "Allt är återläst och stämmer. Alla är utloggade, även telefoner och nycklar till API:t. "
        "Inga kalenderadresser svarar: var och en gör en ny."
    )
    say("Installationen är en återläst kopia: inget skickas. När den ska gälla: tryggplats release --reason VARFÖR")
    _tell_of_journal(done.journal_faults)


@click.command()
@click.option("--reason", required=True, help="Varför kopian ska gälla nu.")
def release(*, reason: str) -> None:
    """Låt en återläst kopia gälla: från nu skickas brev och annat som väntar."""
    from core import restored

    with installation() as database, database.transaction():
        released = restored.release(actor(), reason=reason)
    if not released:
        raise click.ClickException("Det här är ingen återläst kopia som väntar: inget är ändrat.")
    say("Kopian gäller. Det som väntar skickas nu.")


def _keys(key: Path | None) -> Sequence[Any]:
    from core.backup import read_secret

    return read_secret(key) if key else ()


def _told(checked: Checked) -> str:
    from datetime import datetime

    from core import clock

    made = clock.local(datetime.fromisoformat(checked.head.made_at))
    count = checked.count
    lost = (
        f" {len(count.missing) + len(count.altered)} filer saknades redan då." if count.missing or count.altered else ""
    )
    return (
        f"Säkerhetskopia av {made:%Y-%m-%d %H.%M} med Tryggplats {checked.head.version}: {count.all_rows} rader i "
        f"{len(count.rows)} tabeller, {count.files} filer, {count.bytes} byte. "
        f"Journalen har {checked.head.journal[0]} rader.{lost}"
    )


def _tell_of_journal(faults: Sequence[Fault]) -> None:
    """Name what is wrong with the journal, and end with status 1 if anything is."""
    for fault in faults[:SHOWN]:
        warn(f"Rad {fault.seq}: {fault.reason}.")
    if faults:
        warn("Journalen var skadad redan när kopian gjordes.")
        sys.exit(1)
    say("Journalen är hel.")
