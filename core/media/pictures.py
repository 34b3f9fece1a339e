"""The pictures that pages show, made from a photo in a child process with limits. Callable from any thread.

Always re-encoded: nothing that a person sent is ever shown as it came (reliability.md 0.8).
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from core.media.outline import MOST_PIXELS, MOST_SIDE

_DECODER: Final = Path(__file__).with_name("decoder.py")
_CRASHES: Final = {-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL, -signal.SIGABRT, -signal.SIGFPE}
_OUT_OF_TIME: Final = -signal.SIGXCPU

Why = Literal["crashed", "damaged", "memory", "time"]


class CannotRead(Exception):
    """The photo cannot be decoded; trying again is no use. Its bytes are kept until a person decides."""

    def __init__(self, reason: Why, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        """The decoder's own words, for the log."""


class NotMade(Exception):
    """The machine failed, not the photo (disk full, process ended from outside): try again later."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one photo may cost."""

    memory: int = 1536 << 20
    """Bytes of address space."""
    cpu: int = 20
    """Seconds of computing."""
    wall: float = 60
    """Seconds until the answer, on a busy machine."""


@dataclass(frozen=True, slots=True)
class Made:
    """Where the pictures lie. All are upright, in sRGB, without metadata, and JPEG unless told otherwise."""

    large: Path
    """Long side 1600-3199 pixels, or the photo's own when that is less."""
    small: Path
    """Long side at most 400 pixels."""
    small_webp: Path
    """The same as WebP, for browsers that ask for it."""
    width: int
    height: int
    """Pixels of the large picture."""
    jpeg: Path | None
    """The whole photo, for a format that not every browser shows (HEIC, AVIF)."""


def make(
    source: Path,
    media_type: str,
    out_dir: Path,
    limits: Limits = Limits(),
    *,
    boxes: Iterable[Mapping[str, Any]] = (),
) -> Made:
    """Make the pictures of the photo `source` in the existing, empty folder `out_dir`.

    `boxes` (left, top, width, height in percent of the upright picture) are painted over in all of them.
    Raise `CannotRead` for what no decoder can read within the limits, `NotMade` when the fault is ours.
    """
    job = {
        "source": str(source.absolute()),
        "media_type": media_type,
        "out_dir": str(out_dir.absolute()),
        "memory": limits.memory,
        "cpu": limits.cpu,
        "pixels": MOST_PIXELS,
        "side": MOST_SIDE,
        "boxes": [[box["left"], box["top"], box["width"], box["height"]] for box in boxes],
    }
    # -I: nothing from the folder or environment it starts in. No secrets of the worker's environment either.
    # One pool of memory per two threads instead of many: each reserves address space that counts.
    environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ}
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_DECODER), json.dumps(job)],
            env=environment | {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.wall,
            start_new_session=True,  # Ctrl-C in a terminal ends the worker, not the photo
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotRead("time") from error
    return _made(_answer(child))


def _answer(child: "subprocess.CompletedProcess[bytes]") -> dict[str, Any]:
    if child.returncode == _OUT_OF_TIME:
        raise CannotRead("time")
    if child.returncode in _CRASHES:
        raise CannotRead("crashed", signal.Signals(-child.returncode).name)
    if child.returncode != 0:
        raise NotMade(f"exit {child.returncode}: {child.stderr[-500:].decode(errors='replace')}")
    answer: dict[str, Any] = json.loads(child.stdout)
    if "unreadable" in answer:
        raise CannotRead(answer["unreadable"], answer.get("detail", ""))
    return answer


def _made(answer: dict[str, Any]) -> Made:
    made = answer["made"]
    return Made(
        large=Path(made["large"]),
        small=Path(made["small"]),
        small_webp=Path(made["small_webp"]),
        width=made["width"],
        height=made["height"],
        jpeg=Path(made["jpeg"]) if made["jpeg"] else None,
    )
