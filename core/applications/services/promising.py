"""Maintenance promises (skötsellöften): who looks after each built thing, how, how often, at whose cost (X3, F7).

The owner is proposed by who has rådighet where the thing stands, else by the city's rules, else it is the board of the
place. An owner that is not of the applicants is asked, and accepts or says why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    ASK_ANSWER,
    WRITE,
    Application,
    ApplicationMeasure,
    ApplicationPart,
    ApplicationPlace,
    Promise,
)
from core.applications.services import applications, asking
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place
from core.places.services import controller, rows_of
from core.refs import Subject
from core.upkeep import services as upkeep
from core.walks.services.reaching import organisation_keys

PART = "skotsel"
SUBJECT, ASKED = "maintenance_promise", "asked_promise"
"""What the journal calls it; and the kind of thing that a letter names when an owner is asked for a promise."""
HOUSE = access.system("applications")
NOT_BUILT = N_("Åtgärden lämnar inget byggt efter sig som behöver skötas.")
PAGE = 50


@dataclass(frozen=True)
class Proposal:
    """Who would look after a built thing, and how, until somebody has said otherwise."""

    owner: Organisation | None
    standard: str
    first_after: int
    every: int


@dataclass(frozen=True)
class Built:
    """A built thing of an application, and its promise if there is one."""

    measure: ApplicationMeasure
    promise: Promise | None

    @property
    def lacks(self) -> list[str]:
        """What the promise is still without, in words."""
        return missing_in(self.promise)


def missing_in(promise: Promise | None) -> list[str]:
    """Return what a promise is without before a grant can be recorded (domain.md 1, X3), in words."""
    if promise is None:
        return [N_("Inget löfte är skrivet.")]
    parts = (
        (promise.owner_id, N_("Ansvarig saknas.")),
        (promise.standard, N_("Skötselnivå saknas.")),
        (promise.cost is not None, N_("Kostnad per år saknas.")),
        (promise.payer_id or promise.cost == 0, N_("Det står inte vem som betalar.")),
        (promise.accepted_on, N_("Den ansvarige har inte lovat än.")),
    )
    return [words for there, words in parts if not there]


def built_things(application: Application) -> list[Built]:
    """Return what an application that the actor reaches builds, each with its promise, in the order of its measures."""
    rows = select(ApplicationMeasure, Promise).outerjoin(Promise, Promise.measure_id == ApplicationMeasure.id)
    rows = rows.options(joinedload(Promise.owner), joinedload(Promise.payer), joinedload(ApplicationMeasure.place))
    rows = rows.where(ApplicationMeasure.application_id == application.id, ApplicationMeasure.built)
    rows = rows.where(ApplicationMeasure.dropped_on.is_(None)).order_by(ApplicationMeasure.number)
    return [Built(measure, promise) for measure, promise in db.session().execute(rows)]


def proposals(application: Application, built: Iterable[Built]) -> dict[UUID, Proposal]:
    """Return who would look after each of the things that nobody has promised anything of, by the measure's uid: by
    rådighet and the city's rules, and how, as the city proposes. What is of the same kind at the same place is asked
    for once.
    """
    rules = {row["kind"]: row for row in rows_of("upkeep_proposals.csv")}
    where = {one.place_id: one.district_id for one in _places(application)}
    first = next(iter(where), None)
    holders: dict[tuple[int, str], int | None] = {}
    found: dict[UUID, tuple[Mapping[str, str], int]] = {}
    for measure in (one.measure for one in built if one.promise is None):
        rule = rules.get(measure.kind) or rules[""]
        place, role = measure.place_id or first, rule["control_role"]
        if place and (place, role) not in holders:
            holders[place, role] = controller(place, role, None) or where.get(place)
        owner = holders.get((place, role)) if place else None
        found[measure.uid] = (rule, owner or application.organisation_id)
    rows = select(Organisation).where(Organisation.id.in_({owner for _, owner in found.values()}))
    owners = {row.id: row for row in db.session().scalars(rows)}
    return {
        uid: Proposal(owners.get(owner), rule["standard"], int(rule["first_after"]), int(rule["every"]))
        for uid, (rule, owner) in found.items()
    }


def _places(application: Application) -> Iterable[Any]:
    rows = select(ApplicationPlace.place_id, Place.district_id).join(Place, Place.id == ApplicationPlace.place_id)
    rows = rows.where(ApplicationPlace.application_id == application.id)
    return db.session().execute(rows.order_by(ApplicationPlace.place_id))


# --- Writing ------------------------------------------------------------------------------------------------------


def write_promise(
    actor: Actor, measure: UUID, *, owner: UUID | None, payer: UUID | None, version: int | None = None, **facts: Any
) -> Promise:
    """Write the promise for a built thing. What is changed must be promised anew; one's own board promises by this.

    Raises Missing, Denied, Stale, Refused (locked, nothing is built), Invalid.
    """
    thing = access.find(ApplicationMeasure, measure, actor, WRITE)
    about = db.session().get_one(Application, thing.application_id)
    found, part = applications.part_to_write(actor, about.uid, PART, version=None)
    if not thing.built or thing.dropped_on is not None:
        raise flow.Refused([Objection(NOT_BUILT)])
    row = db.session().scalar(select(Promise).filter_by(measure_id=thing.id).with_for_update())
    db.refuse_stale(SUBJECT, measure, row.version if row else 0, version)
    owners = organisation_keys(actor, [owner], "owner") if owner else [None]
    payers = organisation_keys(actor, [payer], "payer") if payer else [None]
    facts |= {"owner_id": owners[0], "payer_id": payers[0]}
    if row is None:
        row = Promise(application_id=found.id, measure_id=thing.id, uid=db.new_uid())
        db.session().add(row)
    elif all(getattr(row, name) == value for name, value in facts.items()):
        return row
    for name, value in facts.items():
        setattr(row, name, value)
    _not_promised(row)
    db.session().flush()
    if row.owner_id in asking.applicants(found) & actor.homes(WRITE):
        row.accepted_on, row.accepted_by_id = clock.today(), actor.id
        db.session().flush()
    _written(actor, found, part, row, "write")
    return row


def _not_promised(row: Promise) -> None:
    row.asked_on, row.declined, row.accepted_on, row.accepted_by_id = None, "", None, None
    if row.id is not None:
        upkeep.forget_nudges(HOUSE, Subject(ASKED, row.uid, ""))


def _written(actor: Actor, application: Application, part: ApplicationPart, row: Promise, what: str) -> None:
    applications.touch_rows(actor, part)
    journal.write(actor, f"{SUBJECT}:{what}", SUBJECT, row.uid, level=application.level)


def ask_for_promise(actor: Actor, uid: UUID, *, version: int | None = None) -> Promise:
    """Ask the owner to promise; it reads the promise from now on. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Promise, uid, actor, WRITE, lock=True)
    db.refuse_stale(SUBJECT, uid, row.version, version)
    about = db.session().get_one(Application, row.application_id)
    found, part = applications.part_to_write(actor, about.uid, PART, version=None)
    lacks = missing_in(row)[:-1] if row.accepted_on is None else [N_("Löftet är redan givet.")]
    if lacks:
        raise flow.Refused([Objection(words) for words in lacks])
    _ask_owner(row, found)
    _written(actor, found, part, row, "ask")
    return row


def ask_anew(row: Promise, application: Application) -> None:
    """Let a promise that is written otherwise be nobody's promise yet, and ask its owner; for whoever let it change."""
    _not_promised(row)
    _ask_owner(row, application)


def _ask_owner(row: Promise, application: Application) -> None:
    row.asked_on, row.declined = clock.today(), ""
    db.session().flush()
    upkeep.nudge_about(HOUSE, Subject(ASKED, row.uid, application.title, level=application.level), row.owner_id or 0)


def answer_promise(actor: Actor, uid: UUID, *, accepts: bool, why: str = "", version: int | None = None) -> Promise:
    """Promise for the owner, or say why not. Raises Missing, Denied, Stale, Refused (it is not asked, no reason)."""
    row = access.find(Promise, uid, actor, ASK_ANSWER, lock=True)
    db.refuse_stale(SUBJECT, uid, row.version, version)
    if row.accepted_on is not None or row.declined:
        raise flow.Refused([Objection(N_("Ni har redan svarat."))])
    if not accepts and not why.strip():
        raise flow.Refused([Objection(N_("Skriv varför ni inte kan lova det."), "why")])
    if accepts:
        row.accepted_on, row.accepted_by_id = clock.today(), actor.id
    else:
        row.declined = why
    db.session().flush()
    found = db.session().get_one(Application, row.application_id)
    journal.write(actor, f"{SUBJECT}:{'accept' if accepts else 'decline'}", SUBJECT, uid, level=found.level)
    upkeep.forget_nudges(HOUSE, Subject(ASKED, uid, ""))
    return row


def answers(actor: Actor, promise: Promise) -> bool:
    """Whether the actor answers for the owner of a promise."""
    rows = select(Promise.id).where(Promise.id == promise.id, access.rule_of(Promise, actor, ASK_ANSWER))
    return actor.may(ASK_ANSWER) and db.session().scalar(rows) is not None


# --- For who promises ---------------------------------------------------------------------------------------------


WHOLE = (Promise.owner, Promise.payer)


def read_promise(actor: Actor, uid: UUID) -> tuple[Promise, ApplicationMeasure, Application]:
    """Return a promise with what is built and for which application; Missing for who neither asks nor is asked."""
    rows = _with_what().where(Promise.uid == uid, access.rule_of(Promise, actor))
    found = db.session().execute(rows).one_or_none()
    if found is None:
        raise access.Missing(SUBJECT, uid)
    return found[0], found[1], found[2]


def _with_what() -> Any:
    rows = select(Promise, ApplicationMeasure, Application)
    rows = rows.join(ApplicationMeasure, ApplicationMeasure.id == Promise.measure_id)
    rows = rows.join(Application, Application.id == Promise.application_id)
    loaded = (joinedload(one) for one in WHOLE)
    return rows.options(*loaded, joinedload(ApplicationMeasure.place), joinedload(Application.organisation))


def promises_for(actor: Actor, *, answered: bool = False, limit: int = PAGE) -> list[tuple[Any, Any, Any]]:
    """Return the promises that the actor's organisations are asked for and have not answered, or those that they have
    `answered`, the newest first.
    """
    is_answered = Promise.accepted_on.is_not(None) | (Promise.declined != "")
    rows = _with_what().where(access.rule_of(Promise, actor, ASK_ANSWER), is_answered if answered else ~is_answered)
    found = db.session().execute(rows.order_by(Promise.id.desc()).limit(limit))
    return [(row[0], row[1], row[2]) for row in found]


def declined(actor: Actor, limit: int) -> list[tuple[Any, Any, Any]]:
    """Return the promises in the actor's own drafts that the owner could not give."""
    rows = _with_what().where(Promise.declined != "", Application.state == "utkast")
    rows = rows.where(access.rule_of(Application, actor, WRITE)).order_by(Promise.id)
    return [(row[0], row[1], row[2]) for row in db.session().execute(rows.limit(limit))]
