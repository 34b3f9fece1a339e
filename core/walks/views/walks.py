"""The pages of walks: the list, and the walk."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import media
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_filter, read_form, read_version
from core.http.paging import mark, moment, place
from core.http.texts import translate
from core.i18n import N_
from core.schema import Invalid
from core.upkeep.presenting import latest, standing, title_of
from core.walks import services
from core.walks.models import LIGHTS, SEVERITIES, THEMES, Observation, Walk
from core.walks.schemas import WalkFilter
from core.walks.states import LOG, LOGGED_IN, PARTS_OF_WALK, WALK, part_of_walk, shown_state
from core.walks.views.blueprint import Forms, asked_by, light_tabs, move_forms, pages, refused_form, room_tabs
from core.walks.views.outcomes import TOLD, awaiting, outcome_of
from core.walks.views.steps import step_of_walk

FEW = 10
"""So many observations are read in one list, without parts to choose between."""


@pages.get("/vandringar", needs="walks:walk:read")
def list_walks() -> flask.Response:
    """List the walks that the person reaches, the latest first."""
    asked, wrong = read_filter(WalkFilter, request.args)
    after: Any = place(asked.get("efter"), moment, int)
    wanted = services.Wanted(
        state=asked.get("lage", ""),
        theme=asked.get("tema", ""),
        year=asked.get("ar"),
        district=asked.get("leder"),
        mine=asked["mina"],
    )
    found = services.list_walks(actor(), after=after, wanted=wanted)
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in asked and name != "efter"}
    more = flask.url_for("walks.list_walks", **kept, efter=mark(found.after)) if found.after else None
    return page(
        "walks/list.html",
        status=422 if wrong else 200,
        doors=room_tabs("vandringar"),
        rows=found.rows,
        ongoing=services.ongoing(actor()),
        states=WALK.states,
        themes=THEMES,
        more=more,
        filter=_filter(asked, wrong),
        asked=kept,
        may_lead=actor().may("walks:walk:lead"),
    )


def _filter(asked: dict[str, Any], wrong: Invalid | None) -> Form:
    everything = [("", translate(N_("Alla")))]
    options = {
        "lage": everything + [(key, translate(state.label)) for key, state in WALK.states.items()],
        "tema": everything + [(key, translate(label)) for key, label in THEMES.items()],
        "leder": everything + [(str(row.uid), row.name) for row in services.organisers(actor())],
    }
    return Form(WalkFilter, asked, written=request.args if wrong else None, errors=wrong, options=options)


@pages.get("/vandringar/<uuid:uid>", needs="walks:walk:read")
def read_walk(uid: UUID) -> flask.Response:
    """Show a walk with what was seen on it."""
    return _walk_page(uid)


@pages.post("/vandringar/<uuid:uid>/steg/<key>", needs="walks:walk:read")
def move_walk(uid: UUID, key: str) -> flask.Response:
    """Make a move of the walk."""
    redraw_with(lambda problem: _walk_page(uid, refused_form(key, problem)))
    schema = asked_by(WALK.move(key).key)
    known = schema().load(read_form(schema, request.form))
    services.move_walk(actor(), uid, key, version=read_version(request.form), **known)
    told = {"gjort": key} if key in TOLD else {}
    return see_other("walks.read_walk", uid=uid, **told)


def _walk_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    walk = services.read_walk(actor(), uid)
    observations = services.observations_of(actor(), walk)
    photos = media.photos_of("observation", [row.uid for row in observations])
    lights, lit = _lights(walk, observations)
    parts, shown = _parts(walk, observations, lit)
    route, may_lead = services.route_of(walk), services.reaches(actor(), Walk, walk.id, "walks:walk:lead")
    moves, may_log = services.moves_of(actor(), walk), _may_log(walk)
    asked = move_forms(moves, refused)
    if not refused and not services.seems_unheld(walk):
        asked["forms"].pop("avsluta", None)
    followers = services.followed_by(actor(), walk)
    plain = [move for move in moves if move.key not in asked["forms"]]
    return page(
        "walks/walk.html",
        walk=walk,
        places=services.places_of(actor(), walk),
        state=WALK.states[walk.state],
        themes=THEMES,
        step=step_of_walk(walk, plain, may_lead=may_lead, may_log=may_log, is_followed=bool(followers)),
        log_page=flask.url_for("walks.log_page", uid=uid) if may_log else "",
        severities=SEVERITIES,
        observations=[(row, shown_state(row.nature, row.state), photos[row.uid]) for row in shown],
        seen=len(lit),
        parts=parts,
        lights=lights,
        awaiting=awaiting(observations, photos),
        retaken=services.to_retake(actor(), walk),
        moves=moves,
        outcome=outcome_of(walk, request.args.get("gjort", "")),
        sun=services.sun_of(walk),
        light=LIGHTS[services.light_of(walk)],
        route=route,
        warnings=services.warnings_about(walk, route),
        followers=followers,
        may_lead=may_lead,
        pairs=len(services.pairs_of(actor(), walk)),
        waiting=len(services.waiting_on(actor(), walk)) if actor().may("walks:observation:route") else 0,
        frister=[(row, title_of(row), standing(row)) for row in services.deadlines_about(actor(), walk)],
        latest=latest,
        **asked,
    )


def _parts(
    walk: Walk, rows: list[Observation], lit: list[Observation]
) -> tuple[list[dict[str, Any]], list[Observation]]:
    """Return the parts of many observations, and the rows of the part that the address asks for.

    `lit` are those in the light that is asked for: they are counted and shown; a part of the others is there with none.
    """
    if len(rows) <= FEW:
        return [], lit
    there = {part_of_walk(row.nature, row.state) for row in rows}
    part = {row.uid: part_of_walk(row.nature, row.state) for row in lit}
    counts = Counter(part.values())
    chosen = request.args.get("visa", "")
    if chosen not in there:
        chosen = ""
    light = request.args.get("ljus") if len(lit) < len(rows) else None
    titles = {"": N_("Alla")} | {key: title for key, (title, _) in PARTS_OF_WALK.items() if key in there}
    tabs = [
        {
            "text": translate(title),
            "href": flask.url_for(
                "walks.read_walk", uid=walk.uid, visa=key or None, ljus=light, _anchor="iakttagelser"
            ),
            "current": key == chosen,
            "count": counts[key] if key else len(lit),
        }
        for key, title in titles.items()
    ]
    return tabs, [row for row in lit if chosen in ("", part[row.uid])]


def _lights(walk: Walk, rows: list[Observation]) -> tuple[list[dict[str, Any]], list[Observation]]:
    """Return the choice of light where what was seen differs in that, and the rows in the light that is asked for."""
    dark = [row for row in rows if row.sun_elevation is not None and row.sun_elevation < services.DARK]
    chosen = "morker" if request.args.get("ljus") == "morker" and dark else None
    if len(dark) in (0, len(rows)):
        return [], rows
    part = request.args.get("visa")

    def address(ljus: str | None) -> str:
        return flask.url_for("walks.read_walk", uid=walk.uid, visa=part, ljus=ljus, _anchor="iakttagelser")

    return light_tabs(chosen, address), dark if chosen else rows


def _may_log(walk: Walk) -> bool:
    if walk.state not in LOGGED_IN or not actor().may(LOG):
        return False
    return services.reaches(actor(), Walk, walk.id, LOG)
