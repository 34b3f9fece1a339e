"""pyvips: the large picture by vips' own thumbnail of the file, the small one from it."""

import sys

import pyvips
from spent import serve

side = int(sys.argv[1])


def make(photo: str, folder: str) -> None:
    large = pyvips.Image.thumbnail(photo, side, height=side, size="down").copy_memory()
    large.jpegsave(f"{folder}/large.jpg", Q=82, keep="none")
    large.thumbnail_image(400, height=400, size="down").jpegsave(f"{folder}/small.jpg", Q=82, keep="none")


serve(make)
