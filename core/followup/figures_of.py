"""The reports on grants (domain.md 1.7): each a few tables, summed in the database, that pages and files tell alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select

from core import access, clock, db
from core.access import Actor
from core.applications.models import (
    GRANTS,
    MOTIVES,
    OUTCOMES,
    Allocation,
    Application,
    BodyMeeting,
    GrantDecision,
)
from core.dated import local_day, seconds
from core.documents import Column
from core.followup.models import VIEW
from core.followup.services.asked import Asked, folded
from core.followup.services.city import BOOKED_AS, Forecast, forecast_of, of_each_matter, sums_of_book, total
from core.i18n import N_, Text, counted
from core.reserve.models import Frame

DAY = 86_400
IN_FORCE = "bekraftad"
WHOLE = 100


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere."""

    text: str
    href: str


@dataclass(frozen=True)
class Table:
    """A table: what it is called, its columns, its rows; `nothing` is what is said where there are none.

    `more` says that these are the first of more, `note` what its numbers leave out.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    nothing: str = N_("Inget att visa.")
    more: bool = False
    note: Text | str = ""


@dataclass(frozen=True)
class Report:
    """A report: what it is called and what it tells, whether it is of one year, and what makes its tables."""

    title: str
    what: str
    tables: Callable[[Actor, Asked], list[Table]]
    of_year: bool = True


_reports: dict[str, Report] = {}


def report(key: str, title: str, what: str, *, of_year: bool = True) -> Callable[[Any], Any]:
    """Register what makes the tables of a report."""

    def register(tables: Callable[[Actor, Asked], list[Table]]) -> Callable[[Actor, Asked], list[Table]]:
        _reports[key] = Report(title, what, tables, of_year)
        return tables

    return register


def every_report() -> Mapping[str, Report]:
    """Return the reports by their key, in their order."""
    return _reports


def tables_of(actor: Actor, key: str, asked: Asked) -> list[Table]:
    """Return the tables of a report. Raises Denied, Missing."""
    access.require(actor, VIEW)
    if key not in _reports:
        raise access.Missing("report", key)
    return _reports[key].tables(actor, asked)


def kronor(title: str) -> Column:
    """Return a column of kronor."""
    return Column(title, "kronor")


def count(title: str) -> Column:
    """Return a column of numbers."""
    return Column(title, "number")


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent; of nothing there is none."""
    return round(part * WHOLE / whole) if whole else None


# --- The money ----------------------------------------------------------------------------------------------------


@report(
    "ram",
    N_("Ram, beviljat, använt och prognos"),
    N_("Hur mycket av ramen som är beviljat och använt, år för år och nämnd för nämnd."),
    of_year=False,
)
def _frames(actor: Actor, asked: Asked) -> list[Table]:
    each = of_each_matter(actor, asked, asked.of_programme(Frame.programme_id))
    per_board = select(Frame.year, each.c.organisation_id, *sums_of_book(each)).join(each, each.c.frame_id == Frame.id)
    found = list(db.session().execute(per_board.group_by(Frame.year, each.c.organisation_id)))
    frames = select(Frame.year, func.sum(Frame.amount)).where(access.rule_of(Frame, actor))
    frames = frames.where(asked.of_programme(Frame.programme_id)).group_by(Frame.year)
    by_year = {row[0]: int(row[1]) for row in db.session().execute(frames)}
    years = sorted({*by_year, *(row.year for row in found)})
    first = [
        (
            str(year),
            by_year.get(year) if asked.keys is None else None,
            *_summed([row for row in found if row.year == year]),
        )
        for year in years
    ]
    second = [
        (str(year), asked.boards.name(key), *_summed(rows))
        for year in years
        for key, rows in _by_name(asked, [row for row in found if row.year == year], year)
    ]
    money = (kronor(N_("Beviljat")), kronor(N_("Bundet i avtal")), kronor(N_("Använt")), *FORECAST_COLUMNS)
    columns = (Column(N_("År")), kronor(N_("Ram")), *money)
    return [
        Table(N_("Per år"), columns, first),
        Table(N_("Per år och nämnd"), (Column(N_("År")), Column(N_("Nämnd")), *money), second),
    ]


FORECAST_COLUMNS = (kronor(N_("Prognos")), Column(N_("Prognosen gäller"), width=25))


def told_forecast(one: Forecast) -> tuple[int | None, Text | None]:
    """Return a sum of forecasts, and of how many of those that have money somebody has made one."""
    if not one.of_all:
        return one.amount, None
    words = N_("{n} av {of_all} ansökan"), N_("{n} av {of_all} ansökningar")
    return one.amount, Text(words[one.of_all > 1], n=one.made, of_all=one.of_all)


def _by_name(asked: Asked, rows: list[Any], year: int | None = None) -> list[tuple[int, list[Any]]]:
    found = folded(asked, rows, lambda _: year)
    return sorted(found.items(), key=lambda one: asked.boards.name(one[0]))


def _summed(rows: list[Any]) -> tuple[Any, ...]:
    """Return the sums of a few organisations' sums, with their forecast and of how many that is."""
    amounts = [sum(int(getattr(row, name)) for row in rows) for name in BOOKED_AS.values()]
    return (*amounts, *told_forecast(forecast_of(rows)))


# --- What was decided ---------------------------------------------------------------------------------------------


def decided(actor: Actor, asked: Asked, *columns: Any) -> Select[Any]:
    """Return the query of decisions in force of the year, of what the actor reaches."""
    rows = select(*columns).select_from(GrantDecision).join(BodyMeeting, BodyMeeting.id == GrantDecision.meeting_id)
    rows = rows.join(Application, Application.id == GrantDecision.application_id)
    rows = rows.where(GrantDecision.state == IN_FORCE, extract("year", BodyMeeting.held_on) == asked.year)
    rows = rows.where(access.rule_of(Application, actor), asked.of_board(Application.organisation_id))
    found: Select[Any] = rows.where(asked.of_programme(Application.programme_id))
    return found


@report(
    "beviljade",
    N_("Beviljandegrad och skäl till avslag"),
    N_("Hur många ansökningar som beviljades av dem som beslutades under året, och varför andra fick avslag."),
)
def _granted(actor: Actor, asked: Asked) -> list[Table]:
    n = func.count().label("n")
    rows = decided(actor, asked, Application.organisation_id, GrantDecision.outcome, n)
    found = folded(asked, db.session().execute(rows.group_by(Application.organisation_id, GrantDecision.outcome)))
    keys = sorted({*asked.listed(), *found}, key=asked.boards.name)
    lines = [(asked.boards.name(key), *_outcomes(found.get(key, []))) for key in keys]
    every = [row for rows_of in found.values() for row in rows_of]
    lines.append((N_("Alla"), *_outcomes(every)))
    told = ("beviljad", "delvis_beviljad", "avslag")
    columns = [Column(N_("Nämnd")), count(N_("Avgjorda"))]
    columns += [count(OUTCOMES[key]) for key in told] + [count(N_("Beviljade, procent"))]
    why = decided(actor, asked, GrantDecision.motive, n).where(GrantDecision.outcome == "avslag")
    motives = db.session().execute(why.group_by(GrantDecision.motive).order_by(n.desc(), GrantDecision.motive))
    refused = [(MOTIVES.get(row.motive, N_("Inget skäl är angivet")), row.n) for row in motives]
    nothing = N_("Ingen ansökan fick avslag under året.")
    return [
        Table(N_("Per nämnd"), columns, lines),
        Table(N_("Skäl till avslag"), (Column(N_("Skäl"), width=40), count(N_("Ansökningar"))), refused, nothing),
    ]


def _outcomes(rows: Sequence[Any]) -> tuple[Any, ...]:
    n = {key: sum(row.n for row in rows if row.outcome == key) for key in (*GRANTS, "avslag")}
    ended = sum(n.values())
    return (ended, n["beviljad"], n["delvis_beviljad"], n["avslag"], percent(ended - n["avslag"], ended))


@report(
    "ledtider",
    N_("Ledtider"),
    N_("Median i dagar från att ansökan kom in till beslut, och från beslut till färdigt."),
)
def _lead_times(actor: Actor, asked: Asked) -> list[Table]:
    waited = _days(local_day(Application.submitted_at), BodyMeeting.held_on)
    worked = _days(BodyMeeting.held_on, Application.finished_on)
    ends = GrantDecision.outcome.in_((*GRANTS, "avslag")), Application.submitted_at.is_not(None)
    done = GrantDecision.outcome.in_(GRANTS), Application.finished_on.is_not(None)
    first, second = (
        _median(decided(actor, asked, days.label("days")).where(*of)) for days, of in ((waited, ends), (worked, done))
    )
    rows = [
        (N_("Från inskickad ansökan till beslut"), *first),
        (N_("Från beslut till färdigt arbete"), *second),
    ]
    columns = (
        Column(N_("Tid"), width=40), count(N_("Median, dagar")), count(N_("Längst, dagar")), count(N_("Räknade")),
        count(N_("Utelämnade")),
    )  # fmt: skip
    left_out = first[-1] + second[-1]
    note = counted(left_out, LEFT_OUT_ONE, LEFT_OUT) if left_out else ""
    told = Table(N_("Beslutade under året"), columns, rows, note=note)
    return [told, _impossible(actor, asked, or_(and_(*ends, waited < 0), and_(*done, worked < 0)))]


LEFT_OUT_ONE = N_("En tid är utelämnad, för dagarna kan inte stämma. Ansökan står nedan, så att den går att rätta.")
LEFT_OUT = N_(
    "{n} tider är utelämnade, för dagarna kan inte stämma. Ansökningarna står nedan, så att de går att rätta."
)
EARLY_ONE = N_("En ansökan står som inte färdig, för den dag som är skriven är före beslutet. Den finns i Ledtider.")
EARLY = N_("{n} ansökningar står som inte färdiga, för den dag som är skriven är före beslutet. De finns i Ledtider.")


def _days(first: Any, last: Any) -> ColumnElement[Any]:
    """Return the days from one to the other: below zero for what was before it can have been."""
    days: ColumnElement[Any] = (seconds(last) - seconds(first)) / DAY
    return days


def _impossible(actor: Actor, asked: Asked, wrong: ColumnElement[bool]) -> Table:
    """Return the decisions whose days are in an order that cannot be: written before such days were refused."""
    names = (Application.uid, Application.title, Application.organisation_id, Application.submitted_at)
    rows = decided(actor, asked, *names, BodyMeeting.held_on, Application.finished_on).where(wrong)
    found = db.session().execute(rows.order_by(BodyMeeting.held_on, Application.id).limit(asked.most + 1))
    lines = [
        (
            Link(row.title, f"/ansokningar/{row.uid}"),
            asked.boards.name(row.organisation_id),
            clock.local(row.submitted_at).date() if row.submitted_at else None,
            row.held_on,
            row.finished_on,
        )
        for row in found
    ]
    columns = (
        Column(N_("Ansökan"), width=40), Column(N_("Nämnd"), width=40), Column(N_("Inskickad"), "date"),
        Column(N_("Beslutad"), "date"), Column(N_("Färdig"), "date"),
    )  # fmt: skip
    nothing = N_("Alla dagar kommer i rätt ordning.")
    more = len(lines) > asked.most
    return Table(N_("Dagar som inte kan stämma"), columns, lines[: asked.most], nothing, more=more)


def _median(query: Select[Any]) -> tuple[int | None, int | None, int, int]:
    """Return the median, the longest, the number of a query's days, and how many are left out, in one query.

    The median is the one in the middle, or the mean of the two there. Days below zero cannot be, and are left out.
    """
    days = query.subquery()
    can_be = days.c.days >= 0
    nth = func.row_number().over(order_by=(case((can_be, 0), else_=1), days.c.days)).label("nth")
    n = func.sum(case((can_be, 1), else_=0)).over().label("n")
    told = select(days.c.days, nth, n).subquery()
    kept = told.c.nth <= told.c.n
    middle = case((and_(kept, (2 * told.c.nth).between(told.c.n, told.c.n + 2)), told.c.days))
    sums = func.avg(middle), func.max(case((kept, told.c.days))), func.max(told.c.n), func.count()
    median, longest, number, of_all = db.session().execute(select(*sums)).one()
    kept_of_all = int(number or 0)
    return (_whole(median), _whole(longest), kept_of_all, of_all - kept_of_all)


def _whole(days: Any) -> int | None:
    return round(days) if days is not None else None


@report(
    "fardiga",
    N_("Färdiga i det år som pengarna beviljades för"),
    N_("Hur många arbeten som blev färdiga senast det sista år som de fick pengar för från början."),
    of_year=False,
)
def _in_time(actor: Actor, asked: Asked) -> list[Table]:
    last, held = func.max(Allocation.year).label("year"), func.max(BodyMeeting.held_on).label("held")
    each = select(Application.id, Application.organisation_id, Application.finished_on, last, held)
    each = each.join(GrantDecision, GrantDecision.application_id == Application.id)
    each = each.join(BodyMeeting, BodyMeeting.id == GrantDecision.meeting_id)
    each = each.join(Allocation, Allocation.decision_id == GrantDecision.id)
    each = each.where(GrantDecision.state == IN_FORCE, GrantDecision.outcome.in_(GRANTS))
    each = each.where(access.rule_of(Application, actor), asked.of_board(Application.organisation_id))
    each = each.where(asked.of_programme(Application.programme_id)).group_by(Application.id)
    told = each.subquery()
    finished = told.c.finished_on >= told.c.held  # a day before the decision cannot be
    kept = extract("year", told.c.finished_on) <= told.c.year
    done = total(and_(finished, kept), 1).label("kept")
    later = total(and_(finished, ~kept), 1).label("later")
    early = total(told.c.finished_on < told.c.held, 1).label("early")
    rows = select(told.c.year, func.count(), done, later, early).group_by(told.c.year).order_by(told.c.year)
    found = list(db.session().execute(rows))
    lines = [_kept(*row[:-1]) for row in found]
    wrong = sum(int(row.early) for row in found)
    columns = (
        Column(N_("Sista beviljade år")), count(N_("Beviljade")), count(N_("Färdiga i tid")),
        count(N_("Färdiga senare")), count(N_("Inte färdiga")), count(N_("Färdiga i tid, procent")),
    )  # fmt: skip
    note = counted(wrong, EARLY_ONE, EARLY) if wrong else ""
    return [Table(N_("Per år"), columns, lines, N_("Inget är beviljat än."), note=note)]


def _kept(year: int, n: int, kept: Any, later: Any) -> tuple[Any, ...]:
    """Return a year with how many were finished in time; of a year that goes on it cannot be said how many that is."""
    in_time, too_late = int(kept), int(later)
    over = year < clock.today().year
    return (str(year), n, in_time, too_late, n - in_time - too_late, percent(in_time, n) if over else None)
