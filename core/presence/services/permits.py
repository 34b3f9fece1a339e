"""The permits of what is arranged: which, asked for in time, given until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_
from core.places.models import Place
from core.presence.bands import known_kind, permit_kinds
from core.presence.limits import ONLY, PERMIT, apply_by
from core.presence.models import Activation, ActivationPermit
from core.presence.models.activations import EDIT
from core.presence.states import ACTIVATION, CANCELLED
from core.presence.states import PERMIT as PERMIT_FLOW
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep

HOUSE = access.system("presence")
GONE = N_("Tillståndet behövs inte längre")
MOVED = N_("Första dagen är ändrad")


def permits_of(row: Activation) -> list[ActivationPermit]:
    """Return the permits of something arranged, as they were written down."""
    rows = select(ActivationPermit).where(ActivationPermit.activation_id == row.id).order_by(ActivationPermit.id)
    return list(db.session().scalars(rows))


def plan_permits(actor: Actor, row: Activation, kinds: Iterable[str] = ()) -> None:
    """Write down permits that are needed and not there yet; let every permit's frist follow what is arranged."""
    access.require(actor, EDIT)
    known = permits_of(row)
    for kind in kinds:
        known_kind("permit_kinds", kind, "permits")
        if all(permit.kind != kind for permit in known):
            permit = ActivationPermit(activation_id=row.id, kind=kind, state=PERMIT_FLOW.start, level=row.level)
            db.session().add(permit)
            known.append(permit)
    db.session().flush()
    for permit in known:
        _keep_in_time(row, permit)


def _about(row: Activation, permit: ActivationPermit) -> Subject:
    place = db.session().get_one(Place, row.place_id)
    return Subject("activation_permit", permit.uid, row.title, place=place.uid, level=row.level)


def _keep_in_time(row: Activation, permit: ActivationPermit) -> None:
    """Plan the frist for asking, let it follow the first day, and let it go when there is nothing to ask for."""
    about = _about(row, permit)
    over = row.state == CANCELLED or permit.state == "behovs_ej"
    if over or ACTIVATION.states[row.state].closed:
        upkeep.drop_deadline(HOUSE, PERMIT, about, reason=GONE)
        return
    if permit.state != PERMIT_FLOW.start:
        upkeep.meet_deadline(HOUSE, PERMIT, about, reason=PERMIT_FLOW.states[permit.state].label)
        return
    terms = apply_by(permit_kinds()[permit.kind], row.starts_on)
    known: dict[str, Any] = {"rule": ONLY, "subject": about, "owner": row.organisation_id, "terms": terms}
    frist = upkeep.plan_deadline(HOUSE, PERMIT, starts_at=clock.now(), **known)
    if frist.state == "klar":
        upkeep.restart_deadline(
            HOUSE,
            PERMIT,
            about,
            rule=ONLY,
            terms=terms,
            starts_at=clock.now(),
            reason=PERMIT_FLOW.states["behovs"].label,
        )
    elif terms.given is not None and frist.due_on != terms.given:
        upkeep.retime_deadline(HOUSE, PERMIT, about, terms=terms, reason=MOVED)


def add_permit(actor: Actor, activation: UUID, *, kind: str) -> Activation:
    """Write down that something arranged needs a permit. Raises Missing, Denied, Invalid, Refused."""
    row = access.find(Activation, activation, actor, EDIT, lock=True)
    if ACTIVATION.states[row.state].closed:
        raise flow.Refused([Objection(N_("Den är avslutad. Öppna den igen om något ska ändras."))])
    if any(permit.kind == kind for permit in permits_of(row)):
        raise Invalid({"kind": [N_("Det tillståndet finns redan i listan.")]})
    known_kind("permit_kinds", kind)
    plan_permits(actor, row, [kind])
    journal.write(actor, "activation:permit", "activation", row.uid, level=row.level, kind=kind)
    return row


def move_permit(
    actor: Actor,
    uid: UUID,
    key: str,
    *,
    day: date,
    reference: str = "",
    valid_to: date | None = None,
    reason: str = "",
    version: int | None = None,
) -> Activation:
    """Say that a permit has been asked for, given or refused on a day.

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    permit = access.find(ActivationPermit, uid, actor, EDIT, lock=True)
    db.refuse_stale("activation_permit", uid, permit.version, version)
    if day > clock.today():
        raise Invalid({"day": [N_("Välj i dag eller en tidigare dag.")]})
    if valid_to is not None and valid_to < day:
        raise Invalid({"valid_to": [N_("Sista dagen kan inte ligga före den första.")]})
    flow.move(PERMIT_FLOW, permit, key, actor, reason=reason)
    permit.why = reason.strip()
    if key == "sok":
        permit.applied_on = day
    elif key == "bevilja":
        permit.granted_on, permit.applied_on = day, permit.applied_on or day
        permit.valid_to = valid_to
    elif key == "sok_igen":
        permit.applied_on = permit.granted_on = permit.valid_to = None
    permit.number = reference or permit.number
    db.session().flush()
    row = db.session().get_one(Activation, permit.activation_id)
    _keep_in_time(row, permit)
    return row


def activation_of_permit(actor: Actor, uid: UUID) -> UUID:
    """Return what a permit is for, by its uid, as far as the actor may change it. Raises Denied, Missing."""
    permit = access.find(ActivationPermit, uid, actor, EDIT)
    return db.session().get_one(Activation, permit.activation_id).uid


def apply_days(row: Activation, permits: Iterable[ActivationPermit]) -> dict[int, date]:
    """Return by which day each permit is to be asked for, by its key."""
    return {permit.id: _apply_by(row, permit) for permit in permits}


def _apply_by(row: Activation, permit: ActivationPermit) -> date:
    given = apply_by(permit_kinds()[permit.kind], row.starts_on).given
    return given if isinstance(given, date) else row.starts_on


def permit_late(row: Activation, permit: ActivationPermit) -> bool:
    """Whether a permit that is still to be asked for should have been so already."""
    return permit.state == PERMIT_FLOW.start and clock.today() > _apply_by(row, permit)
