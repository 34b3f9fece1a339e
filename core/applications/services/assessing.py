"""Assessing: two persons each by herself, sealed until both have handed in (E6, E7, E8, E12; domain.md 1.2).

Who applies, has written or reviewed it, or has declared jäv, does not assess; the points of who turns out to be jävig
are kept and never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.limits import ASSESS_BY, ONLY
from core.applications.models import (
    ASSESS,
    ASSESSED,
    ASSESSORS,
    ASSIGN,
    READ,
    Application,
    ApplicationEvent,
    Assessment,
    Round,
    Score,
)
from core.applications.points import Judged, criteria_of, total
from core.applications.services import rounds
from core.applications.services.applications import follows
from core.applications.services.eligible import barred, candidates, home_of
from core.applications.services.partiality import HOUSE, stands_aside
from core.applications.states import APPLICATION, ASSESSMENT
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.people.models import Person
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep

ASSESSED_IN = "under_bedomning"
COUNT = ("tilldelad", "inlamnad")
"""States of an assessment that is asked for, or handed in."""


@dataclass(frozen=True)
class Assessor:
    """Somebody who was asked to assess: how far that is, and by when; nothing of what she thinks."""

    uid: UUID
    person: int
    name: str
    state: str
    due_on: date | None
    handed_in_at: datetime | None
    version: int


@dataclass(frozen=True)
class Sheet:
    """One assessment with its points and reasons by criterion, and the criteria of the round."""

    row: Assessment
    criteria: list[Judged]
    scores: Mapping[str, Score]

    @property
    def points(self) -> dict[str, int]:
        """The points given so far."""
        return {key: score.points for key, score in self.scores.items() if score.points is not None}

    @property
    def total(self) -> int:
        """The weighed sum so far, of 100."""
        return total(self.criteria, self.points)

    @property
    def lacks(self) -> list[Judged]:
        """The criteria without points, or without a reason for them."""
        said = {key for key, score in self.scores.items() if score.points is not None and score.why}
        return [one for one in self.criteria if one.key not in said]


# --- Assigning ----------------------------------------------------------------------------------------------------


def assign(actor: Actor, uid: UUID, *, person: UUID, due_on: date | None = None) -> Assessment:
    """Ask somebody to assess an application, by a day or within ten working days; two count, never more.

    Raises Missing, Denied, Refused (not being assessed, two already), Invalid (who may not, a day that has been).
    """
    application = access.find(Application, uid, actor, ASSIGN, lock=True)
    _refuse_elsewhere(application)
    if due_on is not None and due_on < clock.today():
        raise Invalid({"due_on": [N_("Välj i dag eller en senare dag.")]})
    chosen = next((one for one in candidates(actor, application) if one.uid == person), None)
    if chosen is None:
        raise Invalid({"person": [N_("Välj någon i listan.")]})
    if chosen.why:
        raise Invalid({"person": [Text(N_("{name} {why}."), name=chosen.name, why=Text(chosen.why))]})
    _refuse_a_third(application)
    row = Assessment(
        uid=db.new_uid(),
        application_id=application.id,
        person_id=chosen.key,
        organisation_id=home_of(chosen.key),
        state=ASSESSMENT.start,
        edition=application.edition,
        asked_at=clock.now(),
        level=application.level,
    )
    db.session().add(row)
    db.session().flush()
    _promise(application, row, due_on)
    journal.write(actor, "assessment:assign", "assessment", row.uid, level=row.level, number=application.number)
    return row


def _refuse_elsewhere(application: Application) -> None:
    if application.state != ASSESSED_IN:
        raise flow.Refused([Objection(N_("Ansökan bedöms inte nu. Börja bedöma den först."))])
    round_ = db.session().get(Round, application.round_id) if application.round_id is not None else None
    if round_ is not None and round_.state == "fryst":
        raise flow.Refused([Objection(N_("Ordningen är fryst. Öppna den igen först."))])


def _refuse_a_third(application: Application) -> None:
    rows = select(func.count()).select_from(Assessment).where(Assessment.application_id == application.id)
    if (db.session().scalar(rows.where(Assessment.state.in_(COUNT))) or 0) >= ASSESSORS:
        raise flow.Refused([Objection(N_("Två är redan utsedda. Ta tillbaka ett uppdrag först."))])


def _promise(application: Application, row: Assessment, due_on: date | None = None) -> None:
    """Let the house promise the assessment by a day, with reminders; the day stands in the row too."""
    about, title = _about(application, row), N_("Dagen som är bestämd")
    terms = Rule(0, "given_date", title, source=application.number, given=due_on) if due_on is not None else None
    known: dict[str, Any] = {"rule": ONLY, "subject": about, "owner": row.organisation_id, "terms": terms}
    deadline = upkeep.plan_deadline(HOUSE, ASSESS_BY, starts_at=clock.now(), **known)
    if deadline.state == "klar":
        upkeep.renew_deadline(HOUSE, ASSESS_BY, about, starts_at=clock.now(), reason=N_("Tas upp igen"))
    if terms is not None and deadline.rule.get("given") != due_on.isoformat():  # type: ignore[union-attr]
        upkeep.retime_deadline(HOUSE, ASSESS_BY, about, terms=terms, reason=N_("Ny sista dag"))
    row.due_on = deadline.due_on
    db.session().flush()


def _about(application: Application, row: Assessment) -> Subject:
    return Subject("assessment", row.uid, application.title, level=application.level)


def move_assessment(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", due_on: date | None = None, version: int | None = None
) -> Assessment:
    """Hand in an assessment, write it again, take the assignment back or give it again.

    Raises Missing, Denied, Stale, Refused with all that is lacking.
    """
    row = access.find(Assessment, uid, actor, ASSESSMENT.move(key).needs)
    application = (
        db.session().scalars(select(Application).where(Application.id == row.application_id).with_for_update()).one()
    )
    db.session().refresh(row, with_for_update=True)
    db.refuse_stale("assessment", uid, row.version, version)
    if key == "tilldela_igen":
        _refuse_elsewhere(application)
        if why := barred(application).get(row.person_id):
            raise flow.Refused([Objection(Text(N_("Det går inte: personen {why}."), why=Text(why)))])
        _refuse_a_third(application)
    flow.move(ASSESSMENT, row, key, actor, reason=reason)
    if key == "lamna_in":
        row.handed_in_at, row.edition = clock.now(), application.edition
        upkeep.meet_deadline(HOUSE, ASSESS_BY, _about(application, row), reason=N_("Inlämnad"))
    elif key in ("skriv_om", "tilldela_igen"):
        row.handed_in_at = None
        _promise(application, row, due_on)
    else:
        upkeep.drop_deadline(HOUSE, ASSESS_BY, _about(application, row), reason=ASSESSMENT.states[row.state].label)
    db.session().flush()
    return row


@follows("aterkalla")
def _nothing_more_to_assess(actor: Actor, application: Application, facts: dict[str, Any]) -> None:  # noqa: ARG001
    """Take the assignments back that nobody has handed in, when the application is withdrawn."""
    waits = select(Assessment).where(Assessment.application_id == application.id, Assessment.state == ASSESSMENT.start)
    reason = APPLICATION.states[application.state].label
    for row in db.session().scalars(waits.order_by(Assessment.id).with_for_update()):
        flow.move(ASSESSMENT, row, "aterkalla", HOUSE, reason=reason)
        upkeep.drop_deadline(HOUSE, ASSESS_BY, _about(application, row), reason=reason)


# --- Writing ------------------------------------------------------------------------------------------------------


def write_assessment(
    actor: Actor,
    uid: UUID,
    *,
    scores: Mapping[str, tuple[int | None, str]],
    recommendation: str,
    summary: str,
    version: int | None,
) -> Assessment:
    """Save one's own assessment of an application (its uid) as a draft: nothing is needed, nobody else reads it.

    `scores` are points and the reason for them, by criterion. Raises Missing, Denied, Stale, Refused.
    """
    access.require(actor, ASSESS)
    sheet = own_sheet(actor, uid, lock=True)
    row = sheet.row
    db.refuse_stale("assessment", row.uid, row.version, version)
    if row.state != ASSESSMENT.start:
        raise flow.Refused([Objection(N_("Bedömningen är inlämnad och går inte att ändra."))])
    _refuse_elsewhere(db.session().get_one(Application, row.application_id))
    known = {one.key for one in sheet.criteria}
    for key, (points, why) in scores.items():
        if key not in known:
            raise access.Missing("criterion", key)
        score = sheet.scores.get(key)
        if score is None:
            db.session().add(Score(assessment_id=row.id, criterion=key, points=points, why=why))
        else:
            score.points, score.why = points, why
    row.recommendation, row.summary = recommendation, summary
    flag_modified(row, "summary")  # a new version also when only its points have changed
    db.session().flush()
    return row


@ASSESSMENT.guard("lamna_in")
def _is_whole(row: Assessment, actor: Actor) -> Iterable[Objection]:
    application = db.session().get_one(Application, row.application_id)
    if application.state != ASSESSED_IN:
        yield Objection(N_("Ansökan bedöms inte nu."))
    if stands_aside(actor.id, application):
        yield Objection(N_("Du har anmält jäv. Bedömningen räknas inte."))
    sheet = _sheet(row)
    for one in sheet.lacks:
        yield _lacking(one, sheet.scores.get(one.key))
    if not row.recommendation:
        yield Objection(N_("Välj vad du rekommenderar."), "recommendation")
    if not row.summary:
        yield Objection(N_("Skriv en sammanfattning."), "summary")


def _lacking(one: Judged, score: Score | None) -> Objection:
    """Return what a criterion lacks, told at the field where it is first missing."""
    why = bool(score and score.why)
    if score is not None and score.points is not None:
        words, field = N_("Skriv varför: {title}."), "why"
    elif one.gate:
        field = "points"
        words = N_("Svara ja eller nej: {title}.") if why else N_("Svara ja eller nej och skriv varför: {title}.")
    else:
        field, words = "points", N_("Ge poäng: {title}.") if why else N_("Ge poäng och skriv varför: {title}.")
    return Objection(Text(words, title=Text(one.title)), f"{one.key}_{field}")


@ASSESSMENT.guard("skriv_om")
def _is_still_sealed(row: Assessment, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001 - one's own
    """What the other has seen is not written again, unless the application has come back to be assessed anew."""
    application = db.session().get_one(Application, row.application_id)
    if application.state != ASSESSED_IN:
        yield Objection(N_("Ansökan bedöms inte nu."))
    anew = select(ApplicationEvent.id).where(ApplicationEvent.application_id == row.application_id)
    anew = anew.where(ApplicationEvent.kind == "bedom_igen", ApplicationEvent.at > row.handed_in_at)
    if is_open(application) and db.session().scalar(anew.limit(1)) is None:
        yield Objection(N_("Båda bedömningarna är öppnade. Skriv en gemensam not i stället."))


# --- Reading ------------------------------------------------------------------------------------------------------


def is_open(application: Application) -> bool:
    """Whether the points may be read: two that count have handed in, and nobody asked is still writing."""
    rows = select(Assessment.state, func.count()).where(Assessment.application_id == application.id)
    found = db.session().execute(rows.group_by(Assessment.state))
    counted: dict[str, int] = {state: count for state, count in found}  # noqa: C416 - rows, not pairs
    return not counted.get("tilldelad") and counted.get("inlamnad", 0) >= ASSESSORS


def assessors(actor: Actor, application: Application) -> list[Assessor]:
    """Return who assesses an application and how far that is; of what they think, nothing."""
    access.require(actor, ASSESSED if actor.may(ASSESSED) else ASSIGN)
    columns = (Assessment.uid, Assessment.person_id, Person.name, Assessment.state, Assessment.due_on)
    rows = select(*columns, Assessment.handed_in_at, Assessment.version)
    rows = rows.join(Person, Person.id == Assessment.person_id).where(Assessment.application_id == application.id)
    rows = rows.where(Assessment.application_id.in_(select(Application.id).where(access.rule_of(Application, actor))))
    return [Assessor(*row) for row in db.session().execute(rows.order_by(Assessment.id))]


def own_sheet(actor: Actor, application: UUID, *, lock: bool = False) -> Sheet:
    """Return one's own assessment of an application. Raises Missing, Denied."""
    access.require(actor, ASSESS)
    rows = select(Assessment).join(Application, Application.id == Assessment.application_id)
    rows = rows.where(Application.uid == application, Assessment.person_id == actor.id, Assessment.state.in_(COUNT))
    found = db.session().scalar(rows.with_for_update(of=Assessment) if lock else rows)
    if found is None:
        raise access.Missing("assessment", application)
    return _sheet(found)


def put_aside(actor: Actor, application: UUID) -> Assessment | None:
    """Return one's own assessment of an application that counts no more: taken back, or jäv. Raises Denied."""
    access.require(actor, ASSESS)
    rows = select(Assessment).join(Application, Application.id == Assessment.application_id)
    rows = rows.where(Application.uid == application, Assessment.person_id == actor.id)
    return db.session().scalar(rows.where(Assessment.state.not_in(COUNT)))


def _sheet(row: Assessment) -> Sheet:
    scores = db.session().scalars(select(Score).where(Score.assessment_id == row.id))
    return Sheet(row, criteria_for(row.application_id), {score.criterion: score for score in scores})


def criteria_for(application: int) -> list[Judged]:
    """Return what an application (its key) is judged by: what its round froze, or what holds today without a round."""
    rows = select(Round).join(Application, Application.round_id == Round.id).where(Application.id == application)
    found = db.session().scalar(rows)
    return criteria_of(found.terms if found is not None and found.terms is not None else rounds.terms_now())


def opened_sheets(actor: Actor, application: Application) -> list[Sheet]:
    """Return the assessments that count, once all are in; until then nothing, and nothing to who stands aside."""
    access.require(actor, ASSESSED)
    if not is_open(application) or stands_aside(actor.id, application):
        return []
    rows = select(Assessment).options(joinedload(Assessment.person)).where(Assessment.state == "inlamnad")
    rows = rows.where(Assessment.application_id == application.id, access.rule_of(Assessment, actor, ASSESSED))
    found = list(db.session().scalars(rows.order_by(Assessment.id)))
    scores = list(db.session().scalars(select(Score).where(Score.assessment_id.in_([row.id for row in found]))))
    criteria = criteria_for(application.id)
    return [
        Sheet(row, criteria, {score.criterion: score for score in scores if score.assessment_id == row.id})
        for row in found
    ]


@dataclass(frozen=True)
class Waiting:
    """An assessment that waits for the actor."""

    assessment: UUID
    application: UUID
    number: str
    title: str
    due_on: date | None
    level: int


def waiting_for(actor: Actor, limit: int) -> list[Waiting]:
    """Return the assessments that the actor is asked for, the one due first at the top."""
    if not actor.may(ASSESS):
        return []
    columns = (Assessment.uid, Application.uid, Application.number, Application.title, Assessment.due_on)
    rows = select(*columns, Application.level).join(Application, Application.id == Assessment.application_id)
    rows = rows.where(Assessment.person_id == actor.id, Assessment.state == ASSESSMENT.start)
    rows = rows.where(Application.state == ASSESSED_IN, access.rule_of(Application, actor, READ))
    rows = rows.order_by(Assessment.due_on, Assessment.id).limit(limit)
    return [Waiting(*row) for row in db.session().execute(rows)]
