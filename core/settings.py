"""Settings: one frozen value read from the environment (`TRYGGPLATS_*`), each field saying what it does.

`docs/reference/settings.md` names every one of them; a test compares the two.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from core import base_maps

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHORTEST_SECRET = 32
NUMBERS = frozenset(
    {
        "backups_kept",
        "photo_bytes",
        "photos_per_record",
        "demo_observations",
        "imports_kept",
        "plugin_failures",
        "port",
        "proxies",
        "quota_bytes",
        "web_threads",
        "web_workers",
    }
)


class SettingRefused(Exception):
    """A setting cannot be used; the message names the variable and says what to write instead."""


def _setting(default: Any, doc: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"doc": doc}, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """What an installation decides for itself."""

    env: str = _setting(
        "production",
        "production, demo, development or test. Only demo and test show demo logins and may set the clock.",
    )
    database_url: str = _setting(
        "",
        "SQLAlchemy address: postgresql+psycopg://… or sqlite:///…. Empty: tryggplats.db under DATA_DIR.",
        secret=True,
    )
    data_dir: Path = _setting(Path("var"), "Folder for photos, part files, journal heads and the embedded database.")
    host: str = _setting("127.0.0.1", "Address that the server listens on.")
    port: int = _setting(8000, "Port that the server listens on.")
    base_url: str = _setting("", "How people reach the service, used in every link; empty: http://HOST:PORT.")
    secret_key: str = _setting(
        "",
        "32 characters or more, for form tokens, phones' codes, handed-over files. In DATA_DIR when empty.",
        secret=True,
    )
    city: str = _setting("stockholm", "Seed pack under core/seeds: organisations, areas, kinds and box of the city.")
    demo_observations: int = _setting(300, "Demo only: about how many observations the demo city is filled with.")
    now: datetime | None = _setting(None, "Demo and test only: the clock starts at this ISO time with zone.")
    plugins: tuple[str, ...] | None = _setting(
        None, "Names of the plugins that may run, separated by commas. Production must name them; empty means none."
    )
    plugin_failures: int = _setting(5, "Failures within ten minutes after which a plugin is parked.")
    web_workers: int = _setting(2, "Web processes of `tryggplats serve`.")
    web_threads: int = _setting(8, "Threads of each web process, and its database connections.")
    photo_bytes: int = _setting(30_000_000, "Largest photo that is received, in bytes.")
    quota_bytes: int = _setting(2_000_000_000, "Bytes of photos one person may send in 24 hours.")
    photos_per_record: int = _setting(50, "Photos that one observation may have.")
    store_url: str = _setting(
        "", "Where photos lie: s3://BUCKET?endpoint=https://…&region=… of an S3-compatible store; empty: DATA_DIR."
    )
    store_key: str = _setting("", "Key id for the S3-compatible store.", secret=True)
    store_secret: str = _setting("", "Secret key for the S3-compatible store.", secret=True)
    smtp_url: str = _setting(
        "",
        "smtp://host:port for letters; empty: letters wait in the outbox, and of a demo they stay there.",
        secret=True,
    )
    mail_from: str = _setting("tryggplats@localhost", "Sender of letters, a function mailbox.")
    journal_mailbox: str = _setting("", "Function mailbox that gets the journal's head every day; empty: file only.")
    base_maps: Path | None = _setting(
        None, "TOML file that lists the base maps of the map (docs/how-to/base-maps.md); empty: the city's areas alone."
    )
    backup_dir: Path | None = _setting(
        None, "Folder where a backup is made every night, on another disk than DATA_DIR; empty: none is made by itself."
    )
    backup_key: str = _setting(
        "", "Public key (age1…) that backups are encrypted to, or several with commas; empty: they are not encrypted."
    )
    backups_kept: int = _setting(14, "Backups that are kept in BACKUP_DIR; older ones made by itself are removed.")
    imports_kept: int = _setting(
        90, "Days after which a file that was read in, and what its rows said, are thinned; what they became stays."
    )
    area_fees: bool = _setting(
        False, "1 asks parties of a platssamverkan for their share of a fee; leave it until a lawyer has read the law."
    )
    proxies: int = _setting(0, "Number of trusted proxies in front, whose X-Forwarded-For is believed.")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read `TRYGGPLATS_<FIELD>` for each field; raise SettingRefused for a value that cannot be used."""
        known = {f"TRYGGPLATS_{f.name.upper()}": f for f in fields(cls)}
        if unknown := sorted(k for k in environ if k.startswith("TRYGGPLATS_") and k not in known):
            raise SettingRefused(f"Okänd inställning: {', '.join(unknown)}. Se docs/reference/settings.md.")
        values = {f.name: _parse(name, f.name, environ[name]) for name, f in known.items() if name in environ}
        return cls(**values).completed()

    def completed(self) -> Settings:
        """Return these settings with what follows from others filled in, checked."""
        if self.env not in ("production", "demo", "development", "test"):
            raise SettingRefused("TRYGGPLATS_ENV ska vara production, demo, development eller test.")
        data_dir = self.data_dir.resolve()
        settings = replace(
            self,
            data_dir=data_dir,
            base_maps=self.base_maps and self.base_maps.resolve(),
            backup_dir=self.backup_dir and self.backup_dir.resolve(),
            database_url=_absolute(self.database_url) or f"sqlite:///{data_dir / 'tryggplats.db'}",
            base_url=(self.base_url or f"http://{self.host}:{self.port}").rstrip("/"),
            secret_key=self.secret_key or _kept_secret(data_dir),
        )
        _check(settings)
        return settings

    @property
    def demo(self) -> bool:
        """Whether demo users may exist and their logins be shown."""
        return self.env in ("demo", "test")

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies are marked Secure."""
        return self.base_url.startswith("https://")

    @property
    def hostname(self) -> str:
        """The host name that requests must carry."""
        return urlsplit(self.base_url).hostname or self.host


def _absolute(address: str) -> str:
    """Return a relative SQLite address as an absolute one: the server changes its folder."""
    path = address.removeprefix("sqlite:///")
    return f"sqlite:///{Path(path).resolve()}" if path != address and path and not path.startswith(":") else address


def _check(settings: Settings) -> None:
    if len(settings.secret_key) < SHORTEST_SECRET:
        raise SettingRefused("TRYGGPLATS_SECRET_KEY ska ha minst 32 tecken. Gör en ny med slumpade tecken.")
    if settings.now and settings.env not in ("demo", "test"):
        raise SettingRefused("TRYGGPLATS_NOW får bara användas med TRYGGPLATS_ENV=demo eller test.")
    _check_store(settings)
    _check_backup(settings)
    if settings.imports_kept < 1:
        raise SettingRefused("TRYGGPLATS_IMPORTS_KEPT ska vara minst 1.")
    if settings.env == "production" and settings.plugins is None:
        raise SettingRefused("TRYGGPLATS_PLUGINS ska namnge de tillägg som får köras, till exempel klotter.")
    if settings.demo and not {settings.host, urlsplit(settings.base_url).hostname} <= set(LOOPBACK):
        raise SettingRefused(
            "Demons inloggningar har känt lösenord. Med TRYGGPLATS_ENV=demo ska HOST och BASE_URL vara 127.0.0.1."
        )
    try:
        base_maps.read(settings.base_maps, settings.data_dir)
    except base_maps.BaseMapsRefused as refused:
        raise SettingRefused(f"TRYGGPLATS_BASE_MAPS: {refused}") from refused


def _check_store(settings: Settings) -> None:
    """Refuse a store that cannot be one, at the start and not at the first photo."""
    parts = urlsplit(settings.store_url)
    if settings.store_url and (parts.scheme != "s3" or not parts.netloc):
        raise SettingRefused("TRYGGPLATS_STORE_URL ska vara s3://hink?endpoint=https://… eller tom.")
    if settings.store_url and not (settings.store_key and settings.store_secret):
        raise SettingRefused("TRYGGPLATS_STORE_URL behöver TRYGGPLATS_STORE_KEY och TRYGGPLATS_STORE_SECRET.")


def _check_backup(settings: Settings) -> None:
    """Refuse what would make backups that nobody can read, or none at all."""
    keys = [part.strip() for part in settings.backup_key.split(",") if part.strip()]
    if not all(key.startswith("age1") for key in keys):
        raise SettingRefused(
            "TRYGGPLATS_BACKUP_KEY ska vara den publika nyckeln, som börjar med age1. Den hemliga hör inte hemma här."
        )
    if settings.backups_kept < 1:
        raise SettingRefused("TRYGGPLATS_BACKUPS_KEPT ska vara minst 1.")


def _parse(variable: str, name: str, text: str) -> Any:
    try:
        if name in NUMBERS:
            return int(text)
        if name == "area_fees":
            return {"": False, "0": False, "false": False, "1": True, "true": True}[text.lower()]
        if name in ("data_dir", "base_maps", "backup_dir"):
            return Path(text) if text or name == "data_dir" else None
        if name == "plugins":
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if name == "now":
            return _moment(text)
    except (KeyError, ValueError) as error:
        raise SettingRefused(f"{variable} går inte att läsa: {text!r}.") from error
    return text


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _kept_secret(data_dir: Path) -> str:
    """Return the installation's own key, made once and readable by its owner alone."""
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=data_dir) as file:  # readable by its owner alone
            file.write(os.urandom(32).hex())
            file.flush()
            with suppress(FileExistsError):  # another process of this start was first
                os.link(file.name, path)
    if path.stat().st_mode & 0o077:
        raise SettingRefused(f"{path.name} i DATA_DIR kan läsas av andra. Kör chmod 600 på filen.")
    return path.read_text().strip()
