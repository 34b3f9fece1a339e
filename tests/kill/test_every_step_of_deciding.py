"""Recording and confirming a decision, killed at every statement: all of it is there or nothing, and again does it."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import db, journal, outbox
from core.applications.models import Allocation, Application, ApplicationEvent, GrantDecision
from core.applications.services import deciding, granting
from core.reserve.models import Booking, Entry, Frame
from core.upkeep.models import Deadline
from tests.applications.deciding import FRAMES, PROPOSED, decided
from tests.kill.test_every_step import dies

__all__ = ["decided"]

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def recorded(database):
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(GrantDecision)), len(
            session.scalars(select(Allocation)).all()
        )


def held(database, decided, uid):
    """What there is of a decision that holds."""
    with database.transaction(write=False) as session:
        application = decided.row()
        granted = {frame.year: frame.granted for frame in session.scalars(select(Frame).where(Frame.year.in_(FRAMES)))}
        row = session.scalars(select(GrantDecision).where(GrantDecision.uid == uid)).one()
        moved = select(ApplicationEvent.id).where(ApplicationEvent.kind == "bevilja_delvis")
        return {
            "decision": row.state == "bekraftad",
            "booking": session.scalar(select(Booking.id).where(Booking.kind == "beslut")) is not None,
            "entries": len(session.scalars(select(Entry.id).where(Entry.matter == application.uid)).all()) == 2,
            "frames": granted == PROPOSED,
            "application": session.scalar(select(Application.state).where(Application.uid == application.uid))
            != "forslag",
            "event": session.scalar(moved) is not None,
            "frist": session.scalar(select(Deadline.id).where(Deadline.subject_uid == application.uid)) is not None,
            "letter": bool(outbox.known([granting.letter_of(row)])),
            "plan": row.plan_by is not None,
        }


def in_a_transaction(database, act):
    def done():
        with database.transaction():
            act()

    return done


def test_record_a_decision(database, decided):
    states, number, died = [], 0, True
    known = decided.said() | {"uid": uuid4()}
    act = in_a_transaction(database, lambda: deciding.record(decided.secretary, **known))
    while died:
        number += 1
        died = dies(database, number, act)
        states.append(recorded(database))
        assert states[-1] in ((0, 0), (1, 2)), f"half of it is there after step {number}"
        if states[-1] == (1, 2):
            break
    assert number > 10
    act()
    assert recorded(database) == (1, 2)
    print(f"killed at {number} steps")  # noqa: T201 - pytest shows it when asked
    with database.transaction(write=False):
        assert list(journal.verify()) == []


def test_confirm_a_decision(database, decided):
    with database.transaction():
        uid = decided.record().uid
    number, died, found = 0, True, {}
    act = in_a_transaction(database, lambda: deciding.confirm(decided.second, uid))
    while died:
        number += 1
        died = dies(database, number, act)
        found = held(database, decided, uid)
        assert len(set(found.values())) == 1, f"half of it is there after step {number}: {found}"
        if found["decision"]:
            break
    assert number > 30
    assert died, "killed between the commit and the answer, it is there"
    act()
    assert all(held(database, decided, uid).values())
    print(f"killed at {number} steps")  # noqa: T201 - pytest shows it when asked
    with database.transaction(write=False):
        assert db.session().scalar(select(func.count()).select_from(Booking).where(Booking.kind == "beslut")) == 1
        assert list(journal.verify()) == []
