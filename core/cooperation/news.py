"""What the start page, Att göra and a place's timeline say of cycles. What is sealed stands in none of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from core import access, clock, journal
from core.access import Actor
from core.cooperation import services
from core.cooperation.models import Cycle, CycleEvent
from core.cooperation.models.cycles import READ
from core.cooperation.states import CYCLE, OPENED, OVER, STEPS
from core.db import session
from core.flow import Move
from core.hookspecs import Change, Dated, Event, Todo
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import places_behind
from core.refs import PlaceRef

SORTS = {
    "lagesbild": (N_("Lämna in egen lägesbild"), "/lagesbilder/{uid}"),
    "atgard": (N_("Gör klart åtgärden"), "/samverkan/atgarder/{uid}"),
    "poang": (N_("Ge problemen poäng"), "/samverkan/{uid}/prioritering"),
    "godta": (N_("Ta ställning till målet"), "/samverkan/mal/{uid}"),
    "resultat": (N_("Skriv vad det blev av målet"), "/samverkan/mal/{uid}"),
    "steg": (N_("Lägesbilderna är öppnade. Börja prioritera"), "/samverkan/{uid}"),
    "borja": (N_("Förbered samverkan, och be om lägesbilder"), "/samverkan/{uid}"),
}
"""What there is to do of each sort that waits, and where."""
TOLD = {
    "startad": N_("Samverkan startad"),
    "steg": N_("Steg {n}: {step}"),
    "tillbaka": N_("Tillbaka till steg {n}: {step}"),
    OPENED: N_("Lägesbilderna öppnade"),
    "avsluta": N_("Cykeln avslutad"),
    "oppna_igen": N_("Cykeln öppnad igen"),
    "avbryt": N_("Samverkan avbruten"),
    "ta_upp_igen": N_("Samverkan tagen upp igen"),
}
"""What of a cycle stands on the timeline of its place."""
NUMBERS = {key: number for number, key in enumerate(STEPS, 1)}


def _of_move(kind: str, target: str) -> str:
    """Return what a step is called that has been taken."""
    state = CYCLE.states.get(target)
    return Text(TOLD[kind], n=NUMBERS.get(target, ""), step=state.label if state else "")


def _kind_of(move: Move) -> str:
    return move.key if move.key in TOLD else "tillbaka" if move.reason else "steg"


CHANGED = {"cycle:begin": TOLD["startad"], "cycle:open": TOLD[OPENED]} | {
    f"cycle:{move.key}": _of_move(_kind_of(move), move.target) for move in CYCLE.moves
}


def todos(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what waits for the actor; an open frist tells of its thing by itself to who closes frister."""
    found = services.waiting_for(actor, frister=not actor.may("upkeep:deadline:close"))
    for _, one in zip(range(limit), found, strict=False):
        title, link = SORTS[one.sort]
        late = one.due_at is not None and one.due_at <= clock.now()
        counted = Text(N_("{n} problem väntar på er"), n=one.count) if one.count else ""
        yield Todo(
            key=f"cooperation:{one.sort}:{one.uid}",
            title=title,
            link=link.format(uid=one.uid),
            context=one.cycle,
            detail=one.about or counted,
            due_at=one.due_at,
            latest=_latest(one.due_at),
            tone="danger" if late else "plain",
            shape="late" if late else "open",
            state=N_("Försenat") if late else "",
            level=one.level,
        )


def _latest(at: datetime | None) -> str:
    return clock.last_day(at).isoformat() if at is not None else ""


def events_on(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterator[Event]:
    """Yield the steps of cycles on a place, the newest first, in one query."""
    rows = select(CycleEvent, Cycle).join(Cycle, Cycle.id == CycleEvent.cycle_id)
    rows = rows.where(Cycle.place_id.in_(places_behind(place.uid)), Cycle.level < PROTECTED)
    rows = rows.where(CycleEvent.kind.in_(TOLD), CycleEvent.at < before, access.rule_of(Cycle, actor))
    order = (CycleEvent.at.desc(), CycleEvent.id.desc())
    for event, cycle in session().execute(rows.order_by(*order).limit(limit)):
        state = CYCLE.states.get(event.target)
        text = Text(N_("{title}. {what}"), title=cycle.title, what=_of_move(event.kind, event.target))
        shape = state.shape if state else "full"
        yield Event(event.at, N_("Samverkan"), text, f"/samverkan/{cycle.uid}", cycle.number, shape, level=cycle.level)


def changes_since(actor: Actor, since: datetime, limit: int) -> Iterator[Change]:
    """Yield what others did to cycles that the actor reaches, the newest first, in one query."""
    if not actor.may(READ):
        return
    done = journal.by_others(actor, "cycle", since)
    rows = select(done.c.at, done.c.action, Organisation.name.label("by"), Cycle.uid, Cycle.title, Cycle.level)
    rows = rows.select_from(done).join(Cycle, Cycle.uid == done.c.subject_uid)
    rows = rows.outerjoin(Organisation, Organisation.id == done.c.organisation_id)
    rows = rows.where(done.c.action.in_(CHANGED), Cycle.level < PROTECTED, access.rule_of(Cycle, actor))
    for row in session().execute(rows.order_by(done.c.at.desc(), done.c.seq.desc()).limit(limit)):
        yield Change(row.at, row.title, CHANGED[row.action], f"/samverkan/{row.uid}", row.by or "", row.level)


def dates_after(actor: Actor, after: datetime, limit: int) -> Iterator[Dated]:
    """Yield when the pictures open of the cycles that the actor reaches, the next first."""
    if not actor.may(READ):
        return
    rows = select(Cycle).where(access.rule_of(Cycle, actor), Cycle.level < PROTECTED)
    rows = rows.where(Cycle.opens_at > after, Cycle.opened_at.is_(None), Cycle.state.not_in(OVER))
    for row in session().scalars(rows.order_by(Cycle.opens_at, Cycle.id).limit(limit)):
        if row.opens_at is not None:
            title = Text(N_("Lägesbilderna öppnas: {title}"), title=row.title)
            yield Dated(row.opens_at, title, f"/samverkan/{row.uid}", row.level)
