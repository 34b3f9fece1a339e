"""One page that says which boards have a platssamverkan, an agreement with the police and a council, and which lack."""

from __future__ import annotations

import flask
from flask import request

from core import clock
from core.agreements import services
from core.agreements.documents import COVERAGE
from core.agreements.models.together import PARTS
from core.agreements.schemas.collaborations import CoverageFilter
from core.agreements.services.coverage import READ_COVERAGE, Row
from core.agreements.states import COLLABORATION, COUNCIL
from core.agreements.views.blueprint import doors, pages
from core.flow import State
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.i18n import N_

LACKS = State(N_("Saknas"), "danger", "missing")


@pages.get("/platssamverkan/tackning", needs=READ_COVERAGE)
def coverage() -> flask.Response:
    """Show every stadsdelsnämnd with what it has on a day, and what it lacks."""
    asked, wrong = read_filter(CoverageFilter, request.args)
    day = asked.get("dag") or clock.today()
    rows = services.coverage.coverage(actor(), day)
    return page(
        "agreements/coverage.html",
        status=422 if wrong else 200,
        doors=doors("tackning"),
        day=day,
        rows=rows,
        parts=PARTS,
        lacking={part: [row.board.name for row in rows if part in row.lacks] for part in PARTS},
        lacks=LACKS,
        stands={row.board.id: _stands(row, day) for row in rows},
        filter=Form(CoverageFilter, {"dag": day}, written=request.args if wrong else None, errors=wrong),
        wanted={"kind": COVERAGE, "subject": actor().uid, "day": day.isoformat(), "format": "xlsx"},
    )


def _stands(row: Row, day: object) -> dict[str, list[tuple[object, State, str]]]:
    """Return what a board has of each part, how it stands, and who answers for it."""
    told: dict[str, list[tuple[object, State, str]]] = {}
    for part in PARTS:
        told[part] = []
        for one in row.of(part):
            if part == "polis":
                stands = services.agreements.standing_of(one, day)  # type: ignore[arg-type]
            else:
                stands = (COLLABORATION if part == "platssamverkan" else COUNCIL).states[one.state]
            told[part].append((one, stands, row.mandates[part, one.id]))
    return told
