"""Two have changed the same thing: what stands now beside what was written, and a choice (design.md 4.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import flask
from flask import g, request

from core import journal
from core.http.forms import Form, FormField, page_above
from core.http.pages import page
from core.http.texts import translate
from core.i18n import N_
from core.schema.words import TICKS


@dataclass(frozen=True)
class Difference:
    """A question that the two have answered differently, in words."""

    label: str
    saved: str
    yours: str


@dataclass(frozen=True)
class Changed:
    """Who changed it last, as far as the reader may know (else empty), and when; `own`: the reader elsewhere."""

    who: str
    at: datetime
    own: bool


def conflict_page(saved: Callable[[], Form] | None, uid: UUID | None = None) -> flask.Response:
    """Draw both versions; what was written is sent again over the one that stands now only by a press that says so.

    Where nobody says what the form holds now (`saved`), as for a move, the page tells that something has changed,
    and what was written. `uid` is of the thing that both have changed, where that is known.
    """
    stands = saved() if saved else None
    yours = stands.filled_in(request.form) if stands else None
    pairs = [(one, other) for one, other in zip(stands or (), yours or (), strict=True) if _said(one) != _said(other)]
    return page(
        "errors/conflict.html",
        form=yours if pairs else None,
        differences=[Difference(one.label, _said(one), _said(other)) for one, other in pairs if one.widget != "hidden"],
        agreed=stands is not None and not pairs,
        written=_written(),
        changed=_changed(uid) if uid else None,
        back=page_above(),
    )


def _written() -> list[tuple[str, str]]:
    """Return what was written or chosen, each after its question, in words."""
    asked, options = g.get("asked"), g.get("options")
    form = Form(asked, written=request.form, options=options() if options else None) if asked else ()
    told = [one for one in form if one.label and one.value and one.widget != "hidden"]
    return [(one.label, _said(one)) for one in told]


def _changed(uid: UUID) -> Changed | None:
    line, application = journal.latest_about(uid), flask.current_app
    if line is None:
        return None
    people: Any = application.doorkeeper  # type: ignore[attr-defined]
    own = line.actor_uid is not None and line.actor_uid == g.actor.uid
    return Changed(people.known_as(g.actor, line.actor_uid, line.organisation_id), line.at, own)


def _said(field: FormField) -> str:
    """Return what a field answers, in words."""
    if field.widget in TICKS:
        return translate(N_("Ja") if field.value else N_("Nej"))
    values = field.value if isinstance(field.value, list) else [field.value]
    labels = {option[0]: option[1] for option in field.options}
    return ", ".join(labels.get(value, value) for value in values).replace("\r\n", "\n").strip()
