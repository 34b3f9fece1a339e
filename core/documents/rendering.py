"""HTML to PDF in a child process with limits on time and memory. Callable from any thread."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from core.documents import renderer

_RENDERER: Final = Path(renderer.__file__)
_ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "HOME": "/nonexistent"}
_OUT_OF_TIME: Final = (-signal.SIGXCPU,)
_OUT_OF_MEMORY: Final = (renderer.OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGTRAP)
"""Python raises when memory is out; the libraries below it end the process."""
_CRASHES: Final = (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL, -signal.SIGFPE)
_TOLD: Final = 2000

Why = Literal["crashed", "memory", "time"]


class CannotRender(Exception):
    """The document cannot be made within the limits; trying again is no use."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason = reason


class NotRendered(Exception):
    """The machine failed, not the document (disk full, process ended from outside): try again later."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost."""

    memory: int = 2 << 30
    """Bytes of address space."""
    cpu: int = 120
    """Seconds of computing."""
    wall: float = 300
    """Seconds until the PDF is there, on a busy machine."""


LIMITS = Limits()


def render(
    html: Path,
    pdf: Path,
    parts: Mapping[str, tuple[Path, str]],
    limits: Limits | None = None,
    attached: Mapping[str, str] | None = None,
) -> None:
    """Write the page `html` as `pdf`; `part:NAME` in it is the file of that name in `parts` (path, media type).

    The parts that `attached` names, each with what it is, lie in the PDF under their names.

    No other address is opened. Raises CannotRender, and NotRendered when the fault is ours.
    """
    limits = limits or LIMITS
    job = {
        "html": str(html.absolute()),
        "pdf": str(pdf.absolute()),
        "parts": {name: (str(path.absolute()), kind) for name, (path, kind) in parts.items()},
        "attached": {name: said for name, said in (attached or {}).items() if name in parts},
        "memory": limits.memory,
        "cpu": limits.cpu,
    }
    code, said = _run(json.dumps(job).encode(), limits.wall, pdf.parent)
    if code == 0:
        return
    if code in _OUT_OF_TIME:
        raise CannotRender("time")
    if code in _OUT_OF_MEMORY or "MemoryError" in said:
        raise CannotRender("memory")
    if code in _CRASHES:
        raise CannotRender("crashed")
    raise NotRendered(f"exit {code}: {said[-_TOLD:]}")


def _run(job: bytes, wall: float, folder: Path) -> tuple[int, str]:
    # -I: nothing from the folder or environment it starts in. No secrets of the worker's environment either.
    environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-I", str(_RENDERER)],
        env=environment | _ENVIRONMENT | {"XDG_CACHE_HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
        start_new_session=True,  # Ctrl-C in a terminal ends the worker, not the document
    )
    try:
        _, said = process.communicate(job, timeout=wall)
    except subprocess.TimeoutExpired as error:
        raise CannotRender("time") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return process.returncode, said.decode(errors="replace")
