def fill() -> None:
    """Nothing yet."""
