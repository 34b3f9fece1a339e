"""Who is asked about an application: for its view (samråd), or for its leave (medgivande) (Z27; domain.md 1.2).

Whom to ask for a view is suggested by the seed pack and the districts of the police, whom to ask for leave by who has
rådighet over the places. Who is asked is told the title, the places and the measures, and nothing else.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.limits import ASKED as FRIST
from core.applications.limits import ONLY
from core.applications.models import (
    ASK_ANSWER,
    ASK_READ,
    ASKED_FOR,
    MEDGIVANDE,
    WRITE,
    Application,
    ApplicationAsk,
    ApplicationMeasure,
    ApplicationPlace,
)
from core.applications.services import applications
from core.applications.states import ASKED
from core.hookspecs import Objection
from core.i18n import N_
from core.places.models import Place
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.walks.services.reaching import organisation_keys

HOUSE = access.system("applications")
SUBJECT = "application_ask"
PAGE = 50
PART = {"samrad": "samrad", "medgivande": "radighet"}
"""The part of the application in which each sort of question is asked."""
WHOLE = (ApplicationAsk.organisation,)
READY_MADE = {
    "samrad": N_("Vad anser ni om åtgärderna?"),
    "medgivande": N_("Får vi göra åtgärderna där ni har rådighet?"),
}
"""What is asked where nothing else is written."""


def ask(
    actor: Actor, application: UUID, *, uid: UUID, asked_for: str, organisation: UUID, question: str = ""
) -> ApplicationAsk:
    """Ask an organisation about an application, once for each sort; it has 15 working days to answer.

    One that was asked and taken back is asked again. Raises Missing, Denied, Invalid (it is asked already, it is one
    of the applicants), Refused (the part is locked).
    """
    if asked_for not in ASKED_FOR:
        raise Invalid({"asked_for": [N_("Välj i listan.")]})
    found, part = applications.part_to_write(actor, application, PART[asked_for], version=None)
    [key] = organisation_keys(actor, [organisation], "organisation")
    if key in applicants(found):
        raise Invalid({"organisation": [N_("Den som söker frågar inte sig själv.")]})
    rows = select(ApplicationAsk).filter_by(application_id=found.id, organisation_id=key, asked_for=asked_for)
    row = db.session().scalar(rows)
    if row is not None and row.uid == uid:
        return row
    if row is not None and row.state != "aterkallad":
        raise Invalid({"organisation": [N_("Organisationen är redan tillfrågad.")]})
    if row is not None:
        flow.move(ASKED, row, "fraga_igen", actor, reason=question or READY_MADE[asked_for])
        _wipe(row)
        row.question, row.asked_at, row.asked_by_id = question, clock.now(), actor.id
    else:
        row = ApplicationAsk(
            uid=uid,
            application_id=found.id,
            organisation_id=key,
            asked_for=asked_for,
            question=question,
            asked_at=clock.now(),
            asked_by_id=actor.id,
            state=ASKED.start,
            level=found.level,
        )
        db.session().add(row)
    db.session().flush()
    applications.touch_rows(actor, part)
    _wait(row, found)
    journal.write(actor, "application_ask:ask", SUBJECT, row.uid, level=row.level, asked_for=asked_for)
    return row


def _wipe(row: ApplicationAsk) -> None:
    row.stance, row.answer, row.considered, row.source = "", "", "", ""
    row.answered_on, row.answered_by_id, row.outside = None, None, False


def _wait(row: ApplicationAsk, application: Application, reason: str = "") -> None:
    """Let the frist run, from now when it has been met before, and the next letter tell who is asked."""
    about = _about(row, application)
    known = upkeep.plan_deadline(
        HOUSE, FRIST, rule=ONLY, subject=about, starts_at=row.asked_at, owner=row.organisation_id
    )
    if known.state == "klar":
        upkeep.renew_deadline(HOUSE, FRIST, about, starts_at=clock.now(), reason=reason or N_("Frågas igen"))
    upkeep.nudge_about(HOUSE, about, row.organisation_id)


def _about(row: ApplicationAsk, application: Application | None = None) -> Subject:
    found = application or db.session().get_one(Application, row.application_id)
    return Subject(SUBJECT, row.uid, found.title, level=row.level)


def answer(actor: Actor, uid: UUID, *, stance: str, answer: str, version: int | None = None) -> ApplicationAsk:
    """Answer for the organisation that is asked. Raises Missing, Denied, Stale, Refused."""
    row = access.find(ApplicationAsk, uid, actor, ASK_ANSWER, lock=True)
    db.refuse_stale(SUBJECT, uid, row.version, version)
    flow.move(ASKED, row, "svara", actor)
    row.stance, row.answer, row.answered_on, row.answered_by_id = stance, answer, clock.today(), actor.id
    row.outside, row.source = False, ""
    db.session().flush()
    _met(row)
    return row


def write_in(
    actor: Actor, uid: UUID, *, stance: str, answer: str, answered_on: date, source: str, version: int | None = None
) -> ApplicationAsk:
    """Write in an answer that came in another way, such as by mail; `source` says how.

    Raises Missing, Denied, Stale, Refused, Invalid for a day that has not come.
    """
    row = _own(actor, uid, version)
    if answered_on > clock.today():
        raise Invalid({"answered_on": [N_("Dagen har inte varit än.")]})
    flow.move(ASKED, row, "skriv_in_svar", actor)
    row.stance, row.answer, row.answered_on, row.answered_by_id = stance, answer, answered_on, actor.id
    row.outside, row.source = True, source
    db.session().flush()
    _met(row)
    return row


def _own(actor: Actor, uid: UUID, version: int | None) -> ApplicationAsk:
    """Return a question of the actor's own application, locked, once its part may be written."""
    row = access.find(ApplicationAsk, uid, actor, WRITE, lock=True)
    db.refuse_stale(SUBJECT, uid, row.version, version)
    about = db.session().get_one(Application, row.application_id)
    _, part = applications.part_to_write(actor, about.uid, PART[row.asked_for], version=None)
    applications.touch_rows(actor, part)
    return row


def _met(row: ApplicationAsk) -> None:
    upkeep.meet_deadline(HOUSE, FRIST, _about(row), reason=ASKED.states[row.state].label)
    upkeep.forget_nudges(HOUSE, _about(row))


def consider(actor: Actor, uid: UUID, *, considered: str, version: int | None = None) -> ApplicationAsk:
    """Write how an answer was considered. Raises Missing, Denied, Stale, Refused (it is not answered, or locked)."""
    row = _own(actor, uid, version)
    if row.state != "besvarad":
        raise flow.Refused([Objection(N_("Frågan är inte besvarad än."))])
    row.considered = considered
    db.session().flush()
    journal.write(actor, "application_ask:consider", SUBJECT, uid, level=row.level)
    return row


def move_ask(actor: Actor, uid: UUID, key: str, *, reason: str, version: int | None = None) -> ApplicationAsk:
    """Take a question back, ask again, or open one's own answer to be changed.

    Raises Missing, Denied, Stale, Refused.
    """
    if ASKED.move(key).needs == ASK_ANSWER:
        row = access.find(ApplicationAsk, uid, actor, ASK_ANSWER, lock=True)
        db.refuse_stale(SUBJECT, uid, row.version, version)
        if row.outside:
            raise flow.Refused([Objection(N_("Svaret är inskrivet av den som söker. Be dem fråga igen."))])
    else:
        row = _own(actor, uid, version)
    flow.move(ASKED, row, key, actor, reason=reason)
    if key == "aterkalla":
        _let_go(row)
    else:
        if key == "fraga_igen":
            _wipe(row)
            row.asked_at, row.asked_by_id = clock.now(), actor.id
        db.session().flush()
        _wait(row, db.session().get_one(Application, row.application_id), ASKED.move(key).label)
    db.session().flush()
    return row


def _let_go(row: ApplicationAsk) -> None:
    upkeep.drop_deadline(HOUSE, FRIST, _about(row), reason=ASKED.states["aterkallad"].label)
    upkeep.forget_nudges(HOUSE, _about(row))


@applications.follows("aterkalla")
def _take_back_questions(_actor: Actor, application: Application, _facts: dict[str, object]) -> None:
    """Nobody has to answer about an application that is withdrawn."""
    rows = (
        select(ApplicationAsk).filter_by(application_id=application.id, state=ASKED.start).order_by(ApplicationAsk.id)
    )
    for row in db.session().scalars(rows).all():
        flow.move(ASKED, row, "aterkalla", HOUSE, reason=N_("Ansökan är återkallad."))
        db.session().flush()
        _let_go(row)


# --- Reading ------------------------------------------------------------------------------------------------------


def applicants(application: Application) -> frozenset[int]:
    """Return the keys of the boards that apply."""
    together = (party.organisation_id for party in applications.together_with(application))
    return frozenset({application.organisation_id, *together})


def asks_of(actor: Actor, application: Application, asked_for: str = "") -> list[ApplicationAsk]:
    """Return who is asked about an application, in the order they were asked; of one sort, or of both."""
    rows = select(ApplicationAsk).options(joinedload(ApplicationAsk.organisation))
    rows = rows.where(ApplicationAsk.application_id == application.id)
    if asked_for:
        rows = rows.where(ApplicationAsk.asked_for == asked_for)
    return list(db.session().scalars(access.visible(rows, actor).order_by(ApplicationAsk.id)))


def read_ask(actor: Actor, uid: UUID) -> ApplicationAsk:
    """Return a question with whose application it is about; Missing for who neither asks nor is asked."""
    access.require(actor, ASK_READ)
    rows = select(ApplicationAsk).options(*_loaded()).where(ApplicationAsk.uid == uid)
    row = db.session().scalar(access.visible(rows, actor))
    if row is None:
        raise access.Missing(SUBJECT, uid)
    return row


def told_of(row: ApplicationAsk) -> tuple[list[str], list[ApplicationMeasure]]:
    """Return what who is asked is told of the application beside its title: the names of its places, its measures."""
    places = select(Place.name).join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    names = db.session().scalars(
        places.where(ApplicationPlace.application_id == row.application_id).order_by(Place.name)
    )
    measures = select(ApplicationMeasure).filter_by(application_id=row.application_id, dropped_on=None)
    measures = measures.options(joinedload(ApplicationMeasure.place)).order_by(ApplicationMeasure.number)
    return list(names), list(db.session().scalars(measures))


def _loaded() -> tuple[Any, ...]:
    whose = joinedload(ApplicationAsk.application).joinedload(Application.organisation)
    return joinedload(ApplicationAsk.organisation), whose


def asks_for(
    actor: Actor, *, answered: bool = False, after: tuple[int] | None = None, limit: int = PAGE
) -> tuple[list[ApplicationAsk], tuple[int] | None]:
    """Return what the actor's organisations are asked and have not answered, or what they have `answered`, the newest
    first, and what follows.
    """
    access.require(actor, ASK_READ)
    rows = select(ApplicationAsk).options(*_loaded()).where(_asked(actor))
    rows = rows.where((ApplicationAsk.state != ASKED.start) if answered else (ApplicationAsk.state == ASKED.start))
    if after is not None:
        rows = rows.where(ApplicationAsk.id < after[0])
    found = list(db.session().scalars(rows.order_by(ApplicationAsk.id.desc()).limit(limit + 1)))
    return found[:limit], (found[limit - 1].id,) if len(found) > limit else None


def _asked(actor: Actor) -> ColumnElement[bool]:
    return access.rule_of(ApplicationAsk, actor, ASK_ANSWER)


def waiting_for(actor: Actor, limit: int) -> list[ApplicationAsk]:
    """Return what the actor's organisations have not answered, the oldest first."""
    rows = select(ApplicationAsk).options(*_loaded()).where(ApplicationAsk.state == ASKED.start, _asked(actor))
    return list(db.session().scalars(rows.order_by(ApplicationAsk.asked_at, ApplicationAsk.id).limit(limit)))


def to_consider(actor: Actor, limit: int) -> list[ApplicationAsk]:
    """Return the answers about the actor's own drafts that nobody has considered, the oldest first."""
    rows = select(ApplicationAsk).options(*_loaded()).join(Application, Application.id == ApplicationAsk.application_id)
    rows = rows.where(ApplicationAsk.state == "besvarad", ApplicationAsk.considered == "")
    rows = rows.where(ApplicationAsk.stance != "tillstyrker", Application.state == "utkast")
    rows = rows.where(access.rule_of(Application, actor, WRITE))
    return list(db.session().scalars(rows.order_by(ApplicationAsk.answered_on, ApplicationAsk.id).limit(limit)))


def is_leave(row: ApplicationAsk) -> bool:
    """Whether a question is answered so that leave is given."""
    return row.asked_for == MEDGIVANDE and row.state == "besvarad" and row.stance == "tillstyrker"
