"""The commands: what an operator types, reads and gets as exit status."""

import json
import os
import pwd
import subprocess
import sys
from datetime import date

import pytest
from click.testing import CliRunner
from shapely import MultiPolygon, box
from sqlalchemy import select, text

from core import access, journal, outbox, plugins
from core.cli import main
from core.people import services as people
from core.people.models import Person
from core.places.models import Area
from core.testing.servers import environment

NYBY = MultiPolygon([box(679_000, 6_569_000, 680_000, 6_570_000)])
HEAVY = ("sqlalchemy", "flask", "alembic", "shapely", "apscheduler", "marshmallow", "PIL")


@pytest.fixture
def run(settings):
    """Run a command on the test's installation; return exit status, what it said, and what it warned of."""

    def run(*arguments, **more):
        done = CliRunner().invoke(main, arguments, env=environment(settings) | more, catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    ours = os.umask(0o022)
    yield run
    os.umask(ours)


def last_line(database):
    with database.transaction(write=False) as session:
        line = session.scalars(select(journal.JournalLine).order_by(journal.JournalLine.seq.desc())).first()
        return line, session.get(journal.JournalDetail, line.seq).detail


def email_of(database, actor):
    with database.transaction(write=False) as session:
        return session.get_one(Person, actor.id).email


def test_help_imports_nothing_heavy():
    """`tryggplats --help` answers at once (setup-facts.md 6)."""
    program = f"import sys; import core.cli; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\n"


@pytest.mark.one_database
@pytest.mark.parametrize(
    "command", [("audit", "verify"), ("demo",), ("serve",), ("db", "check"), ("areas", "at", "59", "18")]
)
def test_a_command_in_the_wrong_folder_makes_no_installation_there(run, tmp_path, command):
    nowhere = {
        "TRYGGPLATS_DATA_DIR": str(tmp_path / "var"),
        "TRYGGPLATS_DATABASE_URL": f"sqlite:///{tmp_path}/var/x.db",
    }
    status, _, warned = run(*command, **nowhere)
    assert (status, "Här finns ingen installation" in warned) == (1, True)
    assert not (tmp_path / "var" / "x.db").exists()


@pytest.mark.other_database_long
def test_a_point_the_wrong_way_round_is_told_in_a_sentence(run):
    status, _, warned = run("areas", "at", "18.05", "59.25")
    assert (status, "Traceback" in warned) == (1, False)
    assert warned.startswith("Error: ")


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
    assert run("db", "check") == (1, "", "klotter 0001 är inte körd\nklotter 0002 är inte körd\n")
    assert run("plugins", "check")[0] == 1
    told = "klotter 0001: cases of graffiti\nklotter 0002: waiting for the owner of the property\n"
    assert run("db", "upgrade")[:2] == (0, told)
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


@pytest.mark.other_database_long
def test_a_key_is_made_for_a_person_and_journalled_with_the_operator_s_name(run, database, actors):
    actor = actors("falt")
    email, scope = email_of(database, actor), "walks:observation:read"
    code, said, _ = run("token", "create", email, "--scope", scope, "--name", "prov", "--days", "2")
    assert code == 0
    with database.transaction(write=False):
        made = people.by_token(said.strip())
    assert (made.id, made.scopes) == (actor.id, frozenset({scope}))
    line, detail = last_line(database)
    assert (line.actor_kind, line.actor_name) == ("system", f"cli:{pwd.getpwuid(os.getuid()).pw_name}")
    assert detail["scopes"] == [scope]
    code, _, warned = run("token", "create", "ingen@tryggplats.example", "--scope", scope, "--name", "prov")
    assert (code, warned) == (1, "Error: Ingen som kan logga in har adressen ingen@tryggplats.example.\n")


@pytest.mark.other_database_long
def test_a_key_is_ended_by_its_name(run, database, actors):
    email = email_of(database, actors("falt"))
    made = run("token", "create", email, "--scope", "walks:observation:read", "--name", "prov")[1].strip()
    assert run("token", "end", email, "--name", "prov") == (0, "Nyckeln prov gäller inte längre.\n", "")
    with database.transaction(write=False):
        assert people.by_token(made) is None
    line, _ = last_line(database)
    assert (line.action, line.actor_kind) == ("token:end", "system")
    code, _, warned = run("token", "end", email, "--name", "prov")
    assert (code, warned) == (1, f"Error: {email} har ingen nyckel prov som gäller.\n")


def actor_of(database, email):
    with database.transaction(write=False) as session:
        return people.actor_of(session.scalars(select(Person).where(Person.email == email)).one())


@pytest.mark.other_database_long
def test_a_role_is_given_limited_and_ended(run, database, area, clock):
    clock.stop_at("2027-02-01T12:00")
    email, board = "anna@stad.example", ("--organisation", "sdn-farsta")
    first = ("person", "add", email, "--name", "Anna", "--password", "hemligt-lösenord")
    assert run(*first, "--role", "falt", *board, "--area", "stadsdel:nyby")[:2] == (0, f"{email} kan logga in.\n")
    limits = ("--area", "stadsdel:nyby", "--category", "klotter:klotter", "--until", "2027-03-31")
    assert run("role", "add", email, "--role", "tk_drift", *board, *limits)[:2] == (
        0,
        f"{email} har rollen tk_drift.\n",
    )
    field, upkeep = actor_of(database, email).grants
    assert (field.role, field.areas, field.categories) == ("falt", {area}, frozenset())
    assert (upkeep.role, upkeep.areas, upkeep.categories) == ("tk_drift", {area}, {"klotter:klotter"})
    assert last_line(database)[1]["valid_to"] == "2027-03-31"
    ended = run("role", "end", email, "--role", "tk_drift", *board, "--on", "2027-01-31")
    assert ended == (0, "Rollen tk_drift gäller till och med 2027-01-31.\n", "")
    assert run("role", "end", email, "--role", "falt", *board)[1] == "Rollen falt gäller till och med 2027-02-01.\n"
    assert [grant.role for grant in actor_of(database, email).grants] == ["falt"]
    assert last_line(database)[0].action == "role:end"
    clock.pass_by(days=1)
    assert actor_of(database, email).grants == ()


@pytest.fixture
def area(database):
    """A stadsdel; its key."""
    with database.transaction() as session:
        made = Area(kind="stadsdel", code="nyby", name="Nyby", geom=NYBY, valid_from=date(2020, 1, 1), source="Prov")
        session.add(made)
        session.flush()
        return made.id


@pytest.mark.other_database_long
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("role", "add", "ingen@stad.example", "--role", "falt"), "Ingen som kan logga in har adressen ingen@stad"),
        (("role", "end", "ingen@stad.example", "--role", "falt"), "Ingen som kan logga in har adressen ingen@stad"),
        (("role", "add", "anna@stad.example", "--role", "kung"), "Det finns inte: role kung."),
        (("role", "add", "anna@stad.example", "--role", "falt", "--area", "stadsdel:x"), "stadsdel:x"),
    ],
)
def test_a_role_that_cannot_be_given_or_ended_is_told_in_a_sentence(run, database, arguments, sentence):
    with database.transaction():
        people.add_person(access.system("test"), email="anna@stad.example", name="Anna")
    code, _, warned = run(*arguments, "--organisation", "sdn-farsta")
    assert (code, sentence in warned) == (1, True)


@pytest.mark.other_database_long
def test_an_account_is_closed(run, database, actors):
    email = email_of(database, actors("falt"))
    made = run("token", "create", email, "--scope", "walks:observation:read", "--name", "prov")[1].strip()
    assert run("person", "end", email) == (0, f"{email} kan inte längre logga in.\n", "")
    with database.transaction(write=False):
        assert people.by_token(made) is None
    assert last_line(database)[0].action == "person:end"
    code, _, warned = run("person", "end", email)
    assert (code, warned) == (1, f"Error: Ingen som kan logga in har adressen {email}.\n")


def test_what_was_given_up_is_shown_and_tried_again(run, database):
    assert run("outbox", "list") == (0, "Inget väntar och inget är uppgivet.\n", "")
    with database.transaction():
        failed, waiting = (outbox.put("letter", {"to": to}) for to in ("a@stad.example", "b@stad.example"))
    with database.transaction():
        for task in outbox.claim("prov"):
            if task.uid == failed:
                outbox.give_up(task, "E-postservern svarade 550 no such user")
            else:
                outbox.postpone(task, "E-postservern svarade 535 wrong", fault=False)
    first, second = run("outbox", "list")[1].splitlines()
    assert first.startswith(str(failed))
    assert first.endswith("uppgiven letter       E-postservern svarade 550 no such user")
    assert second.startswith(str(waiting))
    assert second.endswith("väntar   letter       E-postservern svarade 535 wrong")
    assert run("outbox", "retry")[0] == 2
    assert run("outbox", "retry", str(failed), "--all")[0] == 2
    code, _, warned = run("outbox", "retry", str(waiting))
    assert (code, "är ingen uppgift som är uppgiven" in warned) == (1, True)
    assert run("outbox", "retry", str(failed))[:2] == (0, "1 görs om.\n")
    line, _ = last_line(database)
    assert (line.action, line.subject_uid) == ("outbox:retry", failed)
    assert run("outbox", "retry", "--all")[:2] == (0, "0 görs om.\n")
    with database.transaction():
        (again,) = [task for task in outbox.claim("prov") if task.uid == failed]
        outbox.give_up(again, "550")
    assert run("outbox", "retry", "--all")[:2] == (0, "1 görs om.\n")


@pytest.mark.one_database
def test_what_is_written_is_for_the_program_s_own_user_alone(run, tmp_path):
    folder = tmp_path / "srv" / "tryggplats"
    ours = {"TRYGGPLATS_DATA_DIR": str(folder), "TRYGGPLATS_DATABASE_URL": "", "TRYGGPLATS_SECRET_KEY": ""}
    assert run("db", "upgrade", **ours)[0] == 0
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*"))}
    assert modes.pop("tryggplats") == "0o700"
    assert modes.keys() >= {"tryggplats.db", "secret_key"}
    assert set(modes.values()) == {"0o600"}
    child = [sys.executable, "-c", "from pathlib import Path; import sys; Path(sys.argv[1]).touch()"]
    subprocess.run([*child, folder / "of-a-child"], check=True)
    assert (folder / "of-a-child").stat().st_mode & 0o777 == 0o600


@pytest.mark.other_database_long
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


@pytest.mark.other_database_long
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
