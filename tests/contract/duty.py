"""What the small city has of duties: a lägesbild and a plan that were decided, a samordnare, and a tertial in ILS."""

from datetime import date, timedelta

from sqlalchemy import select

from core import clock, db
from core.duties.models import CoordinationFunction, IlsGoal, IlsLine, IlsReport, IlsVerdict
from core.duties.services import coordination, ils, ils_goals, plans, reports
from core.people import services as people


def dutiful(house, leader, board):
    """Return by uid, in the order of World, what there is of them for one board."""
    home = people.organisation(board)
    return home.uid, *_coordinated(house, home), *_planned(house, home), *_steered(house, leader, home)


def _coordinated(house, home):
    function = db.session().scalar(select(CoordinationFunction.uid))
    since = {"mandate": "Samordnar.", "valid_from": date(2026, 1, 1)}
    if function is None:
        decided = {"title": "Funktionen", "mailbox": "a@b.example", "decided_on": date(2026, 1, 1), "decided_by": "KS"}
        made = coordination.decide_function(house, uid=db.new_uid(), organisation=home.uid, **since, **decided)
        function = made.uid
    known = {"organisation": home.uid, "title": "Samordnare"}
    return function, coordination.appoint(house, uid=db.new_uid(), **known, **since).uid


def _planned(house, home):
    days = {"first_on": date(2025, 1, 1), "last_on": date(2025, 12, 31)}
    report = reports.begin_report(house, uid=db.new_uid(), title="Lägesbild", **days)
    source = reports.add_source(house, report.uid, source=db.new_uid(), kind="egen", name="Prov")
    table = reports.add_table(house, report.uid, table=db.new_uid(), title="Prov", source="", cells="a;b\n1;2")
    for key in ("brottslighet", "konsekvenser", "platser", "analys"):
        reports.write_section(house, report.uid, key, text="Prov")
    decided = {"decided_on": date(2026, 1, 1), "decided_by": "KS", "decision": "§ 1"}
    reports.approve_report(house, report.uid, **decided)
    plan = plans.begin_plan(house, report.uid, uid=db.new_uid(), title="Plan")
    facts = {"text": "Lysa", "section": "platser", "ends_on": clock.today() + timedelta(days=99)}
    measure = plans.add_measure(house, plan.uid, uid=db.new_uid(), organisation=home.uid, **facts)
    plans.decide_plan(house, plan.uid, **decided)
    return report.uid, source.uid, table.uid, plan.uid, measure.uid


def _steered(house, leader, home):
    city = db.session().scalar(select(IlsGoal.uid).where(IlsGoal.number == "1.1"))
    if city is None:
        ils_goals.add_city_goal(house, uid=db.new_uid(), year=2027, number="1", text="Tryggt")
        made = ils_goals.add_city_goal(house, uid=db.new_uid(), year=2027, number="1.1", text="Ljust", under="1")
        city = made.uid
    known = {"organisation": home.uid, "year": 2027, "number": "1.1.1", "text": "Ljusare", "parent": city}
    goal = ils_goals.add_board_goal(leader, uid=db.new_uid(), **known)
    known = {"text": "Andel", "unit": "%", "target": 5.0, "direction": "hogre"}
    indicator = ils_goals.add_indicator(leader, goal.uid, uid=db.new_uid(), **known)
    activity = ils_goals.add_activity(leader, goal.uid, uid=db.new_uid(), text="Gå")
    [report] = ils.open_reports(house, year=2027, period="T2", organisations=[home.uid])
    line = select(IlsLine.uid).where(IlsLine.indicator_id == indicator.id)
    verdict = select(IlsVerdict.uid).join(IlsReport).where(IlsReport.id == report.id)
    of_report = db.session().scalar(line), db.session().scalar(verdict)
    return city, goal.uid, report.uid, *of_report, indicator.uid, activity.uid
