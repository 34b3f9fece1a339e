"""A kind of document of the test's own, somebody who asks for it, and the worker."""

from uuid import uuid4

import pytest

from core import access, documents
from core.documents import kinds as registry
from core.schema import Schema, fields
from core.worker import Worker

KIND, TABLE = "test:page", "test:table"
LEVEL = {"now": 1}


class WordOptions(Schema):
    """A word to say."""

    word = fields.String(load_default="Hej", max=5000, label="Ord")


class Things:
    """What the documents of the test are about: some may not be reached, and each says what the test wants."""

    def __init__(self):
        self.subject, self.lost, self.level, self.rows = uuid4(), set(), 1, [(1, "Åsa")]
        self.gathered_by = []

    def about(self, actor, uid):
        if uid != self.subject or actor.id in self.lost:
            raise access.Missing("thing", uid)
        return documents.About("Saken", "/platser", self.level)

    def page(self, actor, uid, *, word):
        self.gathered_by.append(actor.id)
        context = {"city": "Staden", "sender": "Nämnden", "today": None, "word": word}
        return documents.Content(title=word, filename="Säken åt alla", context=context)

    def table(self, _actor, _uid, **_):
        columns = [documents.Column("Nr", "number"), "Namn"]
        return documents.Content(title="Tabellen", filename="tabell", sheet=documents.sheet(columns, self.rows))


@pytest.fixture
def things(monkeypatch):
    """Register both kinds for this test alone."""
    made, known = Things(), dict(registry.every_kind())
    monkeypatch.setattr(registry, "_kinds", known)
    asked = {"title": "Prov", "needs": "walks:walk:read", "about": made.about}
    documents.kind(KIND, template="documents/base.html", options=WordOptions, **asked)(made.page)
    documents.kind(TABLE, **asked)(made.table)
    return made


class Desk:
    """Somebody at the API."""

    def __init__(self, client, headers, actor):
        self.client, self.headers, self.actor = client, headers, actor

    def ask(self, kind, subject, **options):
        body = {"kind": kind, "subject": str(subject), "options": options}
        return self.client.post("/api/v1/documents", json=body, headers=self.headers)

    def read(self, uid):
        return self.client.get(f"/api/v1/documents/{uid}", headers=self.headers)

    def fetch(self, uid):
        return self.client.get(f"/api/v1/documents/{uid}/file", headers=self.headers, buffered=True)

    def listed(self):
        return self.client.get("/api/v1/documents", headers=self.headers).json["items"]

    def remove(self, uid):
        return self.client.delete(f"/api/v1/documents/{uid}", headers=self.headers)


@pytest.fixture
def desk_of(client, actors):
    return lambda actor: Desk(client, actors.token(actor), actor)


@pytest.fixture
def desk(actors, desk_of):
    return desk_of(actors("sdn_samordnare", "sdn-farsta"))


@pytest.fixture
def work(settings, database):
    """Let the worker do what waits."""
    worker = Worker(settings)
    yield lambda: worker.run_once(keys=[])
    worker.close()
