"""The municipality's lägesbild over crime (kind kommunlag): sections, sources, tables, and how it was approved (Z9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.duties.models.coordination import EDIT, READ
from core.flow import Flowing
from core.people.models import Organisation

DRAFT, OUT, APPROVED, REPLACED = "utkast", "remiss", "godkand", "ersatt"


class CityReport(Flowing, Identified, Versioned, Once, Base):
    """A lägesbild of the municipality. Approved it holds until `valid_until`, the last day of its frist.

    `warned` is how many months were left when whoever answers was reminded last.
    """

    __tablename__ = "city_report"
    __table_args__ = (Index("ix_city_report_state", "state", "id"),)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    first_on: Mapped[date]
    last_on: Mapped[date]
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20))
    decided_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decision: Mapped[str] = mapped_column(String(120), default="")
    valid_until: Mapped[date | None]
    warned: Mapped[int | None]
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class CitySection(Versioned, Base):
    """One of the twelve sections of a lägesbild."""

    __tablename__ = "city_section"
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("city_report.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(String(20_000), default="")


class CitySource(Identified, Base):
    """A source of a lägesbild: what it is, of which time, and what it cannot answer (`lacks`)."""

    __tablename__ = "city_source"
    __table_args__ = (Index("ix_city_source_report_id", "report_id", "id"),)
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("city_report.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    period: Mapped[str] = mapped_column(String(60), default="")
    lacks: Mapped[str] = mapped_column(String(500), default="")


class CityTable(Identified, Base):
    """A table in the appendix of a lägesbild: the first of its `rows` is the heading; cells are texts."""

    __tablename__ = "city_table"
    __table_args__ = (Index("ix_city_table_report_id", "report_id", "id"),)
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("city_report.id"))
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(300), default="")
    rows: Mapped[list[list[str]]] = mapped_column(JSON)


def seen_when_out(model: Any) -> Any:
    """Return a row rule: who writes sees all, everybody else in the city what is no draft."""

    def rule(actor: Actor, permission: str) -> ColumnElement[bool]:
        writes = access.within(actor, EDIT if permission == READ else permission, model.organisation_id)
        out: ColumnElement[bool] = access.within(actor, READ, model.organisation_id) & (model.state != DRAFT)
        return writes | out if permission == READ else writes

    return rule


access.visible_to(CityReport, READ)(seen_when_out(CityReport))


def _of_reports(model: Any) -> None:
    @access.visible_to(model, READ)
    def _with_its_report(actor: Actor, permission: str) -> ColumnElement[bool]:
        rows = select(CityReport.id).where(access.rule_of(CityReport, actor, permission))
        found: ColumnElement[bool] = model.report_id.in_(rows)
        return found


for part in (CitySection, CitySource, CityTable):
    _of_reports(part)
