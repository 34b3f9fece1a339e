"""Where Swedish msgids become the language of the reader, and values become what people read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask, g, has_request_context
from flask_babel import Babel, gettext

from core import clock, i18n
from core.i18n import N_, Text
from core.schema.amounts import measured, quantity
from core.schema.paragraphs import signed_paragraph

LOCALES = ("sv", "en")
NBSP = "\u00a0"


def translate(text: str) -> str:
    """Return `text` in the language of the reader; an `i18n.Text` has its values filled in again."""
    if isinstance(text, i18n.Text):
        values = {name: translate(v) if isinstance(v, str) else v for name, v in text.values.items()}
        msgid = gettext_plain(text.msgid)
        return msgid.format(**values) if values else msgid
    return gettext_plain(text)


def gettext_plain(msgid: str) -> str:
    """Look up `msgid` without gettext's own percent formatting, which a lone % would break."""
    return str(gettext(msgid)) if msgid and has_request_context() else msgid


def either(names: Iterable[str]) -> str:
    """Return names that stand beside each other in the language of the reader, the last after an or."""
    *first, last = map(translate, names)
    return translate(Text(N_("{first} eller {last}"), first=", ".join(first), last=last)) if first else last


def number(value: float | None) -> str:
    """Return 1234567 as 1 234 567 and 62.5 as 62,5 (no-break spaces, U+2212 for minus); nothing is –."""
    if value is None:
        return "–"
    return f"{value:,}".replace(",", NBSP).replace(".", ",").replace("-", "−")


def day(value: date | datetime | None) -> str:
    """Return the date in Stockholm as 2027-01-04; nothing is –."""
    if value is None:
        return "–"
    return (clock.local(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def moment(value: datetime | None) -> str:
    """Return the wall clock in Stockholm as 2027-01-04 08.12; nothing is –."""
    return "–" if value is None else clock.local(value).strftime("%Y-%m-%d %H.%M")


def time_of_day(value: datetime | None) -> str:
    """Return the wall clock in Stockholm as 08.12; nothing is –."""
    return "–" if value is None else clock.local(value).strftime("%H.%M")


def _locale() -> str:
    return str(g.get("locale", "sv"))


def install(app: Flask, folders: list[str]) -> None:
    """Set up translation from `folders` and the filters that templates use."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    Babel(app, default_locale="sv", locale_selector=_locale)
    filters: dict[str, Any] = {"number": number, "measured": measured, "day": day, "moment": moment}
    filters |= {"quantity": quantity, "time_of_day": time_of_day, "paragraph": signed_paragraph}
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals["_"] = translate
    app.jinja_env.filters["t"] = translate
