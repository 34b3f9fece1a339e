"""Commands about who and what is trusted: people, their roles and keys to the API, plugins, the journal."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.installation import DAY, actor, installation, read_settings, say, warn

if TYPE_CHECKING:
    from core.people.models import Person

FAULTS_SHOWN = 50

ROLE = click.option("--role", required=True, help="Rollens kod, till exempel sysadmin eller sdn_samordnare.")
ORGANISATION = click.option(
    "--organisation", required=True, help="Organisationens kod, till exempel slk eller sdn-farsta."
)
UNTIL = click.option("--until", type=DAY, help="Sista dagen som rollen gäller.")
AREAS = click.option(
    "--area", "areas", multiple=True, help="Rollen gäller bara här, till exempel stadsdel:rinkeby; upprepa för flera."
)
CATEGORIES = click.option(
    "--category",
    "categories",
    multiple=True,
    help="Rollen gäller bara slaget, till exempel klotter:klotter; upprepa.",
)


@click.group()
def token() -> None:
    """Nycklar till API:t."""


@token.command("create")
@click.argument("email")
@click.option("--scope", "scopes", multiple=True, required=True, help="Rättighet; upprepa för flera.")
@click.option("--name", required=True, help="Vad nyckeln används till.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="Giltighetstid i dagar.")
def token_create(*, email: str, scopes: tuple[str, ...], name: str, days: int) -> None:
    """Gör en nyckel åt personen med adressen EMAIL. Den visas en enda gång."""
    with installation() as database:
        from core.people import services

        with database.transaction():
            made = services.create_token(actor(), email=email, name=name, scopes=scopes, days=days)
    say(made)


@token.command("list")
@click.argument("email")
def token_list(*, email: str) -> None:
    """Visa nycklarna som personen med adressen EMAIL har."""
    with installation() as database, database.transaction(write=False):
        from core import clock
        from core.people import services

        found = services.tokens_of(actor(), services.read_account(actor(), email))
        for key in found:
            say(f"{key.name:<30} till {clock.local(key.ends_at):%Y-%m-%d}  {', '.join(key.scopes)}")
    if not found:
        say("Inga nycklar gäller.")


@token.command("end")
@click.argument("email")
@click.option("--name", required=True, help="Vad nyckeln används till, som när den gjordes.")
def token_end(*, email: str, name: str) -> None:
    """Avsluta nyckeln NAME som personen med adressen EMAIL har."""
    with installation() as database:
        from core.people import services

        with database.transaction():
            services.end_token(actor(), email=email, name=name)
    say(f"Nyckeln {name} gäller inte längre.")


@click.group()
def person() -> None:
    """Personer som får logga in."""


@person.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Namn eller funktion.")
@ROLE
@ORGANISATION
@UNTIL
@AREAS
@CATEGORIES
@click.password_option(
    prompt="Lösenord, minst 12 tecken", confirmation_prompt="Samma en gång till", help="Frågas efter om det utelämnas."
)
def person_add(*, email: str, name: str, password: str, **role: Any) -> None:
    """Lägg upp EMAIL med en roll, så att någon kan logga in första gången."""
    with installation() as database:
        from core.people import services

        with database.transaction():
            _grant(services.add_person(actor(), email=email, name=name, password=password), **role)
    say(f"{email} kan logga in.")


@person.command("list")
@click.option("--text", default="", help="Del av namnet eller adressen.")
@click.option("--role", default="", help="Bara de som har rollen i dag.")
@click.option("--closed", is_flag=True, help="Konton som är stängda.")
def person_list(*, text: str, role: str, closed: bool) -> None:
    """Visa personer och deras roller i dag."""
    with installation() as database, database.transaction(write=False):
        from core.people import services

        after = None
        while True:
            found = services.list_persons(actor(), text=text, role=role, closed=closed, after=after)
            for one in found.rows:
                held = ", ".join(f"{grant.role} i {grant.organisation.code}" for grant in found.roles[one.id])
                say(f"{one.email:<44} {one.name:<34} {held}".rstrip())
            after = found.after
            if after is None:
                break


@person.command("end")
@click.argument("email")
def person_end(*, email: str) -> None:
    """Stäng kontot EMAIL: inloggningar och nycklar slutar gälla genast."""
    with installation() as database:
        from core.people import services

        with database.transaction():
            services.end_person(actor(), email=email)
    say(f"{email} kan inte längre logga in.")


@click.group()
def role() -> None:
    """Roller som personer har."""


@role.command("add")
@click.argument("email")
@ROLE
@ORGANISATION
@UNTIL
@AREAS
@CATEGORIES
def role_add(*, email: str, **role: Any) -> None:
    """Ge EMAIL en roll från och med i dag."""
    with installation() as database:
        from core.people import services

        with database.transaction():
            _grant(services.account(email), **role)
    say(f"{email} har rollen {role['role']}.")


@role.command("list")
@click.argument("email")
def role_list(*, email: str) -> None:
    """Visa rollerna som EMAIL har, ska få och har haft."""
    with installation() as database, database.transaction(write=False):
        from core.people import services

        for grant in services.roles_of(actor(), services.read_account(actor(), email)):
            limits = ", ".join([*grant.areas, *grant.categories])
            until = grant.valid_to or "tills vidare"
            say(f"{grant.role:<20} {grant.organisation.code:<28} {grant.valid_from} – {until}  {limits}".rstrip())


@role.command("end")
@click.argument("email")
@ROLE
@ORGANISATION
@click.option("--on", "last", type=DAY, help="Sista dagen som rollen gäller (i dag).")
def role_end(*, email: str, role: str, organisation: str, last: datetime | None) -> None:
    """Avsluta en roll som EMAIL har."""
    with installation() as database:
        from core import clock
        from core.people import services

        day = last.date() if last else clock.today()
        with database.transaction():
            services.end_role(actor(), email=email, role=role, organisation=organisation, on=day)
    say(f"Rollen {role} gäller till och med {day}.")


def _grant(
    holder: Person,
    *,
    role: str,
    organisation: str,
    until: datetime | None,
    areas: tuple[str, ...],
    categories: tuple[str, ...],
) -> None:
    from core.people import services

    home, last = services.organisation(organisation), until.date() if until else None
    services.grant_role(
        actor(), holder, role=role, organisation=home, valid_to=last, areas=areas, categories=categories
    )


@click.group()
def plugins() -> None:
    """Tillägg."""


@plugins.command("list")
def plugins_list() -> None:
    """Visa tilläggen och deras läge."""
    with installation() as database, database.transaction(write=False):
        from core import plugins as found

        for name, plugin in sorted(found.house().plugins.items()):
            say(f"{name:<20} {found.state(name):<8} {found.title(name)} {plugin.refusal}".rstrip())


@plugins.command("check")
def plugins_check() -> None:
    """Kontrollera att varje tillägg som får köras går att köra; felkod 1 annars."""
    with installation() as database:
        from core.upgrade import refuse_behind

        refuse_behind(database)
        faulty = warn_of_refused()
    if faulty:
        sys.exit(1)
    say("Alla tillägg går att köra.")


def warn_of_refused() -> int:
    from core import plugins as found

    house = found.house()
    refused = [f"{name}: {plugin.refusal}" for name, plugin in sorted(house.plugins.items()) if plugin.refusal]
    refused += [f"{name}: är inte installerat" for name in read_settings().plugins or () if name not in house.plugins]
    for sentence in refused:
        warn(f"Tillägget {sentence}")
    return len(refused)


@plugins.command("export")
@click.argument("name")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Ny mapp, som bara du kan läsa.")
def plugins_export(*, name: str, folder: Path) -> None:
    """Skriv tabellerna som tillägget NAME har som CSV, en fil per tabell."""
    if folder.exists():
        raise click.ClickException(f"{folder} finns redan. Välj en ny mapp.")
    with installation() as database:
        from core.operation import services

        with database.transaction():
            written = services.export_plugin(actor(), name, folder)
    for table, count in written:
        say(f"{table}.csv: {count} rader")


def _decide(name: str, state: str, reason: str) -> None:
    with installation() as database:
        from core import plugins as found

        if state != "waived" and name not in found.house().plugins:
            raise click.ClickException(f"Tillägget {name} är inte installerat. Se tryggplats plugins list.")
        with database.transaction():
            found.set_state(actor(), name, state, reason)
    say(f"{name}: {state}. Gäller inom fem sekunder.")


REASON = click.option("--reason", required=True, help="Varför; skrivs i journalen.")


@plugins.command("on")
@click.argument("name")
@REASON
def plugins_on(*, name: str, reason: str) -> None:
    """Slå på tillägget NAME, eller släpp det om det är parkerat."""
    _decide(name, "on", reason)


@plugins.command("off")
@click.argument("name")
@REASON
def plugins_off(*, name: str, reason: str) -> None:
    """Stäng av tillägget NAME. Dess data ligger kvar."""
    _decide(name, "off", reason)


@plugins.command("waive")
@click.argument("name")
@REASON
def plugins_waive(*, name: str, reason: str) -> None:
    """Stäng av NAME och tillåt steg på det som hänger på tillägget."""
    _decide(name, "waived", reason)


@click.group()
def audit() -> None:
    """Journalen."""


@audit.command("verify")
@click.option("--heads", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Sparade huvuden.")
def audit_verify(*, file: Path | None) -> None:
    """Gå igenom hela journalen; felkod 1 om något är ändrat eller borta."""
    from itertools import islice

    with installation() as database, database.transaction(write=False):
        from core import heads, journal

        kept = file or (heads.path() if heads.path().exists() else None)
        faults = list(islice(journal.verify(heads.read(kept) if kept else None), FAULTS_SHOWN))
        end = journal.head()
    for fault in faults:
        warn(f"Rad {fault.seq}: {fault.reason}.")
    if faults:
        sys.exit(1)
    say(f"Journalen är hel: {end.seq} rader, huvud {end.digest}.")


@audit.command("head")
def audit_head() -> None:
    """Visa journalens huvud: radnummer och kontrollsumma."""
    with installation() as database, database.transaction(write=False):
        from core import journal

        end = journal.head()
    say(f"{end.seq} {end.digest}")
