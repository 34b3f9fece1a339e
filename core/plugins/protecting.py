"""What plugins are not told: of a row of level 3 or more they know kind, uid and that it is protected (design.md 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.i18n import N_
from core.journal import PROTECTED
from core.refs import DeadlineRef, MeasureRef, MoveRef, ObservationRef, PlaceRef, Subject

TITLE = N_("Skyddat ärende")
HIDDEN: Mapping[type, Mapping[str, Any]] = {
    Subject: {"title": TITLE, "place": None, "point": None, "category": ""},
    PlaceRef: {"name": TITLE, "number": ""},
    ObservationRef: {"title": TITLE, "number": 0, "severity": 0, "place": None, "point": None, "details": {}},
    DeadlineRef: {"rule": ""},
    MeasureRef: {"text": TITLE, "place": None},
}
"""What stands instead, field by field. When stays: a frist is planned from it, and its date may be known."""


def for_plugin(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a hook's call as a plugin may have them; with a protected row goes the reason of a move."""
    veiled = {name: _veiled(value) for name, value in values.items()}
    if any(is_protected(value) for value in values.values()):
        veiled |= {name: replace(value, reason="") for name, value in veiled.items() if isinstance(value, MoveRef)}
    return veiled


def open_answers(values: Iterable[Any]) -> list[Any]:
    """Return what a plugin answered without what is protected, such as events."""
    return [value for value in values if not is_protected(value)]


def is_protected(value: Any) -> bool:
    """Whether `value` is of a row of level 3 or more, or about one."""
    if isinstance(value, DeadlineRef) and is_protected(value.about):
        return True
    return bool(getattr(value, "level", 0) >= PROTECTED)


def _veiled(value: Any) -> Any:
    if type(value) not in HIDDEN or not is_protected(value):
        return value
    hidden = replace(value, **HIDDEN[type(value)])
    if isinstance(hidden, DeadlineRef):
        return replace(hidden, about=replace(hidden.about, **HIDDEN[Subject]))
    return hidden
