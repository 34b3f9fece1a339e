"""libjpeg-turbo alone: decode at the scale that lands at or above 1600 pixels, encode once, nothing else."""

from pathlib import Path

import simplejpeg
from spent import serve


def make(photo: str, _folder: str) -> None:
    pixels = simplejpeg.decode_jpeg(Path(photo).read_bytes(), min_width=1600, min_height=1200, min_factor=1)
    simplejpeg.encode_jpeg(pixels, quality=82, colorsubsampling="420")


serve(make)
