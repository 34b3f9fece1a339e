"""What the tests of the follow-up share: a programme with frames, and applications of Farsta that have money."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from core.access import Actor
from core.applications.services import applications
from core.people.services import organisation
from core.reserve.services import book
from tests.reserve.conftest import Money, money
from tests.walks.conftest import queries

__all__ = ["money", "queries"]

YEAR = 2027


@dataclass
class Granted:
    """Farsta's applications, who writes them, and who decides about money."""

    money: Money
    writer: Actor
    chief: Actor
    committee: Actor

    def application(self, amount=4_000_000, *, year=YEAR, code="", board="sdn-farsta"):
        """An application that is being carried out, with money of one year."""
        writer = self.writer
        known = {"organisation": board, "programme": self.money.programme.uid, "title": "Ljusare torg"}
        made = applications.begin_application(writer, uid=uuid4(), **known)
        made.state, made.project_code = "genomfors", code
        made.begun_at -= timedelta(days=400)
        line = [book.Line(year, "beviljat", amount)]
        about = {"matter": made.uid, "number": made.number, "organisation": organisation(board).id}
        programme = self.money.programme
        book.post(book.HOUSE, uid=uuid4(), programme=programme, kind="beslut", lines=line, by=self.committee, **about)
        return made


@pytest.fixture
def granted(database, money, actors):
    with database.transaction():
        money.frame(10_000_000)
        money.frame(10_000_000, year=YEAR + 1)
    writer, chief = actors("sdn_handlaggare"), actors("forv_chef")
    return Granted(money, writer, chief, actors("ksu_sekr", "slk"))
