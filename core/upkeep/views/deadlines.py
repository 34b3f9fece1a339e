"""The page "Skötsel i tid": is everything kept, and why is this the date."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

import flask
from flask import request
from flask_babel import format_date

from core import clock, plugins
from core.flow import Refused, moves_for, waits_for
from core.hookspecs import Objection
from core.http import actor, page, redraw_with, section_parts, see_other
from core.http.forms import Form, read_filter, read_form, read_version
from core.http.paging import mark, moment, number_of, place
from core.http.texts import translate
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.refs import Subject
from core.schema import Schema
from core.upkeep import narrowing, services
from core.upkeep.documents import LIST
from core.upkeep.models import Deadline, DeadlineChange
from core.upkeep.naming import about as thing_of
from core.upkeep.presenting import (
    CHANGES,
    FIRST,
    GROUPS,
    OF_A_RULE,
    Standing,
    closing_themselves,
    latest,
    standing,
    title_of,
)
from core.upkeep.schemas import URGENCIES, Close, GoOn, NewDateForm, Pause, Reopen, Which
from core.upkeep.states import DEADLINE, STANDINGS
from core.upkeep.views.blueprint import pages

ASKED = {"oppen": Close, "klar": Reopen, "utgar": Reopen}
"""What a frist in each state asks before it moves on."""


BY_HAND: dict[str, tuple[str, type[Schema]]] = {
    "pausa": (N_("Pausa fristen"), Pause),
    "ateruppta": (N_("Låt fristen löpa igen"), GoOn),
    "flytta": (N_("Flytta fristen"), NewDateForm),
}
"""What can be done to the date, in words, and what each asks."""


@pages.get("/skotsel", needs="upkeep:deadline:read")
def list_open() -> flask.Response:
    """List the open frister, the most urgent first, whole or in part."""
    asked, wrong = read_filter(Which, request.args)
    after: Any = place(asked.get("efter"), int, moment, int)
    narrowed = _narrowed(asked)
    found = services.list_open(actor(), narrowed, standing=asked["visa"], after=after)
    shown = [(row, title_of(row), standing(row)) for row in found.rows]
    choices = _choices()
    kept = {name: asked.get(name) for name in ("visa", *choices)}
    form = Form(Which, asked, written=request.args if wrong else None, errors=wrong, options=choices)
    opened = next((row for row in found.rows if row.uid == asked.get("varfor") and row.level < PROTECTED), None)
    return page(
        "upkeep/list.html",
        status=422 if wrong else 200,
        groups=[(heading, list(rows)) for heading, rows in groupby(shown, key=_heading)],
        count=len(shown),
        more=flask.url_for("upkeep.list_open", **kept, efter=mark(found.after)) if found.after else None,
        filter=form,
        chosen=[form[name] for name in ("visa", *(name for name in choices if _can_choose(name, choices)))],
        narrowed=any(value for name, value in kept.items() if name != "visa"),
        asked=asked,
        tabs=_tabs(services.count_open(actor(), narrowed), kept),
        latest=latest,
        named=thing_of(actor(), found.rows),
        here=flask.url_for("upkeep.list_open", **kept, efter=asked.get("efter")),
        ahead=_ahead(narrowed) if asked["visa"] == "alla" and not after else [],
        opened=opened,
        wanted={"kind": LIST, "subject": actor().uid} | {name: value or "" for name, value in kept.items()},
        why=services.explained(actor(), opened) if opened else None,
    )


def _narrowed(asked: dict[str, Any]) -> services.Narrowed:
    urgency = asked.get("prioritet")
    return services.Narrowed(
        asked.get("ansvarig"),
        asked.get("stadsdel"),
        asked.get("slag") or "",
        int(urgency) if urgency else None,
        narrowing.chosen(asked),
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    """Return what a list can be narrowed to; each choice begins with all of them."""
    kinds = sorted((translate(kind.title), key) for key, kind in plugins.house().deadline_kinds.items())
    choices = {
        "ansvarig": [(str(uid), name) for uid, name in services.answering(actor())],
        "stadsdel": [(str(uid), name) for uid, name in services.following_up(actor())],
        "slag": [(key, title) for title, key in kinds],
        "prioritet": [(key, translate(words)) for key, words in URGENCIES.items()],
    }
    for way in narrowing.ways():
        choices[way.key] = [(str(uid), name) for uid, name in way.choices(actor())]
    return {name: [("", translate(N_("Alla"))), *known] for name, known in choices.items()}


def _can_choose(name: str, choices: dict[str, list[tuple[str, str]]]) -> bool:
    """Whether a field of the filter is shown: one of a room above only where there is something to choose."""
    return len(choices[name]) > 1 or name not in {way.key for way in narrowing.ways()}


def _tabs(counts: dict[str, int], kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of the list as tabs with their counts."""
    return [
        {
            "text": translate(words),
            "href": flask.url_for("upkeep.list_open", **kept | {"visa": key}),
            "current": key == kept["visa"],
            "count": number_of(counts[key], services.COUNTED),
        }
        for key, words in STANDINGS.items()
    ]


def _ahead(narrowed: services.Narrowed) -> list[dict[str, Any]]:
    """Return the forecast as the columns of a chart; nothing when no frist ends within it."""
    columns = [
        {
            "day": row.day,
            "label": str(row.day.day),
            "note": format_date(row.day, "EEE"),
            "value": n,
            "free": not row.is_wd,
        }
        for row, n in services.forecast(actor(), narrowed)
    ]
    return columns if any(column["value"] for column in columns) else []


def _heading(shown: tuple[Any, str, Standing]) -> str:
    row, _, now = shown
    if row.paused_since is not None or row.reported_at is not None:
        return N_("Löper inte nu")
    return FIRST.get(row.urgency) or GROUPS[now.group]


@pages.get("/skotsel/frister/<uuid:uid>", needs="upkeep:deadline:read")
def read_deadline(uid: UUID) -> flask.Response:
    """Show a frist: what it is about, why this is its date, and what closing it takes."""
    found = services.read_deadline(actor(), uid)
    return _page(found, Form(ASKED[found.state], version=found.version))


@pages.post("/skotsel/frister/<uuid:uid>/<any(klarmarkera, oppna_igen):key>", needs="upkeep:deadline:close")
def move(uid: UUID, key: str) -> flask.Response:
    """Close a frist, or open it again, with the reason given."""
    schema = Close if key == "klarmarkera" else Reopen

    def again(problem: Any) -> flask.Response:
        found = services.read_deadline(actor(), uid)
        return _page(found, Form(schema, written=request.form, errors=problem.fields(schema), version=found.version))

    redraw_with(again)
    known = schema().load(read_form(schema, request.form))
    services.move(actor(), uid, key, reason=known["reason"], version=read_version(request.form))
    return see_other("upkeep.read_deadline", uid=uid)


@pages.post("/skotsel/frister/<uuid:uid>/pausa", needs="upkeep:deadline:pause")
def pause(uid: UUID) -> flask.Response:
    """Let a frist stand still, with the reason given."""
    known = _asked(uid, "pausa")
    services.pause(actor(), uid, reason=known["reason"], version=read_version(request.form))
    return see_other("upkeep.read_deadline", uid=uid)


@pages.post("/skotsel/frister/<uuid:uid>/ateruppta", needs="upkeep:deadline:pause")
def resume(uid: UUID) -> flask.Response:
    """Let a paused frist run on."""
    known = _asked(uid, "ateruppta")
    services.resume(actor(), uid, reason=known["reason"], version=read_version(request.form))
    return see_other("upkeep.read_deadline", uid=uid)


@pages.post("/skotsel/frister/<uuid:uid>/flytta", needs="upkeep:deadline:move")
def move_date(uid: UUID) -> flask.Response:
    """Move a frist to another day, with the reason given."""
    known = _asked(uid, "flytta")
    off = services.day_off(services.read_deadline(actor(), uid), known["on"])
    if off and not known["confirm"]:
        words = N_("{day} är ingen arbetsdag ({name}). Kryssa i om det ändå ska vara sista dagen.")
        raise Refused([Objection(Text(words, day=known["on"].isoformat(), name=off), "confirm")], "flytta")
    services.move_date(actor(), uid, on=known["on"], reason=known["reason"], version=read_version(request.form))
    return see_other("upkeep.read_deadline", uid=uid)


def _asked(uid: UUID, act: str) -> dict[str, Any]:
    """Return what was written in the form of an act, drawn again in its place if it is refused."""
    schema = BY_HAND[act][1]

    def again(problem: Any) -> flask.Response:
        found = services.read_deadline(actor(), uid)
        written = {"written": request.form, "errors": problem.fields(schema)}
        refused = Form(schema, **written, version=found.version, ids=act)
        return _page(found, Form(ASKED[found.state], version=found.version), {act: refused})

    redraw_with(again)
    known: dict[str, Any] = schema().load(read_form(schema, request.form))
    return known


def _told(change: DeadlineChange) -> dict[str, Any]:
    words, shape = CHANGES[change.kind]
    reason = translate(change.reason) if change.kind in OF_A_RULE else change.reason
    return {"what": words, "reason": reason, "at": change.at, "shape": shape}


def _acts(found: Deadline, refused: dict[str, Form]) -> list[tuple[str, str, Form, bool]]:
    """Return what can be done to the date: key, words, form, and whether it stands open because it was refused."""
    offered = {*services.acts_for(actor(), found), *refused}
    return [
        (key, words, refused.get(key) or Form(schema, version=found.version, ids=key), key in refused)
        for key, (words, schema) in BY_HAND.items()
        if key in offered
    ]


def _page(found: Deadline, form: Form, refused: dict[str, Form] | None = None) -> flask.Response:
    """Draw the page; of a protected frist only that there is one, when it is due and who answers."""
    refused = refused or {}
    protected = found.level >= PROTECTED
    here = flask.url_for("upkeep.read_deadline", uid=found.uid)
    about = Subject(found.subject_kind, found.subject_uid, title_of(found), level=found.level)
    return page(
        "upkeep/deadline.html",
        deadline=found,
        title=title_of(found),
        latest=latest(found),
        standing=standing(found),
        why=services.explained(actor(), found),
        moves=[] if found.kind in closing_themselves() else moves_for(DEADLINE, found, actor()),
        away=waits_for(found),
        changes=[] if protected else [_told(change) for change in services.changes_of(actor(), [found])],
        named=thing_of(actor(), [found]).get(found.subject_uid),
        parts=[] if protected else section_parts("deadline", about, actor(), here=here),
        protected=protected,
        form=form,
        wrong=next(iter(refused.values()), form),
        acts=_acts(found, refused),
        is_late=found.state == "oppen" and found.paused_since is None and found.due_at <= clock.now(),
    )
