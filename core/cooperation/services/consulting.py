"""Who is asked about a measure, and what they answer (Z27); from which perspectives it is seen (Z23, Z39).

Who is asked is suggested by the seed pack (`catalogue.to_be_asked`). What is missing is told, and stops no draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation import catalogue
from core.cooperation.limits import CONSULTED, GIVEN, ONLY
from core.cooperation.models import (
    ALWAYS,
    ASK_ANSWER,
    ASK_READ,
    PERSPECTIVES,
    Consultation,
    Cycle,
    Measure,
    MeasurePerspective,
)
from core.cooperation.models.cycles import WRITE, homes
from core.cooperation.services.measures import Step
from core.cooperation.services.parties import own_party
from core.cooperation.services.problems import in_step
from core.cooperation.states import CONSULTATION
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.people.models import Organisation
from core.places.models import Place
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.walks.services.reaching import organisation_keys

HOUSE = access.system("cooperation")
PAGE = 50
WHOLE = (Consultation.cycle, Consultation.measure, Consultation.organisation, Consultation.asker)


@dataclass(frozen=True)
class Suggestion:
    """A body that the city's rules say is to be asked about a measure, and whether it has been."""

    organisation: Organisation
    rule: catalogue.Rule
    asked: Consultation | None


@dataclass
class Watch:
    """What a measure lacks: nobody is asked though it is physical, answers, perspectives that it is not seen from."""

    unasked: bool = False
    waiting: int = 0
    unconsidered: int = 0
    unseen: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not (self.unasked or self.unseen)


# --- Consultation -------------------------------------------------------------------------------------------------


def ask(
    actor: Actor,
    measure: UUID,
    *,
    uid: UUID,
    organisation: UUID,
    function: str,
    question: str = "",
    answer_by: date | None = None,
) -> Consultation:
    """Ask a body about a measure, once for each `uid`; it answers by the day given, or within the kind's own time.

    Raises Missing, Denied, Conflict, Invalid (it is asked already, the day has been), Refused.
    """
    about = access.find(Measure, measure, actor, WRITE, lock=True)
    cycle = in_step(actor, db.session().get_one(Cycle, about.cycle_id).uid, "mal", "genomfora")
    known = db.session().scalar(select(Consultation).where(Consultation.uid == uid))
    words = {"function": function, "question": question, "answer_by": answer_by}
    content = db.fingerprint(measure=measure, organisation=organisation, **words)
    if known is not None:
        if known.content != content:
            raise db.Conflict("consultation", uid)
        return known
    party = own_party(actor, cycle)
    if party is None:
        raise flow.Refused([Objection(N_("Bara den som är part frågar andra."))])
    if answer_by is not None and answer_by < clock.today():
        raise Invalid({"answer_by": [N_("Välj en dag som kommer.")]})
    [key] = organisation_keys(actor, [organisation], "organisation")
    again = select(Consultation.id).where(Consultation.measure_id == about.id, Consultation.organisation_id == key)
    again = again.where(Consultation.state != "aterkallat")
    if db.session().scalar(again) is not None:
        raise Invalid({"organisation": [N_("Organisationen är redan tillfrågad.")]})
    row = Consultation(
        uid=uid,
        content=content,
        cycle_id=cycle.id,
        measure_id=about.id,
        organisation_id=key,
        asker_id=party.organisation_id,
        asked_at=clock.now(),
        state=CONSULTATION.start,
        level=about.level,
        **words,
    )
    db.session().add(row)
    db.session().flush()
    _plan(row, about, cycle)
    journal.write(actor, "consultation:ask", "consultation", uid, level=row.level, organisation=str(organisation))
    return row


def _plan(row: Consultation, measure: Measure, cycle: Cycle) -> None:
    terms = Rule(0, "given_date", GIVEN, source=cycle.number, given=row.answer_by) if row.answer_by else None
    known: dict[str, Any] = {"rule": ONLY, "subject": _about(row, measure), "owner": row.organisation_id}
    upkeep.plan_deadline(HOUSE, CONSULTED, terms=terms, starts_at=row.asked_at, **known)


def _about(row: Consultation, measure: Measure) -> Subject:
    return Subject("consultation", row.uid, measure.text, level=row.level)


def answer(actor: Actor, uid: UUID, *, stance: str, answer: str, version: int | None = None) -> Consultation:
    """Answer for the body that was asked, whether it is a party or not. Raises Missing, Denied, Stale, Refused."""
    row = access.find(Consultation, uid, actor, ASK_ANSWER, lock=True)
    db.refuse_stale("consultation", uid, row.version, version)
    flow.move(CONSULTATION, row, "svara", actor)
    row.stance, row.answer, row.answered_at = stance, answer, clock.now()
    db.session().flush()
    upkeep.meet_deadline(HOUSE, CONSULTED, _subject(row), reason=CONSULTATION.states[row.state].label)
    return row


def consider(actor: Actor, uid: UUID, *, considered: str, version: int | None = None) -> Consultation:
    """Write how an answer was considered. Raises Missing, Denied, Stale, Refused (it is not answered)."""
    row = access.find(Consultation, uid, actor, WRITE, lock=True)
    db.refuse_stale("consultation", uid, row.version, version)
    flow.move(CONSULTATION, row, "beakta", actor)
    row.considered, row.considered_at = considered, clock.now()
    db.session().flush()
    return row


def move_consultation(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None
) -> Consultation:
    """Take a question back, or open an answer to be changed. Raises Missing, Denied, Stale, Refused."""
    needs = CONSULTATION.move(key).needs
    row = access.find(Consultation, uid, actor, needs, lock=True)
    db.refuse_stale("consultation", uid, row.version, version)
    flow.move(CONSULTATION, row, key, actor, reason=reason)
    db.session().flush()
    if key == "aterkalla":
        upkeep.drop_deadline(HOUSE, CONSULTED, _subject(row), reason=CONSULTATION.states[row.state].label)
    elif key == "andra_svar":
        upkeep.renew_deadline(HOUSE, CONSULTED, _subject(row), starts_at=clock.now(), reason=N_("Svaret ändras"))
    return row


def _subject(row: Consultation) -> Subject:
    return _about(row, db.session().get_one(Measure, row.measure_id))


def read_consultation(actor: Actor, uid: UUID) -> Consultation:
    """Return a consultation with the measure that it is about; Missing for who neither asks nor is asked."""
    access.require(actor, ASK_READ)
    rows = select(Consultation).options(*(joinedload(part) for part in WHOLE)).where(Consultation.uid == uid)
    row = db.session().scalar(access.visible(rows, actor))
    if row is None:
        raise access.Missing("consultation", uid)
    return row


def place_of(cycle: Cycle) -> str:
    """Return the name of the place that a cycle is about, for who is asked and may not read the cycle."""
    rows = select(Place.name).where(Place.id == cycle.place_id)
    return db.session().scalar(rows) or cycle.title


def consultations_of(actor: Actor, measure: Measure) -> list[Consultation]:
    """Return who is asked about a measure, in the order they were asked."""
    rows = select(Consultation).options(joinedload(Consultation.organisation))
    rows = rows.where(Consultation.measure_id == measure.id).order_by(Consultation.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def consultations_for(
    actor: Actor, *, asked: bool, after: tuple[int] | None = None, limit: int = PAGE
) -> tuple[list[Consultation], tuple[int] | None]:
    """Return what the actor's organisations are asked, or have `asked` others, the newest first, and what follows."""
    access.require(actor, ASK_READ)
    column = Consultation.asker_id if asked else Consultation.organisation_id
    rows = select(Consultation).options(*(joinedload(part) for part in WHOLE)).where(column.in_(homes(actor)))
    if after is not None:
        rows = rows.where(Consultation.id < after[0])
    found = list(db.session().scalars(access.visible(rows, actor).order_by(Consultation.id.desc()).limit(limit + 1)))
    return found[:limit], (found[limit - 1].id,) if len(found) > limit else None


def suggestions(actor: Actor, step: Step) -> list[Suggestion]:
    """Return who is to be asked about a measure by the city's rules, who has responsibility first."""
    focus = [step.measure.focus_area, *(goal.focus_area for goal in step.goals)]
    rules = {rule.organisation: rule for rule in catalogue.to_be_asked(step.measure.kind, filter(None, focus))}
    rows = select(Organisation).where(Organisation.code.in_(rules), Organisation.valid_to.is_(None))
    there = {row.code: row for row in db.session().scalars(rows)}
    asked = {row.organisation_id: row for row in consultations_of(actor, step.measure) if row.state != "aterkallat"}
    return [
        Suggestion(there[code], rule, asked.get(there[code].id))
        for code, rule in rules.items()
        if code in there and there[code].id != step.measure.owner_id
    ]


# --- Perspectives -------------------------------------------------------------------------------------------------


def write_perspective(
    actor: Actor, measure: UUID, key: str, *, version: int | None = None, relevant: bool = True, **words: str
) -> MeasurePerspective:
    """Write how a measure looks from a perspective, however much of it is known.

    Raises Missing, Denied, Stale, Refused; Invalid for one that is not relevant without a reason.
    """
    row, about = _perspective(actor, measure, key, "mal", "genomfora")
    if not relevant and not words.get("why_not", "").strip():
        raise Invalid({"why_not": [N_("Skriv varför perspektivet inte är relevant.")]})
    db.refuse_stale("measure_perspective", measure, row.version or 0, version)
    row.relevant, row.written_at = relevant, clock.now()
    for name, text in words.items():
        setattr(row, name, text)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "measure:perspective", "measure", measure, level=about.level, perspective=key)
    return row


def follow_perspective(
    actor: Actor, measure: UUID, key: str, *, outcome: str, version: int | None = None
) -> MeasurePerspective:
    """Write what came of a perspective, when the cycle is followed up. Raises Missing, Denied, Stale, Refused."""
    row, about = _perspective(actor, measure, key, "genomfora")
    db.refuse_stale("measure_perspective", measure, row.version or 0, version)
    row.outcome = outcome
    row.written_at = row.written_at or clock.now()
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "measure:perspective_outcome", "measure", measure, level=about.level, perspective=key)
    return row


def _perspective(actor: Actor, measure: UUID, key: str, *steps: str) -> tuple[MeasurePerspective, Measure]:
    if key not in PERSPECTIVES:
        raise access.Missing("perspective", key)
    about = access.find(Measure, measure, actor, WRITE, lock=True)
    in_step(actor, db.session().get_one(Cycle, about.cycle_id).uid, *steps)
    row = db.session().get(MeasurePerspective, (about.id, key))
    return row or MeasurePerspective(measure_id=about.id, key=key), about


def perspectives_of(actor: Actor, measures: Iterable[Measure]) -> dict[int, dict[str, MeasurePerspective]]:
    """Return what is written of each measure by perspective, in one query."""
    keys = [one.id for one in measures]
    rows = select(MeasurePerspective).where(MeasurePerspective.measure_id.in_(keys))
    found: dict[int, dict[str, MeasurePerspective]] = {key: {} for key in keys}
    for row in db.session().scalars(access.visible(rows, actor)):
        found[row.measure_id][row.key] = row
    order = list(PERSPECTIVES)
    return {key: dict(sorted(rows.items(), key=lambda pair: order.index(pair[0]))) for key, rows in found.items()}


def watch(actor: Actor, measures: list[Measure]) -> dict[int, Watch]:
    """Return what measures lack, by key, in two queries: only of what changes the physical environment."""
    rows = select(Consultation.measure_id, Consultation.state, func.count().label("n"))
    rows = rows.where(Consultation.measure_id.in_([one.id for one in measures]))
    counts = db.session().execute(rows.group_by(Consultation.measure_id, Consultation.state)).all()
    seen, told = perspectives_of(actor, measures), {}
    for one in measures:
        asked = {row.state: row.n for row in counts if row.measure_id == one.id and row.state != "aterkallat"}
        found = Watch(waiting=asked.get(CONSULTATION.start, 0), unconsidered=asked.get("besvarat", 0))
        if catalogue.is_physical(one.kind) and one.state != "avbruten":
            handled = {key for key, row in seen[one.id].items() if row.handled}
            found.unasked, found.unseen = not asked, [key for key in ALWAYS if key not in handled]
        told[one.id] = found
    return told


def in_words(found: Watch) -> list[str]:
    """Return what a measure lacks, in words."""
    told: list[str] = [N_("Ingen har tillfrågats.")] if found.unasked else []
    if found.waiting:
        told.append(Text(N_("Tillfrågade som inte har svarat: {count}."), count=found.waiting))
    if found.unconsidered:
        told.append(Text(N_("Svar som ingen har skrivit hur de beaktas: {count}."), count=found.unconsidered))
    return told + [Text(N_("Perspektiv saknas: {name}."), name=PERSPECTIVES[key]) for key in found.unseen]


def waiting_for(actor: Actor, limit: int) -> list[Consultation]:
    """Return what the actor's organisations have not answered, the oldest first."""
    rows = select(Consultation).options(*(joinedload(part) for part in WHOLE))
    rows = rows.where(Consultation.state == CONSULTATION.start, access.rule_of(Consultation, actor, ASK_ANSWER))
    return list(db.session().scalars(rows.order_by(Consultation.asked_at, Consultation.id).limit(limit)))


def to_consider(actor: Actor, limit: int) -> list[Consultation]:
    """Return the answers to the actor's own questions that nobody has considered, the oldest first."""
    rows = select(Consultation).options(*(joinedload(part) for part in WHOLE))
    rows = rows.where(Consultation.state == "besvarat", Consultation.asker_id.in_(homes(actor)))
    return list(db.session().scalars(rows.order_by(Consultation.answered_at, Consultation.id).limit(limit)))
