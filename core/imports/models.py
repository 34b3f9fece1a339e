"""Files that somebody reads in: the file, its rows one by one, and where headings were put the last time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.imports.states import IMPORT

RUN = "imports:import:run"

NEW, FIT, WRONG, DOUBLE, SKIPPED = "ny", "duger", "fel", "dubblett", "utelamnad"
TAKEN, UNDONE, STAYS = "inford", "angrad", "kvar"
ROW_STATES = {
    NEW: N_("Inte prövad"),
    FIT: N_("Går att föra in"),
    WRONG: N_("Fel"),
    DOUBLE: N_("Finns redan"),
    SKIPPED: N_("Tas inte med"),
    TAKEN: N_("Införd"),
    UNDONE: N_("Ångrad"),
    STAYS: N_("Gick inte att ångra"),
}
"""What may become of a row."""


class Import(Flowing, Identified, Versioned, Base):
    """A file of rows of one `kind`, read in for an organisation. `source` is the register that it comes from.

    `columns` are its headings, each with what stands in it: {heading, example, values}, all different texts where they
    are few. `mapping` says by field which column it is in, `meanings` by field what a column's texts stand for.
    `tally` is what is said of the rows, by kind: {field, text, values, stops, rows}, how many rows each.
    `total` rows, of which `done` have been gone through in the step at hand. `notes` are about the file as a whole,
    `fault` says why it cannot be read; both are kept as `kinds.kept` writes them. `task` is the outbox's task that
    does the step at hand, `reason` why all of it is undone. Once it is thinned at `thinned_at` there is no file any
    more, and no row says anything.
    """

    __tablename__ = "data_import"
    __table_args__ = (Index("ix_data_import_organisation_id", "organisation_id", "id"),)
    kind: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[int] = mapped_column(Key)
    person_id: Mapped[int] = mapped_column(Key)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str | None] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(Key)
    received_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    thinned_at: Mapped[datetime | None]
    task: Mapped[UUID | None]
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mapping: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    meanings: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    fault: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    tally: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    level: Mapped[int] = mapped_column(default=1)

    @property
    def works(self) -> bool:
        """Whether the worker is at it, unless it has been given up (`lists.given_up`)."""
        return IMPORT.states[self.state].shape == "waiting"


class ImportRow(Base):
    """A row of a file: `number` as a spreadsheet shows it, its `cells`, and what became of it.

    `key` is the number that its source knows it by, `spot` what rows seldom share. `errors` and `warnings` are
    {field, text, values}; `record` the uid of what it became.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        Index("ix_import_row_import_id_state", "import_id", "state", "number"),
        Index("ix_import_row_import_id_key", "import_id", "key"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    import_id: Mapped[int] = mapped_column(Key, ForeignKey("data_import.id"))
    number: Mapped[int]
    cells: Mapped[list[str]] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(120), default="")
    spot: Mapped[str] = mapped_column(String(60), default="")
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    warned: Mapped[bool] = mapped_column(default=False)
    record: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(20), default=NEW)


class ImportMapping(Base):
    """Where an organisation has put what it reads in: under which heading a field stood, or what a text stood for.

    `said` is the heading, or for a `meaning` the text, folded; `field` where it went, `value` what it stood for.
    """

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "field", "said"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(60))
    said: Mapped[str] = mapped_column(String(200))
    value: Mapped[str] = mapped_column(String(120), default="")
    used_at: Mapped[datetime]


@access.visible_to(Import, RUN)
def _imports(actor: Actor, permission: str) -> ColumnElement[bool]:
    """An import is its organisation's."""
    return access.within(actor, permission, Import.organisation_id)


@access.visible_to(ImportRow, RUN)
def _rows(actor: Actor, permission: str) -> ColumnElement[bool]:
    return ImportRow.import_id.in_(select(Import.id).where(access.rule_of(Import, actor, permission)))


access.for_nobody(ImportMapping)
