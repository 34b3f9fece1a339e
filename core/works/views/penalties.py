"""The pages of penalties: what is proposed, what is claimed and what was waived, and one of them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock
from core.flow import Move, moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_filter, read_form, read_version
from core.http.paging import mark, number_of, place
from core.http.texts import number, translate
from core.i18n import N_
from core.works import services
from core.works.models import PENALISED, PENALTY_UNITS, Penalty, PenaltyEvent
from core.works.schemas.penalties import InvoicedForm, PenaltyFilter, PenaltyReason, PenaltyWhy
from core.works.states import PENALTY, PENALTY_HAPPENED
from core.works.views.blueprint import pages, room_tabs

LABELS = {
    "att_gora": N_("Att ta ställning till"),
    "kravda": N_("Krävda"),
    "fakturerade": N_("Fakturerade"),
    "eftergivna": N_("Eftergivna och återtagna"),
}
STEPS = {
    "foreslagen": ("bekrafta", N_("Kontrollera underlaget och bekräfta.")),
    "bekraftad": ("krava", N_("En annan person beslutar om vitet ska krävas.")),
    "bestridd": ("vidhall", N_("Entreprenören har bestritt vitet. Vidhåll eller efterge.")),
    "kravd": ("fakturera", N_("Vitet är krävt. Skriv fakturans nummer när det är fakturerat.")),
}
"""What comes next in each state: the move, and a sentence."""


@pages.get("/viten", needs="works:penalty:read")
def list_penalties() -> flask.Response:
    """List the penalties, and what they come to by contract."""
    asked, _ = read_filter(PenaltyFilter, request.args)
    tab, after = asked["visa"], place(asked.get("efter"), int)
    found, counts = services.list_penalties(actor(), tab, after=after), services.count_penalties(actor())
    tabs = [
        {
            "text": translate(label),
            "href": flask.url_for("works.list_penalties", visa=key),
            "current": key == tab,
            "count": number_of(counts[key], services.COUNTED),
        }
        for key, label in LABELS.items()
    ]
    return page(
        "works/penalties.html",
        rows=[(row, PENALTY.states[row.state]) for row in found.rows],
        more=flask.url_for("works.list_penalties", visa=tab, efter=mark(found.after)) if found.after else None,
        tallies=services.tallies(actor()),
        legs=PENALISED,
        tabs=tabs,
        doors=room_tabs("viten"),
    )


@pages.get("/viten/<uuid:uid>", needs="works:penalty:read")
def read_penalty(uid: UUID) -> flask.Response:
    """Show a penalty: what it is counted from, what has happened, and what can be done now."""
    return _penalty_page(uid)


@pages.post("/viten/<uuid:uid>/steg/<key>", needs="works:penalty:read")
def move_penalty(uid: UUID, key: str) -> flask.Response:
    """Make a move of a penalty."""
    PENALTY.move(key)

    def again(problem: Any) -> flask.Response:
        schema = _asked(PENALTY.move(key))
        form = Form(schema, written=request.form, errors=problem.fields(schema), ids=key)
        return _penalty_page(uid, {key: form})

    redraw_with(again)
    schema = InvoicedForm if key == "fakturera" else PenaltyReason
    known = schema().load(read_form(schema, request.form))
    services.move_penalty(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("works.list_penalties")


def _penalty_page(uid: UUID, refused: dict[str, Form] | None = None) -> flask.Response:
    found = services.read_penalty(actor(), uid)
    open_moves = moves_for(PENALTY, found, actor())
    hindered = {move.key: services.why_not_taking(actor(), found, move.key) for move in open_moves}
    moves = [move for move in open_moves if hindered[move.key] is None]
    forms = {move.key: Form(_asked(move), version=found.version, ids=move.key) for move in moves}
    step = STEPS.get(found.state, ("", ""))
    return page(
        "works/penalty.html",
        penalty=found,
        state=PENALTY.states[found.state],
        facts=_facts(found),
        moves=moves,
        interest=next(filter(None, hindered.values()), None),
        first=next((move for move in moves if move.key == step[0]), None),
        next_words=step[1],
        forms=forms | (refused or {}),
        form=next(iter((refused or {}).values()), None),
        events=[_told(event) for event in services.penalty_events(actor(), found)],
    )


def _asked(move: Move) -> type[PenaltyReason]:
    """Return what a step asks for: some need their reason, one the number of the invoice."""
    if move.key == "fakturera":
        return InvoicedForm
    return PenaltyWhy if move.reason else PenaltyReason


def _facts(found: Penalty) -> list[tuple[str, Any]]:
    unit = translate(PENALTY_UNITS[found.rule["per"]])
    if found.deviation is not None:
        about = [
            (translate(N_("Avvikelse")), found.deviation.what),
            (translate(N_("Sågs")), found.deviation.found_on.isoformat()),
            (translate(N_("Entreprenörens svar")), found.deviation.answer or None),
        ]
    else:
        about = [
            (translate(N_("Gäller")), translate(PENALISED[found.leg])),
            (translate(N_("Skulle vara gjort")), _last(found.late_since)),
            (translate(N_("Gjort, eller räknat till")), _moment(found.late_until)),
        ]
    return [
        *about,
        (translate(N_("Räknas")), f"{found.count} × {number(found.rule['amount'])} kr {unit}"),
        (translate(N_("Källa")), found.rule["source"]),
        (translate(N_("Möjligt vite, kr")), number(found.possible)),
        (translate(N_("Efter avtalets tak, kr")), number(found.amount)),
        *([(translate(N_("Faktura")), found.invoice)] if found.invoice else []),
    ]


def _last(at: datetime) -> str:
    """Return when it was to be done: a midnight is the end of the day before."""
    whole = clock.local(at).time() == time()
    return clock.last_day(at).isoformat() if whole else _moment(at)


def _moment(at: Any) -> str:
    return clock.local(at).strftime("%Y-%m-%d %H.%M")


def _told(event: PenaltyEvent) -> dict[str, Any]:
    names = (event.person.name if event.person else "", event.organisation.name if event.organisation else "")
    words, who = event.reason, ", ".join(filter(None, names))
    return {
        "text": translate(PENALTY_HAPPENED[event.kind]) + (f": {words}" if words else ""),
        "sub": f"{_moment(event.at)} {who}",
    }
