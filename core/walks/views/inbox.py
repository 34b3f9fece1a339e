"""The receiver's inbox, and the coordinator's page where what was seen on a walk is sent there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import media
from core.flow import waits_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_query, read_version
from core.http.paging import mark, moment, place
from core.i18n import N_
from core.upkeep.presenting import Standing, standing
from core.walks import services
from core.walks.limits import ANSWER, CALL, LIMITS, ROUTE
from core.walks.models import SEVERITIES
from core.walks.schemas import AnswerAllForm, AnswerForm, InboxQuery, PickedForm
from core.walks.states import OBSERVATION, TABS
from core.walks.views.blueprint import answerers, light_tabs, pages, refused_whole
from core.walks.views.outcomes import SENT

LABELS = {"att_besvara": N_("Att besvara"), "pagar": N_("Pågår"), "besvarade": N_("Besvarade")}


@pages.get("/inkorg", needs="walks:observation:answer")
def list_inbox() -> flask.Response:
    """Show what the organisation has to answer, danger first; one row may be opened to be answered in place."""
    asked = read_query(InboxQuery, request.args)
    after: Any = place(asked.get("efter"), int, moment, int)
    return _inbox(asked["visa"], asked["oppen"], after=after, dark=asked["ljus"] == "morker")


def _inbox(
    tab: str, opened: UUID | None, *, after: Any = None, dark: bool = False, form: Form | None = None
) -> flask.Response:
    found = services.list_inbox(actor(), tab=tab, after=after, dark=dark)
    photos = media.photos_of("observation", [row.uid for row in found.rows])
    row = services.chosen(actor(), [opened])[0] if opened else None
    if row is not None and form is None:
        form = Form(AnswerForm, action=_to(row.uid), version=row.version, options=answerers(), ids="svar")
    counts = services.count_inbox(actor(), dark=dark)
    light = "morker" if dark else None
    here = {"visa": tab, "efter": request.args.get("efter"), "ljus": light}
    return page(
        "walks/inbox.html",
        rows=[(one, _due(one), photos[one.uid]) for one in found.rows],
        opened=row,
        away=waits_for(row) if row else None,
        seen=media.pictures_for(actor(), photos[row.uid]) if row and row.uid in photos else set(),
        form=form,
        limit=LIMITS[ANSWER],
        tab=tab,
        tabs=[
            (key, label, counts[key], flask.url_for("walks.list_inbox", visa=key, ljus=light))
            for key, label in LABELS.items()
        ],
        here=here,
        lights=light_tabs(light, lambda ljus: flask.url_for("walks.list_inbox", visa=tab, ljus=ljus)),
        severities=SEVERITIES,
        states=OBSERVATION.states,
        more=flask.url_for("walks.list_inbox", visa=tab, ljus=light, efter=mark(found.after)) if found.after else None,
    )


def _due(row: Any) -> Standing | None:
    """Return how it stands with the answer that is waited for."""
    if row.due_on is None:
        return None
    names = ("due_at", "due_on", "badly_late_at", "paused_since", "reported_at")
    return standing(SimpleNamespace(**{name: getattr(row, name) for name in names}))


def _to(uid: UUID) -> str:
    return flask.url_for("walks.answer", uid=uid)


@pages.post("/inkorg/<uuid:uid>", needs="walks:observation:answer")
def answer(uid: UUID) -> flask.Response:
    """Answer one observation from its opened row."""
    redraw_with(lambda problem: _opened(uid, _refused(AnswerForm, problem, action=_to(uid))), options=answerers)
    known = AnswerForm().load(read_form(AnswerForm, request.form))
    services.answer(actor(), uid, known.pop("choice"), services.Answer(**known), version=read_version(request.form))
    return see_other("walks.list_inbox")


def _refused(schema: type[AnswerForm], problem: Any, action: str = "") -> Form:
    """Return the answer that was refused, with what was written."""
    options, errors = answerers(), problem.fields(schema)
    return Form(schema, written=request.form, errors=errors, action=action, options=options, ids="svar")


def _opened(uid: UUID, form: Form) -> flask.Response:
    found = services.chosen(actor(), [uid])[0]
    tab = next((key for key, states in TABS.items() if found.state in states), "att_besvara")
    return _inbox(tab, uid, form=form)


@pages.get("/inkorg/flera", needs="walks:observation:answer")
def several() -> flask.Response:
    """Show what was ticked, and ask for the answer that they all get, before anything is saved."""
    known = read_query(PickedForm, request.args) if "vald" in request.args else {"vald": []}
    return _several(known["vald"])


def _several(uids: list[UUID], form: Form | None = None) -> flask.Response:
    rows = services.chosen(actor(), uids) if uids else []
    picked, options = AnswerAllForm().load_draft({"vald": [str(uid) for uid in uids]}), answerers()
    form = form or Form(AnswerAllForm, picked, options=options, ids="svar")
    return page("walks/several.html", rows=rows, form=form, states=OBSERVATION.states)


@pages.post("/inkorg/flera", needs="walks:observation:answer")
def answer_several() -> flask.Response:
    """Give all that was ticked the same answer, or none of them."""
    redraw_with(lambda problem: _several(_ticked(), _refused(AnswerAllForm, problem)), options=answerers)
    known = AnswerAllForm().load(read_form(AnswerAllForm, request.form))
    services.answer_all(actor(), known.pop("vald"), known.pop("choice"), services.Answer(**known))
    return see_other("walks.list_inbox")


def _ticked() -> list[UUID]:
    """Return what was ticked in a form that was refused, as far as it can be read."""
    return [UUID(text) for text in request.form.getlist("vald") if not PickedForm().validate({"vald": [text]})]


@pages.get("/vandringar/<uuid:uid>/granska", needs="walks:observation:route")
def review(uid: UUID) -> flask.Response:
    """Show what waits to be sent on, with who is proposed."""
    return _review(uid)


def _review(uid: UUID, form: Form | None = None) -> flask.Response:
    walk = services.read_walk(actor(), uid)
    rows = services.waiting_on(actor(), walk)
    photos = media.photos_of("observation", [row.uid for row in rows])
    ticked = set(request.form.getlist("vald")) if form else {str(row.uid) for row in rows if _may_go_along(row)}
    told = [(row, row.proposed or row.organisation, photos[row.uid]) for row in rows]
    there = services.answerable()
    return page(
        "walks/review.html",
        walk=walk,
        dangers=[one for one in told if one[0].is_danger],
        rows=[one for one in told if not one[0].is_danger],
        ticked=ticked,
        unmanned={to.id for _, to, _ in told if to is not None and to.id not in there},
        states=OBSERVATION.states,
        severities=SEVERITIES,
        limits={"route": LIMITS[ROUTE], "call": LIMITS[CALL]},
        form=form or Form(PickedForm),
    )


def _may_go_along(row: Any) -> bool:
    """Whether it is ticked beforehand: no danger, which is sent within the hour of the call (domain.md 2.5)."""
    return not row.is_danger and (row.state != "fel_mottagare" or row.proposed_id is not None)


@pages.post("/vandringar/<uuid:uid>/granska", needs="walks:observation:route")
def send(uid: UUID) -> flask.Response:
    """Review and send all that was ticked, each to whom is proposed."""
    redraw_with(lambda problem: _review(uid, refused_whole(PickedForm, problem)))
    known = PickedForm().load(read_form(PickedForm, request.form))
    services.send_all(actor(), uid, known["vald"])
    return see_other("walks.read_walk", uid=uid, gjort=SENT)
