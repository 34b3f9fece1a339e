"""What people do to the date of a frist: pause it, let it run on, move it; each with a reason that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from core import access, clock, db, flow, plugins
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.upkeep import engine
from core.upkeep.calendar import OutsideCalendar
from core.upkeep.keeping import go_on, put_under, stand_still
from core.upkeep.knowing import read_calendar
from core.upkeep.models import Deadline
from core.upkeep.states import DEADLINE

ACTS = {"pausa": "upkeep:deadline:pause", "ateruppta": "upkeep:deadline:pause", "flytta": "upkeep:deadline:move"}
"""What can be done, and the permission that it takes."""


def acts_for(actor: Actor, deadline: Deadline) -> list[str]:
    """Return which of the acts lie open to the actor, for buttons."""
    return [key for key, needs in ACTS.items() if _may(actor, needs, deadline) and not [*_objections(deadline, key)]]


def pause(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> Deadline:
    """Let a frist stand still from now on."""
    deadline = _found(actor, uid, "pausa", reason, version)
    stand_still(actor, deadline, reason=reason)
    return deadline


def resume(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> Deadline:
    """Let a paused frist run on, counted anew from its own start with all its pauses."""
    deadline = _found(actor, uid, "ateruppta", reason, version)
    go_on(actor, deadline, reason=reason)
    return deadline


def move_date(actor: Actor, uid: UUID, *, on: date, reason: str, version: int | None = None) -> Deadline:
    """Let a frist end on another day; what its rule gave is kept and still explained.

    One whose moment has passed stays late, whatever it is moved to.
    """
    deadline = _found(actor, uid, "flytta", reason, version)
    if on < clock.today():
        raise flow.Refused([Objection(N_("Välj i dag eller en dag som kommer."), "on")], "flytta")
    if on == deadline.due_on and not engine.ends_at_a_moment(deadline.rule):
        raise flow.Refused([Objection(N_("Det är redan sista dagen. Välj en annan."), "on")], "flytta")
    if deadline.due_at <= clock.now() and deadline.missed_at is None:
        deadline.missed_at, deadline.missed_on = deadline.due_at, deadline.due_on
    stood = deadline.rule.get("before") or deadline.rule
    moved = {**stood, "schema": 2, "clock": "given_date", "given": on.isoformat(), "before": stood}
    put_under(actor, deadline, moved, "flytta", reason)
    return deadline


def day_off(deadline: Deadline, day: date) -> str:
    """Return why a day is no working day of whoever answers for a frist, such as Julafton; nothing where it is one."""
    try:
        known = read_calendar(deadline.calendar, day, day, known_at=clock.now()).told(day)
    except OutsideCalendar:
        return ""
    return "" if known.is_working else known.name or engine.HOLIDAY


def _may(actor: Actor, needs: str, deadline: Deadline) -> bool:
    try:
        access.require(actor, needs, deadline)
    except (access.Denied, access.Missing):
        return False
    return True


def _found(actor: Actor, uid: UUID, act: str, reason: str, version: int | None) -> Deadline:
    """Return the frist to act on. Raises Missing, Denied, Stale, and Refused with all that stands in the way."""
    deadline = access.find(Deadline, uid, actor, ACTS[act], lock=True)
    db.refuse_stale("deadline", uid, deadline.version, version)
    found = [*_objections(deadline, act)]
    if not reason.strip():
        found.append(Objection(N_("Skriv varför."), "reason"))
    if found:
        raise flow.Refused(found, act)
    return deadline


def _objections(deadline: Deadline, act: str) -> Iterator[Objection]:
    kind = plugins.house().deadline_kinds.get(deadline.kind)
    if deadline.state != "oppen":
        label = DEADLINE.states[deadline.state].label
        yield Objection(Text(N_("Det går inte nu: läget är ”{state}”. Ladda om sidan."), state=label))
    elif away := flow.waits_for(deadline):
        yield Objection(away)
    elif kind is not None and kind.closes_itself:
        yield Objection(N_("Fristen följer det som den gäller. Ändra där i stället."))
    elif deadline.reported_at is not None:
        yield Objection(N_("Det är anmält klart och väntar på besked. Ladda om sidan."))
    elif act == "ateruppta":
        if deadline.paused_since is None:
            yield Objection(N_("Fristen är inte pausad längre. Ladda om sidan."))
    elif deadline.paused_since is not None:
        yield Objection(N_("Fristen är pausad. Låt den löpa igen först."))
    elif act == "pausa" and not engine.may_stand_still(deadline.rule):
        yield Objection(N_("Datumet är bestämt på annat håll och kan inte pausas. Flytta det i stället."))
