"""The rules of the reserve. No function commits or knows the web; each takes the actor first."""

from core.reserve.services.book import (
    HOUSE,
    Line,
    Over,
    confirm,
    frames_of,
    lock_frames,
    move_booking,
    of_matter,
    post,
    propose,
    propose_correction,
)

__all__ = [
    "HOUSE",
    "Line",
    "Over",
    "confirm",
    "frames_of",
    "lock_frames",
    "move_booking",
    "of_matter",
    "post",
    "propose",
    "propose_correction",
]
