"""What the web server itself refuses, before our code is asked: the same words and look as our own error pages."""

from __future__ import annotations

from http import HTTPStatus
from socket import socket

from gunicorn import util

from core.http.machine import static_url

WORDS = {
    414: ("Adressen är för lång", "Gå tillbaka och gör ett mindre val, till exempel färre filter."),
    431: ("Webbläsaren skickade för mycket", "Ta bort kakorna för Tryggplats i webbläsaren och försök igen."),
    500: ("Något gick fel hos oss", "Det du skrev är inte sparat. Gå tillbaka och försök igen."),
}
OTHERWISE = ("Det gick inte att läsa", "Gå tillbaka med webbläsarens knapp och försök igen. Inget är sparat.")
# The one page outside templates/ui that writes classes of the design system: gunicorn answers here of itself, without
# our application and its templates, and perhaps because just that cannot be had.
PAGE = """<!doctype html>
<html lang="sv" data-color-scheme="auto"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Tryggplats</title><link rel="stylesheet" href="{sheet}"></head>
<body data-size="sm" data-color="accent"><main><div class="tp-wrap tp-read tp-stack">
<h1>{title}</h1><p>{text}</p><p><a class="ds-link" href="/">Till Start</a></p></div></main></body></html>
"""


def write_error(sock: socket, status_int: int, reason: str, mesg: str) -> None:  # noqa: ARG001 - gunicorn's own names
    """Answer as gunicorn does, in words for people; what it says of the fault is in the log."""
    title, text = WORDS.get(status_int, OTHERWISE)
    body = PAGE.format(title=title, text=text, sheet=static_url("app.css")).encode()
    head = (
        f"HTTP/1.1 {status_int} {HTTPStatus(status_int).phrase}",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        "Content-Security-Policy: default-src 'none'; style-src 'self'; font-src 'self'",
        "X-Content-Type-Options: nosniff",
        f"Content-Length: {len(body)}",
    )
    util.write_nonblock(sock, "\r\n".join(head).encode() + b"\r\n\r\n" + body)


def install() -> None:
    """Let gunicorn in this process answer so; it has no setting for that."""
    util.write_error = write_error
