"""Files of rows that are read in from other registers: looked at whole before anything is taken in, undone whole.

A room registers what it can take in (`kind`); the machine reads the file, asks which column is what, tries every row,
and lets the worker take in those that fit, each once (docs/reference/imports.md).
"""

from core.imports import working  # noqa: F401 - registers what the worker does
from core.imports.choosing import (
    choose,
    columns_schema,
    interpret,
    last_meanings,
    meanings_schema,
    to_interpret,
    written_meanings,
)
from core.imports.intake import TASK, receive
from core.imports.kinds import Batch, Finding, Kind, Records, Refused, folded, kept, kind, kind_of, kinds, said
from core.imports.lists import (
    PAGE,
    Standing,
    about,
    called,
    given_up,
    list_imports,
    list_rows,
    listed,
    read_import,
    row_called,
    standing,
)
from core.imports.models import ROW_STATES, RUN, Import, ImportRow
from core.imports.moments import Moment, about_the_clock, about_the_times
from core.imports.moving import GO_ON, move_import
from core.imports.reading import LARGEST
from core.imports.states import IMPORT, WORKERS
from core.imports.thinning import thin
from core.imports.trying import texts_of
from core.imports.working import work_here

__all__ = [
    "GO_ON",
    "IMPORT",
    "LARGEST",
    "PAGE",
    "ROW_STATES",
    "RUN",
    "TASK",
    "WORKERS",
    "Batch",
    "Finding",
    "Import",
    "ImportRow",
    "Kind",
    "Moment",
    "Records",
    "Refused",
    "Standing",
    "about",
    "about_the_clock",
    "about_the_times",
    "called",
    "choose",
    "columns_schema",
    "folded",
    "given_up",
    "interpret",
    "kept",
    "kind",
    "kind_of",
    "kinds",
    "last_meanings",
    "list_imports",
    "list_rows",
    "listed",
    "meanings_schema",
    "move_import",
    "read_import",
    "receive",
    "row_called",
    "said",
    "standing",
    "texts_of",
    "thin",
    "to_interpret",
    "work_here",
    "written_meanings",
]
