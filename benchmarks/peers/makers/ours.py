"""Our pictures. `child`: as the worker makes them, in a process with limits; `decoder`: what that process does."""

import os
import sys
from pathlib import Path

from benchmarks.peers.makers.spent import serve
from benchmarks.servers import cpu_seconds, family
from core.media import decoder, pictures
from core.media.outline import MOST_PIXELS, MOST_SIDE

JPEG = "image/jpeg"


def in_child(photo: str, folder: str) -> None:
    pictures.make(Path(photo), JPEG, Path(folder))


def here(photo: str, folder: str) -> None:
    job = {"source": photo, "media_type": JPEG, "out_dir": folder, "boxes": []}
    decoder.make(job | {"pixels": MOST_PIXELS, "side": MOST_SIDE})


def of_all() -> float:
    """The decoder stays, so what its children used is found with it; counted in hundredths of a second."""
    return sum(map(cpu_seconds, family(os.getpid()))) * 1000


if __name__ == "__main__":
    serve(*{"child": (in_child, of_all), "decoder": (here, None)}[sys.argv[1]])
