"""Maintenance promises (skötsellöften): what lacks in them when money is decided, and how they live on as frister (X3).

Nothing built is granted without somebody who looks after it. When it is finished, the first inspection becomes a frist
of its owner, and each one that is done gives the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.limits import INSPECTION, ONLY
from core.applications.models import DECIDE, Application, ApplicationMeasure, ApplicationPlace, Promise
from core.applications.services import promising
from core.dated import valid_on
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.people.models import Organisation
from core.places.models import Place
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.upkeep.models import Deadline

HOUSE = access.system("applications")
NOON = time(12)
LACKING = {"owner": N_("ansvarig"), "standard": N_("standard"), "cost": N_("driftkostnad")}
"""What a promise may lack; it is born with a first inspection and an interval."""


@dataclass(frozen=True)
class Built:
    """Something that an application builds, with its promise, if any, and the keys of LACKING that it lacks."""

    measure: ApplicationMeasure
    promise: Promise | None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What must be filled in before money is decided; an owner that said no is none."""
        one = self.promise
        if one is None:
            return tuple(LACKING)
        owned = one.owner_id is not None and not one.declined
        filled = {"owner": owned, "standard": bool(one.standard), "cost": one.cost is not None}
        return tuple(key for key in LACKING if not filled[key])


def built_of(applications: Iterable[Application]) -> dict[int, list[Built]]:
    """Return what each of some applications builds, but for what has been dropped, by key, in one query."""
    keys = [row.id for row in applications]
    found: dict[int, list[Built]] = {key: [] for key in keys}
    rows = select(ApplicationMeasure, Promise).outerjoin(Promise, Promise.measure_id == ApplicationMeasure.id)
    rows = rows.options(joinedload(Promise.owner)).where(ApplicationMeasure.application_id.in_(keys))
    rows = rows.where(ApplicationMeasure.built.is_(True), ApplicationMeasure.dropped_on.is_(None))
    for measure, promise in db.session().execute(rows.order_by(ApplicationMeasure.number)):
        found[measure.application_id].append(Built(measure, promise))
    return found


def lacking(application: Application) -> list[Objection]:
    """Return what stands in the way of granting money: each promise with a hole, with the id of what mends it."""
    words = N_("Fyll i skötsellöftet för {what}: {lacks}. Beslutet kan inte skrivas in innan.")
    return [
        Objection(
            Text(words, what=one.measure.text, lacks=", ".join(LACKING[key] for key in one.lacks)),
            f"lofte-{one.measure.uid}",
        )
        for one in built_of([application])[application.id]
        if one.lacks
    ]


def complete_promise(
    actor: Actor,
    measure: UUID,
    *,
    owner: UUID,
    standard: str,
    first_after: int,
    every: int,
    cost: int,
    version: int | None = None,
) -> Promise:
    """Fill in the promise of something built while its application waits for a decision; months and kronor a year.

    What is changed the owner has not promised: it is asked anew, and the decision need not wait for the answer. The
    same again changes nothing. Raises Missing, Denied, Stale, Refused; Invalid for an owner that there is none of.
    """
    access.require(actor, DECIDE)
    found = db.session().scalar(select(ApplicationMeasure).where(ApplicationMeasure.uid == measure))
    if found is None:
        raise access.Missing("application_measure", measure)
    rows = select(Application).where(Application.id == found.application_id).with_for_update()
    application = db.session().scalars(rows.where(access.rule_of(Application, actor, DECIDE))).one_or_none()
    if application is None or not found.built:
        raise access.Missing("application_measure", measure)
    if application.state != "forslag":
        raise flow.Refused([Objection(N_("Skötsellöftet fylls i här bara medan ansökan väntar på beslut."))])
    known = db.session().scalar(select(Promise).where(Promise.measure_id == found.id).with_for_update())
    db.refuse_stale("maintenance_promise", known.uid if known else measure, known.version if known else 0, version)
    holder = db.session().scalar(select(Organisation).where(Organisation.uid == owner))
    if holder is None:
        raise Invalid({"owner": [N_("Välj i listan.")]})
    if known and known.declined and known.owner_id == holder.id:
        raise Invalid({"owner": [N_("Den har sagt nej till att lova det. Välj någon annan.")]})
    promise = known or Promise(application_id=application.id, measure_id=found.id)
    facts = {"owner_id": holder.id, "standard": standard, "cost": cost, "first_after": first_after, "every": every}
    if known and all(getattr(known, name) == value for name, value in facts.items()):
        return known
    for name, value in facts.items():
        setattr(promise, name, value)
    promise.payer_id = promise.payer_id or holder.id
    db.session().add(promise)
    promising.ask_anew(promise, application)
    detail = {"number": application.number, "owner": holder.id, "cost": cost, "first_after": first_after}
    journal.write(actor, "promise:complete", "maintenance_promise", promise.uid, level=application.level, **detail)
    return promise


def application_of(actor: Actor, measure: UUID) -> UUID:
    """Return whose a measure is: the uid of an application that the actor may record decisions of. Raises Missing."""
    rows = select(Application.uid).join(ApplicationMeasure, ApplicationMeasure.application_id == Application.id)
    found = db.session().scalar(
        rows.where(ApplicationMeasure.uid == measure, access.rule_of(Application, actor, DECIDE))
    )
    if found is None:
        raise access.Missing("application_measure", measure)
    return found


def owners() -> list[tuple[UUID, str]]:
    """Return who there is to look after something, by name."""
    rows = select(Organisation.uid, Organisation.name).where(valid_on(Organisation, clock.today()))
    return [(row.uid, row.name) for row in db.session().execute(rows.order_by(Organisation.name))]


# --- When it is finished ------------------------------------------------------------------------------------------


def make_live(application: Application, finished_on: date) -> int:
    """Let the promises of a finished application become frister of their owners; return how many. Again is no more.

    For the room above, when the application is marked as finished.
    """
    made = 0
    for one in built_of([application])[application.id]:
        promise = one.promise
        if promise is None or promise.owner_id is None or promise.live_since == finished_on:
            continue
        terms = _terms(application, promise, months=promise.first_after, given=finished_on)
        begun: dict[str, Any] = {"rule": ONLY, "terms": terms, "starts_at": _at(finished_on)}
        about = _about(application, one.measure, promise)
        known = upkeep.plan_deadline(HOUSE, INSPECTION, subject=about, owner=promise.owner_id, **begun)
        if known.starts_at != _at(finished_on) or known.state != "oppen":
            upkeep.restart_deadline(HOUSE, INSPECTION, about, reason=N_("Färdig på nytt"), **begun)
        promise.live_since = finished_on
        made += 1
    db.session().flush()
    return made


def end_live(application: Application, reason: str) -> None:
    """Let the frister of an application's promises lapse: it was not finished after all."""
    for one in built_of([application])[application.id]:
        if one.promise is not None and one.promise.live_since is not None:
            about = _about(application, one.measure, one.promise)
            upkeep.drop_deadline(HOUSE, INSPECTION, about, reason=reason)
            one.promise.live_since = None
    db.session().flush()


def plan_next() -> None:
    """Let each inspection that has been done give the next, as many months after it as the promise says."""
    rows = select(Promise, ApplicationMeasure, Application, Deadline.met_at)
    rows = rows.join(ApplicationMeasure, ApplicationMeasure.id == Promise.measure_id)
    rows = rows.join(Application, Application.id == Promise.application_id)
    done = (Deadline.subject_uid == Promise.uid) & (Deadline.kind == INSPECTION) & (Deadline.state == "klar")
    rows = rows.join(Deadline, done).where(Promise.live_since.is_not(None)).order_by(Promise.id)
    for promise, measure, application, at in db.session().execute(rows.limit(500)).all():
        met_at = at or clock.now()
        terms = _terms(application, promise, months=promise.every, given=clock.local(met_at).date())
        known: dict[str, Any] = {"rule": ONLY, "terms": terms, "starts_at": met_at}
        about = _about(application, measure, promise)
        upkeep.restart_deadline(HOUSE, INSPECTION, about, reason=N_("Nästa besiktning"), **known)


def _terms(application: Application, promise: Promise, *, months: int, given: date) -> Rule:
    """Return the terms of the next inspection: so many months on, or on the day itself where that is at once."""
    title = Text(N_("Besiktning var {n}:e månad. Standard: {standard}"), n=promise.every, standard=promise.standard)
    if not months:
        return Rule(0, "given_date", title, source=application.number, given=given)
    return Rule(months, "statutory", title, source=application.number, unit="months")


def _at(day: date) -> datetime:
    return datetime.combine(day, NOON, clock.STOCKHOLM)


def _about(application: Application, measure: ApplicationMeasure, promise: Promise) -> Subject:
    rows = select(Place.uid).where(Place.id == measure.place_id)
    if measure.place_id is None:
        rows = select(Place.uid).join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
        rows = rows.where(ApplicationPlace.application_id == application.id).order_by(Place.id).limit(1)
    place = db.session().scalar(rows)
    return Subject("maintenance_promise", promise.uid, measure.text[:200], place=place, level=application.level)
