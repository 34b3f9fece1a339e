"""What applications leave on paper and as tables (domain.md 1.6): for the board, for the round, for the decision.

A document says what its reader may read of the application, no more; of what is protected there is none.
"""

from core.applications.documents.board import BOARD
from core.applications.documents.decided import EXTRACT, LETTER
from core.applications.documents.of_round import SUMMARY
from core.applications.documents.offered import Offered, offered, offers
from core.applications.documents.tables import ALL_DECISIONS, DECISIONS, LIST, ORDER
from core.applications.documents.whole import WHOLE

__all__ = [
    "ALL_DECISIONS",
    "BOARD",
    "DECISIONS",
    "EXTRACT",
    "LETTER",
    "LIST",
    "ORDER",
    "SUMMARY",
    "WHOLE",
    "Offered",
    "offered",
    "offers",
]
