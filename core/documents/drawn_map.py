"""A map on paper: shapes, a way and numbered stops over the installation's own map file, drawn here without a network.

Drawn in Web Mercator, as the tiles of a map file are. The result is an SVG, whose pictures of the ground are parts of
the document.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from core import geo

WIDE, HIGH = 880.0, 576.0
"""Tenths of a millimetre on paper."""
MARGIN, SMALLEST = 0.14, 240.0
"""Of the side, around what is drawn; and metres of ground that are shown at least."""
MERCATOR = 3857
LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Metres of a scale bar: the longest that fits in a fifth of the width."""
INK, GROUND, PARK, EDGE, WAY = "#1c1f23", "#f1f0ec", "#dcebd8", "#8d949b", "#00508f"

Box = tuple[float, float, float, float]
"""West, south, east, north in Web Mercator."""


@dataclass(frozen=True)
class Picture:
    """A tile of the ground: the name of its part of the document, and what it shows."""

    part: str
    box: Box


@dataclass(frozen=True)
class DrawnMap:
    """What a map shows; shapes are in SWEREF 99 TM, and `stops` are numbers with their points."""

    shapes: Sequence[BaseGeometry] = ()
    route: BaseGeometry | None = None
    stops: Sequence[tuple[int, Point]] = ()
    borders: Sequence[BaseGeometry] = ()

    @property
    def box(self) -> Box | None:
        """What of the ground is shown, in the shape of the paper; None when there is nothing to show."""
        shown = [*self.shapes, *([self.route] if self.route is not None else ()), *(point for _, point in self.stops)]
        if not shown:
            return None
        west, south, east, north = shapely.union_all([_flat(one) for one in shown]).bounds
        x, y = (west + east) / 2, (south + north) / 2
        wide = max(east - west, (north - south) * WIDE / HIGH, SMALLEST * _stretch(y)) * (1 + 2 * MARGIN) / 2
        return x - wide, y - wide * HIGH / WIDE, x + wide, y + wide * HIGH / WIDE

    def svg(self, ground: Iterable[Picture] = ()) -> str:
        """Return the map as SVG, empty when there is nothing to show."""
        box = self.box
        if box is None:
            return ""
        paper = _Paper(box)
        pictures = list(ground)
        lines = [f'<rect width="{WIDE:g}" height="{HIGH:g}" fill="{GROUND}"/>']
        lines += [paper.picture(one) for one in pictures]
        lines += [paper.shape(one, "none", EDGE, 'stroke-dasharray="14 6 3 6"') for one in self.borders]
        look = 'fill-opacity="0.35"' if pictures else ""
        lines += [paper.shape(one, PARK, EDGE, look) for one in self.shapes]
        if self.route is not None:
            lines.append(paper.line(self.route, "white", 11, ""))
            lines.append(paper.line(self.route, WAY, 6, 'stroke-dasharray="16 9"'))
        lines += [paper.stop(number, point) for number, point in self.stops]
        lines += [paper.north(), paper.scale()]
        size = f'width="{WIDE / 10:g}mm" height="{HIGH / 10:g}mm" viewBox="0 0 {WIDE:g} {HIGH:g}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(lines)}</svg>'


class _Paper:
    """The ground of a box on paper, a tenth of a millimetre a unit."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.scaled = WIDE / (box[2] - box[0])

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.box[0]) * self.scaled, (self.box[3] - y) * self.scaled

    def _path(self, shape: BaseGeometry) -> str:
        whole = shapely.get_parts(shape)
        parts = shapely.get_rings(whole) if shape.geom_type.endswith("Polygon") else whole
        lines = ("L".join("{:.1f} {:.1f}".format(*self.at(*pair)) for pair in part.coords) for part in parts)
        return "".join(f"M{line}" for line in lines)

    def shape(self, shape: BaseGeometry, fill: str, edge: str, look: str) -> str:
        d = self._path(_flat(shape))
        return f'<path d="{d}" fill="{fill}" {look} fill-rule="evenodd" stroke="{edge}" stroke-width="2.5"/>'

    def line(self, shape: BaseGeometry, colour: str, width: int, look: str) -> str:
        d = self._path(_flat(shape))
        ends = 'stroke-linejoin="round" stroke-linecap="round"'
        return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" {ends} {look}/>'

    def picture(self, one: Picture) -> str:
        (left, top), (right, bottom) = self.at(one.box[0], one.box[3]), self.at(one.box[2], one.box[1])
        size = f'x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" height="{bottom - top:.2f}"'
        return f'<image href="part:{escape(one.part)}" {size} preserveAspectRatio="none"/>'

    def stop(self, number: int, point: Point) -> str:
        flat = _flat(point)
        x, y = self.at(flat.x, flat.y)
        text = 'font-family="Dokument" font-weight="700" font-size="32" text-anchor="middle" fill="white"'
        mark = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="25" fill="{INK}" stroke="white" stroke-width="4"/>'
        return f'{mark}<text x="{x:.1f}" y="{y + 11:.1f}" {text}>{number}</text>'

    def north(self) -> str:
        text = f'font-family="Dokument" font-weight="700" font-size="28" text-anchor="middle" fill="{INK}"'
        arrow = f'<path d="M40 {HIGH - 96} l14 30 h-28 z M37 {HIGH - 70} h6 v42 h-6 z" fill="{INK}"/>'
        return f'{arrow}<text x="40" y="{HIGH - 104}" {text}>N</text>'

    def scale(self) -> str:
        """Metres on the ground: Mercator stretches them towards the poles."""
        unit = self.scaled * _stretch((self.box[1] + self.box[3]) / 2)
        metres = max((one for one in LENGTHS if one * unit < WIDE / 4), default=LENGTHS[0])
        right, y = WIDE - 30, HIGH - 34
        left = right - metres * unit
        middle, wide = (left + right) / 2, right - left
        size = f'x="{left - 12:.1f}" y="{y - 44}" width="{wide + 24:.1f}" height="62"'
        back = f'<rect {size} fill="white" opacity="0.8"/>'
        bar = f'<path d="M{left:.1f} {y - 8} v16 M{left:.1f} {y} H{right} M{right} {y - 8} v16" stroke="{INK}"'
        text = f'font-family="Dokument" font-size="26" text-anchor="middle" fill="{INK}"'
        told = f'<text x="{middle:.1f}" y="{y - 16}" {text}>{metres} m</text>'
        return f'{back}{bar} stroke-width="4" fill="none"/>{told}'


def _flat(shape: BaseGeometry) -> BaseGeometry:
    return geo.transform(shape, geo.SWEREF, MERCATOR)


def _stretch(y: float) -> float:
    """How many metres of Web Mercator one on the ground is, at a northing of Web Mercator."""
    return math.cosh(y / 6_378_137.0)
