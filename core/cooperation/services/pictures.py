"""Pictures (lägesbilder): each party's own, written in peace and sealed until all are in; then the common one.

Who has handed in is told to all parties, what never before the opening: not in the journal, not by a hook, not in a
letter. The row rule in `models/pictures.py` is what keeps it so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.limits import ONLY, OWN_PICTURE
from core.cooperation.models import (
    COMMON,
    COMMON_SECTIONS,
    OWN,
    OWN_SECTIONS,
    Cycle,
    CycleEvent,
    CycleParty,
    ReportDrawing,
    ReportEvidence,
    ReportSection,
    SituationReport,
)
from core.cooperation.models.cycles import WRITE
from core.cooperation.services import cycles
from core.cooperation.services.parties import joins, leaves
from core.cooperation.services.promises import tell_opened
from core.cooperation.states import CANCELLED, CYCLE, LEFT, OPENED, OVER, PICTURE, REMOVED
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.refs import Subject
from core.upkeep import services as upkeep

HOUSE = access.system("cooperation")
SECTIONS = {OWN: OWN_SECTIONS, COMMON: COMMON_SECTIONS}


# --- Beginning, writing, handing in -------------------------------------------------------------------------------


@cycles.follows
def ask_for_pictures(actor: Actor, cycle: Cycle, key: str) -> None:  # noqa: ARG001 - whoever moves it
    """Begin an own picture for each party that has none, with a frist to hand it in, when they are asked for."""
    if key == "avbryt":
        _ask_nobody(cycle)
    if key != "begar_lagesbilder":
        return
    rows = select(CycleParty).where(CycleParty.cycle_id == cycle.id, CycleParty.left_on.is_(None))
    for party in db.session().scalars(rows.order_by(CycleParty.id)):
        _begin(cycle, party)


def _ask_nobody(cycle: Cycle) -> None:
    for report in db.session().scalars(select(SituationReport).filter_by(cycle_id=cycle.id, kind=OWN)):
        upkeep.drop_deadline(HOUSE, OWN_PICTURE, _about(cycle, report), reason=CYCLE.states[CANCELLED].label)


@joins
def _ask_who_joins(cycle: Cycle, party: CycleParty) -> None:
    if cycle.state == "lagesbild" and not cycles.is_open(cycle):
        _begin(cycle, party)


@leaves
def _ask_no_more(cycle: Cycle, party: CycleParty) -> None:
    """Ask nothing more of who has left; if all the others are in, the pictures open."""
    rows = select(SituationReport).filter_by(cycle_id=cycle.id, organisation_id=party.organisation_id, kind=OWN)
    report = db.session().scalar(rows)
    if report is not None:
        upkeep.drop_deadline(HOUSE, OWN_PICTURE, _about(cycle, report), reason=N_("Parten har lämnat cykeln"))
    open_if_all_are_in(cycle)


@cycles.put_off
def _wait_longer(cycle: Cycle) -> None:
    """Let the frister of those who have not handed in follow the opening."""
    rows = select(SituationReport).filter_by(cycle_id=cycle.id, kind=OWN)
    for report in db.session().scalars(rows.order_by(SituationReport.id)):
        terms, reason = _terms(cycle), N_("Öppningen är framflyttad")
        upkeep.retime_deadline(HOUSE, OWN_PICTURE, _about(cycle, report), terms=terms, reason=reason)


def _begin(cycle: Cycle, party: CycleParty) -> None:
    """Begin the own picture of a party, or let the frist hold again of one that has come back to what it had begun."""
    rows = select(SituationReport).filter_by(cycle_id=cycle.id, organisation_id=party.organisation_id, kind=OWN)
    report = db.session().scalar(rows) or _new(cycle, party.organisation_id, OWN)
    if report.state == PICTURE.start and not cycles.is_open(cycle):
        known: dict[str, Any] = {"rule": ONLY, "subject": _about(cycle, report), "owner": party.organisation_id}
        upkeep.plan_deadline(HOUSE, OWN_PICTURE, terms=_terms(cycle), starts_at=clock.now(), **known)


def _terms(cycle: Cycle) -> Rule:
    """Return the rule of the frist of own pictures: in by the time when they open."""
    title = Text(N_("Öppnas i {cycle}"), cycle=cycle.number)
    return Rule(0, "given_date", title, source=cycle.number, given=cycle.opens_at)


def _about(cycle: Cycle, report: SituationReport) -> Subject:
    """Return an own picture as what a frist is about: the cycle's title, and nothing of what is written."""
    return Subject("situation_report", report.uid, cycle.title, level=report.level)


def _new(cycle: Cycle, organisation: int, kind: str) -> SituationReport:
    report = SituationReport(
        uid=db.new_uid(),
        cycle_id=cycle.id,
        organisation_id=organisation,
        kind=kind,
        state=PICTURE.start,
        begun_at=clock.now(),
        level=cycle.level,
    )
    db.session().add(report)
    db.session().flush()
    db.session().add_all([ReportSection(report_id=report.id, key=key) for key in SECTIONS[kind]])
    db.session().flush()
    return report


def write_section(
    actor: Actor, uid: UUID, key: str, *, text: str, done: bool = False, version: int | None = None
) -> ReportSection:
    """Write a section of a picture that is not handed in. Raises Missing, Denied, Stale, Refused."""
    report = writable(actor, uid)
    section = db.session().get(ReportSection, (report.id, key), with_for_update=True)
    if section is None:
        raise access.Missing("report_section", key)
    db.refuse_stale("report_section", uid, section.version, version)
    section.text, section.done = text, done
    db.session().flush()
    for follow in _saved:
        follow(actor, report, key)
    return section


_saved: list[Any] = []


def section_saved(rule: Any) -> Any:
    """Register what follows when a section has been saved: a function (actor, picture, key)."""
    _saved.append(rule)
    return rule


def add_evidence(actor: Actor, uid: UUID, *, evidence: UUID, **facts: Any) -> ReportEvidence:
    """Write down a figure or a finding in a picture, once for each uid. Raises Missing, Denied, Conflict, Refused."""
    report = writable(actor, uid)
    known = db.session().scalar(select(ReportEvidence).where(ReportEvidence.uid == evidence))
    if known is not None:
        if known.report_id != report.id or any(getattr(known, name) != value for name, value in facts.items()):
            raise db.Conflict("report_evidence", evidence)
        return known
    row = ReportEvidence(uid=evidence, report_id=report.id, **facts)
    db.session().add(row)
    db.session().flush()
    return row


def take_away(actor: Actor, model: type[ReportEvidence | ReportDrawing], uid: UUID) -> SituationReport:
    """Take a figure or a drawing out of a picture that is not handed in. Raises Missing, Denied, Refused."""
    row: Any = access.find(model, uid, actor, WRITE, lock=True)
    report = db.session().get_one(SituationReport, row.report_id)
    writable(actor, report.uid)
    db.session().delete(row)
    db.session().flush()
    return report


def writable(actor: Actor, uid: UUID) -> SituationReport:
    """Return a picture that the actor may write in now. Raises Missing, Denied, Refused."""
    report = access.find(SituationReport, uid, actor, WRITE, lock=True)
    if report.state != PICTURE.start:
        raise flow.Refused([Objection(N_("Lägesbilden är inlämnad. Välj Skriv om, om något ska ändras."))])
    cycles.refuse_ended(db.session().get_one(Cycle, report.cycle_id))
    return report


def move_picture(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> SituationReport:
    """Hand in a picture, go without one, or take it back to write again. Raises Missing, Denied, Stale, Refused.

    The last of the own ones that comes in opens them all.
    """
    report = access.find(SituationReport, uid, actor, WRITE, lock=True)
    db.refuse_stale("situation_report", uid, report.version, version)
    cycle = db.session().get_one(Cycle, report.cycle_id, with_for_update=True)  # before asking whether it is open
    flow.move(PICTURE, report, key, actor, reason=reason)
    if key == "lamna_in":
        report.handed_in_at, report.handed_in_by_id = clock.now(), actor.id
    report.waived_why = reason if key == "avsta" else ""
    db.session().flush()
    if report.kind == OWN:
        _follow(cycle, report, key)
    return report


def _follow(cycle: Cycle, report: SituationReport, key: str) -> None:
    about = _about(cycle, report)
    if key == "skriv_om":
        upkeep.renew_deadline(HOUSE, OWN_PICTURE, about, starts_at=clock.now(), reason=N_("Skrivs om"))
        upkeep.retime_deadline(HOUSE, OWN_PICTURE, about, terms=_terms(cycle), reason=N_("Skrivs om"))
    else:
        upkeep.meet_deadline(HOUSE, OWN_PICTURE, about, reason=PICTURE.states[report.state].label)
        open_if_all_are_in(cycle)


@PICTURE.guard("lamna_in", "avsta", "skriv_om")
def _not_when_the_cycle_has_ended(report: SituationReport, _actor: Actor) -> Iterable[Objection]:
    cycle = db.session().get_one(Cycle, report.cycle_id)
    if cycle.state in OVER:
        yield Objection(cycles.HAS_ENDED[cycle.state])


@PICTURE.guard("skriv_om")
def _sealed_still(report: SituationReport, _actor: Actor) -> Iterable[Objection]:
    """Nobody rewrites her own picture once she may read those of the others."""
    cycle = db.session().get_one(Cycle, report.cycle_id)
    if report.kind == OWN and cycles.is_open(cycle):
        yield Objection(N_("Lägesbilderna är öppnade. Det nya skrivs i den gemensamma lägesbilden."))


@PICTURE.guard("avsta")
def _ones_own(report: SituationReport, _actor: Actor) -> Iterable[Objection]:
    """Nobody goes without the picture that is all parties'."""
    if report.kind == COMMON:
        yield Objection(N_("Den gemensamma lägesbilden är allas. Ingen kan avstå från den."))


NEVER_AGAIN = {"skriv_om": _sealed_still, "avsta": _ones_own}


def moves_of(actor: Actor, report: SituationReport) -> list[flow.Move]:
    """Return the moves that a page offers; none that can never be made of this picture (again)."""
    if db.session().get_one(Cycle, report.cycle_id).state in OVER:
        return []
    never = {key for key, rule in NEVER_AGAIN.items() if any(rule(report, actor))}
    return [move for move in flow.moves_for(PICTURE, report, actor) if move.key not in never]


@PICTURE.guard("lamna_in")
def _something_written(report: SituationReport, _actor: Actor) -> Iterable[Objection]:
    rows = select(ReportSection.text).where(ReportSection.report_id == report.id)
    if not any(text.strip() for text in db.session().scalars(rows)):
        yield Objection(N_("Skriv i minst ett avsnitt, eller avstå med ett skäl."))


def begin_common(actor: Actor, cycle: UUID) -> SituationReport:
    """Begin the common picture when the own ones are open; the one that is there, if it is begun. Raises Refused."""
    about = access.find(Cycle, cycle, actor, WRITE, lock=True)
    cycles.refuse_ended(about)
    if not cycles.is_open(about):
        raise flow.Refused([Objection(N_("Den gemensamma lägesbilden skrivs när de egna är öppnade."))])
    known = db.session().scalar(select(SituationReport).filter_by(cycle_id=about.id, kind=COMMON))
    return known or _new(about, about.organisation_id, COMMON)


# --- The opening --------------------------------------------------------------------------------------------------


def open_if_all_are_in(cycle: Cycle) -> None:
    """Open the pictures of a cycle when no party is left that has not handed in or said that it goes without."""
    if cycle.state == "lagesbild" and cycle.opened_at is None and not missing_pictures(cycle):
        _open(cycle)


def open_when_time_is_out() -> None:
    """Note the opening of the cycles whose time is out; the row rule has opened them to the second.

    Also of one that has gone back to its first step since the parties were asked.
    """
    asked = select(SituationReport.cycle_id).where(SituationReport.kind == OWN)
    due = select(Cycle).where(Cycle.opened_at.is_(None), Cycle.opens_at <= clock.now(), Cycle.id.in_(asked))
    due = due.where(Cycle.state != CANCELLED)
    for cycle in db.session().scalars(due.limit(100).with_for_update(of=Cycle, skip_locked=True)):
        _open(cycle)


def _open(cycle: Cycle) -> None:
    cycle.opened_at = clock.now()
    db.session().flush()
    cycles.note(HOUSE, cycle, OPENED)
    tell_opened(cycle)
    journal.write(HOUSE, "cycle:open", "cycle", cycle.uid, level=cycle.level)


def missing_pictures(cycle: Cycle) -> list[int]:
    """Return the keys of the parties that have neither handed in their own picture nor said that they go without.

    Also of who was taken out by another: then the opening waits for the time that all were promised, so that who
    drives the cycle cannot open it sooner by that.
    """
    ready = select(SituationReport.organisation_id).where(
        SituationReport.cycle_id == cycle.id, SituationReport.kind == OWN, SituationReport.state != PICTURE.start
    )
    last = select(func.max(CycleEvent.id)).where(CycleEvent.cycle_id == cycle.id, CycleEvent.kind.in_((LEFT, REMOVED)))
    taken_out = select(CycleEvent.about_id).where(
        CycleEvent.id.in_(last.group_by(CycleEvent.about_id)), CycleEvent.kind == REMOVED
    )
    asked = select(SituationReport.organisation_id).filter_by(cycle_id=cycle.id, kind=OWN)
    waits = CycleParty.organisation_id.in_(taken_out) & CycleParty.organisation_id.in_(asked)
    rows = select(CycleParty.organisation_id).where(CycleParty.cycle_id == cycle.id)
    rows = rows.where(CycleParty.left_on.is_(None) | waits, CycleParty.organisation_id.not_in(ready))
    return list(db.session().scalars(rows))
