"""What somebody wrote in a form after the session had ended: kept in the page itself until she has logged in again.

Nothing is stored with us. It travels through the login page, signed so that it comes from a form that was sent here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flask
from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from core.http.forms import page_above
from core.http.frame import BODY_BYTES, FORMS

LARGEST = 60_000
"""Bytes that are kept of a form; a longer one is the business of who has so much to send."""
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
    """Return the form of this request as a signed text; empty where it is none, or a very long one."""
    if request.mimetype not in FORMS or (request.content_length or BODY_BYTES + 1) > BODY_BYTES:
        return ""
    request.max_content_length = BODY_BYTES
    try:
        sent, had_file = request.form.to_dict(flat=False), any(one.filename for one in request.files.values())
    except HTTPException:
        return ""
    fields = {name: texts for name, texts in sent.items() if name != "csrf_token"}
    if not fields or sum(len(text.encode()) for texts in fields.values() for text in texts) > LARGEST:
        return ""
    return _signer().dumps([request.full_path.rstrip("?"), page_above(), fields, had_file])


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
