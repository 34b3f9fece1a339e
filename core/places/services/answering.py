"""Who answers for what on a place: rådighet, row by row and dated; the rules where nobody has it; what it is marked as.

A row is never changed and never deleted: it ends, with the reason, and a new one begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from shapely import Point
from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from core import access, clock, db, geo, journal
from core.access import Actor
from core.dated import valid_on
from core.i18n import N_, Text
from core.people.models import Organisation
from core.people.services import organisation_called
from core.places.models import Place, PlaceControl, PlaceLabel, ResponsibilityRule
from core.places.outline import Outline, drawn
from core.places.services.areas import area_at
from core.places.services.city import bounds, rows_of
from core.schema import Invalid

SHOWN = 500
"""Rows of rådighet or märkning, past and present, on one page."""


@dataclass(frozen=True)
class NewControl:
    """A row of rådighet to add: `role` held by the organisation with this code."""

    role: str
    organisation: str
    source: str = ""


@dataclass(frozen=True)
class Owner:
    """Who answers for a spot: the key of whoever is responsible, and that of the board that coordinates."""

    responsible: int | None
    coordinator: int | None


# --- Rådighet -----------------------------------------------------------------------------------------------------


def controls_of(actor: Actor, place: Place) -> list[PlaceControl]:
    """Return who answers for what on the place today."""
    rows = select(PlaceControl).options(joinedload(PlaceControl.organisation))
    rows = rows.where(PlaceControl.place_id == place.id, valid_on(PlaceControl, clock.today()))
    return list(db.session().scalars(access.visible(rows, actor).order_by(PlaceControl.id)))


def all_controls(actor: Actor, place: Place) -> list[PlaceControl]:
    """Return every row of rådighet of the place, those of today and ahead before those that have ended."""
    rows = select(PlaceControl).options(joinedload(PlaceControl.organisation))
    rows = access.visible(rows.where(PlaceControl.place_id == place.id), actor)
    order = (PlaceControl.valid_to.desc().nulls_first(), PlaceControl.role, PlaceControl.id)
    return list(db.session().scalars(rows.order_by(*order).limit(SHOWN)))


def add_control(
    actor: Actor,
    *,
    uid: UUID,
    place: UUID,
    role: str,
    organisation: str,
    valid_from: date,
    valid_to: date | None = None,
    source: str,
    part: Mapping[str, Any] | Outline | None = None,
) -> PlaceControl:
    """Say that an organisation answers for `role` on the place, or on a part of it, from a day on.

    Whoever had the whole place until then ends the day before. The same uid and content again is the first row.
    Raises Missing, Denied, Invalid, GeometryRefused, Conflict.
    """
    access.require(actor, "places:control:edit")
    where = access.find(Place, place, actor, "places:control:edit", lock=True)
    holder = organisation_called(organisation, "organisation")
    shape = _part(where, part)
    facts = {
        "place_id": where.id, "organisation_id": holder.id, "role": role, "valid_from": valid_from, "source": source
    }  # fmt: skip
    known = db.session().scalar(select(PlaceControl).where(PlaceControl.uid == uid))
    if known is not None:
        return _same(known, facts)
    _refuse_backwards(valid_from, valid_to)
    if shape is None:
        _end_former(actor, where, role, holder, valid_from)
    row = PlaceControl(uid=uid, geom=shape, valid_to=valid_to, **facts)
    db.session().add(row)
    db.session().flush()
    detail = {"role": role, "organisation": organisation, "from": valid_from.isoformat(), "source": source}
    journal.write(actor, "control:add", "place", where.uid, level=where.level, **detail)
    return row


def _part(place: Place, part: Mapping[str, Any] | Outline | None) -> Any:
    """Return the shape of a part, which must lie on the place."""
    if part is None or (isinstance(part, Outline) and not part.text):
        return None
    field = "outline" if isinstance(part, Outline) else "part"
    shape = drawn(part, within=bounds(), field=field)
    if not shape.intersects(place.geom):
        raise Invalid({field: [N_("Delen ligger inte på platsen. Rätta hörnen, eller lämna fältet tomt.")]})
    return shape


def _end_former(actor: Actor, place: Place, role: str, holder: Organisation, first: date) -> None:
    """End who has the whole place for `role` on the first day of a new one; one that began then is in the way."""
    rows = select(PlaceControl).where(
        PlaceControl.place_id == place.id, PlaceControl.role == role, PlaceControl.geom.is_(None)
    )
    for row in db.session().scalars(rows.where(valid_on(PlaceControl, first))).all():
        if row.valid_from >= first or row.organisation_id == holder.id:
            words = N_("Det finns redan en rad för det från {day}. Avsluta den först, eller välj en senare dag.")
            raise Invalid({"valid_from": [Text(words, day=row.valid_from.isoformat())]})
        _end(actor, row, first - timedelta(days=1), f"Ersatt av {holder.name}")


# --- Märkning -----------------------------------------------------------------------------------------------------


def labels_of(actor: Actor, place: Place, *, past: bool = False) -> list[PlaceLabel]:
    """Return what the place is marked as today; with `past` also what it was and will be."""
    rows = select(PlaceLabel).where(PlaceLabel.place_id == place.id)
    if not past:
        rows = rows.where(valid_on(PlaceLabel, clock.today()))
    order = (PlaceLabel.valid_to.desc().nulls_first(), PlaceLabel.valid_from.desc(), PlaceLabel.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(*order).limit(SHOWN)))


def add_label(
    actor: Actor, *, uid: UUID, place: UUID, kind: str, source: str, valid_from: date, valid_to: date | None = None
) -> PlaceLabel:
    """Mark the place as something from a day on, with the source that says so; the same again is the first row.

    Raises Missing, Denied, Invalid, Conflict.
    """
    access.require(actor, "places:label:edit")
    where = access.find(Place, place, actor, "places:label:edit", lock=True)
    facts = {"place_id": where.id, "kind": kind, "source": source, "valid_from": valid_from}
    known = db.session().scalar(select(PlaceLabel).where(PlaceLabel.uid == uid))
    if known is not None:
        return _same(known, facts)
    _refuse_backwards(valid_from, valid_to)
    same = select(PlaceLabel).where(PlaceLabel.place_id == where.id, PlaceLabel.kind == kind)
    later = or_(PlaceLabel.valid_to.is_(None), PlaceLabel.valid_to >= valid_from)
    if db.session().scalar(same.where(later, PlaceLabel.valid_from <= (valid_to or date.max)).limit(1)):
        raise Invalid({"kind": [N_("Platsen har redan den märkningen då. Avsluta den först, eller ändra dagarna.")]})
    row = PlaceLabel(uid=uid, valid_to=valid_to, **facts)
    db.session().add(row)
    db.session().flush()
    detail = {"kind": kind, "source": source, "from": valid_from.isoformat()}
    journal.write(actor, "label:add", "place", where.uid, level=where.level, **detail)
    return row


# --- Both ---------------------------------------------------------------------------------------------------------


Row = TypeVar("Row", bound=PlaceControl | PlaceLabel)
EDITING = {PlaceControl: "places:control:edit", PlaceLabel: "places:label:edit"}
JOURNALLED = {PlaceControl: "control", PlaceLabel: "label"}


def read_row(actor: Actor, model: type[Row], uid: UUID) -> Row:
    """Return a row of rådighet or märkning, with its place and holder; Missing when the actor does not reach it."""
    access.require(actor, "places:place:read")
    rows = select(model).options(joinedload(model.place)).where(model.uid == uid)
    if model is PlaceControl:
        rows = rows.options(joinedload(PlaceControl.organisation))
    row = db.session().scalar(access.visible(rows, actor))
    if row is None:
        raise access.Missing(JOURNALLED[model], uid)
    return row


def end_row(actor: Actor, model: type[Row], uid: UUID, *, valid_to: date, reason: str) -> Row:
    """Let a row of rådighet or märkning end after a last day, with the reason. Raises Missing, Denied, Invalid."""
    row = access.find(model, uid, actor, EDITING[model], lock=True)
    _end(actor, row, valid_to, reason)
    return row


def _same(known: Row, facts: dict[str, Any]) -> Row:
    if any(getattr(known, name) != value for name, value in facts.items()):
        raise db.Conflict(JOURNALLED[type(known)], known.uid)
    return known


def _refuse_backwards(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise Invalid({"valid_to": [N_("Sista dagen kan inte ligga före den första.")]})


def _end(actor: Actor, row: PlaceControl | PlaceLabel, last: date, reason: str) -> None:
    if row.valid_to is not None and row.valid_to < clock.today():
        raise Invalid({"valid_to": [Text(N_("Raden är redan avslutad, {day}."), day=row.valid_to.isoformat())]})
    _refuse_backwards(row.valid_from, last)
    row.valid_to, row.ended_why = last, reason
    db.session().flush()
    place = db.session().get_one(Place, row.place_id)
    detail = {"to": last.isoformat(), "reason": reason, "row": str(row.uid)}
    journal.write(actor, f"{JOURNALLED[type(row)]}:end", "place", place.uid, level=place.level, **detail)


def begin_control(place: Place, control: NewControl) -> None:
    """Add a row of rådighet from today on to a place that is being added."""
    holder = organisation_called(control.organisation, "controls")
    facts = {"role": control.role, "valid_from": clock.today(), "source": control.source}
    db.session().add(PlaceControl(place_id=place.id, organisation_id=holder.id, **facts))


def holders(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations that can answer for something today: code and name."""
    rows = select(Organisation.code, Organisation.name)
    rows = rows.where(valid_on(Organisation, clock.today()), access.rule_of(Organisation, actor))
    return [(code, name) for code, name in db.session().execute(rows.order_by(Organisation.name))]


# --- Who answers --------------------------------------------------------------------------------------------------


def controller(
    place_id: int | None, role: str, point: Point | None, day: date | None = None, *, kind: str = ""
) -> int | None:
    """Return the key of the organisation that answers for `role` at `point` on `day` (today); None: the coordinator.

    First who has rådighet there, a row with a shape of its own before one for the whole place; then the rule for the
    `kind` of thing that was seen, or for any (domain.md 0b).
    """
    if not role:
        return None
    today = day or clock.today()
    return _holder(place_id, role, point, today) or _by_rule(kind, role, today)


def owner_at(
    *, role: str, point: Point | None, place_id: int | None = None, kind: str = "", day: date | None = None
) -> Owner:
    """Return always both: who is responsible for `role` at the spot, and which stadsdelsnämnd coordinates there."""
    place = db.session().get(Place, place_id) if place_id else None
    area = area_at(point, day=day) if point is not None and place is None else None
    coordinator = place.district_id if place else area.organisation_id if area else None
    return Owner(controller(place_id, role, point, day, kind=kind) or coordinator, coordinator)


def control_query(place_id: int, role: str, point: Point | None, day: date) -> Select[int]:
    """Return the query for who has rådighet, for `controller` and for the test that asks the database how it runs."""
    here = and_(PlaceControl.geom.is_not(None), geo.point_in(PlaceControl.geom, point)) if point else None
    whole = PlaceControl.geom.is_(None)
    rows = select(PlaceControl.organisation_id).where(
        PlaceControl.place_id == place_id,
        PlaceControl.role == role,
        valid_on(PlaceControl, day),
        or_(here, whole) if here is not None else whole,
    )
    return rows.order_by(PlaceControl.geom.is_(None), PlaceControl.id).limit(1)


def _holder(place_id: int | None, role: str, point: Point | None, day: date) -> int | None:
    if place_id is None:
        return None
    return db.session().scalars(control_query(place_id, role, point, day)).first()


def _by_rule(kind: str, role: str, day: date) -> int | None:
    """Return who answers by the first rule that fits: its organisation while that lasts, else its fallback."""
    first = aliased(Organisation)
    lasts = and_(first.id.is_not(None), valid_on(first, day))
    answers = case((lasts, ResponsibilityRule.organisation_id), else_=ResponsibilityRule.fallback_id)
    rows = select(answers).outerjoin(first, first.id == ResponsibilityRule.organisation_id)
    rows = rows.where(ResponsibilityRule.control_role == role, ResponsibilityRule.kind.in_(("", kind)))
    order = (ResponsibilityRule.priority, func.length(ResponsibilityRule.kind).desc(), ResponsibilityRule.id)
    return db.session().scalars(rows.order_by(*order).limit(1)).first()


def load_rules(actor: Actor) -> int:
    """Take in the city's rules of who answers, in place of those before; return how many there are."""
    access.require(actor, "areas:area:import")
    keys = dict(db.session().execute(select(Organisation.code, Organisation.id)).all())
    for rule in db.session().scalars(select(ResponsibilityRule)).all():
        db.session().delete(rule)
    db.session().flush()
    rows = rows_of("responsibility_rules.csv")
    for row in rows:
        who = {"organisation_id": keys.get(row["organisation"]), "fallback_id": keys.get(row["fallback"])}
        about = {"kind": row["kind"], "control_role": row["control_role"], "priority": int(row["priority"])}
        db.session().add(ResponsibilityRule(source=row["source"], **about, **who))
    db.session().flush()
    return len(rows)
