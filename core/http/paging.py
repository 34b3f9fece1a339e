"""Where the next page begins: a row's keys, sealed so that nobody can put in others (keyset paging, design.md 4.11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import flask
import orjson
from itsdangerous import BadSignature, Signer
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from core.http.texts import translate
from core.i18n import N_
from core.schema import Invalid


def mark(keys: tuple[Any, ...] | None) -> str | None:
    """Return the keys of the last row as a text for the next page's address; None at the end."""
    if keys is None:
        return None
    packed = urlsafe_b64encode(orjson.dumps(keys, option=orjson.OPT_UTC_Z))
    return _signer().sign(packed).decode()


def place(text: str | None, *kinds: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """Return the keys of `mark`, each made by its kind; Invalid for a text that is not ours."""
    if not text:
        return None
    try:
        packed = _signer().unsign(text)
        keys = orjson.loads(urlsafe_b64decode(packed))
        return tuple(kind(key) for kind, key in zip(kinds, keys, strict=True))
    except (BadSignature, ValueError, TypeError) as error:
        raise Invalid({"after": [N_("Sidan i listan finns inte. Börja om från början.")]}) from error


def number_of(count: int, most: int) -> str:
    """Return how many there are of something that was counted no further than `most`."""
    return str(count) if count <= most else translate(N_("fler än {n}")).format(n=most)


def state_tabs(
    endpoint: str, states: Mapping[str, str], counts: Mapping[str, int], current: str, most: int
) -> list[dict[str, Any]]:
    """Return all of a list, and what of it is in each state (its label by its key), as tabs with their counts, each
    counted no further than `most`; the page at `endpoint` takes the state as `visa`.
    """
    counted = {"": sum(counts.values())} | {key: counts.get(key, 0) for key in states}
    return [
        {
            "text": translate(label),
            "href": flask.url_for(endpoint, visa=key or None),
            "current": key == current,
            "count": number_of(counted[key], most),
        }
        for key, label in ({"": N_("Alla")} | dict(states)).items()
    ]


def moment(text: str) -> datetime:
    """Return the moment that `mark` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _signer() -> Signer:
    return Signer(flask.current_app.config["SECRET_KEY"], salt="list")
