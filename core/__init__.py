"""Tryggplats: safety investments and place collaboration for a city."""

__version__ = "0.1.0"
