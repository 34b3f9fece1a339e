"""The page of what a walk leaves on paper: each document with its button, and those that one has asked for."""

from __future__ import annotations

from uuid import UUID

import flask

from core.documents import CSV, DONE, SHAPES, STATES, XLSX, every_kind, list_documents
from core.http import actor, page
from core.i18n import N_
from core.walks import services
from core.walks.documents.letters import receivers_of
from core.walks.models import Walk
from core.walks.states import BEFORE_ITS_END, TO_COME
from core.walks.views.blueprint import pages

INVITATION, KIT, PROTOCOL, TABLE, FEEDBACK, LETTER = (
    f"walks:{name}" for name in ("invitation", "kit", "protocol", "observations", "feedback", "letter")
)
TABLES = {XLSX: N_("Raderna som kalkylblad (XLSX)"), CSV: N_("Raderna som textfil (CSV)")}


@pages.get("/vandringar/<uuid:uid>/dokument", needs="walks:walk:read")
def documents(uid: UUID) -> flask.Response:
    """Show what can be printed or sent of a walk."""
    walk = services.read_walk(actor(), uid)
    may_lead = services.reaches(actor(), Walk, walk.id, "walks:walk:lead")
    held = walk.state not in BEFORE_ITS_END
    return page(
        "walks/documents.html",
        walk=walk,
        tables=TABLES,
        held=held,
        may_lead=may_lead,
        invites=may_lead and walk.state in TO_COME,
        receivers=receivers_of(actor(), walk) if may_lead else [],
        mine=[
            (row, every_kind()[row.kind].title)
            for row in list_documents(actor(), subject=uid)
            if row.kind in every_kind()
        ],
        states=STATES,
        shapes=SHAPES,
        done=DONE,
        keys={
            "invitation": INVITATION,
            "kit": KIT,
            "protocol": PROTOCOL,
            "table": TABLE,
            "feedback": FEEDBACK,
            "letter": LETTER,
        },
    )
