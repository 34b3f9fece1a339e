"""What phones have sent that waits, in the API: the same lists and the same choice as on the desk's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import sync
from core.http.blueprints import Api
from core.http.frame import actor
from core.http.paging import mark, place
from core.http.sent import Pair, last_of, pairs_of, why
from core.http.texts import translate
from core.i18n import N_
from core.schema import Invalid, ListPage, ListQuery, Schema, fields
from core.sync import CHOOSE, HOMELESS, READ, STATES, TO_CHOOSE, Change, Row

api = Api("sync-api", __name__, description="Det som telefoner har skickat och som väntar på en människa.")


class SentQuery(ListQuery):
    """Which part of what waits, and whether only what one has sent oneself."""

    part = fields.Choice({TO_CHOOSE: N_("Behöver granskas"), HOMELESS: N_("Utan det som de hör till")})
    mine = fields.Boolean(load_default=False)


class SentFieldOut(Schema):
    """A field that a person decides, in words: what was sent (mine), what stands (theirs); whether both can stand."""

    name = fields.String(required=True, max=40)
    label = fields.String(required=True, blank=True, max=200)
    mine = fields.String(required=True, blank=True, multiline=True)
    theirs = fields.String(required=True, blank=True, multiline=True)
    both = fields.Boolean(required=True)


class WaitingOut(Schema):
    """Something that a phone has sent: of what, why it waits, in words, and what there is to choose.

    `who` changed the record last, `theirs_at`, as far as the reader may know; `title` and `page` are of the record,
    empty where it is not reached.
    """

    uid = fields.Uid(required=True)
    kind = fields.String(required=True, max=40)
    record = fields.Uid(required=True)
    title = fields.String(required=True, blank=True, max=300)
    page = fields.String(required=True, blank=True, max=200)
    creates = fields.Boolean(required=True)
    own = fields.Boolean(required=True)
    state = fields.Choice(STATES, required=True)
    why = fields.String(required=True, blank=True, max=40)
    reason = fields.String(required=True, blank=True, max=300)
    made_at = fields.Instant(required=True)
    received_at = fields.Instant(required=True)
    theirs_at = fields.Instant(required=True, allow_none=True)
    who = fields.String(required=True, blank=True, max=300)
    fields_ = fields.List(fields.Nested(SentFieldOut), required=True, data_key="fields")
    version = fields.Integer(required=True, min=1)


class SettledOut(Schema):
    """What became of a choice: what the record holds now of the fields, and its version (null: there is none)."""

    uid = fields.Uid(required=True)
    state = fields.Choice(STATES, required=True)
    version = fields.Integer(required=True, min=1)
    record_version = fields.Integer(required=True, allow_none=True)
    fields_ = fields.Object(required=True, data_key="fields")


class AnswerOut(Schema):
    """What the phone is told of what it has sent: where it stands, why, and which fields wait for a choice."""

    uid = fields.Uid(required=True)
    state = fields.Choice(STATES, required=True)
    reason = fields.String(required=True, blank=True, max=40)
    title = fields.String(required=True, blank=True, max=300)
    fields_ = fields.List(fields.String(max=40), required=True, data_key="fields")
    version = fields.Integer(required=True, allow_none=True)


class KeptOut(AnswerOut):
    """What the phone is told of a record that is kept and not created; the city has it since `received_at`."""

    received_at = fields.Instant(required=True)


class SentPage(ListPage):
    """A page of what waits."""

    items = fields.List(fields.Nested(WaitingOut), required=True)


class ChoiceIn(Schema):
    """What shall hold, by field; of a creation the field is `record`, and `parent` (or null) what it belongs to."""

    version = fields.Integer(required=True, min=1)
    choices = fields.Object(required=True)
    parent = fields.Uid(allow_none=True)


@api.route("/sync/changes", methods=["GET"], needs=READ)
@api.asks(SentQuery)
@api.response(200, SentPage)
def list_changes(asked: dict[str, Any]) -> Any:
    """Det från telefoner som en människa väljer om, det äldsta först. `next`: nästa sidas `after`.

    `mine=true`: bara det som du själv har skickat. `part=utan`: även det som fortfarande väntar på något annat.
    """
    after = place(asked.get("after"), int)
    kept = {"part": asked.get("part", ""), "mine": asked["mine"], "after": after[0] if after else None}
    found = sync.list_changes(actor(), **kept)
    return {"items": told(found.rows), "next": mark((found.after,) if found.after else None)}


@api.route("/sync/changes/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, WaitingOut)
def read_change(uid: UUID) -> Any:
    """Något som en telefon har skickat, och vad som blev av det."""
    return told([sync.read(actor(), uid)])[0]


@api.route("/sync/changes/<uuid:uid>/choice", methods=["POST"], needs=CHOOSE)
@api.reads(ChoiceIn)
@api.response(200, SettledOut)
def choose(known: dict[str, Any], uid: UUID) -> Any:
    """Välj vad som ska gälla: det som skickades (mine), det som står (theirs) eller båda texterna (both)."""
    where = {"parent": known["parent"]} if "parent" in known else {}
    try:
        sync.choose(actor(), uid, known["choices"], version=known["version"], **where)
    except Invalid as error:
        raise (error if "parent" in error.errors else error.under("choices")) from None
    row = sync.read(actor(), uid)
    stands = {name: row.stands[name] for name in row.change.fields if name in row.stands}
    names = ("uid", "state", "version", "record_version")
    return {name: getattr(row.change, name) for name in names} | {"fields_": {} if row.change.creates else stands}


def told(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what was sent, as the API tells it."""
    last, found = last_of(rows), []
    for row, pairs in zip(rows, pairs_of(rows), strict=True):
        change, one = row.change, sync.recording(row.change.record_kind)
        now = last.get(change.record_uid)
        said = {name: getattr(change, name) for name in ("uid", "creates", "state", "received_at", "version")}
        said |= {"kind": change.record_kind, "record": change.record_uid, "title": translate(row.about)}
        said |= {"page": one.page.format(uid=change.record_uid) if row.about else "", "own": _is_own(change)}
        said |= {"why": change.reason, "reason": why(change), "made_at": change.made_at or change.received_at}
        said |= {"theirs_at": now.at if now else None, "who": now.who if now else ""}
        found.append(said | {"fields_": [_field(pair) for pair in pairs]})
    return found


def _is_own(change: Change) -> bool:
    return change.sender_id == actor().id


def _field(pair: Pair) -> dict[str, Any]:
    names = {"name": pair.name, "label": pair.label, "both": pair.both}
    return names | {"mine": pair.sent, "theirs": pair.stands}


PREFER = {
    "name": "Prefer",
    "in": "header",
    "schema": {"type": "string"},
    "description": "handling=lenient: det som inte går att föra in behålls (RFC 7240).",
}
"""What the API's document says of a request whose content may be kept."""


def answered(change: Change) -> dict[str, Any]:
    """Return what the phone is told of something that it has just sent."""
    names = ("uid", "state", "reason", "received_at")
    waits = change.open if change.state == sync.REVIEW and not change.creates else []
    said = {name: getattr(change, name) for name in names} | {"title": why(change)}
    return said | {"fields_": waits, "version": change.record_version}


APPLIED_LENIENTLY = {"Preference-Applied": "handling=lenient"}


def kept_answer(change: Change) -> flask.Response:
    """Return the answer to a phone whose record is kept and not created: 202, and why."""
    response = flask.jsonify(KeptOut().dump(answered(change)))
    response.status_code = 202
    response.headers.update(APPLIED_LENIENTLY)
    return response


def prefers_lenient() -> bool:
    """Whether the phone would have what cannot be applied kept rather than refused (Prefer, RFC 7240)."""
    asked = ",".join(request.headers.getlist("Prefer")).lower().replace(" ", "").replace('"', "")
    return "handling=lenient" in {preference.partition(";")[0] for preference in asked.split(",")}
