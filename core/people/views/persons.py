"""The pages of persons: who may log in, in which roles and until when; the link in a letter; one's own keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, clock
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_filter, read_form, read_version
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.people import services
from core.people.models import Person
from core.people.schemas import (
    DeviceEnd,
    NewPassword,
    Nothing,
    PersonFilter,
    PersonForm,
    PersonIn,
    RoleEnd,
    RoleIn,
    TokenEnd,
)
from core.people.views.blueprint import pages


@pages.get("/admin/personer", needs="people:person:read")
def list_persons() -> flask.Response:
    """List persons with their roles, and the roles that end soon."""
    asked, wrong = read_filter(PersonFilter, request.args)
    after: Any = place(asked.get("efter"), str, int)
    found = services.list_persons(
        actor(),
        text=asked.get("q", ""),
        role=asked.get("roll", ""),
        organisation=asked.get("organisation", ""),
        closed=asked.get("konto") == "stangda",
        after=after,
    )
    here: dict[str, Any] = {name: request.args[name] for name in asked if name in request.args}
    more = flask.url_for("people.list_persons", **here | {"efter": mark(found.after)}) if found.after else None
    chosen = [name for name in ("q", "roll", "organisation", "konto", "efter") if asked.get(name)]
    options = {"organisation": [("", translate(N_("Alla"))), *_homes()]}
    return page(
        "people/persons.html",
        status=422 if wrong else 200,
        found=found,
        roles=access.ROLES,
        ending=[] if chosen else services.ending_soon(actor()),
        more=more,
        filter=Form(PersonFilter, asked, written=request.args if wrong else None, errors=wrong, options=options),
        asked=asked,
    )


@pages.get("/admin/personer/ny", needs="people:person:edit")
def new_person() -> flask.Response:
    """Ask for somebody new."""
    return page("people/person_new.html", form=Form(PersonIn))


@pages.post("/admin/personer/ny", needs="people:person:edit")
def add_person() -> flask.Response:
    """Add somebody, and send the letter with which the password is chosen."""
    redraw_with(
        lambda problem: page(
            "people/person_new.html", form=Form(PersonIn, written=request.form, errors=problem.fields(PersonIn))
        )
    )
    known = PersonIn().load(read_form(PersonIn, request.form))
    person = services.add_person(actor(), **known)
    services.invite(actor(), person.uid)
    return see_other("people.read_person", uid=person.uid, _anchor="ge-roll")


@pages.get("/admin/personer/<uuid:uid>", needs="people:person:read")
def read_person(uid: UUID) -> flask.Response:
    """Show a person: account, roles now and before, keys."""
    return _person_page(uid)


@pages.post("/admin/personer/<uuid:uid>", needs="people:person:edit")
def change_person(uid: UUID) -> flask.Response:
    """Change a person's name or address."""
    redraw_with(_again(uid, PersonForm, "changing"), saved=lambda: _form_of(services.read_person(actor(), uid)))
    changes = PersonForm().load(read_form(PersonForm, request.form))
    services.change_person(actor(), uid, version=read_version(request.form), **changes)
    return see_other("people.read_person", uid=uid)


@pages.post("/admin/personer/<uuid:uid>/roller", needs="people:role:grant")
def grant_role(uid: UUID) -> flask.Response:
    """Give a person a role."""
    redraw_with(_again(uid, RoleIn, "giving"))
    known = RoleIn().load(read_form(RoleIn, request.form))
    services.grant_role_in(actor(), uid, **known)
    return see_other("people.read_person", uid=uid)


@pages.post("/admin/personer/<uuid:uid>/roller/avsluta", needs="people:role:grant")
def end_role(uid: UUID) -> flask.Response:
    """End one of a person's roles."""
    redraw_with(_again(uid, RoleEnd, "ending"))
    known = RoleEnd().load(read_form(RoleEnd, request.form))
    services.end_grant(actor(), uid, known["grant"], on=known["on"])
    return see_other("people.read_person", uid=uid)


@pages.post("/admin/personer/<uuid:uid>/stang", needs="people:person:edit")
def close(uid: UUID) -> flask.Response:
    """Close an account."""
    return _pressed(uid, lambda person: services.end_person(actor(), email=person.email))


@pages.post("/admin/personer/<uuid:uid>/oppna", needs="people:person:edit")
def reopen(uid: UUID) -> flask.Response:
    """Open an account again, and send the letter with which the password is chosen."""

    def open_again(person: Person) -> None:
        services.add_person(actor(), email=person.email, name=person.name)
        services.invite(actor(), person.uid)

    return _pressed(uid, open_again)


@pages.post("/admin/personer/<uuid:uid>/lank", needs="people:person:edit")
def invite(uid: UUID) -> flask.Response:
    """Send the letter with which a password is chosen."""
    return _pressed(uid, lambda person: services.invite(actor(), person.uid))


@pages.post("/admin/personer/<uuid:uid>/nycklar/avsluta", needs="people:token:create")
def end_token(uid: UUID) -> flask.Response:
    """End one of a person's keys."""
    redraw_with(_again(uid, TokenEnd, ""))
    known = TokenEnd().load(read_form(TokenEnd, request.form))
    services.end_persons_token(actor(), uid, known["token"])
    return see_other("people.read_person", uid=uid)


@pages.post("/admin/personer/<uuid:uid>/enheter/avsluta", needs="people:person:edit")
def end_persons_device(uid: UUID) -> flask.Response:
    """Log out one of a person's phones."""
    redraw_with(_again(uid, DeviceEnd, ""))
    known = DeviceEnd().load(read_form(DeviceEnd, request.form))
    services.end_persons_device(actor(), uid, known["device"])
    return see_other("people.read_person", uid=uid)


@pages.get("/jag/nycklar", needs="people:token:own")
def own_tokens() -> flask.Response:
    """Show one's own keys to the API."""
    return page("people/tokens.html", tokens=services.own_tokens(actor()), form=None)


@pages.post("/jag/nycklar", needs="people:token:own")
def end_own_token() -> flask.Response:
    """End one of one's own keys."""
    redraw_with(
        lambda problem: page(
            "people/tokens.html",
            tokens=services.own_tokens(actor()),
            form=Form(Nothing, errors=problem.fields(Nothing)),
        )
    )
    known = TokenEnd().load(read_form(TokenEnd, request.form))
    services.end_own_token(actor(), known["token"])
    return see_other("people.own_tokens")


@pages.get("/losenord/<key>", needs="people:session:open")
def password_page(key: str) -> flask.Response:
    """Ask the one who has the link for a new password."""
    return page("people/password.html", person=services.invited(key), form=Form(NewPassword))


@pages.post("/losenord/<key>", needs="people:session:open")
def choose_password(key: str) -> flask.Response:
    """Keep the new password; the link is used up."""
    redraw_with(
        lambda problem: page(
            "people/password.html",
            person=services.invited(key),
            form=Form(NewPassword, errors=problem.fields(NewPassword)),
        )
    )
    known = NewPassword().load(read_form(NewPassword, request.form))
    services.choose_password(actor(), key, password=known["password"])
    return see_other("people.sign_in_page")


# --- Drawing ------------------------------------------------------------------------------------------------------


def _person_page(uid: UUID, **forms: Form) -> flask.Response:
    person = services.read_person(actor(), uid)
    roles = services.roles_of(actor(), person)
    today = clock.today()
    ongoing = [grant for grant in roles if grant.valid_to is None or grant.valid_to >= today]
    named = [
        (str(grant.uid), f"{translate(access.ROLES.get(grant.role, grant.role))}, {grant.organisation.name}")
        for grant in ongoing
    ]
    drawn: dict[str, Any] = {
        "changing": _form_of(person),
        "giving": Form(RoleIn, options=(choices := _choices()), ids="ge"),
        "ending": Form(RoleEnd, {"on": today}, options={"grant": named}, ids="sluta"),
    }
    return page(
        "people/person.html",
        person=person,
        roles=roles,
        ongoing=ongoing,
        today=today,
        titles=access.ROLES,
        limits={key: label for name in ("areas", "categories") for key, label in choices[name]},
        tokens=services.tokens_of(actor(), person),
        devices=services.devices_of(actor(), person),
        oneself=person.id == actor().id,
        **drawn | {"form": None} | forms,
    )


def _form_of(person: Person) -> Form:
    return Form(PersonForm, {"name": person.name, "email": person.email}, version=person.version, ids="andra")


def _again(uid: UUID, schema: Any, name: str) -> Callable[[Any], flask.Response]:
    """Return what draws the person's page again, with what was written in the form called `name`."""

    def draw(problem: Any) -> flask.Response:
        errors = problem.fields(schema)
        if not name:
            return _person_page(uid, form=Form(Nothing, errors=errors))
        options = _choices()
        if name == "ending":
            held = services.roles_of(actor(), services.read_person(actor(), uid))
            options = {"grant": [(str(one.uid), f"{one.role}, {one.organisation.name}") for one in held]}
        ids = {"changing": "andra", "giving": "ge", "ending": "sluta"}[name]
        form = Form(schema, written=request.form, errors=errors, options=options, ids=ids)
        return _person_page(uid, **{name: form, "form": form})

    return draw


def _pressed(uid: UUID, act: Callable[[Person], None]) -> flask.Response:
    """Do what a button says to a person, and show her again."""
    redraw_with(lambda problem: _person_page(uid, form=Form(Nothing, errors=problem.fields(Nothing))))
    Nothing().load(read_form(Nothing, request.form))
    act(services.read_person(actor(), uid))
    return see_other("people.read_person", uid=uid)


def _choices() -> dict[str, list[tuple[str, str]]]:
    """Return where a role may be given, and what it may be limited to."""
    areas = [(limit, f"{translate(kind)}: {name}") for limit, kind, name in services.limiting_areas(actor())]
    kinds = [(key, translate(title)) for key, title in services.categories().items()]
    return {"organisation": _homes(), "areas": areas, "categories": sorted(kinds, key=lambda kind: kind[1])}


def _homes() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in services.every_organisation(actor())]
