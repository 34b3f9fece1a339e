"""What somebody wrote in a form after the session had ended: kept in the page itself until she has logged in again.

Nothing is stored with us. It travels through the login page, signed so that it comes from a form that was sent here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flask
from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import RequestEntityTooLarge

from core.http.forms import page_above
from core.http.frame import FORMS

LARGEST = 300_000
"""Bytes that are kept of a form: more than any has in words and in what is drawn on a map (200,000)."""
SECONDS = 3600


@dataclass(frozen=True)
class Kept:
    """A form that was sent: where to, on which page it stands, and what it holds."""

    action: str
    page: str
    fields: dict[str, list[str]]
    had_file: bool = False
    """Whether a file was sent with it: that is not kept, and has to be chosen again."""

    @property
    def texts(self) -> list[str]:
        """What was written in words, to show whoever wrote it."""
        return [text for texts in self.fields.values() for text in texts if " " in text.strip()]


def keep() -> str:
    """Return the form of this request as a signed text; empty where it is none, or holds nothing.

    It may be as large as its page takes it, for a photo goes with many. Of a file only that there was one is kept.
    Raises RequestEntityTooLarge for a larger one, so that whoever wrote it goes back to it, as one logged in does.
    """
    if request.mimetype not in FORMS:
        return ""
    application: Any = flask.current_app
    asked: Any = request
    asked.max_content_length, asked.texts_only = application.body_bytes(), True
    sent, had_file = request.form.to_dict(flat=False), any(one.filename for one in request.files.values())
    fields = {name: texts for name, texts in sent.items() if name != "csrf_token"}
    if sum(len(text.encode()) for texts in fields.values() for text in texts) > LARGEST:
        raise RequestEntityTooLarge
    return _signer().dumps([request.full_path.rstrip("?"), page_above(), fields, had_file]) if fields else ""


def read(text: str) -> Kept | None:
    """Return what `keep` has kept; None for anything else, and after an hour."""
    try:
        kept = _signer().loads(text, max_age=SECONDS)
    except BadData:
        return None
    return Kept(*kept)


def _signer() -> URLSafeTimedSerializer:
    application: Any = flask.current_app
    return URLSafeTimedSerializer(application.settings.secret_key, salt="kept form")
