"""What looks like maintenance and not like an investment, by the city's own words and kinds (domain.md 1.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from core import db
from core.places.services import rows_of


def found(measures: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the texts of those measures, each as kind and text, that look like maintenance."""
    kinds, words = _known(db.settings().city)
    return tuple(text for kind, text in measures if kind in kinds or (words and words.search(text)))


@cache
def _known(_city: str) -> tuple[frozenset[str], re.Pattern[str] | None]:
    rows = rows_of("maintenance_words.csv")
    words = [re.escape(row["word"]) for row in rows if row["word"]]
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) if words else None
    return frozenset(row["kind"] for row in rows if row["kind"]), pattern
