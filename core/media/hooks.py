"""What photos say through the contract: which pictures wait for somebody's eyes."""

from __future__ import annotations

from collections.abc import Iterable

from core.access import Actor
from core.hookspecs import Todo, hookimpl
from core.i18n import N_, Text
from core.media import review


@hookimpl
def tryggplats_todo(actor: Actor) -> Iterable[Todo]:
    """Pictures to mask, and other people's masks to release: each as one line, however many."""
    if not actor.may(review.PROPOSE):
        return
    to_mask, to_release = review.counts(actor)
    if to_release and actor.may(review.RELEASE):
        text = Text(N_("Bilder att släppa: {count}"), count=to_release)
        link, detail = "/bilder/att-granska?visa=slappa", N_("Någon annan har maskat dem.")
        yield Todo(
            "media:release", text, link, detail=detail, tone="wait", shape="waiting", state=N_("Väntar"), level=1
        )
    if to_mask:
        text = Text(N_("Bilder att maska: {count}"), count=to_mask)
        detail = N_("Utanför staden syns de inte än.")
        yield Todo("media:mask", text, "/bilder/att-granska", detail=detail, state=N_("Nya"), level=1)
