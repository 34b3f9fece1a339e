"""The municipality's åtgärdsplan: built from a lägesbild, decided, and followed up within 24 months (Z9, Z10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.models import Measure
from core.duties.law import SECTIONS
from core.duties.limits import FOLLOW_UP as FOLLOW_UP_FRIST
from core.duties.limits import MEASURE, PLAN
from core.duties.models import ActionPlan, CityReport, PlanMeasure
from core.duties.models.coordination import EDIT, READ
from core.duties.models.plans import FOLLOW
from core.duties.models.reports import DRAFT
from core.duties.services import clocks
from core.duties.services.coordination import valid_home
from core.duties.services.reports import answering, check_decided, last_replaced
from core.duties.states import ACTION_PLAN, AGAIN, DECIDE, DECIDED, FOLLOW_UP, FOLLOWED, FOLLOWED_AGAIN
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid

PAGE = 50
NO_DRAFT = N_("Planen är inget utkast längre. Ångra beslutet först om något ska ändras.")


@dataclass(frozen=True)
class Whole:
    """A plan with its measures."""

    plan: ActionPlan
    measures: list[PlanMeasure]

    @property
    def unanswered(self) -> list[str]:
        """The sections that tell of crime, its consequences or places and that no measure answers."""
        answered = {one.section for one in self.measures}
        return [key for key in ("brottslighet", "konsekvenser", "otrygghet", "platser") if key not in answered]


def begin_plan(actor: Actor, report: UUID, *, uid: UUID, title: str) -> ActionPlan:
    """Begin a plan from a lägesbild that is out for comments or approved; once for each `uid`.

    Raises Missing, Denied, Conflict, Refused.
    """
    access.require(actor, EDIT)
    built_on = access.find(CityReport, report, actor, EDIT)
    content = db.fingerprint(report=report, title=title)
    if (known := access.made_before(actor, ActionPlan, uid, content)) is not None:
        return known
    if built_on.state == DRAFT:
        raise flow.Refused(
            [Objection(N_("Planen bygger på lägesbilden. Skicka den på remiss eller godkänn den först."))]
        )
    plan = ActionPlan(
        uid=uid,
        content=content,
        number=f"AP-{db.next_number('AP'):05d}",
        title=title,
        report_id=built_on.id,
        organisation_id=answering(actor),
        state=ACTION_PLAN.start,
    )
    db.session().add(plan)
    db.session().flush()
    journal.write(actor, "action_plan:begin", "action_plan", uid, number=plan.number, report=built_on.number)
    return plan


def add_measure(
    actor: Actor, plan: UUID, *, uid: UUID, organisation: UUID, measure: UUID | None = None, **facts: Any
) -> PlanMeasure:
    """Write down a measure of a plan that is a draft, the plan's own or one of a cycle's; once for each `uid`.

    Raises Missing, Denied, Conflict, Invalid, Refused.
    """
    about = access.find(ActionPlan, plan, actor, EDIT, lock=True)
    content = db.fingerprint(plan=plan, organisation=organisation, measure=measure, **facts)
    if (known := access.made_before(actor, PlanMeasure, uid, content)) is not None:
        return known
    if about.state != DRAFT:
        raise flow.Refused([Objection(NO_DRAFT)])
    if facts["section"] not in SECTIONS:
        raise Invalid({"section": [N_("Välj det avsnitt som åtgärden svarar på.")]})
    last = db.session().scalar(select(func.max(PlanMeasure.number)).where(PlanMeasure.plan_id == about.id)) or 0
    row = PlanMeasure(
        uid=uid,
        content=content,
        plan_id=about.id,
        number=last + 1,
        organisation_id=valid_home(organisation, clock.today()).id,
        measure_id=_of_cycle(actor, measure),
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "plan_measure:add", "action_plan", plan, number=row.number)
    return row


def _of_cycle(actor: Actor, uid: UUID | None) -> int | None:
    if uid is None:
        return None
    found = db.session().scalar(select(Measure.id).where(Measure.uid == uid, access.rule_of(Measure, actor)))
    if found is None:
        raise Invalid({"measure": [N_("Välj en åtgärd i listan.")]})
    return found


def take_measure_away(actor: Actor, uid: UUID) -> ActionPlan:
    """Take a measure out of a plan that is a draft. Raises Missing, Denied, Refused."""
    row = access.find(PlanMeasure, uid, actor, EDIT, lock=True)
    plan = db.session().get_one(ActionPlan, row.plan_id, with_for_update=True)
    if plan.state != DRAFT:
        raise flow.Refused([Objection(NO_DRAFT)])
    db.session().delete(row)
    db.session().flush()
    journal.write(actor, "plan_measure:take_away", "action_plan", plan.uid, number=row.number)
    return plan


# --- Its steps ----------------------------------------------------------------------------------------------------


def decide_plan(
    actor: Actor, uid: UUID, *, decided_on: date, decided_by: str, decision: str, version: int | None = None
) -> ActionPlan:
    """Write down the decision on a plan: which body, day and paragraph. It replaces the one before.

    From then on it is to be followed up, and a new one decided, within 24 months; each measure has its frist.
    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    plan = access.find(ActionPlan, uid, actor, EDIT, lock=True)
    db.refuse_stale("action_plan", uid, plan.version, version)
    db.alone("duties:plan")
    rows = select(ActionPlan).where(ActionPlan.state.in_((DECIDED, FOLLOWED)), ActionPlan.id != plan.id)
    replaced = list(db.session().scalars(rows))
    check_decided(decided_on, replaced)
    built_on = db.session().get_one(CityReport, plan.report_id).decided_on
    if built_on is not None and decided_on < built_on:
        words = N_("Planen bygger på lägesbilden, som godkändes {day}. Välj den dagen eller en senare.")
        raise Invalid({"decided_on": [Text(words, day=built_on)]})
    flow.move(ACTION_PLAN, plan, DECIDE, actor)
    for before in replaced:
        flow.move(ACTION_PLAN, before, "ersatt", clocks.HOUSE)
        clocks.meet(before, PLAN, N_("En ny plan är beslutad"))
        clocks.stop(before, FOLLOW_UP_FRIST, N_("En ny plan är beslutad"))
        for one in db.session().scalars(select(PlanMeasure).where(PlanMeasure.plan_id == before.id)):
            clocks.stop(one, MEASURE, N_("En ny plan är beslutad"))
    plan.decided_on, plan.decided_by, plan.decision = decided_on, decided_by, decision
    db.session().flush()
    plan.valid_until = clocks.begin(plan, PLAN, decided_on)
    clocks.begin(plan, FOLLOW_UP_FRIST, decided_on)
    for one in db.session().scalars(select(PlanMeasure).where(PlanMeasure.plan_id == plan.id)):
        owner = one.organisation_id
        clocks.promise(one, MEASURE, title=one.text, on=one.ends_on, owner=owner, source=plan.number)
    db.session().flush()
    journal.write(actor, "action_plan:decided", "action_plan", uid, on=decided_on, decision=decision)
    return plan


def follow_up_plan(actor: Actor, uid: UUID, *, text: str, version: int | None = None) -> ActionPlan:
    """Write the follow-up of a plan, when each of its measures has a result. Raises Missing, Denied, Stale, Refused."""
    plan = access.find(ActionPlan, uid, actor, EDIT, lock=True)
    db.refuse_stale("action_plan", uid, plan.version, version)
    flow.move(ACTION_PLAN, plan, FOLLOW_UP, actor)
    plan.follow_up, plan.followed_on = text, clock.today()
    clocks.meet(plan, FOLLOW_UP_FRIST, N_("Uppföljningen är skriven"))
    db.session().flush()
    return plan


def move_plan(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> ActionPlan:
    """Undo the decision on a plan, or open its follow-up again. Raises Missing, Denied, Stale, Refused."""
    plan = access.find(ActionPlan, uid, actor, EDIT, lock=True)
    db.refuse_stale("action_plan", uid, plan.version, version)
    if key in (DECIDE, FOLLOW_UP):
        raise flow.Refused([Objection(N_("Skriv först det som steget frågar om."))])
    flow.move(ACTION_PLAN, plan, key, actor, reason=reason)
    if key == "angra":
        for kind in (PLAN, FOLLOW_UP_FRIST):
            clocks.stop(plan, kind, reason)
        for one in db.session().scalars(select(PlanMeasure).where(PlanMeasure.plan_id == plan.id)):
            clocks.stop(one, MEASURE, reason)
        plan.decided_on = plan.valid_until = plan.warned = None
        plan.decided_by = plan.decision = ""
        _let_the_one_before_hold(reason)
    elif plan.decided_on is not None:
        plan.followed_on = None
        clocks.begin(plan, FOLLOW_UP_FRIST, plan.decided_on)
    db.session().flush()
    return plan


def _let_the_one_before_hold(reason: str) -> None:
    before = last_replaced(ActionPlan)
    if before is None or before.decided_on is None:
        return
    followed = before.followed_on is not None
    flow.move(ACTION_PLAN, before, FOLLOWED_AGAIN if followed else AGAIN, clocks.HOUSE, reason=reason)
    before.valid_until = clocks.begin(before, PLAN, before.decided_on)
    if followed:
        return
    clocks.begin(before, FOLLOW_UP_FRIST, before.decided_on)
    rows = select(PlanMeasure).where(PlanMeasure.plan_id == before.id, PlanMeasure.result == "")
    for one in db.session().scalars(rows):
        clocks.reopen(one, MEASURE, on=one.ends_on, source=before.number, reason=reason)


def give_result(actor: Actor, uid: UUID, *, result: str, why: str, version: int | None = None) -> PlanMeasure:
    """Say what a measure of a decided plan gave; its frist is met. Raises Missing, Stale, Refused."""
    rows = select(PlanMeasure).where(PlanMeasure.uid == uid, access.rule_of(PlanMeasure, actor, FOLLOW))
    row = db.session().scalar(rows.with_for_update(of=PlanMeasure))
    if row is None:
        raise access.Missing("plan_measure", uid)
    db.refuse_stale("plan_measure", uid, row.version, version)
    plan = db.session().get_one(ActionPlan, row.plan_id, with_for_update=True)
    if plan.state != DECIDED:
        raise flow.Refused([Objection(N_("Resultat skrivs när planen är beslutad och inte uppföljd."))])
    row.result, row.result_why, row.followed_on = result, why, clock.today()
    clocks.meet(row, MEASURE, N_("Resultatet är skrivet"))
    db.session().flush()
    journal.write(actor, "plan_measure:result", "plan_measure", uid, result=result)
    return row


@ACTION_PLAN.guard(DECIDE)
def _something_to_decide(plan: ActionPlan, _actor: Actor) -> Iterable[Objection]:
    if db.session().scalar(select(PlanMeasure.id).where(PlanMeasure.plan_id == plan.id).limit(1)) is None:
        yield Objection(N_("Skriv minst en åtgärd."), "#atgarderna")
    report = db.session().get_one(CityReport, plan.report_id)
    if report.decided_on is None:
        yield Objection(N_("Planen bygger på en lägesbild som inte är godkänd."))


@ACTION_PLAN.guard(FOLLOW_UP)
def _each_has_a_result(plan: ActionPlan, _actor: Actor) -> Iterable[Objection]:
    rows = select(PlanMeasure.number).where(PlanMeasure.plan_id == plan.id, PlanMeasure.result == "")
    numbers = list(db.session().scalars(rows.order_by(PlanMeasure.number)))
    if numbers:
        yield Objection(Text(N_("Skriv resultatet av åtgärd {numbers}."), numbers=", ".join(map(str, numbers))))


# --- Reading ------------------------------------------------------------------------------------------------------


def list_plans(actor: Actor) -> list[ActionPlan]:
    """Return the plans that the actor may read, the newest first; there is one every second year."""
    access.require(actor, READ)
    rows = access.visible(select(ActionPlan), actor).options(joinedload(ActionPlan.report))
    return list(db.session().scalars(rows.order_by(ActionPlan.id.desc()).limit(PAGE)))


def read_plan(actor: Actor, uid: UUID, permission: str = READ) -> Whole:
    """Return a plan with its measures, in two queries. Raises Missing, Denied."""
    access.require(actor, permission)
    rows = select(ActionPlan).options(joinedload(ActionPlan.report), joinedload(ActionPlan.organisation))
    plan = db.session().scalar(rows.where(ActionPlan.uid == uid, access.rule_of(ActionPlan, actor, permission)))
    if plan is None:
        raise access.Missing("action_plan", uid)
    return Whole(plan, _measures_of(plan))


def _measures_of(plan: ActionPlan) -> list[PlanMeasure]:
    measures = select(PlanMeasure).options(joinedload(PlanMeasure.organisation), joinedload(PlanMeasure.measure))
    measures = measures.where(PlanMeasure.plan_id == plan.id).order_by(PlanMeasure.number)
    return list(db.session().scalars(measures))


def read_measure(actor: Actor, uid: UUID) -> tuple[PlanMeasure, ActionPlan]:
    """Return a measure of a plan with its plan; Missing when the actor does not reach it."""
    access.require(actor, READ)
    rows = select(PlanMeasure).options(joinedload(PlanMeasure.organisation), joinedload(PlanMeasure.measure))
    row = db.session().scalar(rows.where(PlanMeasure.uid == uid, access.rule_of(PlanMeasure, actor)))
    if row is None:
        raise access.Missing("plan_measure", uid)
    return row, db.session().get_one(ActionPlan, row.plan_id)


def current_plan(actor: Actor) -> Whole | None:
    """Return the plan that is decided now with its measures; None where there is none."""
    rows = access.visible(select(ActionPlan), actor).options(joinedload(ActionPlan.organisation))
    plan = db.session().scalars(rows.where(ActionPlan.state.in_((DECIDED, FOLLOWED))).limit(1)).first()
    return Whole(plan, _measures_of(plan)) if plan else None


def measures_for(actor: Actor, organisation: int) -> list[PlanMeasure]:
    """Return what the plan that holds asks of an organisation."""
    rows = select(PlanMeasure).join(ActionPlan, ActionPlan.id == PlanMeasure.plan_id)
    rows = rows.where(PlanMeasure.organisation_id == organisation, ActionPlan.state.in_((DECIDED, FOLLOWED)))
    rows = rows.where(access.rule_of(PlanMeasure, actor)).order_by(PlanMeasure.ends_on, PlanMeasure.id)
    return list(db.session().scalars(rows.limit(PAGE)))


def linkable(actor: Actor) -> list[tuple[str, str]]:
    """Return measures of cycles that the actor reaches and that may be part of a plan: uid and text."""
    rows = select(Measure).where(Measure.state.not_in(("avbruten",))).order_by(Measure.id.desc())
    return [(str(row.uid), row.text) for row in db.session().scalars(access.visible(rows, actor).limit(200))]


def may_follow(actor: Actor, row: PlanMeasure) -> bool:
    """Whether the actor says what a measure gave."""
    rows = select(PlanMeasure.id).where(PlanMeasure.id == row.id, access.rule_of(PlanMeasure, actor, FOLLOW))
    return db.session().scalar(rows) is not None
