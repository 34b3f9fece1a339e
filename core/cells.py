"""What a cell of a CSV file may begin with, as a spreadsheet opens it (OWASP, CSV injection; ASVS 1.2.10)."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet would run, also in its wide signs."""


def harmless(text: str) -> str:
    """Return a text as a cell may hold it: before what a spreadsheet would run stands an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA) else text
