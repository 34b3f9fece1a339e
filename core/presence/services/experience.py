"""How a place is experienced (upplevelseindex): answers as counts, means with their uncertainty, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_
from core.places.models import places_behind
from core.presence.bands import questions
from core.presence.few import FEW
from core.presence.models import ExperienceAnswer, ExperienceSurvey
from core.presence.models.counts import READ, WRITE
from core.presence.services.choosing import PAGE, Page, in_order, level_of, own_organisation, paged, place_chosen
from core.schema import Invalid

WORST, BEST = 1, 5
NORMAL = 1.96
"""Standard errors on either side of a mean within which the true one lies 19 times of 20."""


@dataclass(frozen=True)
class Index:
    """A question's answers: how many, their mean from 1 to 5 and its interval; nothing of fewer than five."""

    question: str
    text: str
    n: int | None
    mean: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Compared:
    """A question before and after; `sure` says whether the difference is larger than chance makes it."""

    text: str
    before: Index
    after: Index

    @property
    def change(self) -> float | None:
        """How much better it has become; nothing where either is not told."""
        if self.before.mean is None or self.after.mean is None:
            return None
        return round(self.after.mean - self.before.mean, 1)

    @property
    def sure(self) -> bool:
        """Whether the two intervals lie apart."""
        before, after = self.before, self.after
        if before.low is None or before.high is None or after.low is None or after.high is None:
            return False
        return before.high < after.low or after.high < before.low


def add_survey(actor: Actor, *, uid: UUID, organisation: str, place: UUID | None, **facts: Any) -> ExperienceSurvey:
    """Write down that people were asked; once for each `uid`. Raises Denied, Invalid, Conflict."""
    access.require(actor, WRITE)
    content = db.fingerprint(organisation=organisation, place=place, **facts)
    if (known := access.made_before(actor, ExperienceSurvey, uid, content)) is not None:
        return known
    in_order(facts["first_on"], facts["last_on"], "last_on")
    if facts["first_on"] > clock.today():
        raise Invalid({"first_on": [N_("Välj i dag eller en tidigare dag.")]})
    where = place_chosen(actor, place)
    own = own_organisation(actor, organisation, WRITE)
    row = ExperienceSurvey(uid=uid, content=content, place_id=where.id, organisation_id=own.id, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "experience:add", "experience_survey", uid, level=where.level, phase=row.phase)
    return row


def write_answers(
    actor: Actor, uid: UUID, *, question: str, counts: Sequence[int], version: int | None = None
) -> ExperienceAnswer:
    """Write how many gave each answer from 1 to 5 to a question; `version` is that of what stands, 0 for nothing.

    Raises Missing, Denied, Stale, Invalid.
    """
    row = access.find(ExperienceSurvey, uid, actor, WRITE, lock=True)
    asked = questions().get(question)
    if asked is None:
        raise Invalid({"question": [N_("Välj en fråga i listan.")]})
    answer = db.session().scalar(select(ExperienceAnswer).filter_by(survey_id=row.id, question=question))
    if answer is None:
        answer = ExperienceAnswer(survey_id=row.id, question=question, text=asked)
        db.session().add(answer)
    else:
        db.refuse_stale("experience_survey", uid, answer.version, version)
    answer.n1, answer.n2, answer.n3, answer.n4, answer.n5 = counts
    db.session().flush()
    known = {"question": question, "n": sum(counts)}
    journal.write(actor, "experience:answers", "experience_survey", uid, level=level_of(row.place_id), **known)
    return answer


def index_of(question: str, text: str, counts: Sequence[int]) -> Index:
    """Return the index of a question from how many gave each answer; of fewer than five nothing is told."""
    n = sum(counts)
    if n < FEW:
        return Index(question, text, None)
    mean = sum(score * count for score, count in enumerate(counts, WORST)) / n
    spread = sum(count * (score - mean) ** 2 for score, count in enumerate(counts, WORST)) / (n - 1)
    reach = NORMAL * sqrt(spread / n)
    low, high = max(float(WORST), mean - reach), min(float(BEST), mean + reach)
    return Index(question, text, n, round(mean, 2), round(low, 2), round(high, 2))


def indexes_of(actor: Actor, surveys: Sequence[ExperienceSurvey]) -> dict[int, list[Index]]:
    """Return the indexes of surveys, by the survey's key, in the order of the city's questions, in one query."""
    rows = select(ExperienceAnswer).where(ExperienceAnswer.survey_id.in_([row.id for row in surveys]))
    order = {key: place for place, key in enumerate(questions())}
    found = sorted(db.session().scalars(access.visible(rows, actor)), key=lambda row: order.get(row.question, 99))
    told: dict[int, list[Index]] = {row.id: [] for row in surveys}
    for answer in found:
        told[answer.survey_id].append(index_of(answer.question, answer.text, answer.counts))
    return told


def answers_of(actor: Actor, row: ExperienceSurvey) -> list[ExperienceAnswer]:
    """Return the answers to each question as they are written, for whoever writes them. Raises Missing, Denied."""
    access.require(actor, WRITE, row)
    rows = select(ExperienceAnswer).where(ExperienceAnswer.survey_id == row.id).order_by(ExperienceAnswer.id)
    return list(db.session().scalars(rows))


def read_survey(actor: Actor, uid: UUID, permission: str = READ) -> ExperienceSurvey:
    """Return a survey with its place. Raises Denied, Missing."""
    access.require(actor, permission)
    rows = select(ExperienceSurvey).options(
        joinedload(ExperienceSurvey.place), joinedload(ExperienceSurvey.organisation)
    )
    rule = access.rule_of(ExperienceSurvey, actor, permission)
    found = db.session().scalar(rows.where(ExperienceSurvey.uid == uid, rule))
    if found is None:
        raise access.Missing("experience_survey", uid)
    return found


def list_surveys(
    actor: Actor, place: UUID | None = None, *, after: tuple[date, int] | None = None, limit: int = PAGE
) -> Page:
    """Return surveys that the actor reaches, the latest first."""
    access.require(actor, READ)
    rows = select(ExperienceSurvey).options(
        joinedload(ExperienceSurvey.place), joinedload(ExperienceSurvey.organisation)
    )
    rows = rows.where(access.rule_of(ExperienceSurvey, actor))
    if place is not None:
        rows = rows.where(ExperienceSurvey.place_id.in_(places_behind(place)))
    if after is not None:
        day, key = after
        earlier = (ExperienceSurvey.last_on == day) & (ExperienceSurvey.id < key)
        rows = rows.where((ExperienceSurvey.last_on < day) | earlier)
    rows = rows.order_by(ExperienceSurvey.last_on.desc(), ExperienceSurvey.id.desc())
    return paged(list(db.session().scalars(rows.limit(limit + 1))), limit, lambda row: (row.last_on, row.id))


def before_and_after(actor: Actor, row: ExperienceSurvey) -> tuple[ExperienceSurvey, list[Compared]] | None:
    """Return the latest survey from before with what has changed since, for one from after; nothing without one."""
    if row.phase != "efter":
        return None
    rows = select(ExperienceSurvey).where(ExperienceSurvey.place_id == row.place_id, ExperienceSurvey.phase == "fore")
    rows = rows.where(ExperienceSurvey.last_on < row.first_on).order_by(ExperienceSurvey.last_on.desc())
    first = db.session().scalar(access.visible(rows, actor).limit(1))
    if first is None:
        return None
    known = indexes_of(actor, [first, row])
    before = {one.question: one for one in known[first.id]}
    both = [Compared(one.text, before[one.question], one) for one in known[row.id] if one.question in before]
    return first, both
