"""What upkeep says through the contract: what waits, what happened on a place, and its job by the clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import access, clock
from core.access import Actor
from core.db import session
from core.hookspecs import Change, Event, Job, Section, Todo, hookimpl
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.places.models import places_behind
from core.refs import PlaceRef, Subject
from core.upkeep.models import Deadline, DeadlineChange
from core.upkeep.naming import about
from core.upkeep.news import changes_since, waiting_for_others
from core.upkeep.presenting import CHANGES, closing_themselves, latest, standing, title_of
from core.upkeep.services import ask_for_letters, deadlines_of, fill_calendar, list_open, nudging, open_of_place

AHEAD = timedelta(days=92)
"""What ends later than in a quarter nobody has to do yet, such as to inspect what is guaranteed for two years."""


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """Frister of one's own organisation that can be closed by oneself, the most urgent first; and those of others."""
    if not actor.may("upkeep:deadline:close"):
        return
    own = {key for reach in actor.reaches("upkeep:deadline:close") for key in reach.organisations or ()}
    yield from waiting_for_others(actor, own)
    soon = clock.now() + AHEAD
    rows = [row for row in list_open(actor, answering=own, limit=limit).rows if row.due_at < soon]
    named, themselves = about(actor, rows), closing_themselves()
    for row in _next(rows, themselves):
        state, thing = standing(row), named.get(row.subject_uid)
        yield Todo(
            key=f"upkeep:{row.uid}",
            title=title_of(row),
            link=thing.link if thing and row.kind in themselves else f"/skotsel/frister/{row.uid}",
            context="" if row.level >= PROTECTED else row.place_name or (thing.number if thing else ""),
            detail=thing.title if thing else "" if row.level >= PROTECTED else row.rule["title"],
            due_at=row.due_at,
            latest=latest(row),
            tone=state.tone,
            shape=state.shape,
            state=state.label,
            whose=thing.whose if thing else "",
            nudge=thing.nudge if thing and row.due_at < clock.now() else "",
            before=row.urgency == 0,
            level=min(row.level, PROTECTED - 1),  # it says nothing but that it is one, and that may be seen
        )


def _next(rows: Iterable[Any], themselves: Collection[str]) -> Iterator[Any]:
    """Yield of frister that are met by what happens only the next one of each thing: it is one thing to do."""
    told = set()
    for row in rows:
        if row.kind not in themselves or row.subject_uid not in told:
            told.add(row.subject_uid)
            yield row


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place what is open there; on an observation its frister; on a frist what one may remind others of."""
    if page == "deadline" and (waiting := nudging(actor, subject)):
        yield Section("core:paminn", N_("Du väntar på andra"), "upkeep/nudge.html", {"waiting": waiting}, 90)
    if not actor.may("upkeep:deadline:read"):
        return
    if page == "place":
        rows, title = open_of_place(actor, subject.uid), N_("Öppna frister")
    elif page == "observation":
        rows, title = deadlines_of(actor, "observation", subject.uid), N_("Frister")
    else:
        return
    shown = [(row, title_of(row), standing(row)) for row in rows]
    yield Section("core:frister", title, "upkeep/section.html", {"rows": shown, "latest": latest}, 10)


@hookimpl
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """Frister that were planned or closed on the place; protected ones leave no trace here.

    Nor do those that close themselves: the room whose they are tells what was answered.
    """
    mine = select(Deadline).where(Deadline.place_id.in_(places_behind(place.uid)))
    mine = mine.where(Deadline.kind.not_in(closing_themselves()))
    mine = mine.where(Deadline.level < PROTECTED, access.rule_of(Deadline, actor))
    planned = mine.where(Deadline.starts_at < before).order_by(Deadline.starts_at.desc(), Deadline.id.desc())
    for row in session().scalars(planned.limit(limit)):
        text = Text(N_("{title}, senast {day}"), title=row.rule["kind_title"], day=row.due_on.isoformat())
        yield Event(row.starts_at, N_("Frist"), text, f"/skotsel/frister/{row.uid}", shape="soon")
    changed = (
        select(DeadlineChange, Deadline)
        .join(Deadline, Deadline.id == DeadlineChange.deadline_id)
        .where(Deadline.id.in_(mine.with_only_columns(Deadline.id)), DeadlineChange.at < before)
        .order_by(DeadlineChange.at.desc(), DeadlineChange.id.desc())
    )
    for change, row in session().execute(changed.limit(limit)):
        kind, shape = CHANGES[change.kind]
        said = Text(N_("{kind}: {text}"), kind=row.rule["kind_title"], text=change.reason)
        yield Event(change.at, kind, said, f"/skotsel/frister/{row.uid}", shape=shape)


@hookimpl
def tryggplats_changes(actor: Actor, since: datetime, limit: int) -> Iterable[Change]:
    """What became of frister that the actor follows: closed, shortened, given to another; protected ones stay out."""
    return changes_since(actor, since, limit)


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Once a day the calendar is made to reach far enough ahead; every ten minutes it is asked if letters are due."""
    return [
        Job("upkeep:calendar", N_("Fyll på kalendern med arbetsdagar"), 86_400, fill_calendar),
        Job("upkeep:letters", N_("Skriv dagens brev om frister"), 600, ask_for_letters),
    ]
