"""What is told of an observation to those who were there: the answer, and the day. Pages and documents say the same."""

from __future__ import annotations

from datetime import date

from core import clock
from core.i18n import N_, Text
from core.walks.models import Observation
from core.walks.states import DONE, TABS

WAITED_FOR = N_("Vi väntar på svar.")
SAID = {
    "atgardas": N_("Vi arbetar med det."),
    "planerad": N_("Vi har planerat in det."),
    "atgardas_ej": N_("Det blir inte åtgärdat."),
    "atgardad": N_("Det är åtgärdat."),
    "verifierad": N_("Det är åtgärdat och kontrollerat."),
}
"""What residents are told in the states in which there is an answer; in others that it is waited for."""


def said_of(row: Observation) -> str:
    """Return what residents are told: that it is done before anything else, else the receiver's own words."""
    words = SAID.get(row.state, WAITED_FOR)
    if row.state in DONE and row.answer:
        return Text(N_("{words} {answer}"), words=words, answer=row.answer)
    return row.answer or words if row.state in SAID else words


def done_on(row: Observation) -> date | None:
    """Return the day that is promised, or the day when it was done; an old promise is no such day."""
    if row.state in TABS["pagar"] or (row.state in DONE and row.done_on is not None and row.done_on <= clock.today()):
        return row.done_on
    return None


def day_of(row: Observation) -> str:
    """Return when it will be done, or that it is and since when."""
    day = done_on(row)
    if row.state not in DONE:
        return day.isoformat() if day else ""
    return Text(N_("Klart {day}"), day=day.isoformat()) if day else N_("Klart")
