"""What is arranged on places: laid up, changed, moved on, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.flow import State
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.places.models import Place, places_behind
from core.presence.bands import ACTIVATIONS, known_kind, permit_kinds
from core.presence.models import Activation
from core.presence.models.activations import EDIT, READ, REPORT
from core.presence.services.choosing import (
    PAGE,
    Page,
    in_order,
    organisation_chosen,
    own_organisation,
    paged,
    place_chosen,
    times_written,
)
from core.presence.services.permits import permits_of, plan_permits
from core.presence.states import ACTIVATION, CANCELLED, GIVEN, STATES_OF
from core.schema import Invalid
from core.upkeep.counting import after_months

OVER = State(N_("Över, inte avslutad"), "warning", "late")
YEAR = 12
"""Months until next year's."""
WHOLE = (Activation.place, Activation.organisation, Activation.host)


@dataclass(frozen=True)
class Wish:
    """Which to list: those ahead and going on, or those that are over; of one kind."""

    part: str = "kommande"
    kind: str = ""


EVERYTHING = Wish()


def add_activation(
    actor: Actor,
    *,
    uid: UUID,
    organisation: str,
    place: UUID | None,
    host: UUID | None = None,
    permits: Iterable[str] = (),
    **facts: Any,
) -> Activation:
    """Arrange something on a place for an organisation (its code); once for each `uid`.

    `permits` are the kinds that it needs; each gets a frist to be asked for in time. Raises Denied, Invalid, Conflict.
    """
    access.require(actor, EDIT)
    needed = list(dict.fromkeys(permits))
    content = db.fingerprint(organisation=organisation, place=place, host=host, permits=needed, **facts)
    if (known := access.made_before(actor, Activation, uid, content)) is not None:
        return known
    facts = _checked(facts)
    where = place_chosen(actor, place)
    if unknown := [key for key in needed if key not in permit_kinds()]:
        raise Invalid({"permits": [Text(N_("{key} är inget tillstånd i listan."), key=unknown[0])]})
    row = Activation(
        uid=uid,
        content=content,
        number=f"PA-{db.next_number('PA'):05d}",
        place_id=where.id,
        organisation_id=own_organisation(actor, organisation, EDIT).id,
        host_id=organisation_chosen(host, "host"),
        state=ACTIVATION.start,
        level=where.level,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    plan_permits(actor, row, needed)
    journal.write(actor, "activation:add", "activation", uid, level=row.level, number=row.number)
    return row


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    if "kind" in facts:
        known_kind(ACTIVATIONS, facts["kind"])
    in_order(facts.get("starts_on"), facts.get("ends_on"))
    return times_written(facts, "opens", "closes")


def change_activation(actor: Actor, uid: UUID, *, version: int | None, **changes: Any) -> Activation:
    """Change what is arranged; its permits' frister follow its first day. Raises Stale, Invalid, Refused."""
    row = access.find(Activation, uid, actor, EDIT, lock=True)
    db.refuse_stale("activation", uid, row.version, version)
    if ACTIVATION.states[row.state].closed:
        raise flow.Refused([Objection(N_("Den är avslutad. Öppna den igen om något ska ändras."))])
    if "host" in changes:
        changes["host_id"] = organisation_chosen(changes.pop("host"), "host")
    stays = "place" in changes and changes["place"] == db.session().get_one(Place, row.place_id).uid
    if stays:
        changes.pop("place")  # where it is it stays, also when that place has closed since
    if "place" in changes:
        changes["place_id"] = _moved_to(actor, row, changes.pop("place"))
    changes = _checked({"starts_on": row.starts_on, "ends_on": row.ends_on} | changes)
    needed = changes.pop("permits", None)
    for name, value in changes.items():
        setattr(row, name, value)
    db.session().flush()
    plan_permits(actor, row, needed or [])
    journal.write(actor, "activation:change", "activation", uid, level=row.level, changed=sorted(changes))
    return row


def _moved_to(actor: Actor, row: Activation, place: UUID | None) -> int:
    """Return the key of the place: the one it has, open or not, or another that is as protected as that."""
    if place == db.session().get_one(Place, row.place_id).uid:
        return row.place_id
    where = place_chosen(actor, place)
    if where.level != row.level:  # its permits and their frister are as protected as the place it began on
        raise Invalid({"where": [N_("Välj en plats med samma skydd, eller ställ in den här och ordna en ny.")]})
    return where.id


def move_activation(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Activation:
    """Take what is arranged a step on. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Activation, uid, actor, EDIT, lock=True)
    db.refuse_stale("activation", uid, row.version, version)
    flow.move(ACTIVATION, row, key, actor, reason=reason)
    row.why = reason.strip()
    db.session().flush()
    plan_permits(actor, row)
    return row


@ACTIVATION.guard("sok")
def _asked_for(row: Activation, _actor: Actor) -> Iterable[Objection]:
    """Every permit that is needed has been asked for."""
    kinds = permit_kinds()
    for permit in permits_of(row):
        if permit.state == "behovs":
            yield Objection(Text(N_("{permit} är inte sökt."), permit=kinds[permit.kind].title), "tillstand")


@ACTIVATION.guard("gor_klar", "borja", "avsluta")
def _permitted(row: Activation, _actor: Actor) -> Iterable[Objection]:
    """Nothing goes on without its permits, valid to its last day."""
    kinds = permit_kinds()
    for permit in permits_of(row):
        title = kinds[permit.kind].title
        if permit.state not in GIVEN:
            yield Objection(Text(N_("{permit} är inte beviljat."), permit=title), "tillstand")
        elif permit.valid_to is not None and permit.valid_to < row.ends_on:
            words = N_("{permit} gäller bara till och med {day}.")
            yield Objection(Text(words, permit=title, day=permit.valid_to.isoformat()), "tillstand")


@ACTIVATION.guard("borja", "avsluta")
def _has_begun(row: Activation, _actor: Actor) -> Iterable[Objection]:
    if row.starts_on > clock.today():
        yield Objection(Text(N_("Den börjar först {day}."), day=row.starts_on.isoformat()))


def report_activation(
    actor: Actor,
    uid: UUID,
    *,
    visitors: int | None,
    visitors_how: str,
    outcome: str,
    version: int | None = None,
) -> Activation:
    """Write how many came, how that was counted, and what came of it: by its organisation, or by its host."""
    row = access.find(Activation, uid, actor, REPORT, lock=True)
    db.refuse_stale("activation", uid, row.version, version)
    if row.starts_on > clock.today():
        raise flow.Refused([Objection(Text(N_("Den börjar först {day}."), day=row.starts_on.isoformat()))])
    if row.state == CANCELLED:
        raise flow.Refused([Objection(N_("Den är inställd."))])
    row.visitors, row.visitors_how, row.outcome = visitors, visitors_how, outcome
    db.session().flush()
    journal.write(actor, "activation:report", "activation", uid, level=row.level, visitors=visitors)
    return row


def next_year(actor: Actor, uid: UUID) -> Activation:
    """Plan next year's of what comes every year: the same, a year later, its permits to be asked for anew. Once.

    Raises Missing, Denied, Refused.
    """
    row = access.find(Activation, uid, actor, EDIT, lock=True)
    if not row.yearly:
        raise flow.Refused([Objection(N_("Den är inte markerad som återkommande varje år."))])
    known = db.session().scalar(select(Activation).where(Activation.copied_from_id == row.id))
    if known is not None:
        return known
    names = ("title", "kind", "place_id", "organisation_id", "host_id", "weekdays", "opens", "closes", "purpose")
    days = {"starts_on": after_months(row.starts_on, YEAR), "ends_on": after_months(row.ends_on, YEAR)}
    copied = {name: getattr(row, name) for name in (*names, "cost", "yearly", "level")} | days
    made = Activation(
        uid=db.new_uid(),
        content=db.fingerprint(copied_from=row.uid),
        number=f"PA-{db.next_number('PA'):05d}",
        copied_from_id=row.id,
        state=ACTIVATION.start,
        **copied,
    )
    db.session().add(made)
    db.session().flush()
    plan_permits(actor, made, [permit.kind for permit in permits_of(row) if permit.state != "behovs_ej"])
    journal.write(actor, "activation:next", "activation", made.uid, level=row.level, number=made.number)
    return made


# --- Read -----------------------------------------------------------------------------------------------------------


def read_activation(actor: Actor, uid: UUID, permission: str = READ) -> Activation:
    """Return what is arranged with its place, its organisation and its host. Raises Denied, Missing."""
    access.require(actor, permission)
    rows = select(Activation).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(Activation.uid == uid, access.rule_of(Activation, actor, permission)))
    if found is None:
        raise access.Missing("activation", uid)
    return found


def list_activations(
    actor: Actor, wish: Wish = EVERYTHING, *, after: tuple[date, int] | None = None, limit: int = PAGE
) -> Page:
    """Return what is arranged that the actor reaches, in one query: what is ahead soonest first, else latest first."""
    access.require(actor, READ)
    rows = select(Activation).options(*(joinedload(part) for part in WHOLE)).where(access.rule_of(Activation, actor))
    rows = rows.where(Activation.state.in_(STATES_OF[wish.part]))
    if wish.kind:
        rows = rows.where(Activation.kind == wish.kind)
    place, ahead = (Activation.starts_on, Activation.id), wish.part == "kommande"
    if after is not None:
        day, key = after
        later = (place[0] > day) | ((place[0] == day) & (place[1] > key))
        sooner = (place[0] < day) | ((place[0] == day) & (place[1] < key))
        rows = rows.where(later if ahead else sooner)
    ordered = rows.order_by(*place) if ahead else rows.order_by(place[0].desc(), place[1].desc())
    found = list(db.session().scalars(ordered.limit(limit + 1)))
    return paged(found, limit, lambda row: (row.starts_on, row.id))


def activations_at(actor: Actor, place: UUID, *, limit: int = 12) -> list[Activation]:
    """Return what is and was arranged on a place, the latest first."""
    if not actor.may(READ):
        return []
    rows = select(Activation).where(Activation.place_id.in_(places_behind(place)))
    rows = access.visible(rows, actor).order_by(Activation.starts_on.desc(), Activation.id.desc())
    return list(db.session().scalars(rows.limit(limit)))


def followed_by(row: Activation) -> Activation | None:
    """Return next year's of something arranged, when it has been planned."""
    return db.session().scalar(select(Activation).where(Activation.copied_from_id == row.id))


def standing_of(row: Activation) -> State:
    """Return how something arranged stands today: when its last day has been nothing goes on, whatever was noted."""
    stands = ACTIVATION.states[row.state]
    return stands if stands.closed or row.ends_on >= clock.today() else OVER


def to_tell(actor: Actor, limit: int) -> list[tuple[Activation, str]]:
    """Return what waits for the actor: what is over and has not been written about, and next year's to be planned."""
    if not actor.may(REPORT):
        return []
    today, found = clock.today(), []
    rows = select(Activation).options(joinedload(Activation.place)).order_by(Activation.ends_on, Activation.id)
    over = rows.where(Activation.ends_on < today, Activation.outcome == "", Activation.state.in_(("klar", "pagar")))
    mine = access.rule_of(Activation, actor, REPORT)
    found += [(row, "utfall") for row in db.session().scalars(over.where(mine).limit(limit))]
    if actor.may(EDIT):
        copied = select(Activation.copied_from_id).where(Activation.copied_from_id.is_not(None))
        again = rows.where(Activation.yearly, Activation.state == "genomford", Activation.id.not_in(copied))
        again = again.where(access.rule_of(Activation, actor, EDIT))
        found += [(row, "nasta") for row in db.session().scalars(again.limit(limit))]
    return found[:limit]
