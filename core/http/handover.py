"""Files that a colleague has carried from a phone: handed in on a page or from a phone, and what each brought."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from core import access, handover, media
from core.handover import CARRY, DONE, OUTCOMES, SENT, Handover, HandoverRefused
from core.http.blueprints import Api, Pages
from core.http.forms import Form, read_form
from core.http.frame import actor, takes
from core.http.pages import page, redraw_with, see_other
from core.http.photos import pieces
from core.http.texts import translate
from core.i18n import N_, Text
from core.schema import ListPage, Schema, fields

FILE_TYPE = "application/vnd.tryggplats.handover"
LARGEST = 4_000_000_000
"""Bound of one request; how large a file may be is a setting (`quota_bytes`)."""
KINDS = {"observations": "record", "photos": "photo", "changes": "change"}
FILE_BODY = {"required": True, "content": {FILE_TYPE: {"schema": {"type": "string", "format": "binary"}}}}

pages = Pages("handover", __name__)
api = Api("handover-api", __name__, description="Filer som en kollega har burit från en telefon till staden.")


class CountOut(Schema):
    """How many things of one kind a file holds, and what became of them; nothing while it is being opened."""

    sent = fields.Integer(required=True)
    here = fields.Integer(required=True)
    held = fields.Integer(required=True)
    review = fields.Integer(required=True)
    refused = fields.Integer(required=True)


class HandoverOut(Schema):
    """A file: whose phone it is from, without a name, and what came of it."""

    uid = fields.Uid(required=True)
    state = fields.Choice(handover.STATES, required=True)
    role = fields.String(required=True, blank=True, max=200)
    organisation = fields.String(required=True, blank=True, max=200)
    made_at = fields.Instant(required=True)
    received_at = fields.Instant(required=True)
    finished_at = fields.Instant(required=True, allow_none=True)
    observations = fields.Nested(CountOut, required=True)
    photos = fields.Nested(CountOut, required=True)
    changes = fields.Nested(CountOut, required=True)


class HandoversPage(ListPage):
    """The files that somebody has carried, or that are from her own phone, the latest first."""

    items = fields.List(fields.Nested(HandoverOut), required=True)


class HandoverForm(Schema):
    """A file to hand in."""

    file = fields.Upload(required=True, accept="*/*", label=N_("Filen från telefonen"))


@api.route("/handovers", methods=["GET"], needs=CARRY)
@api.response(200, HandoversPage)
def list_handovers() -> Any:
    """Filer som du har skickat in, eller som är från din telefon, och vad som blev av dem."""
    return {"items": [_told(one) for one in handover.list_handovers(actor())], "next": None}


@api.route("/handovers", methods=["POST"], needs=CARRY)
@api.doc(requestBody=FILE_BODY)
@api.response(202, HandoverOut)
@takes(LARGEST, streams=True)
def carry() -> Any:
    """Skicka in en fil som en telefon har gjort; den öppnas strax, och det som har kommit förut kommer inte igen.

    Kroppen är application/vnd.tryggplats.handover. 422 säger varför en fil inte tas emot: ändrad, för en annan server,
    eller från en telefon som inte är känd.
    """
    if request.mimetype != FILE_TYPE:
        raise HandoverRefused(Text(N_("Skicka filen som {type}."), type=FILE_TYPE), 415)
    with media.spooled(pieces()) as spool:
        return _told(handover.carry(actor(), spool)), 202


@pages.get("/overlamnade", needs=CARRY)
def show() -> flask.Response:
    """List the files that one has handed in, with a form for another."""
    return _page()


@pages.post("/overlamnade", needs=CARRY)
@takes(LARGEST)
def hand_in() -> flask.Response:
    """Hand in a file."""
    redraw_with(_page)
    known = HandoverForm().load(read_form(HandoverForm, request.form, request.files))
    with media.spooled(media.whole(known["file"].stream)) as spool:
        handover.carry(actor(), spool)
    return see_other("handover.show")


def _page(problem: Any = None) -> flask.Response:
    errors = {"file": [text for texts in problem.fields(HandoverForm).values() for text in texts]} if problem else None
    return page(
        "handover/list.html",
        form=Form(HandoverForm, errors=errors),
        rows=[(one, _from(one), _words(one)) for one in handover.list_handovers(actor())],
        states=handover.STATES,
        shapes={handover.OPENING: "waiting", DONE: "done", handover.FAILED: "refused"},
    )


def _from(one: Handover) -> str:
    """Return whose phone a file is from: a function, never a name."""
    told = (translate(access.ROLES[one.role]) if one.role in access.ROLES else "", one.organisation)
    return ", ".join(filter(None, told))


def _words(one: Handover) -> list[str]:
    """Return what there was of each kind of thing, and what became of it."""
    said = (N_("{n} mottagna"), N_("{n} väntar"), N_("{n} att granska"), N_("{n} togs inte emot"))
    found: list[str] = []
    for kind in KINDS.values():
        counts = _counted(one.counts.get(kind, {}))
        told = [Text(words, n=counts[name]) for name, words in zip(OUTCOMES, said, strict=True) if counts[name]]
        found.append(f"{counts[SENT]}{': ' if told else ''}{', '.join(map(translate, told))}")
    return found


def _told(one: Handover) -> dict[str, Any]:
    names = ("uid", "state", "organisation", "made_at", "received_at", "finished_at")
    return {
        **{name: getattr(one, name) for name in names},
        **{name: _counted(one.counts.get(kind, {})) for name, kind in KINDS.items()},
        "role": translate(access.ROLES[one.role]) if one.role in access.ROLES else "",
    }


def _counted(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in (SENT, *OUTCOMES)}
