"""The journal's daily head: the line in the file and the letter belong together, whatever comes in between."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core import access, heads, journal, outbox


@pytest.fixture
def settings(settings):
    """An installation with a mailbox for the heads."""
    return replace(settings, journal_mailbox="arkiv@stad.example")


@pytest.fixture
def kept(database, settings):
    """How many lines and letters there are."""

    def kept():
        file = settings.data_dir / "journal" / "heads.jsonl"
        lines = len(file.read_bytes().splitlines()) if file.exists() else 0
        with database.transaction(write=False) as session:
            return lines, session.scalar(select(func.count()).select_from(outbox.Task))

    with database.transaction():
        journal.write(access.system("test"), "prov:ett", "place", None)
    return kept


def test_a_day_has_one_line_and_one_letter(database, kept):
    for _ in range(2):
        with database.transaction():
            heads.keep_daily()
    assert kept() == (1, 1)


def test_a_run_that_is_undone_leaves_neither_and_the_next_one_does_both(database, kept):
    """The lease was lost, or the commit failed: with the line alone the day would count as done, without a letter."""
    with pytest.raises(ZeroDivisionError), database.transaction():
        heads.keep_daily()
        _ = 1 / 0
    assert kept() == (0, 0)
    with database.transaction():
        heads.keep_daily()
    assert kept() == (1, 1)


def test_a_line_that_cannot_be_written_sends_no_letter_until_it_can(database, settings, kept):
    """Else a full disk would send one every ten minutes."""
    (settings.data_dir / "journal").write_bytes(b"in the way of the folder")
    for _ in range(2):
        with pytest.raises(FileExistsError), database.transaction():
            heads.keep_daily()
    (settings.data_dir / "journal").unlink()
    with database.transaction():
        heads.keep_daily()
    assert kept() == (1, 1)
