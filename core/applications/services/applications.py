"""Applications: begun, read, listed and moved; what others register as following a move; what may be written now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from core import access, bounded, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    READ,
    WRITE,
    Application,
    ApplicationEvent,
    ApplicationPart,
    ApplicationParty,
    ApplicationText,
    Round,
    reads_city,
)
from core.applications.parts import PARTS, REVISED
from core.applications.states import APPLICATION
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.people.services import organisation_called
from core.reserve.models import Programme
from core.schema import Invalid

PAGE, COUNTED = 50, 1000
APPLIES = ("stadsdelsnamnd", "facknamnd")
"""Kinds of organisation that apply; a company does so through a board (domain.md 1.2)."""
WHOLE = (Application.organisation, Application.programme, Application.round, Application.cycle)


@dataclass(frozen=True)
class Wish:
    """Which applications to list: in a state, of a round, of an organisation."""

    state: str = ""
    round: UUID | None = None
    organisation: UUID | None = None


EVERYTHING = Wish()


@dataclass(frozen=True)
class Page:
    """A page of applications, and where the next one begins."""

    rows: list[Any]
    after: tuple[int] | None


def begin_application(
    actor: Actor, *, uid: UUID, organisation: str, title: str, programme: UUID, in_round: UUID | None = None
) -> Application:
    """Begin an application of a board (its code) in an open round, or in none, to be kept; once for each `uid`.

    Raises Denied, Invalid, Conflict.
    """
    access.require(actor, WRITE)
    content = db.fingerprint(organisation=organisation, title=title, programme=programme, round=in_round)
    known = access.made_before(actor, Application, uid, content)
    if known is not None:
        return known
    applicant = organisation_called(organisation, "organisation")
    found = _programme(programme)
    application = Application(
        uid=uid,
        content=content,
        number=f"{found.series}-{clock.today().year}-{db.next_number(f'{found.series}-{clock.today().year}'):03d}",
        programme_id=found.id,
        round_id=_open_round(found, in_round).id if in_round is not None else None,
        organisation_id=applicant.id,
        title=title,
        state=APPLICATION.start,
        begun_at=clock.now(),
        begun_by_id=actor.id,
    )
    db.session().add(application)
    db.session().flush()
    if applicant.kind not in APPLIES or not reaches(actor, application, WRITE):
        raise Invalid({"organisation": [N_("Välj en nämnd som du skriver ansökningar för.")]})
    db.session().add(ApplicationText(application_id=application.id))
    db.session().add_all(ApplicationPart(application_id=application.id, part=key) for key in PARTS)
    note(actor, application, "begunnen")
    journal.write(actor, "application:begin", "application", uid, level=application.level, number=application.number)
    return application


def _programme(uid: UUID) -> Programme:
    today = clock.today()
    rows = select(Programme).where(Programme.uid == uid, Programme.active_from <= today)
    found = db.session().scalar(rows.where((Programme.active_to.is_(None)) | (Programme.active_to >= today)))
    if found is None:
        raise Invalid({"programme": [N_("Välj en satsning i listan.")]})
    return found


def _open_round(programme: Programme, uid: UUID) -> Round:
    rows = select(Round).where(Round.uid == uid, Round.programme_id == programme.id, Round.state == "oppnad")
    found = db.session().scalar(rows.where(Round.opens_at <= clock.now(), Round.closes_at > clock.now()))
    if found is None:
        other = db.session().scalar(select(Programme.name).join(Round).where(Round.uid == uid))
        if other not in (None, programme.name):
            raise Invalid({"in_round": [Text(N_("Omgången hör till {programme}. Välj en annan."), programme=other)]})
        raise Invalid({"in_round": [N_("Omgången är inte öppen. Välj en annan, eller spara ansökan utan omgång.")]})
    return found


def open_rounds() -> list[Round]:
    """Return the rounds that are open by the clock, the one that closes first at the top."""
    rows = select(Round).options(joinedload(Round.programme)).where(Round.state == "oppnad")
    now = clock.now()
    rows = rows.where(Round.opens_at <= now, Round.closes_at > now)
    return list(db.session().scalars(rows.order_by(Round.closes_at, Round.id).limit(50)))


def move_application(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None, **facts: Any
) -> Application:
    """Move an application. `facts` are what a rule that follows the move needs, such as the plan of a grant.

    Raises Missing, Denied, Stale, Refused with all that stands in the way.
    """
    application = access.find(Application, uid, actor, APPLICATION.move(key).needs, lock=True)
    db.refuse_stale("application", uid, application.version, version)
    return make_move(actor, application, key, reason=reason, **facts)


def make_move(actor: Actor, application: Application, key: str, *, reason: str = "", **facts: Any) -> Application:
    """Move an application that is locked already; for services that have more to do with it in the same step.

    What the move itself says (`takes`, with its reason) stands on the application before anything follows from it.
    """
    source = application.state
    flow.move(APPLICATION, application, key, actor, reason=reason)
    application.version += 1
    told = [take(actor, application, facts | {"reason": reason}) for take in _takes.get(key, ())]
    db.session().flush()
    words = reason or ". ".join(filter(None, told))
    note(actor, application, key, source=source, target=application.state, reason=words)
    for follow in _follows.get(key, ()):
        follow(actor, application, facts)
    return application


Take = Callable[[Actor, Application, dict[str, Any]], str | None]
Follow = Callable[[Actor, Application, dict[str, Any]], None]
_takes: dict[str, list[Take]] = {}
_follows: dict[str, list[Follow]] = {}


def takes(*moves: str) -> Callable[[Take], Take]:
    """Register what a move says of an application: reads the facts of the move and writes them, or raises Invalid.

    What it returns stands in the history, where the move asks for no reason.
    """

    def register(rule: Take) -> Take:
        for key in moves:
            _takes.setdefault(APPLICATION.move(key).key, []).append(rule)
        return rule

    return register


def follows(*moves: str) -> Callable[[Follow], Follow]:
    """Register what follows when an application has been moved: a function (actor, application, facts)."""

    def register(rule: Follow) -> Follow:
        for key in moves:
            _follows.setdefault(APPLICATION.move(key).key, []).append(rule)
        return rule

    return register


def note(actor: Actor, application: Application, kind: str, **facts: Any) -> None:
    """Keep what happened to an application; called by services, once they have let the actor do it."""
    by = {"person_id": actor.id, "organisation_id": actor.organisation}
    db.session().add(ApplicationEvent(application_id=application.id, at=clock.now(), kind=kind, **by, **facts))
    db.session().flush()


# --- What may be written ------------------------------------------------------------------------------------------


def open_parts(application: Application, wanted: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the parts that may be written as the application stands; `wanted` are those asked to be completed."""
    if application.state == APPLICATION.start:
        return frozenset(PARTS)
    if application.state == "komplettering":
        return wanted
    return frozenset(REVISED) if application.state == "delvis_beviljad" else frozenset()


def part_to_write(actor: Actor, uid: UUID, key: str, *, version: int | None) -> tuple[Application, ApplicationPart]:
    """Return an application and one of its parts, locked, once the actor may write in it as it stands now.

    `version` is the part's. Raises Missing, Denied, Stale, Refused.
    """
    if key not in PARTS:
        raise access.Missing("application_part", key)
    application = access.find(Application, uid, actor, WRITE)
    db.session().refresh(application, ["state"], with_for_update=True)  # who moves it waits, or has moved it already
    rows = select(ApplicationPart).filter_by(application_id=application.id, part=key).with_for_update()
    part = db.session().scalars(rows).one()
    wanted = frozenset({key} if part.wanted else ())
    if key not in open_parts(application, wanted):
        raise flow.Refused([Objection(N_("Delen går inte att ändra nu. Ansökan är låst som den står."))])
    db.refuse_stale("application", uid, part.version, version)
    return application, part


def touch(actor: Actor, part: ApplicationPart) -> None:
    """Note that a part was changed: it is no longer marked as done."""
    part.changed_at, part.changed_by_id = clock.now(), actor.id
    part.done_at, part.done_by_id = None, None
    flag_modified(part, "changed_at")  # a change in the same moment counts too
    db.session().flush()


def touch_rows(actor: Actor, part: ApplicationPart) -> None:
    """Note that rows of a part were changed, each of which has a version of its own.

    The part's own form stays as it was read: who adds a row has lost nothing of what stands unsaved beside it.
    """
    changed = {"changed_at": clock.now(), "changed_by_id": actor.id, "done_at": None, "done_by_id": None}
    same = (ApplicationPart.application_id == part.application_id, ApplicationPart.part == part.part)
    db.session().execute(update(ApplicationPart).where(*same).values(changed))


# --- Reading ------------------------------------------------------------------------------------------------------


def reaches(actor: Actor, application: Application, permission: str) -> bool:
    """Whether the actor reaches an application with a permission."""
    rows = select(Application.id).where(
        Application.id == application.id, access.rule_of(Application, actor, permission)
    )
    return db.session().scalar(rows) is not None


def read_application(actor: Actor, uid: UUID, permission: str = READ) -> Application:
    """Return an application with whose it is and in which round; Missing when the actor does not reach it."""
    access.require(actor, permission)
    rows = select(Application).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(Application.uid == uid, access.rule_of(Application, actor, permission)))
    if found is None:
        raise access.Missing("application", uid)
    return found


def list_applications(
    actor: Actor, wish: Wish = EVERYTHING, *, after: tuple[int] | None = None, limit: int = PAGE
) -> Page:
    """Return the applications that the actor reaches, the newest first, in one query."""
    access.require(actor, READ)
    rows = select(Application).options(*(joinedload(part) for part in WHOLE)).where(access.rule_of(Application, actor))
    if wish.state:
        rows = rows.where(Application.state == wish.state)
    if wish.round is not None:
        named = select(Round.id).where(Round.uid == wish.round).scalar_subquery()
        rows = rows.where(Application.round_id == named)
    if wish.organisation is not None:
        named = select(Organisation.id).where(Organisation.uid == wish.organisation).scalar_subquery()
        rows = rows.where(Application.organisation_id == named)
    if after is not None:
        rows = rows.where(Application.id < after[0])
    found = list(db.session().scalars(rows.order_by(Application.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def count_applications(actor: Actor) -> dict[str, int]:
    """Return how many that the actor reaches are in each state that any is in, counted no further than COUNTED + 1."""
    access.require(actor, READ)
    mine = select(Application.id).where(access.rule_of(Application, actor))
    few = not reads_city(actor, READ)
    found = bounded.tallied(mine, Application.state, APPLICATION.states, COUNTED, few=few)
    return {state: n for state, n in found.items() if n}


def parts_of(application: Application) -> dict[str, ApplicationPart]:
    """Return the parts of an application that the actor reaches, in the order of the task list."""
    rows = select(ApplicationPart).where(ApplicationPart.application_id == application.id)
    found = {part.part: part for part in db.session().scalars(rows)}
    return {key: found[key] for key in PARTS}


def events_of(actor: Actor, application: Application) -> list[ApplicationEvent]:
    """Return what has happened to an application, the newest first."""
    rows = select(ApplicationEvent).options(
        joinedload(ApplicationEvent.person), joinedload(ApplicationEvent.organisation)
    )
    rows = rows.where(ApplicationEvent.application_id == application.id).order_by(ApplicationEvent.id.desc())
    return list(db.session().scalars(access.visible(rows, actor).limit(200)))


def applies_for(actor: Actor) -> list[tuple[str, str]]:
    """Return the boards that the actor may begin applications for today: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    rows = rows.where(Organisation.kind.in_(APPLIES), access.within(actor, WRITE, Organisation.id))
    return [(code, name) for code, name in db.session().execute(rows.order_by(Organisation.name).limit(200))]


def together_with(application: Application) -> list[ApplicationParty]:
    """Return the boards that apply together with the applicant today."""
    return [one for one in parties_of(application) if one.joined_on is not None]


def parties_of(application: Application) -> list[ApplicationParty]:
    """Return the boards that apply together with the applicant today, and those that are asked to."""
    rows = select(ApplicationParty).options(joinedload(ApplicationParty.organisation))
    rows = rows.where(ApplicationParty.application_id == application.id, ApplicationParty.left_on.is_(None))
    return list(db.session().scalars(rows.order_by(ApplicationParty.id)))
