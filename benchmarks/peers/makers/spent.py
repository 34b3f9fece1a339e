"""The side of a maker that waits and counts; run by the peers' Python too, so it imports nothing of ours."""

import json
import resource
import sys
from collections.abc import Callable


def serve(make: Callable[[str, str], object]) -> None:
    """Do one photo per line of standard input, and answer with the CPU time it took."""
    for line in sys.stdin:
        before = _milliseconds()
        make(*json.loads(line))
        print(_milliseconds() - before, flush=True)


def _milliseconds() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent) * 1000
