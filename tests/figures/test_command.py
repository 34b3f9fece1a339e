"""Files of figures by a command."""

import pytest
from click.testing import CliRunner

from core.cli import main
from core.people.models import Person
from core.testing.servers import environment
from tests.figures.conftest import book

pytestmark = pytest.mark.other_database_long


@pytest.mark.one_database
def test_a_file_is_tried_and_taken_in_by_a_command(settings, database, scene, figures, tmp_path, reader):
    def run(*more):
        asked = ("import", "figures", str(file), "--kind", "stadsdelsnamndsomrade", "--source", "Prov", "--as", email)
        done = CliRunner().invoke(main, (*asked, *more), env=environment(settings), catch_exceptions=False)
        return done.exit_code, done.output

    with database.transaction(write=False) as session:
        email = session.get_one(Person, scene.leader.id).email
    file = tmp_path / "trygghet.csv"
    file.write_bytes(book("Område;År;Svar", "Farsta;2024;61,5", "Skarpnäck;2024;..", "Skarpnäck;2023;170"))
    status, told = run("--column", "i_trygg_kvall=svar", "--try")
    assert (status, figures()) == (1, {})
    assert "1 rader: 170 procent är mer än hundra." in told
    status, told = run("--column", "i_trygg_kvall=svar")
    assert (status, "3 rader, 2 införda, 1 fel" in told) == (1, True)
    assert sorted(figures().values(), key=str) == [("undertryckt", None), ("varde", 61.5)]
    uid = told.rpartition("/")[2].strip()
    undone = reader.move(reader.read(uid), "angra", reason="Prov.")
    assert (undone["rows"]["angrad"], figures()) == (2, {})
    assert run("--column", "i_finns_inte=svar")[0] != 0
