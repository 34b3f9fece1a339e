"""How the reports that come in are answered: how many, and after how many days, counted by hand (domain.md 10.7)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from core import clock as core_clock
from core.people.services import organisation
from core.upkeep.period import Period
from core.walks import services
from core.walks.models import Observation, ObservationEvent, Report
from core.walks.services.reports_in import Told, take_in
from tests.walks.scene import at

pytestmark = pytest.mark.other_database_long

DAY = timedelta(days=1)
MARCH = Period(date(2027, 3, 1), date(2027, 3, 31))


@pytest.fixture
def came(database, scene, clock):
    """Let a report come in on a day of March, answered after so many days: `came(3, after=2)`; the last state."""
    clock.stop_at("2027-05-01T12:00")
    begun = core_clock.now().replace(month=3, day=1, hour=11)

    def came(day, *, after=None, state="atgardad", kind="belysning", level=1, undone=False, closed=False):
        reported = begun + (day - 1) * DAY
        told = Told(
            "Tyck till",
            f"TT-{uuid4()}",
            reported_at=reported,
            closed_at=reported + after * DAY if closed else None,
        )
        with database.transaction() as session:
            spot = services.Position(**at(500, 500), accuracy_m=5)
            seen = take_in(scene.leader, uid=uuid4(), told=told, kind=kind, position=spot)
            if not closed:
                row = update(Observation).where(Observation.id == seen.id)
                session.execute(row.values(state=state if after is not None else "mottagen", level=level))
            if after is not None and not closed:
                for days in (after, after + 9):  # answered, and answered once more: the first one counts
                    known = {"observation_id": seen.id, "kind": "planera", "state": "planerad"}
                    session.add(ObservationEvent(at=reported + days * DAY, **known))
            if undone:
                row = update(Report).where(Report.observation_id == seen.id)
                session.execute(row.values(undone_at=core_clock.now()))

    return came


def rates(database, actor, period=MARCH):
    with database.transaction(write=False):
        found = services.answer_rates(actor, period)
    return {one.name: (one.count, one.answered, one.share, one.days) for one in found}


def test_the_share_that_is_answered_and_the_median_of_the_days(database, scene, came, actors):
    """Of the lights four answered after 1, 2, 6 and 30 days, and two not; of the rest four after 0, 1, 8 and 12."""
    for day, after in ((1, 1), (5, 2), (9, 6), (30, 30), (31, None), (12, None)):
        came(day, after=after)
    for after in (8, 0, 1):
        came(4, after=after, kind="skrap_dumpning")
    came(8, after=12, closed=True, kind="skrap_dumpning")
    with database.transaction() as session:
        board = organisation("sdn-farsta").id
        litter = update(Observation).where(Observation.kind == "skrap_dumpning")
        session.execute(litter.values(organisation_id=board))
    told = rates(database, scene.leader)
    assert told == {"Trafiknämnden": (6, 4, 67, 4.0), "Farsta stadsdelsnämnd": (4, 4, 100, 4.5)}
    assert rates(database, actors("sdn_samordnare", "sdn-jarva")) == {}


def test_what_is_none_to_answer_is_not_counted(database, scene, came):
    """Another month's, a duplicate, an undone one, a protected one; what was taken back is not answered."""
    came(1, after=3)
    came(-3, after=1)
    came(32, after=1)
    came(2, after=1, state="dubblett")
    came(2, after=1, undone=True)
    came(2, after=1, level=3)
    came(2, after=1, state="mottagen")
    assert rates(database, scene.leader) == {"Trafiknämnden": (2, 1, 50, 3.0)}


def test_the_page_tells_it_for_a_time(scene, came, client):
    came(1, after=3)
    came(2)
    client.login(scene.leader)
    page = client.get("/inkomna-rapporter?fran=2027-03-01&till=2027-03-31").text
    part = page.partition('id="svar"')[2]
    for words in ("Trafiknämnden", "3,0", "Besvarade, %", ">50<"):
        assert words in part, words
    assert "Inga rapporter kom in under tiden." in client.get("/inkomna-rapporter?fran=2027-04-01").text
    wrong = client.get("/inkomna-rapporter?fran=2027-04-01&till=2027-03-01")
    assert (wrong.status_code, "Sista dagen ska inte ligga före den första." in wrong.text) == (422, True)
