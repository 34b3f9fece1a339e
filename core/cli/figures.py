"""The command that reads a file of figures in, as somebody who may: the same steps as on the page, and as undoable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.installation import installation, say, warn

if TYPE_CHECKING:
    from core.access import Actor
    from core.imports import Import


@click.command("figures")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, help="Slag av område: stadsdelsnamndsomrade, basomrade, kommun …")
@click.option("--source", required=True, help="Varifrån filen kommer.")
@click.option("--as", "email", required=True, help="E-postadressen till den som läser in, och som kan ångra.")
@click.option("--column", "columns", multiple=True, help="FÄLT=RUBRIK, där det inte går att gissa. Får upprepas.")
@click.option("--try", "only_try", is_flag=True, help="Pröva bara raderna, för inte in dem.")
def import_figures(*, file: Path, kind: str, source: str, email: str, columns: tuple[str, ...], only_try: bool) -> None:
    """Läs in statistik ur CSV eller Excel. Rader som är fel förs inte in, och det sägs varför."""
    with installation() as database:
        from core import imports
        from core.figures import registers

        if kind not in registers.TITLES:
            raise click.BadParameter(f"välj bland {', '.join(registers.TITLES)}.", param_hint="--kind")
        with database.transaction():
            who = _person(email)
            found = imports.receive(who, file, kind=f"{registers.PREFIX}{kind}", source=source, name=file.name)
            if found.state == "lases":
                imports.work_here(found.uid)
            elif found.state == "provad":
                imports.move_import(who, found.uid, "valj_om")
            if found.fault:
                raise click.ClickException(" ".join(imports.said(one) for one in found.fault))
            _try(who, found, columns)
            counts = imports.standing(found)
            for one in found.tally:
                warn(f"{one['rows']} rader: {imports.said(one)}")
            if not only_try and counts["duger"]:
                imports.move_import(who, found.uid, "for_in")
                imports.work_here(found.uid)
            counts = imports.standing(found)
            name, uid, total = found.name, found.uid, found.total
    taken = counts["inford"]
    say(f"{name}: {total} rader, {taken} införda, {counts['fel']} fel, {counts['dubblett']} fanns redan.")
    say(f"Se och ångra på /inlasningar/{uid}")
    if counts["fel"]:
        sys.exit(1)


def _person(email: str) -> Actor:
    from sqlalchemy import select

    from core import db
    from core.people.models import Person
    from core.people.services import actor_of

    person = db.session().scalar(select(Person).where(Person.email == email.strip().lower(), Person.ended_at.is_(None)))
    if person is None:
        raise click.ClickException(f"Ingen person har adressen {email}.")
    return actor_of(person)


def _try(who: Actor, found: Import, columns: tuple[str, ...]) -> None:
    """Choose the columns as they are guessed and as they are told, and try every row."""
    from core import imports

    headings = {imports.folded(column["heading"]): number for number, column in enumerate(found.columns)}
    chosen = dict(found.mapping)
    for told in columns:
        field, _, heading = told.partition("=")
        if imports.folded(heading) not in headings:
            known = ", ".join(column["heading"] for column in found.columns)
            raise click.BadParameter(f"filen har {known}.", param_hint=f"--column {told}")
        chosen[field] = headings[imports.folded(heading)]
    imports.choose(who, found.uid, {field: str(number) for field, number in chosen.items()})
    if found.state == "valj":
        asked = ", ".join(text for texts in imports.to_interpret(found).values() for text in texts)
        raise click.ClickException(f"Det går inte att säga vad de här betyder: {asked}. Läs in filen på /inlasningar.")
    imports.work_here(found.uid)
