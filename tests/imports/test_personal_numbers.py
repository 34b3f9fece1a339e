"""Numbers of persons that a file brings are taken out before anything of it is kept, and the preview says so."""

from sqlalchemy import Text, cast, select

from core.imports import Import, ImportRow
from core.walks.models import Observation, Report
from tests.imports.conftest import line, messages, sheet

COLUMNS = "Ärende;Kategori;Kom in;Beskrivning;Latitud;Longitud;Adress;Skulle vara klart;Avslutad;Svar;Övrigt;Stämpel"
NOTE = "I 3 rader är personnummer eller telefonnummer bytta mot [borttaget]. De sparas inte."


def all_that_is_kept(database):
    with database.transaction(write=False) as session:
        rows = [cast(ImportRow.cells, Text), cast(Import.columns, Text), Observation.description, Report.address]
        return " ".join(str(said) for one in rows for said in session.scalars(select(one)))


def test_numbers_of_persons_are_neither_kept_nor_shown(reader, database, client, scene):
    """In a text, in a cell of a column nobody chose; what only looks so, in another kind of column, stays as it was."""
    rows = [
        line("8112189876", text="Kim Ek 811218-9876 ringde") + ";;20250115 0830",
        line("2", text="Mörkt", address="Ring 070-174 06 05 först") + ";;20250115 0831",
        line("3", text="Mörkt") + ";19811218-9876;20250115 0832",
        line("4", text="Stolpe 10442, 811218-9875") + ";;20250115 0833",
    ]
    found = reader.tried(sheet(*rows, columns=COLUMNS))
    assert (found["rows"], found["warned"]) == ({"duger": 4}, 3)
    assert [note["message"] for note in found["notes"]] == [NOTE]
    told = reader.rows(found)
    assert [len(messages(told[number])) for number in (2, 3, 4, 5)] == [1, 1, 1, 0]
    assert "[borttaget]" in messages(told[2])[""]
    assert told[2]["key"] == "8112189876", "the register's own number of the matter"
    assert [told[number]["cells"][-1][-4:] for number in (2, 3, 4, 5)] == ["0830", "0831", "0832", "0833"]
    client.login(scene.leader)
    drawn = client.get(f"/inlasningar/{found['uid']}").text
    assert "Kim Ek [borttaget] ringde" in drawn
    assert NOTE in drawn
    reader.move(found, "for_in")
    kept = all_that_is_kept(database)
    assert "811218-9876" not in kept
    assert "070-174" not in kept
    assert "Stolpe 10442, 811218-9875" in kept


def test_also_from_a_column_that_did_not_look_like_one_of_texts_when_it_came(reader, database):
    """Its heading said that it was the matter's number; a person says that it is the answer."""
    found = reader.send(sheet(line("8112189876", closed="2025-01-16 08:00")))
    columns = found["mapping"] | {"answer": found["mapping"]["number"], "number": found["mapping"]["reported_at"]}
    done = reader.move(reader.say("PUT", found, "mapping", columns=columns), "for_in")
    assert done["rows"] == {"inford": 1}
    with database.transaction(write=False) as session:
        assert session.scalars(select(Observation.answer)).one() == "[borttaget]"
