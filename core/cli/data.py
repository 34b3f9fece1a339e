"""Commands about what lies in the database: its tables, and areas from files."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from core.cli.figures import import_figures
from core.cli.installation import DAY, actor, installation, say, warn
from core.cli.trust import warn_of_refused


@click.group()
def db() -> None:
    """Databasens tabeller."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Uppdatera tabellerna för kärnan och varje tillägg."""
    from core import upgrade

    with installation(new=True) as database:
        for entry in upgrade.pending(database):
            say(f"{entry.owner} {entry.revision}: {entry.title}")
        upgrade.upgrade(database)
        warn_of_refused()


@db.command("downgrade")
@click.argument("owner")
@click.argument("revision")
@click.confirmation_option(prompt="Data i tabeller som tas bort går förlorade. Fortsätta?")
def db_downgrade(*, owner: str, revision: str) -> None:
    """Backa OWNER (core eller ett tillägg) till REVISION; base tar bort allt."""
    from core import upgrade

    with installation() as database:
        upgrade.downgrade(database, owner, revision)


@db.command("check")
def db_check() -> None:
    """Jämför tabellerna med koden; felkod 1 om något skiljer."""
    from core import upgrade

    with installation() as database:
        differences = [f"{entry.owner} {entry.revision} är inte körd" for entry in upgrade.pending(database)]
        differences = differences or upgrade.check(database)
    for difference in differences:
        warn(difference)
    if differences:
        sys.exit(1)
    say("Tabellerna stämmer med koden.")


@db.command("revision")
@click.option("-m", "--message", required=True, help="Vad revisionen gör, på engelska.")
@click.option("--owner", default="core", help="core eller ett tillägg.")
def db_revision(*, message: str, owner: str) -> None:
    """För utvecklare: skriv nästa revision utifrån modellerna. Läs igenom den."""
    from core import upgrade

    with installation() as database:
        say(upgrade.revision(database, owner, message))


@click.group("import")
def imports() -> None:
    """Läs in data från filer."""


imports.add_command(import_figures)


@imports.command("areas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", help="Slag av område (stadsdelsnämndernas).")
@click.option("--srid", type=int, help="Filens koordinatsystem som EPSG-kod, om filen inte säger det.")
@click.option("--encoding", help="Filens teckenkodning, om bokstäverna blir fel.")
@click.option("--layer", help="Vilket lager, om filen har flera.")
@click.option("--name-field", "name_property", help="Kolumnen med områdets namn.")
@click.option("--valid-from", "day", type=DAY, help="Första dagen som områdena gäller (i dag).")
@click.option("--source", help="Varifrån filen kommer (filens namn).")
def import_areas(*, file: Path, kind: str | None, day: datetime | None, source: str | None, **how: Any) -> None:
    """Läs in områden ur GeoJSON, Shapefile (även zip) eller GeoPackage."""
    with installation() as database:
        from core import clock
        from core.places import areafiles, services

        with database.transaction():
            features = areafiles.read_areas(file, within=services.bounds(), **how)
            first: date = day.date() if day else clock.today()
            done = services.import_areas(
                actor(), features, kind=kind or services.DISTRICT, valid_from=first, source=source or file.name
            )
    say(f"{done.added} områden inlästa, gäller från {first}.")
    for name in done.without_organisation:
        warn(f"{name}: ingen stadsdelsnämnd har det namnet.")


@imports.command("assets")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, help="Slag av anläggning, till exempel belysning.")
@click.option("--source", required=True, help="Varifrån filen kommer.")
@click.option("--owner", default="", help="Koden för den som har anläggningarna, till exempel trafik.")
@click.option("--srid", type=int, help="Koordinatsystem för en CSV som EPSG-kod (4326).")
@click.option("--number-field", "number_column", help="Kolumnen med anläggningens nummer.")
@click.option("--valid-from", "day", type=DAY, help="Första dagen för nya anläggningar (i dag).")
def import_assets(*, file: Path, kind: str, source: str, owner: str, day: datetime | None, **how: Any) -> None:
    """Läs in anläggningar ur CSV eller GeoJSON. Samma fil igen ändrar inget."""
    with installation() as database:
        from core.places import assetfiles, services
        from core.places.models import ASSET_KINDS

        if kind not in ASSET_KINDS:
            raise click.BadParameter(f"välj bland {', '.join(ASSET_KINDS)}.", param_hint="--kind")
        with database.transaction():
            rows = assetfiles.read_assets(file, within=services.bounds(), **how)
            first = day.date() if day else None
            done = services.import_assets(actor(), rows, kind=kind, source=source, owner=owner, valid_from=first)
    say(f"{done.added} nya, {done.changed} ändrade, {done.same} som förut.")


@imports.command("organisations")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_organisations(*, file: Path) -> None:
    """Lägg upp organisationer ur en CSV-fil. De som redan finns står kvar som de är."""
    import csv

    with installation() as database:
        from core.people import services

        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        if missing := {"code", "name", "kind"} - set(rows[0] if rows else ()):
            raise click.ClickException(f"Filen saknar kolumnen {min(missing)}. Se core/seeds/README.md.")
        with database.transaction():
            added = services.import_organisations(actor(), rows)
    say(f"{added} organisationer är upplagda.")


@imports.command("city")
def import_city() -> None:
    """Läs in stadens organisationer, ansvarsregler och kalender i en ny databas. En gång till gör ingen skada."""
    with installation() as database:
        from core import demo
        from core.places import services

        with database.transaction():
            demo.seed()
            services.load_rules(actor())
    say(f"Organisationer, ansvarsregler och kalender för {database.settings.city} är inlästa.")


@click.group()
def areas() -> None:
    """Stadens områden."""


@areas.command("at")
@click.argument("latitude", type=float)
@click.argument("longitude", type=float)
def areas_at(*, latitude: float, longitude: float) -> None:
    """Visa områdena vid en punkt i WGS 84, till exempel 59.33 18.06."""
    with installation() as database, database.transaction(write=False):
        from core.places import services

        found = services.areas_at(actor(), longitude=longitude, latitude=latitude)
        for area in found:
            say(f"{area.kind}: {area.name}")
    if not found:
        raise click.ClickException("Punkten ligger utanför alla områden.")
