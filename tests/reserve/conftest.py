"""What the tests of the reserve share: a programme, two who see to its money, and a year with a frame."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from core import access, clock
from core.access import Actor
from core.reserve.models import Programme
from core.reserve.services import book
from core.reserve.services.programmes import load_programmes, programmes
from tests.applications.deciding import decided
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["decided", "queries", "scene"]

YEAR = 2027


@dataclass
class Money:
    """The programme, and who proposes and who confirms."""

    programme: Programme
    economist: Actor
    other: Actor

    def propose(self, amount, *, year=YEAR, kind="kf_budget", by=None, **facts):
        known = {"uid": uuid4(), "programme": self.programme.uid, "decision": "KF § 12"} | facts
        return book.propose(by or self.economist, kind=kind, year=year, amount=amount, **known)

    def frame(self, amount, *, year=YEAR, kind="kf_budget"):
        """Book a frame by two persons."""
        return book.confirm(self.other, self.propose(amount, year=year, kind=kind).uid)

    def grant(self, *lines, organisation=None, kind="beslut", **facts):
        """Book what a committee has granted: (year, kronor) each."""
        known = {"uid": uuid4(), "matter": uuid4(), "number": "TI-2027-001", "decision": "KSU § 7"} | facts
        booked = [book.Line(year, "beviljat", amount) for year, amount in lines]
        people = {"by": self.economist, "second": self.other, "organisation": organisation}
        return book.post(book.HOUSE, programme=self.programme, kind=kind, lines=booked, **people, **known)

    def stands(self, year=YEAR):
        [frame] = [one for one in book.frames_of(self.economist, self.programme) if one.year == year]
        return frame.amount, frame.granted


@pytest.fixture
def money(database, actors):
    economist, other = actors("slk_ekonom", "slk"), actors("slk_handlaggare", "slk")
    with database.transaction():
        load_programmes(access.system("seed"))
        found = programmes(clock.today())[0]
    return Money(found, economist, other)
