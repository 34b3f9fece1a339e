"""How much memory the processes of an installation hold, apart from the children that decode one photo and end."""

import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

DECODER = b"decoder.py"
EVERY = 0.2


def megabytes(installation):
    """What the web processes, the worker and their parent hold, and what their decoders do; shared parts once (PSS)."""
    held, decoding = 0.0, 0.0
    for pid in installation.processes:
        with suppress(OSError):  # it has ended meanwhile
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            size = _pss(pid)
            held, decoding = (held, decoding + size) if DECODER in command else (held + size, decoding)
    return held, decoding


def _pss(pid):
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


class Peaks:
    """The most that was held so far."""

    held = decoding = 0.0

    def look(self, installation):
        with suppress(OSError):  # somebody has ended while the family was listed
            held, decoding = megabytes(installation)
            self.held, self.decoding = max(self.held, held), max(self.decoding, decoding)


@contextmanager
def watched(installation):
    """Look at the installation's memory all the while."""
    peaks, done = Peaks(), Event()

    def watch():
        while not done.wait(EVERY):
            peaks.look(installation)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()


def wait_until(true, seconds):
    """Wait for something to become true; whether it did."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(EVERY)
    return true()
