"""Requests in the benchmark's hands: kept connections, several at once, each answer looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from queue import Empty, SimpleQueue

from benchmarks.servers import HOST

SECONDS = 120


class WrongAnswer(Exception):
    """A contestant did not do its work: the answer was another than it should be."""


class Client:
    """One kept connection to a server on this machine."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=SECONDS)
        self._headers = dict(headers)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        """Return the body of a 2xx answer; raise WrongAnswer for any other."""
        status, answer = self.try_asking(method, path, body, **headers)
        if not 200 <= status < 300:
            raise WrongAnswer(f"{method} {path}: {status} {answer[:500].decode(errors='replace')}")
        return answer

    def try_asking(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Return status and body, whatever they are. `Upload_Offset="0"` is the header Upload-Offset."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, body, self._headers | named)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


Work = Callable[[Client], object]


def at_once(connect: Callable[[], Client], work: Iterable[Work], *, workers: int) -> float:
    """Do all of `work`, `workers` at a time on a connection each; return the seconds it took in all."""
    waiting: SimpleQueue[Work] = SimpleQueue()
    for piece in work:
        waiting.put(piece)

    def go_on() -> None:
        with closing(connect()) as client, suppress(Empty):  # empty: all is done
            while True:
                waiting.get_nowait()(client)

    started = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(go_on) for _ in range(workers)]:
            done.result()
    return time.perf_counter() - started
