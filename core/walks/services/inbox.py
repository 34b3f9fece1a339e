"""The receiver's inbox, and what the coordinator sends there: many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people import services as people
from core.people.models import Organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from core.walks.models import Observation, ObservationEvent, Walk
from core.walks.services.changes import SILENT, Answer, move_observation
from core.walks.services.light import DARK
from core.walks.services.promises import TO_ANSWER
from core.walks.states import CHOICES, OBSERVATION, TABS, WAITING

PAGE = 50
COUNTED = 1000
RECENT = 5
"""Minutes in which what was sent is told as just sent."""
ANSWERS = "walks:observation:answer"
ANSWERED = "besvarade"


@dataclass(frozen=True)
class Page:
    """A page of the inbox, and where the next one begins."""

    rows: list[Any]
    after: tuple[int, datetime, int] | None


def list_inbox(
    actor: Actor,
    *,
    tab: str = "att_besvara",
    dark: bool = False,
    after: tuple[int, datetime, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return what the actor's organisations answer for: danger first, then what must be answered first.

    What is answered comes in the order it was logged, the latest first: there are years of it, and a page of it costs
    no more for that. `dark`: only what was seen after dark.
    """
    access.require(actor, ANSWERS)
    rows = inbox_query(actor, tab, after)
    if dark:
        rows = rows.where(Observation.sun_elevation < DARK)
    found = db.session().execute(rows.limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page(list(found), (found[-1].urgency, found[-1].due_at, found[-1].id) if more else None)


def inbox_query(actor: Actor, tab: str, after: tuple[int, datetime, int] | None = None) -> Any:
    """Return the query of `list_inbox`, in one go with place, walk and due date."""
    urgency = case((Observation.is_danger, 0), else_=1)
    due = func.coalesce(Deadline.due_at, Observation.received_at)
    rows = (
        select(
            Observation.id,
            Observation.uid,
            Observation.number,
            Observation.kind_title,
            Observation.severity,
            Observation.is_danger,
            Observation.description,
            Observation.state,
            Observation.done_on,
            Observation.version,
            Observation.level,
            Place.name.label("place_name"),
            Place.uid.label("place_uid"),
            Walk.title.label("walk_title"),
            Deadline.due_on,
            Deadline.badly_late_at,
            Deadline.paused_since,
            Deadline.reported_at,
            urgency.label("urgency"),
            due.label("due_at"),
        )
        .outerjoin(Walk, Walk.id == Observation.walk_id)
        .outerjoin(Place, Place.id == Observation.place_id)
        .outerjoin(Deadline, TO_ANSWER)
        .where(Observation.state.in_(TABS[tab]), access.rule_of(Observation, actor, ANSWERS))
    )
    if tab == ANSWERED:
        rows = rows.where(Observation.id < after[2]) if after is not None else rows
        return rows.order_by(Observation.id.desc())
    if after is not None:
        rows = rows.where(tuple_(urgency, due, Observation.id) > after)
    return rows.order_by(urgency, due, Observation.id)


def count_inbox(actor: Actor, *, dark: bool = False) -> dict[str, int]:
    """Return how many there are in each part of the inbox, counted no further than a thousand; `dark` as there."""
    access.require(actor, ANSWERS)
    states = [state for part in TABS.values() for state in part]
    mine = select(Observation.state).where(Observation.state.in_(states), access.rule_of(Observation, actor, ANSWERS))
    mine = mine.where(Observation.sun_elevation < DARK) if dark else mine
    few = mine.limit(COUNTED).subquery()
    counted = db.session().execute(select(few.c.state, func.count()).group_by(few.c.state)).all()
    found = {row.state: row[1] for row in counted}
    return {tab: sum(found.get(state, 0) for state in part) for tab, part in TABS.items()}


def answer(actor: Actor, uid: UUID, choice: str, said: Answer = SILENT, *, version: int | None = None) -> Observation:
    """Answer an observation as its receiver: taking it in, where that is not done, and the move that is the answer."""
    found = access.find(Observation, uid, actor, ANSWERS, lock=True)
    move = CHOICES[choice][1]
    if found.state not in OBSERVATION.move(move).sources and "mottagen" in OBSERVATION.move(move).sources:
        found = move_observation(actor, uid, "ta_emot", version=version)
        version = found.version
    return move_observation(actor, uid, move, said, version=version)


def answer_all(actor: Actor, uids: Sequence[UUID], choice: str, said: Answer = SILENT) -> int:
    """Give several observations the same answer, all or none; objections name the one that they are about.

    Raises Missing, Denied, Refused.
    """
    return _each(actor, uids, lambda uid: answer(actor, uid, choice, said))


def chosen(actor: Actor, uids: Sequence[UUID], permission: str = ANSWERS) -> list[Observation]:
    """Return the observations that somebody has ticked; Missing when one of them is not reached."""
    access.require(actor, permission)
    rows = select(Observation).options(joinedload(Observation.walk), joinedload(Observation.organisation))
    rows = rows.where(Observation.uid.in_(uids), access.rule_of(Observation, actor, permission))
    found = list(db.session().scalars(rows.order_by(Observation.id)))
    if lost := set(uids) - {row.uid for row in found}:
        raise access.Missing("observation", min(lost))
    return found


def waiting_on(actor: Actor, walk: Walk) -> list[Observation]:
    """Return the observations of a walk that wait to be sent to somebody, with who is proposed; the gravest first."""
    rows = select(Observation).options(joinedload(Observation.organisation), joinedload(Observation.proposed))
    rows = rows.where(Observation.walk_id == walk.id, Observation.state.in_(WAITING), Observation.nature != "positivt")
    rows = rows.where(access.rule_of(Observation, actor, "walks:observation:route"))
    return list(db.session().scalars(rows.order_by(Observation.severity.desc(), Observation.number)))


def answerable() -> frozenset[int]:
    """Return the keys of the organisations where somebody can answer today; others are rung or written to."""
    return people.staffed(ANSWERS)


def sees_only_reviewed() -> frozenset[int]:
    """Return the keys of the organisations that answer and see a picture only when it is reviewed: outside the city."""
    return people.staffed(ANSWERS) - people.staffed("media:photo:read")


def send_all(actor: Actor, walk: UUID, uids: Sequence[UUID]) -> int:
    """Review and route what was ticked on a walk, each to whom is proposed; all or none. Returns how many.

    Raises Missing, Denied, Refused as `answer_all` does.
    """
    access.require(actor, "walks:observation:route")
    outing = access.find(Walk, walk, actor, "walks:walk:read")
    there = {row.uid: row for row in waiting_on(actor, outing)}

    def send(uid: UUID) -> None:
        if uid not in there:
            raise flow.Refused([Objection(N_("Det du valde väntar inte längre på att fördelas. Ladda om sidan."))])
        if there[uid].state == "ny":
            move_observation(actor, uid, "granska")
        move_observation(actor, uid, "fordela")

    return _each(actor, uids, send)


def just_sent(actor: Actor, walk: Walk) -> list[tuple[Organisation, int]]:
    """Return to whom the actor has sent something from a walk within the last minutes, and how much."""
    since = clock.now() - timedelta(minutes=RECENT)
    sent = select(ObservationEvent.receiver_id, func.count().label("n"))
    sent = sent.join(Observation, Observation.id == ObservationEvent.observation_id)
    sent = sent.where(Observation.walk_id == walk.id, access.rule_of(ObservationEvent, actor))
    sent = sent.where(ObservationEvent.kind == "fordela", ObservationEvent.at >= since)
    sent = sent.where(ObservationEvent.person_id == actor.id).group_by(ObservationEvent.receiver_id)
    counted = sent.subquery()
    rows = select(Organisation, counted.c.n).join(counted, counted.c.receiver_id == Organisation.id)
    return [(row[0], row[1]) for row in db.session().execute(rows.order_by(Organisation.name))]


def _each(actor: Actor, uids: Sequence[UUID], act: Callable[[UUID], object]) -> int:
    """Do the same with each; what stands in the way of any is told of all that it stands in the way of."""
    refused: dict[Objection, list[UUID]] = {}
    for uid in uids:
        try:
            with db.savepoint():
                act(uid)
        except flow.Refused as refusal:
            for objection in refusal.objections:
                refused.setdefault(objection, []).append(uid)
    if refused:
        raise flow.Refused(list(_named(actor, refused, len(uids))))
    return len(uids)


def _named(actor: Actor, refused: Mapping[Objection, Sequence[UUID]], total: int) -> Iterable[Objection]:
    """Yield what stands in the way of all as it is, and what stands in the way of some with the number of each."""
    some = {uid for uids in refused.values() if len(uids) < total for uid in uids}
    rows = select(Observation.uid, Observation.number, Observation.kind_title)
    rows = rows.where(Observation.uid.in_(some), access.rule_of(Observation, actor))
    called, words = {row.uid: row for row in db.session().execute(rows)}, N_("Iakttagelse {n}, {kind}: {said}")
    for objection, uids in refused.items():
        these = [called[uid] for uid in uids if uid in called] if len(uids) < total else []
        for row in these:
            said = Text(words, n=row.number, kind=row.kind_title, said=objection.message)
            yield replace(objection, message=said)
        if not these:
            yield objection
