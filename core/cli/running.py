"""Commands that run the service, and what describes it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.installation import DAY, actor, installation, read_settings, say

if TYPE_CHECKING:
    from core.settings import Settings

GREETED = ("sdn_handlaggare.sdn-jarva@", "falt.sdn-jarva@", "tk_drift.trafik@", "slk_handlaggare.slk@", "sysadmin.slk@")
"""The demo logins that are named when the service has started; the login page shows them all."""


@click.command()
@click.option("--with-worker", is_flag=True, help="Starta också arbetaren (demo och små installationer).")
def serve(*, with_worker: bool) -> None:
    """Kör webbtjänsten tills den får SIGTERM."""
    from core.serve import CannotServe, refuse_demo_people, refuse_strange_core
    from core.serve import serve as run
    from core.upgrade import refuse_behind

    try:
        refuse_strange_core()
        with installation() as database:
            refuse_behind(database)
            refuse_demo_people(database)
            settings = database.settings
        run(settings, with_worker=with_worker, ready=lambda: _greet(settings))
    except CannotServe as error:
        raise click.ClickException(str(error)) from error


def _greet(settings: Settings) -> None:
    say(f"Tryggplats svarar på {settings.base_url}")
    if settings.demo:
        from core import demo
        from core.db import Database
        from core.people.services import demo_logins

        database = Database(settings)
        with database.transaction(write=False):
            people = demo_logins(actor())
        database.dispose()
        say(f"\nLogga in på sidan med lösenordet {demo.PASSWORD}, till exempel som:")
        for person in people:
            if person.email.startswith(GREETED):
                say(f"  {person.email:<42} {person.name}")
    say(f"\nAvsluta med Ctrl-C, eller med kill {os.getpid()} om den körs i bakgrunden.")


@click.command()
def worker() -> None:
    """Kör arbetaren: brev, bilder och det som görs på klockslag."""
    import logging

    from core.upgrade import refuse_behind
    from core.worker import Worker

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with installation() as database:
        refuse_behind(database)
        working = Worker(database.settings)
        working.run()
        working.close()


@click.command()
@click.option("--date", "day", type=DAY, help="Dagen som demostaden lever i (i dag).")
def demo(*, day: datetime | None) -> None:
    """Fyll en tom databas med en påhittad stad."""
    with installation() as database:
        if not database.settings.demo:
            raise click.ClickException("Demon finns bara med TRYGGPLATS_ENV=demo.")
        from core import clock
        from core import demo as city

        with database.transaction():
            made = city.fill(actor(), day=day.date() if day else clock.today())
    say("Demostaden är klar." if made else "Databasen har redan data: inget ändrat.")


@click.command("settings")
def print_settings() -> None:
    """Visa alla inställningar och vad de gör."""
    from dataclasses import fields

    from core.settings import Settings

    for field in fields(Settings):
        say(f"TRYGGPLATS_{field.name.upper()}")
        say(f"    {field.metadata['doc']} [{field.default if field.default not in ('', None) else '–'}]")


@click.command()
@click.option("--write", "file", type=click.Path(dir_okay=False, path_type=Path), help="Skriv till en fil.")
def openapi(*, file: Path | None) -> None:
    """Visa API:ts beskrivning (OpenAPI 3.1)."""
    import json

    from core.app import create_app
    from core.http.openapi import document

    text = json.dumps(document(create_app(read_settings())), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if file:
        file.write_text(text)
    else:
        click.echo(text, nl=False)
