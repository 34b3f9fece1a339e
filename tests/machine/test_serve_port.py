"""`tryggplats serve` on a port that somebody else has: refused in words, never taken for us (reliability.md D15)."""

import socket
from dataclasses import replace
from threading import Timer

import pytest

from core import serve
from core.settings import Settings
from core.testing.letters import free_port


@pytest.fixture
def settings(tmp_path):
    return Settings(env="test", data_dir=tmp_path, port=free_port()).completed()


def test_a_port_that_another_service_has_is_refused_in_words(settings, monkeypatch):
    monkeypatch.setattr(serve, "PORT_SECONDS", 0.3)
    told = []
    refused = pytest.raises(serve.CannotServe, match=rf"{settings.host}:{settings.port} .*TRYGGPLATS_PORT")
    with socket.create_server((settings.host, settings.port)), refused:
        serve.serve(settings, with_worker=False, ready=lambda: told.append("up"))
    assert told == []


def test_a_port_that_is_let_go_of_meanwhile_is_waited_for(settings):
    """A parent that was killed leaves its children the port for some seconds."""
    left = socket.create_server((settings.host, settings.port))
    leaving = Timer(0.5, left.close)
    leaving.start()
    serve.wait_for_port(settings)
    assert left.fileno() == -1, "it has been let go of"
    leaving.join()
    with socket.create_server((settings.host, settings.port)):
        pass


def test_an_address_that_this_machine_does_not_have_is_refused_at_once(settings):
    with pytest.raises(serve.CannotServe, match=r"192\.0\.2\.1"):
        serve.wait_for_port(replace(settings, host="192.0.2.1"))
