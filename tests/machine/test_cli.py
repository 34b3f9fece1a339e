"""The commands: what an operator types, reads and gets as exit status."""

import json
import os
import pwd
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from core import access, journal, plugins
from core.cli import main
from core.people import services as people
from core.people.models import Person
from core.places.models import Area
from core.testing.servers import environment

HEAVY = ("sqlalchemy", "flask", "alembic", "shapely", "apscheduler", "marshmallow", "PIL")


@pytest.fixture
def run(settings):
    """Run a command on the test's installation; return exit status, what it said, and what it warned of."""

    def run(*arguments, **more):
        done = CliRunner().invoke(main, arguments, env=environment(settings) | more, catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return run


def last_line(database):
    with database.transaction(write=False) as session:
        line = session.scalars(select(journal.JournalLine).order_by(journal.JournalLine.seq.desc())).first()
        return line, session.get(journal.JournalDetail, line.seq).detail


def test_help_imports_nothing_heavy():
    """`tryggplats --help` answers at once (setup-facts.md 6)."""
    program = f"import sys; import core.cli; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\n"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("TRYGGPLATS_PORTT", "1", "Okänd inställning: TRYGGPLATS_PORTT"),
        ("TRYGGPLATS_PORT", "åtta", "TRYGGPLATS_PORT går inte att läsa"),
        ("TRYGGPLATS_SECRET_KEY", "kort", "minst 32 tecken"),
        ("TRYGGPLATS_HOST", "0.0.0.0", "127.0.0.1"),
    ],
)
@pytest.mark.one_database
def test_a_wrong_setting_is_told_in_a_sentence(run, variable, value, sentence):
    code, _, warned = run("db", "check", **{variable: value})
    assert code == 1
    assert sentence in warned
    assert "Traceback" not in warned


@pytest.mark.one_database
def test_a_database_that_does_not_answer_is_told_in_a_sentence(run):
    nobody = "postgresql+psycopg://x@127.0.0.1:1/x"
    code, _, warned = run("audit", "head", TRYGGPLATS_DATABASE_URL=nobody)
    assert code == 1
    assert warned.startswith("Error: Databasen kunde inte göra det")


def test_tables_are_checked(run, database):
    assert run("db", "check") == (0, "Tabellerna stämmer med koden.\n", "")
    with database.transaction() as session:
        session.execute(text("DROP TABLE upload"))
    code, _, warned = run("db", "check")
    assert code == 1
    assert "upload" in warned


def test_tables_go_down_and_up(run):
    assert run("db", "downgrade", "klotter", "base", "--yes")[0] == 0
    assert run("db", "check") == (1, "", "klotter 0001 är inte körd\n")
    assert run("plugins", "check")[0] == 1
    assert run("db", "upgrade")[:2] == (0, "klotter 0001: cases of graffiti\n")
    assert run("db", "upgrade") == (0, "", "")
    assert run("plugins", "check")[0] == 0


def test_the_journal_is_verified_with_the_heads_that_were_kept(run, database, settings, tmp_path):
    with database.transaction():
        journal.write(access.system("test"), "prov:ett", "place", None)
    code, said, _ = run("audit", "verify")
    assert code == 0
    seq, digest = run("audit", "head")[1].split()
    assert digest in said
    kept = tmp_path / "heads.jsonl"
    kept.write_text(json.dumps({"date": "2027-01-01", "seq": int(seq), "digest": digest}) + "\n")
    assert run("audit", "verify", "--heads", str(kept))[0] == 0
    kept.write_text(json.dumps({"date": "2027-01-01", "seq": int(seq) + 5, "digest": digest}) + "\n")
    code, _, warned = run("audit", "verify", "--heads", str(kept))
    assert (code, warned) == (1, f"Rad {int(seq) + 5}: raden var utlämnad som dagens huvud men finns inte.\n")
    kept.write_text("skräp\n")
    assert "rad 1 i heads.jsonl går inte att läsa" in run("audit", "verify", "--heads", str(kept))[2]


def test_a_key_is_made_for_a_person_and_journalled_with_the_operator_s_name(run, database, actors):
    actor = actors("falt")
    with database.transaction(write=False) as session:
        email = session.get_one(Person, actor.id).email
    scope = "walks:observation:read"
    code, said, _ = run("token", "create", email, "--scope", scope, "--name", "prov", "--days", "2")
    assert code == 0
    with database.transaction(write=False):
        made = people.by_token(said.strip())
    assert (made.id, made.scopes) == (actor.id, frozenset({scope}))
    line, detail = last_line(database)
    assert (line.actor_kind, line.actor_name) == ("system", f"cli:{pwd.getpwuid(os.getuid()).pw_name}")
    assert detail["scopes"] == [scope]
    code, _, warned = run("token", "create", "ingen@tryggplats.example", "--scope", scope, "--name", "prov")
    assert (code, warned) == (1, "Error: Det finns inte: person ingen@tryggplats.example.\n")


def test_a_plugin_is_switched_off_on_and_waived_with_a_reason(run, database):
    def state():
        plugins.forget_states()
        with database.transaction(write=False):
            return plugins.state("klotter")

    assert "klotter              on       Klotter" in run("plugins", "list")[1]
    assert run("plugins", "off", "klotter")[0] == 2  # a reason is required
    for command, expected in (("off", "off"), ("waive", "waived"), ("on", "on")):
        assert run("plugins", command, "klotter", "--reason", "Beslut 4")[0] == 0
        assert state() == expected
        line, detail = last_line(database)
        assert (line.action, detail["reason"]) == (f"plugin:{expected}", "Beslut 4")
    code, _, warned = run("plugins", "off", "klottra", "--reason", "x")
    assert (code, "är inte installerat" in warned) == (1, True)


@pytest.mark.one_database
def test_a_plugin_that_is_asked_for_and_not_there_is_told(run):
    code, _, warned = run("plugins", "check", TRYGGPLATS_PLUGINS="klotter,borta")
    assert (code, warned) == (1, "Tillägget borta: är inte installerat\n")


def test_the_demo_city_is_made_once(run, database):
    assert run("demo", "--date", "2027-02-01")[:2] == (0, "Demostaden är klar.\n")
    assert run("demo")[:2] == (0, "Databasen har redan data: inget ändrat.\n")
    code, said, _ = run("areas", "at", "59.3326", "18.0649")
    assert code == 0
    assert "stadsdelsnamndsomrade: " in said
    assert run("areas", "at", "57.7", "11.97")[0] == 1
    assert run("db", "check")[0] == 0
    assert run("audit", "verify")[0] == 0


@pytest.mark.one_database
def test_the_demo_city_is_not_made_in_production(run):
    code, _, warned = run("demo", TRYGGPLATS_ENV="production", TRYGGPLATS_PLUGINS="klotter")
    assert code == 1
    assert "TRYGGPLATS_ENV=demo" in warned


def test_areas_are_read_from_a_file(run, database, tmp_path):
    ring = [[18.09, 59.24], [18.11, 59.24], [18.11, 59.25], [18.09, 59.25], [18.09, 59.24]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    features = [
        {"type": "Feature", "properties": {"namn": "Farsta"}, "geometry": shape},
        {"type": "Feature", "properties": {"namn": "Nyby"}, "geometry": shape},
    ]
    file = tmp_path / "omraden.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    code, said, warned = run("import", "areas", str(file), "--valid-from", "2027-01-01", "--source", "Prov")
    assert (code, said) == (0, "2 områden inlästa, gäller från 2027-01-01.\n")
    assert warned == "Nyby: ingen stadsdelsnämnd har det namnet.\n"
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(Area.source))) == {"Prov"}
    file.write_text("{}")
    code, _, warned = run("import", "areas", str(file))
    assert code == 1
    assert warned.startswith("Error: ")


@pytest.mark.one_database
def test_every_setting_is_named(run):
    code, said, _ = run("settings")
    assert code == 0
    assert "TRYGGPLATS_SMTP_URL" in said
    assert "TRYGGPLATS_DATA_DIR" in said


@pytest.mark.one_database
def test_the_api_is_described(run, tmp_path):
    file = tmp_path / "openapi.json"
    assert run("openapi", "--write", str(file))[0] == 0
    described = json.loads(file.read_text())
    assert described["openapi"].startswith("3.1")
    assert json.loads(run("openapi")[1]) == described
