"""The page of an observation: what, where, photos, who answers, what they said, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, clock, media
from core.flow import Move, moves_for, waits_for
from core.http import actor, back_to, page, redraw_with, section_parts, see_other, takes
from core.http.forms import Form, read_form, read_version
from core.http.texts import translate
from core.i18n import N_, Text
from core.places.models import ASSET_KINDS
from core.walks import field, services
from core.walks.limits import CALL, LIMITS
from core.walks.models import (
    AFFECTED,
    NATURES,
    SEASONS,
    SEVERITIES,
    TIMES_OF_DAY,
    WEEKDAYS,
    Observation,
    ObservationEvent,
    Walk,
)
from core.walks.schemas import AddedForm, Call, ObservationForm, OnWalkForm
from core.walks.states import HAPPENED, LEFT_OUT, LOGGED_IN, OBSERVATION, TABS, shown_state
from core.walks.views.blueprint import (
    PHOTO_FORM,
    Choices,
    Forms,
    answerers,
    asked_by,
    move_forms,
    numbers_for,
    pages,
    refused_form,
)
from core.walks.views.steps import step_of_observation

EDIT = "walks:observation:edit"
WORKED_ON = ("mottagen", "atgardas", "planerad", "atgardad", "verifierad")
"""States in which a photo taken after the work is offered; in others it is folded away."""

DARK_THEN = N_("Mörkt, {after} efter solnedgången")
DUSK_THEN = N_("Skymning eller gryning, {after} efter solnedgången")

AWAITED = (*TABS["att_besvara"], *TABS["pagar"])
"""States in which somebody has an observation to answer or to mend, and needs to see what it looks like."""


@pages.get("/iakttagelser/<uuid:uid>", needs="walks:observation:read")
def read_observation(uid: UUID) -> flask.Response:
    """Show an observation: what, where, photos, who answers, and what can be done now."""
    return _observation_page(uid)


@pages.post("/iakttagelser/<uuid:uid>/steg/<key>", needs="walks:observation:read")
def move_observation(uid: UUID, key: str) -> flask.Response:
    """Make a move of the observation."""

    def options() -> Choices:
        return _options(services.read_observation(actor(), uid), [key])

    redraw_with(lambda problem: _observation_page(uid, refused_form(key, problem, options())), options=options)
    schema = asked_by(OBSERVATION.move(key).key)
    known = schema().load(read_form(schema, request.form))
    services.move_observation(actor(), uid, key, services.Answer(**known), version=read_version(request.form))
    return see_other("walks.read_observation", uid=uid)


@pages.post("/iakttagelser/<uuid:uid>/foto", needs="media:photo:add")
@takes(PHOTO_FORM)
def add_photo(uid: UUID) -> flask.Response:
    """Add a photo taken after the work."""

    def refused(problem: Any) -> flask.Response:
        errors = problem.fields(AddedForm)
        form = Form(AddedForm, errors={"photo": list(chain.from_iterable(errors.values()))}, ids="foto")
        return _observation_page(uid, added=form)

    redraw_with(refused)
    known = AddedForm().load(read_form(AddedForm, request.form, request.files))
    field.add_photo(actor(), uid, known["photo"], "efter")
    there = back_to(request.args.get("till"), f"/iakttagelser/{uid}")
    return flask.make_response(flask.redirect(there, 303))


@pages.get("/iakttagelser/<uuid:uid>/andra", needs=EDIT)
def edit(uid: UUID) -> flask.Response:
    """Show an observation to be changed."""
    found = _editable(uid)
    return page("walks/edit.html", observation=found, form=_edit_form(found))


@pages.post("/iakttagelser/<uuid:uid>/andra", needs=EDIT)
def change_observation(uid: UUID) -> flask.Response:
    """Save what was changed of an observation."""

    def refused(problem: Any) -> flask.Response:
        found = _editable(uid)
        errors = problem.fields(ObservationForm)
        form = Form(ObservationForm, written=request.form, errors=errors, options=_choices(found))
        return page("walks/edit.html", observation=found, form=form)

    redraw_with(refused, saved=lambda: _edit_form(_editable(uid)))
    known = ObservationForm().load(read_form(ObservationForm, request.form))
    known["severity"] = int(known.pop("severity_key"))
    services.change_observation(actor(), uid, version=read_version(request.form), **known)
    return see_other("walks.read_observation", uid=uid)


def may_edit(found: Observation) -> bool:
    """Whether the person may change an observation, and it can still be changed."""
    open_still = found.walk is None or found.walk.state in LOGGED_IN
    return open_still and services.reaches(actor(), Observation, found.id, EDIT)


def _reads_walk(found: Observation) -> bool:
    on = found.walk_id
    return on is not None and services.reaches(actor(), Walk, on, "walks:walk:read")


def _editable(uid: UUID) -> Observation:
    found = services.read_observation(actor(), uid)
    access.require(actor(), EDIT, found)
    return found


def _edit_form(found: Observation) -> Form:
    names = ObservationForm().fields
    known = {name: getattr(found, name) for name in names if name not in ("severity_key", "place")}
    known |= {"severity_key": str(found.severity), "place": found.place.uid if found.place else None}
    return Form(ObservationForm, known, version=found.version, options=_choices(found))


def _choices(found: Observation) -> dict[str, list[tuple[str, str]]]:
    """Return the numbers of what stands nearest in the city's register, each with what it is, and the places there."""
    things = [(one.number, translate(ASSET_KINDS[one.kind])) for one in services.things_near(actor(), found)]
    near = {str(uid): name for uid, name in services.places_near(actor(), found)}
    if found.place:
        near.setdefault(str(found.place.uid), found.place.name)
    return {"asset_ref": things, "place": [("", translate(N_("Ingen plats"))), *near.items()]}


@pages.get("/iakttagelser/<uuid:uid>/vandring", needs=EDIT)
def choose_walk(uid: UUID) -> flask.Response:
    """Ask on which walk something was seen that came without one."""
    return _walk_page(_editable(uid))


@pages.post("/iakttagelser/<uuid:uid>/vandring", needs=EDIT)
def join_walk(uid: UUID) -> flask.Response:
    """Let an observation belong to a walk."""

    def refused(problem: Any) -> flask.Response:
        return _walk_page(_editable(uid), problem.fields(OnWalkForm))

    redraw_with(refused)
    known = OnWalkForm().load(read_form(OnWalkForm, request.form))
    services.join_walk(actor(), uid, known["walk"], version=read_version(request.form))
    return see_other("walks.read_observation", uid=uid)


def _walk_page(found: Observation, errors: dict[str, list[str]] | None = None) -> flask.Response:
    choices = [(str(row.uid), f"{row.number} {row.title}") for row in services.open_walks(actor())]
    form = Form(OnWalkForm, version=found.version, errors=errors, options={"walk": choices})
    return page("walks/choose_walk.html", observation=found, form=form, choices=choices)


@pages.post("/iakttagelser/<uuid:uid>/ring", needs="walks:observation:edit")
def note_call(uid: UUID) -> flask.Response:
    """Keep whom somebody has called about a danger."""

    def refused(problem: Any) -> flask.Response:
        form = Form(Call, written=request.form, errors=problem.fields(Call), ids="ring")
        return _observation_page(uid, called=form)

    redraw_with(refused)
    services.note_call(actor(), uid, **Call().load(read_form(Call, request.form)))
    return see_other("walks.read_observation", uid=uid)


def _call_form(found: Observation) -> Form | None:
    """Return the form that asks whom one has called, where somebody should and this person may say so."""
    if not found.is_danger or services.is_called(actor(), found):
        return None
    return (
        Form(Call, ids="ring") if services.reaches(actor(), Observation, found.id, "walks:observation:edit") else None
    )


def _facts(found: Observation) -> list[tuple[str, str]]:
    told = [(N_("Typ"), NATURES[found.nature]), (N_("Allvar"), SEVERITIES[found.severity])]
    chosen = (
        (N_("Tid på dygnet"), TIMES_OF_DAY, found.time_of_day),
        (N_("Dagar"), WEEKDAYS, found.weekday),
        (N_("Årstid"), SEASONS, found.season),
    )
    told += [(label, words[key]) for label, words, key in chosen if key]
    told += [(shown["label"], shown["text"]) for shown in found.details["shown"]]
    lines = [(translate(label), translate(text)) for label, text in told] + _light(found)
    if found.affected:
        lines.append((translate(N_("Berör")), ", ".join(translate(AFFECTED[key]) for key in found.affected)))
    thing = found.asset_ref
    if found.asset and actor().may("places:asset:read"):
        thing = f"{translate(ASSET_KINDS[found.asset.kind])} {found.asset.number}"
    own = ((N_("Objekt"), thing), (N_("Förslag"), found.proposed_measure))
    return lines + [(translate(label), text) for label, text in own if text]


def _light(found: Observation) -> list[tuple[str, str]]:
    """Return how dark it was, and in which direction somebody looked."""
    told: list[tuple[str, str]] = []
    if found.after_sunset_min is not None:
        dark = found.sun_elevation is not None and found.sun_elevation < services.DARK
        words = DARK_THEN if dark else DUSK_THEN
        after = f"{found.after_sunset_min // 60} h {found.after_sunset_min % 60} min"
        told.append((translate(N_("Ljus")), translate(Text(words, after=after))))
    if found.torch:
        told.append((translate(N_("Ficklampa")), translate(N_("Tänd i telefonen"))))
    if found.heading is not None:
        told.append((translate(N_("Riktning")), f"{round(found.heading)}°"))
    return told


def _told(change: ObservationEvent) -> dict[str, Any]:
    """Return a line about what happened: the move, by whom, and what was said."""
    happened = translate(HAPPENED[change.kind])
    if change.receiver and change.kind == "fordela":
        happened = translate(Text(N_("Fördelad till {name}"), name=change.receiver.name))
    said = [happened]
    if change.called:
        said.append(change.called)
    if change.receiver and change.kind != "fordela":
        said.append(translate(Text(N_("den borde gå till {name}"), name=change.receiver.name)))
    if change.done_on:
        said.append(translate(Text(N_("klart {day}"), day=change.done_on.isoformat())))
    words = [text for text in (change.answer, change.reason) if text]
    who = change.organisation.name if change.organisation else ""
    when = clock.local(change.at).strftime("%Y-%m-%d %H.%M")
    return {"text": ", ".join(said) + (f": {' '.join(words)}" if words else ""), "sub": f"{when} {who}"}


def _proposed(found: Observation) -> UUID | None:
    """Return who is chosen beforehand as the receiver: whom a wrong one names, else who has rådighet."""
    chosen = found.proposed or (None if found.state == "fel_mottagare" else found.organisation)
    return chosen.uid if chosen else None


def _options(found: Observation, moves: Iterable[str]) -> Choices:
    """Return the choices that moves of an observation ask for: who is to answer, and what it may be the same as."""
    asked = set(moves)
    options = answerers() if asked & {"fordela", "hanvisa_vidare"} else {}
    if "markera_dubblett" in asked:
        rows = services.observations_of(actor(), found.walk)
        others = [row for row in rows if row.id != found.id and row.state not in LEFT_OUT]
        options["kept"] = [(str(row.uid), f"{row.number}. {translate(row.kind_title)}") for row in others]
    return options


def _waits_for_nobody(found: Observation, moves: list[Move]) -> bool:
    """Whether it was sent where nobody can answer, on the page of who can take it back."""
    may_recall = any(move.key == "ta_tillbaka" for move in moves)
    return may_recall and found.organisation_id not in services.answerable()


def _unreviewed(found: Observation, photos: list[media.Photo]) -> UUID | None:
    """Return the first picture that a receiver outside the city waits to see, for who can review it."""
    waits = [photo.uid for photo in photos if photo.review not in media.PUBLIC and photo.role != "efter"]
    if found.state not in AWAITED or not waits or not actor().may("media:photo:read"):
        return None
    return waits[0] if found.organisation_id in services.sees_only_reviewed() else None


def _observation_page(
    uid: UUID, refused: Forms | None = None, added: Form | None = None, called: Form | None = None
) -> flask.Response:
    found = services.read_observation(actor(), uid)
    merged = services.merged_into(actor(), found)
    photos = [
        photo
        for those in media.photos_of("observation", [uid, *(row.uid for row in merged)]).values()
        for photo in those
    ]
    moves, seen = moves_for(OBSERVATION, found, actor()), media.pictures_for(actor(), photos)
    here = flask.url_for("walks.read_observation", uid=uid)
    asked = move_forms(moves, refused, _proposed(found), _options(found, [move.key for move in moves]))
    asked["form"], call = added or called or asked["form"], called or _call_form(found)
    return page(
        "walks/observation.html",
        observation=found,
        state=shown_state(found.nature, found.state),
        facts=_facts(found),
        changes=[_told(change) for change in services.changes_of(actor(), [found])],
        merged=merged,
        may_edit=may_edit(found),
        call=call,
        step=step_of_observation(found, moves, asks=asked["forms"], calls=call is not None),
        limit=LIMITS[CALL],
        numbers=numbers_for([found.place] if found.place else [], found.organisation),
        after=found.state in WORKED_ON or added is not None,
        photos=photos,
        pairs=services.pairs_among(actor(), photos),
        seen=seen,
        unreviewed=_unreviewed(found, [photo for photo in photos if seen.get(photo.uid) == "ready"]),
        moves=moves,
        away=waits_for(found),
        unmanned=_waits_for_nobody(found, moves),
        parts=section_parts("observation", found.ref().ref, actor(), here=here),
        may_add=actor().may("media:photo:add") and not found.camera_off,
        may_read_walk=_reads_walk(found),
        added=added or Form(AddedForm, ids="foto"),
        **asked,
    )
