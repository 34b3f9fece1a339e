"""Which states a photo has on its way in, and which its review has (domain.md 2.4)."""

from core.i18n import N_

WAITING, RECEIVED, READY, UNREADABLE, REFUSED = "saknas", "mottagen", "klar", "olaslig", "nekad"
WITHDRAWN = "atertagen"
"""States of a photo: listed but without bytes; received; pictures made; cannot be decoded; not taken in; taken back by
its sender before it came."""
STATES = {
    WAITING: N_("Saknas: fotot har inte kommit fram än"),
    RECEIVED: N_("Mottagen av staden, bilden görs klar"),
    READY: N_("Mottagen av staden"),
    UNREADABLE: N_("Kunde inte läsas"),
    REFUSED: N_("Togs inte emot"),
    WITHDRAWN: N_("Återtagen av den som tog fotot"),
}
"""What people read for each state of a photo."""

NOT_REVIEWED, SUGGESTED, REVIEWED, NOT_NEEDED = "ej_granskad", "auto_forslag", "granskad", "behovs_ej"
"""States of a picture's review. SUGGESTED is kept for a program that proposes masks; none does so yet."""
REVIEWS = {
    NOT_REVIEWED: N_("Inte granskad"),
    SUGGESTED: N_("Förslag finns"),
    REVIEWED: N_("Granskad och maskad"),
    NOT_NEEDED: N_("Granskad, behöver ingen mask"),
}
PUBLIC = (REVIEWED, NOT_NEEDED)
"""Reviews after which outside organisations see the picture."""

PROPOSED, RELEASED, RETURNED, REPLACED = "foreslagen", "slappt", "tillbaka", "ersatt"
"""States of a mask: waits for another person; decided; sent back; another proposal came instead."""
BOX_KINDS = {
    "face": N_("Ansikte"),
    "plate": N_("Registreringsskylt"),
    "door_name": N_("Namn vid dörr"),
    "screen": N_("Skärm"),
    "other": N_("Annat"),
}
"""What a rectangle covers."""
