"""The pages of orders: the list, one of them with all that can be done with it, and a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db, geo, media
from core.flow import Move, moves_for, waits_for
from core.http import actor, page, redraw_with, section_parts, see_other, takes
from core.http.forms import Form, read_filter, read_form, read_query, read_version
from core.http.paging import mark, moment, number_of, place
from core.http.texts import number, translate
from core.i18n import N_
from core.refs import Subject
from core.schema import OptionalReasonForm, Schema
from core.upkeep.presenting import latest, standing, title_of
from core.works import services
from core.works.evidence import send_photo
from core.works.models import PAUSES, PRIORITIES, SOURCES, WorkOrder
from core.works.presenting import standing_of
from core.works.schemas import (
    ASKS,
    AddedForm,
    OrderFilter,
    OrderForm,
    PartForm,
    PriorityForm,
    Where,
    asked_of,
)
from core.works.states import DO, HAPPENED, JUDGING, MAKE, ORDER, READ, UNDONE, WITH_THE_EXECUTOR
from core.works.views.blueprint import (
    PHOTO_FORM,
    contract_choices,
    pages,
    place_called,
    place_choices,
    room_tabs,
    with_place,
)

LABELS = {
    "oppna": N_("Öppna"),
    "att_godkanna": N_("Att bedöma"),
    "godkanda": N_("Godkända"),
    "avslutade": N_("Avslutade"),
}
STEPS = {
    "tilldelad": ("kvittera", N_("Kvittera att ni har tagit emot arbetsordern.")),
    "kvitterad": ("fardiganmal", N_("Gör arbetet, och visa med ett foto att det är klart.")),
    "pagar": ("fardiganmal", N_("Gör arbetet, och visa med ett foto att det är klart.")),
    "sakrad": ("fardiganmal", N_("Det är säkrat. Gör klart arbetet, och visa det med ett foto.")),
    "underkand": ("fardiganmal", N_("Arbetet är underkänt. Rätta det, och visa det med ett nytt foto.")),
    "pausad": ("ateruppta", N_("Återuppta arbetet när det går.")),
    "klaranmald": ("godkann", N_("Titta på det som är gjort och bedöm det.")),
    "godkand": ("avsluta", N_("Arbetet är godkänt. Avsluta arbetsordern.")),
    "overlamnad": ("tilldela", N_("Arbetsordern kom tillbaka. Ge den till någon annan.")),
    "ny": ("tilldela", N_("Ge arbetsordern till den som ska göra den.")),
}
"""What comes next in each state: the move, and a sentence."""

Forms = dict[str, Form]


@pages.get("/arbeten", needs=READ)
def list_orders() -> flask.Response:
    """List the orders, danger first, then what must be done first."""
    asked, wrong = read_filter(OrderFilter, request.args)
    after: Any = place(asked.get("efter"), int, moment, int)
    wish = services.Wish(asked["visa"], asked["avtal"], asked["prioritet"])
    found = services.list_orders(actor(), wish, after=after)
    own = [(str(row.uid), row.title) for row in services.list_contracts(actor())] if _reads_contracts() else []
    options = {"avtal": [("", translate(N_("Alla"))), *own]}
    counts = services.count_orders(actor(), wish)
    here = {"avtal": asked["avtal"], "prioritet": asked["prioritet"] or None}
    return page(
        "works/orders.html",
        status=422 if wrong else 200,
        rows=[(row, standing_of(row)) for row in found.rows],
        latest=latest,
        priorities=PRIORITIES,
        tab=asked["visa"],
        tabs=[
            {
                "text": translate(label),
                "href": flask.url_for("works.list_orders", visa=key, **here),
                "current": key == asked["visa"],
                "count": number_of(counts[key], services.COUNTED),
            }
            for key, label in LABELS.items()
        ],
        filter=Form(OrderFilter, asked, written=request.args if wrong else None, errors=wrong, options=options),
        filtered=bool(asked["avtal"] or asked["prioritet"]),
        doors=room_tabs("arbeten"),
        may_order=actor().may(MAKE),
        more=flask.url_for("works.list_orders", visa=asked["visa"], efter=mark(found.after), **here)
        if found.after
        else None,
    )


def _reads_contracts() -> bool:
    return actor().may("works:contract:read")


# --- A new one ----------------------------------------------------------------------------------------------------


@pages.get("/arbeten/ny", needs=MAKE)
def new_order() -> flask.Response:
    """Ask what is to be done; on the place that the address names (`plats`)."""
    asked = read_query(Where, request.args)
    known = {"uid": db.new_uid(), "priority": "p3", "where": place_called(asked["plats"])}
    return _new(Form(OrderForm, known, options=_choices()))


def _choices() -> dict[str, list[tuple[str, str]]]:
    own = services.orderers(actor(), MAKE)
    return {
        "where": place_choices(),
        "contract": [("", translate(N_("Egen personal"))), *contract_choices()],
        "organisation": own if len(own) == 1 else [("", translate(N_("Välj"))), *own],
    }


@pages.post("/arbeten/ny", needs=MAKE)
def order() -> flask.Response:
    """Order it."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(OrderForm)
        return _new(Form(OrderForm, written=request.form, errors=errors, options=_choices()))

    redraw_with(again)
    known = with_place(OrderForm().load(read_form(OrderForm, request.form)))
    made = services.order_directly(actor(), known.pop("uid"), **known)
    return see_other("works.read_order", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("works/new_order.html", form=form)


# --- One of them --------------------------------------------------------------------------------------------------


@pages.get("/arbeten/<uuid:uid>", needs=READ)
def read_order(uid: UUID) -> flask.Response:
    """Show an order: what, where, its clocks, its photos, what has happened, and what can be done now."""
    return _order_page(uid)


@pages.post("/arbeten/<uuid:uid>/steg/<key>", needs=READ)
@takes(PHOTO_FORM)
def move_order(uid: UUID, key: str) -> flask.Response:
    """Make a move of an order; what is said to be done is shown by the photo that goes with it."""
    schema = asked_of(ORDER.move(key))

    def again(problem: Any) -> flask.Response:
        found = services.read_order(actor(), uid)
        errors, options = problem.fields(schema), _move_options(found)
        return _order_page(uid, {key: Form(schema, written=request.form, errors=errors, ids=key, options=options)})

    redraw_with(again)
    known = schema().load(read_form(schema, request.form, request.files))
    version = read_version(request.form)
    if (photo := known.pop("photo", None)) is not None:
        found = services.read_order(actor(), uid)
        db.refuse_stale("order", uid, found.version, version)
        send_photo(actor(), uid, photo, "efter")
    services.move_order(actor(), uid, key, services.Said(**known), version=version)
    return see_other("works.read_order", uid=uid)


@pages.post("/arbeten/<uuid:uid>/foto", needs="media:photo:add")
@takes(PHOTO_FORM)
def add_photo(uid: UUID) -> flask.Response:
    """Add a photo to an order."""

    def again(problem: Any) -> flask.Response:
        form = Form(AddedForm, written=request.form, errors=problem.fields(AddedForm), ids="foto")
        return _order_page(uid, {"foto": form})

    redraw_with(again)
    known = AddedForm().load(read_form(AddedForm, request.form, request.files))
    send_photo(actor(), uid, known["photo"], known["role"])
    return see_other("works.read_order", uid=uid)


@pages.post("/arbeten/<uuid:uid>/prioritet", needs=MAKE)
def reprioritise(uid: UUID) -> flask.Response:
    """Let an order be more or less urgent."""

    def again(problem: Any) -> flask.Response:
        form = Form(PriorityForm, written=request.form, errors=problem.fields(PriorityForm), ids="prioritet")
        return _order_page(uid, {"prioritet": form})

    redraw_with(again)
    known = PriorityForm().load(read_form(PriorityForm, request.form))
    services.reprioritise(actor(), uid, **known, version=read_version(request.form))
    return see_other("works.read_order", uid=uid)


@pages.post("/arbeten/<uuid:uid>/delar", needs=MAKE)
def divide(uid: UUID) -> flask.Response:
    """Let somebody else do a part of an order."""

    def again(problem: Any) -> flask.Response:
        options = _move_options(services.read_order(actor(), uid))
        form = Form(PartForm, written=request.form, errors=problem.fields(PartForm), ids="del", options=options)
        return _order_page(uid, {"del": form})

    redraw_with(again)
    known = PartForm().load(read_form(PartForm, request.form))
    services.divide_order(actor(), uid, part=known.pop("uid"), **known)
    return see_other("works.read_order", uid=uid)


@pages.post("/arbeten/<uuid:uid>/paminn", needs=MAKE)
def remind(uid: UUID) -> flask.Response:
    """Remind whom an order waits for."""
    redraw_with(lambda problem: _order_page(uid, told=problem.fields(OptionalReasonForm)))
    Schema().load(read_form(Schema, request.form))
    services.remind(actor(), uid)
    return see_other("works.read_order", uid=uid)


def _move_options(found: WorkOrder) -> dict[str, list[tuple[str, str]]]:
    pauses = [(key, translate(PAUSES[key])) for key in services.pauses_for(actor(), found)]
    return {"contract": contract_choices(found.organisation_id), "pause": pauses}


def _order_page(uid: UUID, refused: Forms | None = None, told: dict[str, list[str]] | None = None) -> flask.Response:
    found = services.read_order(actor(), uid)
    moves, interest = _moves(found)
    refused = refused or {}
    photos = media.photos_of("order", [uid])[uid]
    [legs] = services.legs_of(actor(), [found]).values()
    words = STEPS.get(found.state, ("", ""))
    makes = actor().may(MAKE) and _reaches(found, MAKE)
    whole = Form(OptionalReasonForm, errors=told) if told else next(iter(refused.values()), None)
    return page(
        "works/order.html",
        order=found,
        state=ORDER.states[found.state],
        facts=_facts(found),
        legs=[(row, title_of(row), standing(row)) for row in legs],
        latest=latest,
        photos=photos,
        seen=media.pictures_for(actor(), photos),
        moves=moves,
        first=next((move for move in moves if move.key == words[0]), None),
        next_words=words[1],
        forms=_forms(found, moves) | refused,
        extra=_extra(found, refused) if makes and found.state in UNDONE else {},
        added=refused.get("foto") or Form(AddedForm, ids="foto"),
        may_add=actor().may("media:photo:add") and found.state in WITH_THE_EXECUTOR,
        may_remind=makes and found.state in WITH_THE_EXECUTOR,
        interest=interest,
        does=actor().may(DO) and _reaches(found, DO),
        form=whole,
        away=waits_for(found),
        events=[_told(event) for event in services.events_of(actor(), [found])],
        children=[(part, ORDER.states[part.state]) for part in services.parts_of(actor(), found)],
        parts=section_parts("order", _about(found), actor(), here=flask.url_for("works.read_order", uid=uid)),
    )


def _about(found: WorkOrder) -> Subject:
    return found.about(found.place)


def _reaches(found: WorkOrder, permission: str) -> bool:
    return services.reaches(actor(), found, permission)


def _moves(found: WorkOrder) -> tuple[list[Move], str | None]:
    """Return the moves that the person can make, and why she does not judge this where she otherwise could."""
    moves = moves_for(ORDER, found, actor())
    judges = any(move.key in JUDGING for move in moves)
    interest = services.why_not_judging(actor(), found) if judges else None
    pauses = services.pauses_for(actor(), found)
    shut = {*(JUDGING if interest else ()), *(() if pauses else ("pausa",))}
    return [move for move in moves if move.key not in shut], interest


def _forms(found: WorkOrder, moves: list[Move]) -> Forms:
    """Return the form of each move that asks something."""
    forms = {}
    for move in moves:
        if move.key == "tilldela" and found.state == "ny":
            continue
        if not move.reason and move.key not in ASKS:
            continue
        schema = asked_of(move)
        data = schema().load_draft({}) | {"reply": services.replies().get(move.key, "")}
        known = {name: value for name, value in data.items() if name in schema().fields}
        forms[move.key] = Form(schema, known, version=found.version, ids=move.key, options=_move_options(found))
    return forms


def _extra(found: WorkOrder, refused: Forms) -> Forms:
    options = _move_options(found)
    part = {"uid": db.new_uid(), "priority": found.priority}
    forms = {
        "prioritet": Form(PriorityForm, {"priority": found.priority}, version=found.version, ids="prioritet"),
    }
    if found.parent_id is None:
        forms["del"] = Form(PartForm, part, ids="del", options=options)
    return {key: refused.get(key, form) for key, form in forms.items()}


def _from(found: WorkOrder) -> str:
    """Say where an order comes from; one that was read in with what its register called it."""
    origin = services.origin_of(actor(), found)
    return f"{origin.source}, {origin.number}" if origin else translate(SOURCES[found.source])


def _facts(found: WorkOrder) -> list[tuple[str, str]]:
    told = [
        (translate(N_("Prioritet")), translate(PRIORITIES[found.priority])),
        (translate(N_("Kommer från")), _from(found)),
        (translate(N_("Tidskrav")), translate(found.terms["source"])),
    ]
    if found.point is not None:
        longitude, latitude = geo.to_geojson(found.point, decimals=6)["coordinates"]
        told.append((translate(N_("Läge")), f"{latitude} {longitude}"))
    if found.cost is not None:
        told.append((translate(N_("Kostnad, kr")), number(found.cost)))
    if found.on_site:
        told.append((translate(N_("Stickprov")), translate(N_("Ska ses på plats"))))
    return told


def _told(event: services.Happened) -> dict[str, Any]:
    """Return a line about what happened: the move, by whom, and what was said."""
    words = ". ".join(filter(None, (translate(PAUSES.get(event.pause, "")), translate(event.reason))))
    who = event.organisation.name if event.organisation else ""
    when = clock.local(event.at).strftime("%Y-%m-%d %H.%M")
    happened = translate(HAPPENED[event.kind])
    return {"text": happened + (f": {words}" if words else ""), "sub": f"{when} {who}"}
