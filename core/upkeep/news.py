"""What the start page says of frister: what others did since one was here, and what one waits for others to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, journal
from core.access import Actor
from core.db import session
from core.hookspecs import Change, Todo
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from core.upkeep.presenting import CHANGES, closing_themselves, latest, standing

OTHERS = 6
"""Organisations that are named as those one waits for."""


def changes_since(actor: Actor, since: datetime, limit: int) -> Iterator[Change]:
    """Yield what others did to frister that the actor reaches, the newest first, in one query."""
    if not actor.may("upkeep:deadline:read"):
        return
    done = journal.by_others(actor, "deadline", since)
    known = [f"deadline:{key}" for key in CHANGES]
    rows = select(done.c.at, done.c.action, Organisation.name, Deadline.uid, Deadline.rule, Place.name.label("place"))
    rows = rows.select_from(done).join(Deadline, Deadline.uid == done.c.subject_uid)
    rows = rows.outerjoin(Place, Place.id == Deadline.place_id)
    rows = rows.outerjoin(Organisation, Organisation.id == done.c.organisation_id)
    rows = rows.where(Deadline.kind.not_in(closing_themselves()))  # the room whose they are tells what was done
    rows = rows.where(done.c.action.in_(known), Deadline.level < PROTECTED, access.rule_of(Deadline, actor))
    for row in session().execute(rows.order_by(done.c.at.desc(), done.c.seq.desc()).limit(limit)):
        kind, _ = CHANGES[row.action.removeprefix("deadline:")]
        title = row.rule["kind_title"]
        about = Text(N_("{title}, {place}"), title=title, place=row.place) if row.place else title
        yield Change(row.at, about, kind, f"/skotsel/frister/{row.uid}", row.name or "")


def stands(uids: Collection[UUID], *kinds: str) -> dict[UUID, dict[str, Any]]:
    """Return, by its uid, how the open frist of a thing stands, as a Todo says it: the same to all whom it waits for.

    For rooms that tell those who close no frister what is theirs to do, of things that they have let them reach.
    """
    rows = select(Deadline).where(Deadline.subject_uid.in_(uids), Deadline.kind.in_(kinds), Deadline.state == "oppen")
    found = {}
    for row in session().scalars(rows):
        state = standing(row)
        said = {"tone": state.tone, "shape": state.shape, "state": state.label}
        found[row.subject_uid] = {"due_at": row.due_at, "latest": latest(row), **said}
    return found


def waiting_for_others(actor: Actor, own: Iterable[int]) -> Iterator[Todo]:
    """Yield, for each organisation but one's `own`, how many frister one follows that it has to close, in one query."""
    rows = select(
        Organisation.uid,
        Organisation.name,
        func.count().label("count"),
        func.min(Deadline.starts_at).label("since"),
        func.min(Deadline.due_at).label("due_at"),
    )
    rows = rows.join(Deadline, Deadline.organisation_id == Organisation.id)
    rows = rows.where(Deadline.state == "oppen", Deadline.runs())  # nobody can hurry what is paused or reported as done
    rows = rows.where(Organisation.id.not_in(own), access.rule_of(Deadline, actor))
    rows = rows.group_by(Organisation.id, Organisation.uid, Organisation.name).order_by(func.min(Deadline.due_at))
    may_remind, now = actor.may("upkeep:deadline:remind"), clock.now()
    for row in session().execute(rows.limit(OTHERS)):
        yield Todo(
            key=f"upkeep:others:{row.uid}",
            title=Text(N_("{name}: öppna frister, {n}"), name=row.name, n=row.count),
            link=f"/skotsel?ansvarig={row.uid}",
            detail=Text(N_("Sedan {day}"), day=clock.local(row.since).date().isoformat()),
            due_at=row.due_at,
            latest=clock.last_day(row.due_at).isoformat(),
            whose=row.name,
            level=1,
            nudge=f"/skotsel/paminn/{row.uid}" if may_remind and row.due_at < now else "",
        )
