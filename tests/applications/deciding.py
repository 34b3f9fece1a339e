"""A round that waits for its decisions: applications with costs, proposals and promises, a frame, and a held meeting.

Rows are put in as they stand then: how they come there is told by the tests of the parts before this one.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.applications.models import (
    Application,
    ApplicationMeasure,
    ApplicationPlace,
    CostLine,
    Promise,
    Proposal,
    Round,
)
from core.applications.services import applications, deciding, meetings
from core.people.services import organisation
from core.places.models import Place
from core.reserve.models import Programme
from core.reserve.services import book

HOUSE = access.system("test")
DAY = timedelta(days=1)
SOUGHT = {2027: 3_800_000, 2028: 2_250_000}
PROPOSED = {2027: 2_800_000, 2028: 1_200_000}
FRAMES = {2027: 13_450_000, 2028: 4_700_000}


@dataclass
class Deciding:
    """Who records and who confirms, the round, its meeting, and the application of Farsta (domain.md 13.1)."""

    secretary: Actor
    second: Actor
    economist: Actor
    applicant: Actor
    round: UUID
    meeting: UUID
    application: UUID

    def record(self, **facts):
        """Record that a part is granted, as it is proposed, unless told otherwise."""
        return deciding.record(self.secretary, **(self.said() | facts))

    def said(self):
        """What is recorded: 4 000 000 kr of 6 050 000, over two years."""
        return {
            "uid": uuid4(),
            "meeting": self.meeting,
            "application": self.application,
            "outcome": "delvis_beviljad",
            "amounts": PROPOSED,
            "paragraph": "14",
            "motive_text": "Utegymmet väntar.",
            "conditions": "Samråd med räddningstjänsten.",
        }

    def granted(self, **facts):
        """Record and confirm it."""
        return deciding.confirm(self.second, self.record(**facts).uid)

    def row(self):
        """The application as it stands."""
        return db.session().scalars(select(Application).where(Application.uid == self.application)).one()


@pytest.fixture
def decided(database, scene, actors):
    secretary, second = actors("ksu_sekr", "slk"), actors("slk_handlaggare", "slk")
    economist, applicant = actors("slk_ekonom", "slk"), actors("forv_chef", "sdn-farsta")
    with database.transaction():
        for year, amount in FRAMES.items():
            put_frame(year, amount)
        organisation("sdn-farsta").contacts = "Nämnd: namnd.farsta@tryggplats.example"
        the_round = add_round()
        application = add_application(the_round, place=scene.place)
        held_on = clock.today()
        meeting = meetings.add_meeting(secretary, uid=uuid4(), of_round=the_round.uid, programme=None, held_on=held_on)
        meetings.move_meeting(secretary, meeting.uid, "hall")
        return Deciding(secretary, second, economist, applicant, the_round.uid, meeting.uid, application.uid)


def programme():
    return db.session().scalars(select(Programme).where(Programme.code == "TRYGG")).one()


def put_frame(year, amount, kind="tillskott"):
    """Let the frame of a year get so much more, or less."""
    line = book.Line(year, "ram", amount)
    return book.post(HOUSE, uid=uuid4(), programme=programme(), kind=kind, lines=[line], by=HOUSE, decision="KF § 1")


def add_round(**facts):
    now = clock.now()
    known = {"year": now.year, "number": 1, "opens_at": now - 60 * DAY, "closes_at": now - 30 * DAY}
    known |= {"state": "fryst", "frozen": None} | facts
    row = Round(uid=uuid4(), content=b"", programme_id=programme().id, **known)
    db.session().add(row)
    db.session().flush()
    return row


def add_application(
    of_round, *, sought=SOUGHT, proposed=PROPOSED, place=None, title="Stieg Trenters torg", board="sdn-farsta"
):
    """An application that waits for its decision: lamps that trafiknämnden looks after, and their promise."""
    row = applications.begin_application(HOUSE, uid=uuid4(), organisation=board, title=title, programme=programme().uid)
    row.round_id, row.state, row.sought = of_round.id, "forslag", sum(sought.values())
    row.submitted_at = clock.now() - 30 * DAY
    for year, kronor in sought.items():
        db.session().add(CostLine(application_id=row.id, year=year, kind="entreprenad", amount=kronor))
    for year, kronor in (proposed or {}).items():
        db.session().add(Proposal(application_id=row.id, year=year, amount=kronor))
    if place is not None:
        key = db.session().scalars(select(Place.id).where(Place.uid == place)).one()
        db.session().add(ApplicationPlace(application_id=row.id, place_id=key))
    add_measure(row, "14 lyktor", amount=sum(sought.values()))
    db.session().flush()
    return row


def add_measure(application, text, *, amount=None, number=1, **promised):
    """Something built, with a whole promise unless told otherwise."""
    measure = ApplicationMeasure(
        application_id=application.id, number=number, kind="belysning_ny", text=text, amount=amount
    )
    db.session().add(measure)
    db.session().flush()
    known = {"owner_id": organisation("trafik").id, "standard": "Fel åtgärdas inom 5 arbetsdagar", "cost": 38_000}
    known |= {"first_after": 3, "every": 12} | promised
    db.session().add(Promise(application_id=application.id, measure_id=measure.id, **known))
    db.session().flush()
    return measure


def freeze(of_round, rows):
    """Freeze the order of a round: uid and proposal of each application, in their order."""
    told = [{"application": str(uid), "proposed": {str(y): k for y, k in given.items()}} for uid, given in rows]
    of_round.frozen = {"schema": 1, "rows": told}
    of_round.state = "fryst"
    db.session().flush()
