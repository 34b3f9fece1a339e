"""Merging organisations: two or more become one from a day, and what follows is shown before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from core import access, db, journal
from core.access import Actor
from core.dated import is_valid
from core.i18n import N_, Text
from core.people.models import Organisation, RoleGrant
from core.people.services.organisations import EDIT
from core.schema import Invalid

FEWEST = 2
Counter = Callable[[frozenset[int]], int]
_followers: list[tuple[str, Counter]] = []


@dataclass(frozen=True)
class Follows:
    """What a merger means: who ends, who carries on (None: one that is made), roles, and what else hangs on them."""

    before: list[Organisation]
    into: Organisation | None
    roles: int
    others: list[tuple[str, int]]


def follows(title: str) -> Callable[[Counter], Counter]:
    """Register what counts, for the page before a merger, how much of `title` hangs on some organisations."""

    def register(counter: Counter) -> Counter:
        _followers.append((title, counter))
        return counter

    return register


def preview_merger(
    actor: Actor, *, codes: Iterable[str], on: date, into: str = "", name: str = "", code: str = ""
) -> Follows:
    """Say what would follow from merging the organisations with these codes on the day `on`; refuse as that does."""
    access.require(actor, EDIT)
    before, after = _parties(codes, on=on, into=into)
    if after is None:
        _check_new(name, code)
    keys = frozenset(row.id for row in before)
    others = [(title, count(keys)) for title, count in _followers]
    return Follows(before, after, len(_going_on(keys, on)), others)


def merge_organisations(
    actor: Actor,
    *,
    codes: Iterable[str],
    on: date,
    into: str = "",
    name: str = "",
    code: str = "",
    move_roles: bool = True,
    source: str = "",
) -> Organisation:
    """Let organisations end the day before `on`, and one carry on: `into`, or a new one with `code` and `name`.

    Nothing is deleted: what they did keeps their names and is found under the one that carries on. Roles that go on
    are held in it from `on` (`move_roles`), but for the actor's own: nobody widens their own rights.
    Raises Invalid with the field.
    """
    access.require(actor, EDIT)
    access.require(actor, "people:role:grant")
    db.alone("people:merge")
    before, after = _parties(codes, on=on, into=into)
    if after is None:
        _check_new(name, code)
        above = {row.parent_id for row in before}
        parent = above.pop() if len(above) == 1 else None
        facts = {"kind": before[0].kind, "parent_id": parent, "valid_from": on, "source": source}
        after = Organisation(uid=db.new_uid(), code=code, name=name, **facts)
        db.session().add(after)
        db.session().flush()
        journal.write(actor, "organisation:add", "organisation", after.uid, code=code, name=name, kind=after.kind)
    for row in before:
        row.valid_to, row.successor_id = on - timedelta(days=1), after.id
        said: dict[str, Any] = {"into": after.code, "on": on, "move_roles": move_roles}
        journal.write(actor, "organisation:merge", "organisation", row.uid, code=row.code, **said)
    if move_roles:
        _move_roles(actor, frozenset(row.id for row in before), after, on)
    db.session().flush()
    return after


def _parties(codes: Iterable[str], *, on: date, into: str) -> tuple[list[Organisation], Organisation | None]:
    """Return who would end and who would carry on (None for a new one), locked; Invalid when they cannot."""
    asked = sorted({*codes} - {into})
    if len(asked) + bool(into) < FEWEST:
        raise Invalid({"codes": [N_("Välj minst två organisationer som ska bli en.")]})
    statement = select(Organisation).where(Organisation.code.in_([*asked, into])).order_by(Organisation.id)
    rows = {row.code: row for row in db.session().scalars(statement.with_for_update())}
    for field, wanted in (("codes", asked), ("into", [into] if into else [])):
        if lost := [code for code in wanted if code not in rows]:
            raise Invalid({field: [Text(N_("Organisationen {code} finns inte."), code=lost[0])]})
    before, after = [rows[code] for code in asked], rows.get(into)
    everyone = [*before, after] if after else before
    if len({row.kind for row in everyone}) > 1:
        raise Invalid({"codes": [N_("Välj organisationer av samma slag.")]})
    eve = on - timedelta(days=1)
    for row in before:
        if row.successor_id is not None or not is_valid(row, eve) or (row.valid_to and row.valid_to > eve):
            words = N_(
                "{name} finns inte dagen före sammanslagningen, eller har redan en sista dag eller efterträdare."
            )
            raise Invalid({"codes": [Text(words, name=row.name)]})
    if after and not is_valid(after, on):
        words = N_("{name} finns inte den dagen. Välj en som gör det, eller bilda en ny.")
        raise Invalid({"into": [Text(words, name=after.name)]})
    if after and (_line(after, "parent_id") | _line(after, "successor_id")) & {row.id for row in before}:
        words = N_("{name} hör under, eller går upp i, en av dem som ska upphöra. Ändra det först.")
        raise Invalid({"into": [Text(words, name=after.name)]})
    return before, after


def _line(row: Organisation, column: str) -> set[int]:
    """Return the keys of those above an organisation, or after it."""
    found: set[int] = set()
    key = getattr(row, column)
    while key is not None and key not in found:
        found.add(key)
        key = getattr(db.session().get_one(Organisation, key), column)
    return found


def _check_new(name: str, code: str) -> None:
    asked = {
        "name": (name, N_("Skriv vad den nya ska heta, eller välj en organisation som finns redan.")),
        "code": (code, N_("Skriv en kod för den nya, eller välj en organisation som finns redan.")),
    }
    if missing := {field: [words] for field, (said, words) in asked.items() if not said.strip()}:
        raise Invalid(missing)
    if db.session().scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        raise Invalid({"code": [Text(N_("Koden {code} är redan en annan organisations."), code=code)]})


def _going_on(organisations: frozenset[int], on: date) -> list[RoleGrant]:
    """Return the roles held in some organisations that go on on the day, or begin later."""
    held = select(RoleGrant).where(RoleGrant.organisation_id.in_(organisations))
    held = held.where(or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= on))
    return list(db.session().scalars(held.order_by(RoleGrant.id)))


def _move_roles(actor: Actor, organisations: frozenset[int], after: Organisation, on: date) -> None:
    """Let roles end with their organisation and begin in the next; the old rows stay, as history."""
    taken: set[tuple[Any, ...]] = set()
    for grant in _going_on(organisations, on):
        if actor.id is not None and grant.person_id == actor.id:
            continue
        limits = {"areas": list(grant.areas), "categories": list(grant.categories)}
        same = (grant.person_id, grant.role, grant.valid_to, *map(tuple, limits.values()))
        if same not in taken:
            taken.add(same)
            facts = {"person_id": grant.person_id, "organisation_id": after.id, "role": grant.role, **limits}
            first = max(grant.valid_from, on)
            db.session().add(RoleGrant(valid_from=first, valid_to=grant.valid_to, **facts))
        grant.valid_to = on - timedelta(days=1)
