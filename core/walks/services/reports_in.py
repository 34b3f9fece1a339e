"""Reports from other registers and apps: each becomes an observation, never an order, and keeps where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.media import Photo
from core.refs import Subject
from core.walks.kinds import open_kinds
from core.walks.models import Observation, ObservationEvent, Report
from core.walks.services import promises
from core.walks.services.changes import Answer, move_observation
from core.walks.services.observations import log_observation
from core.walks.services.placing import Position
from core.walks.states import CALLED, CAME_IN, LOG, OBSERVATION, UNROUTED
from core.works import services as works

PAGE = 50
PUBLIC = 0
"""Level of what everybody may know."""
USED = N_("Någon har redan arbetat med iakttagelsen.")
FROM = N_("{source}, nummer {number}")
CLOSED_THERE = N_("Avslutad i {source}.")


@dataclass(frozen=True)
class Told:
    """A report as its source tells it: what it calls the matter, when it came, was to be done and was done."""

    source: str
    number: str = ""
    called: str = ""
    address: str = ""
    reported_at: datetime | None = None
    target_at: datetime | None = None
    closed_at: datetime | None = None
    answer: str = ""
    batch: UUID | None = None


def take_in(
    actor: Actor,
    *,
    uid: UUID,
    told: Told,
    kind: str,
    position: Position | None = None,
    description: str = "",
    details: Mapping[str, Any] | None = None,
) -> Observation:
    """Let a report become an observation, once under its uid; what its source has closed is done here too.

    Raises Denied, Invalid, GeometryRefused, Conflict.
    """
    access.require(actor, LOG)
    if (known := db.session().scalar(select(Report).join(Observation).where(Observation.uid == uid))) is not None:
        return db.session().get_one(Observation, known.observation_id)
    closed = told.closed_at is not None
    observation = log_observation(
        actor,
        uid=uid,
        walk=None,
        kind=kind,
        reported_at=told.reported_at,
        position=position,
        description=description,
        details=details,
        state="atgardad" if closed else OBSERVATION.start,
        answer=_closing_words(told) if closed else "",
    )
    if kind in open_kinds() and (observation.place is None or observation.place.level == PUBLIC):
        observation.level = PUBLIC  # what the city's data says, and nobody else
        db.session().flush()
    about = Text(FROM, source=told.source, number=told.number) if told.number else told.source
    _note(actor, observation, CAME_IN, at=clock.now(), state=observation.state, reason=about)
    if closed:
        _note(None, observation, "atgarda", at=told.closed_at, state="atgardad", answer=_closing_words(told))
    names = ("source", "number", "called", "address", "target_at", "closed_at", "batch")
    report = Report(
        observation_id=observation.id,
        organisation_id=actor.organisation,
        reported_at=told.reported_at or observation.seen_at,
        version=observation.version,
        **{name: getattr(told, name) for name in names},
    )
    db.session().add(report)
    db.session().flush()
    promises.read_in(observation, report)
    journal.write(actor, "observation:report", "observation", uid, source=told.source, number=told.number)
    return observation


def _closing_words(told: Told) -> str:
    """Return what stands as the answer of what the source has closed: nobody here is to answer it, or to confirm it."""
    return told.answer or str(Text(CLOSED_THERE, source=told.source))


def _note(actor: Actor | None, observation: Observation, kind: str, **said: Any) -> None:
    who = {"person_id": actor.id, "organisation_id": actor.organisation} if actor else {}
    db.session().add(ObservationEvent(observation_id=observation.id, kind=kind, **who, **said))


def numbers_here(actor: Actor, source: str, numbers: Collection[str]) -> set[str]:
    """Return which of a source's numbers the actor's organisation has taken in already."""
    access.require(actor, LOG)
    rows = select(Report.number).where(Report.organisation_id == actor.organisation, Report.source == source)
    return set(db.session().scalars(rows.where(Report.number.in_(numbers), Report.undone_at.is_(None))))


@works.finds_reports
def _report_numbered(actor: Actor, source: str, number: str) -> Subject | None:
    """Find the report that an order of another register is about; that of the same register goes before others."""
    if not actor.may("walks:observation:read"):
        return None
    rows = select(Observation).join(Report, Report.observation_id == Observation.id)
    rows = rows.options(joinedload(Observation.place)).where(access.rule_of(Observation, actor))
    rows = rows.where(Report.number == number, Report.undone_at.is_(None), Observation.level < PROTECTED)
    found = db.session().scalars(rows.order_by((Report.source == source).desc(), Observation.id).limit(1)).first()
    return found.ref().ref if found else None


def used_reports(records: Any) -> Select[UUID]:
    """Select those of the observations that somebody has changed, moved, called about or photographed since."""
    called = select(ObservationEvent.observation_id).where(ObservationEvent.kind == CALLED)
    photographed = select(Photo.record_uid).where(Photo.record_kind == "observation", Photo.record_uid.in_(records))
    rows = select(Observation.uid).join(Report, Report.observation_id == Observation.id)
    worked_on = or_(
        Observation.version != Report.version, Observation.id.in_(called), Observation.uid.in_(photographed)
    )
    return rows.where(Observation.uid.in_(records), worked_on)


def undo_report(actor: Actor, uid: UUID, reason: str) -> None:
    """Write off what a report became, as one that should not have come; its number may come again.

    Nothing is deleted: what the city has received it keeps. Raises Refused when somebody has worked on it.
    """
    observation = access.find(Observation, uid, actor, OBSERVATION.move("avskriva").needs, lock=True)
    if db.session().scalar(used_reports(select(Observation.uid).where(Observation.uid == uid))) is not None:
        raise flow.Refused([Objection(USED)])
    report = db.session().get_one(Report, observation.id)
    promises.taken_back(observation, reason)
    if observation.state not in UNROUTED:
        flow.move(OBSERVATION, observation, "ogora", promises.HOUSE, reason=reason)
        observation.answer = ""
    move_observation(actor, uid, "avskriva", Answer(reason=reason))
    report.undone_at = clock.now()
    db.session().flush()


@OBSERVATION.guard("ogora")
def _closed_there(observation: Observation, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    """What a register said was done is undone with its report; what somebody here has done stands."""
    report = db.session().get(Report, observation.id)
    if report is None or report.closed_at is None or report.version != observation.version:
        yield Objection(USED)


@dataclass(frozen=True)
class ReportsPage:
    """A page of reports, and the keys after which the next one begins."""

    rows: list[Report]
    after: tuple[datetime, int] | None


def list_reports(
    actor: Actor, *, states: Collection[str] = (), source: str = "", after: tuple[datetime, int] | None = None
) -> ReportsPage:
    """Return the reports that the actor reaches, the latest first: those in some states, or from one source."""
    access.require(actor, "walks:observation:read")
    whole = joinedload(Report.observation).joinedload(Observation.organisation)
    rows = select(Report).join(Observation).options(whole).where(access.rule_of(Observation, actor))
    rows = rows.where(Observation.level < PROTECTED)
    if states:
        rows = rows.where(Observation.state.in_(states))
    if source:
        rows = rows.where(Report.source == source)
    if after is not None:
        at, key = after
        rows = rows.where(or_(Report.reported_at < at, (Report.reported_at == at) & (Report.observation_id < key)))
    rows = rows.order_by(Report.reported_at.desc(), Report.observation_id.desc())
    found = list(db.session().scalars(rows.limit(PAGE + 1)))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return ReportsPage(found[:PAGE], (last.reported_at, last.observation_id) if last else None)


def report_of(actor: Actor, uid: UUID) -> Report | None:
    """Return the report that an observation began as, if it did and the actor reaches it."""
    rows = select(Report).join(Observation).where(Observation.uid == uid)
    return db.session().scalar(access.visible(rows, actor))
