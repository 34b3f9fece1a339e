"""Row 2: from a photo to its two pictures, in CPU time.

Ours is what the worker does: a child process with limits for each photo, so its start is counted too. The decoder
alone stands beside it, and the peers once more at the very size that ours becomes: both are told, not judged.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from benchmarks.peers import HOME, Unavailable, install_npm, install_python, makers
from benchmarks.runner import Asked, Goal, Race, Round, Row
from benchmarks.seeds import photos

PHOTOS = 8
SIDE = 2048
OURS_SIDE = 2016
"""What the decoder makes of 4032 pixels: the scale that libjpeg has, at or above 1600."""
OURS, DECODER, FLOOR = "Tryggplats", "Tryggplats, decoder alone", "libjpeg: decode to half, encode"
SHARP, VIPS = "sharp chain", "pyvips chain"
SAME_SHARP, SAME_VIPS = f"{SHARP} to {OURS_SIDE} px", f"{VIPS} to {OURS_SIDE} px"


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Start a process for each way of making pictures."""
    scenes, folder = scene_files(), Path(stack.enter_context(TemporaryDirectory(prefix="tryggplats-bench-")))
    made = {
        OURS: makers.ours(stack, folder / "ours", child=True),
        DECODER: makers.ours(stack, folder / "decoder", child=False),
    }
    absent: dict[str, str] = {}
    try:
        install_python(asked.say)
        made[FLOOR] = makers.floor(stack, folder / "floor")
        made[VIPS] = makers.vips(stack, folder / "vips", SIDE)
        made[SAME_VIPS] = makers.vips(stack, folder / "same-vips", OURS_SIDE)
    except Unavailable as reason:
        absent |= dict.fromkeys((FLOOR, VIPS, SAME_VIPS), str(reason))
    try:
        install_npm(asked.say)
        made[SHARP] = makers.sharp(stack, folder / "sharp", SIDE)
        made[SAME_SHARP] = makers.sharp(stack, folder / "same-sharp", OURS_SIDE)
    except Unavailable as reason:
        absent |= dict.fromkeys((SHARP, SAME_SHARP), str(reason))
    goals = (
        Goal(OURS, SHARP, most=0.5),
        Goal(OURS, VIPS, most=0.8),
        Goal(OURS, FLOOR, most=1.6),
        Goal(OURS, SAME_SHARP),
        Goal(OURS, SAME_VIPS),
        Goal(DECODER, SHARP),
        Goal(DECODER, VIPS),
        Goal(DECODER, FLOOR),
    )
    return Race("ms of CPU per photo", {name: making(maker, scenes) for name, maker in made.items()}, goals, absent)


def making(maker: makers.Maker, scenes: list[Path], many: int = PHOTOS) -> Round:
    """Return a round of making the pictures of some photos, by a process that has done one before."""
    ahead = cycle(scenes)
    maker.milliseconds(next(ahead))
    return lambda: fmean(maker.milliseconds(next(ahead)) for _ in range(many))


def scene_files() -> list[Path]:
    """Return the photos as files, made at the first call."""
    folder = HOME / "photos"
    photos.scenes(folder)
    return sorted(folder.glob("*.jpg"))


ROW = Row(2, "a photo of 12 megapixels to its two pictures, CPU time", prepare)
