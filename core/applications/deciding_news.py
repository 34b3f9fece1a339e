"""What decisions say elsewhere: who they wait for, what their frister are about, and the line on a place's timeline."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core import access, clock
from core.access import Actor
from core.applications.models import (
    OUTCOMES,
    READ,
    SUBMIT,
    Application,
    ApplicationMeasure,
    ApplicationPlace,
    BodyMeeting,
    GrantDecision,
    Promise,
)
from core.applications.services import decisions
from core.applications.states import APPLICATION
from core.db import session
from core.hookspecs import Event, Todo
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.places.models import Place, places_behind
from core.refs import PlaceRef
from core.upkeep.naming import About, names

CLOSES = "upkeep:deadline:close"


@names("granted_application")
def _granted_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Application.uid, Application.title, Application.number).where(Application.uid.in_(uids))
    rows = rows.where(access.rule_of(Application, actor, READ))
    return {row.uid: About(row.title, f"/ansokningar/{row.uid}/beslut", row.number) for row in session().execute(rows)}


@names("maintenance_promise")
def _promises_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name promises by what was built; who looks after it without reading applications is led to its place."""
    rows = select(Promise.uid, ApplicationMeasure.text, Application.uid.label("application"), Application.number)
    rows = rows.join(ApplicationMeasure, ApplicationMeasure.id == Promise.measure_id)
    rows = rows.join(Application, Application.id == Promise.application_id)
    rows = rows.add_columns(access.rule_of(Application, actor, READ).label("reads"), Place.uid.label("place"))
    rows = rows.outerjoin(Place, Place.id == ApplicationMeasure.place_id)
    rows = rows.where(Promise.uid.in_(uids), access.rule_of(Promise, actor))
    found = {}
    for row in session().execute(rows):
        page = f"/platser/{row.place}" if row.place else "/skotsel"
        link = f"/ansokningar/{row.application}/beslut" if row.reads else page
        found[row.uid] = About(row.text, link, row.number)
    return found


def todos(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what waits for the actor: decisions to confirm, and a part that was granted to answer."""
    for row in decisions.to_confirm(actor, limit):
        wrong = row.wrong_by_id is not None
        title = N_("Bekräfta rättelsen av beslutet") if wrong else N_("Bekräfta beslutet")
        yield Todo(
            key=f"applications:decision:{row.uid}",
            title=Text(N_("{what}: {title}"), what=title, title=row.application.title),
            link=f"/beslut/{row.uid}",
            context=row.application.number,
            detail=row.meeting.organisation.name,
            level=row.level,
        )
    if not actor.may(SUBMIT) or actor.may(CLOSES):
        return  # an open frist tells of its thing by itself to who closes frister
    rows = select(Application, GrantDecision.plan_by).join(
        GrantDecision, GrantDecision.application_id == Application.id
    )
    rows = rows.where(Application.state == "delvis_beviljad", GrantDecision.state == "bekraftad")
    rows = rows.where(GrantDecision.outcome == "delvis_beviljad", access.rule_of(Application, actor, SUBMIT))
    for application, plan_by in session().execute(rows.order_by(GrantDecision.plan_by).limit(limit)):
        yield Todo(
            key=f"applications:answer:{application.uid}",
            title=Text(N_("Svara på beslutet om en del av medlen: {title}"), title=application.title),
            link=f"/ansokningar/{application.uid}/beslut",
            context=application.number,
            due_at=clock.first_moment(plan_by + timedelta(days=1)) if plan_by else None,
            latest=plan_by.isoformat() if plan_by else "",
            level=application.level,
        )


def events_on(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterator[Event]:
    """Yield the decisions that hold about applications for a place, the newest first, in one query."""
    there = select(ApplicationPlace.application_id).where(ApplicationPlace.place_id.in_(places_behind(place.uid)))
    rows = select(GrantDecision, Application, BodyMeeting.held_on).join(
        Application, Application.id == GrantDecision.application_id
    )
    rows = rows.join(BodyMeeting, BodyMeeting.id == GrantDecision.meeting_id)
    rows = rows.where(Application.id.in_(there), Application.level < PROTECTED, GrantDecision.state == "bekraftad")
    rows = rows.where(GrantDecision.confirmed_at < before, access.rule_of(GrantDecision, actor))
    order = (GrantDecision.confirmed_at.desc(), GrantDecision.id.desc())
    for row, application, held_on in session().execute(rows.order_by(*order).limit(limit)):
        text = Text(
            N_("{title}: {outcome} {day}"),
            title=application.title,
            outcome=OUTCOMES[row.outcome],
            day=held_on.isoformat(),
        )
        at = row.confirmed_at or row.recorded_at
        shape = APPLICATION.states[row.outcome].shape
        link = f"/ansokningar/{application.uid}/beslut"
        yield Event(at, N_("Beslut om medel"), text, link, application.number, shape, level=application.level)
