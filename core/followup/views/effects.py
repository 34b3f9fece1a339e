"""The pages of the effect of a grant: each goal with what it was before, what is measured since, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.applications.models import WRITE, Application
from core.applications.services import applications
from core.applications.states import APPLICATION
from core.applications.views.blueprint import taken_at
from core.flow import Move, moves_for
from core.followup.effect import TONES, VERDICTS
from core.followup.models import MEASURE, PHASES, READ, Effect
from core.followup.schemas.effects import BaselineForm, CompareForm, MeasureForm
from core.followup.services import carrying_out, effects
from core.followup.states import EFFECTS
from core.followup.views.blueprint import pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, none, read_version, refused, said
from core.http.texts import translate
from core.i18n import N_
from core.schema import ReasonForm, Schema

taken_at("/effekt", "folj_upp")


@pages.get("/ansokningar/<uuid:uid>/effekt", needs=READ)
def show_effect(uid: UUID) -> flask.Response:
    """Show what each goal was before, what is measured since, and what that shows."""
    return _page(uid)


@pages.post("/effekter/<uuid:uid>", needs=MEASURE)
def measure(uid: UUID) -> flask.Response:
    """Write what was measured."""
    about = effects.read_effect(actor(), uid).application.uid
    redraw_with(lambda problem: _page(about, refused(f"e{uid}", MeasureForm, problem)))
    effects.measure(actor(), uid, version=read_version(request.form), **said(MeasureForm))
    return see_other("followup.show_effect", uid=about, _anchor="effekt")


@pages.post("/effekter/<uuid:uid>/fore", needs=MEASURE)
def complete_baseline(uid: UUID) -> flask.Response:
    """Add what is not known of the frozen value."""
    about = effects.read_effect(actor(), uid).application.uid
    redraw_with(lambda problem: _page(about, refused(f"f{uid}", BaselineForm, problem)))
    effects.complete_baseline(actor(), uid, version=read_version(request.form), **said(BaselineForm))
    return see_other("followup.show_effect", uid=about, _anchor="effekt")


@pages.post("/effekter/<uuid:uid>/steg/<key>", needs=MEASURE)
def move_effect(uid: UUID, key: str) -> flask.Response:
    """Say that it cannot be measured, or take back what was written."""
    if key not in ("avsta", "ratta"):
        flask.abort(404)
    about = effects.read_effect(actor(), uid).application.uid
    redraw_with(lambda problem: _page(about, refused(f"{key}{uid}", ReasonForm, problem)))
    effects.move_effect(actor(), uid, key, version=read_version(request.form), **said(ReasonForm))
    anew = {"oppna": f"e{uid}", "_anchor": "skriv"} if key == "ratta" else {"_anchor": "effekt"}
    return see_other("followup.show_effect", uid=about, **anew)


@pages.post("/ansokningar/<uuid:uid>/effekt/jamforelse", needs=MEASURE)
def compare(uid: UUID) -> flask.Response:
    """Write what was measured where nothing was done."""
    redraw_with(lambda problem: _page(uid, refused(COMPARE, CompareForm, problem, _options(uid))))
    effects.compare(actor(), uid, **said(CompareForm))
    return see_other("followup.show_effect", uid=uid, _anchor="jamforelse")


@pages.post("/ansokningar/<uuid:uid>/effekt/uppfoljd", needs=WRITE)
def follow_up(uid: UUID) -> flask.Response:
    """Say that the effect is followed up."""
    redraw_with(lambda problem: _page(uid, refused("folj_upp", Schema, problem)))
    applications.move_application(actor(), uid, "folj_upp", version=read_version(request.form), **said())
    return see_other("followup.show_effect", uid=uid)


def _options(uid: UUID) -> dict[str, Options]:
    application = carrying_out.read_granted(actor(), uid)
    found = effects.followed(actor(), application)
    places = effects.places_beside(actor(), application)
    return {
        "goal": [(str(one.goal.uid), f"{one.goal.number}. {one.goal.text}") for one in found],
        "place": [none(N_("Hela staden eller ett större område")), *((str(one.uid), one.name) for one in places)],
    }


def _page(uid: UUID, told: Forms | None = None) -> flask.Response:
    """Draw what is measured and what comes next; of the forms the one that is asked for (`oppna`) or was refused."""
    application = carrying_out.read_granted(actor(), uid)
    found = effects.followed(actor(), application)
    writes = applications.reaches(actor(), application, MEASURE)
    told = told or {}
    asked = next(iter(told), request.args.get("oppna", ""))
    offered = {key for one in found for key in _offered(one)} if writes else set()
    compares = writes and bool(found) and application.finished_on is not None
    form = told.get(asked) or (_form(asked, found) if asked in offered else None)
    if form is None and compares and asked == COMPARE:
        known = CompareForm().load_draft({}) | {"uid": db.new_uid()}
        form = Form(CompareForm, known, ids=COMPARE, options=_options(uid))
    return page(
        "followup/effect.html",
        application=application,
        goals=[_shown(one) for one in found],
        next_up=_next_up(application, found),
        offered=offered,
        compares=compares,
        opened=asked if form else "",
        form=form,
        refused=bool(told),
        phases=PHASES,
        verdicts=VERDICTS,
        tones=TONES,
        states=EFFECTS.states,
        today=clock.today(),
        moves=_followed_up(application),
    )


def _next_up(application: Application, found: list[effects.Followed]) -> tuple[effects.Followed, Effect] | None:
    """Return the measuring that comes next, with its goal, once the work is finished: the first that is due."""
    left = [(one, row) for one in found for row in one.after if row.state == EFFECTS.start]
    return min(left, key=lambda pair: pair[1].due_on, default=None) if application.finished_on else None


def _followed_up(application: Application) -> list[Move]:
    """Return the step that says that the effect is followed up, where it lies open to the actor."""
    return [one for one in moves_for(APPLICATION, application, actor()) if one.key == "folj_upp"]


COMPARE = "jamfor"


def _offered(one: effects.Followed) -> Iterator[str]:
    """Yield the forms that there are about a goal, as they are asked for: what it is, and the measuring's uid."""
    before = one.before
    if before is not None and before.state == "matt" and (before.n is None or not before.hour):
        yield f"f{before.uid}"
    for row in (*one.after, *one.compared):
        yield from (f"e{row.uid}", f"avsta{row.uid}") if row.state == EFFECTS.start else (f"ratta{row.uid}",)


def _form(asked: str, found: list[effects.Followed]) -> Form:
    """Return a form that is offered."""
    rows = {str(row.uid): (one, row) for one in found for row in (one.before, *one.after, *one.compared) if row}
    one, row = rows[asked[-UID_LENGTH:]]
    kind = asked[:-UID_LENGTH]
    before = one.before
    if kind == "f":
        return Form(BaselineForm, {}, version=row.version, ids=asked)
    if kind != "e":
        return Form(ReasonForm, version=row.version, ids=asked)
    same = {"hour": before.hour, "method": before.method} if before else {}
    return Form(MeasureForm, MeasureForm().load_draft({}) | same, version=row.version, ids=asked)


UID_LENGTH = 36


def _shown(one: effects.Followed) -> dict[str, Any]:
    measured = [row for row in (one.before, *one.after) if row is not None and row.value is not None]
    points: list[dict[str, Any]] = []
    for row in measured:
        point: dict[str, Any] = {"label": translate(PHASES[row.phase]), "value": _short(row.value)}
        if row.low is not None and row.high is not None:
            point |= {"low": _short(row.low), "high": _short(row.high)}
        points.append(point)
    drawable = all(low >= 0 for row in measured for low in (row.value, row.low) if low is not None)
    return {"one": one, "points": points if len(points) > 1 and drawable else []}


def _short(value: float | None) -> float | int | None:
    if value is None:
        return None
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
