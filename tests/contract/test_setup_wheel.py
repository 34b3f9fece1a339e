"""A release: the wheel holds what the checkout holds, and works where there is no checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSIDE_CORE = ("migrations", "templates", "translations")
PLACES = {"core": "core", "plugins": "plugins", **{name: f"core/{name}" for name in INSIDE_CORE}}
GIT_FILES = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]


def files_of_the_release():
    """What git knows or would take of the folders in a wheel, and what is built: front end and translations."""
    listed = subprocess.run(GIT_FILES, cwd=ROOT, check=True, capture_output=True)
    known = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    built = [str(path.relative_to(ROOT)) for path in (ROOT / "core" / "static").glob("[!.]*")]
    compiled = [str(path.relative_to(ROOT)) for top in PLACES for path in (ROOT / top).glob("**/*.mo")]
    assert built, "run script/bootstrap"
    assert compiled, "run script/bootstrap"
    return known + built + compiled


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in files_of_the_release():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, source]
    done = subprocess.run(build, cwd=target, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


def test_the_wheel_holds_what_the_checkout_holds(wheel):
    parts = [(name, name.partition("/")) for name in files_of_the_release()]
    expected = {f"{PLACES[top]}/{rest}" for _, (top, _, rest) in parts if top in PLACES}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert sorted(expected - packed) == [], "add the file ending to package_data in setup.cfg"
    assert sorted(packed - expected) == []


def test_the_wheel_works_where_there_is_no_checkout(wheel, tmp_path):
    """Tables are made and a page with its files is shown, from a folder that is not the checkout."""
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(site),
        "TRYGGPLATS_ENV": "test",
        "TRYGGPLATS_DATA_DIR": str(tmp_path / "data"),
    }
    for script in ("from core.cli import main; main(['db', 'upgrade'])", SHOW_A_PAGE):
        command = [sys.executable, "-P", "-c", script]
        done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(site / "core" / "__init__.py"), "200 200", "klotter"]


SHOW_A_PAGE = """
import core, re
from core import plugins
from core.app import create_app
from core.settings import Settings

settings = Settings.from_environ()
client = create_app(settings).test_client()
page = client.get("/logga-in", base_url=settings.base_url)
style = re.search(r'href="(/static/app[^"]+)"', page.text)[1]
print(core.__file__)
print(page.status_code, client.get(style, base_url=settings.base_url).status_code)
print(*[name for name, plugin in plugins.house().plugins.items() if not plugin.refusal and plugin.manifest])
"""
