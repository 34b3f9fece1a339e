"""Tables as files: each cell is what its column says, and nothing that somebody wrote is run."""

import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from core.documents import Column, sheet, sheets

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = [
    '=HYPERLINK("http://elak.example","Klicka")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "http://x.example",
]


def cells(path):
    """Every cell of an XLSX file by its name: its type, its look, what it holds; and all that it is made of."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    page = ET.fromstring(parts["xl/worksheets/sheet1.xml"])
    found = {}
    for cell in page.iter(f"{SPACE}c"):
        value, text = cell.find(f"{SPACE}v"), cell.find(f"{SPACE}is/{SPACE}t")
        found[cell.get("r")] = (cell.get("t", "n"), value.text if value is not None else text.text)
    return found, parts


@pytest.fixture
def made(tmp_path):
    def write(columns, rows):
        path = tmp_path / "tabell.xlsx"
        sheet(columns, rows).write_xlsx(path, title="Tabell")
        return cells(path)

    return write


def test_a_cell_is_what_its_column_holds(made):
    columns = [
        Column("Dag", "date"),
        Column("Stund", "moment"),
        Column("Pris", "kronor"),
        Column("Antal", "number"),
        "Namn",
    ]
    summer = datetime(2027, 7, 1, 10, 30, tzinfo=UTC)
    found, parts = made(
        columns, [(date(2027, 3, 1), summer, 1_250_000, Decimal("2.5"), "Åsa"), (None, None, None, None, "")]
    )
    assert [found[f"{column}1"][1] for column in "ABCDE"] == ["Dag", "Stund", "Pris", "Antal", "Namn"]
    assert found["A2"] == ("n", "46447"), "a day is a number that the program shows as a day"
    assert found["B2"] == ("n", "46569.52083333334"), "12.30 in Stockholm"
    assert (found["C2"], found["D2"], found["E2"]) == (("n", "1250000"), ("n", "2.5"), ("inlineStr", "Åsa"))
    assert not {"A3", "E3"} & set(found), "nothing is an empty cell"
    assert 'formatCode="#,##0&quot; kr&quot;"' in parts["xl/styles.xml"]
    assert '<autoFilter ref="A1:E3"/>' in parts["xl/worksheets/sheet1.xml"]


def test_no_formula_and_no_link_is_made_of_what_somebody_wrote(made, tmp_path):
    found, parts = made(["Text"], [(text,) for text in HOSTILE])
    assert [found[f"A{row}"] for row in range(2, 8)] == [("inlineStr", text) for text in HOSTILE]
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert not any("hyperlink" in text.lower() for name, text in parts.items() if "rels" in name)
    path = tmp_path / "tabell.csv"
    sheet(["Text", Column("Antal", "number")], [(text, -5) for text in HOSTILE]).write_csv(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "else Excel reads å as Ã¥"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    assert [row[0] for row in rows] == [f"'{text}" for text in HOSTILE[:5]] + HOSTILE[5:]
    assert {row[1] for row in rows} == {"-5"}, "a number is no formula"


def test_what_cannot_be_its_kind_is_written_as_text(made):
    columns = [Column("Dag", "date"), Column("Antal", "number"), Column("Text")]
    found, _ = made(columns, [(date(1650, 1, 1), 2**60, "x" * 40_000), ("okänd", float("nan"), "a\x00\x0bb")])
    assert (found["A2"], found["B2"]) == (("inlineStr", "1650-01-01"), ("inlineStr", str(2**60)))
    assert len(found["C2"][1]) == sheets.LONGEST
    assert (found["A3"], found["B3"]) == (("inlineStr", "okänd"), ("inlineStr", "nan"))


def test_a_table_longer_than_a_spreadsheet_is_refused(made, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    with pytest.raises(sheets.TooLong):
        made(["Nr"], [("1",), ("2",), ("3",)])


def test_rows_are_written_as_they_come(tmp_path):
    """No more than one of them is held, however many there are."""
    held, most = set(), [0]

    class Row(tuple):  # noqa: SLOT001 - nothing is gained by it here
        def __del__(self):
            held.discard(id(self))

    def rows():
        for number in range(500):
            row = Row((number, "x" * 50))
            held.add(id(row))
            most[0] = max(most[0], len(held))
            yield row
            del row

    sheet([Column("Nr", "number"), "Text"], rows()).write_xlsx(tmp_path / "lång.xlsx", title="Lång")
    assert most[0] <= 3
