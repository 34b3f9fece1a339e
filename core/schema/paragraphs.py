"""Paragraphs of minutes: written with their sign or without, kept without it, shown with it."""

from __future__ import annotations

import re

_SIGN = re.compile(r"\A(?:§|paragraf\b|\s)+|[§\s]+\Z", re.IGNORECASE)


def bare_paragraph(written: str) -> str:
    """Return a paragraph as it is kept: "12" of "§ 12", "§12", "Paragraf 12" and "12"."""
    return _SIGN.sub("", written)


def signed_paragraph(kept: str) -> str:
    """Return a paragraph as it is shown, its sign once before it; nothing of nothing."""
    bare = bare_paragraph(kept)
    return f"§\u00a0{bare}" if bare else ""
