"""Programs that make the two pictures of a photo, each in a process of its own that stays and tells its CPU time.

They read one JSON array per line, `[photo, folder for the pictures]`, and answer with the milliseconds of CPU that it
took, of all threads and children. So nobody pays for its start but who starts anew for every photo.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.peers import MODULES, NODE, PYTHON
from benchmarks.servers import NotUp, end_with_parent

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[2]


class Maker:
    """A program that waits for photos."""

    def __init__(self, stack: ExitStack, command: Sequence[str | Path], folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        self._child = subprocess.Popen(
            [str(part) for part in command],
            cwd=CHECKOUT,
            env=os.environ | {"NODE_PATH": str(MODULES), "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - nothing is started while threads run
        )
        stack.callback(self._end)

    def milliseconds(self, photo: Path) -> float:
        """Make the pictures of `photo` and return the CPU time they took."""
        assert self._child.stdin and self._child.stdout  # noqa: PT018 - both are pipes
        self._child.stdin.write(json.dumps([str(photo), str(self._folder)]) + "\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline()
        if not answer:
            raise NotUp(f"{self._child.args!r} ended")
        return float(answer)

    def _end(self) -> None:
        self._child.kill()
        self._child.communicate()


def ours(stack: ExitStack, folder: Path, *, child: bool) -> Maker:
    """Return our own pictures: as the worker makes them, or what its child process does, without that process."""
    return Maker(stack, [sys.executable, HERE / "ours.py", "child" if child else "decoder"], folder)


def sharp(stack: ExitStack, folder: Path, side: int) -> Maker:
    """Return sharp, which Directus makes its pictures with: the large one at most `side` pixels, the small from it."""
    return Maker(stack, [NODE, HERE / "sharp_chain.cjs", str(side)], folder)


def vips(stack: ExitStack, folder: Path, side: int) -> Maker:
    """Return pyvips, in the same way."""
    return Maker(stack, [PYTHON, HERE / "vips_chain.py", str(side)], folder)


def floor(stack: ExitStack, folder: Path) -> Maker:
    """Return what libjpeg must do at least: decode to a scale that it can, encode once."""
    return Maker(stack, [PYTHON, HERE / "jpeg_floor.py"], folder)
