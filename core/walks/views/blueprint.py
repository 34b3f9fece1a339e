"""The blueprint of the pages of walks, and the forms of moves that several of them draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import request

from core.flow import Move
from core.http import Pages, actor
from core.http.forms import Form
from core.http.texts import translate
from core.i18n import N_, Text
from core.people import services as people
from core.people.models import Organisation
from core.places.models import Place
from core.schema import OptionalReasonForm, Schema
from core.walks import services
from core.walks.schemas import ASKS

pages = Pages("walks", "core.walks.views")
PHOTO_FORM = 60_000_000
"""Bytes of a form with a photo; how large the photo may be is a setting."""

DOORS = (
    ("vandringar", N_("Vandringar"), "/vandringar", "walks:walk:read"),
    ("uppfoljning", N_("Uppföljning"), "/vandringar/uppfoljning", "walks:walk:read"),
    ("obesvarat", N_("Obesvarat"), "/vandringar/obesvarat", "walks:observation:read"),
    ("rapport", N_("Rapport"), "/vandringar/rapport", "walks:walk:read"),
    ("inkorg", N_("Inkorg"), "/inkorg", "walks:observation:answer"),
)

Forms = dict[str, Form]
"""The forms of moves that ask something, by the key of their move: each with ids of its own, on one page."""
Choices = dict[str, list[tuple[str, str]]]
"""The choices that only this request knows, by the field that they are chosen in."""


def asked_by(key: str) -> type[Schema]:
    """Return what the move called `key` asks."""
    return ASKS.get(key, OptionalReasonForm)


def move_forms(
    moves: Iterable[Move], refused: Forms | None = None, receiver: Any = None, options: Choices | None = None
) -> dict[str, Any]:
    """Return the form of each move that asks something, as the page draws it, and the one that was refused.

    `receiver` is who is chosen beforehand.
    """
    forms = {}
    for move in (move for move in moves if move.reason or move.key in ASKS):
        schema = asked_by(move.key)
        data = schema().load({}) | {"receiver": receiver} if move.key == "fordela" and receiver else None
        forms[move.key] = Form(schema, data, ids=move.key, options=options)
    forms |= {key: form for key, form in (refused or {}).items() if key in forms}
    return {"forms": forms, "form": next(iter((refused or {}).values()), None)}


def refused_form(key: str, problem: Any, options: Choices | None = None) -> Forms:
    """Return the form of the move that was refused, with what was written."""
    schema = asked_by(key)
    errors = problem.fields(schema)
    return {key: Form(schema, written=request.form, errors=errors, ids=key, options=options)}


def refused_whole(schema: type[Schema], problem: Any) -> Form:
    """Return a form of buttons and ticks that was refused: what is wrong is told of the whole."""
    told = {"": [text for texts in problem.fields(schema).values() for text in texts]}
    return Form(schema, written=request.form, errors=told)


def room_tabs(current: str) -> list[dict[str, Any]]:
    """Return the doors of the room beside each other, those that the person may open."""
    doors = [door for door in DOORS if actor().may(door[3])]
    return [
        {"text": translate(label), "href": href, "current": key == current}
        for key, label, href, _ in doors
        if len(doors) > 1
    ]


def light_tabs(chosen: str | None, address: Callable[[str | None], str]) -> list[dict[str, Any]]:
    """Return the choice between all that was seen and what was seen after dark."""
    named = ((None, N_("Oavsett ljus")), ("morker", N_("I mörker")))
    return [{"text": translate(text), "href": address(key), "current": key == chosen} for key, text in named]


def answerers() -> Choices:
    """Return the choices of a form that asks who is to answer."""
    return {"receiver": receivers()}


def receivers() -> list[tuple[str, str]]:
    """Return the organisations that can be chosen to answer, for a list to open; where nobody can, it says so."""
    there, unmanned = services.answerable(), N_("{name} (ingen hos dem kan svara här)")
    rows = services.organisations(actor())
    return [(str(row.uid), row.name if row.id in there else translate(Text(unmanned, name=row.name))) for row in rows]


def numbers_for(places: Iterable[Place], organisation: Organisation | None) -> list[tuple[str, str, str]]:
    """Return whom one rings about a danger: what it is called, its number, and where or whose that is."""
    told = [(translate(N_("Jouren")), place.oncall, place.name) for place in places if place.oncall]
    theirs = people.telephones(organisation) if organisation else []
    return told + [(name, number, organisation.name if organisation else "") for name, number in theirs]
