"""Organisations through the years: added, changed, ended, merged; under which name on which day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import aliased

from core import access, clock, db, journal
from core.access import Actor
from core.dated import is_valid, valid_on
from core.i18n import N_, Text
from core.people.models import KINDS, Organisation
from core.schema import Invalid

PAGE = 100
MAILBOX = re.compile(r"[^\s@,;:<>]+@[^\s@,;:<>]+")
TELEPHONE = re.compile(r"[+0][0-9][0-9 \-]{3,30}")
EDIT = "people:organisation:edit"
FACTS = ("name", "valid_from", "valid_to", "source", "diary_pattern", "eservice_id", "contacts")
"""What is said of an organisation beside its code, its kind and its kin, which are looked up."""


@dataclass(frozen=True)
class Page:
    """A page of organisations by name, and where the next one begins."""

    rows: list[Organisation]
    after: tuple[str, int] | None


# --- Looking up ---------------------------------------------------------------------------------------------------


def organisation(code: str) -> Organisation:
    """Return the organisation with this code; Missing when there is none."""
    row = db.session().scalar(select(Organisation).where(Organisation.code == code))
    if row is None:
        raise access.Missing("organisation", code)
    return row


def organisation_called(code: str, field: str) -> Organisation:
    """Return the organisation with the code that somebody wrote. Raises Invalid at `field`."""
    row = db.session().scalar(select(Organisation).where(Organisation.code == code))
    if row is None:
        raise Invalid({field: [Text(N_("Organisationen {code} finns inte."), code=code)]})
    return row


def organisation_there(code: str, field: str) -> Organisation:
    """Return the organisation with the code that somebody wrote, if it is there today.

    Raises Invalid at `field`, with who carries on for one that has ended.
    """
    row = organisation_called(code, field)
    if is_valid(row, clock.today()):
        return row
    after = organisation_on(code, clock.today())
    if after.id != row.id and is_valid(after, clock.today()):
        told = Text(
            N_("{name} har upphört. Välj {successor}, som har tagit över."), name=row.name, successor=after.name
        )
    else:
        told = Text(N_("{name} finns inte i dag. Välj en annan organisation."), name=row.name)
    raise Invalid({field: [told]})


def read_organisation(actor: Actor, uid: UUID) -> Organisation:
    """Return an organisation, whether it is still there or not."""
    return access.find(Organisation, uid, actor, "people:organisation:read")


def list_organisations(
    actor: Actor,
    *,
    day: date | None = None,
    kind: str = "",
    text: str = "",
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return the organisations that were there on `day` (today), by name; of one kind, or with a text in the name.

    Who asks for one that had ended by then finds who carried on for it.
    """
    access.require(actor, "people:organisation:read")
    rows = access.visible(select(Organisation), actor).where(valid_on(Organisation, day or clock.today()))
    if kind:
        rows = rows.where(Organisation.kind == kind)
    if text:
        name: Any = Organisation.name
        named = or_(name.icontains(text, autoescape=True), Organisation.code == text.lower())
        heirs = carrying_on(day)
        found = db.session().scalars(
            access.visible(select(Organisation), actor).with_only_columns(Organisation.id).where(named)
        )
        rows = rows.where(or_(named, Organisation.id.in_({heirs[key] for key in found})))
    if after:
        rows = rows.where(tuple_(Organisation.name, Organisation.id) > after)
    listed = list(db.session().scalars(rows.order_by(Organisation.name, Organisation.id).limit(limit + 1)))
    last = listed[:limit][-1] if len(listed) > limit else None
    return Page(listed[:limit], (last.name, last.id) if last else None)


def every_organisation(actor: Actor, *, kind: str = "") -> list[Organisation]:
    """Return every organisation that is there today, by name, for a choice in a form; perhaps of one kind."""
    access.require(actor, "people:organisation:read")
    rows = access.visible(select(Organisation), actor).where(valid_on(Organisation, clock.today()))
    rows = rows.where(Organisation.kind == kind) if kind else rows
    return list(db.session().scalars(rows.order_by(Organisation.name, Organisation.id)))


def telephones(row: Organisation) -> list[tuple[str, str]]:
    """Return the functions of an organisation that can be rung: what each is called, and its number."""
    pairs = (line.rpartition(":")[::2] for line in row.contacts.splitlines())
    return [(name.strip(), number.strip()) for name, number in pairs if TELEPHONE.fullmatch(number.strip())]


def mailbox(row: Organisation, *functions: str) -> str:
    """Return the address of the first of the `functions` that an organisation has, else of any; "" for none."""
    pairs = (line.rpartition(":")[::2] for line in row.contacts.splitlines())
    known = [(name.strip().casefold(), to.strip().lower()) for name, to in pairs if MAILBOX.fullmatch(to.strip())]
    named = [to for function in functions for name, to in known if name == function.casefold()]
    return (named or [to for _, to in known] or [""])[0]


def kin(actor: Actor, rows: Iterable[Organisation]) -> dict[int, Organisation]:
    """Return, by key, what `rows` name: those above them, those after them, and those before them, in one query."""
    rows = list(rows)
    named = {key for row in rows for key in (row.parent_id, row.successor_id) if key is not None}
    before = Organisation.successor_id.in_([row.id for row in rows])
    known = access.visible(select(Organisation), actor).where(or_(Organisation.id.in_(named), before))
    return {row.id: row for row in db.session().scalars(known)}


# --- Through the years (domain.md 13, scenario 8) -----------------------------------------------------------------


def organisation_on(code: str, day: date) -> Organisation:
    """Return who carried on, on `day`, for the organisation with this code: itself while it was there, or a successor.

    Rinkeby-Kista in 2022 is Rinkeby-Kista, in 2027 Järva. Where the line ends before `day`, its last is returned;
    before an organisation's first day, itself: which predecessor was meant, nobody can say.
    """
    row, seen = organisation(code), set[int]()
    while row.valid_to is not None and row.valid_to < day and row.successor_id and row.id not in seen:
        seen.add(row.id)
        row = db.session().get_one(Organisation, row.successor_id)
    return row


def carrying_on(day: date | None = None) -> dict[int, int]:
    """Return, by key, who carries on for each organisation on `day` (today): itself, or the last of its line by then.

    For lists and for what follows areas: one query, whatever their length.
    """
    columns = select(Organisation.id, Organisation.valid_to, Organisation.successor_id)
    known = {row.id: row for row in db.session().execute(columns)}
    day, found = day or clock.today(), dict[int, int]()
    for key in known:
        now, seen = key, {key}
        while (row := known[now]).valid_to and row.valid_to < day and row.successor_id and row.successor_id not in seen:
            now = row.successor_id
            seen.add(now)
        found[key] = now
    return found


def family(code: str) -> frozenset[int]:
    """Return the keys of the organisation, of all that it has carried on for, and of those below it.

    What any of them has done is found under it: the grants of Rinkeby-Kista in 2022 under Järva in 2027.
    """
    return frozenset(belonging(organisation(code).id, families()))


def families() -> dict[int, list[int]]:
    """Return, for each organisation, those directly below it and those that it succeeded."""
    below: dict[int, list[int]] = {}
    for key, parent, successor in db.session().execute(
        select(Organisation.id, Organisation.parent_id, Organisation.successor_id)
    ):
        for above in (parent, successor):
            if above is not None:
                below.setdefault(above, []).append(key)
    return below


def belonging(key: int, below: Mapping[int, list[int]]) -> set[int]:
    """Return an organisation with all that is found under it."""
    found, ahead = {key}, [key]
    while ahead:
        new = set(below.get(ahead.pop(), ())) - found
        found |= new
        ahead += new
    return found


def found_under(key: int) -> Select[Any]:
    """Return what `belonging` does as a part of a question, so that it is not asked by itself."""
    found = select(Organisation.id).where(Organisation.id == key).cte("found_under", recursive=True)
    below = aliased(Organisation)
    under = or_(below.parent_id == found.c.id, below.successor_id == found.c.id)
    found = found.union(select(below.id).join(found, under))
    return select(found.c.id)


# --- Adding and changing ------------------------------------------------------------------------------------------


def add_organisation(
    actor: Actor,
    *,
    uid: UUID,
    code: str,
    kind: str,
    parent: str | None = None,
    successor: str | None = None,
    **facts: Any,
) -> Organisation:
    """Add an organisation under the client's own uid; the same content again gives the first one.

    `parent` and `successor` are codes. Raises Invalid with the field, or Conflict for a uid with other content.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(code=code, kind=kind, parent=parent, successor=successor, **facts)
    known = db.session().scalar(select(Organisation).where(Organisation.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("organisation", uid)
        return known
    if db.session().scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        raise Invalid({"code": [Text(N_("Koden {code} är redan en annan organisations."), code=code)]})
    row = Organisation(uid=uid, code=code, kind=kind, content=content, **_plain(facts))
    row.parent_id, row.successor_id = _named("parent", parent), _named("successor", successor)
    _check_contacts(row)
    _check_days(row)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "organisation:add", "organisation", uid, code=code, name=row.name, kind=kind)
    return row


def change_organisation(actor: Actor, uid: UUID, *, version: int, **changes: Any) -> Organisation:
    """Change what is said of an organisation, or let it end (`valid_to`); what is not named stays.

    Code and kind never change: rights and what has been decided hang on them. Raises Stale, or Invalid with the field.
    """
    row = access.find(Organisation, uid, actor, EDIT, lock=True)
    db.refuse_stale("organisation", uid, row.version, version)
    before = {name: getattr(row, name) for name in FACTS} | {"parent": row.parent_id, "successor": row.successor_id}
    for name in ("parent", "successor"):
        if name in changes:
            setattr(row, f"{name}_id", _named(name, changes.pop(name)))
    for name, value in _plain(changes).items():
        setattr(row, name, value)
    if row.contacts != before["contacts"]:
        _check_contacts(row)
    _check_days(row)
    _check_circle(row)
    after = {name: getattr(row, name) for name in FACTS} | {"parent": row.parent_id, "successor": row.successor_id}
    changed: dict[str, Any] = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changed:
        db.session().flush()
        journal.write(actor, "organisation:change", "organisation", uid, **changed)
    return row


def _check_contacts(row: Organisation) -> None:
    """Refuse a line that nobody is reached by: no letter would come, and no telephone ring."""
    lines = [line.strip() for line in (row.contacts or "").splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        to = line.rpartition(":")[2].strip()
        if ":" not in line or not (MAILBOX.fullmatch(to) or TELEPHONE.fullmatch(to)):
            words = N_("Rad {n}: skriv en funktion, kolon och sedan en e-postadress eller ett telefonnummer.")
            raise Invalid({"contacts": [Text(words, n=number)]})


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with an empty text for one that was taken away; a day may be missing."""
    return {name: "" if value is None and not name.startswith("valid_") else value for name, value in facts.items()}


def _named(field: str, code: str | None) -> int | None:
    return organisation_called(code, field).id if code else None


def _check_days(row: Organisation) -> None:
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        raise Invalid({"valid_to": [N_("Den sista dagen ligger före den första.")]})
    if row.successor_id is not None and row.valid_to is None:
        raise Invalid({"valid_to": [N_("Skriv den sista dagen. Den som har en efterträdare har upphört.")]})


def _check_circle(row: Organisation) -> None:
    """Refuse an organisation that would stand above itself, or carry on for itself: rights would go round."""
    for field in ("parent", "successor"):
        seen, key = {row.id}, getattr(row, f"{field}_id")
        while key is not None:
            if key in seen:
                raise Invalid({field: [N_("Välj en annan. Så skulle organisationen komma tillbaka till sig själv.")]})
            seen.add(key)
            key = getattr(db.session().get_one(Organisation, key), f"{field}_id")


# --- From a file --------------------------------------------------------------------------------------------------


def import_organisations(actor: Actor, rows: Iterable[Mapping[str, str]]) -> int:
    """Add the organisations of a table that are not there yet; return how many. See `add_from_table`."""
    added = add_from_table(actor, rows)
    if added:
        journal.write(actor, "organisation:import", "organisation", None, codes=[row.code for row in added])
    return len(added)


def add_from_table(actor: Actor, rows: Iterable[Mapping[str, str]]) -> list[Organisation]:
    """Add the organisations of a table that are not there yet, by code, and return them. Again does no harm.

    Those that are there stay as they are: what somebody has changed here is not undone by an old file.
    Raises Invalid, with the code in the sentence, for a kind, a day or an organisation that does not exist.
    """
    access.require(actor, EDIT)
    rows = list(rows)
    known: dict[str, int] = dict(db.session().execute(select(Organisation.code, Organisation.id)).all())
    added = [_read(row) for row in rows if row["code"] not in known]
    db.session().add_all(added)
    db.session().flush()
    known |= {row.code: row.id for row in added}
    said = {row["code"]: row for row in rows}
    for row in added:
        row.parent_id = _of_file(row.code, said[row.code].get("parent"), known)
        row.successor_id = _of_file(row.code, said[row.code].get("successor"), known)
        _check_days(row)
    db.session().flush()
    for row in added:
        _check_circle(row)
    return added


def _read(row: Mapping[str, str]) -> Organisation:
    code = row["code"]
    if row["kind"] not in KINDS:
        words = N_("Organisationen {code} har slaget {kind}, som inte finns. Rätta filen med organisationer.")
        raise Invalid({"kind": [Text(words, code=code, kind=row["kind"])]})
    try:
        days = {name: date.fromisoformat(row[name]) if row.get(name) else None for name in ("valid_from", "valid_to")}
    except ValueError as error:
        words = N_("Organisationen {code} har en dag som inte går att läsa. Skriv år-månad-dag.")
        raise Invalid({"valid_from": [Text(words, code=code)]}) from error
    facts = {name: row.get(name) or "" for name in ("source", "diary_pattern", "eservice_id", "contacts")}
    return Organisation(uid=db.uid_of("demo " + code), code=code, name=row["name"], kind=row["kind"], **days, **facts)


def _of_file(code: str, other: str | None, known: Mapping[str, int]) -> int | None:
    if other and other not in known:
        words = N_("Organisationen {code} hör ihop med {other}, som inte finns. Rätta filen med organisationer.")
        raise Invalid({"parent": [Text(words, code=code, other=other)]})
    return known[other] if other else None
