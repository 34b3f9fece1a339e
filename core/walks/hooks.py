"""What walks say through the contract: their parts of other rooms' pages, and what happened on a place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from heapq import nlargest
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core import access, media
from core.access import Actor
from core.db import session
from core.hookspecs import Change, Dated, DeadlineKind, Event, Section, Todo, hookimpl
from core.http.forms import Form
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.places.models import places_behind
from core.refs import MoveRef, OrderRef, PlaceRef, Subject
from core.upkeep.naming import About, names
from core.walks import documents, reporting  # noqa: F401 - what a walk leaves on paper, what can be read in
from core.walks.limits import KINDS
from core.walks.models import Observation, ObservationEvent, Walk, WalkPlace
from core.walks.news import changes_since, dates_after, todos_after
from core.walks.schemas import AddedForm
from core.walks.services import ANSWERS, ORDERABLE, follow_order, ongoing, pairs_among, reaches, report_of
from core.walks.states import ANSWERING, OBSERVATION, WALK
from core.works.services import orders_about, things_of
from core.works.states import ORDER

SHOWN = 12


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place its walks; on a frist the observation that it is about; on an observation the report it began as."""
    if page == "place":
        if shown := _before_and_after(subject, actor):
            yield Section("core:fore-efter", N_("Före och efter"), "walks/before_after.html", {"pairs": shown}, 30)
        yield Section("core:walks", N_("Vandringar"), "walks/on_place.html", {"walks": _walks(subject, actor)}, 40)
    elif page == "observation":
        if (report := report_of(actor, subject.uid)) is not None:
            yield Section("core:rapport", N_("Rapporten"), "walks/on_observation.html", {"report": report}, 5)
        yield from _ordered(subject, actor)
    elif page == "deadline" and subject.kind == "observation":
        observation = session().scalar(_observation(subject, actor))
        if observation is None:
            return
        photos = media.photos_of("observation", [observation.uid])[observation.uid]
        may_add, added = actor.may("media:photo:add") and not observation.camera_off, Form(AddedForm, ids="foto")
        seen = media.pictures_for(actor, photos)
        context: dict[str, Any] = {
            "observation": observation,
            "photos": photos,
            "seen": seen,
            "may_add": may_add,
            "added": added,
        }
        yield Section("core:observation", N_("Iakttagelsen"), "walks/on_deadline.html", context, 10)
    elif page == "order":
        yield from _reported(subject, actor)


def _ordered(subject: Subject, actor: Actor) -> Iterable[Section]:
    """The orders about an observation, as whoever reads it may know of them; and the door to a new one."""
    orders = orders_about("observation", [subject.uid])[subject.uid]
    observation = session().scalar(_observation(subject, actor))
    orderable = observation if observation is not None and observation.state in ORDERABLE else None
    makes = orderable is not None and actor.may("works:order:make")
    may_order = orderable is not None and makes and reaches(actor, Observation, orderable.id, ANSWERS)
    if orders or may_order:
        shown: dict[str, Any] = {"orders": orders, "states": ORDER.states, "observation": subject.uid}
        shown |= {"may_order": may_order, "may_read": actor.may("works:order:read")}
        yield Section("core:arbetsorder", N_("Arbetsorder"), "walks/orders.html", shown, 20)


def _reported(subject: Subject, actor: Actor) -> Iterable[Section]:
    """What an order is about: the observations that the actor reads, and the pictures that she may get."""
    uids = things_of(actor, subject.uid, "observation")
    rows = select(Observation).where(Observation.uid.in_(uids), access.rule_of(Observation, actor))
    found = list(session().scalars(rows.order_by(Observation.id)))
    photos = list(chain.from_iterable(media.photos_of("observation", uids).values()))
    if found or photos:
        shown = {"observations": found, "photos": photos, "seen": media.pictures_for(actor, photos)}
        yield Section("core:iakttagelser", N_("Det som rapporterades"), "walks/on_order.html", shown, 10)


def _before_and_after(subject: Subject, actor: Actor) -> list[tuple[Observation, list[media.Photo]]]:
    """Return the latest observations of a place that have photos of both before and after.

    A photo that was taken again from the spot of an earlier one stands beside that one.
    """
    after = select(media.Photo.record_uid).where(media.Photo.record_kind == "observation", media.Photo.role == "efter")
    rows = select(Observation).where(Observation.place_id.in_(places_behind(subject.uid)))
    rows = rows.where(access.rule_of(Observation, actor), Observation.uid.in_(after)).order_by(Observation.id.desc())
    found = list(session().scalars(rows.limit(SHOWN)))
    photos = media.photos_of("observation", [row.uid for row in found])
    seen = media.pictures_for(actor, chain.from_iterable(photos.values()))
    again = {after.record_uid: [before, after] for before, after in pairs_among(actor, chain(*photos.values()))}
    shown = []
    for row in found:
        if row.uid in again:
            shown.append((row, again[row.uid]))
            continue
        ready = [photo for photo in photos[row.uid] if seen.get(photo.uid) == "ready"]
        first = [photo for photo in ready if photo.role != "efter"][:1]
        last = [photo for photo in ready if photo.role == "efter"][-1:]
        if first and last:
            shown.append((row, first + last))
    return shown


def _observation(subject: Subject, actor: Actor) -> Select[Observation]:
    return select(Observation).where(Observation.uid == subject.uid, access.rule_of(Observation, actor))


def _walks(subject: Subject, actor: Actor) -> list[Walk]:
    there = select(WalkPlace.walk_id).where(WalkPlace.place_id.in_(places_behind(subject.uid)))
    rows = select(Walk).where(Walk.id.in_(there), access.rule_of(Walk, actor)).order_by(Walk.planned_at.desc())
    return list(session().scalars(rows.limit(SHOWN)))


@hookimpl
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """What was seen on the place and what was answered; protected observations leave no trace here."""
    events = chain(_seen(place, actor, before, limit), _answers(place, actor, before, limit))
    return nlargest(limit, events, key=lambda event: event.at)


def _seen(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """Observations on the place, with a picture where there is one."""
    rows = select(Observation).options(joinedload(Observation.walk))
    rows = rows.where(Observation.place_id.in_(places_behind(place.uid)))
    rows = rows.where(Observation.seen_at < before, Observation.level < PROTECTED)
    rows = rows.where(access.rule_of(Observation, actor))
    found = list(session().scalars(rows.order_by(Observation.seen_at.desc(), Observation.id.desc()).limit(limit)))
    photos = media.photos_of("observation", [row.uid for row in found])
    seen = media.pictures_for(actor, chain.from_iterable(photos.values()))
    for row in found:
        shown = [photo.uid for photo in photos[row.uid] if seen.get(photo.uid) == "ready"]
        said = Text(N_("{kind}: {text}"), kind=row.kind_title, text=row.description)
        text = said if row.description else row.kind_title
        on_walk, alone = N_("Iakttagelse {n} på vandringen {walk}"), N_("Iakttagelse {n}, utan vandring")
        back = Text(on_walk, n=row.number, walk=row.walk.title) if row.walk else Text(alone, n=row.number)
        link, photo = f"/iakttagelser/{row.uid}", shown[0] if shown else None
        yield Event(row.seen_at, N_("Iakttagelse"), text, link, back, "seen", photo, row.level)


def _answers(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """What receivers have answered on the place."""
    rows = select(ObservationEvent, Observation).join(Observation, Observation.id == ObservationEvent.observation_id)
    rows = rows.options(joinedload(ObservationEvent.organisation))
    rows = rows.where(Observation.place_id.in_(places_behind(place.uid)), Observation.level < PROTECTED)
    rows = rows.where(access.rule_of(Observation, actor))
    rows = rows.where(ObservationEvent.kind.in_(ANSWERING), ObservationEvent.at < before)
    order = (ObservationEvent.at.desc(), ObservationEvent.id.desc())
    for event, row in session().execute(rows.order_by(*order).limit(limit)):
        who = event.organisation.name if event.organisation else ""
        label = OBSERVATION.move(event.kind).label
        text = Text(N_("{who}: {answer}"), who=who, answer=event.answer or label)
        back = Text(N_("Svar på iakttagelse {n}"), n=row.number)
        yield Event(event.at, N_("Svar"), text, f"/iakttagelser/{row.uid}", back, OBSERVATION.states[event.state].shape)


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """What a walk promises: to route, to answer, a protocol, feedback, a walk that follows it up."""
    return KINDS


@names("observation")
def _observations_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Observation.uid, Observation.number, Observation.kind_title)
    rows = rows.where(Observation.uid.in_(uids), access.rule_of(Observation, actor))
    called, number = N_("Iakttagelse {n}: {kind}"), N_("Iakttagelse {n}")
    return {
        row.uid: About(
            Text(called, n=row.number, kind=row.kind_title), f"/iakttagelser/{row.uid}", Text(number, n=row.number)
        )
        for row in session().execute(rows)
    }


@names("walk")
def _walks_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Walk.uid, Walk.title).where(Walk.uid.in_(uids), access.rule_of(Walk, actor))
    return {row.uid: About(row.title, f"/vandringar/{row.uid}") for row in session().execute(rows)}


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """What waits after walks; and first of all a walk that one is out on: to where one writes what one sees."""
    yield from todos_after(actor, limit)
    state = WALK.states["pagar"]
    for walk in ongoing(actor):
        yield Todo(
            key=f"walk:{walk.uid}",
            title=N_("Skriv in vad ni ser"),
            link=f"/vandringar/{walk.uid}/skriv-in",
            context=walk.title,
            tone=state.tone,
            shape=state.shape,
            state=state.label,
            ongoing=True,
            level=walk.level,
        )


@hookimpl
def tryggplats_changes(actor: Actor, since: datetime, limit: int) -> Iterable[Change]:
    """Observations that others logged or moved on; protected ones stay out."""
    return changes_since(actor, since, limit)


@hookimpl
def tryggplats_dates(actor: Actor, after: datetime, limit: int) -> Iterable[Dated]:
    """The walks to come."""
    return dates_after(actor, after, limit)


@hookimpl
def tryggplats_after_order(move: MoveRef, order: OrderRef) -> None:
    """What was seen follows the order about it."""
    follow_order(move, order)


@hookimpl
def tryggplats_demo(city: str) -> None:  # noqa: ARG001 - the same walks wherever
    """Add the walks of the seed pack around today, with what was seen on them and answered."""
    from core.walks.demo import fill

    fill()
