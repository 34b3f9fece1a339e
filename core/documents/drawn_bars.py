"""Bars on paper: each the sum of its parts, drawn as SVG with every value printed, so that it needs no colour."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

WIDE = 1740.0
"""Tenths of a millimetre: what lies between the margins of a page."""
BAR, ROW, HEAD, ROOM = 44.0, 104.0, 70.0, 150.0
"""Height of a bar, from bar to bar, of the line of names, and what is kept at right for the sum."""
INK = "#1c1f23"
FILLS = ("#2b4a66", "#9db3c7", "#ffffff")
"""Dark, light and empty with an edge: told apart in grey too. Three parts at most."""
LONGEST = 90


def bars(series: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Return the bars of `rows` as SVG, empty when there is nothing to show; `series` names their parts."""
    most = max((sum(parts) for _, parts in rows), default=0)
    if not most:
        return ""
    lines, x = [], 0.0
    for fill, name in zip(FILLS, series, strict=False):
        lines += [_box(x, 8, 40, 30, fill), _text(x + 54, 34, name)]
        x += 54 + 19 * len(name) + 60
    scale = (WIDE - ROOM) / most
    for place, (label, parts) in enumerate(rows):
        top, x = HEAD + place * ROW, 0.0
        lines.append(_text(0, top + 30, label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"))
        for fill, part in zip(FILLS, parts, strict=False):
            if part:
                lines.append(_box(x, top + 42, part * scale, BAR, fill))
            x += part * scale
        lines.append(_text(x + 14, top + 76, f"{sum(parts)}", bold=True))
    high = HEAD + ROW * len(rows)
    size = f'width="{WIDE / 10:g}mm" height="{high / 10:g}mm" viewBox="0 0 {WIDE:g} {high:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(lines)}</svg>'


def _box(x: float, y: float, wide: float, high: float, fill: str) -> str:
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    return f'<rect {shape} fill="{fill}" stroke="{INK}" stroke-width="3"/>'


def _text(x: float, y: float, words: str, *, bold: bool = False) -> str:
    look = f'font-family="Dokument" font-weight="{700 if bold else 400}" font-size="33" fill="{INK}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'
