"""The pages of the reserve: frames, the book, what waits for a second person."""

from core.reserve.views import bookings, frames
from core.reserve.views.blueprint import pages

__all__ = ["bookings", "frames", "pages"]
