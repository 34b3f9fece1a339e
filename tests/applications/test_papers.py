"""What applications leave on paper, each made for real, as a reader of PDFs sees it."""

import os
from pathlib import Path

import pytest

from core import documents
from core.applications import documents as papers
from core.documents import making
from tests.applications.written import grounded, fourth, queries, scene, third, together, writing  # noqa: F401
from tests.applications.papers_scene import LONG, fill, told
from tests.documents.papers import Paper
from tests.walks.test_documents import is_in_archive_form


@pytest.fixture
def paper(database, settings, tmp_path):
    def make(kind, actor, uid, **options):
        found = documents.every_kind()[kind]
        with database.transaction(write=False):
            found.about(actor, uid)
            content = found.gather(actor, uid, **options)
        pdf = tmp_path / "made.pdf"
        making._write_page(found, content, tmp_path, pdf, settings)
        made = Paper(pdf.read_bytes())
        if keep := os.environ.get("KEEP"):
            name = os.environ.get("PYTEST_CURRENT_TEST").split("::")[1].split(" ")[0][:40]
            (Path(keep) / f"{name}-{kind.replace(':', '-')}.pdf").write_bytes(made.content)
        return made

    return make


def test_full(database, grounded, paper):  # noqa: F811
    with database.transaction():
        application = fill(grounded)
        said = told(application)
    made = paper(papers.WHOLE, grounded.writer, grounded.uid)
    is_in_archive_form(made)
    board = paper(papers.BOARD, grounded.writer, grounded.uid)
    is_in_archive_form(board)


def test_empty(database, writing, paper):  # noqa: F811
    is_in_archive_form(paper(papers.WHOLE, writing.writer, writing.uid))
    is_in_archive_form(paper(papers.BOARD, writing.writer, writing.uid))


def test_long(database, grounded, paper):  # noqa: F811
    with database.transaction():
        fill(grounded, times=8, text=LONG)
    is_in_archive_form(paper(papers.WHOLE, grounded.writer, grounded.uid))
    is_in_archive_form(paper(papers.BOARD, grounded.writer, grounded.uid))
