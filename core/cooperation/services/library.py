"""The city's library of methods: what is known to work, how well and who says so, and against which causes (H6).

The grades are the city's own until a source is named: what nobody has looked up stands as unclear. A list such as
Socialstyrelsens metodguide is read in from a file (`core/cooperation/registers.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.models import LEVELS, SIDES, Cause, Measure, Method, MethodFit
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_
from core.places.services import rows_of
from core.schema import Invalid

METHOD_READ, METHOD_EDIT = "cooperation:method:read", "cooperation:method:edit"
NO_SOURCE = "Ange källa"
"""What stands as the source of a grade that nobody has looked up yet."""
SINCE = date(2024, 1, 1)
"""The first day of what the seed pack brings."""
Fit = tuple[str, str]
"""A side of the triangle, and a level of cause; "" for any level."""


@dataclass(frozen=True)
class Known:
    """A method with the causes that it is meant against."""

    method: Method
    fits: list[Fit]


def load_methods(actor: Actor) -> int:
    """Take in the methods of the seed pack, where there are none; return how many it has."""
    access.require(actor, METHOD_EDIT)
    rows = rows_of("methods.csv")
    if db.session().scalar(select(Method.id).limit(1)) is not None:
        return 0
    for row in rows:
        facts = {name: row[name] for name in ("key", "name", "what", "approach", "grade", "source")}
        method = Method(uid=db.uid_of("method " + row["key"]), valid_from=SINCE, **facts)
        db.session().add(method)
        db.session().flush()
        _fit(method, [fit_of(word) for word in row["fits"].split()])
    return len(rows)


def fit_of(word: str) -> Fit:
    """Return a fit written as `side` or `side:level`. Raises Invalid at `fits`."""
    side, _, level = word.partition(":")
    if side not in SIDES or level not in ("", *LEVELS):
        raise Invalid({"fits": [N_("Välj i listan.")]})
    return side, level


def _fit(method: Method, fits: Iterable[Fit]) -> None:
    db.session().execute(delete(MethodFit).where(MethodFit.method_id == method.id))
    rows = [MethodFit(method_id=method.id, side=side, causal_level=level) for side, level in dict.fromkeys(fits)]
    db.session().add_all(rows)
    db.session().flush()


def add_method(actor: Actor, *, uid: UUID, key: str = "", fits: Collection[str] = (), **facts: Any) -> Method:
    """Add a method to the library, once for each `uid`.

    Raises Denied, Invalid (a name that is taken, the dates), Conflict.
    """
    access.require(actor, METHOD_EDIT)
    known = db.session().scalar(select(Method).where(Method.uid == uid))
    if known is not None:
        said = facts | {"key": key or str(uid)}
        [stands] = _with_fits([known])
        other = any(getattr(known, name) != value for name, value in said.items())
        if other or set(stands.fits) != {fit_of(word) for word in fits}:
            raise db.Conflict("method", uid)
        return known
    _refuse_dates(facts)
    _refuse_taken(facts["name"], None)
    method = Method(uid=uid, key=key or str(uid), **facts)
    db.session().add(method)
    db.session().flush()
    _fit(method, [fit_of(word) for word in fits])
    journal.write(actor, "method:add", "method", uid, name=method.name, grade=method.grade)
    return method


def change_method(
    actor: Actor, uid: UUID, *, version: int | None = None, fits: Collection[str] | None = None, **changes: Any
) -> Method:
    """Change a method; measures that follow it keep pointing at it. Raises Missing, Denied, Stale, Invalid."""
    access.require(actor, METHOD_EDIT)
    method = db.session().scalar(select(Method).where(Method.uid == uid).with_for_update())
    if method is None:
        raise access.Missing("method", uid)
    db.refuse_stale("method", uid, method.version, version)
    _refuse_dates({name: changes.get(name, getattr(method, name)) for name in ("valid_from", "valid_to")})
    _refuse_taken(changes.get("name", method.name), method.id)
    for name, value in changes.items():
        setattr(method, name, value)
    db.session().flush()
    if fits is not None:
        _fit(method, [fit_of(word) for word in fits])
    journal.write(actor, "method:change", "method", uid, changed=sorted(changes), grade=method.grade)
    return method


def _refuse_dates(facts: dict[str, Any]) -> None:
    if facts.get("valid_to") is not None and facts["valid_to"] < facts["valid_from"]:
        raise Invalid({"valid_to": [N_("Sista dagen kan inte ligga före den första.")]})


def _refuse_taken(name: str, key: int | None) -> None:
    rows = select(Method.id).where(func.lower(Method.name) == name.lower(), valid_on(Method, clock.today()))
    if any(found != key for found in db.session().scalars(rows)):
        raise Invalid({"name": [N_("Det finns redan en metod som heter så.")]})


def read_method(actor: Actor, uid: UUID) -> Known:
    """Return a method, also one that is not used any more. Raises Missing."""
    access.require(actor, METHOD_READ)
    found = db.session().scalar(select(Method).where(Method.uid == uid))
    if found is None:
        raise access.Missing("method", uid)
    return _with_fits([found])[0]


def list_methods(actor: Actor, *, side: str = "", approach: str = "", ended: bool = False) -> list[Known]:
    """Return the methods of the library by name: those of today, or with `ended` those that are used no more."""
    access.require(actor, METHOD_READ)
    today = clock.today()
    rows = select(Method).where(Method.valid_to < today if ended else valid_on(Method, today))
    if side:
        rows = rows.where(Method.id.in_(select(MethodFit.method_id).where(MethodFit.side == side)))
    if approach:
        rows = rows.where(Method.approach == approach)
    return _with_fits(list(db.session().scalars(rows.order_by(Method.name).limit(500))))


def _with_fits(methods: list[Method]) -> list[Known]:
    rows = select(MethodFit).where(MethodFit.method_id.in_([one.id for one in methods]))
    fits = list(db.session().scalars(rows.order_by(MethodFit.side, MethodFit.causal_level)))
    return [Known(one, [(fit.side, fit.causal_level) for fit in fits if fit.method_id == one.id]) for one in methods]


def suggested(causes: Iterable[Cause]) -> dict[int, list[Method]]:
    """Return the methods of today that are meant against each cause, by its key: its side, and its level or any."""
    wanted = list(causes)
    if not wanted:
        return {}
    rows = select(MethodFit.side, MethodFit.causal_level, Method).join(Method, Method.id == MethodFit.method_id)
    rows = rows.where(valid_on(Method, clock.today()), MethodFit.side.in_({one.side for one in wanted}))
    rows = rows.where(or_(MethodFit.causal_level == "", MethodFit.causal_level.in_({c.causal_level for c in wanted})))
    found = db.session().execute(rows.order_by(Method.name)).all()
    return {
        cause.id: list(
            dict.fromkeys(
                method for side, level, method in found if side == cause.side and level in ("", cause.causal_level)
            )
        )
        for cause in wanted
    }


def numbers_taken(keys: Collection[str]) -> set[str]:
    """Return which of these keys the library has already."""
    return set(db.session().scalars(select(Method.key).where(Method.key.in_(keys))))


def withdraw(actor: Actor, uid: UUID) -> None:
    """Take a method out again that was read in by mistake. Raises Denied, Missing, Refused (a measure follows it)."""
    access.require(actor, METHOD_EDIT)
    method = db.session().scalar(select(Method).where(Method.uid == uid).with_for_update())
    if method is None:
        raise access.Missing("method", uid)
    if db.session().scalar(select(Measure.id).where(Measure.method_id == method.id).limit(1)) is not None:
        raise flow.Refused([Objection(N_("En åtgärd följer metoden. Avsluta den i stället."))])
    _fit(method, ())
    db.session().delete(method)
    db.session().flush()
    journal.write(actor, "method:withdraw", "method", uid)
