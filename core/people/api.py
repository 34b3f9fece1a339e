"""Organisations, persons and phones in the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import request

from core.http import Api, actor, expected_version, with_etag
from core.http.dpop import needs_proof, proof
from core.http.paging import mark, place
from core.i18n import N_
from core.people import services
from core.people.models import Organisation, Person, RoleGrant
from core.people.schemas import (
    ClaimIn,
    ClaimOut,
    ClaimState,
    DeviceOut,
    OrganisationChange,
    OrganisationIn,
    OrganisationLine,
    OrganisationOut,
    OrganisationPage,
    OrganisationQuery,
    PersonChange,
    PersonLine,
    PersonOut,
    PersonPage,
    PersonQuery,
)
from core.schema import Invalid

api = Api("people-api", __name__, description="Organisationer genom åren, de som kan logga in, och deras telefoner.")


@api.route("/organisations", methods=["GET"], needs="people:organisation:read")
@api.asks(OrganisationQuery)
@api.response(200, OrganisationPage)
def list_organisations(asked: dict[str, Any]) -> Any:
    """Organisationer som fanns en dag (i dag), i bokstavsordning; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), str, int)
    chosen = {"kind": asked.get("kind", ""), "text": asked.get("q", "")}
    found = services.list_organisations(actor(), day=asked.get("day"), after=after, **chosen)
    known = services.kin(actor(), found.rows)
    return {"items": [_told(row, known, OrganisationLine) for row in found.rows], "next": mark(found.after)}


@api.route("/organisations/<uuid:uid>", methods=["GET"], needs="people:organisation:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, OrganisationOut)
def read_organisation(uid: UUID) -> Any:
    """En organisation, också en som har upphört."""
    return _answer(services.read_organisation(actor(), uid))


@api.route("/organisations/<uuid:uid>", methods=["PUT"], needs="people:organisation:edit")
@api.reads(OrganisationIn)
@api.response(201, OrganisationOut)
def add_organisation(known: dict[str, Any], uid: UUID) -> Any:
    """Lägg upp en organisation under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    return _answer(services.add_organisation(actor(), uid=uid, **known), 201)


@api.route("/organisations/<uuid:uid>", methods=["PATCH"], needs="people:organisation:edit")
@api.doc(**{"x-version": "changes"})
@api.reads(OrganisationChange)
@api.response(200, OrganisationOut)
def change_organisation(changes: dict[str, Any], uid: UUID) -> Any:
    """Ändra en organisation, eller låt den upphöra med valid_to. Det som inte nämns står kvar."""
    return _answer(services.change_organisation(actor(), uid, version=expected_version(), **changes))


def _answer(found: Organisation, status: int = 200) -> Any:
    known = services.kin(actor(), [found])
    told = _told(found, known, OrganisationOut)
    told["predecessors"] = sorted(row.code for row in known.values() if row.successor_id == found.id)
    return with_etag(told, found.version, status)


def _told(row: Organisation, known: dict[int, Organisation], schema: Any) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in schema().dump_fields if hasattr(row, name)}
    for name, key in (("parent", row.parent_id), ("successor", row.successor_id)):
        told[name] = known[key].code if key in known else None
    return told


@api.route("/persons", methods=["GET"], needs="people:person:read")
@api.asks(PersonQuery)
@api.response(200, PersonPage)
def list_persons(asked: dict[str, Any]) -> Any:
    """Personer i bokstavsordning, med de roller de har i dag; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), str, int)
    found = services.list_persons(
        actor(),
        text=asked.get("q", ""),
        role=asked.get("role", ""),
        organisation=asked.get("organisation", ""),
        closed=asked["closed"],
        after=after,
    )
    return {"items": [_person(row, found.roles[row.id], PersonLine) for row in found.rows], "next": mark(found.after)}


@api.route("/persons/<uuid:uid>", methods=["GET"], needs="people:person:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, PersonOut)
def read_person(uid: UUID) -> Any:
    """En person, också en vars konto är stängt."""
    return _whole(services.read_person(actor(), uid))


@api.route("/persons/<uuid:uid>", methods=["PATCH"], needs="people:person:edit")
@api.doc(**{"x-version": "changes"})
@api.reads(PersonChange)
@api.response(200, PersonOut)
def change_person(changes: dict[str, Any], uid: UUID) -> Any:
    """Ändra namn eller e-postadress. Med en ny adress avslutas inloggningarna, och båda adresserna får ett brev."""
    return _whole(services.change_person(actor(), uid, version=expected_version(), **changes))


def _whole(person: Person) -> Any:
    held = services.roles_today([person])[person.id]
    return with_etag(_person(person, held, PersonOut), person.version)


def _person(person: Person, held: Iterable[RoleGrant], schema: Any) -> dict[str, Any]:
    told = {name: getattr(person, name) for name in schema().dump_fields if name != "roles"}
    names = ("role", "valid_from", "valid_to")
    roles = [{name: getattr(one, name) for name in names} | {"organisation": one.organisation.code} for one in held]
    return told | {"roles": roles}


# --- Phones -------------------------------------------------------------------------------------------------------


@api.route("/devices/claims", methods=["POST"], needs="people:device:claim")
@api.reads(ClaimIn)
@api.response(201, ClaimOut)
@needs_proof
def claim_code(asked: dict[str, Any]) -> Any:
    """Läs koden på datorns skärm som den telefon vars nyckel frågan är underskriven med (DPoP, RFC 9449)."""
    if asked["key"] != proof().key:
        raise Invalid({"key": [N_("Skriv under frågan med samma nyckel.")]})
    known = {"key": asked["key"], "thumbprint": proof().thumbprint, "name": asked["name"]}
    address = request.remote_addr or ""
    return services.claim_code(actor(), code=asked["code"], written=asked["short"], address=address, **known), 201


@api.route("/devices/claims/<uuid:uid>", methods=["GET"], needs="people:device:claim")
@api.response(200, ClaimState)
@needs_proof
def read_claim(uid: UUID) -> Any:
    """Om koden är godkänd på datorn, och då telefonens nyckelord. Bara för den nyckel som läste koden."""
    code, token = services.claimed_code(actor(), uid, thumbprint=proof().thumbprint)
    return {"state": code.state, "token": token or None}


@api.route("/devices/own", methods=["GET"], needs="people:device:own")
@api.response(200, DeviceOut)
def read_device() -> Any:
    """Telefonen som frågar: vems den är, hur länge den är inloggad och vad den får göra."""
    device, me = services.this_device(actor()), actor()
    homes = {grant.organisation for grant in me.grants}
    return {
        "name": device.name,
        "person": {"uid": me.uid, "name": me.name},
        "organisation": me.organisation_name if len(homes) == 1 else "",
        "ends_at": device.ends_at,
        "permissions": sorted(right for right in me.scopes or () if me.may(right)),
    }


@api.route("/devices/own", methods=["DELETE"], needs="people:device:own")
@api.response(204)
def end_device() -> None:
    """Logga ut telefonen som frågar."""
    services.end_this_device(actor())
