"""How the demo city stands with the law, and what two boards report in ILS, by the people of the demo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.duties.law import BOARDS
from core.duties.models import IlsActivity, IlsGoal, IlsIndicator, IlsLine, IlsReport, IlsVerdict
from core.duties.services import clocks, coordination, ils, ils_goals, plans, reports
from core.people.models import Organisation
from core.people.services import organisation
from core.places.services import rows_of
from core.roles import ROLES
from core.upkeep.counting import after_months
from core.upkeep.demo import Story, begin, on, somebody

APPROVED, DECIDED = -19, -16
"""Months from today when the lägesbild was approved, so that five are left, and when the plan was decided."""
ENDED = "sdn-skarpnack"
"""The board whose samordnare has ended."""
BY = "Kommunstyrelsen"
REPORT, PLAN = db.uid_of("demo lägesbild"), db.uid_of("demo åtgärdsplan")


def fill() -> None:
    """Let somebody coordinate everywhere but in one board, a lägesbild and a plan be decided, and tertials be told."""
    story = begin()
    today = clock.today()
    story.add(on(-3 * 365), _coordinate)
    approved, decided = after_months(today, APPROVED), after_months(today, DECIDED)
    story.add(_at(approved - timedelta(days=60)), _write_report)
    story.add(_at(approved), partial(_approve, approved))
    story.add(_at(decided - timedelta(days=20)), _write_plan)
    story.add(_at(decided), partial(_decide, decided))
    for warned in clocks.warning_days(approved).values():
        story.add(_at(warned), clocks.warn_of_what_runs_out)
    story.add(on(-40), _end_one)
    story.add(on(-6), _give_results)
    _steer(story, today)
    story.tell()


def _at(day: date) -> datetime:
    return on((day - clock.today()).days)


def _city() -> Actor:
    return somebody("slk_handlaggare", "slk")


# --- The law --------------------------------------------------------------------------------------------------------


def _coordinate() -> None:
    """Give the city its function, and every board and company a samordnare."""
    today = clock.today()
    decided = {"decided_on": today, "decided_by": BY, "decision": "Demo, § 3", "valid_from": today}
    coordination.decide_function(
        _city(),
        uid=db.uid_of("demo samordningsfunktion"),
        organisation=organisation("slk").uid,
        title="Stadsledningskontorets funktion för brottsförebyggande arbete",
        mandate="Samordnar kommunens brottsförebyggande arbete, kallar till möten och är kontakt för polis och Brå.",
        mailbox="trygghet.slk@tryggplats.example",
        **decided,
    )
    rows = select(Organisation).where(Organisation.kind.in_(BOARDS), Organisation.valid_to.is_(None))
    for home in db.session().scalars(rows.order_by(Organisation.code)).all():
        coordination.appoint(
            _city(),
            uid=db.uid_of(f"demo samordnare {home.code}"),
            organisation=home.uid,
            title=ROLES["sdn_samordnare"]
            if home.kind == "stadsdelsnamnd"
            else "Samordnare för brottsförebyggande arbete",
            mandate="Leder samverkan i egna frågor och får lova åtgärder inom budget.",
            mailbox=f"trygghet.{home.code}@tryggplats.example",
            share={"stadsdelsnamnd": 100, "facknamnd": 50}.get(home.kind, 25),
            decision="Demo, § 5",
            valid_from=today,
        )


def _end_one() -> None:
    home = db.uid_of(f"demo samordnare {ENDED}")
    coordination.end_coordinator(_city(), home, on=clock.today())


def _write_report() -> None:
    today = clock.today()
    days = {"first_on": date(today.year - 2, 1, 1), "last_on": date(today.year - 1, 12, 31)}
    title = f"Lägesbild över brottsligheten {days['first_on'].year}–{days['last_on'].year}"
    reports.begin_report(_city(), uid=REPORT, title=title, **days)
    for row in rows_of("demo_city_report.csv"):
        reports.write_section(_city(), REPORT, row["key"], text=row["text"])
    for number, (kind, name, lacks) in enumerate(
        (
            ("polis", "Anmälda brott per stadsdel", "Visar bara det som anmäls."),
            ("matning", "Trygghetsmätningen", "Görs vart tredje år."),
            ("egen", "Tyck till", "Samma sak rapporteras ofta flera gånger."),
        )
    ):
        known = {"kind": kind, "name": name, "lacks": lacks, "period": str(days["last_on"].year)}
        reports.add_source(_city(), REPORT, source=db.uid_of(f"demo källa {number}"), **known)
    table = {"title": "Vandringar per stadsdel", "source": "Tryggplats", "cells": "Stadsdel;Antal\nFarsta;6\nJärva;8"}
    reports.add_table(_city(), REPORT, table=db.uid_of("demo tabell"), **table)
    reports.move_report(_city(), REPORT, "remittera")


def _approve(day: date) -> None:
    reports.approve_report(_city(), REPORT, decided_on=day, decided_by=BY, decision="Demo, § 12")


def _write_plan() -> None:
    plans.begin_plan(_city(), REPORT, uid=PLAN, title="Åtgärdsplan mot brott")
    decided = after_months(clock.today() + timedelta(days=20), -DECIDED)  # the day on which the demo is made
    for number, row in enumerate(rows_of("demo_plan_measures.csv")):
        home = organisation(row["organisation"]).uid
        ends = decided + timedelta(days=int(row["days"]))
        facts: dict[str, Any] = {
            "text": row["text"],
            "section": row["section"],
            "function": row["function"],
            "ends_on": ends,
            "measure": _of_cycle(row["measure"]),
        }
        plans.add_measure(_city(), PLAN, uid=_measure(number), organisation=home, **facts)


def _measure(number: int) -> UUID:
    return db.uid_of(f"demo planåtgärd {number}")


def _of_cycle(name: str) -> UUID | None:
    """Return a goal or a measure of the demo's cycles: "rinkeby mål 2"."""
    return db.uid_of(f"demo samverkan {name}") if name else None


def _decide(day: date) -> None:
    plans.decide_plan(_city(), PLAN, decided_on=day, decided_by=BY, decision="Demo, § 20")


def _give_results() -> None:
    for number, row in enumerate(rows_of("demo_plan_measures.csv")):
        if row["result"]:
            plans.give_result(_city(), _measure(number), result=row["result"], why=row["why"])


# --- ILS ------------------------------------------------------------------------------------------------------------


def _steer(story: Story, today: date) -> None:
    """Let two boards report the second tertial that ended last: one has closed it, the other is not done."""
    year = today.year if today > ils.term(today.year, "T2").data_on else today.year - 1
    ended = ils.term(year, "T2").data_on
    story.add(_at(date(year, 1, 15)), partial(_set_goals, year))
    story.add(_at(ended + timedelta(days=1)), partial(_open, year))
    story.add(_at(ended + timedelta(days=2)), _report_all)
    story.add(_at(ended + timedelta(days=12)), _close)


def _boards() -> list[str]:
    return list(dict.fromkeys(row["board"] for row in rows_of("demo_ils.csv")))


def _set_goals(year: int) -> None:
    for row in rows_of("demo_city_goals.csv"):
        uid = db.uid_of(f"demo kf-mål {row['number']}")
        ils_goals.add_city_goal(_city(), uid=uid, year=year, **row)
    for row in rows_of("demo_ils.csv"):
        keeper, goal = somebody("sdn_samordnare", row["board"]), _goal(row)
        above = db.uid_of(f"demo kf-mål {row['number'].rpartition('.')[0]}")
        facts: dict[str, Any] = {"year": year, "number": row["number"], "text": row["goal"], "parent": above}
        ils_goals.add_board_goal(keeper, uid=goal, organisation=organisation(row["board"]).uid, **facts)
        what: dict[str, Any] = {"text": row["indicator"], "unit": row["unit"], "direction": row["direction"]}
        what |= {"target": float(row["target"]), "measured_by": _of_cycle(row["cycle_goal"])}
        ils_goals.add_indicator(keeper, goal, uid=db.new_uid(), **what)
        measure = _of_cycle(row["cycle_measure"])
        ils_goals.add_activity(keeper, goal, uid=db.new_uid(), text=row["activity"], measure=measure)


def _goal(row: Mapping[str, str]) -> UUID:
    return db.uid_of(f"demo nämndmål {row['board']} {row['number']}")


def _open(year: int) -> None:
    homes = [organisation(code).uid for code in _boards()]
    ils.open_reports(_city(), year=year, period="T2", organisations=homes)


def _report_all() -> None:
    for row in rows_of("demo_ils.csv"):
        keeper, goal = somebody("sdn_samordnare", row["board"]), _goal(row)
        of = select(IlsLine.uid).join(IlsIndicator).join(IlsGoal, IlsGoal.id == IlsIndicator.ils_goal_id)
        numbers: dict[str, Any] = {name: float(row[name]) if row[name] else None for name in ("outcome", "forecast")}
        line = db.session().scalars(of.where(IlsGoal.uid == goal)).one()
        ils.write_indicator(keeper, line, comment=row["comment"], **numbers)
        of = select(IlsLine.uid).join(IlsActivity).join(IlsGoal, IlsGoal.id == IlsActivity.ils_goal_id)
        line = db.session().scalars(of.where(IlsGoal.uid == goal)).one()
        ils.write_activity(keeper, line, status=row["status"], deviation=row["deviation"])
        if row["verdict"]:
            judged = select(IlsVerdict.uid).join(IlsGoal).where(IlsGoal.uid == goal)
            ils.judge(keeper, db.session().scalars(judged).one(), verdict=row["verdict"])


def _close() -> None:
    """Let the board that has judged all its goals close the tertial."""
    board = _boards()[0]
    rows = select(IlsReport.uid).join(Organisation).where(Organisation.code == board)
    ils.move_report(somebody("sdn_samordnare", board), db.session().scalars(rows).one(), "stang")
