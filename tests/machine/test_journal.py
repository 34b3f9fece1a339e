"""The journal: nobody can change what was written without `verify` finding it (reliability.md U10-U12)."""

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from core import access, db, heads, journal, outbox, triggers
from core.journal import JournalDetail, JournalHead, JournalLine

ACTOR = access.system("test")


@pytest.fixture
def written(database):
    """Twenty lines of a journal, and its head at every one of them."""
    known = {}
    for number in range(20):
        with database.transaction():
            journal.write(ACTOR, f"prov:{number}", "place", db.new_uid(), note=f"nummer {number}", å="ö")
        with database.transaction(write=False):
            end = journal.head()
            known[end.seq] = end.digest
    return known


def faults(database, known=None):
    with database.transaction(write=False):
        return {(fault.seq, fault.reason) for fault in journal.verify(known)}


def as_dba(database, *statements):
    """Do what somebody can do who owns the database: the triggers are no hindrance."""
    with database.transaction() as session:
        for table in ("journal_line", "journal_detail"):
            if database.embedded:
                for event in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{event}"))
            else:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            session.execute(text(statement))


def test_a_whole_journal_has_no_faults(database, written):
    assert faults(database) == set()
    assert faults(database, written) == set()


def test_a_line_is_written_with_its_transaction_or_not_at_all(database, written):
    with pytest.raises(ZeroDivisionError), database.transaction():
        journal.write(ACTOR, "prov:undone", "place", None)
        _ = 1 / 0
    with database.transaction():
        with pytest.raises(ZeroDivisionError), db.savepoint():
            journal.write(ACTOR, "prov:savepoint", "place", None)
            _ = 1 / 0
        journal.write(ACTOR, "prov:kept", "place", None)
    with database.transaction(write=False) as session:
        last = session.scalars(select(JournalLine.action).order_by(JournalLine.seq.desc()).limit(2)).all()
    assert last == ["prov:kept", "prov:19"]
    assert faults(database) == set()


def test_writers_at_the_same_time_make_one_chain(database, together):
    def write(writer):
        for number in range(10):
            with database.transaction():
                for _ in range(2):
                    journal.write(ACTOR, f"prov:{writer}:{number}", "place", None, writer=writer)

    together(write, range(5))
    with database.transaction(write=False) as session:
        assert session.scalars(select(JournalLine.seq).order_by(JournalLine.seq)).all() == list(range(1, 101))
    assert faults(database) == set()


def test_a_journal_that_grows_while_it_is_read_has_no_faults(database, written, together):
    """Somebody writes before each question that the reader asks, so between any two of them."""
    grown = []

    def grow(_):
        with database.transaction():
            journal.write(ACTOR, "prov:under tiden", "place", None)

    def meanwhile(connection, _cursor, statement, *_):
        if reading and "journal_" in statement and connection.connection.dbapi_connection is reading[0]:
            grown.append(statement)
            together(grow, range(1))

    reading = []
    event.listen(database.engine, "before_cursor_execute", meanwhile)
    with database.transaction(write=False) as session:
        reading.append(session.connection().connection.dbapi_connection)
        assert list(journal.verify(written)) == []
        reading.clear()
    event.remove(database.engine, "before_cursor_execute", meanwhile)
    assert len(grown) > 1
    assert faults(database, written) == set()


@pytest.mark.parametrize(
    ("tampering", "seq", "reason"),
    [
        ("UPDATE journal_line SET action = 'prov:x' WHERE seq = 7", 7, "raden är ändrad"),
        ("UPDATE journal_line SET actor_name = 'annan' WHERE seq = 7", 7, "raden är ändrad"),
        ("UPDATE journal_line SET subject_uid = NULL WHERE seq = 7", 7, "raden är ändrad"),
        ("UPDATE journal_line SET organisation_id = 1 WHERE seq = 7", 7, "raden är ändrad"),
        ("UPDATE journal_line SET at = '2001-01-01 00:00:00+00' WHERE seq = 7", 7, "raden är ändrad"),
        ("UPDATE journal_line SET digest = detail_digest WHERE seq = 7", 8, "raden är ändrad"),
        ("DELETE FROM journal_line WHERE seq = 7", 7, "saknas"),
        ("DELETE FROM journal_line WHERE seq = 1", 1, "saknas"),
        ("DELETE FROM journal_line WHERE seq = 20", 20, "huvud"),
        ('UPDATE journal_detail SET detail = \'{"note": "x"}\' WHERE seq = 7', 7, "detaljen är ändrad"),
        ("UPDATE journal_detail SET salt = NULL, detail = NULL WHERE seq = 7", 7, "borttagen utan beslut"),
        ("DELETE FROM journal_detail WHERE seq = 7", 7, "detaljen saknas"),
        ("UPDATE journal_head SET seq = 19", 21, "huvud"),
        ("UPDATE journal_head SET seq = 21", 21, "huvud"),
        ("UPDATE journal_head SET digest = (SELECT detail_digest FROM journal_line WHERE seq = 20)", 20, "huvud"),
    ],
)
def test_what_was_done_to_a_line_is_found(database, written, tampering, seq, reason):
    as_dba(database, tampering)
    assert any(found == seq and reason in why for found, why in faults(database))


def test_lines_that_changed_places_are_found(database, written):
    as_dba(
        database,
        "UPDATE journal_line SET seq = 1007 WHERE seq = 7",
        "UPDATE journal_line SET seq = 7 WHERE seq = 8",
        "UPDATE journal_line SET seq = 8 WHERE seq = 1007",
    )
    assert {7, 8} <= {seq for seq, _ in faults(database)}


def test_a_line_put_in_between_is_found(database, written):
    as_dba(database, "UPDATE journal_line SET seq = seq + 100 WHERE seq > 10", "UPDATE journal_head SET seq = 120")
    assert (11, "rad 11 till 110 saknas") in faults(database)


def test_an_end_that_was_cut_off_is_found_by_the_daily_heads_alone(database, written):
    """Lines, details and head rewound together: only what left the house can tell."""
    with database.transaction(write=False) as session:
        earlier = session.get(JournalLine, 15).digest
    as_dba(database, "DELETE FROM journal_line WHERE seq > 15", "DELETE FROM journal_detail WHERE seq > 15")
    with database.transaction() as session:
        head = session.get(JournalHead, 1)
        head.seq, head.digest = 15, earlier
    assert faults(database) == set()
    assert {seq for seq, _ in faults(database, written)} == {16, 17, 18, 19, 20}


def test_a_journal_written_anew_is_found_by_the_daily_heads(database, written):
    """Somebody who can compute digests rewrites a line and all that follow it: they no longer match the heads."""
    as_dba(database, "UPDATE journal_line SET action = 'prov:x' WHERE seq = 18")
    with database.transaction() as session:
        before = session.get(JournalLine, 17).digest
        for seq in (18, 19, 20):
            line = session.get(JournalLine, seq)
            line.digest = before = journal._line_digest(before, line)
        session.get(JournalHead, 1).digest = before
    assert faults(database) == set()
    assert {seq for seq, _ in faults(database, written)} == {18, 19, 20}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_line SET action = 'prov:x' WHERE seq = 7",
        "DELETE FROM journal_line WHERE seq = 7",
        "DELETE FROM journal_detail WHERE seq = 7",
        "UPDATE journal_detail SET detail = '{}' WHERE seq = 7",
        "UPDATE journal_detail SET thinned_by = 'beslut' WHERE seq = 7",
        "UPDATE journal_detail SET salt = NULL, detail = NULL WHERE seq = 7",
    ],
)
def test_the_database_itself_refuses_to_change_the_journal(database, written, statement):
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(text(statement))
    assert faults(database) == set()


@pytest.mark.one_database("postgres")
def test_the_journal_cannot_be_emptied_at_once(database, written):
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(text("TRUNCATE journal_line"))


def test_thinning_by_a_decision_is_no_fault_and_can_be_done_once(database, written):
    with database.transaction() as session:
        detail = session.get(JournalDetail, 7)
        detail.salt, detail.detail, detail.thinned_by = None, None, "Gallringsbeslut 2027:3"
    assert faults(database, written) == set()
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.get(JournalDetail, 7).thinned_by = "Ett annat beslut"


def test_of_a_protected_row_only_the_act_is_known(database):
    with database.transaction():
        journal.write(ACTOR, "prov:secret", "place", db.new_uid(), level=3, where="Kajen", reason="hot")
    with database.transaction(write=False) as session:
        assert session.scalars(select(JournalDetail.detail).order_by(JournalDetail.seq.desc()).limit(1)).one() == {}


def test_the_head_is_kept_once_a_day_in_a_file_and_a_letter(database, clock, settings):
    object.__setattr__(database.settings, "journal_mailbox", "journal@tryggplats.example")

    def keep():
        with database.transaction():
            journal.write(ACTOR, "prov:dag", "place", None)
        with database.transaction():
            heads.keep_daily()

    clock.stop_at("2027-02-01T23:50")
    keep()
    clock.pass_by(minutes=5)
    keep()
    clock.pass_by(minutes=10)  # past midnight in Stockholm, not yet in UTC
    keep()
    file = settings.data_dir / "journal" / "heads.jsonl"
    known = heads.read(file)
    assert [line.split('"')[3] for line in file.read_text().splitlines()] == ["2027-02-01", "2027-02-02"]
    assert len(known) == 2
    assert faults(database, known) == set()
    with database.transaction(write=False) as session:
        tasks = session.scalars(select(outbox.Task).where(outbox.Task.kind == "letter")).all()
    assert [task.payload["subject"] for task in tasks] == ["Journalens huvud 2027-02-01", "Journalens huvud 2027-02-02"]
    assert max(known.values(), key=lambda digest: digest == known[max(known)]) in tasks[1].payload["text"]


def test_a_line_torn_by_a_crash_is_told_and_does_not_spoil_the_next(database, settings):
    file = settings.data_dir / "journal" / "heads.jsonl"
    file.parent.mkdir()
    file.write_bytes(b'{"date":"2027-02-01","se')
    with database.transaction():
        journal.write(ACTOR, "prov:dag", "place", None)
    with database.transaction():
        heads.keep_daily()
    assert len(file.read_bytes().splitlines()) == 2
    with pytest.raises(heads.HeadsUnreadable, match="rad 1 "):
        heads.read(file)
    file.write_bytes(file.read_bytes().splitlines()[1])
    assert len(heads.read(file)) == 1


def test_append_only_can_be_taken_back(database):
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with database.transaction() as session:
        with Operations.context(MigrationContext.configure(session.connection())):
            triggers.changeable("journal_detail")
        journal.write(ACTOR, "prov:dag", "place", None)
    with database.transaction() as session:
        session.execute(text("DELETE FROM journal_detail"))
        assert session.scalars(select(JournalDetail.seq)).all() == []
