"""The words of a document: its template, in the language that it is written in, whoever reads it and wherever."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from babel.dates import format_date
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core import clock, i18n, plugins
from core.http import texts
from core.http.machine import folder
from core.schema.paragraphs import signed_paragraph

SWEDISH = "sv"


class Wording:
    """Texts, core's and those of the plugins, numbers and days in one language."""

    def __init__(self, language: str, brought: Iterable[str]) -> None:
        self.language = language
        self._known: NullTranslations = NullTranslations()
        if language != SWEDISH:
            known: Any = Translations.load(folder("translations"), [language])
            for plugin_s in brought:
                known.merge(Translations.load(plugin_s, [language]))
            self._known = known

    def translate(self, text: str) -> str:
        """Return `text` in this language; an `i18n.Text` has its values filled in again."""
        if not isinstance(text, i18n.Text):
            return str(self._known.gettext(text)) if text else text
        values = {name: self.translate(v) if isinstance(v, str) else v for name, v in text.values.items()}
        msgid = str(self._known.gettext(text.msgid))
        return msgid.format(**values) if values else msgid

    def in_words(self, value: date | datetime, shape: str = "EEEE d MMMM y") -> str:
        """Return the date in Stockholm as in a letter: torsdag 26 november 2026."""
        day = clock.local(value).date() if isinstance(value, datetime) else value
        return re.sub(r"(\d) ", rf"\1{texts.NBSP}", format_date(day, shape, locale=self.language))


def wording(language: str) -> Wording:
    """Return the words of one language, with those of the plugins that are here now."""
    return _wording(language, tuple(plugins.folders("translations")))


@cache
def _wording(language: str, brought: tuple[str, ...]) -> Wording:
    return Wording(language, brought)


@cache
def _templates(words: Wording) -> Environment:
    found = Environment(
        loader=FileSystemLoader(folder("templates")), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    found.filters |= {
        "number": texts.number, "day": texts.day, "moment": texts.moment, "time_of_day": texts.time_of_day,
        "paragraph": signed_paragraph, "t": words.translate,
    }  # fmt: skip
    found.globals |= {
        "_": words.translate,
        "language": words.language,
        "in_words": words.in_words,
        "sentence": lambda text: text[:1].upper() + text[1:],
        "part": lambda name: f"part:{name}",
    }
    return found


def drawn(template: str, language: str, context: Mapping[str, Any]) -> str:
    """Return the HTML of a document. What somebody wrote stands in it as text."""
    return _templates(wording(language)).get_template(template).render(context)
