"""The side of a maker that waits and counts; run by the peers' Python too, so it imports nothing of ours."""

import json
import resource
import sys
from collections.abc import Callable


def serve(make: Callable[[str, str], object], spent: Callable[[], float] | None = None) -> None:
    """Do one photo per line of standard input, and answer with the milliseconds of CPU it took.

    `spent` counts them for who has children that stay; else they are those of this process and of ended children.
    """
    count = spent or _milliseconds
    for line in sys.stdin:
        before = count()
        make(*json.loads(line))
        print(count() - before, flush=True)


def _milliseconds() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent) * 1000
