"""What duties hands out: lägesbild, plan and the statement of the law's duties on paper, and the rows of ILS."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import access, clock, db
from core.access import Actor
from core.cooperation.models import MEASURE_RESULTS
from core.documents import About, Column, Content, kind, sheet
from core.duties.ils_text import COLUMNS, NUMBERS
from core.duties.law import LATE, MET, PARTS, SECTIONS, SOURCE_KINDS, STANDINGS
from core.duties.models.coordination import READ
from core.duties.models.ils import READ as ILS_READ
from core.duties.schemas.ils import IlsTableOptions
from core.duties.services import compliance, coordination, ils, plans, reports
from core.duties.states import ACTION_PLAN, CITY_REPORT
from core.i18n import N_, Text
from core.places import services as places


def _head(sender: str) -> dict[str, Any]:
    city = places.city(db.settings().city)
    return {"city": city.get("organisation", city["name"]), "sender": sender, "today": clock.today()}


def _about_report(actor: Actor, uid: UUID) -> About:
    report = reports.read_report(actor, uid).report
    return About(report.title, f"/lagkrav/lagesbilder/{uid}", report.level)


@kind(
    "duties:lagesbild",
    title=N_("Kommunens lägesbild"),
    needs=READ,
    about=_about_report,
    template="documents/city_report.html",
)
def report_on_paper(actor: Actor, uid: UUID) -> Content:
    """Gather a lägesbild: its sections, sources and tables, and how it was approved."""
    found = reports.read_report(actor, uid)
    report = found.report
    told: dict[str, Any] = {
        "report": report,
        "state": CITY_REPORT.states[report.state].label,
        "sections": [(kind, found.sections[key].text) for key, kind in SECTIONS.items()],
        "missing": [PARTS[part] for part in found.missing],
        "sources": found.sources,
        "source_kinds": SOURCE_KINDS,
        "tables": found.tables,
    }
    return Content(
        title=report.title,
        filename=f"lagesbild {report.number}",
        context=_head(report.organisation.name) | told,
        level=report.level,
    )


def _about_plan(actor: Actor, uid: UUID) -> About:
    plan = plans.read_plan(actor, uid).plan
    return About(plan.title, f"/lagkrav/atgardsplaner/{uid}", plan.level)


@kind(
    "duties:atgardsplan",
    title=N_("Kommunens åtgärdsplan"),
    needs=READ,
    about=_about_plan,
    template="documents/action_plan.html",
)
def plan_on_paper(actor: Actor, uid: UUID) -> Content:
    """Gather a plan for the decision, or with what its measures gave."""
    found = plans.read_plan(actor, uid)
    plan = found.plan
    told: dict[str, Any] = {
        "plan": plan,
        "state": ACTION_PLAN.states[plan.state].label,
        "measures": [(one, SECTIONS[one.section].title) for one in found.measures],
        "results": MEASURE_RESULTS,
    }
    return Content(
        title=plan.title,
        filename=f"atgardsplan {plan.number}",
        context=_head(plan.organisation.name) | told,
        level=plan.level,
    )


def _about_oneself(actor: Actor, uid: UUID) -> About:
    """The statement is of the municipality, as whoever asks reads it: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/lagkrav")


@kind(
    "duties:lagkrav",
    title=N_("Sammanställning av lagkraven"),
    needs=READ,
    about=_about_oneself,
    template="documents/law_statement.html",
)
def statement_on_paper(actor: Actor, _uid: UUID) -> Content:
    """Gather how each duty of the law stands today: one page."""
    found = compliance.statement(actor)
    holder = coordination.function_on(actor)
    told: dict[str, Any] = {
        "rows": found,
        "standings": STANDINGS,
        "met": sum(one.state == MET for one in found),
        "late": sum(one.state == LATE for one in found),
        "lacking": sum(one.state not in (MET, LATE) for one in found),
        "holder": holder,
    }
    sender = holder.organisation.name if holder else actor.organisation_name
    return Content(
        title=N_("Sammanställning av lagkraven"),
        filename=f"lagkraven {clock.today().isoformat()}",
        context=_head(sender) | told,
    )


def _about_ils(actor: Actor, uid: UUID) -> About:
    report = ils.read_report(actor, uid).report
    return About(f"{report.organisation.name}, {report.period} {report.year}", f"/ils/{uid}", report.level)


@kind(
    "duties:ils", title=N_("Uppföljning i ILS, som tabell"), needs=ILS_READ, about=_about_ils, options=IlsTableOptions
)
def ils_table(actor: Actor, uid: UUID, **_: Any) -> Content:
    """Gather the rows of a board's report, under the names that the city's own system has for its columns."""
    found = ils.read_report(actor, uid)
    report = found.report
    columns = [Column(name, "number" if name in NUMBERS else "text", 0 if name in NUMBERS else 24) for name in COLUMNS]
    return Content(
        title=Text(
            N_("ILS, {name}, {period} {year}"), name=report.organisation.name, period=report.period, year=report.year
        ),
        filename=f"ils {report.organisation.code} {report.year} {report.period}",
        sheet=sheet(columns, [row.cells() for row in found.rows]),
    )
