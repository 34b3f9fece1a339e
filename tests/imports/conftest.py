"""A file from another register, somebody who reads it in step by step, and the worker at home."""

import re

import pytest

from core.worker import Worker
from tests.walks.conftest import queries
from tests.walks.scene import at, scene

__all__ = ["queries", "scene"]

COLUMNS = "Ärende;Kategori;Kom in;Beskrivning;Latitud;Longitud;Adress;Skulle vara klart;Avslutad;Svar"


def spot(east, north):
    """A position in the scene, as a register writes it."""
    there = at(east, north)
    return [f"{there[name]:.6f}".replace(".", ",") for name in ("latitude", "longitude")]


def line(number, category="Belysning", came="2025-01-15 08:30", text="Mörkt", where=(500, 500), **more):
    """A row of such a file; `where` is metres from the corner of the scene, or two texts."""
    position = where if isinstance(where[0], str) else spot(*where)
    ends = [more.get(name, "") for name in ("address", "target", "closed", "answer")]
    return ";".join([number, category, came, text, *position, *ends])


def sheet(*lines, columns=COLUMNS):
    """The file, as an office saves it: UTF-8 with its mark, semicolons."""
    return ("\ufeff" + "\r\n".join([columns, *lines]) + "\r\n").encode()


class Reader:
    """Somebody at the API who reads files in."""

    def __init__(self, client, headers, work):
        self.client, self.headers, self.work = client, headers, work

    def send(self, file, source="Tyck till", kind="report", **more):
        """Send a file, and let the worker read it; return what it is then."""
        query = {"kind": kind, "source": source, "name": "rapporter.csv"} | more
        answer = self.client.post(
            "/api/v1/imports", query_string=query, data=file, content_type="text/csv", headers=self.headers
        )
        assert answer.status_code == 202, answer.text
        self.work()
        return self.read(answer.json["uid"])

    def read(self, uid):
        """How an import stands."""
        answer = self.client.get(f"/api/v1/imports/{uid}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json

    def say(self, method, found, part, **body):
        """Take a step from what one has read; let the worker do its part; return what it is then."""
        known = self.headers | {"If-Match": f'"{found["version"]}"'}
        address = f"/api/v1/imports/{found['uid']}/{part}"
        answer = self.client.open(address, method=method, json=body, headers=known)
        if answer.status_code != 200:
            return answer.json
        self.work()
        return self.read(found["uid"])

    def tried(self, file, **more):
        """Send a file and have its rows tried, as its columns are guessed."""
        found = self.send(file, **more)
        return self.say("PUT", found, "mapping", columns=found["mapping"])

    def move(self, found, key, **said):
        """Take a step."""
        return self.say("POST", found, "moves", move=key, **said)

    def rows(self, found, **asked):
        """The rows, by number."""
        answer = self.client.get(f"/api/v1/imports/{found['uid']}/rows", query_string=asked, headers=self.headers)
        return {row["number"]: row for row in answer.json["items"]}


@pytest.fixture
def work(settings, database):
    """Let the worker do what waits."""
    worker = Worker(settings)
    yield lambda: worker.run_once(keys=[])
    worker.close()


@pytest.fixture
def reader(scene, client, actors, work):
    """The coordinator of Farsta, at the API."""
    return Reader(client, actors.token(scene.leader), work)


def messages(row):
    """What is said of a row, by field."""
    return {one["field"]: re.sub(r"\s+", " ", one["message"]) for one in [*row["errors"], *row["warnings"]]}
