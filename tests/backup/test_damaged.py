"""A backup that is not as it was written is refused, whole, with a sentence that says what to do (D19)."""

import random
from dataclasses import replace

import pytest

from core import backup
from core.backup import Damaged, KeyRefused
from core.backup.container import BLOCK
from tests.backup.conftest import counts

pytestmark = pytest.mark.one_database


@pytest.fixture
def cut(tmp_path):
    """Write something else to a file and return it."""

    def cut(data):
        file = tmp_path / "skadad.tar"
        file.write_bytes(data)
        return file

    return cut


def test_cut_off_anywhere_it_is_not_whole(lived, make, cut):
    whole = make().file.read_bytes()
    ends = {0, 1, BLOCK, len(whole) // 2, len(whole) - 2 * BLOCK, len(whole) - BLOCK, len(whole) - 1}
    for end in sorted(ends | set(range(0, len(whole), 37 * BLOCK))):
        with pytest.raises(Damaged):
            backup.verify(cut(whole[:end]))
    with pytest.raises(Damaged):
        backup.verify(cut(whole + b"\0"))
    without_middle = whole[: 20 * BLOCK] + whole[22 * BLOCK :]
    with pytest.raises(Damaged):
        backup.verify(cut(without_middle))


def test_one_bit_anywhere_is_seen(lived, make, cut):
    whole, dice = make().file.read_bytes(), random.Random(7)
    for place in [*range(0, BLOCK, 41), *(dice.randrange(len(whole)) for _ in range(60)), len(whole) - 1]:
        other = bytearray(whole)
        other[place] ^= 1 << dice.randrange(8)
        with pytest.raises(Damaged):
            backup.verify(cut(bytes(other)))


def test_an_encrypted_one_too_and_only_its_key_opens_it(lived, make, cut, locks):
    secret, public = locks
    keys = backup.read_secret(secret)
    whole = make(keys=backup.read_public(public)).file.read_bytes()
    assert backup.verify(cut(whole), keys=keys).count.files == 3
    for end in (30, 200, len(whole) // 2, len(whole) - 70_000, len(whole) - 1):
        with pytest.raises(Damaged):
            backup.verify(cut(whole[:end]), keys=keys)
    other = bytearray(whole)
    other[len(whole) // 2] ^= 4
    with pytest.raises(Damaged):
        backup.verify(cut(bytes(other)), keys=keys)
    with pytest.raises(KeyRefused, match="krypterad"):
        backup.verify(cut(whole))


def test_what_is_refused_says_what_to_do_and_changes_nothing(lived, make, cut, run, empty, opened, locks, tmp_path):
    secret, public = locks
    whole = make(keys=backup.read_public(public)).file.read_bytes()
    assert run("backup", "key", "--to", tmp_path / "annan")[0] == 0
    status, said = run("restore", cut(whole), "--key", tmp_path / "annan", on=empty)
    assert (status, "låst med en annan nyckel" in said) == (1, True)
    for hidden in (secret, tmp_path / "annan"):
        assert hidden.read_text().splitlines()[1] not in said
    for damaged, key in ((whole[:-1], secret), (make().file.read_bytes()[:-5000], secret), (b"hej", secret)):
        for command in (["backup", "verify"], ["restore"]):
            status, said = run(*command, cut(damaged), "--key", key, on=empty)
            assert status == 1
            assert "Säkerhetskopian går inte att använda" in said
            assert "Ta en annan kopia, eller hämta filen igen." in said
    assert run("restore", cut(whole), on=empty)[1].startswith("Error: Säkerhetskopian är krypterad. Ange filen")
    assert counts(opened(empty)) == {}, "not even a table"


def test_one_of_a_newer_version_or_of_a_plugin_that_is_not_here_is_refused(lived, make, run, empty, monkeypatch):
    made = make()
    monkeypatch.setattr(backup.restoring.upgrade, "knows", lambda *_: False)
    status, said = run("restore", made.file, on=empty)
    assert status == 1
    assert "Installera samma version eller en senare" in said
    monkeypatch.undo()
    status, said = run("restore", made.file, on=replace(empty, plugins=()))
    assert status == 1
    assert "som inte är igång här" in said


def test_a_journal_that_was_tampered_with_is_told_and_kept_as_it_was(database, lived, make, run):
    with database.transaction() as session:
        of_table = "" if database.embedded else " ON journal_line"
        session.connection().exec_driver_sql(f"DROP TRIGGER journal_line_no_update{of_table}")
        session.connection().exec_driver_sql("UPDATE journal_line SET action = 'inget' WHERE seq = 3")
    status, said = run("backup", "verify", make().file)
    assert status == 1
    assert "Rad 3: raden är ändrad" in said
