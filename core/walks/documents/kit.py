"""The kit of a walk: one sheet to carry, for when the phone does not work, and for those who want paper.

The same that the phone asks for can be written on its back (features B16), in Swedish or English, in large type too.
"""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import segno

from core import db
from core.access import Actor
from core.documents import Content, kind
from core.i18n import N_, Text
from core.walks import services
from core.walks.documents.gathering import READ, PaperOptions, about_read, letterhead
from core.walks.documents.way import way_of
from core.walks.kinds import TILES, kinds
from core.walks.models import CATEGORIES, LIGHTS, SEVERITIES, Walk

TITLE = N_("Vandringskit")
MOST_LINES, FEWEST_LINES, ALL_LINES = 8, 2, 20
"""To write on at a stop, and on the front of the sheet: with five stops they have four each."""
ROWS, LARGE_ROWS = 17, 10
"""To write on, on the back: as many as leave room for how many took part."""


@kind("walks:kit", title=TITLE, needs=READ, about=about_read, template="documents/kit.html", options=PaperOptions)
def kit(actor: Actor, uid: UUID, *, language: str, large: bool) -> Content:
    """Gather what one carries on a walk."""
    walk = services.read_walk(actor, uid, READ)
    way, codes = way_of(actor, walk), _codes(walk)
    told: dict[str, Any] = {
        "walk": walk,
        "places": [one.place for one in services.places_of(actor, walk)],
        "way": way,
        "light": LIGHTS[services.light_of(walk)],
        "large": large,
        "lines": range(0 if large else _lines_for(len(walk.stops))),
        "rows": range(1, (LARGE_ROWS if large else ROWS) + 1),
        "kinds": [found.title for found in list(kinds(walk.theme).values())[:TILES]],
        "severities": SEVERITIES,
        "categories": CATEGORIES.values(),
    }
    return Content(
        title=Text(N_("Vandringskit: {title}"), title=walk.title),
        filename=f"vandringskit {walk.number} {language}{' stor text' if large else ''}",
        context=letterhead(walk) | told,
        drawings=codes | way.drawings,
        files=way.ground.files,
        level=walk.level,
        language=language,
    )


def _lines_for(stops: int) -> int:
    return max(FEWEST_LINES, min(MOST_LINES, ALL_LINES // max(stops, 1)))


def _codes(walk: Walk) -> dict[str, str]:
    """Return the codes that open the walk and each stop in the phone, by the name of their part."""
    address = f"{db.settings().base_url}/falt/vandring/{walk.uid}"
    found = {"code": _code(address)}
    return found | {f"code-{stop.seq}": _code(f"{address}/stopp/{stop.seq}") for stop in walk.stops}


def _code(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode()
