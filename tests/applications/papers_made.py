"""Documents made as the worker makes them, at once; kept in the folder that KEEP_PAPERS names, to look at."""

import os
from pathlib import Path

import pytest

from core import documents
from core.documents import making
from tests.documents.papers import Paper


@pytest.fixture
def paper(database, settings, tmp_path):
    """Make a document for somebody about something; what it says of itself stands on it."""

    def make(kind, actor, uid, **options):
        found = documents.every_kind()[kind]
        with database.transaction(write=False):
            found.about(actor, uid)
            content = found.gather(actor, uid, **found.options().load(options))
        pdf = tmp_path / "made.pdf"
        making._write_page(found, content, tmp_path, pdf, settings)
        made = Paper(pdf.read_bytes())
        made.filename, made.level = making._plain(content.filename), content.level
        if folder := os.environ.get("KEEP_PAPERS"):
            test = os.environ["PYTEST_CURRENT_TEST"].partition("::")[2].partition(" ")[0]
            number = len(list(Path(folder).glob("*.pdf"))) + 1
            (Path(folder) / f"{number:03d}-{test[:60]}-{made.filename}.pdf").write_bytes(made.content)
        return made

    return make


@pytest.fixture
def rows_of(database):
    """Return the rows of a table for somebody, each by the titles of its columns."""

    def read(kind, actor, uid, **options):
        found = documents.every_kind()[kind]
        with database.transaction(write=False):
            found.about(actor, uid)
            sheet = found.gather(actor, uid, **found.options().load(options)).sheet
            titles = [column.title for column in sheet.columns]
            return [dict(zip(titles, row, strict=True)) for row in sheet.rows]

    return read


def kronor(amount):
    """An amount as a document writes it, with the blanks that its text has when it is read."""
    return f"{amount:,}".replace(",", " ")


def said(made):
    """All that a paper says, on one line, with plain blanks."""
    return made.text.replace("\u00a0", " ")


def attached(made):
    """The files inside a PDF: name -> (content, media type, what it is to the document)."""
    found = {}
    names = made.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for at in range(1, len(names), 2):
        spec = names[at].get_object()
        stream = spec["/EF"]["/F"].get_object()
        found[str(spec["/UF"])] = (stream.get_data(), str(stream["/Subtype"]), str(spec["/AFRelationship"]))
    return found
