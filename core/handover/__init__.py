"""Files that a phone makes of what waits in it, for a colleague to carry: sealed to the city, signed by the phone.

What is in one is taken in as if its phone had sent it, each thing once, however often the file comes
(docs/reference/handover.md). Rooms register how their records are read from a file (`core.sync.record`); people say
whose a phone's key is.
"""

from core.handover import opening  # noqa: F401 - registers what the worker does
from core.handover.carrying import TASK, Signer, carry, list_handovers, signers
from core.handover.keys import city_key, public_key
from core.handover.models import CARRY, DONE, FAILED, OPENING, OUTCOMES, SENT, STATES, Handover
from core.handover.sealed import HandoverRefused

__all__ = [
    "CARRY",
    "DONE",
    "FAILED",
    "OPENING",
    "OUTCOMES",
    "SENT",
    "STATES",
    "TASK",
    "Handover",
    "HandoverRefused",
    "Signer",
    "carry",
    "city_key",
    "list_handovers",
    "public_key",
    "signers",
]
