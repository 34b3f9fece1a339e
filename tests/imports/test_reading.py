"""A file is read however an office has saved it; one that cannot be read says what to do, and harms nobody."""

import csv

import pytest

from core.imports import workbook
from core.imports.reading import LARGEST, Unreadable, decoded, read_table, separator
from tests.imports.books import BOMB, FAR, book, text


@pytest.fixture
def read(tmp_path):
    """Read a file with this content."""

    def table(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return read_table(path)

    return table


ROWS = 'Nr;Text\r\n1;Går "över"\r\n\r\n2;"Två\nrader; och ""citat"""\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_text_in_the_encodings_of_offices(read, encoding):
    found = read(ROWS.replace('Går "över"', "Går över").encode(encoding))
    assert found.columns == ["Nr", "Text"]
    assert found.rows == [(2, ["1", "Går över"]), (4, ["2", 'Två\nrader; och "citat"'])]


@pytest.mark.parametrize("one", [";", ",", "\t"])
def test_the_separator_is_found(one):
    said = 'a;b;c\n"x, y";"1;2";z\n1;2;3\n'.replace(";", one) if one != ";" else 'a;b;c\n"x, y";"1;2";z\n1,5;2,5;3\n'
    assert separator(said) == one


def test_rows_are_as_wide_as_the_headings_and_what_is_beyond_is_told(read):
    found = read(b"a;b\n1\n1;2;;\n1;2;3\n")
    assert found.rows == [(2, ["1", ""]), (3, ["1", "2"]), (4, ["1", "2", "3"])]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Filen är tom"),
        (b"\n;;\n", "Filen är tom"),
        (b"a;b\n", "inga rader"),
        (b"a;b\n1;\x00\n", "ingen textfil"),
        (b'a;b\n1;"open\n', "Ett citattecken"),
        (b"a\n" + b"1\n" * 50_001, "fler än 50000 rader"),
        (b";".join(b"a%d" % n for n in range(101)) + b"\n1\n", "101 kolumner"),
        (b"a;b\n1;" + b"x" * 20_001 + b"\n", "En cell på rad 2"),
        (b"\xff\xfea\x00\xd8", "Filens tecken"),
        (b"a;b\n1;\x81\n", "Filens tecken"),
        (b"\xd0\xcf\x11\xe0rest", "Excels gamla format"),
        (b"PK\x03\x04rest", "Arbetsboken går inte att läsa"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(read, content, said):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert said in refused.value.message


def test_a_workbook_is_read_as_it_was_last_shown_and_no_formula_is_run(read):
    rows = f'<row r="3">{text("A3", "Nr")}{text("B3", "När")}{text("C3", "Text")}</row>'
    rows += (
        f'<row r="4"><c r="A4"><v>12</v></c><c r="B4" t="d"><v>2025-01-15T08:30:00</v></c>{text("C4", "=1+1")}</row>'
    )
    rows += '<row r="5"><c r="A5"><v>1.5</v></c><c r="B5" t="d"><v>2025-01-15</v></c>'
    rows += '<c r="C5" t="str"><f>WEBSERVICE("http://x")</f><v>kvar</v></c></row>'
    found = read(book(rows))
    assert found.columns == ["Nr", "När", "Text"]
    assert found.rows == [(4, ["12", "2025-01-15 08:30:00", "=1+1"]), (5, ["1.5", "2025-01-15", "kvar"])]


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        (BOMB, ""),
        (FAR, ""),
        (
            "<row><c t='inlineStr'><is><t>&e;</t></is></c></row>",
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        ),
    ],
    ids=["bomb", "far", "entity"],
)
def test_a_workbook_that_would_fill_the_machine_ends_one_process(read, rows, before):
    with pytest.raises(Unreadable):
        read(book(rows, before))
    assert workbook._MEMORY <= 300_000_000


@pytest.mark.parametrize(
    ("length", "rows", "said"),
    [(32_000, 10, "En cell på rad 2"), (19_000, 3_500, "för mycket text"), (19_000, 9_000, "går inte att läsa")],
    ids=["cell", "all", "memory"],
)
def test_a_text_that_thousands_of_cells_point_to_is_not_written_thousands_of_times(read, length, rows, said):
    """Some kilobytes that would unfold to hundreds of megabytes, in the child and in the worker."""
    bomb = book('<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * rows, shared="x" * length)
    assert len(bomb) < 60_000
    with pytest.raises(Unreadable) as refused:
        read(bomb)
    assert said in refused.value.message


def test_two_threads_may_read_long_cells_at_once(read):
    """One that is done takes nothing from one that is still reading: the longest cell is the process's."""
    long = b"a;b\n" + b"1;" + b"x" * 150_000 + b"\n"
    assert csv.field_size_limit() >= LARGEST
    with pytest.raises(Unreadable, match="En cell på rad 2"):
        read(long)
    assert csv.field_size_limit() >= LARGEST


def test_no_text_is_taken_for_another(read):
    assert decoded("Å".encode("cp1252")) == "Å"
    assert decoded("\ufeffÅ".encode()) == "Å"
    said = "Ärende;Öst\n1;Är sönder på båda\n"
    assert {decoded(said.encode(encoding)) for encoding in ("cp1252", "mac_roman")} == {said}
