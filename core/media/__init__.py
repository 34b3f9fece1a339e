"""Photos: their way in, where they lie, and the pictures made of them. No photo is ever lost (design.md 5)."""

from core.media.derive import sweep
from core.media.intake import (
    STATES,
    Listed,
    PhotoRefused,
    Progress,
    Receipt,
    append,
    expect,
    look,
    photos_of,
    pictures_for,
    progress_of,
    receipt,
    receive_file,
    store,
    twin,
)
from core.media.models import READY, RECEIVED, REFUSED, UNREADABLE, WAITING, Photo, Upload, record

__all__ = [
    "READY",
    "RECEIVED",
    "REFUSED",
    "STATES",
    "UNREADABLE",
    "WAITING",
    "Listed",
    "Photo",
    "PhotoRefused",
    "Progress",
    "Receipt",
    "Upload",
    "append",
    "expect",
    "look",
    "photos_of",
    "pictures_for",
    "progress_of",
    "receipt",
    "receive_file",
    "record",
    "store",
    "sweep",
    "twin",
]
