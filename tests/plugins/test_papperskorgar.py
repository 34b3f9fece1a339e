"""The plugin of docs/how-to/write-a-plugin.md, taken from that page, installed beside ours and used (style.md)."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module, invalidate_caches, metadata
from pathlib import Path

import pytest

from core import plugins
from core.app import create_app
from core.testing.people import Client
from core.testing.servers import environment
from tests.contract.city import CHECKOUT, OURS, City

PAGE = CHECKOUT / "docs" / "how-to" / "write-a-plugin.md"
NAME = "papperskorgar"


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Install the page's plugin from its two blocks, as pip would leave it; it goes with the test."""
    code, project = (
        re.search(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1] for language in ("python", "toml")
    )
    folder = tmp_path / "site"
    (folder / NAME).mkdir(parents=True)
    (folder / NAME / "__init__.py").write_text(code)
    facts = tomllib.loads(project)["project"]
    info = folder / f"tryggplats_{NAME}-{facts['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {facts['name']}\nVersion: {facts['version']}\n", encoding="utf-8"
    )
    entries = "\n".join(f"{name} = {value}" for name, value in facts["entry-points"]["tryggplats"].items())
    (info / "entry_points.txt").write_text(f"[tryggplats]\n{entries}\n")
    monkeypatch.syspath_prepend(folder)
    invalidate_caches()
    yield folder
    sys.modules.pop(NAME, None)


def test_the_plugin_of_the_documentation_works(distribution, settings, clock):
    """A full bin on a Friday is emptied by the end of Monday, by whoever answers for cleaning on the spot."""
    clock.stop_at("2027-03-05T10:00")
    assert NAME in {entry.name for entry in metadata.entry_points(group=plugins.GROUP)}
    app = create_app(settings)
    assert [plugin.refusal for plugin in plugins.house().plugins.values()] == ["", ""]
    city = City(app.database)
    client, leader, bearer = _officer(app)
    page = client.get(f"/vandringar/{city.ours.walk}/skriv-in").text
    assert "Full papperskorg" in page
    assert "Hur full är den, i procent?" in page
    address = "/api/v1/observations/00000000-0000-4000-8000-000000000001"
    full = {"walk": str(city.ours.walk), "kind": "papperskorgar:full"}
    assert client.put(address, json=full | {"details": {"fill": 101}}, headers=bearer).status_code == 422
    logged = client.put(address, json=full | {"details": {"fill": 90}}, headers=bearer)
    assert logged.json["details"] == [{"label": "Hur full är den, i procent?", "text": "90"}]
    listed = client.get("/api/v1/deadlines", headers=bearer).json["items"]
    [frist] = [line for line in listed if line["kind"] == "papperskorgar:tomning"]
    assert (frist["due_on"], frist["title"]) == ("2027-03-08", "Töm papperskorg")
    assert leader.organisation_name == "Farsta stadsdelsnämnd"
    assert "Töm papperskorg" in client.get(f"/platser/{city.ours.place}").text
    assert "Töm papperskorg" in client.get("/skotsel").text
    app.database.dispose()


def _officer(app):
    from core.testing.people import Actors

    actors = Actors(app.database)
    leader = actors("sdn_samordnare", OURS)
    client = Client(app, actors)
    client.login(leader)
    return client, leader, actors.token(leader)


@pytest.mark.one_database
def test_the_operator_is_told_that_it_can_run(distribution, settings):
    run = {"env": os.environ | environment(settings) | {"PYTHONPATH": str(distribution)}, "text": True}
    program = Path(sys.executable).with_name("tryggplats")
    checked = subprocess.run([program, "plugins", "check"], capture_output=True, check=False, **run)
    assert (checked.returncode, checked.stdout) == (0, "Alla tillägg går att köra.\n"), checked.stderr
    listed = subprocess.run([program, "plugins", "list"], capture_output=True, check=True, **run).stdout
    assert [line.split() for line in listed.splitlines()] == [
        ["klotter", "on", "Klotter"],
        [NAME, "on", "Papperskorgar"],
    ]


def test_it_imports_the_contract_and_nothing_else_of_ours(distribution):
    import_module(NAME)
    code = (distribution / NAME / "__init__.py").read_text()
    assert set(re.findall(r"^from (core\S*|plugins\S*)", code, re.MULTILINE)) == {"core.hookspecs", "core.kit"}
