"""What places say through the contract: their job by the clock."""

from __future__ import annotations

from collections.abc import Iterable

from core import access
from core.hookspecs import Job, hookimpl
from core.i18n import N_
from core.places.services import find_districts

EVERY = 3600
"""Seconds: areas begin and end at midnight, and nobody shall wait a day for it."""


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Areas that were imported ahead come into force on their day."""
    return [Job("places:districts", N_("Låt områden börja och sluta gälla på sin dag"), EVERY, _take_effect)]


def _take_effect() -> None:
    find_districts(access.system("places:districts"))
