"""Letters: put into the outbox inside a transaction, sent by the worker after it.

A letter may be sent twice after a crash, never lost; both copies carry the same Message-ID (reliability.md 0.6).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from core import clock, db, outbox
from core.i18n import N_, Text
from core.settings import Settings

NOT_SET = N_("TRYGGPLATS_SMTP_URL är inte satt: brevet väntar.")
AWAY = N_("E-postservern svarar inte: {error}")
ANSWERED = N_("E-postservern svarade {code} {words}")
REASONS = (NOT_SET, AWAY, ANSWERED)
"""Why a letter waits or is given up, as the outbox keeps it."""
SECONDS = 20
PERMANENT = 500
PORTS = {"smtp": 25, "smtps": 465}


def put_letter(to: str, subject: str, text: str) -> UUID:
    """Send a plain letter after this transaction's commit; return the task's uid."""
    return outbox.put("letter", _payload(to, subject, text))


def put_once(uid: UUID, to: str, subject: str, text: str) -> None:
    """Send a letter after this transaction's commit, unless one has been asked for under the same uid."""
    if not outbox.known([uid]):
        outbox.put("letter", _payload(to, subject, text), uid=uid)


def put_daily(to: str, day: date, subject: str, text: str) -> UUID:
    """Send the letter of `day` to an address: there is one at most, and whenever it is sent it is the same.

    Its uid, and so its Message-ID, is made of address and day. Whoever writes it asks `written` first.
    """
    return outbox.put("letter", _payload(to, subject, text), uid=daily(to, day))


def written(letters: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the daily `letters` that have been written."""
    return outbox.known(letters)


def daily(to: str, day: date) -> UUID:
    """Return the uid of the letter of `day` to an address."""
    return db.uid_of(f"letter {to.strip().lower()} {day.isoformat()}")


def _payload(to: str, subject: str, text: str) -> dict[str, str]:
    return {"to": to, "subject": subject, "text": text, "at": clock.now().isoformat()}


@outbox.handler("letter")
def send(task: outbox.Claimed, database: db.Database) -> None:
    """Hand the letter to the mail server; give up what it refuses for good, wait for everything else.

    Only its word on the recipient or on the letter itself is about this letter. A wrong password, a sender that it
    does not like, a server that is closed: that is about all letters, and somebody will mend it.
    """
    settings = database.settings
    if stay(settings):
        return
    if not settings.smtp_url:
        raise outbox.WaitLonger(NOT_SET)
    letter = _letter(task, settings)
    try:
        server = _server(urlsplit(settings.smtp_url))
        try:
            server.send_message(letter)
        finally:
            _leave(server)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise outbox.WaitLonger(_answer(error.smtp_code, error.smtp_error)) from error
    except (OSError, ValueError) as error:  # nobody there, or an address or password that smtplib cannot use
        raise outbox.WaitLonger(Text(AWAY, error=error)) from error


def stay(settings: Settings) -> bool:
    """Whether letters stay in the house, to be read there: those of a demo that has no mail server."""
    return settings.env == "demo" and not settings.smtp_url


def _letter(task: outbox.Claimed, settings: Settings) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = settings.mail_from
    letter["To"] = task.payload["to"]
    letter["Subject"] = " ".join(task.payload["subject"].split())
    at = task.payload.get("at")  # when it was written: sent again it is the same letter
    letter["Date"] = format_datetime(clock.local(datetime.fromisoformat(at) if at else clock.now()))
    letter["Message-ID"] = f"<{task.uid}@{settings.mail_from.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(task.payload["text"], charset="utf-8")
    return letter


def _server(address: SplitResult) -> smtplib.SMTP:
    host, port = address.hostname or "localhost", address.port or PORTS.get(address.scheme, 25)
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if address.username:
            if address.scheme == "smtp":
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye. Whatever the server answers, or whether it does, is nothing to a letter that it has taken."""
    with suppress(OSError):
        server.quit()
    server.close()


def _refusal(code: int, answer: bytes | str) -> outbox.Hopeless | outbox.WaitLonger:
    """Return what a refused letter means: 5xx is for good, anything else for now."""
    return (outbox.Hopeless if code >= PERMANENT else outbox.WaitLonger)(_answer(code, answer))


def _answer(code: int, answer: bytes | str) -> str:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return Text(ANSWERED, code=code, words=words)
