"""Where photos may be taken: at a protected object the city takes none in, whatever the phone did (domain.md 2.4).

Media stands below the places, so that whoever knows them says what holds at a spot: `@media.policy`.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from core.i18n import N_
from core.media.models import Photo

FREE, CAREFUL, FORBIDDEN = "fri", "forsiktig", "forbjuden_skyddsobjekt"
STRICTER = (FREE, CAREFUL, FORBIDDEN)
REFUSAL = N_("Här är det förbjudet att fotografera, för platsen är ett skyddsobjekt. Fotot är inte sparat.")
CAUTION = N_("Var försiktig här: inga ansikten av barn. Täck dem, eller dölj bilden.")

Spot = tuple[float, float]
"""Longitude and latitude in WGS 84 degrees."""
PolicyOf = Callable[[str | None, UUID | None, Spot | None], str]
"""(kind of record, its uid, where) -> what holds there; each of them may be unknown."""
_known: list[PolicyOf] = []


def policy(says: PolicyOf) -> PolicyOf:
    """Register a function that says which policy holds for a record, or at a spot. The strictest answer counts."""
    _known.append(says)
    return says


def policy_of(photo: Photo, *spots: Spot | None) -> str:
    """Return the strictest policy for a photo: by its record, by where the phone was, and at each of `spots`."""
    here = (photo.longitude, photo.latitude) if photo.longitude is not None and photo.latitude is not None else None
    asked = {None, here, *spots}
    said = [says(photo.record_kind, photo.record_uid, spot) for says in _known for spot in asked]
    return max(said, key=STRICTER.index, default=FREE)
