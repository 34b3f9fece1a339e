"""Texts that people read. Msgids are Swedish; translation happens at the edge (`core.http`, templates).

Nothing here imports anything of ours: rules may name texts without knowing in which language they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark `text` for translation and return it unchanged."""
    return text


class Text(str):
    """A Swedish text with its values filled in, that remembers how to be translated.

    `Text(N_("Högst {max} tecken."), max=80)` is the str "Högst 80 tecken."; the edge translates
    `msgid` and fills in `values` again.
    """

    __slots__ = ("msgid", "values")
    msgid: str
    values: dict[str, object]

    def __new__(cls, msgid: str, **values: object) -> Self:
        text = super().__new__(cls, msgid.format(**values) if values else msgid)
        text.msgid = msgid
        text.values = values
        return text


def counted(n: int, one: str, many: str, **values: object) -> Text:
    """Return how many of something there are, in the singular or the plural: both are marked by N_."""
    return Text(one if n == 1 else many, n=n, **values)


def recognised(said: str, msgids: Iterable[str]) -> str:
    """Return what was kept written out in Swedish as the `Text` that it was made of, if one of `msgids` made it."""
    for msgid in msgids:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(msgid))
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return Text(msgid, **found.groupdict())
    return said
