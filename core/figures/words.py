"""A figure in words: its value with its unit, or why there is none; a sum with what it lacks."""

from __future__ import annotations

from typing import Any

from core.figures.cells import told
from core.figures.models import SHORT, SUPPRESSED, VALUE, Indicator
from core.i18n import N_, Text

FEWER, HIDDEN, GONE = N_("färre än 5"), N_("redovisas inte"), N_("saknas")
WITHOUT_BOTH = N_("{value}, utan {suppressed} som inte redovisas och {missing} som saknas")
WITHOUT_HIDDEN = N_("{value}, utan {suppressed} som inte redovisas")
WITHOUT_GONE = N_("{value}, utan {missing} som saknas")


def said(indicator: Indicator, one: Any) -> str:
    """Return a figure, or a sum of several (`services.Told`), as people read it. Nothing becomes zero."""
    if one.status != VALUE:
        return (FEWER if indicator.few and not one.suppressed else HIDDEN) if one.status == SUPPRESSED else GONE
    value = with_unit(indicator, one.value)
    counts = {"value": value, "suppressed": one.suppressed, "missing": one.missing}
    if one.suppressed and one.missing:
        return Text(WITHOUT_BOTH, **counts)
    if one.suppressed or one.missing:
        return Text(WITHOUT_HIDDEN if one.suppressed else WITHOUT_GONE, **counts)
    return value


def with_unit(indicator: Indicator, value: float) -> str:
    """Return a value with what follows it in the indicator's unit."""
    unit = SHORT[indicator.unit]
    return Text(N_("{value} {unit}"), value=told(value), unit=unit) if unit else told(value)
