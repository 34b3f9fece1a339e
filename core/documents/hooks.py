"""What documents say through the contract: the job that lets go of those whose day has come."""

from __future__ import annotations

from collections.abc import Iterable

from core.documents.making import sweep_work
from core.documents.services import sweep
from core.hookspecs import Job, hookimpl
from core.i18n import N_

HOUR = 3600


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Let go of old documents."""
    return [Job("documents:sweep", N_("Ta bort dokument vars tid är ute"), HOUR, _sweep)]


def _sweep() -> None:
    sweep()
    sweep_work()
