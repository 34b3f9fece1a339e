"""How an order stands: with its clock while somebody works on it, else by its state."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from core.upkeep.presenting import Standing, standing
from core.works.states import ORDER, TABS

CLOCK = ("due_at", "due_on", "badly_late_at", "paused_since", "reported_at")
"""What the list of orders tells of the frist to mend."""


def standing_of(row: Any) -> Standing:
    """Return how a line of the list of orders stands: what is open by its frist, the rest by its state."""
    now = ORDER.states[row.state]
    if row.due_at is None or row.state not in TABS["oppna"] or row.state == "pausad":
        return Standing(now.tone, now.shape, now.label, row.state)
    return standing(SimpleNamespace(**{name: getattr(row, name) for name in CLOCK}))
