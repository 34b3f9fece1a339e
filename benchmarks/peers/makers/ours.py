"""Our pictures. `child`: as the worker makes them, in a process with limits; `decoder`: what that process does."""

import sys
from pathlib import Path

from benchmarks.peers.makers.spent import serve
from core.media import decoder, pictures
from core.media.outline import MOST_PIXELS, MOST_SIDE

JPEG = "image/jpeg"


def in_child(photo: str, folder: str) -> None:
    pictures.make(Path(photo), JPEG, Path(folder))


def here(photo: str, folder: str) -> None:
    job = {"source": photo, "media_type": JPEG, "out_dir": folder, "boxes": []}
    decoder.make(job | {"pixels": MOST_PIXELS, "side": MOST_SIDE})


if __name__ == "__main__":
    serve({"child": in_child, "decoder": here}[sys.argv[1]])
