"""The book of the reserve: the database itself keeps granted within the frame, whoever asks (design.md 10)."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from core import db, flow
from core.reserve.models import Booking, Entry, Frame
from core.reserve.services import Over, book
from core.schema import Invalid
from tests.applications.deciding import HOUSE, programme, put_frame


@pytest.fixture
def frame(database):
    """A frame of 1 000 kr in 2030."""
    with database.transaction():
        put_frame(2030, 1_000)
        return db.session().scalars(select(Frame.id)).one()


def grant(amount, **facts):
    known = {"uid": uuid4(), "programme": programme(), "kind": "beslut", "by": HOUSE, "matter": uuid4()} | facts
    return book.post(HOUSE, lines=[book.Line(2030, "beviljat", amount)], **known)


def stands(database):
    with database.transaction(write=False):
        return db.session().execute(select(Frame.amount, Frame.granted).where(Frame.year == 2030)).one()


def test_what_is_granted_stays_within_the_frame(database, frame):
    with database.transaction():
        grant(700)
    with database.transaction(), pytest.raises(Over) as over:
        grant(301)
    assert (over.value.year, over.value.over) == (2030, 1)
    with database.transaction():
        grant(300)
    assert tuple(stands(database)) == (1_000, 1_000)
    with database.transaction(), pytest.raises(Over):
        put_frame(2030, -1, "minskning")
    with database.transaction(), pytest.raises(flow.Refused):
        grant(-1_001)


ENTRY = (
    "INSERT INTO ledger_entry (booking_id, frame_id, account, amount, at) "
    "SELECT id, {frame}, '%s', %d, booked_at FROM booking LIMIT 1"
)
FRAME = (
    "INSERT INTO frame (uid, programme_id, year, amount, granted) "
    "SELECT '5f4dcc3b5aa765d61d8327deb882cf99', id, 2031, %d, 0 FROM programme LIMIT 1"
)
BY_HAND = [
    ENTRY % ("beviljat", 1_001),
    ENTRY % ("beviljat", -1),
    ENTRY % ("ram", -1_001),
    "UPDATE ledger_entry SET amount = 5000",
    "UPDATE ledger_entry SET account = 'prognos'",
    "DELETE FROM ledger_entry",
    "UPDATE frame SET amount = 5000",
    "UPDATE frame SET granted = 1",
    "UPDATE frame SET granted = -1",
    "DELETE FROM frame",
    FRAME % 1,
]


def test_by_hand_too_what_fits_is_counted(database, frame):
    """So that the next test fails for the reason that it says."""
    with database.transaction():
        db.session().execute(text((ENTRY % ("beviljat", 1_000)).format(frame=frame)))
        db.session().execute(text(FRAME % 0))
    assert tuple(stands(database)) == (1_000, 1_000)


@pytest.mark.parametrize("statement", BY_HAND)
def test_no_hand_of_its_own_writes_over_it(database, frame, statement):
    """Each of them past every service of ours, as somebody at the database's own prompt would."""
    with pytest.raises(DBAPIError), database.transaction():
        db.session().execute(text(statement.format(frame=frame)))
    assert tuple(stands(database)) == (1_000, 0)
    with database.transaction(write=False):
        assert db.session().scalar(select(func.sum(Entry.amount))) == 1_000


def test_the_same_booking_again_is_the_same_and_another_under_its_uid_is_not(database, frame):
    known = {"uid": uuid4(), "matter": uuid4()}
    with database.transaction():
        assert grant(100, **known).id == grant(100, **known).id
        with pytest.raises(db.Conflict):
            grant(200, **known)
    assert tuple(stands(database)) == (1_000, 100)


def test_more_money_takes_two_persons_and_a_decision(database, frame, actors):
    first, second = actors("slk_ekonom", "slk"), actors("slk_ekonom", "slk")
    with database.transaction():
        known = {"uid": uuid4(), "programme": programme().uid, "year": 2030, "decision": "KF 2030-01-01 § 1"}
        row = book.propose(first, kind="tillskott", amount=500, **known)
        with pytest.raises(flow.Refused, match="Någon annan"):
            book.confirm(first, row.uid)
    assert tuple(stands(database)) == (1_000, 0)
    with database.transaction():
        book.confirm(second, row.uid, version=row.version)
    with database.transaction():
        book.confirm(second, row.uid, version=1)  # the same press again
        with pytest.raises(flow.Refused):
            book.confirm(first, row.uid)
    assert tuple(stands(database)) == (1_500, 0)
    with database.transaction(), pytest.raises(Invalid):
        book.propose(first, **(known | {"uid": uuid4(), "kind": "beslut", "amount": 1}))


def test_a_wrong_booking_is_met_by_a_counter_entry(database, frame, actors):
    first, second = actors("slk_ekonom", "slk"), actors("slk_ekonom", "slk")
    with database.transaction():
        wrong = db.session().scalars(select(Booking)).one()
        made = book.propose_correction(first, wrong.uid, uid=uuid4(), reason="Fel år")
        book.confirm(second, made.uid)
    assert tuple(stands(database)) == (0, 0)
    with database.transaction(), pytest.raises(flow.Refused, match="redan rättad"):
        book.propose_correction(first, wrong.uid, uid=uuid4(), reason="Fel igen")


@pytest.fixture
def two(actors):
    """Who proposes and who confirms."""
    return actors("slk_ekonom", "slk"), actors("slk_ekonom", "slk")


@pytest.fixture
def propose_budget(two):
    def propose(amount=1_000):
        known = {"uid": uuid4(), "programme": programme().uid, "decision": "KF 2030-01-01 § 1"}
        return book.propose(two[0], kind="kf_budget", year=2030, amount=amount, **known)

    return propose


def correct(database, two, wrong):
    """Propose a correction, for the other to confirm."""
    with database.transaction():
        return book.propose_correction(two[0], wrong.uid, uid=uuid4(), reason="Fel belopp").uid


def test_a_correction_that_only_waits_makes_no_room_for_a_second_budget(database, two, propose_budget):
    with database.transaction():
        first = propose_budget()
    with database.transaction(), pytest.raises(Invalid, match="väntar redan på bekräftelse"):
        propose_budget()
    with database.transaction():
        book.confirm(two[1], first.uid)
    with database.transaction(), pytest.raises(Invalid, match="eller rätta den bokningen"):
        propose_budget()
    correction = correct(database, two, first)
    with database.transaction(), pytest.raises(Invalid, match="rättelsen väntar på bekräftelse"):
        propose_budget()
    with database.transaction():
        book.confirm(two[1], correction)
        book.confirm(two[1], propose_budget(900).uid)
    assert tuple(stands(database)) == (900, 0)


def test_a_year_never_gets_two_budgets_however_they_were_proposed(database, two, propose_budget):
    """Also where a correction is corrected in its turn, so that the budget that it met counts again."""
    with database.transaction():
        first = propose_budget()
        book.confirm(two[1], first.uid)
    correction = correct(database, two, first)
    with database.transaction():
        book.confirm(two[1], correction)
        second, [wrong] = propose_budget(900), db.session().scalars(select(Booking).where(Booking.uid == correction))
    again = correct(database, two, wrong)
    with database.transaction():
        book.confirm(two[1], again)
    with database.transaction(), pytest.raises(flow.Refused, match="två budgetar"):
        book.confirm(two[1], second.uid)
    assert tuple(stands(database)) == (1_000, 0)
