"""Who is reminded of an order reads of it in the day's letter, whoever answers for its frister."""

from datetime import date

import pytest
from sqlalchemy import select, update

from core.flow import Refused
from core.people.models import Organisation
from core.people.services import organisation
from core.upkeep import services as upkeep
from core.upkeep.models import Reminder
from core.works import services
from tests.upkeep.letters import boxes, read, send
from tests.works.conftest import CONTRACTOR

__all__ = ["boxes", "send"]

pytestmark = pytest.mark.other_database_long

DOES = "jour@entreprenor.example"


@pytest.fixture
def reached(database):
    """The contractor has a function mailbox."""
    with database.transaction() as session:
        theirs = update(Organisation).where(Organisation.code == CONTRACTOR)
        session.execute(theirs.values(contacts=f"Skötsel: {DOES}"))


def remind(database, sides, order):
    with database.transaction():
        services.remind(sides.orderer, order)


def test_who_does_an_order_reads_the_reminder_in_the_letter_of_the_day(
    database, clock, sides, ordered, move, send, reached, settings
):
    clock.stop_at("2027-03-01T10:00")  # a Monday
    first, second = ordered(priority="p3"), ordered(priority="p4", title="Måla räcket")
    move(sides.doer, second, "kvittera")  # nothing more has a time
    for order in (first, second):
        remind(database, sides, order)
    with pytest.raises(Refused, match="redan påmint"):
        remind(database, sides, first)
    clock.stop_at("2027-03-02T06:05")
    text = read(send()[DOES])
    assert "Andra väntar på er (2)" in text
    assert (
        f"- AO-00001: Laga lyktan. Sista dag är 2027-03-04.\n  {settings.base_url}/arbeten/{first}\n"
        f"- AO-00002: Måla räcket.\n  {settings.base_url}/arbeten/{second}\n"
    ) in text
    remind(database, sides, first)
    clock.stop_at("2027-03-02T15:00")
    assert send() == {}, "one letter a day, whatever comes after it"
    with database.transaction():
        assert upkeep.put_letters(date(2027, 3, 2)) == 0
    clock.stop_at("2027-03-03T06:05")
    assert "Andra väntar på er (1)" in read(send()[DOES]), "it waited"


def test_what_waits_no_longer_is_not_told(database, clock, sides, ordered, move, send, reached):
    clock.stop_at("2027-03-01T10:00")
    made = ordered(priority="p3")
    remind(database, sides, made)
    move(sides.doer, made, "overlamna", reason="Inte vårt.")
    with database.transaction(write=False) as session:
        assert session.scalars(select(Reminder.id).where(Reminder.subject_uid == made)).all() == []
    with pytest.raises(Refused, match="väntar inte på den"):
        remind(database, sides, made)
    clock.stop_at("2027-03-02T06:05")
    assert DOES not in send()


def test_what_is_restricted_is_not_named_and_who_has_no_mailbox_is_known(database, clock, sides, ordered, send, actors):
    clock.stop_at("2027-03-01T10:00")
    made = ordered(priority="p3", level=2)
    remind(database, sides, made)
    sysadmin = actors("sysadmin", "slk")
    with database.transaction(write=False):
        assert organisation(CONTRACTOR) in upkeep.unreached(sysadmin)
    with database.transaction() as session:
        session.execute(update(Organisation).where(Organisation.code == CONTRACTOR).values(contacts=f"Chef: {DOES}"))
    clock.stop_at("2027-03-02T06:05")
    text = read(send()[DOES])
    assert ("Laga lyktan" in text, "Det finns också 1 ärende som inte får stå i brev" in text) == (False, True)


def test_a_late_order_is_reminded_of_from_what_waits_for_others(database, clock, sides, ordered, client):
    clock.stop_at("2027-03-01T10:00")
    late, soon = ordered(priority="p1"), ordered(priority="p3")
    clock.pass_by(hours=6)
    client.login(sides.orderer)
    page = client.get("/att-gora?visa=andra").text
    assert (f"/arbeten/{late}/paminn" in page, f"/arbeten/{soon}/paminn" in page) == (True, False)
    assert client.submit(f"/arbeten/{late}/paminn", {}, page="/att-gora?visa=andra").status_code == 303
