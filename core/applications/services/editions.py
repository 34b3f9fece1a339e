"""Editions of an application (E17): all of it, frozen as it was decided or handed in, and how two of them differ.

What is frozen is JSON: {"schema": 1, "application": {…}, part: {"fields": {…}, "rows": {name: […]}}}. Beside a key
stands its name as it was then (`kind`, `kind_name`), so that an edition is read without anything else. The database
lets no edition be changed or removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.applications import models as m
from core.applications.models import Application, ApplicationEdition, ApplicationText
from core.applications.parts import PARTS
from core.applications.services import applications, costs
from core.cooperation import catalogue
from core.cooperation.models import Cause, Cycle, Goal
from core.people.models import Organisation
from core.places.models import PUBLIC_ACCESS, Place
from core.reserve.models import Programme

SCHEMA = 1
HANDED_IN = ("skicka_in", "komplettera")
"""Moves by which an application comes to the city: the edition is then the one that it is judged by."""
MOVES = ("registrera_namndbeslut", *HANDED_IN, "acceptera")
"""Moves with which an application is frozen: as its board decides it, as it is handed in, as a new plan is accepted."""
KEYS = ("id", "application_id", "version")


def _freeze_after(why: str, actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    freeze(actor, application, why)


for _move in MOVES:
    applications.follows(_move)(partial(_freeze_after, _move))


def freeze(actor: Actor, application: Application, why: str) -> ApplicationEdition:
    """Keep an application as it stands as its next edition; called by what follows a move, which has let the actor.

    `why` is the move. What comes to the city with it is what the application is judged by.
    """
    content = content_of(application)
    rows = select(func.max(ApplicationEdition.number)).filter_by(application_id=application.id)
    number = (db.session().scalar(rows) or 0) + 1
    row = ApplicationEdition(
        uid=db.new_uid(),
        application_id=application.id,
        number=number,
        why=why,
        at=clock.now(),
        person_id=actor.id,
        content=content,
        digest=digest_of(content),
    )
    db.session().add(row)
    if why in HANDED_IN:
        application.edition = number
    db.session().flush()
    facts = {"number": number, "digest": row.digest.hex()}
    journal.write(actor, "application:freeze", "application", application.uid, level=application.level, **facts)
    return row


def digest_of(content: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of what is frozen, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def editions_of(actor: Actor, application: Application) -> list[ApplicationEdition]:
    """Return the editions of an application, the newest first."""
    rows = select(ApplicationEdition).where(ApplicationEdition.application_id == application.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(ApplicationEdition.number.desc())))


def read_edition(actor: Actor, application: UUID, number: int) -> ApplicationEdition:
    """Return an edition. Raises Missing."""
    found = applications.read_application(actor, application)
    rows = select(ApplicationEdition).filter_by(application_id=found.id, number=number)
    row = db.session().scalar(access.visible(rows, actor))
    if row is None:
        raise access.Missing("application_edition", number)
    return row


# --- What is frozen -----------------------------------------------------------------------------------------------


def content_of(application: Application) -> dict[str, Any]:
    """Return all of an application as it stands now, as an edition keeps it."""
    text = db.session().get_one(ApplicationText, application.id)
    found: dict[str, Any] = {"schema": SCHEMA, "application": _whole(application)}
    for key, part in PARTS.items():
        fields = {name: _plain(getattr(text, name)) for name in part.texts}
        if fields.get("focus_area"):
            fields["focus_area_name"] = str(catalogue.focus_areas().get(fields["focus_area"], ""))
        found[key] = {"fields": fields, "rows": {name: rows(application) for name, rows in ROWS.get(key, {}).items()}}
    found["utgifter"]["fields"]["sought"] = application.sought
    return found


def _whole(application: Application) -> dict[str, Any]:
    session = db.session()
    board, programme = (
        session.get_one(Organisation, application.organisation_id),
        session.get_one(Programme, application.programme_id),
    )
    cycle = session.get(Cycle, application.cycle_id) if application.cycle_id else None
    together = [one.organisation.name for one in applications.together_with(application)]
    names = (
        "number",
        "title",
        "diary_own",
        "diary_city",
        "decided_on",
        "decided_paragraph",
        "decided_at_once",
        "conditional",
    )
    return {name: _plain(getattr(application, name)) for name in names} | {
        "uid": str(application.uid),
        "organisation": board.code,
        "organisation_name": board.name,
        "programme": programme.code,
        "programme_name": programme.name,
        "together": ", ".join(together),
        "cycle": cycle.number if cycle else "",
        "cycle_name": cycle.title if cycle else "",
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _rows(model: Any, *parts: Any, **names: Callable[[Any], Any]) -> Callable[[Application], list[dict[str, Any]]]:
    """Return what reads the rows of a model: every column that is no key, and what `names` say of each."""
    columns = [one.key for one in model.__table__.columns if one.key not in KEYS and not one.key.endswith("_id")]

    def read(application: Application) -> list[dict[str, Any]]:
        rows = select(model).options(*(joinedload(part) for part in parts)).filter_by(application_id=application.id)
        if model is m.Attachment:
            rows = rows.where(m.Attachment.removed_on.is_(None))
        order = model.__table__.primary_key.columns
        return [
            {name: _plain(getattr(row, name)) for name in columns}
            | {name: _plain(say(row)) for name, say in names.items()}
            for row in db.session().scalars(rows.order_by(*order))
        ]

    return read


def _title(titles: Mapping[str, str], name: str) -> Callable[[Any], str]:
    return lambda row: str(titles.get(getattr(row, name), ""))


def _called(part: str, name: str = "name") -> Callable[[Any], str]:
    return lambda row: str(getattr(getattr(row, part), name)) if getattr(row, part) is not None else ""


def _kind(row: Any) -> str:
    kind = catalogue.measure_kind(row.kind)
    return str(kind.title) if kind else ""


def _places(application: Application) -> list[dict[str, Any]]:
    rows = select(Place).join(m.ApplicationPlace, m.ApplicationPlace.place_id == Place.id)
    rows = rows.where(m.ApplicationPlace.application_id == application.id).order_by(Place.name)
    return [
        {"uid": str(one.uid), "name": one.name, "access": one.public_access}
        | {"access_name": str(PUBLIC_ACCESS.get(one.public_access, ""))}
        for one in db.session().scalars(rows)
    ]


def _causes(application: Application) -> list[dict[str, Any]]:
    rows = select(Cause).where(
        Cause.id.in_(select(m.ApplicationMeasure.cause_id).filter_by(application_id=application.id))
    )
    return [
        {"uid": str(one.uid), "text": one.text, "state": one.state}
        for one in db.session().scalars(rows.order_by(Cause.id))
    ]


def _goals(application: Application) -> list[dict[str, Any]]:
    rows = select(Goal).join(m.ApplicationGoal, m.ApplicationGoal.goal_id == Goal.id)
    rows = rows.where(m.ApplicationGoal.application_id == application.id).order_by(Goal.id)
    names = ("text", "baseline", "target", "unit", "due_on")
    return [
        {"uid": str(one.uid)} | {name: _plain(getattr(one, name)) for name in names}
        for one in db.session().scalars(rows)
    ]


def _promises(application: Application) -> list[dict[str, Any]]:
    """Return the promises of what is to be done: of what is struck there is nothing to look after."""
    parts = (m.Promise.measure, m.Promise.owner, m.Promise.payer)
    said = {"measure": _called("measure", "text"), "owner": _called("owner"), "payer": _called("payer")}
    rows = select(m.ApplicationMeasure.uid).filter_by(application_id=application.id)
    gone = {str(uid) for uid in db.session().scalars(rows.where(m.ApplicationMeasure.dropped_on.is_not(None)))}
    found = _rows(m.Promise, *parts, **said, of=_called("measure", "uid"))(application)
    return [{name: one[name] for name in one if name != "of"} for one in found if one["of"] not in gone]


def _asks(asked_for: str) -> Callable[[Application], list[dict[str, Any]]]:
    said = {"organisation": _called("organisation", "code"), "organisation_name": _called("organisation")}
    read = _rows(m.ApplicationAsk, m.ApplicationAsk.organisation, **said, stance_name=_title(m.STANCES, "stance"))
    return lambda application: [one for one in read(application) if one["asked_for"] == asked_for]


def _years(application: Application) -> list[dict[str, Any]]:
    lines = costs.rows_of(application, "rad")
    return [{"year": one.year, "total": one.total} for one in costs.by_year(lines)]


def _capital(application: Application) -> list[dict[str, Any]]:
    programme = db.session().get_one(Programme, application.programme_id)
    found = costs.capital_cost(costs.rows_of(application, "komponent"), programme.rate)
    return [
        {"year": one.year, "written_off": one.written_off, "interest": one.interest, "total": one.total}
        for one in found
    ]


Rows = Mapping[str, Callable[[Application], list[dict[str, Any]]]]
ROWS: Mapping[str, Rows] = {
    "plats": {"places": _places},
    "underlag": {
        "evidence": _rows(
            m.ApplicationEvidence,
            m.ApplicationEvidence.observation,
            m.ApplicationEvidence.figure,
            kind_name=_title(m.EVIDENCE_KINDS, "kind"),
            observation=_called("observation", "uid"),
            figure=_called("figure", "uid"),
        )
    },
    "orsaker": {"causes": _causes},
    "atgarder": {
        "measures": _rows(
            m.ApplicationMeasure,
            m.ApplicationMeasure.place,
            m.ApplicationMeasure.cause,
            kind_name=_kind,
            place=_called("place"),
            cause=_called("cause", "text"),
        )
    },
    "mal": {"goals": _goals},
    "perspektiv": {
        "perspectives": _rows(m.ApplicationPerspective, perspective_name=_title(m.PERSPECTIVES, "perspective"))
    },
    "tidplan": {
        "milestones": _rows(m.Milestone),
        "permits": _rows(
            m.ApplicationPermit, kind_name=_title(m.PERMIT_KINDS, "kind"), stands_name=_title(m.PERMIT_STANDS, "stands")
        ),
    },
    "samrad": {"asks": _asks(m.SAMRAD)},
    "radighet": {"asks": _asks(m.MEDGIVANDE)},
    "utgifter": {
        "costs": _rows(m.CostLine, kind_name=_title(m.COST_KINDS, "kind")),
        "years": _years,
        "components": _rows(m.Component),
        "capital": _capital,
        "funding": _rows(m.OtherFunding),
    },
    "drift": {"running": _rows(m.RunningCost, m.RunningCost.payer, payer=_called("payer"))},
    "skotsel": {"promises": _promises},
    "bilagor": {
        "attachments": _rows(
            m.Attachment,
            m.Attachment.photo,
            kind_name=_title(m.ATTACHMENT_KINDS, "kind"),
            photo=_called("photo", "uid"),
        )
    },
}
"""The rows of each part, by name, and what reads them."""
