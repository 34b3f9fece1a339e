"""How a document stands, and why one was not made."""

from __future__ import annotations

from core.i18n import N_

WAITING, DONE, FAILED = "waiting", "done", "failed"
STATES = {WAITING: N_("Görs"), DONE: N_("Klart"), FAILED: N_("Gick inte att göra")}
SHAPES = {WAITING: "waiting", DONE: "done", FAILED: "refused"}

TIME, MEMORY, CRASHED, LONG, GONE, OURS = "time", "memory", "crashed", "long", "gone", "ours"
FAILURES = {
    TIME: N_("Dokumentet tog för lång tid att göra. Dela upp det: välj färre rader, eller ta tabellen i stället."),
    MEMORY: N_("Dokumentet blev för stort. Dela upp det: välj färre rader, eller ta tabellen i stället."),
    CRASHED: N_("Något i dokumentet gick inte att rita. Hör av dig till den som sköter Tryggplats."),
    LONG: N_("Tabellen har fler rader än ett kalkylblad rymmer. Välj färre rader."),
    GONE: N_("Det som dokumentet handlar om finns inte längre, eller så får du inte läsa det."),
    OURS: N_("Något gick fel hos oss, flera gånger. Försök igen, och hör av dig om det inte hjälper."),
}
"""What somebody who waits for a document is told when it does not come, and what to do about it."""
