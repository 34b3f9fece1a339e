"""A mail server that keeps every letter it is sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session


class LetterBox:
    """What was sent to `url`; with `answer` set, letters are answered so and not kept (`451 försök senare`)."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.letters: list[EmailMessage] = []
        self.answer = ""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        content: Any = envelope.original_content
        self.letters.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def letter_box() -> Iterator[LetterBox]:
    """A mail server of the test's own."""
    from aiosmtpd.controller import Controller

    box = LetterBox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=int(box.url.rpartition(":")[2]))
    controller.start()
    yield box
    controller.stop()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
