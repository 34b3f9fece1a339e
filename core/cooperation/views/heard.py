"""What the page of a measure says of who is heard: bodies that are asked, perspectives, methods; and its choices."""

from __future__ import annotations

from typing import Any

from core import db
from core.cooperation import catalogue
from core.cooperation.models import PERSPECTIVES, STANCES, Cycle
from core.cooperation.schemas.consulting import AskForm, OutcomeForm, PerspectiveForm
from core.cooperation.services import consulting, library
from core.cooperation.services.measures import Step
from core.cooperation.states import CONSULTATION
from core.http import actor
from core.http.forms import Form, Forms
from core.http.texts import translate
from core.i18n import N_
from core.walks.services.reaching import organisations

Options = dict[str, list[tuple[str, str]]]


def kind_options() -> Options:
    """Return what a measure may be, and what it may belong to, for its form."""
    named = {"kind": {key: one.title for key, one in catalogue.measure_kinds().items()}} | area_names()
    return {
        name: [("", translate(N_("Inte bestämt"))), *((key, translate(title)) for key, title in titles.items())]
        for name, titles in named.items()
    }


def area_names() -> dict[str, Any]:
    """Return the names of the focus areas and of the priority areas, by field and key."""
    return {"focus_area": catalogue.focus_areas(), "priority_area": catalogue.priority_areas()}


def extras(found: Step, cycle: Cycle, *, works: bool) -> tuple[dict[str, Any], Forms]:
    """Return what the page of a measure shows of consultation and perspectives, and the forms of it."""
    measure, forms = found.measure, dict[str, Any]()
    lacks = consulting.watch(actor(), [measure])[measure.id]
    seen = consulting.perspectives_of(actor(), [measure])[measure.id]
    proposed = consulting.suggestions(actor(), found)
    if works:
        fresh = AskForm().load_draft({}) | {"uid": db.new_uid()}
        unasked = next((one for one in proposed if one.asked is None), None)
        if unasked is not None:
            fresh |= {"organisation": unasked.organisation.uid, "function": translate(unasked.rule.function)}
        forms["samrad"] = Form(AskForm, fresh, ids="samrad", options=ask_options())
        for key in PERSPECTIVES:
            row = seen.get(key)
            known = {name: getattr(row, name) for name in PerspectiveForm().fields} if row else {"relevant": True}
            forms[f"p-{key}"] = Form(PerspectiveForm, known, version=row.version if row else 0, ids=f"p-{key}")
            if row is not None and cycle.state == "genomfora":
                came = {"outcome": row.outcome}
                forms[f"u-{key}"] = Form(OutcomeForm, came, version=row.version, ids=f"u-{key}")
    shown = {
        "asked_bodies": [
            (row, CONSULTATION.states[row.state]) for row in consulting.consultations_of(actor(), measure)
        ],
        "proposed": [one for one in proposed if one.asked is None],
        "parts": catalogue.PARTS,
        "lacks": [str(translate(words)) for words in consulting.in_words(lacks)],
        "perspectives": PERSPECTIVES,
        "seen": seen,
        "kind": catalogue.measure_kind(measure.kind),
        "areas": area_names(),
        "fitting": library.suggested([found.cause]).get(found.cause.id, []),
        "stances": STANCES,
    }
    return shown, forms


def ask_options() -> Options:
    """Return who can be asked."""
    return {"organisation": [(str(row.uid), row.name) for row in organisations(actor())]}
