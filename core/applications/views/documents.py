"""The page of what an application leaves on paper: each document that can be asked for now, and those asked for."""

from __future__ import annotations

from uuid import UUID

import flask

from core.applications.documents import offered
from core.applications.models import READ
from core.applications.services import applications
from core.applications.views.blueprint import pages
from core.documents import ASK, SHAPES, STATES, every_kind, list_documents
from core.http import actor, page


@pages.get("/ansokningar/<uuid:uid>/dokument", needs=READ)
def list_application_documents(uid: UUID) -> flask.Response:
    """Show what can be printed or sent of an application as it stands, and what one has asked for."""
    application = applications.read_application(actor(), uid)
    groups = offered(actor(), application)
    subjects = {uid, *(one.subject for group in groups for one in group.items)}
    mine = [row for row in list_documents(actor()) if row.subject in subjects and row.kind in every_kind()]
    return page(
        "applications/documents.html",
        application=application,
        groups=groups,
        mine=[(row, every_kind()[row.kind].title) for row in mine],
        may_ask=actor().may(ASK),
        states=STATES,
        shapes=SHAPES,
    )
