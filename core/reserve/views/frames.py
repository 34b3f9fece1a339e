"""The page of the reserve: how much there is to grant each year, and how much of it is granted."""

from __future__ import annotations

import flask

from core.http import actor, page
from core.reserve import services
from core.reserve.models import SEE
from core.reserve.services.programmes import programmes
from core.reserve.views.blueprint import pages


@pages.get("/reserven", needs=SEE)
def show_reserve() -> flask.Response:
    """Show the frame of each year of each programme, what is granted of it and what remains."""
    found = [(one, services.frames_of(actor(), one)) for one in programmes()]
    return page("reserve/reserve.html", found=found)
