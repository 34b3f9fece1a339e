"""The part of maintenance promises, and the page of an owner that is asked for one."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, db
from core.applications.models import ASK_ANSWER, ASK_READ, READ, WRITE, Application, ApplicationMeasure
from core.applications.schemas.asking import DeclineForm
from core.applications.schemas.costs import PromiseForm
from core.applications.services import applications, promising
from core.applications.services.parts import Read
from core.applications.services.promising import Built
from core.applications.views.blueprint import pages, sent
from core.applications.views.costs import payer_options
from core.applications.views.parts import PAGES, PartPage, draw
from core.http import actor, page, see_other
from core.http.forms import Form, Forms, Options, read_version
from core.i18n import N_
from core.schema import Schema


def _ids(measure: UUID) -> str:
    return f"l-{measure}"


def _options() -> dict[str, Options]:
    named = payer_options()
    return {"owner": named, "payer": named}


def _known(one: Built, proposed: promising.Proposal | None) -> dict[str, Any]:
    """Return what the form of a promise begins with: what is written, else what the city proposes."""
    if proposed is not None:
        owner = proposed.owner.uid if proposed.owner else None
        months = {"first_after": proposed.first_after, "every": proposed.every}
        return {"owner": owner, "payer": owner, "standard": proposed.standard, "cost": None} | months
    names = ("standard", "first_after", "every", "cost")
    who = {name: getattr(one.promise, name) for name in ("owner", "payer")}
    known = {name: getattr(one.promise, name) for name in names}
    return known | {name: home.uid if home else None for name, home in who.items()}


def _rows(found: Read) -> Forms:
    options = _options()
    forms: Forms = {}
    built = promising.built_things(found.application)
    proposed = promising.proposals(found.application, built)
    for one in built:
        version = one.promise.version if one.promise else 0
        ids = _ids(one.measure.uid)
        forms[ids] = Form(
            PromiseForm, _known(one, proposed.get(one.measure.uid)), version=version, options=options, ids=ids
        )
    return forms


PAGES["skotsel"] = PartPage(
    N_("Vem tar hand om det som byggs? Medel ges först när varje del har ansvarig, nivå, besiktning och kostnad."),
    "applications/part_promises.html",
    rows=_rows,
    shown=lambda found: {"built": promising.built_things(found.application), "ids": _ids},
)


@pages.post("/ansokningar/skotsel/<uuid:uid>", needs=WRITE)
def write_promise(uid: UUID) -> flask.Response:
    """Write the promise for a measure."""
    measure = access.find(ApplicationMeasure, uid, actor(), READ)
    about = db.session().get_one(Application, measure.application_id).uid
    known = sent(partial(draw, about, "skotsel"), _ids(uid), PromiseForm, _options)
    promising.write_promise(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_part", uid=about, key="skotsel")


@pages.post("/ansokningar/loften/<uuid:uid>/be-om", needs=WRITE)
def ask_for_promise(uid: UUID) -> flask.Response:
    """Ask the owner to promise."""
    _, _, about = promising.read_promise(actor(), uid)
    sent(partial(draw, about.uid, "skotsel"), "be-om", Schema)
    promising.ask_for_promise(actor(), uid, version=read_version(request.form))
    return see_other("applications.read_part", uid=about.uid, key="skotsel")


# --- For the owner ------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/loften/<uuid:uid>", needs=ASK_READ)
def read_promise(uid: UUID) -> flask.Response:
    """Show a promise that the owner is asked for."""
    return _promise_page(uid)


@pages.post("/ansokningar/loften/<uuid:uid>/lova", needs=ASK_ANSWER)
def accept_promise(uid: UUID) -> flask.Response:
    """Promise for the owner."""
    sent(partial(_promise_page, uid), "lova", Schema)
    promising.answer_promise(actor(), uid, accepts=True, version=read_version(request.form))
    return see_other("applications.read_promise", uid=uid)


@pages.post("/ansokningar/loften/<uuid:uid>/avsta", needs=ASK_ANSWER)
def decline_promise(uid: UUID) -> flask.Response:
    """Say why the owner does not promise."""
    known = sent(partial(_promise_page, uid), "avsta", DeclineForm)
    promising.answer_promise(actor(), uid, accepts=False, version=read_version(request.form), **known)
    return see_other("applications.read_promise", uid=uid)


def _promise_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    promise, measure, application = promising.read_promise(actor(), uid)
    waits = promise.accepted_on is None and not promise.declined
    forms: Forms = {}
    if waits and promising.answers(actor(), promise):
        forms = {key: Form(schema, version=promise.version, ids=key) for key, schema in ANSWERS.items()}
    told = refused or {}
    return page(
        "applications/promise.html",
        promise=promise,
        measure=measure,
        application=application,
        forms=forms | told,
        form=next(iter(told.values()), None),
        reads_application=actor().may(READ) and applications.reaches(actor(), application, READ),
    )


ANSWERS: dict[str, type[Schema]] = {"lova": Schema, "avsta": DeclineForm}
