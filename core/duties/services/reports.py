"""The municipality's lägesbild: begun, written, sent out for comments, approved with what the law asks for (Z9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.duties.law import PARTS, SECTIONS
from core.duties.limits import REPORT
from core.duties.models import ActionPlan, CityReport, CitySection, CitySource, CityTable
from core.duties.models.coordination import EDIT, READ
from core.duties.models.reports import APPROVED, DRAFT, REPLACED
from core.duties.services import clocks
from core.duties.services.coordination import function_on
from core.duties.states import AGAIN, APPROVE, CITY_REPORT
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid

PAGE = 50
MOST_ROWS, MOST_COLUMNS, LONGEST = 200, 20, 200
"""Of a table in the appendix: rows, columns, characters of a cell."""


@dataclass(frozen=True)
class Whole:
    """A lägesbild with all that is in it."""

    report: CityReport
    sections: dict[str, CitySection]
    sources: list[CitySource]
    tables: list[CityTable]

    @property
    def written(self) -> int:
        """How many of its sections say something."""
        return sum(bool(section.text.strip()) for section in self.sections.values())

    @property
    def missing(self) -> list[str]:
        """The keys of what the law asks for and no section says."""
        return missing_parts({key: section.text for key, section in self.sections.items()})


def missing_parts(texts: dict[str, str]) -> list[str]:
    """Return the parts that the law asks for and that none of the sections, by key, says anything of."""
    said = {SECTIONS[key].part for key, text in texts.items() if text.strip()}
    return [part for part in PARTS if part not in said]


def begin_report(actor: Actor, *, uid: UUID, title: str, first_on: date, last_on: date) -> CityReport:
    """Begin a lägesbild of the municipality for the time from `first_on` to `last_on`; once for each `uid`.

    Whoever has the coordination function answers for it, else the actor's own organisation. Raises Denied, Invalid,
    Conflict.
    """
    access.require(actor, EDIT)
    content = db.fingerprint(title=title, first_on=first_on, last_on=last_on)
    if (known := access.made_before(actor, CityReport, uid, content)) is not None:
        return known
    if last_on < first_on:
        raise Invalid({"last_on": [N_("Den sista dagen ligger före den första.")]})
    report = CityReport(
        uid=uid,
        content=content,
        number=f"LB-{db.next_number('LB'):05d}",
        title=title,
        first_on=first_on,
        last_on=last_on,
        organisation_id=answering(actor),
        state=CITY_REPORT.start,
    )
    db.session().add(report)
    db.session().flush()
    db.session().add_all([CitySection(report_id=report.id, key=key) for key in SECTIONS])
    db.session().flush()
    journal.write(actor, "city_report:begin", "city_report", uid, number=report.number)
    return report


def answering(actor: Actor) -> int:
    """Return the organisation that has the coordination function today, else the actor's own. Raises Invalid."""
    holder = function_on(actor)
    key = holder.organisation_id if holder else actor.organisation
    if key is None:
        raise Invalid({"": [N_("Skriv in samordningsfunktionen först.")]})
    return key


def _writable(actor: Actor, uid: UUID) -> CityReport:
    report = access.find(CityReport, uid, actor, EDIT, lock=True)
    if report.state != DRAFT:
        words = N_("Lägesbilden är inget utkast längre. Välj Skriv vidare eller Ångra godkännandet först.")
        raise flow.Refused([Objection(words)])
    return report


def write_section(actor: Actor, uid: UUID, key: str, *, text: str, version: int | None = None) -> CitySection:
    """Write a section of a draft. Raises Missing, Denied, Stale, Refused."""
    report = _writable(actor, uid)
    section = db.session().get(CitySection, (report.id, key), with_for_update=True)
    if section is None:
        raise access.Missing("city_section", key)
    db.refuse_stale("city_section", uid, section.version, version)
    section.text = text
    db.session().flush()
    journal.write(actor, "city_report:write", "city_report", uid, section=key)
    return section


def add_source(actor: Actor, uid: UUID, *, source: UUID, **facts: Any) -> CitySource:
    """List a source of a draft, once for each uid. Raises Missing, Denied, Conflict, Refused."""
    report = _writable(actor, uid)
    known = db.session().scalar(select(CitySource).where(CitySource.uid == source))
    if known is not None:
        if known.report_id != report.id or any(getattr(known, name) != facts[name] for name in facts):
            raise db.Conflict("city_source", source)
        return known
    row = CitySource(uid=source, report_id=report.id, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "city_report:source", "city_report", uid, name=row.name)
    return row


def add_table(actor: Actor, uid: UUID, *, table: UUID, title: str, source: str, cells: str) -> CityTable:
    """Put a table into the appendix of a draft, from lines with tabs or semicolons between the cells; once per uid.

    Raises Missing, Denied, Conflict, Refused, Invalid.
    """
    report = _writable(actor, uid)
    known = db.session().scalar(select(CityTable).where(CityTable.uid == table))
    rows = _rows_of(cells)
    if known is not None:
        if (known.report_id, known.title, known.source, known.rows) != (report.id, title, source, rows):
            raise db.Conflict("city_table", table)
        return known
    row = CityTable(uid=table, report_id=report.id, title=title, source=source, rows=rows)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "city_report:table", "city_report", uid, title=title)
    return row


def _rows_of(cells: str) -> list[list[str]]:
    """Return the rows of a table as it was pasted: a heading and at least one row, all as wide as the heading."""
    lines = [line for line in cells.splitlines() if line.strip()]
    between = "\t" if any("\t" in line for line in lines) else ";"
    rows = [[cell.strip()[:LONGEST] for cell in line.split(between)] for line in lines]
    if len(rows) < 2 or len(rows) > MOST_ROWS or len(rows[0]) > MOST_COLUMNS:  # noqa: PLR2004 - heading and a row
        words = N_("Skriv en rubrikrad och minst en rad till, högst {rows} rader och {columns} kolumner.")
        raise Invalid({"cells": [Text(words, rows=MOST_ROWS, columns=MOST_COLUMNS)]})
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(rows[0]):
            words = N_("Rad {n} har inte lika många kolumner som rubriken.")
            raise Invalid({"cells": [Text(words, n=number)]})
    return rows


def take_away(actor: Actor, model: type[CitySource | CityTable], uid: UUID) -> CityReport:
    """Take a source or a table out of a draft. Raises Missing, Denied, Refused."""
    row: Any = access.find(model, uid, actor, EDIT, lock=True)
    report = _writable(actor, db.session().get_one(CityReport, row.report_id).uid)
    db.session().delete(row)
    db.session().flush()
    journal.write(actor, "city_report:take_away", "city_report", report.uid, what=model.__tablename__)
    return report


# --- Its steps ----------------------------------------------------------------------------------------------------


def move_report(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> CityReport:
    """Send a lägesbild out for comments, take it back, or undo its approval. Raises Missing, Denied, Stale, Refused."""
    report = access.find(CityReport, uid, actor, EDIT, lock=True)
    db.refuse_stale("city_report", uid, report.version, version)
    if key == APPROVE:
        raise flow.Refused([Objection(N_("Skriv vem som godkände lägesbilden, vilken dag och beslutets nummer."))])
    flow.move(CITY_REPORT, report, key, actor, reason=reason)
    if key == "angra":
        clocks.stop(report, REPORT, reason)
        report.decided_on = report.valid_until = report.warned = None
        report.decided_by = report.decision = ""
        _let_the_one_before_hold(reason)
    db.session().flush()
    return report


def _let_the_one_before_hold(reason: str) -> None:
    before = last_replaced(CityReport)
    if before is not None and before.decided_on is not None:
        flow.move(CITY_REPORT, before, AGAIN, clocks.HOUSE, reason=reason)
        before.valid_until = clocks.begin(before, REPORT, before.decided_on)


def last_replaced(model: type[Any]) -> Any:
    """Return the lägesbild or plan that was replaced last, if one was."""
    rows = select(model).where(model.state == REPLACED).order_by(model.decided_on.desc(), model.id.desc())
    return db.session().scalars(rows.limit(1).with_for_update()).first()


def approve_report(
    actor: Actor, uid: UUID, *, decided_on: date, decided_by: str, decision: str, version: int | None = None
) -> CityReport:
    """Write down that a lägesbild was approved: by whom, on which day, under which number.

    It replaces the one before, and holds for 24 months, as the engine counts them from the day of the decision.
    Raises Missing, Denied, Stale, Invalid, Refused with each part that the law asks for and that is empty.
    """
    report = access.find(CityReport, uid, actor, EDIT, lock=True)
    db.refuse_stale("city_report", uid, report.version, version)
    db.alone("duties:report")
    rows = select(CityReport).where(CityReport.state == APPROVED, CityReport.id != report.id)
    replaced = list(db.session().scalars(rows))
    check_decided(decided_on, replaced)
    if decided_on < report.last_on:
        words = N_("Lägesbilden har uppgifter till och med {day}. Välj den dagen eller en senare.")
        raise Invalid({"decided_on": [Text(words, day=report.last_on)]})
    flow.move(CITY_REPORT, report, APPROVE, actor)
    for before in replaced:
        flow.move(CITY_REPORT, before, "ersatt", clocks.HOUSE)
        clocks.meet(before, REPORT, N_("En ny lägesbild är godkänd"))
    report.decided_on, report.decided_by, report.decision = decided_on, decided_by, decision
    report.valid_until = clocks.begin(report, REPORT, decided_on)
    db.session().flush()
    journal.write(actor, "city_report:approved", "city_report", uid, on=decided_on, decision=decision)
    return report


def check_decided(day: date, replaced: Iterable[CityReport | ActionPlan]) -> None:
    """Refuse a decision on a day that has not been, or before that of what it replaces.

    Raises Invalid at `decided_on`.
    """
    if day > clock.today():
        raise Invalid({"decided_on": [N_("Välj i dag eller en tidigare dag.")]})
    latest = max((one.decided_on for one in replaced if one.decided_on is not None), default=day)
    if day < latest:
        words = Text(N_("Det som gäller nu beslutades {day}. Välj den dagen eller en senare."), day=latest)
        raise Invalid({"decided_on": [words]})


@CITY_REPORT.guard(APPROVE)
def _what_the_law_asks_for(report: CityReport, _actor: Actor) -> Iterable[Objection]:
    """A lägesbild with an empty part that the law asks for is approved by nobody (domain.md 5.1)."""
    rows = select(CitySection.key, CitySection.text).where(CitySection.report_id == report.id)
    texts = {row.key: row.text for row in db.session().execute(rows)}
    for part in missing_parts(texts):
        names = " / ".join(kind.title for kind in SECTIONS.values() if kind.part == part)
        yield Objection(Text(N_("{part} saknas. Skriv avsnittet {names}."), part=PARTS[part], names=names))


# --- Reading ------------------------------------------------------------------------------------------------------


def list_reports(actor: Actor) -> list[CityReport]:
    """Return the lägesbilder that the actor may read, the newest first; there is one every second year."""
    access.require(actor, READ)
    rows = access.visible(select(CityReport), actor).options(joinedload(CityReport.organisation))
    return list(db.session().scalars(rows.order_by(CityReport.id.desc()).limit(PAGE)))


def read_report(actor: Actor, uid: UUID, permission: str = READ) -> Whole:
    """Return a lägesbild whole, in four queries. Raises Missing, Denied."""
    access.require(actor, permission)
    rows = select(CityReport).options(joinedload(CityReport.organisation))
    report = db.session().scalar(rows.where(CityReport.uid == uid, access.rule_of(CityReport, actor, permission)))
    if report is None:
        raise access.Missing("city_report", uid)
    return whole(report)


def whole(report: CityReport) -> Whole:
    """Return a lägesbild that has been read with all that is in it."""

    def of(model: Any, *order: Any) -> list[Any]:
        return list(db.session().scalars(select(model).where(model.report_id == report.id).order_by(*order)))

    known = {section.key: section for section in of(CitySection)}
    sections = {key: known[key] for key in SECTIONS if key in known}
    return Whole(report, sections, of(CitySource, CitySource.id), of(CityTable, CityTable.id))


def approved_report(actor: Actor) -> CityReport | None:
    """Return the lägesbild that is approved now; None where there is none."""
    rows = access.visible(select(CityReport), actor).options(joinedload(CityReport.organisation))
    return db.session().scalars(rows.where(CityReport.state == APPROVED).limit(1)).first()
