"""Two have changed the same record: field by field, what can stand together and where they meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def merge(
    before: Mapping[str, Any], wanted: Mapping[str, Any], holds: Callable[[str, Any], bool]
) -> tuple[dict[str, Any], list[str]]:
    """Return the values to write and the names of the fields in which the two meet.

    `holds` says whether a field of the record is a value now. What is there already is written no more; what stands
    as it stood `before` is free to be changed; anything else has been changed by another.
    """
    taken: dict[str, Any] = {}
    met: list[str] = []
    for name, value in wanted.items():
        if holds(name, value):
            continue
        if holds(name, before[name]):
            taken[name] = value
        else:
            met.append(name)
    return taken, met
