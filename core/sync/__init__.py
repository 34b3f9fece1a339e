"""What phones have sent of records: created and changed in any order, merged field by field, or kept.

Nothing that a phone has sent is lost and nothing is silently overwritten: what cannot be applied waits for what it
needs, or for a person who chooses (design.md 5, docs/reference/sync.md). Rooms register how records of theirs are
created and changed (`record`); photos have their own way in (core.media).
"""

from core.sync.choosing import BOTH, MINE, THEIRS, ChoiceRefused, choose, refuse_settled, texts
from core.sync.intake import arrived, as_written, create, hand_in, receive
from core.sync.lists import HOMELESS, TO_CHOOSE, Page, Row, counts, is_kept, list_changes, loose, of_records, read
from core.sync.models import CHOOSE, READ, Change
from core.sync.records import (
    CREATION,
    Kept,
    Loose,
    Recording,
    record,
    recording,
    recordings,
    sender_of,
    senders,
    words_for,
)
from core.sync.settling import FIVE_DAYS, sweep
from core.sync.states import APPLIED, HELD, MERGED, REVIEW, SETTLED, STATES, UNFIT

__all__ = [
    "APPLIED",
    "BOTH",
    "CHOOSE",
    "CREATION",
    "FIVE_DAYS",
    "HELD",
    "HOMELESS",
    "MERGED",
    "MINE",
    "READ",
    "REVIEW",
    "SETTLED",
    "STATES",
    "THEIRS",
    "TO_CHOOSE",
    "UNFIT",
    "Change",
    "ChoiceRefused",
    "Kept",
    "Loose",
    "Page",
    "Recording",
    "Row",
    "arrived",
    "as_written",
    "choose",
    "counts",
    "create",
    "hand_in",
    "is_kept",
    "list_changes",
    "loose",
    "of_records",
    "read",
    "receive",
    "record",
    "recording",
    "recordings",
    "refuse_settled",
    "sender_of",
    "senders",
    "sweep",
    "texts",
    "words_for",
]
