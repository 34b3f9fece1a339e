"""What the tests of letters share: mailboxes, and a worker that sends what is due into a mail server of the test's."""

import pytest
from sqlalchemy import select, update

from core import outbox
from core.people.models import Organisation
from core.worker import Worker

TRAFIK, FARSTA = "skotsel@trafik.example", "skotsel@farsta.example"
BOXES = {"trafik": f"Registrator: registrator@trafik.example\nSkötsel: {TRAFIK}", "sdn-farsta": f"Skötsel: {FARSTA}"}


@pytest.fixture
def boxes(database):
    """Two organisations with a function mailbox."""
    with database.transaction() as session:
        for code, contacts in BOXES.items():
            session.execute(update(Organisation).where(Organisation.code == code).values(contacts=contacts))


@pytest.fixture
def send(database, letter_box, boxes):
    """Let a worker do its job and send what is due; return the letters that have come since, by address."""
    object.__setattr__(database.settings, "smtp_url", letter_box.url)

    def send():
        before = len(letter_box.letters)
        worker = Worker(database.settings)
        worker.run_once(keys=["upkeep:letters"])
        worker.close()
        return {letter["To"]: letter for letter in letter_box.letters[before:]}

    return send


def read(letter):
    """The text of a letter, with line feeds."""
    return letter.get_content().replace("\r\n", "\n")


def waiting(database):
    """How many letters and other tasks wait."""
    with database.transaction(write=False) as session:
        return len(session.scalars(select(outbox.Task).where(outbox.Task.state != "done")).all())
