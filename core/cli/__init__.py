"""`tryggplats`: the commands of operators and developers. Everything heavy is imported where it is used."""

from __future__ import annotations

import click

from core.cli import backup, data, media, running, tasks, trust


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tryggplats")
def main() -> None:
    """Tryggplats: stadens arbetsredskap för trygga platser."""


for command in (
    running.serve, running.worker, running.demo, running.print_settings, running.openapi,
    data.db, data.imports, data.areas, media.media, tasks.outbox,
    backup.backup, backup.restore, backup.release,
    trust.person, trust.role, trust.token, trust.plugins, trust.audit,
):  # fmt: skip
    main.add_command(command)
