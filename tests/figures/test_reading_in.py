"""Files of figures: however they are written, a value is a value, and what is missing or suppressed is never zero."""

from datetime import date

import pytest
from sqlalchemy import select

from core.figures import cells, periods
from core.figures.models import MISSING, SUPPRESSED, VALUE, Figure
from core.figures.services import cite
from tests.figures.conftest import PER_DISTRICT, book, messages


@pytest.mark.parametrize(
    ("text", "value"),
    [("62,5", 62.5), ("62.5", 62.5), ("1\u2009234", 1234), ("1\u00a0234,5", 1234.5), ("1.234,5", 1234.5),
     ("1,234.5", 1234.5), ("12 345 678", 12345678), ("62,5 %", 62.5), ("\u22123", -3), ("0", 0)],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text, value):
    assert cells.read(text) == cells.Cell(VALUE, value, percent="%" in text)


@pytest.mark.parametrize("text", ["..", "x", "<5", "< 5", "färre än 5", "*", "…"])
def test_what_is_marked_is_suppressed_and_has_no_value(text):
    assert cells.read(text) == cells.Cell(SUPPRESSED, None, text)


@pytest.mark.parametrize("text", ["", "-", "–", "NA", "saknas", "."])
def test_a_gap_is_missing_and_has_no_value(text):
    assert cells.read(text) == cells.Cell(MISSING, None, text)


@pytest.mark.parametrize("text", ["12 34", "abc", "1,2,3", "5 st", "1e3", "=1+1", "1/2"])
def test_what_is_not_sure_is_refused(text):
    assert cells.read(text).wrong


@pytest.mark.parametrize(
    ("said", "first", "last", "told"),
    [
        ("2024", "2024-01-01", "2024-12-31", "2024"),
        ("2024 kv 2", "2024-04-01", "2024-06-30", "2024 kvartal 2"),
        ("Q4 2023", "2023-10-01", "2023-12-31", "2023 kvartal 4"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02"),
        ("2024M03", "2024-03-01", "2024-03-31", "2024-03"),
        ("Mars 2024", "2024-03-01", "2024-03-31", "2024-03"),
        ("2024 v. 1", "2024-01-01", "2024-01-07", "2024 v. 1"),
        ("2020-W53", "2020-12-28", "2021-01-03", "2020 v. 53"),
        ("2024-2025", "2024-01-01", "2025-12-31", "2024–2025"),
        ("2024/25", "2024-01-01", "2025-12-31", "2024–2025"),
        ("2024-03-15", "2024-03-15", "2024-03-15", "2024-03-15"),
    ],
)
def test_a_period_is_read_and_told(said, first, last, told):
    days = periods.read(said)
    assert days == (date.fromisoformat(first), date.fromisoformat(last))
    assert periods.told(*days) == told


@pytest.mark.parametrize("said", ["2024-13", "2024 kv 5", "2023 v. 53", "2025-2024", "i fjol", "24", "2024-02-30"])
def test_what_is_no_period_is_none(said):
    assert periods.read(said) is None


def test_a_long_file_with_every_trap_becomes_what_it_says(take, figures, reader):
    done = take(
        book(
            "Område;Period;Indikator;Värde;Antal svar;Nedre;Övre",
            "Farsta;2024;trygg_kvall;62,5 %;312;57,1;67,9",
            "SKARPNÄCK SDF;2024;Känner sig trygga ute på kvällen;..;;;",
            "08 Farsta stadsdelsområde;2023;trygg_kvall;-;;;",
            "Skarpnäcks stadsdelsnämnd;2023;trygg_kvall;<5;;;",
            "Farsta;2024;folkmangd;61\u2009234;;;",
            "Farsta;2022;trygg_kvall;0;;;",
        )
    )
    assert done["rows"] == {"inford": 6}, reader.rows(done)
    assert figures() == {
        ("trygg_kvall", "farsta", "2024-01-01", ""): (VALUE, 62.5),
        ("trygg_kvall", "skarpnack", "2024-01-01", ""): (SUPPRESSED, None),
        ("trygg_kvall", "farsta", "2023-01-01", ""): (MISSING, None),
        ("trygg_kvall", "skarpnack", "2023-01-01", ""): (SUPPRESSED, None),
        ("folkmangd", "farsta", "2024-01-01", ""): (VALUE, 61234),
        ("trygg_kvall", "farsta", "2022-01-01", ""): (VALUE, 0),
    }


def test_a_wide_file_has_a_column_for_each_indicator_and_a_gap_is_kept(take, figures):
    take(book("Nämnd;År;trygg_kvall;oro_brott", "Farsta;2024;60;x", "Skarpnäck;2024;;30"))
    assert figures() == {
        ("trygg_kvall", "farsta", "2024-01-01", ""): (VALUE, 60),
        ("oro_brott", "farsta", "2024-01-01", ""): (SUPPRESSED, None),
        ("trygg_kvall", "skarpnack", "2024-01-01", ""): (MISSING, None),
        ("oro_brott", "skarpnack", "2024-01-01", ""): (VALUE, 30),
    }


def test_columns_of_which_no_row_becomes_a_figure_are_refused_at_once(reader):
    found = reader.send(book("Område;Period;Indikator;Värde", "Farsta;2024;trygg_kvall;60"), kind=PER_DISTRICT)
    for without in ("value", "indicator"):
        columns = {name: column for name, column in found["mapping"].items() if name != without}
        refused = reader.say("PUT", found, "mapping", columns=columns)
        assert (refused["status"], [one["field"] for one in refused["errors"]]) == (422, [without])


def test_a_row_is_called_what_it_is_about(take, client, scene):
    done = take(book("Nämnd;År;trygg_kvall", "Farsta;2024;60"))
    client.login(scene.leader)
    shown = client.get(f"/inlasningar/{done['uid']}?visa=alla").text
    assert ">Farsta stadsdelsnämnd, 2024</a>" in shown


def test_where_gaps_are_fewer_than_five_a_gap_is_suppressed(take, figures):
    take(book("Nämnd;År;anmalda_brott", "Farsta;2024;NA", "Skarpnäck;2024;"))
    assert set(figures().values()) == {(SUPPRESSED, None)}
    assert len(figures()) == 2


def test_a_file_in_iso_8859_1_and_with_commas_is_read(take, figures):
    take('Område,Period,Indikator,Värde\nSkarpnäck,2024,trygg_kvall,"62,5"\n'.encode("iso-8859-1"))
    assert figures() == {("trygg_kvall", "skarpnack", "2024-01-01", ""): (VALUE, 62.5)}


def test_what_is_wrong_is_told_of_its_row_and_nothing_of_it_comes_in(take, reader, figures):
    done = take(
        book(
            "Område;Period;Indikator;Värde;Antal svar;Nedre;Övre",
            "Farsta;2024;trygg_kvall;60;;;",
            "Farsta;2024;trygg_kvall;61;;;",
            "Farsta;2024-13;trygg_kvall;60;;;",
            "Farsta;2023;trygg_kvall;160;;;",
            "Farsta;2023;folkmangd;12,5;;;",
            "Farsta;2023;folkmangd;12 %;;;",
            "Farsta;2022;trygg_kvall;många;;;",
            "Farsta;2021;trygg_kvall;60;;65;70",
            "Farsta;2020;trygg_kvall;0,6;;;",
            "Farsta;2019;;60;;;",
        )
    )
    told = {number: messages(row) for number, row in reader.rows(done).items()}
    assert told == {
        2: {},
        3: {"": "Nummer farsta 2024-01-01–2024-12-31 trygg_kvall står på flera rader i filen. Den första räknas."},
        4: {"period": "Skriv perioden som 2024, 2024 kv 2, 2024-03, 2024 v. 5 eller 2024-2025."},
        5: {"value": "160 procent är mer än hundra. Är det ett antal?"},
        6: {"value": "12,5 är inget helt tal. Är det en andel?"},
        7: {"value": "Cellen har ett procenttecken, men indikatorn mäts i antal."},
        8: {"value": "”många” är inget tal. Skriv ett tal, lämna tomt, eller skriv .. för det som inte redovisas."},
        9: {"low": "Värdet ligger inte inom sitt eget intervall."},
        10: {"value": "0,6 läses som 0,6 procent. Är det en andel av ett ska filen ha tal från 0 till 100."},
        11: {"indicator": "Säg vilken indikator raden gäller, eller lägg värdet i indikatorns egen kolumn."},
    }
    assert sorted(figures()) == [
        ("trygg_kvall", "farsta", "2020-01-01", ""),
        ("trygg_kvall", "farsta", "2024-01-01", ""),
    ]


def test_an_area_that_nobody_knows_is_asked_about_and_remembered(reader):
    file = book("Område;Period;trygg_kvall", "Farsta med omnejd;2024;60", "Farsta;2023;61")
    found = reader.send(file, kind=PER_DISTRICT, source="Prov")
    asked = reader.say("PUT", found, "mapping", columns=found["mapping"])
    assert asked["to_interpret"] == {"area": ["Farsta med omnejd"]}
    tried = reader.say("PUT", asked, "meanings", meanings={"area": {"Farsta med omnejd": "farsta"}})
    assert tried["rows"] == {"duger": 2}


def test_the_same_once_more_is_here_already_also_in_another_shape(take, reader):
    take(book("Område;Period;trygg_kvall", "Farsta;2024;60"))
    again = take(book("Område;Period;trygg_kvall", "Farsta;2024;60", "Skarpnäck;2024;55"))
    assert again["rows"] == {"dubblett": 1, "inford": 1}
    long = take(book("Område;Period;Indikator;Värde", "Farsta;2024;trygg_kvall;61"))
    assert long["rows"] == {"fel": 1}
    assert messages(reader.rows(long)[2])[""].startswith("Siffran finns redan, för farsta 2024"[:24])


def test_two_rows_of_a_file_that_tell_of_the_same_figure_are_not_both_taken_in(take, reader, figures):
    head = "Område;Period;Indikator;Värde;trygg_kvall"
    done = take(book(head, "Farsta;2024;trygg_kvall;61;", "Farsta;2024;oro_brott;20;60", "Farsta;2024;folkmangd;9;62"))
    assert done["rows"] == {"inford": 1, "fel": 2}
    told = {number: messages(row) for number, row in reader.rows(done).items()}
    assert told[2]["indicator"].startswith("Raden säger samma indikator två gånger")
    assert told[4][""].startswith("Siffran finns redan, för Farsta")
    assert figures() == {
        ("oro_brott", "farsta", "2024-01-01", ""): (VALUE, 20), ("trygg_kvall", "farsta", "2024-01-01", ""): (VALUE, 60)
    }  # fmt: skip


def test_undone_it_is_in_no_list_but_who_cited_it_is_told_why(take, reader, figures, database, scene):
    done = take(book("Område;Period;trygg_kvall;oro_brott", "Farsta;2024;60;30"))
    assert len(figures()) == 2
    with database.transaction(write=False) as session:
        cited = session.scalars(select(Figure.uid)).all()
    undone = reader.move(done, "angra", reason="Fel fil.")
    assert undone["rows"] == {"angrad": 1}
    assert figures() == {}
    with database.transaction(write=False):
        for uid in cited:
            told = cite(scene.leader, uid)
            assert (told.holds, told.why) == (False, "Inläsningen av siffror.csv ångrades: Fel fil.")
    assert take(book("Område;Period;trygg_kvall;oro_brott", "Farsta;2024;61;31"))["rows"] == {"inford": 1}
