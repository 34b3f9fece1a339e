"""Photos: their way in, where they lie, and the pictures made of them. No photo is ever lost (design.md 5)."""

from core.media import keepers
from core.media.bucket import spooled, store, store_of, whole
from core.media.derive import make_here, sweep
from core.media.files import LATER, REMOVING, FileFault, extra, named, refers, repair, sweep_files, verify
from core.media.handing_in import hand_in
from core.media.intake import (
    Listed,
    Progress,
    Receipt,
    append,
    expect,
    expect_one,
    look,
    photos_of,
    progress_of,
    receipt,
    receive_file,
    twin,
)
from core.media.limits import PhotoRefused
from core.media.models import Keeper, Mask, Photo, Upload, record
from core.media.review import ReviewRefused
from core.media.seeing import (
    gets_original,
    handed_out,
    is_for_everybody,
    original_of,
    picture_of,
    pictures_for,
    type_of_original,
)
from core.media.spots import CAREFUL, FORBIDDEN, FREE, STRICTER, policy
from core.media.states import PUBLIC, READY, RECEIVED, REFUSED, STATES, UNREADABLE, WAITING, WITHDRAWN
from core.media.store import StoreAway
from core.media.turning_away import expect_those_allowed
from core.media.withdrawing import withdraw

__all__ = [
    "CAREFUL",
    "FORBIDDEN",
    "FREE",
    "LATER",
    "PUBLIC",
    "READY",
    "RECEIVED",
    "REFUSED",
    "REMOVING",
    "STATES",
    "STRICTER",
    "UNREADABLE",
    "WAITING",
    "WITHDRAWN",
    "FileFault",
    "Keeper",
    "Listed",
    "Mask",
    "Photo",
    "PhotoRefused",
    "Progress",
    "Receipt",
    "ReviewRefused",
    "StoreAway",
    "Upload",
    "append",
    "expect",
    "expect_one",
    "expect_those_allowed",
    "extra",
    "gets_original",
    "hand_in",
    "handed_out",
    "is_for_everybody",
    "keepers",
    "look",
    "make_here",
    "named",
    "original_of",
    "photos_of",
    "picture_of",
    "pictures_for",
    "policy",
    "progress_of",
    "receipt",
    "receive_file",
    "record",
    "refers",
    "repair",
    "spooled",
    "store",
    "store_of",
    "sweep",
    "sweep_files",
    "twin",
    "type_of_original",
    "verify",
    "whole",
    "withdraw",
]
