"""Fifty decisions at once for more than is left, in two web processes: exactly what fits holds (design.md 10)."""

import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from core import db, journal, outbox
from core.applications.models import GrantDecision
from core.applications.services import deciding, granting
from core.reserve.models import Booking, Frame
from tests.applications.deciding import add_application, decided, put_frame
from tests.applications.test_deciding import round_of
from tests.kill.wire import Line
from tests.walks.scene import scene

__all__ = ["decided", "scene"]

MANY, EACH, FITS = 50, 100, 30


def recorded(database, decided):
    """Record that fifty applications get 100 kr each, when that still fits for each of them alone."""
    uids = []
    with database.transaction():
        put_frame(2030, FITS * EACH + EACH // 2)
        for number in range(MANY):
            row = add_application(round_of(decided), title=f"Bänk {number}", sought={2030: EACH}, proposed={})
            known = {"application": row.uid, "outcome": "beviljad", "amounts": {2030: EACH}, "paragraph": "1"}
            uids.append(deciding.record(decided.secretary, uid=uuid4(), meeting=decided.meeting, **known).uid)
    return uids


def confirm(line, uid):
    return line.send("POST", f"/api/v1/decisions/{uid}/moves", {"move": "bekrafta"}, **{"If-Match": '"1"'}).status


def all_at_once(line, uids):
    """Let each be confirmed twice at the same time, as from two tabs; return the answers."""
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda uid: confirm(line, uid), [uid for uid in uids for _ in range(2)]))


def stands(database):
    """What is granted, how many decisions hold, how many bookings and letters there are of them."""
    with database.transaction(write=False) as session:
        held = session.scalars(select(GrantDecision).where(GrantDecision.state == "bekraftad")).all()
        letters = outbox.known(granting.letter_of(row) for row in held)
        bookings = session.scalar(select(func.count()).select_from(Booking).where(Booking.kind == "beslut"))
        granted = session.scalars(select(Frame.granted).where(Frame.year == 2030)).one()
    return granted, len(held), bookings, len(letters)


def deadlocks(database):
    with database.transaction(write=False) as session:
        return session.scalar(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.one_database("postgres")
def test_what_fits_holds_and_what_was_refused_gets_the_rest(installation, decided, database, actors):
    uids, token = recorded(database, decided), actors.token(decided.second)
    installation.start()
    line, pids = Line(installation.url, token), installation.processes
    before = deadlocks(database)
    answers = all_at_once(line, uids)
    assert set(answers) <= {200, 409}, "refused as over the frame, in words"
    assert answers.count(200) == 2 * FITS, "and the same press from the other tab is the same decision"
    assert stands(database) == (FITS * EACH, FITS, FITS, FITS)
    with database.transaction():
        put_frame(2030, (MANY - FITS) * EACH - EACH // 2)
    answers = all_at_once(line, uids)
    assert set(answers) <= {200, 409}
    assert stands(database) == (MANY * EACH, MANY, MANY, MANY), "the refused ones have exactly the rest"
    sys.stdout.write(
        f"processes (parent, web, two of them at work, worker) {pids}, deadlocks {deadlocks(database) - before}\n"
    )
    assert deadlocks(database) == before
    with database.transaction(write=False):
        assert list(journal.verify()) == []
        assert db.session().scalar(select(func.count()).select_from(GrantDecision)) == MANY
    assert installation.stop() == 0
