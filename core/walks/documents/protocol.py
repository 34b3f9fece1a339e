"""The protocol of a walk, as a tagged PDF for the archive."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from core.access import Actor
from core.documents import Content, kind
from core.i18n import N_, Text
from core.walks import services
from core.walks.documents.gathering import READ, about_read, letterhead, level_of, lines_of, rows_of
from core.walks.documents.way import way_of
from core.walks.models import CATEGORIES, LIGHTS, THEMES
from core.walks.services.protocol import PARTS
from core.walks.states import part_of_walk

TITLE = N_("Protokoll")


@kind("walks:protocol", title=TITLE, needs=READ, about=about_read, template="documents/protocol.html")
def protocol(actor: Actor, uid: UUID) -> Content:
    """Gather what the protocol says, as the actor reads it."""
    walk = services.read_walk(actor, uid, READ)
    rows, way = rows_of(actor, walk), way_of(actor, walk)
    lines, pictures = lines_of(actor, rows)
    parts = Counter(part_of_walk(row.nature, row.state) for row in rows)
    came = services.participants_of(actor, walk)
    told: dict[str, Any] = {
        "walk": walk,
        "lines": lines,
        "way": way,
        "light": LIGHTS[services.light_of(walk)],
        "sun": services.sun_of(walk),
        "theme": THEMES[walk.theme],
        "came": came,
        "categories": CATEGORIES,
        "adjusted": [(row, PARTS[row.part]) for row in services.adjustments_of(actor, walk)],
        "awaited": services.awaited(walk),
        "done": parts["klara"],
        "under_way": parts["pagar"],
        "waiting": len(rows) - parts["klara"] - parts["pagar"],
        "good": sum(row.nature == "positivt" for row in rows),
        "dangers": sum(line.is_danger for line in lines),
        "latest": max((line.latest for line in lines if line.latest), default=None),
    }
    return Content(
        title=Text(N_("Protokoll: {title}"), title=walk.title),
        filename=f"protokoll {walk.number} {walk.title}",
        context=letterhead(walk) | told,
        pictures=pictures,
        drawings=way.drawings,
        files=way.ground.files,
        level=level_of(walk, rows),
    )
