"""Planning projects: their phases, goals of social value with who follows them up, and who was asked (Z35)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_
from core.places.models import Place, places_behind
from core.presence.limits import CONSULTATION, GOAL, ONLY, RULES, on_day
from core.presence.models import PlanningConsultation, PlanningGoal, PlanningProject
from core.presence.models.projects import ANSWER, EDIT, READ
from core.presence.services.choosing import (
    PAGE,
    Page,
    in_order,
    organisation_chosen,
    own_organisation,
    paged,
    place_chosen,
)
from core.presence.states import BROKEN_OFF, PROJECT
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep

HOUSE = access.system("presence")
SOON = timedelta(days=92)
"""What is followed up later than in a quarter nobody has to do yet."""


def add_project(actor: Actor, *, uid: UUID, organisation: str, place: UUID | None, **facts: Any) -> PlanningProject:
    """Lay up a project on a place for an organisation (its code); once for each `uid`.

    Raises Denied, Invalid, Conflict.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(organisation=organisation, place=place, **facts)
    if (known := access.made_before(actor, PlanningProject, uid, content)) is not None:
        return known
    in_order(facts["starts_on"], facts.get("ready_on"), "ready_on")
    where = place_chosen(actor, place)
    row = PlanningProject(
        uid=uid,
        content=content,
        number=f"PP-{db.next_number('PP'):05d}",
        place_id=where.id,
        organisation_id=own_organisation(actor, organisation, EDIT).id,
        state=PROJECT.start,
        level=where.level,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "project:add", "planning_project", uid, level=row.level, number=row.number)
    return row


def move_project(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> PlanningProject:
    """Take a project to its next phase, or break it off. Raises Missing, Denied, Stale, Refused."""
    row = access.find(PlanningProject, uid, actor, EDIT, lock=True)
    db.refuse_stale("planning_project", uid, row.version, version)
    flow.move(PROJECT, row, key, actor, reason=reason)
    row.why = reason.strip()
    db.session().flush()
    if row.state == BROKEN_OFF or key == "ta_upp_igen":
        _frister_follow(row)
    return row


def _frister_follow(row: PlanningProject) -> None:
    """Let nobody owe anything to a project that is broken off; taken up again, what is not done waits again."""
    goals = select(PlanningGoal).where(PlanningGoal.project_id == row.id, PlanningGoal.followed_on.is_(None))
    asked = select(PlanningConsultation).where(PlanningConsultation.project_id == row.id)
    for kind, rows in ((GOAL, goals), (CONSULTATION, asked.where(PlanningConsultation.answered_on.is_(None)))):
        for one in db.session().scalars(rows).all():
            about = _about(row, one.__tablename__, one.uid)
            if row.state == BROKEN_OFF:
                upkeep.drop_deadline(HOUSE, kind, about, reason=row.why)
            elif isinstance(one, PlanningGoal):
                _plan_goal(row, one)
            else:
                _plan_answer(row, one)


def _plan_goal(row: PlanningProject, goal: PlanningGoal) -> None:
    about = _about(row, "planning_goal", goal.uid)
    terms = on_day(goal.follow_up_on, N_("Följs upp den dag som projektet har bestämt"), row.number)
    known: dict[str, Any] = {"rule": ONLY, "terms": terms, "starts_at": clock.now()}
    upkeep.plan_deadline(HOUSE, GOAL, subject=about, owner=goal.responsible_id, **known)


def _plan_answer(row: PlanningProject, asked: PlanningConsultation) -> None:
    about, now = _about(row, "planning_consultation", asked.uid), clock.now()
    frist = upkeep.plan_deadline(HOUSE, CONSULTATION, rule=ONLY, subject=about, starts_at=now, owner=asked.asked_id)
    if frist.starts_at != now:  # taken up again: the answer has all its time again
        anew: dict[str, Any] = {"terms": RULES[CONSULTATION], "starts_at": now, "reason": row.number}
        upkeep.restart_deadline(HOUSE, CONSULTATION, about, rule=ONLY, **anew)


@PROJECT.guard("granska", "anta")
def _consulted(row: PlanningProject, _actor: Actor) -> Iterable[Objection]:
    """Nothing is adopted before the safety side has been asked, and has answered."""
    rows = select(PlanningConsultation).where(PlanningConsultation.project_id == row.id)
    asked = list(db.session().scalars(rows))
    if not asked:
        yield Objection(N_("Fråga trygghetssidan först."), "samrad")
    elif any(one.answered_on is None for one in asked):
        yield Objection(N_("Alla som är tillfrågade har inte svarat."), "samrad")


def add_goal(actor: Actor, project: UUID, *, text: str, responsible: UUID | None, follow_up_on: date) -> PlanningGoal:
    """Set a goal of social value, with who follows it up and when. Raises Missing, Denied, Invalid, Refused."""
    row = _open(actor, project)
    key = organisation_chosen(responsible, "responsible")
    if key is None:
        raise Invalid({"responsible": [N_("Välj vem som följer upp målet.")]})
    if follow_up_on < clock.today():
        raise Invalid({"follow_up_on": [N_("Dagen har redan varit. Välj i dag eller en senare dag.")]})
    goal = PlanningGoal(project_id=row.id, text=text, responsible_id=key, follow_up_on=follow_up_on, level=row.level)
    db.session().add(goal)
    db.session().flush()
    _plan_goal(row, goal)
    journal.write(actor, "project:goal", "planning_project", row.uid, level=row.level, goal=goal.uid)
    return goal


def _open(actor: Actor, uid: UUID) -> PlanningProject:
    row = access.find(PlanningProject, uid, actor, EDIT, lock=True)
    if PROJECT.states[row.state].closed:
        raise flow.Refused([Objection(N_("Projektet är avslutat. Ta upp det igen om något ska ändras."))])
    return row


def _about(row: PlanningProject, kind: str, uid: UUID) -> Subject:
    place = db.session().get_one(Place, row.place_id)
    return Subject(kind, uid, row.title, place=place.uid, level=row.level)


def follow_up_goal(actor: Actor, uid: UUID, *, result: str, why: str, version: int | None = None) -> PlanningGoal:
    """Say what came of a goal: whoever answers for it, or the project. Raises Missing, Denied, Stale, Refused."""
    goal = access.find(PlanningGoal, uid, actor, ANSWER, lock=True)
    db.refuse_stale("planning_goal", uid, goal.version, version)
    project = db.session().get_one(PlanningProject, goal.project_id)
    _refuse_strangers(actor, project, goal.responsible_id)
    goal.result, goal.result_why, goal.followed_on = result, why, clock.today()
    db.session().flush()
    upkeep.meet_deadline(HOUSE, GOAL, _about(project, "planning_goal", goal.uid), reason=result)
    journal.write(actor, "project:follow_up", "planning_goal", uid, level=goal.level, result=result)
    return goal


def _refuse_strangers(actor: Actor, project: PlanningProject, key: int) -> None:
    """Refuse those who take part in a project by another goal or question than this one."""
    if actor.kind != "system" and not {project.organisation_id, key} & actor.homes(ANSWER):
        raise access.Denied(ANSWER)


def ask(actor: Actor, project: UUID, *, asked: UUID | None, question: str) -> PlanningConsultation:
    """Ask the safety side of an organisation, which has a frist to answer. Raises Missing, Denied, Invalid, Refused."""
    row = _open(actor, project)
    key = organisation_chosen(asked, "asked")
    if key is None:
        raise Invalid({"asked": [N_("Välj vem ni frågar.")]})
    made = PlanningConsultation(
        project_id=row.id, asked_id=key, asked_on=clock.today(), question=question, level=row.level
    )
    db.session().add(made)
    db.session().flush()
    _plan_answer(row, made)
    journal.write(actor, "project:ask", "planning_project", row.uid, level=row.level, asked=key)
    return made


def answer(actor: Actor, uid: UUID, *, text: str, version: int | None = None) -> PlanningConsultation:
    """Answer a project for the organisation that was asked. Raises Missing, Denied, Stale, Refused."""
    made = access.find(PlanningConsultation, uid, actor, ANSWER, lock=True)
    db.refuse_stale("planning_consultation", uid, made.version, version)
    project = db.session().get_one(PlanningProject, made.project_id)
    if made.asked_id not in actor.homes(ANSWER):
        raise access.Denied(ANSWER)
    made.answer, made.answered_on = text, made.answered_on or clock.today()
    db.session().flush()
    about = _about(project, "planning_consultation", made.uid)
    upkeep.meet_deadline(HOUSE, CONSULTATION, about, reason=N_("Besvarad"))
    journal.write(actor, "project:answer", "planning_consultation", uid, level=made.level)
    return made


# --- Read -----------------------------------------------------------------------------------------------------------


def read_project(actor: Actor, uid: UUID, permission: str = READ) -> PlanningProject:
    """Return a project with its place and whose it is. Raises Denied, Missing."""
    access.require(actor, permission)
    rows = select(PlanningProject).options(joinedload(PlanningProject.place), joinedload(PlanningProject.organisation))
    rule = access.rule_of(PlanningProject, actor, permission)
    found = db.session().scalar(rows.where(PlanningProject.uid == uid, rule))
    if found is None:
        raise access.Missing("planning_project", uid)
    return found


def list_projects(actor: Actor, *, over: bool = False, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return projects that the actor reaches, the latest first: those that go on, or those that are over."""
    access.require(actor, READ)
    closed = [key for key, state in PROJECT.states.items() if state.closed]
    rows = select(PlanningProject).options(joinedload(PlanningProject.place), joinedload(PlanningProject.organisation))
    rows = rows.where(access.rule_of(PlanningProject, actor))
    rows = rows.where(PlanningProject.state.in_(closed) if over else PlanningProject.state.not_in(closed))
    if after is not None:
        rows = rows.where(PlanningProject.id < after[0])
    found = list(db.session().scalars(rows.order_by(PlanningProject.id.desc()).limit(limit + 1)))
    return paged(found, limit, lambda row: (row.id,))


def to_answer(actor: Actor, limit: int) -> list[tuple[PlanningConsultation, PlanningProject]]:
    """Return the questions that the actor's own organisations have not answered, the oldest first."""
    rows = _of_open(PlanningConsultation, actor).where(PlanningConsultation.asked_id.in_(actor.homes(ANSWER)))
    rows = rows.where(PlanningConsultation.answered_on.is_(None)).order_by(PlanningConsultation.id)
    return [(asked, project) for asked, project in db.session().execute(rows.limit(limit))]


def to_follow_up(actor: Actor, limit: int) -> list[tuple[PlanningGoal, PlanningProject]]:
    """Return the goals that the actor's own organisations have not followed up, the first to be so first."""
    rows = _of_open(PlanningGoal, actor).where(PlanningGoal.responsible_id.in_(actor.homes(ANSWER)))
    rows = rows.where(PlanningGoal.followed_on.is_(None), PlanningGoal.follow_up_on < clock.today() + SOON)
    rows = rows.order_by(PlanningGoal.follow_up_on, PlanningGoal.id)
    return [(goal, project) for goal, project in db.session().execute(rows.limit(limit))]


def _of_open(part: Any, actor: Actor) -> Any:
    rows = select(part, PlanningProject).join(PlanningProject, PlanningProject.id == part.project_id)
    rows = rows.options(joinedload(PlanningProject.place)).where(access.rule_of(part, actor, ANSWER))
    return rows.where(PlanningProject.state != BROKEN_OFF)


def goals_of(actor: Actor, row: PlanningProject) -> list[PlanningGoal]:
    """Return the goals of a project, the first to be followed up first."""
    rows = select(PlanningGoal).options(joinedload(PlanningGoal.responsible))
    rows = rows.where(PlanningGoal.project_id == row.id).order_by(PlanningGoal.follow_up_on, PlanningGoal.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def consultations_of(actor: Actor, row: PlanningProject) -> list[PlanningConsultation]:
    """Return whom a project has asked, and what they answered."""
    rows = select(PlanningConsultation).options(joinedload(PlanningConsultation.asked))
    rows = rows.where(PlanningConsultation.project_id == row.id).order_by(PlanningConsultation.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def part_of_goal(actor: Actor, uid: UUID) -> PlanningProject:
    """Return the project of a goal that the actor reads."""
    goal = access.find(PlanningGoal, uid, actor, READ)
    return read_project(actor, db.session().get_one(PlanningProject, goal.project_id).uid)


def part_of_consultation(actor: Actor, uid: UUID) -> PlanningProject:
    """Return the project of a consultation that the actor reads."""
    made = access.find(PlanningConsultation, uid, actor, READ)
    return read_project(actor, db.session().get_one(PlanningProject, made.project_id).uid)


def projects_at(actor: Actor, place: UUID, *, limit: int = 12) -> list[PlanningProject]:
    """Return the projects on a place, the latest first."""
    if not actor.may(READ):
        return []
    rows = select(PlanningProject).where(PlanningProject.place_id.in_(places_behind(place)))
    return list(db.session().scalars(access.visible(rows, actor).order_by(PlanningProject.id.desc()).limit(limit)))
