"""A plugin that is wrong at load is refused with a sentence, and core starts without it.

`tests/machine/test_plugins.py` has the rules one by one; here they are seen from outside.
"""

import os
import subprocess
import sys
from pathlib import Path

import flask
import pytest

from core import access, plugins
from core.hookspecs import Manifest, ObservationKind, Permission, Routes
from core.kit import Api, Pages, Schema, fields
from core.testing.servers import environment
from core.walks import services as walks
from tests.contract.city import CHECKOUT, OURS, City

RIGHT = Permission("bra:a:b", "Rätt", city=("*",))


def _pages(name="bra", needs="bra:a:b", twice=False):
    pages = Pages(name, __name__)
    pages.add_url_rule("/a", "sida", lambda: "a", needs=needs)
    if twice:
        pages.add_url_rule("/b", "sida", lambda: "b", needs=needs)
    return lambda: Routes(pages=(pages,))


def _api():
    api = Api("bra-api", __name__)
    api.add_url_rule("/a/<ingenting:a>", "a", lambda: "a", needs="bra:a:b")
    return Routes(api=(api,))


def _nested():
    outer, inner = Pages("bra", __name__), Pages("inre", __name__)
    outer.register_blueprint(inner)
    return Routes(pages=(outer,))


def _with_files():
    return Routes(pages=(Pages("bra", __name__, static_folder="static"),))


def _without_needs():
    pages = Pages("bra", __name__)
    pages.add_url_rule("/a", "sida", lambda: "a")
    return Routes(pages=(pages,))


def _flask_s_own():
    blueprint = flask.Blueprint("bra", __name__)
    blueprint.add_url_rule("/a", "sida", lambda: "a")
    return Routes(pages=(blueprint,))


def _stumble():
    raise ValueError("med flit")


class Stumbling(Schema):
    """Questions that cannot be drawn."""

    what = fields.Choice(_stumble, label="Vad?")


WRONG = {
    "missing manifest": ({"manifest": None}, "har ingen tryggplats_manifest"),
    "wrong range": ({"manifest": lambda: Manifest("bra", "B", CHECKOUT, ">=2")}, "är skriven för kontrakt >=2"),
    "other name": ({"manifest": lambda: Manifest("annan", "B", CHECKOUT, ">=1")}, "manifestet ska heta bra"),
    "folder as text": ({"manifest": lambda: Manifest("bra", "B", str(CHECKOUT), ">=1")}, "Manifest.root"),
    "duplicate key": (
        {"observation_kinds": lambda: [ObservationKind("bra:x", "X"), ObservationKind("bra:x", "X")]},
        "samma nyckel två gånger",
    ),
    "key of another plugin": (
        {"observation_kinds": lambda: [ObservationKind("klotter:x", "X")]},
        "ska börja med bra:",
    ),
    "right of core": ({"permissions": lambda: [Permission("places:place:edit", "X")]}, "ska börja med bra:"),
    "unknown hook": ({"efter_allt": lambda: None}, "efter_allt"),
    "route without needs": ({"routes": _without_needs}, 'skriv needs="rum:sak:handling"'),
    "blueprint of Flask": ({"routes": _flask_s_own}, "rutter görs med kit.Pages och kit.Api"),
    "blueprint in a blueprint": ({"routes": _nested}, "kan inte ligga i en annan blueprint"),
    "files without a right": ({"routes": _with_files}, "static_folder"),
    "right of core on a route": (
        {"routes": _pages(needs="places:place:read")},
        "rätten places:place:read ska börja med",
    ),
    "right of another plugin": ({"routes": _pages(needs="klotter:incident:read")}, "ska börja med bra:"),
    "no schema": ({"observation_kinds": lambda: [ObservationKind("bra:x", "X", details=int)]}, "ska vara ett Schema"),
    "no choices": ({"observation_kinds": lambda: [ObservationKind("bra:x", "X", details=Stumbling)]}, "med flit"),
    "unknown right": ({"routes": _pages(needs="bra:a:okand")}, "rätten bra:a:okand är inte deklarerad"),
    "blueprint of another name": ({"routes": _pages(name="klotter")}, "blueprint klotter ska heta bra"),
    "two pages of one name": ({"routes": _pages(twice=True)}, "overwriting an existing endpoint"),
    "address that cannot be read": ({"routes": _api}, "ingenting"),
}


def _phone_s_page(house):
    """The page that asks the questions of every kind."""
    with house.database.transaction():
        walk = walks.add_walk(access.system("test"), **City.walk(OURS))
        return f"/vandringar/{walk.uid}/skriv-in"


@pytest.mark.one_database
@pytest.mark.parametrize("case", WRONG)
def test_it_is_refused_and_the_rest_works(start, make_plugin, case):
    hooks, sentence = WRONG[case]
    house = start(make_plugin(**({"permissions": lambda: [RIGHT]} | hooks)))
    assert sentence in plugins.house().plugins["bra"].refusal
    client = house.client(house.actors("sdn_samordnare", OURS))
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["status"], ready.json["checks"]["plugins"]) == (200, "degraded", False)
    for address in ("/", "/platser", "/skotsel", "/api/openapi.json", _phone_s_page(house)):
        assert client.get(address).status_code == 200, address
    for address in ("/bra/a", "/bra/b", "/api/v1/bra/a"):
        assert client.get(address).status_code == 404, address
    assert plugins.house().plugins["klotter"].refusal == ""


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["platser", "bilder", "falt", "static"])
def test_a_plugin_cannot_take_an_address_of_core(start, make_plugin, name):
    pages = Pages(name, __name__)
    pages.add_url_rule("/", "sida", lambda: "min", needs=f"{name}:a:b")
    right = Permission(f"{name}:a:b", "X", city=("*",))
    start(make_plugin(name, permissions=lambda: [right], routes=lambda: Routes(pages=(pages,))))
    assert plugins.house().plugins[name].refusal == f"Refused: adressen /{name} är redan kärnans"


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["api", "core", "places", "walks"])
def test_a_plugin_cannot_take_a_name_of_core(start, make_plugin, name):
    """Its rights would begin as core's do, and count instead of them."""
    start(make_plugin(name, permissions=lambda: [Permission("places:place:edit", "X", city=("*",))]))
    assert "namnet är ett av kärnans egna" in plugins.house().plugins[name].refusal
    assert access.permissions()["places:place:edit"].city == ()


MODULES = {
    "trasig": "raise ImportError('biblioteket saknas')",
    "avslutar": "raise SystemExit(7)",
    "felskriven": "def tryggplats_manifest(: pass",
    "tabellen": """
from pathlib import Path
from sqlalchemy.orm import Mapped, mapped_column
from core.hookspecs import Manifest, hookimpl
from core.kit import Base, Key

class Row(Base):
    __tablename__ = "place_extra"
    id: Mapped[int] = mapped_column(Key, primary_key=True)

@hookimpl
def tryggplats_manifest():
    return Manifest(name="tabellen", title="Tabellen", root=Path(__file__).parent, core=">=1,<2")
""",
}
SENTENCES = {
    "trasig": "ImportError: biblioteket saknas",
    "avslutar": "SystemExit: 7",
    "felskriven": "SyntaxError",
    "tabellen": "tabellen place_extra ska heta tabellen_…",
}


def installed(folder: Path, name: str, source: str) -> None:
    """Install a distribution with one plugin, as pip leaves it."""
    (folder / f"{name}.py").write_text(source)
    info = folder / f"tryggplats_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tryggplats-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[tryggplats]\n{name} = {name}\n")


@pytest.mark.one_database
def test_the_operator_reads_the_sentence_of_each(settings, tmp_path):
    """Installed as strangers' distributions, seen through the command line; in CI the exit status tells."""
    for name, source in MODULES.items():
        installed(tmp_path, name, source)
    run = {"env": os.environ | environment(settings) | {"PYTHONPATH": str(tmp_path)}, "text": True}
    program = Path(sys.executable).with_name("tryggplats")
    listed = subprocess.run([program, "plugins", "list"], capture_output=True, check=True, **run).stdout
    lines = {line.split()[0]: line for line in listed.splitlines()}
    assert lines["klotter"].split() == ["klotter", "on", "Klotter"]
    for name, sentence in SENTENCES.items():
        assert "refused" in lines[name]
        assert sentence in lines[name]
    checked = subprocess.run([program, "plugins", "check"], capture_output=True, check=False, **run)
    assert checked.returncode == 1
    assert all(sentence in checked.stderr for sentence in SENTENCES.values())
