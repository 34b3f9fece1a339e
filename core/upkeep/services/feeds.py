"""Calendars to subscribe to: what one's organisations have to do, by number, kind and date, and nothing else.

Whoever has the address can read the calendar, so it holds nothing that is restricted (level 2 and above), no place and
no text. It ends with the role or the account that it is for.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vDuration
from sqlalchemy import or_, select, update

from core import access, clock, db, journal, restored
from core.access import Actor
from core.dated import valid_on
from core.people.models import Person, RoleGrant
from core.people.services import actor_of
from core.people.services.secret import digest
from core.upkeep.letter_text import OPEN_LEVEL
from core.upkeep.models import Deadline, Feed
from core.upkeep.naming import about
from core.upkeep.services.reminders import own, running

MINE = "upkeep:feed:own"
MOST = 1000
"""Frister that a calendar holds: the next ones, after those that are late."""
AGAIN = timedelta(hours=6)
"""How often a calendar program is asked to look again."""


@dataclass(frozen=True)
class Subscribable:
    """What a person may subscribe to: all of it (no role), or what one role has to do; and since when she does."""

    grant: UUID | None
    role: str
    organisation: str
    made_at: datetime | None


def subscribable(actor: Actor) -> list[Subscribable]:
    """Return what the actor may subscribe to: everything of hers, and each of her roles."""
    access.require(actor, MINE)
    made = {feed.grant_uid: feed.made_at for feed in _going(actor)}
    roles = [
        Subscribable(row.uid, row.role, row.organisation.name, made.get(row.uid))
        for row in _grants(actor)
        if row.role in access.permissions()["upkeep:deadline:read"].own
    ]
    return [Subscribable(None, "", "", made.get(None)), *roles] if roles else []


def make_feed(actor: Actor, grant: UUID | None) -> str:
    """Make the address of a calendar and return its secret: shown once, kept as a hash. One made before ends.

    Raises Missing for a role that is not the actor's own.
    """
    _refuse_foreign(actor, grant)
    _end(actor, grant)
    opaque = secrets.token_urlsafe(32)
    row = Feed(uid=db.new_uid(), person_id=actor.id, grant_uid=grant, digest=digest(opaque), made_at=clock.now())
    db.session().add(row)
    journal.write(actor, "feed:make", "feed", row.uid)
    return opaque


@restored.when_restored
def _end_all_feeds(_actor: Actor) -> None:
    """Let no calendar's address answer in a restored copy: one that had ended after the backup would answer again."""
    db.session().execute(update(Feed).where(Feed.ended_at.is_(None)).values(ended_at=clock.now()))


def end_feed(actor: Actor, grant: UUID | None) -> None:
    """End a calendar: its address answers nothing any more."""
    access.require(actor, MINE)
    if not _end(actor, grant):
        raise access.Missing("feed", grant or "")


def read_feed(opaque: str) -> bytes:
    """Return the calendar with this secret as iCalendar (RFC 5545); Missing for one that has ended or never was."""
    feed = db.session().scalar(select(Feed).where(Feed.digest == digest(opaque), Feed.ended_at.is_(None)))
    person = db.session().get(Person, feed.person_id) if feed else None
    if feed is None or person is None or person.ended_at is not None:
        raise access.Missing("feed", "")
    actor, name = actor_of(person), "Tryggplats"
    if feed.grant_uid is not None:
        uids = [row.uid for row in _grants(actor)]
        if feed.grant_uid not in uids:
            raise access.Missing("feed", "")
        actor = replace(actor, grants=(actor.grants[uids.index(feed.grant_uid)],))
        name = f"Tryggplats, {_grants(actor)[uids.index(feed.grant_uid)].organisation.name}"
    return _calendar(actor, name)


def _calendar(actor: Actor, name: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Tryggplats//Frister//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(AGAIN))
    rows = _due(actor)
    named = about(actor, rows)
    for row in rows:
        thing = named.get(row.subject_uid)
        event = Event()
        event.add("uid", f"{row.uid}@tryggplats")
        event.add("dtstamp", row.starts_at)
        event.add("sequence", row.version)
        event.add("summary", ": ".join(filter(None, (thing.number if thing else "", row.rule["kind_title"]))))
        event.add("dtstart", row.due_on)
        event.add("dtend", row.due_on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("url", f"{db.settings().base_url}/skotsel/frister/{row.uid}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _due(actor: Actor) -> list[Deadline]:
    """Return what the actor's organisations have to do, the next first, as far as whoever has the address may know."""
    rows = select(Deadline).where(running(), Deadline.level <= OPEN_LEVEL)
    mine = own(actor)
    theirs = or_(Deadline.organisation_id.in_(mine), Deadline.executor_id.in_(mine))
    rows = rows.where(theirs, access.rule_of(Deadline, actor))
    return list(db.session().scalars(rows.order_by(Deadline.due_at, Deadline.id).limit(MOST)))


def _grants(actor: Actor) -> list[RoleGrant]:
    """Return the roles that a person holds today, in the order that her actor has them."""
    held = select(RoleGrant).where(RoleGrant.person_id == actor.id, valid_on(RoleGrant, clock.today()))
    return list(db.session().scalars(held.order_by(RoleGrant.id)))


def _refuse_foreign(actor: Actor, grant: UUID | None) -> None:
    if grant not in {one.grant for one in subscribable(actor)}:
        raise access.Missing("role_grant", grant or "")


def _going(actor: Actor) -> list[Feed]:
    return list(db.session().scalars(select(Feed).where(Feed.person_id == actor.id, Feed.ended_at.is_(None))))


def _end(actor: Actor, grant: UUID | None) -> bool:
    ending = [feed for feed in _going(actor) if feed.grant_uid == grant]
    for feed in ending:
        feed.ended_at = clock.now()
        journal.write(actor, "feed:end", "feed", feed.uid)
    return bool(ending)
