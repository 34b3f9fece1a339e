"""The page of what a cycle leaves on paper: each document with its button, and those that one has asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask

from core.cooperation import documents, services
from core.cooperation.models import Cycle
from core.cooperation.models.cycles import READ
from core.cooperation.views.blueprint import pages
from core.documents import CSV, DONE, SHAPES, STATES, XLSX, every_kind, list_documents
from core.http import actor, page
from core.http.texts import translate
from core.i18n import N_

FORMATS = {XLSX: N_("som kalkylblad (XLSX)"), CSV: N_("som textfil (CSV)")}


@pages.get("/samverkan/<uuid:uid>/dokument", needs=READ)
def list_cycle_documents(uid: UUID) -> flask.Response:
    """Show what can be printed or sent of a cycle; of pictures those that one may read now."""
    cycle = services.read_cycle(actor(), uid)
    pictures, problems = _pictures(cycle), services.problems_of(actor(), cycle)
    subjects = [uid, *(key for key, _ in pictures), *(one.problem.uid for one in problems)]
    mine = [row for row in list_documents(actor()) if row.subject in subjects and row.kind in every_kind()]
    return page(
        "cooperation/documents.html",
        cycle=cycle,
        pictures=pictures,
        problems=[one.problem for one in problems],
        formats=FORMATS,
        keys={
            name: getattr(documents, name) for name in ("PICTURE", "CAUSES", "PLAN", "FOLLOW_UP", "GOALS", "MEASURES")
        },
        mine=[(row, every_kind()[row.kind].title) for row in mine],
        may_ask=actor().may("documents:document:ask"),
        states=STATES,
        shapes=SHAPES,
        done=DONE,
    )


def _pictures(cycle: Cycle) -> list[tuple[UUID, str]]:
    """Return the pictures that the actor may read: one's own, those that are open, the common one."""
    found: dict[UUID, Any] = {}
    own, common = services.own_picture(actor(), cycle), services.common_picture(actor(), cycle)
    for one in (own, *services.opened_pictures(actor(), cycle)):
        if one is not None:
            found[one.report.uid] = one.report.organisation_id
    parties = {one.organisation_id: one.organisation.name for one in services.parties_of(actor(), cycle, left=True)}
    named = [(uid, parties.get(key, "")) for uid, key in found.items()]
    called = translate(N_("Gemensam lägesbild"))
    return [*([(common.report.uid, called)] if common is not None else []), *sorted(named, key=lambda pair: pair[1])]
