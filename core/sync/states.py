"""Where something that a phone sent stands, and why it is not applied."""

from core.i18n import N_

HELD, REVIEW, APPLIED, MERGED, SETTLED = "held", "review", "applied", "merged", "settled"
"""Waits for what it needs; for a person; applied; applied beside what others have changed; decided by a person."""
STATES = {
    HELD: N_("Väntar"),
    REVIEW: N_("Behöver granskas"),
    APPLIED: N_("Infört"),
    MERGED: N_("Infört bredvid det som andra har ändrat"),
    SETTLED: N_("Avgjort"),
}

OVERLAP, RECORD, AFTER, RIGHT, UNFIT = "overlap", "record", "after", "right", "unfit"
RECORD_NEVER, AFTER_NEVER = "record_never", "after_never"
NEVER = {RECORD: RECORD_NEVER, AFTER: AFTER_NEVER}
"""What a change has waited for long enough, by what it waited for."""
REASONS = {
    OVERLAP: N_("Någon annan har ändrat samma sak. Välj vad som ska gälla."),
    RECORD: N_("Väntar på det som ändringen gäller. Det har inte kommit än."),
    AFTER: N_("Väntar på en tidigare ändring från samma telefon."),
    RIGHT: N_("Den som skickade det här har inte längre rätt att göra det."),
    UNFIT: N_("Det går inte att spara så som det skickades."),
    RECORD_NEVER: N_("Det som ändringen gäller har inte kommit på fem dagar."),
    AFTER_NEVER: N_("En tidigare ändring från samma telefon har inte kommit på fem dagar."),
}
"""Why something waits, whatever it is about; a room has reasons of its own beside these (`Recording.reasons`)."""
