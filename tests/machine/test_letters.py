"""Letters: at least once, with one Message-ID, and no fault of the mail server loses one (reliability.md D4, D5)."""

import pytest
from sqlalchemy import select

from core import outbox
from core.letters import put_letter
from core.testing.letters import free_port
from core.worker import Worker

SUBJECT = "Frist går ut\r\nBcc: alla@x.example"
"""With a header of another's in it."""


@pytest.fixture
def send(database):
    """Put a letter and let a worker send it through a mail server; return the task as it is afterwards."""

    def send(smtp_url, *, put=True):
        object.__setattr__(database.settings, "smtp_url", smtp_url)
        if put:
            with database.transaction():
                put_letter("drift@tryggplats.example", SUBJECT, "Hej!\n\nÅtgärda på Torget.\n")
        worker = Worker(database.settings)
        worker.run_once(keys=())
        worker.close()
        with database.transaction(write=False) as session:
            return session.scalars(select(outbox.Task)).one()

    return send


def test_a_letter_arrives_as_it_was_written(send, letter_box):
    task = send(letter_box.url)
    (letter,) = letter_box.letters
    assert task.state == "done"
    assert letter["To"] == "drift@tryggplats.example"
    assert letter["Subject"] == "Frist går ut Bcc: alla@x.example"
    assert letter["Bcc"] is None
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == "Hej!\n\nÅtgärda på Torget.\n"
    assert letter["Message-ID"] == f"<{task.uid}@localhost>"


def test_a_letter_sent_again_after_a_crash_has_the_same_message_id(send, letter_box, database):
    task = send(letter_box.url)
    with database.transaction() as session:
        session.get(outbox.Task, task.id).state = "waiting"  # the crash came before the task was noted as done
    send(letter_box.url, put=False)
    assert len({letter["Message-ID"] for letter in letter_box.letters}) == 1
    assert len(letter_box.letters) == 2


def test_without_a_mail_server_letters_wait(send, letter_box, clock):
    clock.stop_at("2027-02-01T12:00")
    task = send("")
    assert (task.state, task.attempts) == ("waiting", 0)
    assert "TRYGGPLATS_SMTP_URL" in task.error
    clock.pass_by(minutes=5)
    assert send(letter_box.url, put=False).state == "done"


def test_a_mail_server_that_is_down_all_weekend_loses_nothing(send, letter_box, clock):
    clock.stop_at("2027-02-06T12:00")
    nobody = f"smtp://127.0.0.1:{free_port()}"
    task = send(nobody)
    for _ in range(12):
        clock.pass_by(hours=4)
        task = send(nobody, put=False)
    assert (task.state, task.attempts) == ("waiting", 0)
    clock.pass_by(minutes=5)
    assert send(letter_box.url, put=False).state == "done"


def test_a_letter_refused_for_now_is_tried_again(send, letter_box, clock):
    clock.stop_at("2027-02-01T12:00")
    letter_box.answer = "451 försök senare"
    task = send(letter_box.url)
    assert (task.state, task.attempts) == ("waiting", 1)
    assert "451" in task.error
    letter_box.answer = ""
    clock.pass_by(seconds=5)
    assert send(letter_box.url, put=False).state == "done"
    assert len(letter_box.letters) == 1


def test_a_letter_refused_for_good_is_given_up_with_the_reason(send, letter_box):
    letter_box.answer = "550 no such user"
    task = send(letter_box.url)
    assert (task.state, task.attempts) == ("failed", 1)
    assert "550" in task.error
    assert "no such user" in task.error
