"""The pages of places: read, written, and who answers for what on them."""

from core.places.views import answering, reading, writing
from core.places.views.blueprint import pages

__all__ = ["answering", "pages", "reading", "writing"]
