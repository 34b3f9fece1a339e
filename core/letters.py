"""Letters: put into the outbox inside a transaction, sent by the worker after it.

A letter may be sent twice after a crash, never lost; both copies carry the same Message-ID (reliability.md 0.6).
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from core import clock, db, outbox
from core.settings import Settings

SECONDS = 20
PERMANENT = 500
PORTS = {"smtp": 25, "smtps": 465}


def put_letter(to: str, subject: str, text: str) -> UUID:
    """Send a plain letter after this transaction's commit; return the task's uid."""
    return outbox.put("letter", {"to": to, "subject": subject, "text": text})


@outbox.handler("letter")
def send(task: outbox.Claimed, database: db.Database) -> None:
    """Hand the letter to the mail server; wait while there is none, give up what it refuses for good."""
    settings = database.settings
    if not settings.smtp_url:
        raise outbox.WaitLonger("TRYGGPLATS_SMTP_URL är inte satt: brevet väntar.")
    letter = _letter(task, settings)
    try:
        with _server(urlsplit(settings.smtp_url)) as server:
            server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        _refused(*next(iter(error.recipients.values())))
    except smtplib.SMTPResponseException as error:
        _refused(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise outbox.WaitLonger(f"E-postservern svarar inte: {error}") from error


def _letter(task: outbox.Claimed, settings: Settings) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = settings.mail_from
    letter["To"] = task.payload["to"]
    letter["Subject"] = " ".join(task.payload["subject"].split())
    letter["Date"] = format_datetime(clock.local(clock.now()))
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


def _refused(code: int, answer: bytes | str) -> None:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    reason = f"E-postservern svarade {code} {words}"
    if code >= PERMANENT:
        raise outbox.Hopeless(reason)
    raise RuntimeError(reason)
