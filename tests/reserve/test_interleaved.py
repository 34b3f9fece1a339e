"""Two who grant, give back, lower, reallocate and carry over at the same time: granted stays within the frame."""

import threading
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import db, flow
from core.reserve.models import Entry, Frame
from core.reserve.services import Line, book
from tests.applications.deciding import HOUSE, programme

START = 1_000
MATTERS = (uuid4(), uuid4())
YEARS = count(2000, 2)
"""Two years for each example, so that none sees another's."""
BOTH = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

KRONOR = st.integers(1, 700)
ACTS = st.sampled_from(("grant", "give_back", "lower", "raise", "reallocate", "carry_over"))
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 1), KRONOR), min_size=1, max_size=6)


def lines_of(act, first, which, kronor):
    """What an act books, each booking a list of lines: kronor in one of two years."""
    year, other = first + which, first + 1 - which
    granted = Line(year, "beviljat", kronor)
    return {
        "grant": [("beslut", [granted])],
        "give_back": [("aterlamning", [Line(year, "beviljat", -kronor)])],
        "lower": [("minskning", [Line(year, "ram", -kronor)])],
        "raise": [("tillskott", [Line(year, "ram", kronor)])],
        "reallocate": [("omdisponering", [Line(year, "beviljat", -kronor)]), ("omdisponering", [granted])],
        "carry_over": [
            (
                "ombudgetering",
                [
                    Line(year, "beviljat", -kronor),
                    Line(year, "ram", -kronor),
                    Line(other, "ram", kronor),
                    Line(other, "beviljat", kronor),
                ],
            )
        ],
    }[act]


def do(bookings):
    for number, (kind, lines) in enumerate(bookings):
        known = {"uid": uuid4(), "programme": programme(), "kind": kind, "by": HOUSE, "matter": MATTERS[number]}
        book.post(HOUSE, lines=lines, **known)


def work(database, first, steps, barrier, done):
    """Take the steps one after the other, each in a transaction of its own, in step with the other."""
    for act, which, kronor in steps:
        barrier.wait()
        bookings = lines_of(act, first, which, kronor)
        try:
            with database.transaction():
                do(bookings)
        except flow.Refused:
            continue
        done.extend(line for _, lines in bookings for line in lines)


@pytest.mark.long
@pytest.mark.timeout(600)
@given(one=STEPS, two=STEPS)
@BOTH
def test_whatever_the_order_granted_stays_within_the_frame(database, one, two):
    first = next(YEARS)
    done = []
    with database.transaction():
        do([("tillskott", [Line(first, "ram", START)]), ("tillskott", [Line(first + 1, "ram", START)])])
    length = max(len(one), len(two))
    barrier = threading.Barrier(2, timeout=60)
    padded = [steps + [("raise", 0, 1)] * (length - len(steps)) for steps in (one, two)]
    results = [[], []]
    threads = [
        threading.Thread(target=work, args=(database, first, steps, barrier, told))
        for steps, told in zip(padded, results, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    done = [*results[0], *results[1]]
    with database.transaction(write=False):
        for frame in db.session().scalars(select(Frame).where(Frame.year.in_((first, first + 1)))):
            assert 0 <= frame.granted <= frame.amount
            for account, stands in (("ram", frame.amount), ("beviljat", frame.granted)):
                rows = select(func.coalesce(func.sum(Entry.amount), 0)).filter_by(frame_id=frame.id, account=account)
                begun = START if account == "ram" else 0
                booked = sum(line.amount for line in done if (line.year, line.account) == (frame.year, account))
                assert stands == db.session().scalar(rows) == begun + booked, "what was answered is what stands"
