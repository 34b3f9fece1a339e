"""What a hook answers: of the promised type, field by field."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from core import access, hookspecs
from core.schema import Schema


def check_answer(hook: str, value: Any) -> None:
    """Raise TypeError for a value that is not what the contract says that `hook` answers with, field by field.

    A wrong one would otherwise fail in core, far from the plugin, and take the page with it.
    """
    kind, types = _promised(hook)
    if not isinstance(value, kind):
        raise TypeError(f"{hook} ska svara med {kind.__name__}, inte {type(value).__name__}")
    for name, hint in types.items():
        given = getattr(value, name)
        if not isinstance(given, hint) or (isinstance(given, datetime) and given.tzinfo is None):
            raise TypeError(f"{kind.__name__}.{name} i {hook} är fel sorts värde: {given!r:.80}")


@cache
def _promised(hook: str) -> tuple[type, dict[str, Any]]:
    """Return the class of the values that the contract says that `hook` answers with, and the types of its fields."""
    names = {"Actor": access.Actor, "Schema": Schema}
    said = get_type_hints(getattr(hookspecs, f"tryggplats_{hook}"), localns=names)["return"]
    kind = next(iter(get_args(said)), said)
    return kind, {name: _plain(hint) for name, hint in get_type_hints(kind, localns=names).items()}


def _plain(hint: Any) -> Any:
    """Return what isinstance understands of a type hint: a tuple of texts is a tuple."""
    if isinstance(hint, UnionType):
        return tuple(_plain(member) for member in get_args(hint))
    return get_origin(hint) or hint
