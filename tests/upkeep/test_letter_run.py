"""A letter run under what may happen to it: kills, two workers, clocks that jump, nights of 23 and 25 hours (T1, D21).

No letter is lost, none comes more than twice, a repeat is the same letter, and each day's letters are asked for once.
"""

import os
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select, update

from core import clock as core_clock
from core import outbox
from core.people.models import Organisation
from core.testing.letters import LetterBox, free_port
from core.worker import Worker
from tests.machine.conftest import start_child, together
from tests.upkeep.letters import TRAFIK, boxes, read, send
from tests.walks.scene import at, square

__all__ = ["boxes", "send", "start_child", "together"]

ANSWERING = ("trafik", "exploatering", "utbildning", "miljo", "social", "stadsbyggnad")


class Killing(LetterBox):
    """A mail server that kills who sends while it holds the letter, before it has said that it has it."""

    def __init__(self, port):
        super().__init__(port)
        self.victim, self.after, self.killed = None, 0, Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        said = await super().handle_DATA(server, session, envelope)
        if self.victim is not None and len(self.letters) >= self.after:
            with suppress(ProcessLookupError):
                os.kill(self.victim, 9)
            self.victim = None
            self.killed.set()
            return "451 never read"
        return said


@pytest.fixture
def killing():
    from aiosmtpd.controller import Controller

    box = Killing(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=int(box.url.rpartition(":")[2]))
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def many(database, scene, plan, boxes, clock):
    """Six organisations with mailboxes, each with something new."""
    clock.stop_at("2027-03-01T12:00")
    with database.transaction() as session:
        for number, code in enumerate(ANSWERING):
            contacts = f"Skötsel: skotsel@{code}.example"
            session.execute(update(Organisation).where(Organisation.code == code).values(contacts=contacts))
            scene.control("belysning_agare", code, part=square(400 + 20 * number, 450, 10))
    for number in range(len(ANSWERING)):
        spot = at(405 + 20 * number, 455)
        plan("dagar", core_clock.now(), point={"type": "Point", "coordinates": [spot["longitude"], spot["latitude"]]})
    return {f"skotsel@{code}.example" for code in ANSWERING}


@pytest.fixture
def worker_at(settings, killing, start_child):
    """Start a worker as an operator does, whose clock begins at a moment."""

    def start(moment):
        for name, value in {"now": moment, "smtp_url": killing.url}.items():
            object.__setattr__(settings, name, value)
        return start_child("-P", "-m", "core.cli", "worker")

    return start


@pytest.mark.long
def test_a_worker_killed_twice_in_the_middle_of_the_letters_loses_none(database, many, killing, worker_at):
    began = datetime(2027, 3, 2, 6, 5, tzinfo=core_clock.STOCKHOLM)
    for number, after in enumerate((2, 5)):
        killing.killed.clear()
        child = worker_at(began + timedelta(minutes=2 * number))
        killing.after, killing.victim = after, child.pid
        assert killing.killed.wait(60)
        child.wait(10)
    last = worker_at(began + timedelta(minutes=4))
    wait_until(lambda: settled(database))
    last.terminate()
    last.wait(30)
    came = Counter(letter["To"] for letter in killing.letters)
    assert set(came) >= many, "none is lost"
    assert max(came.values()) <= 2
    assert sum(came.values()) - len(came) <= 4, "two kills, each with at most two letters on their way"
    copies = {(letter["To"], letter["Message-ID"], letter["Date"], read(letter)) for letter in killing.letters}
    assert len(copies) == len(came), "a repeat is the same letter"
    assert asked_for(database) == ["2027-03-02"]


def settled(database):
    with database.transaction(write=False) as session:
        tasks = select(outbox.Task.state).where(outbox.Task.kind.in_(("letter", "upkeep:letters")))
        states = session.scalars(tasks).all()
    return len(states) > 1 and set(states) == {"done"}


def wait_until(done):
    """Wait for what another process does."""
    end, pause = core_clock.monotonic() + 60, Event()
    while not done():
        assert core_clock.monotonic() < end
        pause.wait(0.1)


def asked_for(database):
    """The days whose letters were asked for, each as often as it was."""
    with database.transaction(write=False) as session:
        tasks = session.scalars(select(outbox.Task.payload).where(outbox.Task.kind == "upkeep:letters"))
        return sorted(payload["day"] for payload in tasks)


def test_two_workers_send_each_letter_once(database, many, letter_box, together, clock):
    object.__setattr__(database.settings, "smtp_url", letter_box.url)
    clock.stop_at("2027-03-02T06:00")
    workers = [Worker(database.settings) for _ in range(2)]
    together(lambda worker: worker.run_once(keys=["upkeep:letters"]), workers)
    for worker in workers:
        worker.run_once(keys=["upkeep:letters"])
        worker.close()
    came = Counter(letter["To"] for letter in letter_box.letters)
    assert set(came) >= many
    assert set(came.values()) == {1}
    assert asked_for(database) == ["2027-03-02"]


def test_a_clock_that_goes_back_an_hour_and_forward_a_day_repeats_nothing_and_loses_nothing(
    database, plan, send, clock, letter_box
):
    planned, told = [], []

    def at_(moment):
        clock.stop_at(moment)
        told.extend(read(letter) for letter in send().values())

    def new():
        planned.append(str(plan("dagar", core_clock.now()).uid))

    clock.stop_at("2027-03-01T12:00")
    new()
    at_("2027-03-02T06:10")
    new()
    at_("2027-03-02T05:10")  # back an hour
    at_("2027-03-02T06:10")
    at_("2027-03-03T06:10")  # forward a day
    new()
    at_("2027-03-02T07:00")  # and back
    at_("2027-03-03T06:30")
    at_("2027-03-04T06:30")
    assert [sum(uid in text.partition("Nytt hos er")[2] for text in told) for uid in planned] == [1, 1, 1]
    assert len({letter["Message-ID"] for letter in letter_box.letters}) == len(letter_box.letters) == 3
    assert asked_for(database) == ["2027-03-02", "2027-03-03", "2027-03-04"]


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25"])
@pytest.mark.other_database_long
def test_over_a_night_of_23_or_25_hours_each_letter_goes_once(database, plan, send, clock, sunday):
    clock.stop_at(f"{sunday}T00:00")
    plan("dagar", core_clock.now())
    came = []
    for _ in range(33):  # every hour, as time really passes, past Monday at six
        came += send().values()
        clock.pass_by(hours=1)
    assert [letter["To"] for letter in came] == [TRAFIK]
    monday = (datetime.fromisoformat(sunday) + timedelta(days=1)).date().isoformat()
    assert asked_for(database) == [monday]


def test_a_mail_server_that_is_away_delays_the_letters_of_two_days(database, plan, send, clock, letter_box):
    clock.stop_at("2027-03-02T06:00")
    plan("dagar", core_clock.now())
    letter_box.answer = "451 senare"
    assert send() == {}
    clock.stop_at("2027-03-03T06:00")
    plan("dagar", core_clock.now())
    assert send() == {}
    letter_box.answer = ""
    clock.pass_by(minutes=10)
    send()
    days = [letter["Subject"].partition(":")[0] for letter in letter_box.letters]
    assert days == ["Tryggplats 2027-03-02", "Tryggplats 2027-03-03"]
