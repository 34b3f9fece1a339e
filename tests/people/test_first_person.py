"""The first person of an installation is added by a command, and can then log in."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from core.cli import main
from core.testing.servers import environment


def command(settings, *arguments, password="ett-langt-losen"):
    """Run `tryggplats` as an operator would, in a process of its own."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "TRYGGPLATS_ENV": "development",
        "TRYGGPLATS_DATABASE_URL": settings.database_url,
        "TRYGGPLATS_DATA_DIR": str(settings.data_dir),
    }
    return subprocess.run(
        [sys.executable, "-m", "core.cli", "person", "add", *arguments, "--password", password],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def said(settings, *arguments, password="ett-langt-losen"):
    """Run the same in the test's process, which has read the code: what is refused needs no process of its own."""
    done = CliRunner().invoke(main, ["person", "add", *arguments, "--password", password], env=environment(settings))
    return done.exit_code, done.stderr


SOMEBODY = ("drift@staden.example", "--name", "Drift", "--role", "sysadmin", "--organisation", "slk")


def test_the_first_person_logs_in_and_may_what_the_role_may(app, client, settings):
    added = command(settings, *SOMEBODY, "--until", "2099-12-31")
    assert (added.returncode, added.stdout.strip()) == (0, "drift@staden.example kan logga in.")
    token = client.get("/logga-in").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"email": "drift@staden.example", "password": "ett-langt-losen", "csrf_token": token, "till": "/api/docs"}
    assert client.post("/logga-in", data=form).headers["Location"] == "/api/docs"
    assert client.get("/").status_code == 200
    assert client.get("/platser").status_code == 403


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        (SOMEBODY, "kort", "Välj ett lösenord med minst 12 tecken."),
        ((*SOMEBODY[:4], "finns_inte", *SOMEBODY[5:]), "ett-langt-losen", "Det finns inte"),
        ((*SOMEBODY[:6], "finns-inte"), "ett-langt-losen", "Det finns inte"),
    ],
)
def test_a_wrong_person_is_refused_with_a_sentence_and_nothing_is_saved(
    database, settings, arguments, password, sentence
):
    status, refused = said(settings, *arguments, password=password)
    assert status == 1
    assert sentence in refused
    assert "Traceback" not in refused
    assert said(settings, *SOMEBODY)[0] == 0


@pytest.mark.one_database
def test_the_same_address_twice_is_refused(database, settings):
    assert said(settings, *SOMEBODY)[0] == 0
    assert "Någon har redan den adressen." in said(settings, *SOMEBODY)[1]
