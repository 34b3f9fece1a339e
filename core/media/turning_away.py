"""Photos that nobody may take, of a record that is kept whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from core.access import Actor
from core.media.intake import Listed, expect
from core.media.limits import PhotoRefused


def expect_those_allowed(actor: Actor, kind: str, record: UUID, photos: Iterable[Listed], *, level: int = 1) -> None:
    """Tie `photos` to their record as `expect` does; one that nobody may take is refused by itself, with why."""
    for listed in photos:
        try:
            expect(actor, kind, record, [listed], level=level)
        except PhotoRefused as refusal:
            act = refusal.journalled
            if act is None:
                raise
            act(actor)
