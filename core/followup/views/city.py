"""The one view of kommunstyrelsen over all boards."""

from __future__ import annotations

import flask

from core.applications.services import applications
from core.applications.states import APPLICATION
from core.followup.models import VIEW
from core.followup.views.blueprint import pages
from core.http import actor, page


@pages.get("/uppfoljning", needs=VIEW)
def show_city() -> flask.Response:
    """Show how many applications stand where, over all boards."""
    counts = applications.count_applications(actor())
    return page("followup/city.html", counts=[(APPLICATION.states[key], number) for key, number in counts.items()])
