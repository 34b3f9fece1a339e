"""What every command needs: the installation opened, refusals as sentences, and who is at the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from core.access import Actor
    from core.db import Database
    from core.settings import Settings

DAY = click.DateTime(["%Y-%m-%d"])
"""Type of an option that is a day."""


def read_settings() -> Settings:
    """Return the settings of the environment; a wrong one as a sentence."""
    from core.settings import SettingRefused, Settings

    try:
        return Settings.from_environ()
    except SettingRefused as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def installation(*, new: bool = False) -> Iterator[Database]:
    """Open the installation: its plugins started, its database, and every known refusal as a sentence.

    Only a command that may begin a `new` one makes an embedded database: in the wrong folder there is none.
    What this process and its children write from now on is for the program's own user alone: people, photos, keys.
    """
    import os

    from sqlalchemy.exc import DBAPIError

    from core.app import house

    settings = read_settings()
    if not new:
        _refuse_nothing(settings)
    os.umask(0o077)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = house(settings)
    try:
        yield database
    except _refusals() as error:
        raise click.ClickException(_sentence(error)) from error
    except DBAPIError as error:
        raise click.ClickException(f"Databasen kunde inte göra det: {error.orig}") from error
    finally:
        database.dispose()


def _refuse_nothing(settings: Settings) -> None:
    from sqlalchemy import make_url

    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise click.ClickException(
            f"Här finns ingen installation: {url.database} saknas. Ange rätt TRYGGPLATS_DATA_DIR, "
            "eller börja en ny med tryggplats db upgrade."
        )


def _refusals() -> tuple[type[Exception], ...]:
    from core import access, backup, geo, heads, schema, upgrade
    from core.places import areafiles, assetfiles

    return (
        access.Denied,
        access.Missing,
        areafiles.AreaFileRefused,
        assetfiles.AssetFileRefused,
        backup.BackupRefused,
        backup.Damaged,
        backup.KeyRefused,
        geo.GeometryRefused,
        heads.HeadsUnreadable,
        schema.Invalid,
        upgrade.UpgradeFault,
    )


def _sentence(error: Exception) -> str:
    from core import access, backup, schema

    if isinstance(error, schema.Invalid):
        return " ".join(text for texts in error.flat().values() for text in texts)
    if isinstance(error, access.Missing):
        return f"Det finns inte: {error}."
    if isinstance(error, access.Denied):
        return f"Rättigheten {error.permission} saknas."
    if isinstance(error, backup.Damaged):
        return damaged(error)
    return str(error)


def damaged(error: Exception) -> str:
    """Say what is wrong with a backup, and what to do."""
    return f"Säkerhetskopian går inte att använda: {error}. Inget är ändrat. Ta en annan kopia, eller hämta filen igen."


def actor() -> Actor:
    """Return who runs the command: the operating system's user, by the process and not by the environment."""
    import os
    import pwd

    from core.access import system

    return system(f"cli:{pwd.getpwuid(os.getuid()).pw_name}")


def say(text: object = "") -> None:
    """Answer the operator."""
    click.echo(text)


def warn(text: object) -> None:
    """Tell the operator what is wrong."""
    click.echo(text, err=True)
