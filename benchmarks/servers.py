"""Processes of a benchmark: started with a log, asked for their memory, ended by their id however the run ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from core.testing.letters import free_port

__all__ = ["NotUp", "Process", "ending_on_signals", "free_port", "wait_for"]

HOST = "127.0.0.1"
SECONDS_TO_START = 180
SECONDS_TO_END = 15
PR_SET_PDEATHSIG = 1


class NotUp(Exception):
    """A server did not come up; carries the end of what it printed."""


class Process:
    """A program, and all that stem from it."""

    def __init__(self, command: Sequence[str | Path], *, log: Path, cwd: Path, env: Mapping[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the runner alone, which then ends all in order
                preexec_fn=end_with_parent,  # noqa: PLW1509 - nothing is started while threads run
            )

    @property
    def tree(self) -> list[int]:
        """The numbers of the process and of all who stem from it; nothing when it is down."""
        return family(self._child.pid) if self._child.poll() is None else []

    def megabytes(self) -> float:
        """Return the memory of the whole tree, what is shared counted once (PSS)."""
        return sum(map(_pss_kilobytes, self.tree)) / 1000

    def cpu_seconds(self) -> float:
        """Return the CPU time that the tree has used so far, with that of children that have ended."""
        return sum(map(cpu_seconds, self.tree))

    def wait_until(self, up: Callable[[], bool]) -> None:
        """Wait until `up`; raise NotUp when the program ends before, or takes too long."""
        if not wait_for(lambda: self._child.poll() is not None or up(), SECONDS_TO_START) or not self.tree:
            raise NotUp(self.log.read_text(encoding="utf-8", errors="replace")[-3000:])

    def end(self) -> None:
        """End it politely; what is left of the whole tree then, or after a while, at once."""
        tree = self.tree
        if tree:
            self._child.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(SECONDS_TO_END)
        for pid in tree:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._child.wait()


def wait_for(true: Callable[[], bool], seconds: float) -> bool:
    """Return whether it became true within so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def answers(port: int, path: str) -> Callable[[], bool]:
    """Return a question whether a server answers there with 200."""

    def asked() -> bool:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    return asked


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the stack as Ctrl-C does, so that all that was started is ended."""

    def stop(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def family(pid: int) -> list[int]:
    """Return the number of a process and those of all who stem from it."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, children.read_text().split())
    return found


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used so far, with that of its children that have ended."""
    with suppress(OSError):  # ended meanwhile
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, after_name[11:15])) / os.sysconf("SC_CLK_TCK")  # as the user and in the kernel
    return 0


def end_with_parent() -> None:
    """In the child: end when the runner is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _pss_kilobytes(pid: int) -> int:
    with suppress(OSError):  # ended meanwhile
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
