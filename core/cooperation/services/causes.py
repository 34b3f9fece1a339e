"""Causes in the programme's five steps: guessed, with what would be seen if true, tested, kept or dropped (Z5, X8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.models import (
    AGAINST,
    FOR,
    Cause,
    CauseEvidence,
    Cycle,
    Measure,
    Problem,
    ReportEvidence,
    SituationReport,
)
from core.cooperation.models.cycles import READ, WRITE
from core.cooperation.models.pictures import shared
from core.cooperation.services.parties import own_party
from core.cooperation.services.problems import cycle_of_row, in_step
from core.cooperation.states import CAUSE
from core.figures import services as figures
from core.figures.models import READ as READ_FIGURES
from core.hookspecs import Objection
from core.i18n import N_
from core.places.models import Area, Place
from core.places.services import areas_of
from core.schema import Invalid
from core.walks.models import Observation

STEPS = ("prioritera", "mal")
"""Steps of the cycle in which causes are worked on: a measure may show that one more has to be tested."""
OBSERVATION, FIGURE, STATISTIC = "observation", "report_evidence", "figure"
"""What evidence may point at: something seen, a figure of a picture that is open, or one of the city's statistics."""
DEEPEST = 5
"""Five times why."""


@dataclass
class Known:
    """A cause with what speaks for it and against it, and the causes behind it, as deep as `depth`."""

    cause: Cause
    evidence: list[CauseEvidence]
    depth: int = 0
    behind: list[Known] = field(default_factory=list)

    @property
    def speaks_for(self) -> list[CauseEvidence]:
        """What speaks for it."""
        return [one for one in self.evidence if one.stance == FOR]

    @property
    def speaks_against(self) -> list[CauseEvidence]:
        """What speaks against it."""
        return [one for one in self.evidence if one.stance == AGAINST]


def add_cause(actor: Actor, problem: UUID, *, uid: UUID, parent: UUID | None = None, **facts: Any) -> Cause:
    """Write down a cause of a problem as a hypothesis, or of another cause (`parent`); once for each `uid`.

    Raises Missing, Denied, Conflict, Invalid, Refused.
    """
    about = access.find(Problem, problem, actor, WRITE, lock=True)
    cycle = in_step(actor, cycle_of_row(about).uid, *STEPS)
    content = db.fingerprint(problem=problem, parent=parent, **facts)
    known = db.session().scalar(select(Cause).where(Cause.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("cause", uid)
        return known
    highest = db.session().scalar(select(func.max(Cause.number)).where(Cause.problem_id == about.id))
    cause = Cause(
        uid=uid,
        content=content,
        problem_id=about.id,
        parent_id=_parent(about, parent),
        number=(highest or 0) + 1,
        organisation_id=_party(actor, cycle),
        state=CAUSE.start,
        level=about.level,
        **facts,
    )
    db.session().add(cause)
    db.session().flush()
    journal.write(actor, "cause:add", "problem", problem, level=about.level, number=cause.number)
    return cause


def _parent(problem: Problem, parent: UUID | None) -> int | None:
    if parent is None:
        return None
    above = db.session().scalar(select(Cause).filter_by(uid=parent, problem_id=problem.id))
    if above is None:
        raise Invalid({"parent": [N_("Välj en orsak till samma problem.")]})
    depth, key = 1, above.parent_id
    while key is not None:
        depth, key = depth + 1, db.session().scalar(select(Cause.parent_id).where(Cause.id == key))
    if depth >= DEEPEST:
        raise Invalid({"parent": [N_("Fem varför räcker. Välj en orsak närmare problemet.")]})
    return above.id


def _party(actor: Actor, cycle: Cycle) -> int:
    party = own_party(actor, cycle)
    return party.organisation_id if party is not None else cycle.organisation_id


def change_cause(actor: Actor, uid: UUID, *, version: int | None = None, **changes: Any) -> Cause:
    """Change a cause that is not settled: its words, what would be seen, how it was tested and when.

    Raises Missing, Denied, Stale, Invalid (tested in time to come), Refused.
    """
    cause = _found(actor, uid)
    db.refuse_stale("cause", uid, cause.version, version)
    if cause.state != CAUSE.start:
        raise flow.Refused([Objection(N_("Orsaken är avgjord. Välj Pröva igen, om något ska ändras."))])
    if changes.get("tested_on") is not None and changes["tested_on"] > clock.today():
        raise Invalid({"tested_on": [N_("Välj i dag eller en tidigare dag.")]})
    for name, value in changes.items():
        setattr(cause, name, value)
    db.session().flush()
    journal.write(actor, "cause:change", "cause", uid, level=cause.level, changed=sorted(changes))
    return cause


def _found(actor: Actor, uid: UUID) -> Cause:
    cause = access.find(Cause, uid, actor, WRITE, lock=True)
    in_step(actor, cycle_of_cause(cause).uid, *STEPS)
    return cause


def cycle_of_cause(cause: Cause) -> Cycle:
    """Return the cycle that a cause belongs to."""
    return cycle_of_row(db.session().get_one(Problem, cause.problem_id))


def tell(
    actor: Actor,
    uid: UUID,
    *,
    evidence: UUID,
    stance: str,
    text: str,
    observation: UUID | None = None,
    figure: UUID | None = None,
    statistic: UUID | None = None,
) -> CauseEvidence:
    """Say what speaks for a cause or against it, and in which observation or figure; once for each `evidence`.

    The `figure` is one of a picture that all parties may read now, so never of one's own draft; the `statistic` is one
    of the city's own. Raises Missing, Denied, Conflict, Invalid, Refused.
    """
    cause = _found(actor, uid)
    pointed = {OBSERVATION: observation, FIGURE: figure, STATISTIC: statistic}
    chosen = [(kind, what) for kind, what in pointed.items() if what is not None]
    if len(chosen) > 1:
        raise Invalid({"figure": [N_("Välj bara ett: en iakttagelse eller en siffra.")]})
    kind, what = chosen[0] if chosen else ("", None)
    known = db.session().scalar(select(CauseEvidence).where(CauseEvidence.uid == evidence))
    said = (cause.id, stance, text, what)
    if known is not None:
        if (known.cause_id, known.stance, known.text, known.subject_uid) != said:
            raise db.Conflict("cause_evidence", evidence)
        return known
    if observation is not None:
        access.find(Observation, observation, actor, "walks:observation:read")
    if figure is not None:
        found = access.find(ReportEvidence, figure, actor, READ)
        if db.session().scalar(_pictures(cycle_of_cause(cause)).where(SituationReport.id == found.report_id)) is None:
            raise access.Missing("report_evidence", figure)
    if statistic is not None:
        figures.read_figure(actor, statistic)
    row = CauseEvidence(
        uid=evidence,
        cause_id=cause.id,
        stance=stance,
        text=text,
        organisation_id=_party(actor, cycle_of_cause(cause)),
        subject_kind=kind,
        subject_uid=what,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "cause:tell", "cause", uid, level=cause.level, stance=stance)
    return row


def move_cause(actor: Actor, uid: UUID, key: str, *, reason: str, version: int | None = None) -> Cause:
    """Keep a cause as likely, drop it, or test it again, with the reason. Raises Missing, Denied, Stale, Refused."""
    cause = _found(actor, uid)
    db.refuse_stale("cause", uid, cause.version, version)
    flow.move(CAUSE, cause, key, actor, reason=reason)
    settled = cause.state != CAUSE.start
    cause.settled_at = clock.now() if settled else None
    cause.settled_by_id = actor.id if settled else None
    cause.settled_for_id = _party(actor, cycle_of_cause(cause)) if settled else None
    cause.settled_why = reason
    db.session().flush()
    return cause


@CAUSE.guard("behall")
def _tested(cause: Cause, _actor: Actor) -> Iterable[Objection]:
    """A cause is kept when something speaks for it and it has been tested; a guess is no cause (domain.md 5.1)."""
    if not cause.prediction.strip():
        yield Objection(N_("Skriv vad ni skulle se om det stämmer."), "prediction")
    if not cause.test.strip() or cause.tested_on is None:
        yield Objection(N_("Skriv hur ni har prövat det, och när."), "test")
    rows = select(CauseEvidence.id).filter_by(cause_id=cause.id, stance=FOR).limit(1)
    if db.session().scalar(rows) is None:
        yield Objection(N_("Skriv vad som talar för orsaken."), "talar-for")


def read_cause(actor: Actor, uid: UUID) -> Known:
    """Return a cause with what speaks for it and against it; Missing when the actor does not reach it."""
    rows = select(Cause).options(joinedload(Cause.settled_for))
    found = db.session().scalar(rows.where(Cause.uid == uid, access.rule_of(Cause, actor)))
    if found is None:
        raise access.Missing("cause", uid)
    return Known(found, _evidence([found]))


def tree_of(actor: Actor, problem: Problem) -> list[Known]:
    """Return the causes of a problem as a tree, each before those behind it, read from top to bottom; two queries."""
    rows = select(Cause).options(joinedload(Cause.settled_for)).where(Cause.problem_id == problem.id)
    causes = list(db.session().scalars(access.visible(rows, actor).order_by(Cause.number)))
    told = _evidence(causes)
    known = {one.id: Known(one, [row for row in told if row.cause_id == one.id]) for one in causes}
    for one in known.values():
        if one.cause.parent_id in known:
            known[one.cause.parent_id].behind.append(one)
    return [row for top in known.values() if top.cause.parent_id not in known for row in _down(top, 0)]


def _down(one: Known, depth: int) -> Iterable[Known]:
    one.depth = depth
    yield one
    for behind in one.behind:
        yield from _down(behind, depth + 1)


def _evidence(causes: list[Cause]) -> list[CauseEvidence]:
    rows = select(CauseEvidence).options(joinedload(CauseEvidence.organisation))
    rows = rows.where(CauseEvidence.cause_id.in_([one.id for one in causes]))
    return list(db.session().scalars(rows.order_by(CauseEvidence.id)))


Seen = Observation | ReportEvidence | figures.Citation


def seen_in(actor: Actor, evidence: Iterable[CauseEvidence]) -> dict[UUID, Seen]:
    """Return what evidence points at, by uid, as far as the actor reaches it: a query for each sort of thing."""
    uids: dict[str, set[UUID]] = {}
    for one in evidence:
        if one.subject_uid is not None:
            uids.setdefault(one.subject_kind, set()).add(one.subject_uid)
    found: dict[UUID, Seen] = {}
    for kind, model in ((OBSERVATION, Observation), (FIGURE, ReportEvidence)):
        if kind in uids:
            rows: Any = select(model).where(model.uid.in_(uids[kind]))
            found |= {row.uid: row for row in db.session().scalars(access.visible(rows, actor))}
    if STATISTIC in uids and actor.may(READ_FIGURES):
        found |= figures.cite_each(actor, uids[STATISTIC])
    return found


def figures_in(actor: Actor, cycle: Cycle) -> list[ReportEvidence]:
    """Return the figures that evidence may point at, of the pictures of a cycle, in the order they were written."""
    rows = select(ReportEvidence).where(ReportEvidence.report_id.in_(_pictures(cycle))).order_by(ReportEvidence.id)
    return list(db.session().scalars(access.visible(rows, actor).limit(200)))


def _pictures(cycle: Cycle) -> Any:
    """Return the keys of the pictures of a cycle that are all parties'; who may read them now is the row rule's."""
    return select(SituationReport.id).where(SituationReport.cycle_id == cycle.id, shared())


def statistics_of(actor: Actor, cycle: Cycle) -> list[figures.Citation]:
    """Return the newest of the city's statistics for the area of a cycle, or for the areas that its place lies in."""
    if not actor.may(READ_FIGURES):
        return []
    if cycle.place_id is not None:
        areas = areas_of(db.session().get_one(Place, cycle.place_id))
    else:
        areas = [db.session().get_one(Area, cycle.area_id)]
    return figures.newest(actor, {(area.kind, area.code) for area in areas})


def measures_against(problem: Problem) -> int:
    """Return how many measures there are against the likely causes of a problem, but for those broken off."""
    rows = select(func.count(Measure.id)).join(Cause, Cause.id == Measure.cause_id)
    rows = rows.where(Cause.problem_id == problem.id, Cause.state == "trolig", Measure.state != "avbruten")
    return db.session().scalar(rows) or 0


def kept_of(actor: Actor, cycle: Cycle) -> list[tuple[Cause, Problem]]:
    """Return the causes of a cycle that have been kept as likely, with their problems: what measures may hang on."""
    rows = select(Cause, Problem).join(Problem, Problem.id == Cause.problem_id)
    rows = rows.where(Problem.cycle_id == cycle.id, Cause.state == "trolig", access.rule_of(Cause, actor))
    return [(cause, problem) for cause, problem in db.session().execute(rows.order_by(Problem.number, Cause.number))]
