"""The server of Open311 GeoReport v2: what can be reported, reports in, and what became of them; JSON and XML.

Names, shapes and errors are the standard's (wiki.open311.org/GeoReport_v2). What comes in becomes an observation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core import access, clock, geo
from core.hookspecs import ObservationKind
from core.http import Pages, actor, takes_key
from core.http.errors import Problem, dialect
from core.http.texts import translate
from core.i18n import N_, Text
from core.schema import WARNINGS, FieldDescription, Invalid, Schema, warns_of_persons, without_numbers
from core.schema.fields import Uid
from core.walks import services
from core.walks.kinds import kind_of, kinds
from core.walks.schemas import STATUSES, WHO, ServiceRequestIn, ServiceRequestsQuery
from core.walks.services import Asked, Known, Position
from core.walks.states import LOG

PREFIX = "/open311"
ROOT = f"{PREFIX}/v2"
READ = "walks:request:read"
KEY = "api_key"
FORM = "<any(json, xml):form>"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-26T00:00:00+01:00"
"""When what the server says of itself last changed."""
ONE_OF = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
"""What an entry of each list is called in XML."""
DATATYPES = {
    "radios": "singlevaluelist",
    "select": "singlevaluelist",
    "checkboxes": "multivaluelist",
    "textarea": "text",
}
DATATYPES |= {"datetime": "datetime", "date": "datetime", "checkbox": "singlevaluelist"}
LAST = time(23, 59, 59)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATTRIBUTE = re.compile(r"attribute\[([^\]]+)\](?:\[\])?")

NO_KIND = N_("service_code {code} finns inte. Se {services}.")
WHERE = N_("Skicka lat och long, eller address_string.")
NOT_KEPT = N_("Namn, e-post, telefon och andra uppgifter om den som rapporterar sparas inte.")
REMOVED = N_("Personnummer och telefonnummer i texten är bytta mot [borttaget].")
NOT_FETCHED = N_("Bilden i media_url hämtas inte.")

pages = Pages("open311", __name__)


@pages.get(f"{PREFIX}/discovery.{FORM}", needs=READ)
def discover(form: Any) -> flask.Response:
    """Say where the server is and what it speaks."""
    base = flask.current_app.settings.base_url  # type: ignore[attr-defined]
    formats = ["application/json", "text/xml"]
    endpoint = {"specification": SPECIFICATION, "url": f"{base}{ROOT}", "changeset": CHANGED, "type": "production"}
    contact = translate(N_("Den som sköter driften av Tryggplats i staden."))
    key_service = translate(N_("Den som sköter driften gör en nyckel på sidan Nycklar till API:t."))
    told = {"changeset": CHANGED, "contact": contact, "key_service": key_service}
    return _answer(form, "discovery", {**told, "endpoints": [endpoint | {"formats": formats}]})


@pages.get(f"{ROOT}/services.{FORM}", needs=READ)
def list_services(form: Any) -> flask.Response:
    """List what can be reported."""
    return _answer(form, "services", [_service(kind) for kind in kinds().values()])


@pages.get(f"{ROOT}/services/<path:code>.{FORM}", needs=READ)
def define_service(code: str, form: Any) -> flask.Response:
    """Tell what is asked about a kind."""
    if code not in kinds():
        raise access.Missing("service", code)
    attributes = [_attribute(one, number) for number, one in enumerate(_questions(kind_of(code)), 1)]
    return _answer(form, "service_definition", {"service_code": code, "attributes": attributes})


@pages.get(f"{ROOT}/requests.{FORM}", needs=READ)
@takes_key(KEY)
def list_requests(form: Any) -> flask.Response:
    """Tell what is public, and what the key's own app has sent: of ninety days, or as asked."""
    asked = ServiceRequestsQuery()
    sent = {name: value for name, value in request.args.items() if name != KEY}
    known = asked.load(asked.from_form(MultiDict(sent)))
    statuses = _parts(known["status"])
    if unknown := [status for status in statuses if status not in STATUSES]:
        raise Invalid({"status": [Text(N_("{status} är varken open eller closed."), status=unknown[0])]})
    wanted = Asked(
        uids=_uids(known["service_request_id"]) if known["service_request_id"] else None,
        kinds=_parts(known["service_code"]),
        start=known["start_date"],
        end=known["end_date"],
        statuses=statuses,
    )
    return _answer(form, "service_requests", [_request(one) for one in services.known_requests(actor(), wanted)])


@pages.get(f"{ROOT}/requests/<key>.{FORM}", needs=READ)
@takes_key(KEY)
def read_request(key: str, form: Any) -> flask.Response:
    """Tell how a request stands; one that may not be told is as one that there is not."""
    found = services.known_requests(actor(), Asked(uids=_uids(key)))
    if not found:
        raise access.Missing("request", key)
    return _answer(form, "service_requests", [_request(one) for one in found])


@pages.post(f"{ROOT}/requests.{FORM}", needs=LOG)
@takes_key(KEY)
def send(form: Any) -> flask.Response:
    """Take in a report, which becomes an observation."""
    services.take_turn(actor())
    asked, answers, sent = ServiceRequestIn(), MultiDict[str, str](), MultiDict[str, str]()
    for name, value in request.form.items(multi=True):
        found = ATTRIBUTE.fullmatch(name)
        (answers if found else sent).add(found[1] if found else name, value)
    sent.poplist(KEY)
    known = asked.load(asked.from_form(sent))
    code = known["service_code"]
    if code not in kinds():
        raise Invalid({"service_code": [Text(NO_KIND, code=code, services=f"{ROOT}/services.{form}")]})
    observation = services.send_report(
        actor(),
        kind=code,
        details=_details(kind_of(code), answers),
        position=_position(known),
        address=without_numbers(known["address_string"]),
        description=without_numbers(known["description"]),
    )
    made = {"service_request_id": str(observation.uid), "service_notice": _notice(known), "account_id": ""}
    return _answer(form, "service_requests", [made], 201)


def _position(known: Mapping[str, Any]) -> Position | None:
    if (known["lat"] is None) != (known["long"] is None) or (known["lat"] is None and not known["address_string"]):
        raise Invalid({"lat": [WHERE]})
    return Position(known["lat"], known["long"], source="karta") if known["lat"] is not None else None


def _details(kind: ObservationKind, answers: MultiDict[str, str]) -> dict[str, Any]:
    schema = kind.details() if kind.details else Schema()
    return {
        name: without_numbers(said) if isinstance(said, str) else said
        for name, said in schema.from_form(answers).items()
    }


def _notice(known: Mapping[str, Any]) -> str:
    """Return what the app should tell: what is not kept, and that the text seems to name somebody."""
    texts = (known["description"], known["address_string"])
    told = [REMOVED] if any(without_numbers(text) != text for text in texts) else []
    told += [WARNINGS[key] for key in warns_of_persons(without_numbers(known["description"]))]
    told += [NOT_KEPT] if any(known[name] for name in WHO) else []
    told += [NOT_FETCHED] if known["media_url"] else []
    return " ".join(map(translate, told))


def _service(kind: ObservationKind) -> dict[str, Any]:
    return {
        "service_code": kind.key,
        "service_name": translate(kind.title),
        "description": translate(kind.title),
        "metadata": bool(_questions(kind)),
        "type": "realtime",
        "keywords": "",
        "group": "",
    }


def _questions(kind: ObservationKind) -> list[FieldDescription]:
    return kind.details().describe() if kind.details else []


def _attribute(one: FieldDescription, order: int) -> dict[str, Any]:
    number = one.inputmode in ("numeric", "decimal")
    told = {
        "variable": True,
        "code": one.name,
        "datatype": DATATYPES.get(one.widget, "number" if number else "string"),
        "required": one.required,
        "datatype_description": translate(one.hint),
        "order": order,
        "description": translate(one.label),
    }
    options = one.options or ((("ja", N_("Ja")), ("nej", N_("Nej"))) if one.widget == "checkbox" else ())
    return told | ({"values": [{"key": key, "name": translate(name)} for key, name in options]} if options else {})


def _request(known: Known) -> dict[str, Any]:
    seen, report = known.observation, known.report
    closed = seen.state in services.CLOSED
    longitude, latitude = geo.to_geojson(seen.point)["coordinates"] if seen.point is not None else (None, None)
    return {
        "service_request_id": str(seen.uid),
        "status": "closed" if closed else "open",
        "status_notes": seen.answer,
        "service_name": translate(seen.kind_title),
        "service_code": seen.kind,
        "description": seen.description,
        "agency_responsible": seen.organisation.name if seen.organisation else "",
        "service_notice": "",
        "requested_datetime": _moment(seen.seen_at),
        "updated_datetime": _moment(known.updated_at),
        "expected_datetime": _moment(datetime.combine(seen.done_on, LAST, clock.STOCKHOLM)) if seen.done_on else "",
        "address": report.address if report else "",
        "address_id": "",
        "zipcode": "",
        "lat": latitude,
        "long": longitude,
        "media_url": "",
    }


def _moment(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="seconds")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _uids(text: str) -> list[UUID]:
    """Return the ids that can be ours; of another form there is none."""
    return [UUID(part) for part in _parts(text) if Uid.pattern.fullmatch(part)]


def _answer(form: str, name: str, told: Any, status: int = 200) -> flask.Response:
    if form == "json":
        response = flask.jsonify(told)
    else:
        body = ET.tostring(_element(name, told), encoding="utf-8", xml_declaration=True)
        response = flask.Response(body, mimetype="text/xml")
    response.status_code = status
    return response


def _element(name: str, told: Any) -> ET.Element:
    made = ET.Element(name)
    if isinstance(told, dict):
        made.extend(_element(key, value) for key, value in told.items())
    elif isinstance(told, list):
        made.extend(_element(ONE_OF[name], value) for value in told)
    elif told is not None:
        text = str(told).lower() if isinstance(told, bool) else str(told)
        made.text = NOT_XML.sub("", text)
    return made


@dialect(PREFIX)
def _refuse(problem: Problem) -> flask.Response:
    """Tell a refusal as the standard does: a list of code and description. A key that does not count is a 403."""
    status = {401: 403, 409: 400, 422: 400}.get(problem.status, problem.status)
    told = [f"{entry['field']}: {translate(entry['message'])}" for entry in problem.errors]
    words = told or [translate(problem.detail or problem.title)]
    problem.status = status
    form = "xml" if request.path.endswith(".xml") else "json"
    return _answer(form, "errors", [{"code": status, "description": text} for text in words], status)
