"""What a board reports in ILS per tertial: opened with a frist, filled in, judged, closed and then frozen (Z37)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow
from core.access import Actor
from core.dated import valid_on
from core.duties.ils_text import Row, paragraph
from core.duties.limits import ILS
from core.duties.models import ACTIVITY_STATES, IlsIndicator, IlsLine, IlsReport, IlsVerdict
from core.duties.models.ils import NOT_BEGUN, READ, STEER, WRITE
from core.duties.services import clocks
from core.duties.services.ils_goals import STEERED, Aim, aims_of, path_of
from core.duties.states import CLOSED, ILS_REPORT, OPEN
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import write as write_journal
from core.people.models import Organisation
from core.places.services import rows_of
from core.schema import Invalid

WHEEL = N_("Stadens årshjul")
FROZEN = N_("Tertialen är stängd. Öppna den igen om något ska ändras.")


@dataclass(frozen=True)
class Term:
    """When a tertial is reported: figures as of `data_on`, to the board until `due_on`."""

    data_on: date
    due_on: date


@dataclass(frozen=True)
class Judged:
    """A goal in a report: how it is judged, what its figures propose, and its lines."""

    aim: Aim
    verdict: IlsVerdict
    proposed: str
    lines: list[IlsLine]


@dataclass(frozen=True)
class Whole:
    """A report with its goals, its rows as they are exported, and the paragraph that says it in words."""

    report: IlsReport
    goals: list[Judged]
    rows: list[Row]
    text: str


def term(year: int, period: str) -> Term:
    """Return when a tertial of a year is reported, by the city's yearly wheel. Raises Missing for one without days."""
    row = next((one for one in rows_of("ils_periods.csv") if one["key"] == period), None)
    if row is None:
        raise access.Missing("ils_period", period)
    data_on = date.fromisoformat(f"{year}-{row['data_on']}")
    return Term(data_on, date.fromisoformat(f"{year + int(row['years_later'])}-{row['due_on']}"))


def open_reports(actor: Actor, *, year: int, period: str, organisations: Iterable[UUID]) -> list[IlsReport]:
    """Open a tertial for boards, each with a frist; one that is open already stays as it is. Raises Denied, Invalid."""
    access.require(actor, STEER)
    wanted = list(dict.fromkeys(organisations))
    rows = select(Organisation).where(Organisation.uid.in_(wanted), Organisation.kind.in_(STEERED))
    homes = list(db.session().scalars(rows.where(valid_on(Organisation, clock.today()))))
    if not homes or len(homes) != len(wanted):
        raise Invalid({"organisations": [N_("Välj nämnder och bolag i listan.")]})
    known = select(IlsReport).where(IlsReport.year == year, IlsReport.period == period)
    there = {row.organisation_id: row for row in db.session().scalars(known)}
    return [there.get(home.id) or _opened(actor, home, year, period) for home in homes]


def _opened(actor: Actor, home: Organisation, year: int, period: str) -> IlsReport:
    days = term(year, period)
    facts: dict[str, Any] = {"year": year, "period": period, "due_on": days.due_on, "state": ILS_REPORT.start}
    report = IlsReport(uid=db.new_uid(), organisation_id=home.id, **facts)
    db.session().add(report)
    db.session().flush()
    stood = _stood(report)
    for aim in aims_of(actor, home.id, year):
        db.session().add(IlsVerdict(report_id=report.id, ils_goal_id=aim.goal.id))
        db.session().add_all([IlsLine(report_id=report.id, indicator_id=one.id) for one in aim.indicators])
        for one in aim.activities:
            known = stood.get(one.id, {"status": NOT_BEGUN})
            db.session().add(IlsLine(report_id=report.id, activity_id=one.id, **known))
    db.session().flush()
    title = Text(N_("Uppföljning {period} {year}"), period=period, year=year)
    clocks.promise(report, ILS, title=title, on=days.due_on, owner=home.id, source=WHEEL)
    write_journal(actor, "ils_report:open", "ils_report", report.uid, organisation=home.code, year=year, period=period)
    return report


def _stood(report: IlsReport) -> dict[int | None, dict[str, str]]:
    """Return how each activity stood in the year's tertial before: so it stands until somebody says otherwise."""
    rows = select(IlsLine).join(IlsReport, IlsReport.id == IlsLine.report_id).where(IlsLine.activity_id.is_not(None))
    rows = rows.where(IlsReport.organisation_id == report.organisation_id, IlsReport.year == report.year)
    rows = rows.where(IlsReport.due_on < report.due_on).order_by(IlsReport.due_on)
    found = db.session().scalars(rows)
    return {line.activity_id: {"status": line.status, "deviation": line.deviation} for line in found}


# --- Filled in ----------------------------------------------------------------------------------------------------


def _open_line(actor: Actor, model: Any, uid: UUID, version: int | None) -> Any:
    rows = select(model).where(model.uid == uid, access.rule_of(model, actor, WRITE))
    row = db.session().scalar(rows.with_for_update(of=model))
    if row is None:
        raise access.Missing(model.__tablename__, uid)
    db.refuse_stale(model.__tablename__, uid, row.version, version)
    if db.session().get_one(IlsReport, row.report_id).state != OPEN:
        raise flow.Refused([Objection(FROZEN)])
    return row


def write_indicator(
    actor: Actor,
    uid: UUID,
    *,
    outcome: float | None,
    forecast: float | None,
    comment: str = "",
    version: int | None = None,
) -> IlsLine:
    """Say how an indicator stands. Raises Missing, Stale, Refused when the tertial is closed."""
    line: IlsLine = _open_line(actor, IlsLine, uid, version)
    if line.indicator_id is None:
        raise access.Missing("ils_line", uid)
    line.outcome, line.forecast, line.comment = outcome, forecast, comment
    db.session().flush()
    write_journal(actor, "ils_line:write", "ils_line", uid, outcome=outcome, forecast=forecast)
    return line


def write_activity(
    actor: Actor, uid: UUID, *, status: str, deviation: str = "", comment: str = "", version: int | None = None
) -> IlsLine:
    """Say how an activity stands; one that is late says why. Raises Missing, Stale, Invalid, Refused."""
    line: IlsLine = _open_line(actor, IlsLine, uid, version)
    if line.activity_id is None:
        raise access.Missing("ils_line", uid)
    if status == "forsenad" and not deviation.strip():
        raise Invalid({"deviation": [N_("Skriv varför aktiviteten är försenad.")]})
    line.status, line.deviation, line.comment = status, deviation, comment
    db.session().flush()
    write_journal(actor, "ils_line:write", "ils_line", uid, status=status)
    return line


def judge(actor: Actor, uid: UUID, *, verdict: str, version: int | None = None) -> IlsVerdict:
    """Say whether a board's goal is met: helt, delvis or ej. Raises Missing, Stale, Refused."""
    row: IlsVerdict = _open_line(actor, IlsVerdict, uid, version)
    row.verdict = verdict
    db.session().flush()
    write_journal(actor, "ils_verdict:judge", "ils_verdict", uid, verdict=verdict)
    return row


# --- Closed -------------------------------------------------------------------------------------------------------


def move_report(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> IlsReport:
    """Close a tertial, which freezes its rows and its text, or open it again with a reason.

    Raises Missing, Denied, Stale, Refused with each goal that nobody has judged.
    """
    report = access.find(IlsReport, uid, actor, WRITE, lock=True)
    db.refuse_stale("ils_report", uid, report.version, version)
    flow.move(ILS_REPORT, report, key, actor, reason=reason)
    if report.state == CLOSED:
        told = read_report(actor, uid)
        report.frozen = {"schema": 1, "rows": [row.cells() for row in told.rows], "text": told.text}
        report.closed_at = clock.now()
        clocks.meet(report, ILS, N_("Tertialen är stängd"))
    else:
        report.frozen = report.closed_at = None
        clocks.reopen(report, ILS, on=report.due_on, source=WHEEL, reason=reason)
    db.session().flush()
    return report


@ILS_REPORT.guard("stang")
def _judged(report: IlsReport, _actor: Actor) -> Iterable[Objection]:
    rows = select(IlsVerdict).options(joinedload(IlsVerdict.ils_goal)).where(IlsVerdict.report_id == report.id)
    waiting = [one.ils_goal.number for one in db.session().scalars(rows) if not one.verdict]
    if waiting:
        words = N_("Bedöm om de här målen uppfylls: {numbers}.")
        yield Objection(Text(words, numbers=", ".join(sorted(waiting))))


# --- Reading ------------------------------------------------------------------------------------------------------


def list_reports(
    actor: Actor, *, year: int | None = None, after: tuple[int] | None = None, limit: int = 50
) -> tuple[list[IlsReport], tuple[int] | None]:
    """Return the reports that the actor reaches, the latest first, and where the next page begins."""
    access.require(actor, READ)
    rows = access.visible(select(IlsReport), actor).options(joinedload(IlsReport.organisation))
    rows = rows.where(IlsReport.year == year) if year else rows
    rows = rows.where(IlsReport.id < after[0]) if after else rows
    found = list(db.session().scalars(rows.order_by(IlsReport.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return found, (found[-1].id,) if more else None


def waiting_for(actor: Actor, limit: int) -> list[IlsReport]:
    """Return the open reports that the actor's own boards have to hand in, the next first."""
    own = actor.homes(WRITE)
    rows = select(IlsReport).options(joinedload(IlsReport.organisation))
    rows = rows.where(IlsReport.organisation_id.in_(own), IlsReport.state == OPEN).order_by(IlsReport.due_on)
    return list(db.session().scalars(rows.limit(limit))) if own else []


def read_report(actor: Actor, uid: UUID) -> Whole:
    """Return a report whole: of one that is closed the rows and the text as they were frozen. Raises Missing."""
    access.require(actor, READ)
    rows = select(IlsReport).options(joinedload(IlsReport.organisation))
    report = db.session().scalar(rows.where(IlsReport.uid == uid, access.rule_of(IlsReport, actor)))
    if report is None:
        raise access.Missing("ils_report", uid)
    goals = _goals_of(actor, report)
    if report.frozen is not None:
        return Whole(report, goals, [Row(*cells) for cells in report.frozen["rows"]], report.frozen["text"])
    return Whole(report, goals, _rows(report, goals), _text(report, goals))


def _goals_of(actor: Actor, report: IlsReport) -> list[Judged]:
    lines = select(IlsLine).where(IlsLine.report_id == report.id).order_by(IlsLine.id)
    known = list(db.session().scalars(lines))
    verdicts = select(IlsVerdict).where(IlsVerdict.report_id == report.id)
    judged = {row.ils_goal_id: row for row in db.session().scalars(verdicts)}
    found = []
    for aim in aims_of(actor, report.organisation_id, report.year):
        if aim.goal.id not in judged:
            continue  # written down after the tertial was closed
        of = {("i", one.id) for one in aim.indicators} | {("a", one.id) for one in aim.activities}
        own = [one for one in known if {("i", one.indicator_id), ("a", one.activity_id)} & of]
        found.append(Judged(aim, judged[aim.goal.id], _proposed(report, aim, own), own))
    return found


def outcome_of(report: IlsReport, indicator: IlsIndicator, line: IlsLine) -> float | None:
    """Return the outcome of an indicator: what the board says, else what its cycle's goal measured by then."""
    if line.outcome is not None:
        return line.outcome
    goal = indicator.goal
    if goal is None or goal.result_value is None or goal.result_on is None:
        return None
    return goal.result_value if goal.result_on <= term(report.year, report.period).data_on else None


def is_met(indicator: IlsIndicator, value: float | None) -> bool:
    """Whether an outcome or a forecast reaches the year's target."""
    if value is None:
        return False
    return value <= indicator.target if indicator.direction == "lagre" else value >= indicator.target


def _proposed(report: IlsReport, aim: Aim, lines: Iterable[IlsLine]) -> str:
    """Return the verdict that the figures speak for: the outcome, else the forecast; nothing without figures."""
    by_indicator = {line.indicator_id: line for line in lines if line.indicator_id is not None}
    reached = []
    for one in aim.indicators:
        if (line := by_indicator.get(one.id)) is None:
            continue
        outcome = outcome_of(report, one, line)
        value = line.forecast if outcome is None else outcome
        if value is not None:
            reached.append(is_met(one, value))
    if not reached:
        return ""
    return "helt" if all(reached) else "delvis" if any(reached) else "ej"


def _rows(report: IlsReport, goals: Iterable[Judged]) -> list[Row]:
    rows = []
    for judged in goals:
        aim = judged.aim
        known: dict[str, Any] = {
            "org": report.organisation.name,
            "period": f"{report.period} {report.year}",
            "kf_mal": path_of(aim.goal, aim.above),
            "namndmal": f"{aim.goal.number} {aim.goal.text}",
        }
        indicators = {one.id: one for one in aim.indicators}
        activities = {one.id: one for one in aim.activities}
        for line in judged.lines:
            if line.indicator_id in indicators:
                one = indicators[line.indicator_id]
                facts: dict[str, Any] = {"indikator": one.text, "arsmal": one.target, "enhet": one.unit}
                facts |= {"utfall": outcome_of(report, one, line), "prognos": line.forecast}
            else:
                status = str(ACTIVITY_STATES[line.status])
                facts = {"aktivitet": activities[line.activity_id].text, "status": status}  # type: ignore[index]
                facts |= {"avvikelse_orsak": line.deviation}
            rows.append(Row(**known, **facts, kommentar=line.comment))
    return rows


def _text(report: IlsReport, goals: list[Judged]) -> str:
    met = measured = lacking = 0
    for judged in goals:
        by_key = {line.indicator_id: line for line in judged.lines}
        for one in judged.aim.indicators:
            if one.id in by_key:
                value = outcome_of(report, one, by_key[one.id])
                measured += value is not None
                lacking += value is None
                met += is_met(one, value)
    who = "Bolaget" if report.organisation.kind == "bolag" else "Nämnden"
    verdicts = [one.verdict.verdict for one in goals]
    return paragraph(who, verdicts, _rows(report, goals), met=met, measured=measured, lacking=lacking)


def verdict_of(actor: Actor, uid: UUID) -> IlsVerdict:
    """Return how a goal is judged, with its report, for who judges it. Raises Missing."""
    rows = select(IlsVerdict).options(joinedload(IlsVerdict.report), joinedload(IlsVerdict.ils_goal))
    row = db.session().scalar(rows.where(IlsVerdict.uid == uid, access.rule_of(IlsVerdict, actor, WRITE)))
    if row is None:
        raise access.Missing("ils_verdict", uid)
    return row


def line_of(actor: Actor, uid: UUID) -> IlsLine:
    """Return a line with what it is of and its report, for who fills it in. Raises Missing."""
    rows = select(IlsLine).options(
        joinedload(IlsLine.indicator), joinedload(IlsLine.activity), joinedload(IlsLine.report)
    )
    row = db.session().scalar(rows.where(IlsLine.uid == uid, access.rule_of(IlsLine, actor, WRITE)))
    if row is None:
        raise access.Missing("ils_line", uid)
    return row
