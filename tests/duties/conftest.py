"""What the tests of duties share: a municipality that meets the law, from its coordination function to its plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from core import clock as house_clock
from core.access import Actor
from core.duties.law import SECTIONS
from core.duties.services import coordination, plans, reports
from core.people.services import organisation
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["queries", "scene"]

NEEDED = ("brottslighet", "konsekvenser", "otrygghet", "analys")
"""Sections that together say what the law asks for."""
TODAY = "2027-03-01T09:00"


@dataclass
class Municipality:
    """Who writes for it."""

    city: Actor

    def function(self, **facts):
        known = {"title": "Samordningsfunktionen", "mandate": "Samordnar.", "mailbox": "brott@staden.example"}
        known |= {"decided_on": date(2024, 1, 10), "decided_by": "Kommunstyrelsen", "valid_from": date(2024, 1, 10)}
        home = organisation("slk").uid
        return coordination.decide_function(self.city, uid=uuid4(), organisation=home, **(known | facts))

    def report(self, *written, year=2027):
        """Begin a lägesbild of the two years before one, and write some of its sections."""
        days = {"first_on": date(year - 2, 1, 1), "last_on": date(year - 1, 12, 31)}
        found = reports.begin_report(self.city, uid=uuid4(), title=f"Lägesbild {year}", **days)
        for key in written:
            reports.write_section(self.city, found.uid, key, text=f"Om {SECTIONS[key].title.lower()}.")
        return found

    def approved(self, on=None, *written):
        report = self.report(*(written or NEEDED), year=(on or house_clock.today()).year)
        return self.approve(report.uid, on)

    def approve(self, uid: UUID, on=None):
        known = {"decided_on": on or house_clock.today(), "decided_by": "Kommunstyrelsen", "decision": "KS 2027/12"}
        return reports.approve_report(self.city, uid, **known)

    def plan(self, report, *measures):
        """Begin a plan with measures of Farsta."""
        made = plans.begin_plan(self.city, report.uid, uid=uuid4(), title="Åtgärdsplan")
        for text in measures or ("Belysa gångstråk",):
            self.measure(made, text)
        return made

    def measure(self, plan, text, **facts):
        known = {"section": "brottslighet", "ends_on": house_clock.today() + timedelta(days=300)}
        known |= {"organisation": organisation("sdn-farsta").uid}
        return plans.add_measure(self.city, plan.uid, uid=uuid4(), text=text, **(known | facts))

    def decided(self, report, on=None):
        plan = self.plan(report)
        known = {"decided_on": on or house_clock.today(), "decided_by": "Kommunstyrelsen", "decision": "§ 14"}
        return plans.decide_plan(self.city, plan.uid, **known)

    def appoint_everywhere(self, *, but=(), on=None):
        """Give every board and company a samordnare."""
        for key, _ in coordination.appointing(self.city):
            if UUID(key) not in {organisation(code).uid for code in but}:
                self.appoint(UUID(key), on)

    def appoint(self, uid, on=None, **facts):
        known = {"title": "Samordnare", "mandate": "Leder arbetet.", "share": 50}
        known |= {"valid_from": on or date(2024, 1, 1)}
        return coordination.appoint(self.city, uid=uuid4(), organisation=uid, **(known | facts))


@pytest.fixture
def municipality(database, actors, clock):
    """On a Monday in March."""
    clock.stop_at(TODAY)
    return Municipality(actors("slk_handlaggare", "slk"))
