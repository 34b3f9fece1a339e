"""The pictures that pages show, made from a photo in a child process with limits. Callable from any thread.

Always re-encoded: nothing that a person sent is ever shown as it came (reliability.md 0.8).
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from core.media.outline import MOST_PIXELS, MOST_SIDE

_DECODER: Final = Path(__file__).with_name("decoder.py")
_CRASHES: Final = {-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL, -signal.SIGABRT, -signal.SIGFPE}
_OUT_OF_TIME: Final = -signal.SIGXCPU
_LONGEST: Final = 1 << 17
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

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
    decoder = _taken()
    try:
        ended = decoder.ask(job, limits.wall)
    except BaseException:
        decoder.end()
        raise
    _idle.append(decoder)
    return _made(out_dir, _answer(ended))


class _Decoder:
    """A process that has Pillow loaded and forks a child for each photo; it does one at a time."""

    def __init__(self) -> None:
        # -I: nothing from the folder or environment it starts in. No secrets of the worker's environment either.
        # One pool of memory per two threads instead of many: each reserves address space that counts.
        # Large pages: a child's memory is all new, and most of its kernel time was spent on handing it out.
        environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ}
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_DECODER)],
                env=environment | _ENVIRONMENT,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal ends the worker, not the photo
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: Mapping[str, Any], wall: float) -> dict[str, Any]:
        """Let a child do the job; return how it ended and what it said."""
        self._socket.settimeout(wall)
        try:
            self._socket.send(json.dumps(job).encode())
            answer = self._socket.recv(_LONGEST)
        except TimeoutError as error:
            raise CannotRead("time") from error
        except OSError as error:
            raise NotMade(f"the decoder does not answer: {error}") from error
        if not answer:
            raise NotMade("the decoder has ended")
        ended: dict[str, Any] = json.loads(answer)
        return ended

    def end(self) -> None:
        """End it at once, with the child that it has, if any."""
        self._socket.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


_idle: list[_Decoder] = []
"""Decoders that wait for a photo; each thread that makes pictures takes one, so there are as many as threads."""


def _taken() -> _Decoder:
    while _idle:
        decoder = _idle.pop()
        if decoder.alive:
            return decoder
        decoder.end()
    return _Decoder()


@atexit.register
def _end_idle() -> None:
    while _idle:
        _idle.pop().end()


def _answer(ended: Mapping[str, Any]) -> dict[str, Any]:
    code, said = ended["exit"], ended["said"]
    if code == _OUT_OF_TIME:
        raise CannotRead("time")
    if code in _CRASHES:
        raise CannotRead("crashed", signal.Signals(-code).name)
    if code != 0:
        raise NotMade(f"exit {code}: {said}")
    answer: dict[str, Any] = json.loads(said)
    if "unreadable" in answer:
        raise CannotRead(answer["unreadable"], answer.get("detail", ""))
    return answer


def _made(folder: Path, answer: Mapping[str, Any]) -> Made:
    """Return where the pictures lie, which we know ourselves: what the child says of paths is not asked for."""
    made = answer["made"]
    return Made(
        large=folder / "large.jpg",
        small=folder / "small.jpg",
        small_webp=folder / "small.webp",
        width=int(made["width"]),
        height=int(made["height"]),
        jpeg=folder / "full.jpg" if made["full"] else None,
    )
