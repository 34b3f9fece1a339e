"""Letters: at least once, with one Message-ID, and no fault of the mail server loses one (reliability.md D4, D5)."""

import socketserver
from threading import Thread

import pytest
from sqlalchemy import select

from core import outbox
from core.letters import put_letter
from core.testing.letters import free_port
from core.worker import Worker

pytestmark = pytest.mark.other_database_long

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


def test_a_letter_refused_for_now_waits_until_it_is_taken(send, letter_box, clock):
    clock.stop_at("2027-02-06T12:00")
    letter_box.answer = "451 försök senare"
    task = send(letter_box.url)
    for _ in range(12):
        clock.pass_by(hours=4)
        task = send(letter_box.url, put=False)
    assert (task.state, task.attempts) == ("waiting", 0)
    assert "451" in task.error
    letter_box.answer = ""
    clock.pass_by(minutes=5)
    assert send(letter_box.url, put=False).state == "done"
    assert len(letter_box.letters) == 1


def test_a_letter_refused_for_good_is_given_up_with_the_reason(send, letter_box):
    letter_box.answer = "550 no such user"
    task = send(letter_box.url)
    assert (task.state, task.attempts) == ("failed", 1)
    assert "550" in task.error
    assert "no such user" in task.error


class Postmaster(socketserver.ThreadingTCPServer):
    """A mail server that answers each command as the test says; "" is what it says first, "." after a letter."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.url = f"smtp://127.0.0.1:{self.server_address[1]}"
        self.answers = {"DATA": "354 kom", "EHLO": "250-x\r\n250 AUTH PLAIN", "QUIT": "221 hej"}
        self.letters = 0


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self._answer("")
        for line in self.rfile:
            command = line.split()[0].decode().upper()
            self._answer(command)
            if command == "DATA":
                while self.rfile.readline() != b".\r\n":
                    pass
                self.server.letters += 1
                self._answer(".")
            if command == "QUIT":
                return

    def _answer(self, command):
        default = "220 x" if command == "" else "250 x"
        self.wfile.write(self.server.answers.get(command, default).encode() + b"\r\n")


@pytest.fixture
def postmaster():
    with Postmaster() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("", "554 closed"),
        ("MAIL", "530 who are you"),
        ("MAIL", "550 not from you"),
        ("RCPT", "450 full"),
        (".", "452 full"),
    ],
)
def test_what_the_server_has_against_all_letters_makes_them_wait(send, postmaster, clock, command, answer):
    clock.stop_at("2027-02-06T12:00")
    postmaster.answers[command] = answer
    task = send(postmaster.url)
    for _ in range(10):
        clock.pass_by(hours=4)
        task = send(postmaster.url, put=False)
    assert (task.state, task.attempts, task.error) == ("waiting", 0, f"E-postservern svarade {answer}")
    del postmaster.answers[command]
    clock.pass_by(minutes=5)
    assert send(postmaster.url, put=False).state == "done"


def test_a_wrong_password_makes_letters_wait_until_it_is_put_right(send, postmaster, clock, monkeypatch):
    clock.stop_at("2027-02-06T12:00")
    monkeypatch.setattr("smtplib.SMTP.starttls", lambda *_, **__: None)  # the server has no certificate to show
    postmaster.answers["AUTH"] = "535 wrong password"
    address = postmaster.url.replace("//", "//tryggplats:fel@")
    task = send(address)
    assert (task.state, task.attempts, task.error) == ("waiting", 0, "E-postservern svarade 535 wrong password")
    postmaster.answers["AUTH"] = "235 welcome"
    clock.pass_by(minutes=5)
    assert send(address, put=False).state == "done"


@pytest.mark.parametrize(("command", "answer"), [("RCPT", "550 nobody here"), (".", "554 spam")])
def test_a_refused_recipient_or_letter_is_given_up(send, postmaster, command, answer):
    postmaster.answers[command] = answer
    task = send(postmaster.url)
    assert (task.state, task.error) == ("failed", f"E-postservern svarade {answer}")


def test_a_letter_that_was_taken_is_not_sent_again_for_a_rude_goodbye(send, postmaster):
    postmaster.answers["QUIT"] = "421 go away"
    assert send(postmaster.url).state == "done"
    assert postmaster.letters == 1


def test_an_address_that_cannot_be_one_makes_letters_wait(send):
    task = send("smtp://127.0.0.1:tjugofem")
    assert (task.state, task.attempts) == ("waiting", 0)
