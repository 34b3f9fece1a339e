"""The commands of administration: who there is, in which roles, with which keys; organisations and plugins as files."""

import csv
import os

import pytest
from click.testing import CliRunner

from core.cli import main
from core.people import services as people
from core.people.models import Person
from core.testing.servers import environment


@pytest.fixture
def run(settings):
    """Run a command on the test's installation; return exit status and what it said."""

    def run(*arguments):
        done = CliRunner().invoke(main, arguments, env=environment(settings), catch_exceptions=False)
        return done.exit_code, done.output

    ours = os.umask(0o022)
    yield run
    os.umask(ours)


@pytest.mark.one_database
def test_who_there_is_in_which_roles_and_with_which_keys(run, database, actors):
    actor = actors("falt", "sdn-farsta", categories=["belysning"])
    with database.transaction() as session:
        email = session.get_one(Person, actor.id).email
    assert run("token", "create", email, "--name", "Kartan", "--scope", "places:place:read")[0] == 0
    twice = run("token", "create", email, "--name", "Kartan", "--scope", "places:place:read")
    assert twice == (1, f"Error: {email} har redan en nyckel Kartan.\n")
    more = run("token", "create", email, "--name", "Mer", "--scope", "places:place:edit")
    assert more[0] == 1
    assert "har inte rättigheten places:place:edit" in more[1]
    assert f"{email}" in run("person", "list", "--role", "falt")[1]
    assert email not in run("person", "list", "--closed")[1]
    assert run("role", "list", email)[1].split() == [
        "falt", "sdn-farsta", "2020-01-01", "–", "tills", "vidare", "belysning",
    ]  # fmt: skip
    key, scope = run("token", "list", email)[1].split()[0::3]
    assert (key, scope) == ("Kartan", "places:place:read")
    assert run("role", "add", email, "--role", "falt", "--organisation", "sdn-farsta", "--category", "nej")[0] == 1


@pytest.mark.one_database
def test_organisations_come_from_a_file(run, database, tmp_path):
    file = tmp_path / "bolag.csv"
    file.write_text("code,name,kind,parent\nnytt-bolag,Nytt bolag,bolag,stadshus-ab\n", encoding="utf-8")
    assert [run("import", "organisations", str(file)) for _ in range(2)] == [
        (0, "1 organisationer är upplagda.\n"), (0, "0 organisationer är upplagda.\n"),
    ]  # fmt: skip
    with database.transaction(write=False):
        assert people.organisation("nytt-bolag").name == "Nytt bolag"
    file.write_text("kod,namn\nx,y\n", encoding="utf-8")
    assert run("import", "organisations", str(file))[0] == 1


def test_a_plugins_tables_are_written_also_while_it_is_off(run, database, tmp_path):
    """Off does not mean gone (I11)."""
    assert run("plugins", "off", "klotter", "--reason", "Prov")[0] == 0
    folder = tmp_path / "klotter"
    assert run("plugins", "export", "klotter", "--to", str(folder)) == (0, "klotter_incident.csv: 0 rader\n")
    with (folder / "klotter_incident.csv").open(encoding="utf-8") as file:
        assert "observation_uid" in next(csv.reader(file))
    assert folder.stat().st_mode & 0o077 == 0
    assert run("plugins", "export", "klotter", "--to", str(folder))[0] == 1
    for no_plugin in ("core", "place"):
        assert run("plugins", "export", no_plugin, "--to", str(tmp_path / "x"))[0] == 1
