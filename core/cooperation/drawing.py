"""Where the causes of a problem stand in the triangle and in the fishbone: two drawings of the same data (X8).

Points are in the drawing's own units, 900 wide. The tree in words says the same and more; the drawings are beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from core.cooperation.models import SIDES

WIDTH = 900
CORNERS = ((450, 40), (250, 340), (650, 340))
"""The triangle: its top, its left and its right corner."""
EDGES = {"garningsperson": (0, 1), "objekt_offer": (0, 2), "plats_kontroll": (1, 2)}
"""Between which corners each side runs."""
ANCHORS = {"garningsperson": "end", "objekt_offer": "start", "plats_kontroll": "middle"}
NAMED_AT = {"garningsperson": (380, 210, -56), "objekt_offer": (520, 210, 56), "plats_kontroll": (450, 316, 0)}
"""The middle of each side's name, along its side within the triangle, and how many degrees it is turned."""
INK = "#1c1f23"
LONGEST, SHORTEST, BY_BONE = 42, 36, 30
"""Characters of a cause beside its ring on a page, on paper, where they are larger, and between two bones."""
LETTER, LETTER_ON_PAPER = 7.0, 8.5
"""How wide a letter of a cause is, about, on a page and on paper."""
BONES = {"plats_kontroll": (380, 1), "garningsperson": (700, 1), "objekt_offer": (540, -1)}
"""Where each bone meets the spine, and whether it lies above (1) or below (-1)."""
BESIDE = 255
"""From a bone to the rings on it: as long as the words between them."""


@dataclass(frozen=True)
class Spot:
    """A cause in a drawing: its ring, and where its words begin."""

    number: int
    text: str
    state: str
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str


def short(text: str, longest: int = LONGEST) -> str:
    """Return a text that fits beside its ring."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def triangle(causes: Iterable[Any]) -> list[Spot]:
    """Return the causes spread evenly along their sides of the triangle."""
    rows, spots = list(causes), []
    for side in SIDES:
        (x0, y0), (x1, y1) = (CORNERS[corner] for corner in EDGES[side])
        mine = [row for row in rows if row.side == side]
        for place, row in enumerate(mine, 1):
            part = place / (len(mine) + 1)
            x, y = x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
            below = side == "plats_kontroll"
            step = {"end": -24, "start": 24, "middle": 0}[ANCHORS[side]]
            words = (x + step, y + (34 + 38 * ((place - 1) % 3) if below else 4))
            spots.append(Spot(row.number, short(row.text), row.state, x, y, *words, ANCHORS[side]))
    return spots


def half_width(spots: Iterable[Spot], letter: float = LETTER) -> int:
    """Return how far from its middle a triangle reaches, so that no words are cut off; `letter` is how wide one is."""
    middle, before = WIDTH / 2, {"end": 1.0, "middle": 0.5, "start": 0.0}
    reach = WIDTH / 2
    for spot in spots:
        wide, part = letter * len(spot.text), before[spot.anchor]
        reach = max(reach, middle - (spot.text_x - part * wide), spot.text_x + (1 - part) * wide - middle)
    return int(reach) + 1 if reach > WIDTH / 2 else WIDTH // 2


def fishbone(causes: Iterable[Any]) -> tuple[list[Spot], dict[str, Sequence[float]], int]:
    """Return the causes on the bone of their side, the bones as lines, and the height of the spine."""
    rows = list(causes)
    most = max((sum(row.side == side for row in rows) for side in SIDES), default=0)
    reach = 60 + 44 * max(most, 1)
    spine, spots = reach + 30, []
    bones: dict[str, Sequence[float]] = {}
    for side, (foot, way) in BONES.items():
        top = spine - way * reach
        bones[side] = (foot - reach / 2, top, foot, spine)
        mine = [row for row in rows if row.side == side]
        for place, row in enumerate(mine, 1):
            y = spine - way * (reach - 44 * place)
            x = foot - (spine - y) * way / 2 - BESIDE
            spots.append(Spot(row.number, short(row.text, BY_BONE), row.state, x, y, x + 20, y - 6, "start"))
    return spots, bones, spine


def leftmost(spots: Iterable[Spot]) -> int:
    """Return where a fishbone begins, so that no ring is cut off."""
    return min([-40, *(int(spot.x) - 30 for spot in spots)])


def triangle_on_paper(spots: Iterable[Spot], states: Mapping[str, str], sides: Mapping[str, str]) -> str:
    """Return the triangle as SVG of its own, in the typeface of documents; its words stand beside it."""
    look = f'font-family="Dokument" fill="{INK}"'
    spots = list(spots)
    corners = " ".join(f"{x},{y}" for x, y in CORNERS)
    lines = [f'<polygon points="{corners}" fill="none" stroke="{INK}" stroke-width="2"/>']
    for side, (x, y, turned) in NAMED_AT.items():
        bold = f'text-anchor="middle" transform="rotate({turned} {x} {y})" font-weight="700" font-size="17"'
        lines.append(f'<text x="{x}" y="{y}" {bold} {look}>{escape(sides[side])}</text>')
    for spot in spots:
        width = 4 if spot.state == "trolig" else 1.5
        dashes = ' stroke-dasharray="3 3"' if spot.state == "forkastad" else ""
        ring = f'<circle cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="14" fill="white" stroke="{INK}" stroke-width="{width}"'
        lines.append(f"{ring}{dashes}/>")
        number = f'<text x="{spot.x:.1f}" y="{spot.y + 5:.1f}" text-anchor="middle" font-size="15" {look}>'
        lines.append(f"{number}{spot.number}</text>")
        for step, high, words in ((0, 17, short(spot.text, SHORTEST)), (17, 14, states[spot.state])):
            place = f'x="{spot.text_x:.1f}" y="{spot.text_y + step:.1f}" text-anchor="{spot.anchor}" font-size="{high}"'
            lines.append(f"<text {place} {look}>{escape(words)}</text>")
    half = half_width(spots, LETTER_ON_PAPER)
    size = f'width="135mm" height="72mm" viewBox="{WIDTH // 2 - half} 0 {2 * half} 480"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(lines)}</svg>'
