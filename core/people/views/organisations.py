"""The pages of organisations: the list as of a day, each with its line through the years, and merging."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.dated import is_valid
from core.http import actor, page, redraw_with, see_other
from core.http.forms import BUTTON, Form, Options, read_filter, read_form, read_version
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.people import services
from core.people.models import KINDS, Organisation
from core.people.schemas import Merger, OrganisationFilter, OrganisationForm, OrganisationIn
from core.people.views.blueprint import pages

DO = "genomfor"
"""Value of the button that merges, after the page that says what follows."""


@pages.get("/admin/organisationer", needs="people:organisation:read")
def list_organisations() -> flask.Response:
    """List the organisations that there were on a day."""
    asked, wrong = read_filter(OrganisationFilter, request.args)
    day = asked.get("dag") or clock.today()
    after: Any = place(asked.get("efter"), str, int)
    chosen = {"kind": asked.get("slag", ""), "text": asked.get("q", "")}
    found = services.list_organisations(actor(), day=day, after=after, **chosen)
    known = services.kin(actor(), found.rows)
    here: dict[str, Any] = {name: request.args[name] for name in asked if name in request.args}
    more = flask.url_for("people.list_organisations", **here | {"efter": mark(found.after)}) if found.after else None
    return page(
        "people/organisations.html",
        status=422 if wrong else 200,
        rows=found.rows,
        known=known,
        before=_before(found.rows, known),
        kinds=KINDS,
        day=day,
        today=clock.today(),
        more=more,
        filter=Form(OrganisationFilter, asked, written=request.args if wrong else None, errors=wrong),
        asked=asked,
    )


@pages.get("/admin/organisationer/ny", needs="people:organisation:edit")
def new_organisation() -> flask.Response:
    """Ask for a new organisation."""
    return _form_page("people/organisation_new.html", Form(OrganisationIn, options=_others()))


@pages.post("/admin/organisationer/ny", needs="people:organisation:edit")
def add_organisation() -> flask.Response:
    """Add an organisation."""
    redraw_with(_again("people/organisation_new.html", OrganisationIn))
    known = OrganisationIn().load(read_form(OrganisationIn, request.form))
    made = services.add_organisation(actor(), uid=db.new_uid(), **known)
    return see_other("people.read_organisation", uid=made.uid)


@pages.get("/admin/organisationer/sla-samman", needs="people:organisation:edit")
def merger() -> flask.Response:
    """Ask which organisations become one."""
    return _form_page("people/merge.html", Form(Merger, options=_parties()))


@pages.post("/admin/organisationer/sla-samman", needs="people:organisation:edit")
def merge() -> flask.Response:
    """Say what follows from a merger; do it when that has been read and the button there is pressed."""
    redraw_with(_again("people/merge.html", Merger))
    known = Merger().load(read_form(Merger, request.form))
    if request.form.get(BUTTON) == DO:
        made = services.merge_organisations(actor(), **known)
        return see_other("people.read_organisation", uid=made.uid)
    wanted = {name: known[name] for name in ("codes", "on", "into", "name", "code")}
    found = services.preview_merger(actor(), **wanted)
    form = Form(Merger, written=request.form, options=_parties())
    return page("people/merger.html", found=found, asked=known, form=form, do=DO)


@pages.get("/admin/organisationer/<uuid:uid>", needs="people:organisation:read")
def read_organisation(uid: UUID) -> flask.Response:
    """Show an organisation, its line through the years, and for those who may the form that changes it."""
    return _organisation_page(uid)


@pages.post("/admin/organisationer/<uuid:uid>", needs="people:organisation:edit")
def change_organisation(uid: UUID) -> flask.Response:
    """Change an organisation, or let it end."""

    def again(problem: Any) -> flask.Response:
        form = Form(OrganisationForm, written=request.form, errors=problem.fields(OrganisationForm), options=_others())
        return _organisation_page(uid, form)

    redraw_with(again, saved=lambda: _form_of(services.read_organisation(actor(), uid)))
    changes = OrganisationForm().load(read_form(OrganisationForm, request.form))
    services.change_organisation(actor(), uid, version=read_version(request.form), **changes)
    return see_other("people.read_organisation", uid=uid)


def _organisation_page(uid: UUID, form: Form | None = None) -> flask.Response:
    found = services.read_organisation(actor(), uid)
    known = services.kin(actor(), [found])
    return page(
        "people/organisation.html",
        found=found,
        known=known,
        before=_before([found], known)[found.id],
        there=is_valid(found, clock.today()),
        kinds=KINDS,
        form=form or _form_of(found) if actor().may("people:organisation:edit") else None,
    )


def _form_of(found: Organisation) -> Form:
    known = services.kin(actor(), [found])
    codes = {key: row.code for key, row in known.items()}
    data = {name: getattr(found, name) for name in OrganisationForm().load_fields if hasattr(found, name)}
    data |= {"parent": codes.get(found.parent_id or 0, ""), "successor": codes.get(found.successor_id or 0, "")}
    return Form(OrganisationForm, data, version=found.version, options=_others(found))


def _before(rows: Iterable[Organisation], known: dict[int, Organisation]) -> dict[int, list[Organisation]]:
    """Return, by key, those that each carries on for."""
    found: dict[int, list[Organisation]] = {row.id: [] for row in rows}
    for row in sorted(known.values(), key=lambda one: one.name):
        if row.successor_id in found:
            found[row.successor_id].append(row)
    return found


def _others(but: Organisation | None = None) -> dict[str, Options]:
    """Return what an organisation may hear under or be carried on by: everyone there is, by name."""
    there = services.every_organisation(actor())
    choices = [
        ("", translate(N_("Ingen"))),
        *((row.code, row.name) for row in there if but is None or row.id != but.id),
    ]
    return {"parent": choices, "successor": choices}


def _parties() -> dict[str, Options]:
    there = [(row.code, row.name) for row in services.every_organisation(actor(), kind=request.args.get("slag", ""))]
    return {"codes": there, "into": [("", translate(N_("En ny organisation"))), *there]}


def _form_page(template: str, form: Form) -> flask.Response:
    return page(template, form=form, kinds=KINDS, kind=request.args.get("slag", ""))


def _again(template: str, schema: Any) -> Any:
    def draw(problem: Any) -> flask.Response:
        options = _parties() if schema is Merger else _others()
        return _form_page(template, Form(schema, written=request.form, errors=problem.fields(schema), options=options))

    return draw
