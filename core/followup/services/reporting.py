"""Reports of a grant (F4): planned by themselves each tertial, handed in with that day's figures, approved by another.

The final one is planned when the work is finished; what belongs to it alone stands in `final`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from core import access, bounded, clock, db, flow, journal
from core.access import Actor
from core.applications.models import Application, ApplicationEvent, reads_city
from core.applications.services import applications
from core.applications.states import UNDERWAY
from core.duties.services.ils import WHEEL, term
from core.followup.limits import CHECKED_WITHIN, FINAL, FINAL_WITHIN, REPORT, REPORT_CHECK
from core.followup.models import READ, GrantReport, GrantReportEdition
from core.followup.models import REPORT as MAY_REPORT
from core.followup.services import carrying_out, keeping
from core.followup.services.money import years_of
from core.followup.states import REPORTS
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.places.services import rows_of
from core.reserve.models import Programme

PAGE, COUNTED = 50, 1000
SCHEMA = 1
TERTIAL, END = "tertial", "slut"
HANDED_IN = ("inlamnad", "godkand")
"""States in which the edition that was handed in last stands."""
TITLES = {"T1": N_("Tertial 1 {year}"), "T2": N_("Tertial 2 {year}"), "VB": N_("Årsbokslut {year}")}
WORDS = ("delivered", "money", "risks")
"""What a report tells in words; the final one tells more (`final.WORDS`)."""
FINISHED = N_("Arbetet är färdigt. Slutredovisningen berättar resten.")
BROKEN_OFF = N_("Arbetet avbröts.")
OWN = N_("Du har själv lämnat in rapporten. Någon annan godkänner den.")
HOME = N_("Rapporten är från din egen organisation. Någon annan godkänner den.")


@dataclass(frozen=True)
class Page:
    """A page of reports, and where the next one begins."""

    rows: list[GrantReport]
    after: tuple[int] | None


def title_of(report: GrantReport) -> Text | str:
    """Return what a report is called."""
    if report.kind == END:
        return N_("Slutredovisning")
    return called(report.period)


# --- Planned ------------------------------------------------------------------------------------------------------


def periods(since: date, today: date) -> list[tuple[str, date]]:
    """Return the tertials ("2027-T1") whose figures are of a day from `since` on, to the one that comes next, each
    with the day when it is due; by the city's yearly wheel.
    """
    keys = [row["key"] for row in rows_of("ils_periods.csv")]
    found: list[tuple[str, date]] = []
    for year in range(since.year, today.year + 2):
        for key in keys:
            days = term(year, key)
            if days.data_on >= since:
                found.append((f"{year}-{key}", days.due_on))
                if days.data_on >= today:
                    return found
    return found


@applications.follows("starta", "fortsatt")
def begun(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """Plan the report that comes next as soon as the work begins."""
    plan(application)


def plan_all() -> None:
    """Plan the reports of everything that is underway: the worker does it every day."""
    rows = select(Application).where(Application.state.in_(UNDERWAY)).order_by(Application.id)
    for application in db.session().scalars(rows.with_for_update(of=Application, skip_locked=True)).all():
        plan(application)


def plan(application: Application) -> None:
    """Plan the reports of an application up to the next one; those that there are stay as they are."""
    begun = select(func.min(ApplicationEvent.at)).filter_by(application_id=application.id, kind="starta")
    at = db.session().scalar(begun)
    today = clock.today()
    known = set(db.session().scalars(select(GrantReport.period).filter_by(application_id=application.id, kind=TERTIAL)))
    for period, due in periods(clock.local(at).date() if at else today, today):
        if period not in known:
            report = new(application, TERTIAL, period, due)
            terms = Rule(0, "given_date", WHEEL, source=WHEEL, given=due)
            keeping.promise(REPORT, report, application, owner=application.organisation_id, terms=terms)


def new(application: Application, kind: str, period: str, due: date) -> GrantReport:
    """Make a report that is to be written; called by services that plan it."""
    report = GrantReport(
        uid=db.new_uid(),
        application_id=application.id,
        kind=kind,
        period=period,
        due_on=due,
        state=REPORTS.start,
        level=application.level,
    )
    db.session().add(report)
    db.session().flush()
    return report


@applications.follows("fardigstall", "avbryt")
def no_more(_actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Skip the tertials that come after the work was finished or broken off."""
    ended: date = facts.get("finished_on") or clock.today()
    why = FINISHED if application.state == "fardig" else BROKEN_OFF
    rows = select(GrantReport).filter_by(application_id=application.id, kind=TERTIAL, state=REPORTS.start)
    for report in db.session().scalars(rows).all():
        year, _, key = report.period.partition("-")
        if why == BROKEN_OFF or term(int(year), key).data_on > ended:
            flow.move(REPORTS, report, "hoppa_over", keeping.HOUSE, reason=why)
            report.skipped_why = why
            keeping.lapsed(REPORT, report, application, why)


@applications.follows("ratta_fardig")
def again(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """The work goes on: what was skipped because it was finished is to be written."""
    rows = select(GrantReport).filter_by(application_id=application.id, state="overhoppad", skipped_why=FINISHED)
    for report in db.session().scalars(rows).all():
        flow.move(REPORTS, report, "ta_med", keeping.HOUSE, reason=N_("Arbetet är inte färdigt"))
        report.skipped_why = ""
        _wanted(report, application)


def _wanted(report: GrantReport, application: Application) -> None:
    """Let a report be due again: a tertial's on its day, a final one within its time from when it was finished."""
    owner = application.organisation_id
    if report.kind == END:
        start = application.finished_on
        report.due_on = keeping.promise(FINAL, report, application, owner=owner, terms=FINAL_WITHIN, start=start)
    else:
        terms = Rule(0, "given_date", WHEEL, source=WHEEL, given=report.due_on)
        keeping.promise(REPORT, report, application, owner=owner, terms=terms)


# --- Written, handed in, approved ---------------------------------------------------------------------------------


def change_report(actor: Actor, uid: UUID, *, version: int | None, **words: Any) -> GrantReport:
    """Write in a report that has not been handed in. Raises Missing, Denied, Stale, Refused."""
    report = access.find(GrantReport, uid, actor, MAY_REPORT, lock=True)
    db.refuse_stale("grant_report", uid, report.version, version)
    if report.state != REPORTS.start:
        raise flow.Refused([Objection(N_("Rapporten är inlämnad. Skriv om den, om något ska ändras."))])
    for name, text in words.items():
        setattr(report, name, text)
    db.session().flush()
    journal.write(actor, "grant_report:change", "grant_report", uid, level=report.level)
    return report


def move_report(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> GrantReport:
    """Hand a report in, give it back, approve it or skip it. Raises Missing, Denied, Stale, Refused."""
    report = access.find(GrantReport, uid, actor, REPORTS.move(key).needs, lock=True)
    db.refuse_stale("grant_report", uid, report.version, version)
    rows = select(Application).where(Application.id == report.application_id).with_for_update()
    application = db.session().scalars(rows).one()
    flow.move(REPORTS, report, key, actor, reason=reason)
    _follow(actor, report, application, key, reason)
    db.session().flush()
    return report


def _follow(actor: Actor, report: GrantReport, application: Application, key: str, reason: str) -> None:
    mine, label = FINAL if report.kind == END else REPORT, REPORTS.states[report.state].label
    if key == "lamna_in":
        report.handed_in_at, report.handed_in_by_id = clock.now(), actor.id
        report.edition += 1
        _keep(actor, report, application)
        keeping.met(mine, report, application, label)
        owner = select(Programme.owner_id).where(Programme.id == application.programme_id)
        who = db.session().scalars(owner).one()
        keeping.promise(REPORT_CHECK, report, application, owner=who, terms=CHECKED_WITHIN)
    elif key == "godkann":
        report.approved_by_id = actor.id
        keeping.met(REPORT_CHECK, report, application, label)
        if report.kind == END:
            applications.make_move(actor, application, "slutredovisa")
    elif key in ("lamna_tillbaka", "skriv_om", "oppna_igen"):
        report.approved_by_id = None
        keeping.met(REPORT_CHECK, report, application, label)
        _wanted(report, application)
        if report.kind == END and application.state == "slutredovisad":
            applications.make_move(actor, application, "ratta_redovisning", reason=reason)
    elif key == "hoppa_over":
        report.skipped_why = reason
        keeping.lapsed(mine, report, application, reason)
    elif key == "ta_med":
        report.skipped_why = ""
        _wanted(report, application)


def _keep(actor: Actor, report: GrantReport, application: Application) -> None:
    content = figures(actor, application) | {"words": said(report)}
    by = {"at": clock.now(), "person_id": actor.id, "application_id": application.id}
    db.session().add(GrantReportEdition(report_id=report.id, number=report.edition, content=content, **by))
    db.session().flush()


def said(report: GrantReport) -> dict[str, str]:
    """Return what a report says in words, by field."""
    return {name: getattr(report, name) for name in (*WORDS, "goals", "lessons", "defects", "handover")}


def figures(actor: Actor, application: Application) -> dict[str, Any]:
    """Return the figures of an application as they stand today, as an edition keeps them: {"schema": 1, …}."""
    milestones, measures = carrying_out.milestones_of(application), carrying_out.measures_of(application)
    far = carrying_out.progress(milestones, clock.today())
    return {
        "schema": SCHEMA,
        "on": clock.today().isoformat(),
        "done": far.done,
        "planned": far.planned,
        "measured": carrying_out.measures_progress(measures),
        "money": [asdict(year) for year in years_of(actor, application)],
        "milestones": [
            {"title": one.title, "due_on": one.due_on.isoformat(), "weight": one.weight, "done_on": _day(one.done_on)}
            for one in milestones
        ],
        "measures": [
            {
                "number": one.number,
                "text": one.text,
                "quantity": one.quantity,
                "unit": one.unit,
                "weight": one.weight,
                "done": one.done,
                "delivered": one.delivered,
                "dropped_on": _day(one.dropped_on),
            }
            for one in measures
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


@REPORTS.guard("lamna_in")
def _says_something(report: GrantReport, _actor: Actor) -> Iterable[Objection]:
    if not report.delivered:
        yield Objection(N_("Skriv vad som har gjorts först."), "delivered")


@REPORTS.guard("godkann")
def _by_another(report: GrantReport, actor: Actor) -> Iterable[Objection]:
    """Four eyes: who handed it in, or works where it comes from, does not approve it."""
    application = db.session().get_one(Application, report.application_id)
    if report.handed_in_by_id == actor.id:
        yield Objection(OWN)
    elif actor.organisation == application.organisation_id:
        yield Objection(HOME)


# --- Reading ------------------------------------------------------------------------------------------------------


def reports_of(actor: Actor, application: Application) -> list[GrantReport]:
    """Return the reports of an application, the one that is due first on top. Raises Denied."""
    access.require(actor, READ)
    rows = select(GrantReport).where(GrantReport.application_id == application.id)
    rows = rows.order_by(GrantReport.due_on, GrantReport.id)
    return list(db.session().scalars(access.visible(rows, actor).limit(200)))


def read_report(actor: Actor, uid: UUID) -> GrantReport:
    """Return a report with its application; Missing when the actor does not reach it."""
    access.require(actor, READ)
    found = db.session().scalar(_whole().where(GrantReport.uid == uid, access.rule_of(GrantReport, actor)))
    if found is None:
        raise access.Missing("grant_report", uid)
    return found


def editions_of(actor: Actor, report: GrantReport) -> list[GrantReportEdition]:
    """Return the editions of a report that were handed in, the newest first."""
    rows = select(GrantReportEdition).where(GrantReportEdition.report_id == report.id)
    return list(db.session().scalars(access.visible(rows.order_by(GrantReportEdition.number.desc()), actor).limit(50)))


def list_reports(actor: Actor, state: str = "", *, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the reports that the actor reaches, the newest first, in one query; all or those in one state."""
    access.require(actor, READ)
    rows = _whole().where(access.rule_of(GrantReport, actor))
    if state:
        rows = rows.where(GrantReport.state == state)
    if after is not None:
        rows = rows.where(GrantReport.id < after[0])
    found = list(db.session().scalars(rows.order_by(GrantReport.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def count_reports(actor: Actor) -> dict[str, int]:
    """Return how many reports that the actor reaches are in each state, counted no further than COUNTED + 1."""
    mine = select(GrantReport.id).where(access.rule_of(GrantReport, actor))
    return bounded.tallied(mine, GrantReport.state, REPORTS.states, COUNTED, few=not reads_city(actor, READ))


def latest_periods(actor: Actor, most: int = 3) -> list[str]:
    """Return the tertials ("2027-T1") that the actor reaches reports of, the one that comes last first."""
    rows = select(GrantReport.period, func.max(GrantReport.due_on).label("due")).where(GrantReport.kind == TERTIAL)
    rows = rows.where(access.rule_of(GrantReport, actor)).group_by(GrantReport.period)
    return [row.period for row in db.session().execute(rows.order_by(func.max(GrantReport.due_on).desc()).limit(most))]


def called(period: str) -> Text:
    """Return what a tertial is called."""
    year, _, key = period.partition("-")
    return Text(TITLES.get(key, N_("Rapport {year}")), year=year)


def _whole() -> Select[GrantReport]:
    return select(GrantReport).options(joinedload(GrantReport.application).joinedload(Application.organisation))
