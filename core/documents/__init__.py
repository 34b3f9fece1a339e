"""Documents: what leaves the city on paper or as a file. Any room writes them, this machine makes, keeps and hands out.

A room says what a kind of document needs and gathers what it says (`kind`); the worker renders it in a child process
with limits, as a tagged PDF/A, or writes the table as XLSX or CSV (`sheet`).
"""

from core.documents import making  # noqa: F401 - registers what the worker does
from core.documents.kinds import CSV, PDF, XLSX, About, Content, TableOptions, every_kind, kind
from core.documents.models import Document
from core.documents.services import ASK, KEPT, ask, list_documents, progress_of, read_document
from core.documents.sheets import Column, Sheet, sheet
from core.documents.states import DONE, SHAPES, STATES

__all__ = [
    "ASK",
    "CSV",
    "DONE",
    "KEPT",
    "PDF",
    "SHAPES",
    "STATES",
    "XLSX",
    "About",
    "Column",
    "Content",
    "Document",
    "Sheet",
    "TableOptions",
    "ask",
    "every_kind",
    "kind",
    "list_documents",
    "progress_of",
    "read_document",
    "sheet",
]
