"""Files that a phone makes of what waits in it, for a colleague to carry: sealed to the city, signed by the phone.

What is in one is taken in as if its phone had sent it, each thing once, however often the file comes
(docs/reference/handover.md). Rooms register how their records are read from a file (`core.sync.record`); people say
whose a phone's key is.
"""

from core.handover.keys import city_key, public_key

__all__ = ["city_key", "public_key"]
