"""Placeholder."""


def fill() -> None:
    """Nothing yet."""
